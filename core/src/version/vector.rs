//! Version vectors: for each actor, how many of its writes are covered.

use super::dot::Dot;
use super::truncated::Times;
use crate::id::Actor;
use core::hash::{Hash, Hasher};
use smallvec::SmallVec;

/// A set of dots that is closed downwards: with a dot of an actor it covers all earlier dots of that actor *on the
/// same key*. Sorted by actor, without zero entries, so that equal sets are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionVector {
    entries: SmallVec<[(Actor, u64); 5]>,
    /// Only where clocks are truncated.
    pub(super) times: Times,
}

impl Hash for VersionVector {
    /// Times that no rule looks at leave no mark.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.entries.hash(state);
        if !self.times.is_empty() {
            self.times.hash(state);
        }
    }
}

impl VersionVector {
    /// Covers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { entries: SmallVec::new(), times: Times::new() }
    }

    /// The highest covered counter of `actor`, 0 if none.
    #[must_use]
    pub fn get(&self, actor: Actor) -> u64 {
        self.find(actor).map_or(0, |at| self.entries[at].1)
    }

    /// Does it cover this write?
    #[must_use]
    pub fn covers(&self, dot: Dot) -> bool {
        self.get(dot.actor) >= dot.counter
    }

    /// Does it cover everything that `other` covers?
    #[must_use]
    pub fn descends(&self, other: &Self) -> bool {
        other.iter().all(|dot| self.covers(dot))
    }

    /// Covers this write, and the same actor's earlier ones, from now on.
    pub fn add(&mut self, dot: Dot) {
        match self.find(dot.actor) {
            Ok(at) => self.entries[at].1 = self.entries[at].1.max(dot.counter),
            Err(at) => self.entries.insert(at, (dot.actor, dot.counter)),
        }
    }

    /// Covers what either covers: the least upper bound.
    pub fn join(&mut self, other: &Self) {
        for dot in other.iter() {
            self.add(dot);
        }
        self.times.join(&other.times);
    }

    /// Covers no write of the actors of `dots` any more.
    pub(super) fn forget(&mut self, dots: &[Dot]) {
        self.entries.retain(|entry| dots.iter().all(|dot| dot.actor != entry.0));
    }

    /// The highest dot of each actor, in the order of actors.
    pub fn iter(&self) -> impl Iterator<Item = Dot> + '_ {
        self.entries.iter().map(|&(actor, counter)| Dot { actor, counter })
    }

    /// Does it cover nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many actors it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    fn find(&self, actor: Actor) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&actor, |entry| entry.0)
    }
}

impl FromIterator<Dot> for VersionVector {
    fn from_iter<T: IntoIterator<Item = Dot>>(dots: T) -> Self {
        let mut vector = Self::new();
        for dot in dots {
            vector.add(dot);
        }
        vector
    }
}
