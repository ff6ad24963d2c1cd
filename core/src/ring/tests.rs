//! The invariants of the ring, over many rings.

use super::*;
use crate::hash;
use crate::id::Key;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

mod changes;
mod zones;

fn names(count: u32) -> Vec<(NodeId, String)> {
    (0..count).map(|at| (NodeId(at), format!("node {at}"))).collect()
}

fn ring(placement: Placement, vnodes: u32, salt: u64, count: u32) -> Ring {
    let names = names(count);
    let members: Vec<(NodeId, &str)> = names.iter().map(|(node, name)| (*node, name.as_str())).collect();
    Ring::new(placement, vnodes, salt, &members)
}

/// Positions worth asking about: every token, its neighbours on both sides, and the ends of the number line.
fn probes(ring: &Ring) -> impl Iterator<Item = u64> + '_ {
    let around = |at: u64| [at.wrapping_sub(1), at, at.wrapping_add(1)];
    ring.tokens().iter().flat_map(move |token| around(token.position)).chain(around(0))
}

/// The definition, slowly: sort all tokens by their distance clockwise, keep the first of each node.
fn walk_by_definition(ring: &Ring, position: u64) -> Vec<Token> {
    let mut tokens = ring.tokens().to_vec();
    tokens.sort_by_key(|token| (token.position.wrapping_sub(position), token.node, token.index));
    let mut met = BTreeSet::new();
    tokens.retain(|token| met.insert(token.node));
    tokens
}

#[test]
fn a_walk_is_what_its_definition_says() {
    for placement in [Placement::Random, Placement::Even, Placement::Partitions(150)] {
        for (vnodes, count) in [(1, 1), (1, 2), (3, 5), (8, 5), (2, 70), (1, 130)] {
            let ring = ring(placement, vnodes, 3, count);
            for position in probes(&ring) {
                let walk: Vec<Token> = ring.walk(position).collect();
                assert_eq!(walk, walk_by_definition(&ring, position));
                assert_eq!(ring.owner(position), Some(walk[0].node));
                let first: Vec<NodeId> = walk.iter().take(3).map(|token| token.node).collect();
                assert_eq!(ring.first_three(position), first);
            }
        }
    }
}

#[test]
fn a_preference_list_has_min_n_members_distinct_nodes() {
    for salt in 0..300 {
        let count = u32::try_from(salt % 12).unwrap();
        let ring = ring(Placement::Random, 1 + count % 5, salt, count);
        for n in 0..6 {
            for key in 0..20 {
                let key = Key::new(&format!("key {key}"));
                let list = ring.preference(&key, n);
                assert_eq!(list.len(), n.min(count) as usize);
                let distinct: BTreeSet<NodeId> = list.iter().copied().collect();
                assert_eq!(distinct.len(), list.len(), "{list:?}");
                assert_eq!(list.first().copied(), ring.owner(hash::position(&key)).filter(|_| n > 0));
            }
        }
    }
}

#[test]
fn sixteen_partitions_of_five_nodes_never_put_a_node_twice_in_a_list() {
    // Dealt in turn over the wrap-around: the last partition is followed by the first, which is the same node's.
    let ring = ring(Placement::Partitions(16), 1, 0, 5);
    let owners: Vec<u32> = ring.tokens().iter().map(|token| token.node.0).collect();
    assert_eq!(owners, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0]);
    let list =
        |position: u64| -> Vec<u32> { ring.walk(position).take(3).map(|token| token.node.0).collect() };
    assert_eq!(list(14 << 60), [4, 0, 1], "partitions 14, 15, and 1 after the wrap: 0 is node 0's again");
    assert_eq!(list(15 << 60), [0, 1, 2], "partitions 15, 1, 2");
}

#[test]
fn a_join_moves_ranges_to_the_new_node_only() {
    for salt in 0..200 {
        let (vnodes, count) = (1 + u32::try_from(salt % 9).unwrap(), 1 + u32::try_from(salt % 7).unwrap());
        let before = ring(Placement::Random, vnodes, salt, count);
        let after = ring(Placement::Random, vnodes, salt, count + 1);
        let joined = NodeId(count);
        assert!(before.changes(&after).all(|(had, range)| range.node == joined && had != joined));
        let gained = after.balance().shares()[count as usize].1;
        assert_eq!(before.moved(&after), gained, "it gains what moves");
        assert_eq!(after.moved(&before), gained, "and gives the same back when it leaves");
        for position in probes(&after) {
            let mut walk: Vec<NodeId> = after.walk(position).map(|token| token.node).collect();
            walk.retain(|&node| node != joined);
            assert!(before.walk(position).map(|token| token.node).eq(walk), "the others keep their order");
        }
    }
}

