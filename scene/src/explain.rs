//! What the settings mean, in sentences under the sliders. Each is true of every run with these settings, and names
//! what could break it.

use ringside_core::{Config, Quorum, ReadRepair};

/// What N, R and W mean for this many nodes: how many replicas of a key can fail, and whether a get meets every
/// completed put.
#[must_use]
pub fn quorum(config: &Config, nodes: u32) -> Vec<String> {
    let mut told = Vec::new();
    let replicas = config.n.min(nodes);
    let (gets, puts) = (replicas.checked_sub(config.r), replicas.checked_sub(config.w));
    if replicas < config.n {
        told.push(
            ["There are only ", &amount(nodes, "node"), ", so a key has ", &amount(replicas, "replica"), "."]
                .concat(),
        );
    }
    if config.quorum == Quorum::Sloppy {
        told.extend(sloppy(config, nodes));
        told.push(overlap(config, replicas));
        return told;
    }
    match (gets, puts) {
        (Some(gets), Some(puts)) if gets == puts => told.push(can_fail(replicas, gets, "gets and puts")),
        (gets, puts) => {
            told.push(
                gets.map_or_else(
                    || cannot("get", config.r, replicas),
                    |gets| can_fail(replicas, gets, "gets"),
                ),
            );
            told.push(
                puts.map_or_else(
                    || cannot("put", config.w, replicas),
                    |puts| can_fail(replicas, puts, "puts"),
                ),
            );
        }
    }
    told.push(overlap(config, replicas));
    told
}

/// Whether the replicas that a get asks must include one that acknowledged an earlier put.
#[must_use]
pub fn overlap(config: &Config, replicas: u32) -> String {
    if config.r > replicas || config.w > replicas {
        return "No request can complete, so there is nothing to share.".to_owned();
    }
    if config.r + config.w > replicas {
        let unless = match config.quorum {
            Quorum::Strict => "a replica lost data or the replicas changed in between",
            Quorum::Sloppy => "a fallback took part, a replica lost data, or the replicas changed in between",
        };
        return ["Every get shares a replica with every completed put, unless ", unless, "."].concat();
    }
    [
        "A get may miss the newest put: R + W = ",
        &(config.r + config.w).to_string(),
        " is not more than ",
        &replicas.to_string(),
        ".",
    ]
    .concat()
}

/// What a sloppy quorum needs: whom it reaches does not matter, how many it reaches does.
fn sloppy(config: &Config, nodes: u32) -> Vec<String> {
    let need = |requests: &str, need: u32| {
        if need > nodes {
            return cannot(requests.trim_end_matches('s'), need, nodes);
        }
        let reached = match need {
            1 => "is up".to_owned(),
            2 => "reaches any other node".to_owned(),
            more => ["reaches any ", &(more - 1).to_string(), " other nodes"].concat(),
        };
        [&crate::text::capital(requests), " succeed while the coordinator ", &reached, "."].concat()
    };
    let mut told = if config.r == config.w {
        vec![need("puts and gets", config.r)]
    } else {
        vec![need("puts", config.w), need("gets", config.r)]
    };
    if config.n > 1 {
        told.push("With a fallback among them, a get may miss newer writes.".to_owned());
    }
    told
}

/// What the mode of read repair means.
#[must_use]
pub const fn read_repair(mode: ReadRepair) -> &'static str {
    match mode {
        ReadRepair::Async => "After a get, the replicas it found behind are brought up to date.",
        ReadRepair::Blocking => {
            "A get answers only once so many replicas hold what it returns that no later get can miss it."
        }
        ReadRepair::Off => "A get leaves replicas that are behind as they are.",
    }
}

fn can_fail(replicas: u32, spare: u32, requests: &str) -> String {
    let of = amount(replicas, "replica");
    match spare {
        0 if replicas == 1 => ["A key’s only replica must be up for ", requests, " to succeed."].concat(),
        0 => ["All of a key’s ", &of, " must be up for ", requests, " to succeed."].concat(),
        spare => {
            ["Any ", &spare.to_string(), " of a key’s ", &of, " can fail; ", requests, " still succeed."]
                .concat()
        }
    }
}

fn cannot(request: &str, need: u32, replicas: u32) -> String {
    [
        "No ",
        request,
        " can succeed: it needs ",
        &amount(need, "answer"),
        " and a key has ",
        &amount(replicas, "replica"),
        ".",
    ]
    .concat()
}

