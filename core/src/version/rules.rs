//! The one place that knows which settings decide how versions are told apart.
//!
//! Mechanisms that merge, compare or make versions ask [`Rules`], never [`Siblings`] itself, so that a mode of the
//! contract holds everywhere or nowhere. It has no state: it is what a [`Config`] says of versions.

use super::siblings::Write;
use super::{Content, Dot, Siblings, VersionVector};
use crate::config::{Config, Counters, Versions};
use crate::id::Actor;
use crate::time::Time;

/// How versions are made, merged and compared under some settings. Cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rules {
    versions: Versions,
    clock_limit: u32,
    counters: Counters,
}

impl Rules {
    /// Dotted version vector sets, complete, with one counter an actor: what never errs.
    pub const DOTTED: Self =
        Self { versions: Versions::Dotted, clock_limit: 0, counters: Counters::PerActor };

    /// The rules that these settings make.
    #[must_use]
    pub const fn of(config: &Config) -> Self {
        let Config { versions, clock_limit, counters, .. } = *config;
        Self { versions, clock_limit, counters }
    }

    /// The dot of the next write of `actor`, which has minted `minted` so far. `held` is what it keeps of the key, and
    /// `seen` what the writer has seen of it.
    #[must_use]
    pub fn mint(self, actor: Actor, minted: u64, _held: &Siblings, _seen: &VersionVector) -> Dot {
        Dot { actor, counter: minted + 1 }
    }

    /// Adds a write to `held` by a client that had seen `seen`.
    ///
    /// # Panics
    /// When a dot is minted again that the rules allow once only; see [`Siblings::put`].
    pub fn put(self, held: &mut Siblings, write: Write, seen: &VersionVector, content: Content) {
        held.put(Write { wall: Time::ZERO, ..write }, seen, content);
    }

    /// Takes into `held` all that `other` knows. Associative, commutative and idempotent where the mode is sound.
    pub fn merge(self, held: &mut Siblings, other: &Siblings) {
        held.merge(other);
    }

    /// Would merging `other` into `held` change nothing?
    #[must_use]
    pub fn descends(self, held: &Siblings, other: &Siblings) -> bool {
        held.descends(other)
    }
}
