//! Operations of clients: what was asked, by whom, and how it ended.

use super::{Hinted, MessageId};
use crate::causality::{WriteId, Writes};
use ringside_core::{Context, Dot, Key, NodeId, RequestId, Siblings, Time, Value};
use std::sync::Arc;

/// An operation of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// Its number, in the order of invocation from 0.
    pub request: RequestId,
    /// Its name.
    pub id: String,
    /// Who asked.
    pub client: String,
    /// The key.
    pub key: Key,
    /// What was asked.
    pub kind: OpKind,
    /// Whom.
    pub via: NodeId,
    /// The context that a put or delete carried.
    pub carried: Option<Context>,
    /// The writes of its key that this context truly covers, by the simulator's own record.
    pub saw: Arc<Writes>,
    /// When it was asked.
    pub start: Time,
    /// The position that the invocation leads to.
    pub start_at: u64,
    /// Who coordinated it, and from which position on.
    pub coordinator: Option<(NodeId, u64)>,
    /// The dot that a put or delete was given, and from which position on.
    pub dot: Option<(Dot, u64)>,
    /// The true name of the write that has this dot.
    pub write: Option<WriteId>,
    /// What the coordinator of a get held itself when it took charge.
    pub own: Option<Siblings>,
    /// The messages that were sent on behalf of it, in order.
    pub sent: Vec<MessageId>,
    /// The hints that were stored for it, each with the position from which on it was.
    pub hinted: Vec<(Hinted, u64)>,
    /// How it ended; none while it is under way.
    pub end: Option<OpEnd>,
}

/// What an operation asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OpKind {
    /// A get.
    Get,
    /// A put of this value.
    Put(Value),
    /// A delete.
    Delete,
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpEnd {
    /// When.
    pub at: Time,
    /// The position from which on it is so.
    pub position: u64,
    /// How.
    pub outcome: OpOutcome,
    /// What it returned: a get's versions, a put's or delete's resulting ones.
    pub returned: Option<Siblings>,
    /// Whose answers counted, in the order they came.
    pub replies: Vec<NodeId>,
    /// What the client is told when it is not `ok`.
    pub error: Option<String>,
}

/// The three outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpOutcome {
    /// It did what was asked.
    Ok,
    /// A put or delete certainly stored nothing; a get gave no answer.
    Failed,
    /// A put or delete may have landed, or may still.
    Unknown,
}

impl Op {
    /// Is it one of the many requests of a workload?
    #[must_use]
    pub fn is_of_workload(&self) -> bool {
        crate::workload::parse_name(&self.id).is_some()
    }

    /// How it had ended at `position`; none if it was still under way.
    #[must_use]
    pub fn end_by(&self, position: u64) -> Option<&OpEnd> {
        self.end.as_ref().filter(|end| end.position <= position)
    }
}

impl OpKind {
    /// The word that JSON and the page use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put(_) => "put",
            Self::Delete => "delete",
        }
    }

    /// Is it a put or a delete?
    #[must_use]
    pub const fn is_write(&self) -> bool {
        !matches!(self, Self::Get)
    }
}

impl OpOutcome {
    /// The word that JSON and the page use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}