#[test]
fn the_order_of_members_and_repeats_make_no_difference() {
    let members = [(NodeId(2), "C"), (NodeId(0), "A"), (NodeId(1), "B")];
    let sorted = [(NodeId(0), "A"), (NodeId(1), "B"), (NodeId(2), "C")];
    let repeated = [members[0], members[1], members[0], members[2], members[1]];
    for placement in [Placement::Random, Placement::Even, Placement::Partitions(8)] {
        let ring = Ring::new(placement, 4, 1, &sorted);
        assert_eq!(ring, Ring::new(placement, 4, 1, &members));
        assert_eq!(ring, Ring::new(placement, 4, 1, &repeated));
        assert_eq!(ring.members(), [NodeId(0), NodeId(1), NodeId(2)]);
    }
}

#[test]
fn ranges_cover_the_ring_once_and_belong_to_their_owner() {
    for salt in 0..50 {
        let ring = ring(Placement::Random, 4, salt, 6);
        let ranges: Vec<Range> = ring.ranges().collect();
        assert_eq!(ranges.iter().map(Range::len).sum::<u128>(), Ring::WHOLE);
        for position in probes(&ring) {
            let mut holders = ranges.iter().filter(|range| range.contains(position));
            assert_eq!(holders.next().map(|range| range.node), ring.owner(position));
            assert_eq!(holders.next(), None);
        }
        let shares: u128 = ring.balance().shares().iter().map(|share| share.1).sum();
        assert_eq!(shares, Ring::WHOLE);
    }
}

#[test]
fn colliding_tokens_are_decided_by_node() {
    // Two nodes of one name have all their tokens at the same positions.
    let twins = [(NodeId(4), "X"), (NodeId(3), "X")];
    let ring = Ring::new(Placement::Random, 3, 0, &twins);
    for position in probes(&ring) {
        let walk: Vec<u32> = ring.walk(position).map(|token| token.node.0).collect();
        assert_eq!(walk, [3, 4]);
    }
    assert_eq!(ring.ranges().count(), 3);
    assert_eq!(ring.balance().shares(), [(NodeId(3), Ring::WHOLE), (NodeId(4), 0)]);
    assert_eq!((ring.balance().max_over_mean(), ring.balance().min_over_mean()), (2 * PER_MILLION, 0));
}

#[test]
fn an_empty_ring_has_no_owner_and_a_lone_token_has_everything() {
    let nobody = Ring::new(Placement::Random, 8, 0, &[]);
    assert_eq!(nobody.owner(5), None);
    assert_eq!(nobody.walk(5).next(), None);
    assert_eq!(nobody.preference(&Key::new("cart"), 3), []);
    assert_eq!(nobody.ranges().count(), 0);
    assert_eq!(nobody.balance().max_over_mean(), 0);

    let lone = Ring::new(Placement::Even, 0, 0, &[(NodeId(9), "J")]);
    assert_eq!(lone.vnodes(), 1, "0 counts as 1");
    assert_eq!(lone.ranges().next(), Some(Range { start: 0, end: 0, node: NodeId(9) }));
    assert_eq!(lone.balance().shares(), [(NodeId(9), Ring::WHOLE)]);
    assert_eq!((nobody.moved(&lone), lone.moved(&nobody)), (0, 0));
}

#[test]
fn even_shares_differ_by_one_position_a_token_at_most() {
    for (vnodes, count) in [(1, 3), (8, 5), (7, 30)] {
        let balance = ring(Placement::Even, vnodes, 0, count).balance();
        let shares = balance.shares().iter().map(|share| share.1);
        let (least, most) = (shares.clone().min().unwrap(), shares.max().unwrap());
        assert!(most - least <= u128::from(vnodes), "{least} {most}");
    }
}
