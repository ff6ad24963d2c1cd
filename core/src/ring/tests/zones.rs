//! Preference lists across zones.

use super::*;
use proptest::prelude::*;

fn zoned(placement: Placement, vnodes: u32, zones: &[u32]) -> Ring {
    let names = names(u32::try_from(zones.len()).unwrap());
    let members: Vec<Member<'_>> =
        names.iter().zip(zones).map(|((node, name), &zone)| Member { node: *node, name, zone }).collect();
    Ring::founded(placement, vnodes, 5, &members)
}

/// The definition, slowly: of the walk that heeds no zones, first whoever is the first of a zone, then the others.
fn by_definition(ring: &Ring, position: u64) -> Vec<NodeId> {
    let plain: Vec<NodeId> = walk_by_definition(ring, position).iter().map(|token| token.node).collect();
    let mut zones = BTreeSet::new();
    let (first, rest): (Vec<NodeId>, Vec<NodeId>) =
        plain.into_iter().partition(|node| zones.insert(ring.zone(*node)));
    [first, rest].concat()
}

proptest! {
    #[test]
    fn distinct_zones_come_first(
        kind in 0..3_usize, vnodes in 1..6_u32, zones in proptest::collection::vec(0..5_u32, 1..20), n in 0..17_u32,
    ) {
        let placement = [Placement::Random, Placement::Even, Placement::Partitions(40)][kind];
        let ring = zoned(placement, vnodes, &zones);
        let all: BTreeSet<u32> = zones.iter().copied().collect();
        for position in probes(&ring).step_by(3) {
            let walk: Vec<NodeId> = ring.walk(position).map(|token| token.node).collect();
            prop_assert_eq!(&walk, &by_definition(&ring, position));
            prop_assert_eq!(walk.first().copied(), ring.owner(position));
            let list = &walk[..walk.len().min(n as usize)];
            prop_assert_eq!(list.len(), zones.len().min(n as usize));
            prop_assert_eq!(list.iter().collect::<BTreeSet<_>>().len(), list.len(), "no duplicates");
            let met: BTreeSet<Option<u32>> = list.iter().map(|node| ring.zone(*node)).collect();
            prop_assert_eq!(met.len(), all.len().min(list.len()), "as many zones as can be");
            prop_assert_eq!(ring.first_three(position), &walk[..walk.len().min(3)]);
        }
    }
}

#[test]
fn one_zone_is_as_good_as_none() {
    let ring = zoned(Placement::Random, 4, &[7; 6]);
    let plain = zoned(Placement::Random, 4, &[0; 6]);
    for position in probes(&ring) {
        assert!(ring.walk(position).eq(plain.walk(position)));
    }
}

#[test]
fn more_than_64_zones_are_told_apart() {
    let zones: Vec<u32> = (0..140).map(|node| node / 2).collect();
    let ring = zoned(Placement::Random, 2, &zones);
    let first: Vec<NodeId> = ring.walk(9).take(70).map(|token| token.node).collect();
    assert_eq!(first.iter().map(|node| node.0 / 2).collect::<BTreeSet<_>>().len(), 70);
    assert_eq!(first, by_definition(&ring, 9)[..70]);
}
