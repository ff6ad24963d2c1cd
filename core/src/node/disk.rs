//! What a node keeps when it stops: the one thing that outlives it.

use super::forwarded::Forwarded;
use super::hints::Hints;
use super::membership::Members;
use super::store::Store;
use super::transfer::Owed;
use crate::id::Key;
use crate::version::{Rules, Siblings};

/// A node's disk. Copying one costs nothing to speak of: its tables are shared until they change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    /// Versions by key.
    pub keys: Store,
    /// Forwarded puts and deletes that were taken charge of.
    pub forwarded: Forwarded,
    /// The members of the cluster, as far as this node has heard of them.
    pub members: Members,
    /// Versions that it keeps for others.
    pub hints: Hints,
    /// What it owes those who own keys that it has.
    pub owed: Owed,
}

impl Disk {
    /// All that it holds for `key`: as a replica, and as a holder of hints, merged by these rules.
    #[must_use]
    pub fn held(&self, rules: Rules, key: &Key) -> Siblings {
        let mut held = self.keys.get(key).cloned().unwrap_or_default();
        for (_, hint) in self.hints.of_key(key) {
            rules.merge(&mut held, &hint.versions);
        }
        held
    }
}
