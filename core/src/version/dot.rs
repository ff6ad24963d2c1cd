//! A dot names one write event.

use crate::id::Actor;

/// One write: the `counter`-th that `actor` has minted, over all keys. Counters begin at 1 and are never reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// Who minted it.
    pub actor: Actor,
    /// How many dots the actor had then minted, this one included.
    pub counter: u64,
}
