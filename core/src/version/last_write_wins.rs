//! `versions = "last-write-wins"`: one version a key, the one whose coordinator's wall clock showed the latest time,
//! ties by actor.
//!
//! A total order, so replicas agree whatever happens, and a silent loss wherever two writes are concurrent or a clock is
//! wrong: a write through a node whose clock is behind is acknowledged and thrown away. The clock of a set is what the
//! kept version stands for, and no more: who reads it has not seen what it pushed out.

use super::siblings::Write;
use super::{Content, Dot, Siblings, VersionVector, truncated};
use crate::time::Time;

pub(super) fn put(held: &mut Siblings, write: Write, seen: &VersionVector, content: Content) {
    let mut alone = Siblings::new();
    alone.clock.join(seen);
    alone.clock.add(write.dot);
    alone.add(write, seen, content);
    if rank(&alone) > rank(held) {
        *held = alone;
    }
}

pub(super) fn merge(held: &mut Siblings, other: &Siblings, limit: u32) {
    if rank(other) > rank(held) {
        held.clone_from(other);
    } else if rank(other) == rank(held) {
        held.clock.join(&other.clock);
    }
    truncated::truncate(&mut held.clock, limit);
}

/// What decides: the time, then the actor, then, for one actor in one microsecond, its later write. Dots that repeat
/// leave it to the content.
fn rank(set: &Siblings) -> Option<(Time, Dot, &Content)> {
    set.versions().iter().map(|version| (version.wall, version.dot, &version.content)).max()
}
