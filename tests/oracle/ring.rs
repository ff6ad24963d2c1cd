//! Known answers about how a ring of random tokens is divided.
//!
//! Every figure that chance decides is averaged over many token sets (salts 0, 1, …) and must lie within five
//! standard errors of what theory says, the standard error being estimated from the same sample: a right ring
//! fails a check with a probability below one in a million. The salts are fixed, so a check that holds, holds.

use ringside_core::NodeId;
use ringside_core::ring::{Change, Member, Placement, Ring, Token};
use ringside_sim::names::node_name;
use std::collections::BTreeSet;

const WHOLE: f64 = 18_446_744_073_709_551_616.0;

fn ring(placement: Placement, vnodes: u32, salt: u64, nodes: u32) -> Ring {
    let names: Vec<String> = (0..nodes).map(node_name).collect();
    let members: Vec<(NodeId, &str)> = (0..nodes).map(NodeId).zip(names.iter().map(String::as_str)).collect();
    Ring::new(placement, vnodes, salt, &members)
}

/// Each member's share over the mean share.
fn relative_shares(ring: &Ring) -> Vec<f64> {
    let balance = ring.balance();
    let count = balance.shares().len() as f64;
    balance.shares().iter().map(|share| share.1 as f64 / WHOLE * count).collect()
}

