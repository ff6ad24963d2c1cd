//! Messages: sent, duplicated, held, on their way, arriving or lost.

use super::{Due, Held, Rank, Turn, World};
use crate::act::Matcher;
use crate::host::Waiting;
use crate::network::Trick;
use crate::trace::{Loss, MessageId, Trace, Travel, What};
use ringside_core::{Envelope, Input, Kind, Span};
use std::hash::Hash;
use std::sync::Arc;

/// No message takes longer, however slow the nodes at its ends are.
const LONGEST: Span = Span::from_secs(3_600);

impl World {
    /// A message arrives, unless something stands in its way: its link is cut or its receiver down. A receiver that is
    /// paused lets it wait.
    pub(super) fn arrive(
        &mut self,
        id: MessageId,
        envelope: Envelope,
        lost: Option<Loss>,
        log: Option<&mut Trace>,
    ) {
        let (from, to) = (envelope.from, envelope.to);
        let host = &self.hosts[to.index()];
        let cut = self.links.cut(from, to).then_some(Loss::Cut);
        let down = host.node.is_none().then_some(Loss::Down);
        // Who discards it for its checksum must be reached first.
        let noticed = lost.filter(|loss| *loss == Loss::Corrupted);
        let lost = lost.filter(|loss| *loss != Loss::Corrupted).or(cut).or(down).or(noticed);
        let waits = lost.is_none() && host.paused;
        let what = match lost {
            Some(loss) => What::Lost(id, loss),
            None if waits => What::Waits(id),
            None => What::Delivered(id),
        };
        let mut turn = Turn::new(self.now, what, log);
        if waits {
            Arc::make_mut(&mut self.hosts[to.index()]).inbox.push(Waiting::Message(id, envelope));
        } else {
            turn.arrived(id, self.position + 1, lost);
            if lost.is_none() {
                self.handle(to, Input::Delivered(envelope), &mut turn);
            }
        }
        self.finish(turn);
    }

    /// A node sends a message; the network may make two of it.
    pub(super) fn send(&mut self, envelope: Envelope, turn: &mut Turn<'_>) {
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        let by_chance = self.copies.chance(self.network.duplicate);
        let twice = self.links.takes(Trick::Duplicate, kind, from, to) || by_chance;
        let copy = twice.then(|| envelope.clone());
        let id = self.post(envelope, None, turn);
        if let Some(copy) = copy {
            self.post(copy, Some(id), turn);
        }
    }

    /// The latest messages that match are sent again, in the order in which they were sent. Copies are no messages of
    /// their own here.
    pub(super) fn replay(&mut self, matcher: &Matcher, count: u32, turn: &mut Turn<'_>) {
        let sent = self.sent.iter().flat_map(|sent| sent.iter().rev());
        let meant = sent
            .filter(|(_, sent)| matcher.matches(sent.message.kind(), sent.from, sent.to))
            .take(count as usize);
        let mut again: Vec<(MessageId, Envelope)> = meant.map(|(id, sent)| (*id, sent.clone())).collect();
        again.reverse();
        for (id, envelope) in again {
            self.post(envelope, Some(id), turn);
        }
    }

    /// One message, original or copy, gets its number, and goes on its way unless it is held.
    pub(super) fn post(
        &mut self,
        envelope: Envelope,
        copy_of: Option<MessageId>,
        turn: &mut Turn<'_>,
    ) -> MessageId {
        let id = MessageId(self.messages);
        self.messages += 1;
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        turn.event.sent.push(id);
        envelope.hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.sent(&envelope, copy_of, self.now, self.position + 1);
        }
        let is_copy = copy_of.is_some();
        if let Some(sent) = self.sent.as_mut().filter(|_| !is_copy) {
            sent.insert_mut(id, envelope.clone());
        }
        let dropped = self.links.takes(Trick::Drop, kind, from, to);
        let corrupted = !dropped && self.links.takes(Trick::Corrupt, kind, from, to);
        let lost = if dropped { Some(Loss::Dropped) } else { corrupted.then_some(Loss::Corrupted) };
        let message = Held { id, envelope, lost, is_copy, alone: false };
        if !dropped && self.links.holds(kind, from, to) {
            self.held.push(message);
        } else {
            self.depart(message, turn);
        }
        id
    }

    /// A message goes on its way. One that is lost still arrives in the queue: that is when it is missed.
    pub(super) fn depart(&mut self, message: Held, turn: &mut Turn<'_>) {
        let Held { id, envelope, lost, is_copy, alone: _ } = message;
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        let network = &self.network;
        let write = kind == Kind::Write;
        let (delay, loss) = (self.links.delay(network, kind, from, to), self.links.loss(network, from, to));
        let (takes, unlucky) = if is_copy {
            (delay.sample(write, &mut self.copies), self.copies.chance(loss))
        } else {
            (delay.sample(write, &mut self.delays), self.losses.chance(loss))
        };
        let takes = takes.times(self.links.factor(from, to)).min(LONGEST);
        let cut = self.links.cut(from, to).then_some(Loss::Cut);
        let chance = unlucky.then_some(Loss::Chance);
        // What is lost on its way does not arrive to be found corrupted.
        let lost =
            if lost == Some(Loss::Corrupted) { cut.or(chance).or(lost) } else { lost.or(cut).or(chance) };
        let travel = Travel { from: self.now, from_at: self.position + 1, due: self.now + takes };
        (id, travel, lost).hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.departed(id, travel);
        }
        self.sequence += 1;
        self.queue.insert((travel.due, Rank::Message, self.sequence), Due::Arrival(id, envelope, lost));
    }

    /// What no hold keeps any more goes on its way; so does what was held by itself and is meant.
    pub(super) fn release_held(&mut self, matcher: &Matcher, turn: &mut Turn<'_>) {
        for message in std::mem::take(&mut self.held) {
            let Envelope { from, to, .. } = message.envelope;
            let kind = message.envelope.message.kind();
            let kept = message.alone && !matcher.matches(kind, from, to);
            if kept || self.links.holds(kind, from, to) {
                self.held.push(message);
            } else {
                self.depart(message, turn);
            }
        }
    }
}
