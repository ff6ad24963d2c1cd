//! Properties that hold for every run: what a configuration owes it keeps, and a run can be gone through in both
//! directions.

use ringside_core::Kind;
use ringside_sim::explore::{draw, examine};
use ringside_sim::rng::{Purpose, Rng};
use ringside_sim::trace::Loss;
use ringside_sim::{Recording, Verdict};
use std::collections::BTreeMap;

const SEEDS: u64 = 5_000;

fn run(seed: u64) -> Recording {
    let mut recording = Recording::new(draw::scenario(seed));
    recording.run_to_end();
    recording
}

#[test]
fn every_configuration_keeps_what_it_owes() {
    let mut judged: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for seed in 0..SEEDS {
        let examined = examine(&draw::scenario(seed), false);
        assert!(examined.broken.is_none(), "seed {seed}: {:?}", examined.broken);
        for judgement in examined.judgements {
            let counts = judged.entry(judgement.claim.name()).or_default();
            match judgement.verdict {
                Verdict::Broken => counts[0] += 1,
                Verdict::Holds if judgement.owed => counts[1] += 1,
                Verdict::Holds | Verdict::NotApplicable => counts[2] += 1,
            }
        }
    }
    // Not vacuous: each claim was owed and judged often, and those that a weak setting breaks were seen broken.
    for (claim, [broken, owed, _]) in &judged {
        assert!(*owed >= 20, "{claim} was owed and judged only {owed} times");
        // Dots repeat only once a key is forgotten, hints are always accounted for, and whoever gossips agrees in the end.
        let breakable = !["unique-dots", "hint-conservation", "ring-agreement"].contains(claim);
        assert!(!breakable || *broken >= 20, "{claim} was seen broken only {broken} times");
    }
    assert_eq!(judged.len(), ringside_sim::Claim::ALL.len());
}

#[test]
fn a_run_is_the_same_twice_and_at_every_point_of_a_seek() {
    for seed in 0..300 {
        let (once, mut again) = (run(seed), Recording::new(draw::scenario(seed)));
        let position = Rng::new(seed, Purpose::Delay).below(once.len() + 1);
        again.run(position);
        assert_eq!(once.digest_at(position), again.digest(), "seed {seed} at {position}");
        again.run_to_end();
        assert_eq!(once.digest(), again.digest(), "seed {seed}");
    }
}

#[test]
fn every_operation_ends_and_every_message_has_a_fate() {
    for seed in 0..300 {
        let recording = run(seed);
        let trace = recording.trace();
        assert!(trace.ops.iter().all(|op| op.end.is_some()), "seed {seed}");
        for message in &trace.messages {
            let held = message.travel.is_none();
            // Nodes go on gossiping and comparing what they hold when everything else is over.
            let under_way = message.fate.is_none()
                && matches!(message.envelope.message.kind(), Kind::Gossip | Kind::Merkle);
            // What is held may be dropped by hand.
            let dropped = message.fate.is_some_and(|fate| fate.lost == Some(Loss::Dropped));
            assert!(under_way || dropped || held != message.fate.is_some(), "seed {seed}: {message:?}");
        }
    }
}
