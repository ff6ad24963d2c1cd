//! What the settings mean, in sentences. True for strict quorums, which is what a run has until it is said otherwise.

use ringside_core::{Config, ReadRepair};

/// What may fail, and what a get may miss.
pub(super) fn meaning(config: &Config) -> String {
    format!("{} {}", failures(config), overlap(config))
}

fn failures(config: &Config) -> String {
    let Config { n, r, w, .. } = *config;
    let (puts, gets) = (n - w, n - r);
    if n == 1 {
        return "A key has one replica: while it is down, gets and puts of the key fail.".to_owned();
    }
    if puts == gets {
        return match puts {
            0 => format!("Gets and puts need all {n} replicas of a key: if one of them is down, they fail."),
            _ => format!("Any {puts} of a key’s {n} replicas can fail; gets and puts still succeed."),
        };
    }
    let survive = |name: &str, left: u32| match left {
        0 => format!("{name} need all {n} replicas of a key"),
        _ => format!("{name} still succeed with any {left} of a key’s {n} replicas down"),
    };
    let (gets, puts) = (survive("gets", gets), survive("puts", puts));
    let mut text = format!("{gets}; {puts}.");
    text.replace_range(..1, "G");
    text
}

fn overlap(config: &Config) -> String {
    let Config { n, r, w, read_repair, .. } = *config;
    if r + w <= n {
        return format!(
            "A get may miss the newest put: the {r} it hears and the {w} that acknowledged need not share a replica."
        );
    }
    let shared = "Every get shares a replica with every completed put, unless a replica lost data";
    match read_repair {
        ReadRepair::Blocking => format!("{shared}; and what one get returned, no later get misses."),
        ReadRepair::Async | ReadRepair::Off => format!("{shared}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(n: u32, r: u32, w: u32) -> Config {
        Config { n, r, w, ..Config::bare() }
    }

    #[test]
    fn the_usual_quorum() {
        let text = meaning(&config(3, 2, 2));
        assert!(
            text.starts_with("Any 1 of a key’s 3 replicas can fail; gets and puts still succeed."),
            "{text}"
        );
        assert!(
            text.contains("Every get shares a replica with every completed put, unless a replica lost data")
        );
    }

    #[test]
    fn without_overlap_a_get_may_miss_a_put() {
        assert!(meaning(&config(3, 1, 2)).contains("A get may miss the newest put"));
        assert!(!meaning(&config(3, 2, 2)).contains("A get may miss the newest put"));
    }

    #[test]
    fn gets_and_puts_that_differ_are_told_apart() {
        let text = meaning(&config(3, 1, 3));
        let wanted =
            "Gets still succeed with any 2 of a key’s 3 replicas down; puts need all 3 replicas of a key.";
        assert!(text.starts_with(wanted), "{text}");
        assert!(meaning(&config(1, 1, 1)).starts_with("A key has one replica"));
        assert!(meaning(&config(2, 2, 2)).starts_with("Gets and puts need all 2 replicas"));
    }

    #[test]
    fn no_setting_is_called_strongly_consistent() {
        for n in 1..=5 {
            for (r, w) in (1..=n).flat_map(|r| (1..=n).map(move |w| (r, w))) {
                assert!(!meaning(&config(n, r, w)).contains("strong"));
            }
        }
    }
}
