//! What can be done to a world, by a scenario's step or by a visitor's hand: the same type for both.

mod nodes;

use crate::delay::Delay;
use crate::setup::Ratio;
use crate::trace::MessageId;
use crate::workload::Workload;
use ringside_core::{
    Config, Detector, Key, Kind, NodeId, PendingAcks, Quorum, ReadRepair, Span, StreamFrom, Tombstones, Value,
};

/// One deliberate act.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A client asks a node.
    Operation(Operation),
    /// The node stops; what it has not stored is gone.
    Crash(NodeId),
    /// The node starts again on its disk, as a new actor. Does nothing to a node that runs.
    Restart(NodeId),
    /// The node starts again on an empty disk, as a new actor; if it runs, it crashes first.
    Wipe(NodeId),
    /// The node starts again, as a new actor, on its disk as it was when it last started; if it runs, it crashes first.
    RestartOld(NodeId),
    /// Only nodes of the same group reach each other; nodes in no group form one more. Replaces an earlier partition.
    Partition(Vec<Vec<NodeId>>),
    /// Changes a link, one way.
    Link(LinkChange),
    /// Ends the partition and every link change; holds stay.
    Heal,
    /// Messages that match are held from now on, until a release that covers them.
    Hold(Matcher),
    /// Ends the holds that this covers and sends what they held, in order, each with a fresh delay.
    Release(Matcher),
    /// The next `count` messages that match are lost.
    Drop {
        /// Which messages.
        matcher: Matcher,
        /// How many.
        count: u32,
    },
    /// The next `count` messages that match are sent twice.
    Duplicate {
        /// Which messages.
        matcher: Matcher,
        /// How many.
        count: u32,
    },
    /// The latest `count` messages that match are sent again, in the order in which they were sent.
    Replay {
        /// Which messages.
        matcher: Matcher,
        /// How many, at most [`Act::MAX_REPLAYED`].
        count: u32,
    },
    /// The next `count` messages that match arrive with a wrong checksum: their receiver notices and discards them.
    Corrupt {
        /// Which messages.
        matcher: Matcher,
        /// How many.
        count: u32,
    },
    /// The node does nothing until it is resumed; what reaches it waits. Its timers wait, too.
    Pause(NodeId),
    /// The node goes on, first with what has waited.
    Resume(NodeId),
    /// From now on messages from and to this node take so many times as long as they would.
    Slow {
        /// The node.
        node: NodeId,
        /// How many times as long, at least 1, which ends it.
        factor: u32,
    },
    /// The node's wall clock jumps.
    Skew {
        /// The node.
        node: NodeId,
        /// So many µs ahead; back if negative.
        by: i64,
    },
    /// From now on the node's wall clock runs at another rate.
    Drift {
        /// The node.
        node: NodeId,
        /// So many millionths faster; slower if negative. At most [`crate::clock::MAX_DRIFT`] either way.
        millionths: i32,
    },
    /// Clients begin to ask, and go on for a while.
    Workload(Workload),
    /// Changes settings of every node.
    Set(ConfigChange),
    /// A node compares its replicas with those of every peer now.
    Repair(NodeId),
    /// The node becomes a member of the cluster: it starts, if it does not run, and its operator tells it to join.
    Join(NodeId),
    /// The node hands over what it has, and is a member no more.
    Leave(NodeId),
    /// What is under way for this node is given up: its joining, leaving or replacing.
    Abort(NodeId),
    /// The node takes the place of a member that is dead.
    Replace {
        /// Whose place.
        dead: NodeId,
        /// Who takes it.
        new: NodeId,
    },
    /// Narration alone.
    Note,
    /// Changes what the network does to every message.
    Network(NetworkChange),
    /// Every workload that is under way ends: of its requests none is made any more.
    StopWorkloads,
    /// Something is done to one message that is under way or held; nothing, where it is neither any more.
    ToMessage {
        /// Which: numbers are given in the order of sending, so the same run gives the same.
        message: MessageId,
        /// What.
        deed: Deed,
    },
}

