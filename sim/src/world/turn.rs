//! One event while it happens, and how it is written down.

use super::{Due, Rank, World};
use crate::causality::WriteId;
use crate::trace::{Event, Loss, MessageId, OpEnd, OpOutcome, Trace, What};
use ringside_core::{Dot, NodeId, Note, RequestId, Siblings, Time};
use std::hash::Hash;

/// What one event has produced so far, and where it is written down.
pub(super) struct Turn<'a> {
    pub(super) event: Event,
    pub(super) log: Option<&'a mut Trace>,
    pub(super) ended: Vec<String>,
}

impl<'a> Turn<'a> {
    pub(super) const fn new(at: Time, what: What, log: Option<&'a mut Trace>) -> Self {
        let event = Event { at, what, notes: Vec::new(), sent: Vec::new(), answers: Vec::new() };
        Self { event, log, ended: Vec::new() }
    }

    /// A message has met its fate.
    pub(super) fn arrived(&mut self, id: MessageId, position: u64, lost: Option<Loss>) {
        if let Some(log) = &mut self.log {
            log.arrived(id, self.event.at, position, lost);
        }
    }

    pub(super) fn wrote(&mut self, request: RequestId, dot: Dot, write: WriteId) {
        if let Some(log) = &mut self.log {
            log.wrote(request, dot, write);
        }
    }

    pub(super) fn note(&mut self, node: NodeId, note: Note, position: u64) {
        if let Some(log) = &mut self.log {
            log.noted(node, &note, position);
            if matches!(self.event.what, What::Act { .. }) {
                log.acted.entry(position).or_default().push(node);
            }
        }
        self.event.notes.push(note);
    }

    pub(super) fn end(
        &mut self,
        request: RequestId,
        outcome: OpOutcome,
        returned: Option<Siblings>,
        replies: Vec<NodeId>,
        error: Option<String>,
        position: u64,
    ) {
        if let Some(log) = &mut self.log {
            let end = OpEnd { at: self.event.at, position, outcome, returned, replies, error };
            log.ended(request, end);
        }
    }
}

impl World {
    /// The event is over: it is counted, fingerprinted and written down, and steps that waited for it come due.
    pub(super) fn finish(&mut self, turn: Turn<'_>) {
        self.position += 1;
        turn.event.hash(&mut self.digest);
        for ended in &turn.ended {
            for &(index, plus) in self.followers.get(ended).into_iter().flatten() {
                let at = self.now + plus;
                self.queue.insert((at, Rank::Step, u64::from(index)), Due::Step(index));
                self.last_step = self.last_step.max(at);
            }
        }
        if let Some(log) = turn.log {
            if matches!(turn.event.what, What::Act { .. }) {
                log.acts.push(self.position);
            }
            log.events.push(turn.event);
        }
    }
}
