//! `versions = "plain"`: version vectors of the servers, one for all siblings of a key, as Dynamo §4.4 has them.
//!
//! The vector says what a set knows, and not which of its versions is which write. So a put either has seen all that
//! is there and replaces all, or it replaces nothing, not even what it has seen; and of two sets one covers the other
//! and wins whole, or all versions of both stay. Siblings that everyone has long overwritten pile up. As long as vectors
//! are complete nothing is lost that nobody has seen; with `clock_limit` a set may seem to cover what it never met.

use super::siblings::Write;
use super::{Content, Siblings, VersionVector, truncated};

pub(super) fn put(held: &mut Siblings, write: Write, seen: &VersionVector, content: Content) {
    let has_seen_all = seen.descends(&held.clock);
    held.retain(|_| !has_seen_all);
    held.clock.join(seen);
    held.clock.add(write.dot);
    held.add(write, seen, content);
}

pub(super) fn merge(held: &mut Siblings, other: &Siblings, limit: u32) {
    match (held.clock.descends(&other.clock), other.clock.descends(&held.clock)) {
        (true, false) => {}
        (false, true) => held.clone_from(other),
        // Alike, and yet they may hold different versions: all of them stay, as for two that are concurrent.
        (true, true) | (false, false) => {
            for theirs in other.versions.iter() {
                if !held.has(theirs.dot) {
                    held.insert(theirs.clone());
                }
            }
            held.clock.join(&other.clock);
        }
    }
    truncated::truncate(&mut held.clock, limit);
}
