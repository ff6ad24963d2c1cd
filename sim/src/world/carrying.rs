//! Messages: sent, held, on their way, arriving or lost.

use super::{Due, Rank, Turn, World};
use crate::trace::{Loss, MessageId, Trace, Travel, What};
use ringside_core::{Envelope, Input, Kind};
use std::hash::Hash;

impl World {
    pub(super) fn arrive(
        &mut self,
        id: MessageId,
        envelope: Envelope,
        lost: Option<Loss>,
        log: Option<&mut Trace>,
    ) {
        let (from, to) = (envelope.from, envelope.to);
        let cut = || self.links.cut(from, to).then_some(Loss::Cut);
        let down = || self.hosts[to.index()].node.is_none().then_some(Loss::Down);
        let lost = lost.or_else(cut).or_else(down);
        let what = lost.map_or(What::Delivered(id), |loss| What::Lost(id, loss));
        let mut turn = Turn::new(self.now, what, log);
        if let Some(log) = &mut turn.log {
            log.arrived(id, self.now, self.position + 1, lost);
        }
        if lost.is_none() {
            self.handle(to, Input::Delivered(envelope), &mut turn);
        }
        self.finish(turn);
    }

    pub(super) fn send(&mut self, envelope: Envelope, turn: &mut Turn<'_>) {
        let id = MessageId(self.messages);
        self.messages += 1;
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        turn.event.sent.push(id);
        envelope.hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.sent(&envelope, self.now, self.position + 1);
        }
        if self.links.drops(kind, from, to) {
            self.depart(id, envelope, Some(Loss::Dropped), turn);
        } else if self.links.holds(kind, from, to) {
            self.held.push((id, envelope));
        } else {
            self.depart(id, envelope, None, turn);
        }
    }

    /// A message goes on its way. One that is lost still arrives in the queue: that is when it is missed.
    pub(super) fn depart(
        &mut self,
        id: MessageId,
        envelope: Envelope,
        lost: Option<Loss>,
        turn: &mut Turn<'_>,
    ) {
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        let network = &self.scenario.setup.network;
        let write = kind == Kind::Write;
        let takes = self.links.delay(network, kind, from, to).sample(write, &mut self.delays);
        let unlucky = self.losses.chance(self.links.loss(network, from, to));
        let cut = self.links.cut(from, to).then_some(Loss::Cut);
        let lost = lost.or(cut).or_else(|| unlucky.then_some(Loss::Chance));
        let travel = Travel { from: self.now, from_at: self.position + 1, due: self.now + takes };
        (id, travel, lost).hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.departed(id, travel);
        }
        self.sequence += 1;
        self.queue.insert((travel.due, Rank::Message, self.sequence), Due::Arrival(id, envelope, lost));
    }

    pub(super) fn release_held(&mut self, turn: &mut Turn<'_>) {
        for (id, envelope) in std::mem::take(&mut self.held) {
            if self.links.holds(envelope.message.kind(), envelope.from, envelope.to) {
                self.held.push((id, envelope));
            } else {
                self.depart(id, envelope, None, turn);
            }
        }
    }
}
