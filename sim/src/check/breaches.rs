//! Where a run began to break what is broken at its end: what a viewer is told while it plays.

use super::{Claim, Judgement, Verdict};
use crate::recording::Recording;
use crate::trace::Event;
use ringside_core::Note;
use std::collections::{BTreeMap, BTreeSet};

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
}

/// Every claim that is broken at `position`, with the place where that began. Judges come to a verdict when a client has
/// its answer, or when a replica has stored something, so only those places are looked at, and of them as few as halving
/// needs.
#[must_use]
pub fn breaches(recording: &Recording, position: u64) -> Vec<Breach> {
    let broken_at = |position| -> Vec<Claim> {
        let judged = recording.judge(position);
        judged.iter().filter(|judged| judged.verdict == Verdict::Broken).map(|judged| judged.claim).collect()
    };
    let broken = broken_at(position);
    if broken.is_empty() {
        return Vec::new();
    }
    let mut places = BTreeSet::from([position]);
    let ends = recording.trace().ops.iter().filter_map(|op| op.end.as_ref()).map(|end| end.position);
    places.extend(ends.chain(stored(recording)).filter(|place| *place < position));
    let places: Vec<u64> = places.into_iter().collect();
    let mut seen = BTreeMap::from([(position, broken.clone())]);
    let mut is_broken = |claim, place| {
        let broken = seen.entry(place).or_insert_with(|| broken_at(place));
        broken.contains(&claim)
    };
    let mut first = |claim| {
        // Broken at the upper end, not yet broken below the lower one.
        let (mut low, mut high) = (0, places.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_broken(claim, places[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        places[high]
    };
    broken.into_iter().map(|claim| Breach { claim, position: first(claim) }).collect()
}

/// Where a replica or a holder of hints came to hold something else.
fn stored(recording: &Recording) -> impl Iterator<Item = u64> {
    let changes = |note: &Note| {
        matches!(
            note,
            Note::Stored { changed: true, .. }
                | Note::Minted { .. }
                | Note::HintMerged { changed: true, .. }
                | Note::HintStored { .. }
                | Note::HintDelivered { .. }
                | Note::HintExpired { .. }
                | Note::HintPassedOn { .. }
                | Note::HintLost { .. }
                | Note::HintReturned { .. }
        )
    };
    let stores = move |event: &Event| event.notes.iter().any(changes);
    (1..).zip(&recording.trace().events).filter(move |(_, event)| stores(event)).map(|(position, _)| position)
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
                assert_ne!(verdict(claim, position - 1), Verdict::Broken, "{name} {claim:?} {position}");
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