/// What can be done to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// It arrives now, before everything else, also where the network would have lost it by chance.
    Deliver,
    /// It is lost.
    Drop,
    /// It goes no farther until it is released, by itself or with others.
    Hold,
    /// It is held no more, and goes on its way with a fresh delay.
    Release,
    /// A copy of it is sent.
    Duplicate,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Deliver, Self::Drop, Self::Hold, Self::Release, Self::Duplicate];

    /// The key that it has in a scenario's step.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deliver => "deliver",
            Self::Drop => "drop",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Duplicate => "duplicate",
        }
    }
}

/// A client's operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Its name in the scenario, unique in a run.
    pub id: String,
    /// Who asks.
    pub client: String,
    /// The node that is asked.
    pub via: NodeId,
    /// The key.
    pub key: Key,
    /// What is asked.
    pub kind: OperationKind,
}

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Read the key.
    Get,
    /// Store a value.
    Put {
        /// The value.
        value: Value,
        /// The context it carries.
        context: Carried,
    },
    /// Store a tombstone.
    Delete {
        /// The context it carries.
        context: Carried,
    },
}

/// Which context a put or delete carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Carried {
    /// The join of all that this client received for the key.
    #[default]
    Session,
    /// None: the write is concurrent with everything.
    Nothing,
    /// What the operation of that name returned; nothing if it has returned nothing.
    Of(String),
}

/// A change of one link, one way. What is `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkChange {
    /// From this node …
    pub from: NodeId,
    /// … to this one.
    pub to: NodeId,
    /// How long messages take on it.
    pub delay: Option<Delay>,
    /// How many are lost on it.
    pub loss: Option<Ratio>,
    /// Whether nothing passes at all.
    pub cut: Option<bool>,
}

/// A change of the network as a whole. What is `None` stays as it is; links that were changed one by one keep that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NetworkChange {
    /// How long messages take, of whatever kind.
    pub delay: Option<Delay>,
    /// How many are lost.
    pub loss: Option<Ratio>,
    /// How many arrive twice.
    pub duplicate: Option<Ratio>,
}

/// Which messages; `None` matches anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Matcher {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// From this node.
    pub from: Option<NodeId>,
    /// To this node.
    pub to: Option<NodeId>,
}

/// New values for settings that may change live. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ConfigChange {
    /// Replicas of a key.
    pub n: Option<u32>,
    /// Replies a get waits for.
    pub r: Option<u32>,
    /// Acknowledgements a put waits for.
    pub w: Option<u32>,
    /// Whose answers count.
    pub quorum: Option<Quorum>,
    /// Entries kept in a version vector.
    pub clock_limit: Option<u32>,
    /// Read repair.
    pub read_repair: Option<ReadRepair>,
    /// Hinted handoff.
    pub hinted_handoff: Option<bool>,
    /// How long a hint is kept.
    pub hint_window: Option<Span>,
    /// Anti-entropy: its interval, or `Some(None)` for never.
    pub anti_entropy: Option<Option<Span>>,
    /// Gossip: its interval, or `Some(None)` for never.
    pub gossip: Option<Option<Span>>,
    /// Failure detector.
    pub failure_detector: Option<Detector>,
    /// Collection of tombstones.
    pub tombstones: Option<Tombstones>,
    /// Acknowledgements of owners that are still receiving their range.
    pub pending_acks: Option<PendingAcks>,
    /// Where ranges on the move are copied from.
    pub stream_from: Option<StreamFrom>,
    /// Time limit of a coordinator.
    pub timeout: Option<Span>,
}

impl Act {
    /// The most messages that one [`Act::Replay`] sends again.
    pub const MAX_REPLAYED: u32 = 1_000;

