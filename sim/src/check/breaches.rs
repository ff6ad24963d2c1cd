//! Where a run began to break what is broken at its end: what a viewer is told while it plays.

use super::{Claim, Judgement, Verdict};
use crate::recording::Recording;
use std::collections::BTreeMap;

/// A claim that held, or could not be judged, until an event broke it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The claim.
    pub claim: Claim,
    /// The position after that event: the end of a request, a change at a replica, or where the judging ended.
    pub position: u64,
}

/// What the judges say of a run, in a form that a viewer of it can do with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Each claim at one position, in the order of [`Claim::ALL`].
    pub judgements: Vec<Judgement>,
    /// What the run breaks as far as it is known, in the order of [`Claim::ALL`].
    pub breaches: Vec<Breach>,
    /// The tasks of the lesson: for each stop, whether what it asks for is done at that position. See
    /// [`lesson::done`](super::lesson::done).
    pub tasks: Vec<Option<bool>>,
}

/// Every claim that is broken at `position`, with an event that broke it: before it the claim was not broken, after it it
/// is. Found by halving, so that few positions are judged; of a claim that heals and breaks again, that is one such event.
#[must_use]
pub fn breaches(recording: &Recording, position: u64) -> Vec<Breach> {
    let broken_at = |position| -> Vec<Claim> {
        let judged = recording.judge(position);
        judged.iter().filter(|judged| judged.verdict == Verdict::Broken).map(|judged| judged.claim).collect()
    };
    let broken = broken_at(position);
    let mut seen = BTreeMap::from([(position, broken.clone())]);
    let mut first = |claim| {
        // Nothing is broken before anything has happened.
        let (mut sound, mut end) = (0, position);
        while end - sound > 1 {
            let middle = u64::midpoint(sound, end);
            if seen.entry(middle).or_insert_with(|| broken_at(middle)).contains(&claim) {
                end = middle;
            } else {
                sound = middle;
            }
        }
        end
    };
    broken.into_iter().map(|claim| Breach { claim, position: first(claim) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{BUILTIN, Scenario, builtin};

    fn run(text: &str) -> Recording {
        let mut recording = Recording::new(Scenario::parse(text).unwrap());
        recording.run_to_end();
        recording
    }

    #[test]
    fn a_breach_is_where_the_verdict_turns() {
        let mut found = 0;
        for (name, text) in BUILTIN {
            let recording = run(text);
            let verdict = |claim, position| {
                let judged = recording.judge(position);
                judged.iter().find(|judged| judged.claim == claim).expect("all are judged").verdict
            };
            for Breach { claim, position } in breaches(&recording, recording.len()) {
                assert_eq!(verdict(claim, position), Verdict::Broken, "{name}");
                assert_ne!(verdict(claim, position - 1), Verdict::Broken, "{name}");
                found += 1;
            }
        }
        assert!(found > 0, "some story breaks something");
    }

    #[test]
    fn nothing_is_broken_before_it_happens() {
        let recording = run(builtin("not-linearizable").unwrap());
        let whole = breaches(&recording, recording.len());
        let claims: Vec<Claim> = whole.iter().map(|breach| breach.claim).collect();
        assert!(claims.contains(&Claim::Linearizable), "{whole:?}");
        let first = whole.iter().map(|breach| breach.position).min().unwrap();
        assert_eq!(breaches(&recording, first - 1), []);
        assert!(!breaches(&recording, first).is_empty());
    }
}
