//! What a node keeps when it stops: the one thing that outlives it.

use super::forwarded::Forwarded;
use super::membership::Members;
use super::store::Store;

/// A node's disk. Copying one costs nothing to speak of: its tables are shared until they change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    /// Versions by key.
    pub keys: Store,
    /// Forwarded puts and deletes that were taken charge of.
    pub forwarded: Forwarded,
    /// The members of the cluster, as far as this node has heard of them.
    pub members: Members,
}