fn amount(number: u32, one: &str) -> String {
    [number.to_string().as_str(), " ", one, if number == 1 { "" } else { "s" }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, get, key, put, setup};
    use ringside_core::{Detector, Span};
    use ringside_sim::{Act, OpOutcome, Setup};

    fn config(n: u32, r: u32, w: u32) -> Config {
        Config { n, r, w, ..Config::bare() }
    }

    #[test]
    fn the_default_reads_as_the_page_shows_it() {
        assert_eq!(
            quorum(&config(3, 2, 2), 5),
            [
                "Any 1 of a key’s 3 replicas can fail; gets and puts still succeed.",
                "Every get shares a replica with every completed put, unless a replica lost data or the replicas changed in between."
            ]
        );
        assert_eq!(
            quorum(&config(3, 1, 1), 5)[1],
            "A get may miss the newest put: R + W = 2 is not more than 3."
        );
        assert_eq!(
            quorum(&config(3, 1, 3), 5)[..2],
            [
                "Any 2 of a key’s 3 replicas can fail; gets still succeed.",
                "All of a key’s 3 replicas must be up for puts to succeed."
            ]
        );
        assert_eq!(
            quorum(&config(3, 2, 3), 2)[2],
            "No put can succeed: it needs 3 answers and a key has 2 replicas."
        );
    }

    #[test]
    fn so_many_replicas_can_fail_and_not_one_more() {
        for (n, r, w) in [(1, 1, 1), (3, 1, 3), (3, 2, 2), (3, 3, 1), (5, 2, 4)] {
            let config = config(n, r, w);
            for down in 0..n {
                let setup = Setup { config: config.clone(), ..setup() };
                let list = setup.ring().preference(&key(), n);
                // The last of the list fail, the first coordinates: it must itself be a replica that is up.
                let mut acts: Vec<(u64, Act)> =
                    list.iter().rev().take(down as usize).map(|node| (0, Act::Crash(*node))).collect();
                acts.push((1, put("w", list[0], "milk")));
                acts.push((2_000, get("r", list[0])));
                let run = Run::of(setup, acts);
                let outcome = |id| run.recording.trace().op_named(id).unwrap().end.as_ref().unwrap().outcome;
                assert_eq!(outcome("w") == OpOutcome::Ok, down <= n - w, "put, N {n} W {w}, {down} down");
                assert_eq!(outcome("r") == OpOutcome::Ok, down <= n - r, "get, N {n} R {r}, {down} down");
            }
        }
    }

    #[test]
    fn a_sloppy_quorum_succeeds_while_so_many_nodes_are_reached_and_fails_with_fewer() {
        for (r, w) in [(2, 2), (1, 3), (3, 1)] {
            let config = Config {
                quorum: Quorum::Sloppy,
                hinted_handoff: true,
                gossip: Some(Span::from_secs(1)),
                failure_detector: Detector::Timeout(Span::from_secs(5)),
                ..config(3, r, w)
            };
            for down in 0..5 {
                let setup = Setup { config: config.clone(), ..setup() };
                let walk = setup.ring().preference(&key(), 5);
                // All but the coordinator and the last of the walk fail first: fallbacks are what is left.
                let mut acts: Vec<(u64, Act)> =
                    walk[1..].iter().take(down).map(|node| (3_000, Act::Crash(*node))).collect();
                acts.push((60_000, put("w", walk[0], "milk")));
                acts.push((62_000, get("r", walk[0])));
                let run = Run::of(setup, acts);
                let outcome = |id| run.recording.trace().op_named(id).unwrap().end.as_ref().unwrap().outcome;
                let left = 5 - down as u32;
                assert_eq!(outcome("w") == OpOutcome::Ok, w <= left, "put, W {w}, {down} down");
                assert_eq!(outcome("r") == OpOutcome::Ok, r <= left, "get, R {r}, {down} down");
            }
        }
    }

    #[test]
    fn a_sloppy_quorum_reads_as_the_page_shows_it() {
        let sloppy = |n, r, w| Config { quorum: Quorum::Sloppy, hinted_handoff: true, ..config(n, r, w) };
        assert_eq!(
            quorum(&sloppy(3, 2, 2), 5),
            [
                "Puts and gets succeed while the coordinator reaches any other node.",
                "With a fallback among them, a get may miss newer writes.",
                "Every get shares a replica with every completed put, unless a fallback took part, a replica lost data, or the replicas changed in between.",
            ]
        );
        assert_eq!(
            quorum(&sloppy(3, 1, 3), 5)[..2],
            [
                "Puts succeed while the coordinator reaches any 2 other nodes.",
                "Gets succeed while the coordinator is up."
            ]
        );
    }

    #[test]
    fn it_never_promises_too_much() {
        for n in 1..=5 {
            for r in 1..=n {
                for w in 1..=n {
                    for nodes in 1..=6 {
                        let sloppy =
                            Config { quorum: Quorum::Sloppy, hinted_handoff: true, ..config(n, r, w) };
                        let all = quorum(&sloppy, nodes).join(" ");
                        assert!(!all.contains("replicas can fail") && !all.contains("strong"), "{all}");
                        assert!(
                            !all.contains("Every get shares") || all.contains("unless a fallback"),
                            "{all}"
                        );
                        let told = quorum(&config(n, r, w), nodes).join(" ");
                        assert!(!told.contains("strong") && !told.contains("1 replicas"), "{told}");
                        let promises = told.contains("Every get shares");
                        assert_eq!(promises, r + w > n.min(nodes) && r.max(w) <= nodes, "{told}");
                    }
                }
            }
        }
    }
}