    /// The key that it has in a scenario's step.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Operation(operation) => match operation.kind {
                OperationKind::Get => "get",
                OperationKind::Put { .. } => "put",
                OperationKind::Delete { .. } => "delete",
            },
            Self::Crash(_) => "crash",
            Self::Restart(_) | Self::RestartOld(_) => "restart",
            Self::Wipe(_) => "wipe",
            Self::Partition(_) => "partition",
            Self::Link(_) => "link",
            Self::Heal => "heal",
            Self::Hold(_) => "hold",
            Self::Release(_) => "release",
            Self::Drop { .. } => "drop",
            Self::Duplicate { .. } => "duplicate",
            Self::Replay { .. } => "replay",
            Self::Corrupt { .. } => "corrupt",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::Slow { .. } => "slow",
            Self::Skew { .. } => "skew",
            Self::Drift { .. } => "drift",
            Self::Workload(_) | Self::StopWorkloads => "workload",
            Self::Network(_) => "network",
            Self::Set(_) => "set",
            Self::Repair(_) => "repair",
            Self::Join(_) => "join",
            Self::Leave(_) => "leave",
            Self::Abort(_) => "abort",
            Self::Replace { .. } => "replace",
            Self::Note => "note",
            Self::ToMessage { deed, .. } => deed.name(),
        }
    }

    /// The node that does not run any more, or not on, after this act: what it was doing is gone.
    #[must_use]
    pub const fn stops(&self) -> Option<NodeId> {
        if let Self::Crash(node) | Self::Wipe(node) | Self::RestartOld(node) = self {
            Some(*node)
        } else {
            None
        }
    }

    /// The node that runs after this act, on whichever disk.
    #[must_use]
    pub const fn starts(&self) -> Option<NodeId> {
        if let Self::Restart(node) | Self::Wipe(node) | Self::RestartOld(node) = self {
            Some(*node)
        } else {
            None
        }
    }
}

impl Matcher {
    /// Does it match a message of this kind on this link?
    #[must_use]
    pub fn matches(&self, kind: Kind, from: NodeId, to: NodeId) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
            && self.from.is_none_or(|wanted| wanted == from)
            && self.to.is_none_or(|wanted| wanted == to)
    }

    /// Does it match everything that `other` matches?
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        (self.kind.is_none() || self.kind == other.kind)
            && (self.from.is_none() || self.from == other.from)
            && (self.to.is_none() || self.to == other.to)
    }
}

impl ConfigChange {
    /// The settings after the change, always valid: N stays from 1 to [`Config::MAX_N`], R and W from 1 to N. So
    /// lowering N below R or W lowers them, too, and a sloppy quorum brings hinted handoff with it.
    #[must_use]
    pub fn apply(&self, config: &Config) -> Config {
        let n = self.n.unwrap_or(config.n).clamp(1, Config::MAX_N);
        let quorum = self.quorum.unwrap_or(config.quorum);
        let timeout = self.timeout.filter(|timeout| *timeout > Span::ZERO);
        Config {
            n,
            r: self.r.unwrap_or(config.r).clamp(1, n),
            w: self.w.unwrap_or(config.w).clamp(1, n),
            quorum,
            versions: config.versions,
            clock_limit: self.clock_limit.unwrap_or(config.clock_limit),
            counters: config.counters,
            read_repair: self.read_repair.unwrap_or(config.read_repair),
            hinted_handoff: self.hinted_handoff.unwrap_or(config.hinted_handoff) || quorum == Quorum::Sloppy,
            hint_window: self.hint_window.unwrap_or(config.hint_window),
            anti_entropy: self.anti_entropy.unwrap_or(config.anti_entropy),
            gossip: self.gossip.unwrap_or(config.gossip),
            failure_detector: self.failure_detector.unwrap_or(config.failure_detector),
            tombstones: self.tombstones.unwrap_or(config.tombstones),
            pending_acks: self.pending_acks.unwrap_or(config.pending_acks),
            stream_from: self.stream_from.unwrap_or(config.stream_from),
            timeout: timeout.unwrap_or(config.timeout),
            health: config.health,
        }
    }
}
