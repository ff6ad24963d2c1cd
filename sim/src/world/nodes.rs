//! Nodes: handing them their inputs, and doing what they want.

use super::{Turn, World};
use ringside_core::node::outbox::Out;
use ringside_core::{Input, NodeId, Now, Outbox};

impl World {
    /// Hands an input to a node that is up, and does what it then wants.
    pub(super) fn handle(&mut self, id: NodeId, input: Input, turn: &mut Turn<'_>) {
        let host = &mut self.hosts[id.index()];
        let Some(node) = &mut host.node else { return };
        let mut outbox = Outbox::new();
        node.handle(Now::at(self.now), input, &mut outbox);
        host.minted = node.minted();
        let wake = node.next_wake().map(|(at, _)| at.max(self.now));
        if wake != host.wake {
            if let Some(at) = host.wake {
                self.wakes.remove(&(at, id));
            }
            self.wakes.extend(wake.map(|at| (at, id)));
            host.wake = wake;
        }
        for out in outbox.drain() {
            match out {
                Out::Note(note) => turn.note(id, note, self.position + 1),
                Out::Send(envelope) => self.send(envelope, turn),
                Out::Reply(request, answer) => self.answer(request, answer, turn),
            }
        }
    }
}
