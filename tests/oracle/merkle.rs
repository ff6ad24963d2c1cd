//! Known answers about hash trees: what an exchange costs, and how many buckets differ.

use ringside_core::merkle::{self, Tree};
use ringside_core::random::Random;
use ringside_core::{Key, Note};
use ringside_sim::{Recording, Scenario};

/// Hashes compared, keys compared and keys sent by the exchange that a scenario's last step begins.
fn spent(keys: u32, differ: u32) -> (u32, u32, usize) {
    let put = |key: u32, at: &str, value: &str| {
        format!(
            "[[step]]\nat = \"{at}\"\nput = {{ id = \"{value}{key}\", key = \"key {key}\", value = \"{value}\", via = \"A\" }}\n"
        )
    };
    let head = "ringside = 1\n[cluster]\nnodes = 2\nn = 2\nr = 1\nw = 1\nread_repair = \"off\"\n";
    let read = |steps: &str| Scenario::parse(&[head, steps].concat()).expect("it is right");
    let mut then = "[[step]]\nat = \"1s\"\ncrash = \"B\"\n".to_owned();
    then.extend((0..differ).map(|key| put(key * 7, "2s", "new")));
    then.push_str("[[step]]\nat = \"3s\"\nrestart = \"B\"\n[[step]]\nat = \"4s\"\nrepair = \"B\"\n");
    let mut scenario = read(&then);
    // A file has room for ten thousand steps.
    let keys: Vec<u32> = (0..keys).collect();
    for some in keys.chunks(5_000) {
        let text: String = some.iter().map(|key| put(*key, "1ms", "old")).collect();
        scenario.steps.extend(read(&text).steps);
    }
    let mut recording = Recording::new(scenario);
    recording.run_to_end();
    let stores: Vec<_> =
        recording.snapshot(recording.len()).nodes.iter().map(|node| node.store.clone()).collect();
    assert!(stores[0].iter().eq(stores[1].iter()), "the two hold the same in the end");
    let mut spent = (0, 0, 0);
    for note in recording.trace().events.iter().flat_map(|event| &event.notes) {
        if let Note::HashesCompared { equal, different, .. } = note {
            spent.0 += equal + different;
        } else if let Note::KeysCompared { equal, different, .. } = note {
            spent.1 += equal + different;
        } else if let Note::KeysSent { keys, .. } = note {
            spent.2 += keys.len();
        }
    }
    spent
}

#[test]
fn equal_trees_cost_one_hash_and_one_differing_key_one_path() {
    let (width, depth) = (Tree::WIDTH, Tree::DEPTH);
    assert_eq!(spent(300, 0), (1, 0, 0));
    let (hashes, compared, sent) = spent(300, 1);
    assert_eq!((hashes, sent), (1 + width * depth, 1));
    assert!((1..=3).contains(&compared), "{compared} keys in one bucket of {}", Tree::BUCKETS);
}

#[test]
fn three_of_ten_thousand_are_found_by_three_paths_and_copied() {
    let (hashes, compared, sent) = spent(10_000, 3);
    assert_eq!(sent, 3);
    assert!((1 + 64..=1 + 3 * 64).contains(&hashes), "{hashes}");
    assert!((3..=9).contains(&compared), "{compared} keys in three buckets of {}", Tree::BUCKETS);
}

#[test]
fn as_many_buckets_differ_as_chance_has_it() {
    // S (1 − (1 − 1/S)^δ) buckets are hit by δ keys on average; the variance of the number of empty cells is at most
    // that of independent ones, S p (1 − p). Six standard deviations.
    let buckets = f64::from(Tree::BUCKETS);
    let mut random = Random::new(7);
    for keys in [1_u32, 50, 2_000, 30_000, 200_000] {
        let mut tree = Tree::new();
        for _ in 0..keys {
            let key = Key::new(&format!("{:x}", random.bits()));
            tree.change(merkle::bucket(&key), None, Some(u128::from(random.bits())));
        }
        let hit: usize = (0..Tree::BUCKETS / Tree::WIDTH)
            .map(|part| tree.children(Tree::DEPTH - 1, part).into_iter().filter(|hash| *hash != 0).count())
            .sum();
        let missed = (1.0 - 1.0 / buckets).powi(i32::try_from(keys).expect("few"));
        let (mean, bound) = (buckets * (1.0 - missed), 6.0 * (buckets * missed * (1.0 - missed)).sqrt());
        let off = (hit as f64 - mean).abs();
        assert!(off <= bound.max(0.5), "{keys} keys: {hit} buckets, not {mean:.1} ± {bound:.1}");
    }
}
