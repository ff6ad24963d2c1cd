//! The algebra: version vectors are a lattice of sets, and so are siblings.

use super::world::{World, acts};
use crate::id::{Actor, NodeId, Value};
use crate::version::{Content, Dot, Siblings, VersionVector};
use alloc::vec::Vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn dot() -> impl Strategy<Value = Dot> {
    (0..7u32, 0..2u32, 1..6u64)
        .prop_map(|(node, boot, counter)| Dot { actor: Actor { node: NodeId(node), boot }, counter })
}

/// Up to 12 actors, which is more than fit inline.
fn vector() -> impl Strategy<Value = VersionVector> {
    prop::collection::vec(dot(), 0..12).prop_map(|dots| dots.into_iter().collect())
}

fn joined(a: &VersionVector, b: &VersionVector) -> VersionVector {
    let mut all = a.clone();
    all.join(b);
    all
}

fn merged(a: &Siblings, b: &Siblings) -> Siblings {
    let mut all = a.clone();
    all.merge(b);
    all
}

proptest! {
    #[test]
    fn joining_vectors_is_associative_commutative_and_idempotent(a in vector(), b in vector(), c in vector()) {
        prop_assert_eq!(joined(&a, &joined(&b, &c)), joined(&joined(&a, &b), &c));
        prop_assert_eq!(joined(&a, &b), joined(&b, &a));
        prop_assert_eq!(&joined(&a, &a), &a);
        prop_assert_eq!(joined(&a, &VersionVector::new()), a);
    }

    #[test]
    fn a_join_covers_what_either_covers_and_no_more(a in vector(), b in vector(), dot in dot()) {
        prop_assert_eq!(joined(&a, &b).covers(dot), a.covers(dot) || b.covers(dot));
    }

    #[test]
    fn descends_is_the_order_of_the_join(a in vector(), b in vector()) {
        prop_assert_eq!(a.descends(&b), joined(&a, &b) == a);
        prop_assert_eq!(a.descends(&b) && b.descends(&a), a == b);
        prop_assert!(joined(&a, &b).descends(&b));
    }

    #[test]
    fn a_vector_is_the_set_of_its_highest_dots(dots in prop::collection::vec(dot(), 0..20)) {
        let vector: VersionVector = dots.iter().copied().collect();
        let reversed: VersionVector = dots.iter().rev().copied().collect();
        prop_assert_eq!(&vector, &reversed, "the order of adding makes no difference");
        let listed: Vec<Dot> = vector.iter().collect();
        prop_assert_eq!(listed.len(), vector.len());
        prop_assert!(listed.windows(2).all(|pair| pair[0].actor < pair[1].actor), "sorted, each actor once");
        for dot in &dots {
            let highest = dots.iter().filter(|other| other.actor == dot.actor).map(|other| other.counter).max();
            prop_assert_eq!(Some(vector.get(dot.actor)), highest);
        }
    }

    #[test]
    fn merging_is_associative_commutative_and_idempotent(acts in acts(), picks in any::<[Index; 3]>()) {
        let world = World::run(&acts);
        let states = world.states();
        let [a, b, c] = picks.map(|pick| &states[pick.index(states.len())].held);
        prop_assert_eq!(merged(a, &merged(b, c)), merged(&merged(a, b), c));
        prop_assert_eq!(merged(a, b), merged(b, a));
        prop_assert_eq!(&merged(a, a), a);
        prop_assert_eq!(&merged(a, &Siblings::new()), a);
        prop_assert_eq!(&merged(&Siblings::new(), a), a);
    }

    #[test]
    fn descends_is_the_order_of_the_merge(acts in acts(), picks in any::<[Index; 2]>()) {
        let world = World::run(&acts);
        let states = world.states();
        let [a, b] = picks.map(|pick| &states[pick.index(states.len())].held);
        prop_assert_eq!(a.descends(b), merged(a, b) == *a);
        prop_assert!(merged(a, b).descends(a) && merged(a, b).descends(b));
    }

    #[test]
    fn a_put_is_a_merge_with_the_write_alone(acts in acts(), picks in any::<[Index; 3]>(), blind: bool) {
        let world = World::run(&acts);
        let states = world.states();
        let [a, b, reader] = picks.map(|pick| &states[pick.index(states.len())].held);
        let seen = if blind { VersionVector::new() } else { reader.clock().clone() };
        let put = |to: &Siblings| {
            let mut to = to.clone();
            to.put(world.unused_dot(), &seen, Content::Value(Value::new("tea")));
            to
        };
        prop_assert_eq!(put(a), merged(a, &put(&Siblings::new())));
        prop_assert_eq!(put(&merged(a, b)), merged(&put(a), b), "it does not matter when the rest arrives");

        let after = put(a);
        prop_assert!(after.descends(a));
        prop_assert!(after.versions().iter().any(|version| version.dot == world.unused_dot()));
        let kept: Vec<_> = after.versions().iter().filter(|version| version.dot != world.unused_dot()).collect();
        let unseen: Vec<_> = a.versions().iter().filter(|version| !seen.covers(version.dot)).collect();
        prop_assert_eq!(kept, unseen, "what the context covers goes, the rest stays");
    }
}

#[test]
#[should_panic(expected = "a dot is minted once")]
fn a_dot_cannot_be_minted_twice() {
    let dot = Dot { actor: Actor { node: NodeId(0), boot: 0 }, counter: 1 };
    let mut held = Siblings::new();
    held.put(dot, &VersionVector::new(), Content::Tombstone);
    held.put(dot, &VersionVector::new(), Content::Tombstone);
}
