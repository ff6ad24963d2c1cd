//! What nodes say to each other.

use super::anti_entropy::{Comparison, ExchangeId};
use super::gossip::Exchange;
use super::outbox::Request;
use super::tombstones::Tombstone;
use super::transfer::Transfer;
use crate::id::{Key, NodeId, RequestId};
use crate::version::Siblings;
use alloc::vec::Vec;

/// A message with its addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Envelope {
    /// Who sent it.
    pub from: NodeId,
    /// Whom it is for.
    pub to: NodeId,
    /// The epoch of the plan that the sender follows.
    pub epoch: u32,
    /// What it says.
    pub message: Message,
}

/// What a message says. Replica messages carry **resulting versions**, never a bare value: replicas merge, they
/// never overwrite.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Coordinator to replica: merge these versions and acknowledge.
    Write {
        /// The put or delete it belongs to.
        request: RequestId,
        /// The key.
        key: Key,
        /// What the coordinator holds after its own write.
        versions: Siblings,
        /// The owner for which the receiver is to keep them as a hint; none if it is itself a replica of the key.
        hint_for: Option<NodeId>,
    },
    /// Replica to coordinator: merged.
    WriteAck {
        /// The put or delete it belongs to.
        request: RequestId,
    },
    /// Coordinator to replica: what do you hold?
    Read {
        /// The get it belongs to.
        request: RequestId,
        /// The key.
        key: Key,
    },
    /// Replica to coordinator: this. Nothing at all is an answer, too.
    ReadReply {
        /// The get it belongs to.
        request: RequestId,
        /// What the replica holds.
        versions: Siblings,
    },
    /// A node that is no replica of the key passes the whole request on, once.
    Forward {
        /// The request as the client made it.
        request: Request,
    },
    /// Coordinator to a replica that lags behind what a get found: merge these versions.
    Repair {
        /// The get that found out.
        request: RequestId,
        /// The key.
        key: Key,
        /// What the get found.
        versions: Siblings,
    },
    /// Replica to coordinator: repaired.
    RepairAck {
        /// The get it belongs to.
        request: RequestId,
    },
    /// Holder to owner: these are yours, merge them and acknowledge.
    Hint {
        /// The number of the batch: the holder uses one for the same hints only, across its starts, too.
        batch: u64,
        /// The hints, at most [`super::batch::MAX_BATCH`].
        hints: Vec<(Key, Siblings)>,
    },
    /// Owner to holder: merged.
    HintAck {
        /// The number of the batch.
        batch: u64,
        /// The keys of those that it would not take.
        refused: Vec<Key>,
    },
    /// One of the three messages of an exchange of gossip.
    Gossip(Exchange),
    /// Between two replicas that compare what they share: one step of it.
    Merkle {
        /// Which comparison it belongs to.
        exchange: ExchangeId,
        /// The step.
        comparison: Comparison,
    },
    /// First owner of a deleted key to a member: confirm that its tombstone may go, or drop it.
    Collect {
        /// Which tombstone.
        tombstone: Tombstone,
    },
    /// Member to first owner: so be it, or not.
    CollectAck {
        /// What was asked.
        tombstone: Tombstone,
        /// May it go, as far as this member knows?
        confirmed: bool,
    },
    /// Replica to coordinator, in place of an answer that would count: the key is not this node's to answer for.
    NotServed {
        /// The request.
        request: RequestId,
        /// Was it a read, or a write (which it has merged all the same)?
        read: bool,
        /// Why.
        why: Unserved,
    },
    /// Keys on their way to another owner.
    Transfer(Transfer),
    /// A new owner to whoever owed it keys: merged.
    TransferAck {
        /// The number of the batch.
        batch: u64,
    },
}

/// Why a replica does not answer for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unserved {
    /// It is going to own it, and does not have all of it yet.
    NotReady,
    /// It does not own it any more.
    Moved,
}

/// The kind of a message, by the name that scenarios and metrics use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `write`
    Write,
    /// `write-ack`
    WriteAck,
    /// `read`
    Read,
    /// `read-reply`
    ReadReply,
    /// `forward`
    Forward,
    /// `repair`
    Repair,
    /// `repair-ack`
    RepairAck,
    /// `hint`: the way home; storing one is a `write`.
    Hint,
    /// `hint-ack`
    HintAck,
    /// `gossip`
    Gossip,
    /// `merkle`
    Merkle,
    /// `collect`
    Collect,
    /// `collect-ack`
    CollectAck,
    /// `transfer`
    Transfer,
    /// `transfer-ack`
    TransferAck,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Self; 15] = [
        Self::Write,
        Self::WriteAck,
        Self::Read,
        Self::ReadReply,
        Self::Forward,
        Self::Repair,
        Self::RepairAck,
        Self::Hint,
        Self::HintAck,
        Self::Gossip,
        Self::Merkle,
        Self::Collect,
        Self::CollectAck,
        Self::Transfer,
        Self::TransferAck,
    ];

    /// Its name in scenarios, traces and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::WriteAck => "write-ack",
            Self::Read => "read",
            Self::ReadReply => "read-reply",
            Self::Forward => "forward",
            Self::Repair => "repair",
            Self::RepairAck => "repair-ack",
            Self::Hint => "hint",
            Self::HintAck => "hint-ack",
            Self::Gossip => "gossip",
            Self::Merkle => "merkle",
            Self::Collect => "collect",
            Self::CollectAck => "collect-ack",
            Self::Transfer => "transfer",
            Self::TransferAck => "transfer-ack",
        }
    }
}

impl Message {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Write { .. } => Kind::Write,
            Self::WriteAck { .. } => Kind::WriteAck,
            Self::Read { .. } => Kind::Read,
            Self::ReadReply { .. } => Kind::ReadReply,
            Self::Forward { .. } => Kind::Forward,
            Self::Repair { .. } => Kind::Repair,
            Self::RepairAck { .. } => Kind::RepairAck,
            Self::Hint { .. } => Kind::Hint,
            Self::HintAck { .. } => Kind::HintAck,
            Self::Gossip(_) => Kind::Gossip,
            Self::Merkle { .. } => Kind::Merkle,
            Self::Collect { .. } => Kind::Collect,
            Self::CollectAck { .. } => Kind::CollectAck,
            Self::NotServed { read: true, .. } => Kind::ReadReply,
            Self::NotServed { read: false, .. } => Kind::WriteAck,
            Self::Transfer(_) => Kind::Transfer,
            Self::TransferAck { .. } => Kind::TransferAck,
        }
    }

    /// The request it belongs to; none for what nodes say to each other on their own account.
    #[must_use]
    pub const fn request(&self) -> Option<RequestId> {
        match self {
            Self::Write { request, .. }
            | Self::WriteAck { request }
            | Self::Read { request, .. }
            | Self::ReadReply { request, .. }
            | Self::Repair { request, .. }
            | Self::RepairAck { request }
            | Self::NotServed { request, .. } => Some(*request),
            Self::Forward { request } => Some(request.id),
            Self::Hint { .. } | Self::HintAck { .. } => None,
            Self::Gossip(_)
            | Self::Merkle { .. }
            | Self::Collect { .. }
            | Self::CollectAck { .. }
            | Self::Transfer(_)
            | Self::TransferAck { .. } => None,
        }
    }
}
