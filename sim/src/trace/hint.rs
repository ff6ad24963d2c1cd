//! What becomes of hints.

use ringside_core::{Key, NodeId};

/// Who keeps a write for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hinted {
    /// The fallback that keeps it.
    pub holder: NodeId,
    /// The replica that it is for.
    pub owner: NodeId,
}

/// Something that became of a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HintRecord {
    /// The position from which on it is so.
    pub position: u64,
    /// Who keeps the hint.
    pub holder: NodeId,
    /// Whom it is for.
    pub owner: NodeId,
    /// The key.
    pub key: Key,
    /// What became of it.
    pub fact: HintFact,
}

/// What may become of a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HintFact {
    /// It was stored.
    Stored {
        /// It merged with an earlier one for the same owner and key, and superseded that.
        superseding: bool,
    },
    /// The owner merged it.
    Merged,
    /// The owner's acknowledgement came, and it was deleted.
    Delivered,
    /// Hints for those who own the key now superseded it.
    PassedOn,
    /// Its window ended.
    Expired,
    /// The holder's disk went.
    Lost,
    /// It is on an old disk that was put back: it counts as stored anew.
    Returned,
}
