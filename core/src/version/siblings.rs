//! What a replica keeps for a key: the concurrent versions, and the clock of all it has seen.
//!
//! A dotted version vector set: each sibling has its own dot, and one version vector covers every write this set
//! has ever met, overwritten ones included. That is what lets [`Siblings::merge`] tell a write that the other side
//! has *seen and dropped* from one it has *never met*. Merging is associative, commutative and idempotent.
//! Without explicit dots siblings cannot be told apart, and explode or vanish.

use super::{Dot, VersionVector};
use crate::hash::Fingerprint;
use crate::id::{RequestId, Value};
use crate::time::Time;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// The content of one version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// A value was put.
    Value(Value),
    /// The key was deleted; the tombstone is kept so that older versions cannot return.
    Tombstone,
}

impl Content {
    /// How many bytes the value has; a tombstone has none.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Value(value) => value.as_str().len(),
            Self::Tombstone => 0,
        }
    }
}

/// A write that is being made: its name, and what some rules need to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write {
    /// The write event.
    pub dot: Dot,
    /// The put or delete that asked for it.
    pub request: RequestId,
    /// What the coordinator's wall clock showed, where the rules look at it, else [`Time::ZERO`].
    pub wall: Time,
}

impl From<Dot> for Write {
    /// A write that no client's request stands behind, without a time.
    fn from(dot: Dot) -> Self {
        Self { dot, request: RequestId(0), wall: Time::ZERO }
    }
}

/// One of the concurrent versions of a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The write that made it.
    pub dot: Dot,
    /// The put or delete that made it. Judges know a write by it where dots repeat; the protocol never compares it.
    pub request: RequestId,
    /// What its coordinator's wall clock showed, under rules that look at it, else [`Time::ZERO`].
    pub wall: Time,
    /// What that write saw: the context it carried.
    pub seen: VersionVector,
    /// What was written.
    pub content: Content,
    /// Of all that the protocol compares. Made once, since every message that carries the version is fingerprinted.
    fingerprint: u64,
}

impl Version {
    fn new(write: Write, seen: VersionVector, content: Content) -> Self {
        let Write { dot, request, wall } = write;
        let mut print = Fingerprint::default();
        (dot, wall, &seen, &content).hash(&mut print);
        Self { dot, request, wall, seen, content, fingerprint: print.finish() }
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.fingerprint);
    }
}

/// All that is known of a key at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Siblings {
    pub(super) clock: VersionVector,
    /// Sorted by dot; every dot is covered by `clock`. Shared by copies, the list as long as nobody changes it and each
    /// version for ever: messages and replicas carry the same ones.
    pub(super) versions: Arc<Vec<Arc<Version>>>,
}

impl Siblings {
    /// Nothing was ever written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every write this set has met.
    #[must_use]
    pub const fn clock(&self) -> &VersionVector {
        &self.clock
    }

    /// The concurrent versions, tombstones included, in the order of their dots.
    #[must_use]
    pub fn versions(&self) -> &[Arc<Version>] {
        &self.versions
    }

