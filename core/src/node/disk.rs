//! What a node keeps when it stops: the one thing that outlives it.

use super::store::Store;

/// A node's disk. Copying one costs nothing to speak of: its tables are persistent maps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    /// Versions by key.
    pub keys: Store,
}
