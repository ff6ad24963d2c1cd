//! Against explicit causal histories: what is kept is exactly the writes that nobody saw.

use super::world::{State, World, Writes, acts};
use crate::version::{Dot, Rules, Siblings};
use proptest::prelude::*;

fn dots(held: &Siblings) -> Writes {
    held.versions().iter().map(|version| version.dot).collect()
}

fn check(world: &World, state: &State) -> Result<(), TestCaseError> {
    prop_assert_eq!(dots(&state.held), world.maximal(&state.known), "the siblings are the maximal writes");
    let covered: Writes =
        world.writes.keys().copied().filter(|&dot| state.held.clock().covers(dot)).collect();
    prop_assert_eq!(&covered, &state.known, "the clock covers exactly the writes that are known");
    for version in state.held.versions() {
        let saw: Writes = world.writes.keys().copied().filter(|&dot| version.seen.covers(dot)).collect();
        prop_assert_eq!(&saw, &world.writes[&version.dot], "a version says what its write saw");
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_place_keeps_exactly_the_writes_that_no_other_saw(acts in acts()) {
        let world = World::run(&acts);
        for state in world.states() {
            check(&world, state)?;
        }
    }

    #[test]
    fn one_state_descends_from_another_if_it_knows_all_its_writes(acts in acts()) {
        let world = World::run(&acts);
        let states = world.states();
        for a in &states {
            for b in &states {
                prop_assert_eq!(a.held.descends(&b.held), b.known.is_subset(&a.known));
                prop_assert_eq!(a.held == b.held, a.known == b.known, "equal knowledge is an equal value");
            }
        }
    }

    #[test]
    fn all_places_agree_once_they_have_told_each_other(acts in acts(), turn in 0..100usize) {
        let world = World::run(&acts);
        let mut states = world.states();
        let forth = states.iter().fold(State::default(), |mut all, state| { all.take_in(Rules::DOTTED, state); all });
        let by = turn % states.len();
        states.rotate_left(by);
        let back = states.iter().rev().fold(State::default(), |mut all, state| { all.take_in(Rules::DOTTED, state); all });
        prop_assert_eq!(&forth.held, &back.held);
        check(&world, &forth)?;
        // All that was ever stored is known, since every put is remembered somewhere.
        prop_assert!(world.writes.keys().all(|dot: &Dot| forth.known.contains(dot)));
    }
}
