//! What happened: every event, every message, every operation of a run.
//!
//! Records carry the number of the event that made each fact true, so that one trace answers for every position of
//! the run: a fact holds at a position when its event number is not above it.

mod hint;
mod message;
mod op;
mod until;
mod write;

pub use hint::{HintFact, HintRecord, Hinted};
pub use message::{Fate, Loss, MessageId, MessageRecord, Travel};
pub use op::{Op, OpEnd, OpKind, OpOutcome};

use crate::act::{Act, Operation};
use crate::causality::WriteId;
use ringside_core::node::outbox::Answer;
use ringside_core::{Dot, NodeId, Note, RequestId, Time, Version, Wake};
use std::collections::BTreeMap;

/// One event. Its place in [`Trace::events`] plus one is the position it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// When.
    pub at: Time,
    /// What happened.
    pub what: What,
    /// What the node that it happened to did, in order.
    pub notes: Vec<Note>,
    /// The messages that were sent in it.
    pub sent: Vec<MessageId>,
    /// Answers that reached clients in it.
    pub answers: Vec<(RequestId, Answer)>,
}

/// What an event was.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// An act: of the scenario, with the number of its step from 0, or by hand.
    Act {
        /// The step, none if it was done by hand.
        step: Option<u32>,
        /// The act.
        act: Act,
        /// The request that an operation became.
        request: Option<RequestId>,
    },
    /// A client of a workload asks, in this request.
    Asked(Operation, RequestId),
    /// A message arrived at a node that is up; or, if it had waited while the node was paused, is taken by it.
    Delivered(MessageId),
    /// A message arrived at a node that is paused, and waits there.
    Waits(MessageId),
    /// A node that was paused takes a request that had waited for it.
    Took(NodeId, RequestId),
    /// A message that was under way was lost.
    Lost(MessageId, Loss),
    /// A node was woken.
    Woke(NodeId, Wake),
    /// A client stopped waiting, after twice the coordinator's time limit.
    GaveUp(RequestId),
}

/// A run so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Every message, in the order of sending.
    pub messages: Vec<MessageRecord>,
    /// Every operation, in the order of invocation.
    pub ops: Vec<Op>,
    /// The true names of writes that were made a second time for one request, since its way to the coordinator was doubled.
    pub again: BTreeMap<(RequestId, Dot), WriteId>,
    /// What became of hints, in order.
    pub hints: Vec<HintRecord>,
    /// By the position that an act leads to: which node each of its notes is of, since an act may reach several.
    pub acted: BTreeMap<u64, Vec<NodeId>>,
    /// The messages that were lost, in the order in which that was so.
    pub lost: Vec<MessageId>,
    /// The positions that acts lead to, in order.
    pub acts: Vec<u64>,
}

impl Trace {
    /// The message of that number.
    ///
    /// # Panics
    /// When the number is of another trace.
    #[must_use]
    pub fn message(&self, id: MessageId) -> &MessageRecord {
        &self.messages[id.0 as usize]
    }

    /// The operation that became this request.
    #[must_use]
    pub fn op(&self, request: RequestId) -> Option<&Op> {
        usize::try_from(request.0).ok().and_then(|at| self.ops.get(at))
    }

    /// The operation of that name.
    #[must_use]
    pub fn op_named(&self, id: &str) -> Option<&Op> {
        self.ops.iter().find(|op| op.id == id)
    }

    /// The true name of the write that made a version.
    #[must_use]
    pub fn write_of(&self, version: &Version) -> Option<WriteId> {
        let op = self.op(version.request)?;
        match op.dot {
            Some((dot, _)) if dot == version.dot => op.write,
            Some(_) | None => self.again.get(&(version.request, version.dot)).copied(),
        }
    }

    /// The acts, each with the position that it leads to and its event, in order.
    pub fn acts(&self) -> impl Iterator<Item = (u64, &Event)> {
        let event = |position: &u64| {
            let at = usize::try_from(position.checked_sub(1)?).ok()?;
            self.events.get(at).map(|event| (*position, event))
        };
        self.acts.iter().filter_map(event)
    }

    /// When the event that leads to `position` happened; the beginning for position 0.
    #[must_use]
    pub fn time_of(&self, position: u64) -> Time {
        let before = usize::try_from(position).ok().and_then(|position| position.checked_sub(1));
        before.and_then(|at| self.events.get(at)).map_or(Time::ZERO, |event| event.at)
    }
}