    /// The concurrent values, in the order of their dots; tombstones are no values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.versions.iter().filter_map(|version| match &version.content {
            Content::Value(value) => Some(value),
            Content::Tombstone => None,
        })
    }

    /// The same without these versions, which count as overwritten.
    #[must_use]
    pub(crate) fn without(&self, gone: impl Fn(&Version) -> bool) -> Self {
        let mut left = self.clone();
        left.retain(|version| !gone(version));
        left
    }

    /// Was anything ever written?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.clock.is_empty()
    }

    /// A write by a client that had seen `seen`: drops what `seen` covers, keeps the rest, adds the new
    /// version. With an empty `seen` the write is concurrent with everything.
    ///
    /// ```
    /// use ringside_core::{Actor, Content, Dot, NodeId, Siblings, Value, VersionVector};
    /// let actor = Actor { node: NodeId(0), boot: 0 };
    /// let value = |text| Content::Value(Value::new(text));
    /// let mut cart = Siblings::new();
    /// cart.put(Dot { actor, counter: 1 }, &VersionVector::new(), value("milk"));
    /// let seen = cart.clock().clone();
    /// cart.put(Dot { actor, counter: 2 }, &VersionVector::new(), value("eggs"));
    /// assert_eq!(cart.versions().len(), 2, "neither had seen the other");
    /// cart.put(Dot { actor, counter: 3 }, &seen, value("milk and tea"));
    /// let left: Vec<_> = cart.values().map(Value::as_str).collect();
    /// assert_eq!(left, ["eggs", "milk and tea"]);
    /// ```
    ///
    /// # Panics
    /// When the dot is already covered: a dot names one write only, and minting it again would lose one.
    pub fn put(&mut self, write: impl Into<Write>, seen: &VersionVector, content: Content) {
        let write = write.into();
        let dot = write.dot;
        assert!(!self.clock.covers(dot) && !seen.covers(dot), "a dot is minted once");
        self.retain(|version| !seen.covers(version.dot));
        self.clock.join(seen);
        self.clock.add(dot);
        self.add(write, seen, content);
    }

    /// Takes in all that `other` knows. A version stays if both have it, or if one has it and the other has never
    /// met it.
    pub fn merge(&mut self, other: &Self) {
        if other.descends(self) {
            self.clone_from(other);
            return;
        }
        self.retain(|mine| !other.clock.covers(mine.dot) || other.has(mine.dot));
        for theirs in other.versions.iter() {
            if !self.clock.covers(theirs.dot) {
                self.insert(theirs.clone());
            }
        }
        self.clock.join(&other.clock);
    }

    /// Does it know all that `other` knows? Then merging `other` would change nothing.
    #[must_use]
    pub fn descends(&self, other: &Self) -> bool {
        self.clock.descends(&other.clock) && self.nothing_dropped_by(other)
    }

    /// Has `other` dropped none of what this one still has? Both are sorted, so they are gone through side by side.
    fn nothing_dropped_by(&self, other: &Self) -> bool {
        let mut theirs = other.versions.iter().peekable();
        self.versions.iter().all(|mine| {
            if theirs.next_if(|theirs| Arc::ptr_eq(theirs, mine)).is_some() {
                return true;
            }
            while theirs.next_if(|theirs| theirs.dot < mine.dot).is_some() {}
            theirs.peek().is_some_and(|theirs| theirs.dot == mine.dot) || !other.clock.covers(mine.dot)
        })
    }

    /// Was there ever a limit to its clock? Then the clock may not cover all that the set holds.
    pub(super) const fn is_truncated(&self) -> bool {
        !self.clock.times.is_empty()
    }

    pub(super) fn has(&self, dot: Dot) -> bool {
        self.versions.binary_search_by_key(&dot, |version| version.dot).is_ok()
    }

    pub(super) fn retain(&mut self, stays: impl Fn(&Version) -> bool) {
        if !self.versions.iter().all(|version| stays(version)) {
            Arc::make_mut(&mut self.versions).retain(|version| stays(version));
        }
    }

    /// Holds all versions again that `earlier` held: what only a broken node does.
    pub(super) fn take_back(&mut self, earlier: &Self) {
        for version in earlier.versions.iter() {
            if !self.has(version.dot) {
                self.insert(Arc::clone(version));
            }
        }
    }

    /// Adds what a write wrote.
    pub(super) fn add(&mut self, write: Write, seen: &VersionVector, content: Content) {
        self.insert(Arc::new(Version::new(write, seen.clone(), content)));
    }

    pub(super) fn insert(&mut self, version: Arc<Version>) {
        let versions = Arc::make_mut(&mut self.versions);
        let at = versions.partition_point(|other| other.dot < version.dot);
        versions.insert(at, version);
    }
}
