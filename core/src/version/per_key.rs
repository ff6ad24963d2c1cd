//! `counters = "per-key"`: an actor counts its writes of each key, by what it still knows of the key. Unsafe.
//!
//! Once a tombstone is collected nothing is known of the key any more, and the counter starts again. A replica that still
//! has the old tombstone then believes that it has met the new writes long ago, and drops them.

use super::{Dot, Siblings, VersionVector};
use crate::id::Actor;

/// One more than `actor` has counted, as far as `held` and the writer's context tell.
pub(super) fn mint(actor: Actor, held: &Siblings, seen: &VersionVector) -> Dot {
    let own = held.versions().iter().map(|version| version.dot).filter(|dot| dot.actor == actor);
    let known = held.clock().get(actor).max(seen.get(actor));
    Dot { actor, counter: own.map(|dot| dot.counter).fold(known, u64::max) + 1 }
}
