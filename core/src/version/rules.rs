//! The one place that knows which settings decide how versions are told apart.
//!
//! Mechanisms that merge, compare or make versions ask [`Rules`], never [`Siblings`] itself, so that a mode of the
//! contract holds everywhere or nowhere. It has no state: it is what a [`Config`] says of versions.

use super::siblings::Write;
use super::{Content, Dot, Siblings, VersionVector, last_write_wins, per_key, plain, truncated};
use crate::config::{Config, Counters, Versions};
use crate::id::Actor;
use crate::mutant::{Health, Mutant};
use crate::time::Time;

/// How versions are made, merged and compared under some settings. Cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    versions: Versions,
    clock_limit: u32,
    counters: Counters,
    health: Health,
}

impl Rules {
    /// Dotted version vector sets, complete, with one counter an actor: what never errs.
    pub const DOTTED: Self = Self {
        versions: Versions::Dotted,
        clock_limit: 0,
        counters: Counters::PerActor,
        health: Health::SOUND,
    };

    /// The rules that these settings make.
    #[must_use]
    pub const fn of(config: &Config) -> Self {
        let Config { versions, clock_limit, counters, health, .. } = *config;
        Self { versions, clock_limit, counters, health }
    }

    /// The dot of the next write of `actor`, which has minted `minted` so far. `held` is what it keeps of the key, and
    /// `seen` what the writer has seen of it.
    #[must_use]
    pub fn mint(self, actor: Actor, minted: u64, held: &Siblings, seen: &VersionVector) -> Dot {
        match self.counters {
            Counters::PerActor => Dot { actor, counter: minted + 1 },
            Counters::PerKey => per_key::mint(actor, held, seen),
        }
    }

    /// Adds a write to `held` by a client that had seen `seen`.
    ///
    /// # Panics
    /// When a dot is minted that `held` or `seen` covers; see [`Siblings::put`].
    pub fn put(self, held: &mut Siblings, write: Write, seen: &VersionVector, content: Content) {
        let everything = self.broken(Mutant::DropsUnseenSiblings).then(|| held.clock().clone());
        let nothing = self.broken(Mutant::KeepsSeenSiblings).then(VersionVector::new);
        let seen = everything.as_ref().or(nothing.as_ref()).unwrap_or(seen);
        let timeless = Write { wall: Time::ZERO, ..write };
        match self.versions {
            Versions::Dotted => held.put(timeless, seen, content),
            Versions::Plain => plain::put(held, timeless, seen, content),
            Versions::LastWriteWins => last_write_wins::put(held, write, seen, content),
        }
        if self.clock_limit > 0 && held.clock().covers(write.dot) {
            truncated::minted(&mut held.clock, write.dot, write.wall, self.clock_limit);
        }
    }

    /// Are nodes broken in this way? Never outside of tests.
    #[must_use]
    pub(crate) const fn broken(self, mutant: Mutant) -> bool {
        self.health.is(mutant)
    }

    /// Takes into `held` all that `other` knows. Associative, commutative and idempotent where the mode is sound;
    /// commutative and idempotent always.
    pub fn merge(self, held: &mut Siblings, other: &Siblings) {
        let before = self.broken(Mutant::IgnoresClocks).then(|| held.clone());
        match self.versions {
            Versions::Dotted if self.clock_limit == 0 && !held.is_truncated() && !other.is_truncated() => {
                held.merge(other);
            }
            Versions::Dotted => truncated::merge(held, other, self.clock_limit),
            Versions::Plain => plain::merge(held, other, self.clock_limit),
            Versions::LastWriteWins => last_write_wins::merge(held, other, self.clock_limit),
        }
        if let Some(before) = before {
            held.take_back(&before);
        }
    }

    /// Would merging `other` into `held` change nothing?
    #[must_use]
    pub fn descends(self, held: &Siblings, other: &Siblings) -> bool {
        if self == Self::DOTTED && !held.is_truncated() && !other.is_truncated() {
            return held.descends(other);
        }
        let mut merged = held.clone();
        self.merge(&mut merged, other);
        merged == *held
    }
}
