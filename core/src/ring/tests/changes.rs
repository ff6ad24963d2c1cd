//! Rings as the replay of a log of changes.

use super::*;
use proptest::prelude::*;

const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
const PLACEMENTS: [Placement; 5] = [
    Placement::Random,
    Placement::Even,
    Placement::Partitions(12),
    Placement::Partitions(64),
    Placement::Partitions(97),
];

fn member(node: u32) -> Member<'static> {
    Member { node: NodeId(node), name: NAMES[node as usize], zone: node % 3 }
}

fn founded(placement: Placement, count: u32) -> Ring {
    Ring::founded(placement, 4, 0, &(0..count).map(member).collect::<Vec<_>>())
}

/// Joins, leaves and replacements of nodes that may or may not be members.
fn log() -> impl Strategy<Value = Vec<Change<'static>>> {
    let node = 0..12_u32;
    let change = (0..3, node.clone(), node).prop_map(|(kind, one, other)| match kind {
        0 => Change::Join(member(one)),
        1 => Change::Leave(NodeId(one)),
        _ => Change::Replace { dead: NodeId(one), new: member(other) },
    });
    proptest::collection::vec(change, 0..30)
}

/// How many partitions each member has, in the order of members.
fn loads(ring: &Ring) -> Vec<usize> {
    let count = |node: &NodeId| ring.tokens().iter().filter(|token| token.node == *node).count();
    ring.members().iter().map(count).collect()
}

/// What one change may do: a new member gains, one that is gone loses, nothing moves between the others.
fn check_change(before: &Ring, change: &Change<'_>, after: &Ring) {
    let gone = |node: &NodeId| before.members().contains(node) && !after.members().contains(node);
    let came = |node: &NodeId| after.members().contains(node) && !before.members().contains(node);
    if after.placement() == Placement::Even {
        return;
    }
    for (had, range) in before.changes(after) {
        assert!(gone(&had) || came(&range.node), "{change:?} moved {range:?} from {had:?}");
    }
    if let Placement::Partitions(q) = after.placement() {
        let (n, q) = (after.members().len(), q as usize);
        assert!(
            loads(after).iter().all(|load| [q / n.max(1), q.div_ceil(n.max(1))].contains(load)),
            "{change:?}"
        );
        if let (Change::Join(new), true) = (change, before.members().len() == n - 1 && n > 1) {
            let gained = after.tokens().iter().filter(|token| token.node == new.node).count();
            assert_eq!(gained, q / n, "as few as can be");
        }
    }
}

proptest! {
    #[test]
    fn a_ring_is_the_replay_of_its_log(at in 0..PLACEMENTS.len(), count in 0..12_u32, log in log(), cut in 0..30_usize) {
        let first = founded(PLACEMENTS[at], count);
        let mut ring = first.clone();
        for change in &log {
            let next = ring.after(core::slice::from_ref(change));
            if !next.members().is_empty() {
                check_change(&ring, change, &next);
            }
            ring = next;
        }
        prop_assert_eq!(&first.after(&log), &ring);
        let (early, late) = log.split_at(cut.min(log.len()));
        prop_assert_eq!(&first.after(early).after(late), &ring);
        if !matches!(PLACEMENTS[at], Placement::Partitions(_)) {
            let members: Vec<Member<'_>> = ring.members().iter().map(|node| member(node.0)).collect();
            prop_assert_eq!(&Ring::founded(PLACEMENTS[at], 4, 0, &members), &ring, "the order makes no difference");
        }
        for position in probes(&ring).step_by(7) {
            let walk: BTreeSet<NodeId> = ring.walk(position).map(|token| token.node).collect();
            prop_assert_eq!(walk.len(), ring.members().len());
            prop_assert_eq!(ring.walk(position).len(), walk.len());
        }
    }
}

#[test]
fn neighbouring_partitions_have_distinct_nodes_as_the_cluster_grows_and_shrinks() {
    for q in [64, 128, 256] {
        let mut ring = founded(Placement::Partitions(q), 4);
        let twins = |ring: &Ring| {
            let owners: Vec<NodeId> = ring.tokens().iter().map(|token| token.node).collect();
            owners.iter().zip(owners.iter().cycle().skip(1)).filter(|(one, next)| one == next).count()
        };
        for node in 4..12 {
            ring = ring.after(&[Change::Join(member(node))]);
            assert_eq!(twins(&ring), 0, "{q} partitions, {} nodes", node + 1);
        }
        for node in 0..6 {
            ring = ring.after(&[Change::Leave(NodeId(node))]);
            assert!(twins(&ring) <= 1 + q as usize / 32, "{q} partitions without {node}: {}", twins(&ring));
        }
    }
}

#[test]
fn who_replaces_a_node_takes_exactly_its_partitions() {
    let before = founded(Placement::Partitions(64), 5);
    let after = before.after(&[Change::Replace { dead: NodeId(2), new: member(9) }]);
    for (old, new) in before.tokens().iter().zip(after.tokens()) {
        let expected = if old.node == NodeId(2) { NodeId(9) } else { old.node };
        assert_eq!((new.position, new.node), (old.position, expected));
    }
    assert_eq!(after.zone(NodeId(9)), Some(0));
    assert_eq!(after.zone(NodeId(2)), None);
}

#[test]
fn members_beyond_the_partitions_own_nothing_and_are_met_nowhere() {
    let ring = founded(Placement::Partitions(3), 5);
    assert_eq!(ring.members().len(), 5);
    for position in probes(&ring) {
        assert_eq!(ring.walk(position).count(), 3);
        assert_eq!(ring.preference(&Key::new("cart"), 4).len(), 3);
    }
    assert_eq!(Placement::Partitions(3).most_members(), 3);
}

#[test]
fn the_largest_ring_of_partitions_is_divided_evenly() {
    let names: Vec<(NodeId, &str)> = (0..30).map(|node| (NodeId(node), "x")).collect();
    let ring = Ring::new(Placement::Partitions(Placement::MAX_PARTITIONS), 1, 0, &names);
    let after = ring
        .after(&[Change::Leave(NodeId(7)), Change::Join(Member { node: NodeId(40), name: "y", zone: 0 })]);
    let loads = loads(&after);
    assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{loads:?}");
}
