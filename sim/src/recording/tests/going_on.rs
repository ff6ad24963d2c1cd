//! What is the same is not run again: a branch goes on from a checkpoint, and is what a run from the beginning would be.

use super::*;
use crate::scenario::BUILTIN;
use crate::trace::Trace;

/// The trace of a run from its beginning, after so many events.
fn from_the_beginning(scenario: &Scenario, acts: Vec<Placed>, position: u64) -> Recording {
    let mut recording = Recording::with_acts(Arc::new(scenario.clone()), acts);
    recording.run_on(position);
    recording
}

fn same(one: &Recording, other: &Recording) {
    assert_eq!((one.len(), one.digest()), (other.len(), other.digest()));
    assert!(one.trace() == other.trace(), "after {} events, the last of them {:?}", one.len(), {
        let last = |trace: &Trace| trace.events.last().cloned();
        (last(one.trace()), last(other.trace()))
    });
}

#[test]
fn the_beginning_of_a_trace_is_the_trace_of_the_beginning() {
    let drawn = (0..4).map(busy);
    let told = BUILTIN.iter().map(|(_, file)| Scenario::parse(file).expect("it is right"));
    let mut looked = 0;
    for scenario in drawn.chain(told) {
        let whole = run(scenario.clone());
        let positions = (0..=whole.len()).step_by(usize::try_from(whole.len() / 5).unwrap().max(7));
        for position in positions {
            let Some(begun) = whole.trace().until(position) else { continue };
            let fresh = from_the_beginning(&scenario, Vec::new(), position);
            assert!(begun == *fresh.trace(), "{} at {position}", scenario.title);
            looked += 1;
        }
    }
    assert!(looked > 100, "only {looked} places were looked at");
}

#[test]
fn branches_and_undo_from_a_checkpoint_are_what_runs_from_the_beginning_are() {
    let mut went_on = 0;
    for seed in 0..8 {
        let scenario = busy(seed);
        let whole = run(scenario.clone());
        let middle = whole.len() - 5;
        let time = whole.trace().time_of(middle);
        let mut branch = whole.branch(middle, time, Act::Crash(NodeId(1))).unwrap();
        let (last, kept) =
            (branch.checkpoints.last().unwrap(), &whole.checkpoints[branch.checkpoints.len() - 1]);
        if last.world.position() > 0 && Arc::ptr_eq(&last.world, &kept.world) {
            went_on += 1;
        }
        same(&branch, &from_the_beginning(&scenario, branch.acts().to_vec(), middle + 1));
        branch.run_to_end();
        let mut fresh = from_the_beginning(&scenario, branch.acts().to_vec(), 0);
        fresh.run_to_end();
        same(&branch, &fresh);

        let later = branch.branch(branch.len(), branch.ended(), Act::Restart(NodeId(1))).unwrap();
        same(&later, &from_the_beginning(&scenario, later.acts().to_vec(), later.len()));
        let mut undone = later.undo().unwrap().undo().unwrap();
        undone.run_to_end();
        same(&undone, &whole);
    }
    assert!(went_on > 2, "only {went_on} went on from a checkpoint");
}

#[test]
fn a_replay_by_hand_knows_what_was_sent_before_it() {
    let scenario = busy(1);
    let whole = run(scenario.clone());
    let middle = whole.len() / 2;
    let replay = Act::Replay { matcher: Matcher::default(), count: 3 };
    let branch = whole.branch(middle, whole.trace().time_of(middle), replay).unwrap();
    same(&branch, &from_the_beginning(&scenario, branch.acts().to_vec(), middle + 1));
    assert_eq!(branch.trace().events.last().map(|event| event.sent.len()), Some(3));
}
