//! What happened: every event, every message, every operation of a run.
//!
//! Records carry the number of the event that made each fact true, so that one trace answers for every position of
//! the run: a fact holds at a position when its event number is not above it.

mod until;

use crate::act::{Act, Operation};
use crate::causality::{WriteId, Writes};
use ringside_core::node::outbox::{Answer, Ask};
use ringside_core::{
    Context, Dot, Envelope, Key, NodeId, Note, RequestId, Siblings, Time, Value, Version, Wake,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of a message, in the order of sending, from 0: its place in [`Trace::messages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

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

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The network lost it, by chance.
    Chance,
    /// The link was cut or the partition stood between.
    Cut,
    /// A `drop` took it.
    Dropped,
    /// It arrived with a wrong checksum, and its receiver discarded it.
    Corrupted,
    /// The receiver was down.
    Down,
}

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageRecord {
    /// Addresses and content.
    pub envelope: Envelope,
    /// When it was sent.
    pub sent: Time,
    /// The position that the sending event leads to.
    pub sent_at: u64,
    /// The message that this is a copy of: the network duplicated it, or it was replayed.
    pub copy_of: Option<MessageId>,
    /// When it went on its way, and when it arrives: the moment of sending, or of its release from a hold. None while
    /// it is held.
    pub travel: Option<Travel>,
    /// Ways that came to nothing, since something was done to it by hand, each with the position from which on it is so.
    pub earlier: Vec<(Travel, u64)>,
    /// What became of it; none while it is under way.
    pub fate: Option<Fate>,
}

/// A message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Travel {
    /// When it went on its way.
    pub from: Time,
    /// The position from which on it is travelling.
    pub from_at: u64,
    /// When it arrives, or would have.
    pub due: Time,
}

/// The end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fate {
    /// When.
    pub at: Time,
    /// The position from which on it is so.
    pub position: u64,
    /// Lost, and why; none if it was delivered.
    pub lost: Option<Loss>,
}

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

impl Loss {
    /// The word that traces use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chance => "chance",
            Self::Cut => "cut",
            Self::Dropped => "dropped",
            Self::Corrupted => "corrupted",
            Self::Down => "down",
        }
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

impl MessageRecord {
    /// The way that it was on at `position`; none while it was held, or not sent yet.
    #[must_use]
    pub fn way(&self, position: u64) -> Option<Travel> {
        let earlier = self.earlier.iter().filter(|(_, until)| position < *until).map(|(travel, _)| *travel);
        earlier.chain(self.travel).find(|travel| travel.from_at <= position)
    }
}

impl Op {
    /// How it had ended at `position`; none if it was still under way.
    #[must_use]
    pub fn end_by(&self, position: u64) -> Option<&OpEnd> {
        self.end.as_ref().filter(|end| end.position <= position)
    }
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

/// Writing: only the world does.
impl Trace {
    pub(crate) fn sent(&mut self, envelope: &Envelope, copy_of: Option<MessageId>, at: Time, position: u64) {
        let envelope = envelope.clone();
        let request = envelope.message.request().and_then(|request| usize::try_from(request.0).ok());
        if let Some(op) = request.and_then(|request| self.ops.get_mut(request)) {
            let id = u32::try_from(self.messages.len()).expect("messages are numbered by 32 bits");
            op.sent.push(MessageId(id));
        }
        self.messages.push(MessageRecord {
            envelope,
            sent: at,
            sent_at: position,
            copy_of,
            travel: None,
            earlier: Vec::new(),
            fate: None,
        });
    }

    pub(crate) fn departed(&mut self, id: MessageId, travel: Travel) {
        self.messages[id.0 as usize].travel = Some(travel);
    }

    /// A message is delivered by hand: from where it is, it is at its end.
    pub(crate) fn hurried(&mut self, id: MessageId, travel: Travel) {
        let began = self.messages[id.0 as usize].travel.map(|earlier| earlier.from);
        self.halted(id, travel.from_at);
        self.departed(id, Travel { from: began.unwrap_or(travel.from), ..travel });
    }

    /// The way that a message was on has come to nothing.
    pub(crate) fn halted(&mut self, id: MessageId, position: u64) {
        let record = &mut self.messages[id.0 as usize];
        record.earlier.extend(record.travel.take().map(|travel| (travel, position)));
    }

    pub(crate) fn arrived(&mut self, id: MessageId, at: Time, position: u64, lost: Option<Loss>) {
        self.messages[id.0 as usize].fate = Some(Fate { at, position, lost });
        if lost.is_some() {
            self.lost.push(id);
        }
    }

    pub(crate) fn invoked(
        &mut self,
        request: RequestId,
        operation: &Operation,
        ask: &Ask,
        saw: Arc<Writes>,
        at: Time,
        position: u64,
    ) {
        let (kind, carried) = match ask {
            Ask::Get => (OpKind::Get, None),
            Ask::Put { value, context } => (OpKind::Put(value.clone()), context.clone()),
            Ask::Delete { context } => (OpKind::Delete, context.clone()),
        };
        self.ops.push(Op {
            request,
            id: operation.id.clone(),
            client: operation.client.clone(),
            key: operation.key.clone(),
            kind,
            via: operation.via,
            carried,
            saw,
            start: at,
            start_at: position,
            coordinator: None,
            dot: None,
            write: None,
            own: None,
            sent: Vec::new(),
            hinted: Vec::new(),
            end: None,
        });
    }

    /// The coordinator of this get, which has just taken charge, holds this itself.
    pub(crate) fn holds(&mut self, request: RequestId, own: Siblings) {
        let op = usize::try_from(request.0).ok().and_then(|at| self.ops.get_mut(at));
        if let Some(op) = op.filter(|op| !op.kind.is_write()) {
            op.own.get_or_insert(own);
        }
    }

    /// A write was made. To be called before the note that says so.
    pub(crate) fn wrote(&mut self, request: RequestId, dot: Dot, write: WriteId) {
        let op = usize::try_from(request.0).ok().and_then(|at| self.ops.get_mut(at));
        let op = op.expect("a write is made after it was asked for");
        if op.write.is_none() {
            op.write = Some(write);
        } else {
            self.again.insert((request, dot), write);
        }
    }

    pub(crate) fn noted(&mut self, node: NodeId, note: &Note, position: u64) {
        let op = |request: RequestId| usize::try_from(request.0).expect("requests are few");
        match note {
            Note::Coordinates { request, .. } => {
                self.ops[op(*request)].coordinator.get_or_insert((node, position));
            }
            Note::Minted { request, dot, .. } => {
                self.ops[op(*request)].dot.get_or_insert((*dot, position));
            }
            Note::HintStored { request, owner, key, superseded } => {
                if let Some(request) = request {
                    self.ops[op(*request)].hinted.push((Hinted { holder: node, owner: *owner }, position));
                }
                let fact = HintFact::Stored { superseding: *superseded };
                self.hint(position, node, *owner, key, fact);
            }
            Note::HintDelivered { owner, key } => {
                self.hint(position, node, *owner, key, HintFact::Delivered);
            }
            Note::HintExpired { owner, key } => self.hint(position, node, *owner, key, HintFact::Expired),
            Note::HintPassedOn { owner, key } => self.hint(position, node, *owner, key, HintFact::PassedOn),
            Note::HintLost { owner, key } => self.hint(position, node, *owner, key, HintFact::Lost),
            Note::HintReturned { owner, key } => self.hint(position, node, *owner, key, HintFact::Returned),
            Note::HintMerged { from, key, .. } => self.hint(position, *from, node, key, HintFact::Merged),
            Note::Forwards { .. }
            | Note::StandsIn { .. }
            | Note::NotCounted { .. }
            | Note::ExtraAck { .. }
            | Note::HintsSent { .. }
            | Note::Stored { .. }
            | Note::Counted { .. }
            | Note::Answered { .. }
            | Note::CountedLate { .. }
            | Note::Repairs { .. }
            | Note::Repaired { .. }
            | Note::Finished { .. }
            | Note::Learned { .. }
            | Note::Suspects { .. }
            | Note::Trusts { .. }
            | Note::ExchangeBegins { .. }
            | Note::HashesCompared { .. }
            | Note::KeysCompared { .. }
            | Note::KeysSent { .. }
            | Note::Synchronised { .. }
            | Note::ExchangeEnded { .. }
            | Note::CollectionBegins { .. }
            | Note::CollectionRefused { .. }
            | Note::Collected { .. }
            | Note::Wished { .. }
            | Note::Refused { .. }
            | Note::ChangeBegun { .. }
            | Note::ChangeHeard { .. }
            | Note::ChangeAborted { .. }
            | Note::Switched { .. }
            | Note::BatchReceived { .. }
            | Note::Complete { .. }
            | Note::OwedSent { .. }
            | Note::OwedReceived { .. }
            | Note::RangeDropped { .. }
            | Note::Ignored { .. } => {}
        }
    }

    fn hint(&mut self, position: u64, holder: NodeId, owner: NodeId, key: &Key, fact: HintFact) {
        self.hints.push(HintRecord { position, holder, owner, key: key.clone(), fact });
    }

    pub(crate) fn ended(&mut self, request: RequestId, end: OpEnd) {
        let op = usize::try_from(request.0).ok().and_then(|at| self.ops.get_mut(at));
        op.expect("an operation ends after it was invoked").end = Some(end);
    }
}
