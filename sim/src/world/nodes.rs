//! Nodes: handing them their inputs, and doing what they want.

use super::{Turn, World};
use ringside_core::node::outbox::Out;
use ringside_core::{Input, NodeId, Now, Outbox};

impl World {
    /// Hands an input to a node that is up, and does what it then wants.
    pub(super) fn handle(&mut self, id: NodeId, input: Input, turn: &mut Turn<'_>) {
        let sync = self.scenario.setup.sync;
        let host = &mut self.hosts[id.index()];
        host.sync(self.now, sync);
        let Some(node) = &mut host.node else { return };
        let mut outbox = Outbox::new();
        node.handle(Now::at(self.now), input, &mut outbox);
        host.minted = node.minted();
        host.plan(&mut self.wakes, id, self.now);
        for out in outbox.drain() {
            match out {
                Out::Note(note) => turn.note(id, note, self.position + 1),
                Out::Send(envelope) => self.send(envelope, turn),
                Out::Reply(request, answer) => self.answer(request, answer, turn),
            }
        }
    }
}
