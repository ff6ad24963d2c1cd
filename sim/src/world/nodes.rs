//! Nodes: handing them their inputs, and doing what they want.

use super::{Due, Rank, Turn, World};
use crate::host::Waiting;
use crate::trace::{Trace, What};
use ringside_core::node::outbox::Out;
use ringside_core::version::Rules;
use ringside_core::{Input, NodeId, Note, Now, Outbox};
use std::sync::Arc;

impl World {
    /// A node does nothing from now on, until it is resumed.
    pub(super) fn pause(&mut self, id: NodeId) {
        let waiting = self.not_taken_yet(id);
        let host = Arc::make_mut(&mut self.hosts[id.index()]);
        host.paused = host.node.is_some();
        host.inbox.extend(waiting);
        host.plan(&mut self.wakes, id, self.now);
    }

    /// A node goes on. It has missed changes of settings; then it takes what waited for it, each in an event of its own.
    pub(super) fn resume(&mut self, id: NodeId, turn: &mut Turn<'_>) {
        let host = Arc::make_mut(&mut self.hosts[id.index()]);
        if !std::mem::take(&mut host.paused) {
            return;
        }
        for waiting in std::mem::take(&mut host.inbox) {
            self.sequence += 1;
            self.queue.insert((self.now, Rank::Message, self.sequence), Due::Waited(id, waiting));
        }
        host.plan(&mut self.wakes, id, self.now);
        if host.node.as_ref().is_some_and(|node| !node.is_configured(&self.config)) {
            self.handle(id, Input::Configured(self.config.clone()), turn);
        }
    }

    /// Takes out of the queue what a node has been resumed for and has not taken yet, in order.
    pub(super) fn not_taken_yet(&mut self, id: NodeId) -> Vec<Waiting> {
        let mut waiting = Vec::new();
        self.queue.retain(|_, due| match due {
            Due::Waited(node, message) if *node == id => {
                waiting.push(message.clone());
                false
            }
            Due::Waited(..) | Due::Arrival(..) | Due::Step(_) | Due::Load(_) => true,
        });
        waiting
    }

    /// A node takes what has waited for it.
    pub(super) fn take(&mut self, id: NodeId, waiting: Waiting, log: Option<&mut Trace>) {
        let (what, input) = match waiting {
            Waiting::Message(message, envelope) => (What::Delivered(message), Input::Delivered(envelope)),
            Waiting::Asked(request) => (What::Took(id, request.id), Input::Asked(request)),
        };
        let mut turn = Turn::new(self.now, what, log);
        if let What::Delivered(message) = turn.event.what {
            turn.arrived(message, self.position + 1, None);
        }
        self.handle(id, input, &mut turn);
        self.finish(turn);
    }

    /// Hands an input to a node that is up and not paused, and does what it then wants.
    pub(super) fn handle(&mut self, id: NodeId, input: Input, turn: &mut Turn<'_>) {
        let sync = self.scenario.setup.sync;
        let host = Arc::make_mut(&mut self.hosts[id.index()]);
        host.sync(self.now, sync);
        let Some(node) = host.node.as_mut().filter(|_| !host.paused) else { return };
        let mut outbox = Outbox::new();
        let now = Now { mono: self.now, wall: host.clock.shows(self.now) };
        node.handle(now, input, &mut outbox);
        host.minted = node.minted();
        host.plan(&mut self.wakes, id, self.now);
        for out in outbox.drain() {
            match out {
                Out::Note(note) => {
                    if let Note::Minted { request, key, dot } = &note {
                        let write = self.causality.minted(*request, key, *dot);
                        turn.wrote(*request, *dot, write);
                    }
                    if let (Note::Coordinates { request, key, .. }, Some(log)) = (&note, &mut turn.log) {
                        let own = self.hosts[id.index()].disk().held(Rules::of(&self.config), key);
                        log.holds(*request, own);
                    }
                    turn.note(id, note, self.position + 1);
                }
                Out::Send(envelope) => self.send(envelope, turn),
                Out::Reply(request, answer) => self.answer(request, answer, turn),
            }
        }
    }
}
