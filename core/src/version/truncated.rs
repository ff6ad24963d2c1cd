//! `clock_limit`: version vectors that forget (Dynamo §4.4, "clock truncation").
//!
//! Beyond the limit the oldest entries go: by the time of the write that the entry names, as its coordinator's wall
//! clock showed it, then by actor, so that every replica drops the same ones. The times travel with the vector. A
//! vector that has forgotten covers less than its owner has met, so a merge here cannot rely on a set's clock covering
//! its own dots: an ancestor that comes back looks concurrent, and stays beside its descendants.

use super::{Dot, Siblings, VersionVector};
use crate::order::by_number;
use crate::time::Time;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// When the writes were made that a version vector names; empty, and without any cost, where no limit is set.
/// At most one dot an actor, sorted by actor.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Times(Option<Arc<Vec<(Dot, Time)>>>);

impl Times {
    pub(super) const fn new() -> Self {
        Self(None)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// When that write was made; [`Time::ZERO`] where it is not known.
    fn of(&self, dot: Dot) -> Time {
        let known = self.0.iter().flat_map(|times| times.iter());
        known.filter(|(known, _)| *known == dot).map(|(_, time)| *time).max().unwrap_or(Time::ZERO)
    }

    /// That write was made then. Of each actor the latest write counts.
    fn note(&mut self, dot: Dot, time: Time) {
        let times = Arc::make_mut(self.0.get_or_insert_default());
        match times.binary_search_by_key(&dot.actor, |(known, _)| known.actor) {
            Ok(at) if times[at].0.counter < dot.counter => times[at] = (dot, time),
            Ok(_) => {}
            Err(at) => times.insert(at, (dot, time)),
        }
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (dot, time) in other.0.iter().flat_map(|times| times.iter()) {
            self.note(*dot, *time);
        }
    }

    fn forget(&mut self, dots: &[Dot]) {
        if let Some(times) = &mut self.0 {
            let forgotten = |known: Dot| dots.iter().any(|dot| dot.actor == known.actor);
            Arc::make_mut(times).retain(|(known, _)| !forgotten(*known));
        }
    }
}

/// Notes when the write was made that `clock` has just come to cover, and forgets what is beyond the limit.
pub(super) fn minted(clock: &mut VersionVector, dot: Dot, wall: Time, limit: u32) {
    clock.times.note(dot, wall);
    truncate(clock, limit);
}

/// Drops the oldest entries until at most `limit` are left; 0 keeps all.
pub(super) fn truncate(clock: &mut VersionVector, limit: u32) {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(too_many) = clock.len().checked_sub(most).filter(|beyond| limit > 0 && *beyond > 0) else {
        return;
    };
    // In the order of actors, which the sort keeps among entries of one time.
    let mut dots: Vec<Dot> = clock.iter().collect();
    by_number(&mut dots, |dot| clock.times.of(*dot).as_micros());
    dots.truncate(too_many);
    clock.forget(&dots);
    clock.times.forget(&dots);
}

/// [`Siblings::merge`] for sets whose clocks may not cover all that they hold.
pub(super) fn merge(held: &mut Siblings, other: &Siblings, limit: u32) {
    let before = held.clock.clone();
    held.retain(|mine| !other.clock.covers(mine.dot) || other.has(mine.dot));
    for theirs in other.versions.iter() {
        if !before.covers(theirs.dot) && !held.has(theirs.dot) {
            held.insert(theirs.clone());
        }
    }
    held.clock.join(&other.clock);
    truncate(&mut held.clock, limit);
}
