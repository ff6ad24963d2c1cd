//! How a trace grows with the run.

use super::{
    Fate, HintFact, HintRecord, Hinted, Loss, MessageId, MessageRecord, Op, OpEnd, OpKind, Trace, Travel,
};
use crate::act::Operation;
use crate::causality::{WriteId, Writes};
use ringside_core::node::outbox::Ask;
use ringside_core::{Dot, Envelope, Key, NodeId, Note, RequestId, Siblings, Time};
use std::sync::Arc;

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