/// Mean and five standard errors of one figure a salt.
fn sample(salts: u64, figure: impl Fn(u64) -> f64) -> (f64, f64) {
    let figures: Vec<f64> = (0..salts).map(figure).collect();
    let count = salts as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let variance = figures.iter().map(|figure| (figure - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, 5.0 * (variance / count).sqrt())
}

/// `slack` is for a known answer that is itself rounded.
fn assert_mean(what: &str, (mean, bound): (f64, f64), expected: f64, slack: f64) {
    assert!(
        (mean - expected).abs() <= bound + slack,
        "{what}: {mean:.5}, expected {expected:.5} ± {:.5}",
        bound + slack
    );
}

#[test]
fn a_share_has_mean_one_nth_and_the_exact_coefficient_of_variation() {
    for (nodes, vnodes, salts) in
        [(5, 1, 4000), (5, 8, 2000), (5, 64, 1000), (30, 1, 1000), (30, 16, 400), (12, 256, 200)]
    {
        let shares: Vec<Vec<f64>> =
            (0..salts).map(|salt| relative_shares(&ring(Placement::Random, vnodes, salt, nodes))).collect();
        let label = format!("n={nodes} V={vnodes}");
        for node in [0, nodes as usize - 1] {
            let mean = sample(salts, |salt| shares[salt as usize][node]);
            assert_mean(&format!("{label}, share of node {node}"), mean, 1.0, 0.0);
        }
        // The expectation of the squared distance from 1 is the square of the coefficient of variation.
        let squared = sample(salts, |salt| {
            shares[salt as usize].iter().map(|share| (share - 1.0).powi(2)).sum::<f64>() / f64::from(nodes)
        });
        let exact = f64::from(nodes - 1) / f64::from(nodes * vnodes + 1);
        assert_mean(&format!("{label}, squared coefficient of variation"), squared, exact, 0.0);
    }
}

#[test]
fn the_largest_share_over_the_mean_is_as_published() {
    // (nodes, virtual nodes, E[max/mean], how far the answer is rounded, salts)
    let harmonic = |n: u32| (1..=n).map(|i| 1.0 / f64::from(i)).sum::<f64>();
    let known = [
        (5, 1, harmonic(5), 0.0, 8000),
        (30, 1, harmonic(30), 0.0, 2000),
        (5, 16, 1.30, 0.005, 4000),
        (5, 64, 1.15, 0.005, 2000),
        (5, 256, 1.07, 0.005, 600),
        (30, 16, 1.58, 0.005, 1000),
        (30, 64, 1.27, 0.005, 400),
        (30, 256, 1.13, 0.005, 100),
    ];
    for (nodes, vnodes, expected, slack, salts) in known {
        let measured = sample(salts, |salt| {
            ring(Placement::Random, vnodes, salt, nodes).balance().max_over_mean() as f64 / 1e6
        });
        assert!(measured.1 < 0.1 * expected, "enough salts for a bound that means something");
        assert_mean(&format!("n={nodes} V={vnodes}, max over mean"), measured, expected, slack);
    }
}

#[test]
fn a_join_moves_one_part_of_n_plus_one_and_only_to_the_new_node() {
    for (nodes, vnodes, salts) in [(1, 1, 2000), (5, 1, 2000), (5, 8, 1000), (29, 64, 60)] {
        let moved = sample(salts, |salt| {
            let before = ring(Placement::Random, vnodes, salt, nodes);
            let after = ring(Placement::Random, vnodes, salt, nodes + 1);
            assert!(before.changes(&after).all(|(_, range)| range.node == NodeId(nodes)));
            before.moved(&after) as f64 / WHOLE
        });
        assert_mean(&format!("n={nodes} V={vnodes}, moved"), moved, 1.0 / f64::from(nodes + 1), 0.0);
    }
}

/// How much of the ring has fewer than W = 2 of its N = 3 replicas once these two are dead, in positions.
fn without_quorum(ring: &Ring, dead: [NodeId; 2]) -> u128 {
    let alive = |token: &Token| !dead.contains(&token.node);
    ring.ranges()
        .filter(|range| ring.walk(range.end).take(3).filter(alive).count() < 2)
        .map(|range| range.len())
        .sum()
}

#[test]
fn two_dead_nodes_take_the_quorum_from_six_parts_of_n_times_n_minus_one() {
    for (nodes, vnodes, salts) in [(5u32, 1, 2000), (5, 16, 500), (5, 64, 200), (12, 1, 2000), (12, 16, 300)]
    {
        let lost = sample(salts, |salt| {
            let ring = ring(Placement::Random, vnodes, salt, nodes);
            without_quorum(&ring, [NodeId(0), NodeId(1)]) as f64 / WHOLE
        });
        let expected = 6.0 / f64::from(nodes * (nodes - 1));
        assert_mean(&format!("n={nodes} V={vnodes}, ranges without a quorum"), lost, expected, 0.0);
    }
}

#[test]
fn over_all_pairs_of_dead_nodes_that_share_is_exact_on_every_ring() {
    // Each range has three replicas, so exactly three pairs take its quorum; whatever the tokens.
    for placement in [Placement::Random, Placement::Even, Placement::Partitions(50)] {
        for salt in 0..20 {
            let ring = ring(placement, 4, salt, 7);
            let pairs = (0..7).flat_map(|a| (0..a).map(move |b| [NodeId(a), NodeId(b)]));
            assert_eq!(pairs.map(|pair| without_quorum(&ring, pair)).sum::<u128>(), 3 * Ring::WHOLE);
        }
    }
}

#[test]
fn fixed_partitions_are_as_even_as_whole_partitions_can_be() {
    for (partitions, nodes, known) in [(64, 5, 0.985), (64, 30, 0.711), (1_000, 7, 0.999)] {
        let ring = ring(Placement::Partitions(partitions), 1, 0, nodes);
        let largest = relative_shares(&ring).into_iter().fold(0.0, f64::max);
        let exact = f64::from(partitions) / f64::from(nodes) / f64::from(partitions.div_ceil(nodes));
        assert!((1.0 / largest - exact).abs() < 1e-9 && (exact - known).abs() < 0.0006, "{largest} {exact}");
    }
}

#[test]
fn who_joins_fixed_partitions_takes_one_part_of_n_plus_one_in_whole_partitions() {
    for partitions in [64_u32, 97, 1_024] {
        let mut before = ring(Placement::Partitions(partitions), 1, 0, 1);
        for node in 1..40_u32 {
            let name = node_name(node);
            let after = before.after(&[Change::Join(Member { node: NodeId(node), name: &name, zone: 0 })]);
            assert!(before.changes(&after).all(|(_, range)| range.node == NodeId(node)));
            let moved = before.moved(&after) as f64 / WHOLE * f64::from(partitions);
            assert!(
                (moved - f64::from(partitions / (node + 1))).abs() < 1e-6,
                "{partitions} {node}: {moved}"
            );
            before = after;
        }
    }
}

#[test]
fn even_tokens_are_balanced_and_never_repeat_a_node() {
    for nodes in 1..40 {
        let ring = ring(Placement::Even, 3, 0, nodes);
        let balance = ring.balance();
        assert!(balance.max_over_mean() - balance.min_over_mean() <= 1, "{balance:?}");
        for token in ring.tokens() {
            let list: BTreeSet<NodeId> = ring.walk(token.position).take(3).map(|token| token.node).collect();
            assert_eq!(list.len(), 3.min(nodes as usize));
        }
    }
}
