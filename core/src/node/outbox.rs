//! What a node wants from the world, and what it says to clients.

use super::message::{Envelope, Message};
use super::note::Note;
use crate::id::{Key, NodeId, RequestId, Value};
use crate::version::{Context, Siblings};
use alloc::vec::Vec;

/// A client's request, as it reaches a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Its number; a client that tries again uses a new one.
    pub id: RequestId,
    /// The key.
    pub key: Key,
    /// What is asked.
    pub ask: Ask,
}

/// What a client asks of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// What is there?
    Get,
    /// Store this value.
    Put {
        /// The value.
        value: Value,
        /// What the client has seen of the key; none makes the write concurrent with everything.
        context: Option<Context>,
    },
    /// Store a tombstone.
    Delete {
        /// What the client has seen of the key.
        context: Option<Context>,
    },
}

impl Ask {
    /// Is it a put or a delete?
    #[must_use]
    pub const fn is_write(&self) -> bool {
        !matches!(self, Self::Get)
    }
}

/// What a client is told. A failure is a value, too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// How it went.
    pub outcome: Outcome,
    /// Whose answers counted, in the order they came.
    pub replies: Vec<NodeId>,
}

/// How a request went.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A put or delete has its W acknowledgements; these are the resulting versions.
    Stored(Siblings),
    /// A get has its R replies; these are all of them merged.
    Found(Siblings),
    /// Refused before anything was stored.
    Refused(Refusal),
    /// The time limit passed. A put or delete may still land; a get has no answer.
    TimedOut {
        /// Answers that counted.
        have: u32,
        /// Answers that were needed.
        need: u32,
    },
    /// With blocking read repair: the time limit passed before enough replicas held what the get found.
    NotRepaired {
        /// Replicas that hold it.
        have: u32,
        /// Replicas that must: N − R + 1.
        need: u32,
    },
}

/// Why a request was refused. Nothing was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Fewer candidates than answers needed.
    TooFewNodes {
        /// Candidates.
        have: u32,
        /// Answers that were needed.
        need: u32,
    },
    /// The context belongs to another key.
    ContextOfAnotherKey,
    /// The context claims writes that this coordinator never made.
    ContextFromNowhere,
}

/// What one call of [`crate::Node::handle`] produces. Order matters: a note stands before the send it explains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    items: Vec<Out>,
    epoch: u32,
}

/// One thing a node produces.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Out {
    /// Carry this message.
    Send(Envelope),
    /// Tell the client.
    Reply(RequestId, Answer),
    /// A fact for eyes and judges.
    Note(Note),
}

impl Outbox {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The epoch that the sender of what follows knows.
    pub(crate) const fn set_epoch(&mut self, epoch: u32) {
        self.epoch = epoch;
    }

    /// Asks the world to carry a message.
    pub fn send(&mut self, from: NodeId, to: NodeId, message: Message) {
        let epoch = self.epoch;
        self.items.push(Out::Send(Envelope { from, to, epoch, message }));
    }

    /// Tells the client how its request went.
    pub fn reply(&mut self, request: RequestId, answer: Answer) {
        self.items.push(Out::Reply(request, answer));
    }

    /// States a fact.
    pub fn note(&mut self, note: Note) {
        self.items.push(Out::Note(note));
    }

    /// What has been pushed so far.
    #[must_use]
    pub fn items(&self) -> &[Out] {
        &self.items
    }

    /// Empties it, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = Out> + '_ {
        self.items.drain(..)
    }
}
