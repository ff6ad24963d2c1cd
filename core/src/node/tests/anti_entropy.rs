//! Anti-entropy between nodes whose disks were filled by hand.

use super::*;
use crate::id::Actor;
use crate::merkle::Tree;
use crate::random::Random;
use crate::version::{Content, Dot, Siblings, VersionVector};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec;

fn key(number: u64) -> Key {
    Key::new(&format!("key {number}"))
}

/// What a writer that is no member, `writer`, has put as its `counter`-th write, having seen what it wrote before.
fn version(writer: u32, counter: u64) -> Siblings {
    let actor = Actor { node: NodeId(100 + writer), boot: 0 };
    let seen: VersionVector = (1..counter).map(|counter| Dot { actor, counter }).collect();
    let mut siblings = Siblings::new();
    siblings.put(Dot { actor, counter }, &seen, Content::Value(Value::new(&format!("value {counter}"))));
    siblings
}

/// Two nodes that hold everything both, but for what `fill` makes different.
fn pair(keys: u64, fill: impl Fn(&mut Disk, usize)) -> Bench {
    let mut bench = Bench::new(&Config::bare());
    let ring = Arc::new(Ring::new(Placement::Random, 8, 0, &[(NodeId(0), "A"), (NodeId(1), "B")]));
    let node = |at: usize| {
        let mut disk = Disk::default();
        (0..keys).for_each(|number| disk.keys.replace(key(number), version(0, 1)));
        fill(&mut disk, at);
        let start = Start { id: NodeId(u32::try_from(at).unwrap()), ..Start::default() };
        Node::new(start, Config::bare(), Founders::named(Arc::clone(&ring), &[]), disk)
    };
    bench.nodes = vec![node(0), node(1)];
    bench.list = vec![NodeId(0), NodeId(1)];
    bench
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Cost {
    hashes: u32,
    keys_compared: u32,
    keys_sent: usize,
    changed: u32,
}

fn cost(bench: &Bench) -> Cost {
    let mut cost = Cost::default();
    for (_, note) in &bench.notes {
        if let Note::HashesCompared { equal, different, .. } = note {
            cost.hashes += equal + different;
        } else if let Note::KeysCompared { equal, different, .. } = note {
            cost.keys_compared += equal + different;
        } else if let Note::KeysSent { keys, .. } = note {
            cost.keys_sent += keys.len();
        } else if let Note::Synchronised { changed, .. } = note {
            cost.changed += u32::from(*changed);
        }
    }
    cost
}

fn repair(bench: &mut Bench) -> Cost {
    bench.handle(NodeId(0), Input::Repair);
    bench.deliver_all();
    assert_eq!(bench.nodes[0].store(), bench.nodes[1].store());
    let spent = cost(bench);
    bench.notes.clear();
    bench.handle(NodeId(1), Input::Repair);
    bench.deliver_all();
    assert_eq!(cost(bench).hashes, 1, "the next one finds the roots equal");
    spent
}

#[test]
fn equal_trees_cost_one_hash() {
    let mut bench = pair(1_000, |_, _| {});
    assert_eq!(repair(&mut bench), Cost { hashes: 1, ..Cost::default() });
}

#[test]
fn one_key_that_differs_costs_the_path_to_its_bucket() {
    for (lags, expected) in [(0, 1), (1, 1)] {
        let mut bench = pair(1_000, |disk, at| {
            if at != lags {
                disk.keys.replace(key(7), version(0, 2));
            }
        });
        let cost = repair(&mut bench);
        assert_eq!((cost.hashes, cost.keys_sent, cost.changed), (1 + 16 * 4, expected, 1), "{lags} lags");
        assert!(cost.keys_compared <= 3, "{cost:?}");
    }
}

#[test]
fn a_key_that_one_lacks_is_sent_once_and_siblings_meet_both_ways() {
    for lacks in [0, 1] {
        let mut bench = pair(10, |disk, at| {
            if at != lacks {
                disk.keys.replace(Key::new("more"), version(0, 1));
            }
        });
        assert_eq!(repair(&mut bench).keys_sent, 1);
    }
    let mut bench = pair(10, |disk, at| {
        disk.keys.replace(key(3), version(u32::try_from(at).unwrap() + 1, 1));
    });
    let cost = repair(&mut bench);
    assert_eq!((cost.keys_sent, cost.changed), (2, 2));
    assert_eq!(bench.nodes[0].store().get(&key(3)).unwrap().versions().len(), 2);
}

#[test]
fn three_of_ten_thousand_are_found_and_copied() {
    let mut bench = pair(10_000, |disk, at| {
        for number in [17, 4_711, 9_999] {
            if at == 0 {
                disk.keys.replace(key(number), version(0, 2));
            }
        }
    });
    let cost = repair(&mut bench);
    assert_eq!((cost.keys_sent, cost.changed), (3, 3));
    assert!((1 + 64..=1 + 3 * 64).contains(&cost.hashes), "{cost:?}");
    assert!(cost.keys_compared < 3 * 8, "{cost:?}");
}

#[test]
fn an_empty_disk_is_filled_in_messages_of_bounded_size() {
    let mut bench = pair(0, |disk, at| {
        if at == 0 {
            (0..3_000).for_each(|number| disk.keys.replace(key(number), version(0, 1)));
        }
    });
    bench.handle(NodeId(1), Input::Repair);
    let mut messages = 0;
    while !bench.wire.is_empty() {
        let envelope = bench.wire.remove(0);
        let Message::Merkle { comparison, .. } = &envelope.message else { panic!("{envelope:?}") };
        use super::super::anti_entropy::{Comparison, MAX_KEYS, MAX_KEYS_SENT, MAX_NODES};
        match comparison {
            Comparison::Root(_) => {}
            Comparison::Children { nodes, .. } => assert!((1..=MAX_NODES).contains(&nodes.len())),
            Comparison::Keys { buckets, keys } => {
                assert!(keys.len() <= MAX_KEYS && (1..=MAX_KEYS).contains(&buckets.len()));
            }
            Comparison::Versions { versions, .. } => assert!(versions.len() <= MAX_KEYS_SENT),
        }
        messages += 1;
        bench.handle(envelope.to, Input::Delivered(envelope));
    }
    assert!(messages > 60, "{messages}");
    assert_eq!(bench.nodes[0].store(), bench.nodes[1].store());
    assert_eq!(cost(&bench).keys_sent, 3_000);
}

#[test]
fn messages_that_come_twice_and_out_of_order_do_no_harm_and_lost_ones_only_delay() {
    for seed in 0..30 {
        let mut random = Random::new(seed);
        let mut bench = pair(300, |disk, at| {
            (0..300).filter(|number| number % 7 == at as u64).for_each(|number| {
                disk.keys.replace(key(number), version(u32::try_from(at).unwrap() + 1, 1));
            });
        });
        for _ in 0..12 {
            bench.handle(NodeId(u32::try_from(random.below(2)).unwrap()), Input::Repair);
            while !bench.wire.is_empty() {
                let at = usize::try_from(random.below(bench.wire.len() as u64)).unwrap();
                let envelope = bench.wire.remove(at);
                if random.below(10) == 0 {
                    continue;
                }
                if random.below(10) == 0 {
                    bench.wire.push(envelope.clone());
                }
                bench.handle(envelope.to, Input::Delivered(envelope));
            }
        }
        bench.handle(NodeId(0), Input::Repair);
        bench.deliver_all();
        assert_eq!(bench.nodes[0].store(), bench.nodes[1].store(), "seed {seed}");
    }
}

#[test]
fn versions_of_keys_that_are_not_shared_or_from_the_future_are_refused() {
    let mut bench = pair(1, |_, _| {});
    let exchange =
        super::super::anti_entropy::ExchangeId { by: bench.nodes[0].actor(), number: 1, asked: true };
    let mut future = Siblings::new();
    let dot = Dot { actor: bench.nodes[1].actor(), counter: 9 };
    future.put(dot, &VersionVector::new(), Content::Tombstone);
    let versions = vec![(key(0), future)];
    let comparison =
        super::super::anti_entropy::Comparison::Versions { versions, wanted: Vec::new(), back: true };
    let message = Message::Merkle { exchange, comparison };
    let envelope = |from| Envelope { from: NodeId(from), to: NodeId(1), epoch: 0, message: message.clone() };
    bench.handle(NodeId(1), Input::Delivered(envelope(0)));
    bench.handle(NodeId(1), Input::Delivered(envelope(4)));
    assert_eq!(bench.ignored(), [Ignored::ClaimsFutureWrites, Ignored::NotAnOwner]);
    assert_eq!(bench.nodes[1].store().get(&key(0)), Some(&version(0, 1)));
}

#[test]
fn exchanges_begin_by_themselves_out_of_step_and_with_one_peer_each() {
    let interval = Span::from_millis(100);
    let mut bench = Bench::new(&Config::bare());
    let config = Config { anti_entropy: Some(interval), ..Config::bare() };
    for (seed, node) in (0..).zip(&mut bench.nodes) {
        let start = Start { id: node.id(), boot: 0, seed, at: Time::ZERO };
        *node =
            Node::new(start, config.clone(), Founders::named(Arc::clone(node.ring()), &[]), Disk::default());
    }
    let firsts: Vec<Time> = bench.nodes.iter().filter_map(|node| node.hash_trees().next()).collect();
    assert_eq!(firsts.len(), 5);
    assert!(firsts.iter().all(|first| first.since(Time::ZERO) < interval));
    assert!(firsts.iter().any(|first| *first != firsts[0]), "{firsts:?}");
    for _ in 0..50 {
        bench.pass(interval);
    }
    let begins = |note: &&(NodeId, Note)| matches!(note.1, Note::ExchangeBegins { .. });
    assert_eq!(bench.notes.iter().filter(begins).count(), 5 * 50);
    let mut met: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for (node, note) in &bench.notes {
        if let Note::ExchangeBegins { with, .. } = note {
            met.entry(*node).or_default().push(*with);
        }
    }
    for (node, mut with) in met {
        with.sort_unstable();
        with.dedup();
        assert_eq!(with, bench.nodes[0].ring().peers(node, 3), "each peer was chosen once at least");
    }
}

#[test]
fn trees_equal_those_of_a_restart_always() {
    for seed in 0..20 {
        let mut random = Random::new(seed);
        let mut bench = Bench::new(&Config::bare());
        for step in 0..60 {
            let node = NodeId(u32::try_from(random.below(5)).unwrap());
            match random.below(8) {
                0 => {
                    let on = random.below(3) > 0;
                    let n = u32::try_from(random.below(4)).unwrap() + 1;
                    let anti_entropy = on.then_some(Span::from_secs(1));
                    let config = Config { n, r: 1, w: 1, anti_entropy, ..Config::bare() };
                    bench.handle(node, Input::Configured(config));
                }
                1 => bench.handle(node, Input::Repair),
                _ => {
                    let ask = if random.below(4) == 0 {
                        Ask::Delete { context: None }
                    } else {
                        Ask::Put { value: Value::new("v"), context: None }
                    };
                    let key = key(random.below(9));
                    bench.handle(node, Input::Asked(Request { id: RequestId(step), key, ask }));
                }
            }
            if random.below(2) == 0 {
                bench.deliver_all();
            }
            for node in &bench.nodes {
                let Some(trees) = node.hash_trees().trees() else { continue };
                let config = Config { anti_entropy: Some(Span::from_secs(1)), ..node.config().clone() };
                let start = Start { id: node.id(), boot: 1, ..Start::default() };
                let fresh = Node::new(
                    start,
                    config,
                    Founders::named(Arc::clone(node.ring()), &[]),
                    node.disk().clone(),
                );
                assert_eq!(Some(trees), fresh.hash_trees().trees(), "seed {seed}, step {step}");
                assert!(trees.values().all(|tree| *tree != Tree::new()), "an empty tree is not kept");
            }
        }
    }
}
