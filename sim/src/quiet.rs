//! When a run is over: nothing is left to happen but what nodes go on saying to each other for ever.
//!
//! Judged by the truth, which no node has: the world may look at every node at once.

use crate::world::World;
use ringside_core::{Kind, Node, NodeId};

/// Messages that nodes go on exchanging for ever.
const fn background(kind: Kind) -> bool {
    match kind {
        Kind::Write
        | Kind::WriteAck
        | Kind::Read
        | Kind::ReadReply
        | Kind::Forward
        | Kind::Repair
        | Kind::RepairAck
        | Kind::Hint
        | Kind::HintAck => false,
        Kind::Gossip => true,
    }
}

impl World {
    /// Is it quiet? Every step is done, every operation has ended and is coordinated no more, nothing is held, no
    /// hint waits whose owner is up and reachable, only background messages are on their way, and with gossip on all that
    /// can reach each other know the same members.
    #[must_use]
    pub fn quiet(&self) -> bool {
        let still = self.nothing_waits() && !self.coordinating() && !self.hints_wait();
        still && self.under_way().all(background) && self.views_agree()
    }

    /// With gossip on: do nodes that can reach each other agree about the members? Heartbeats never do.
    fn views_agree(&self) -> bool {
        let members = |node: NodeId| self.node(node).map(|node| &node.disk().members);
        let Some(first) = self.up().find_map(|(id, _)| members(id)) else { return true };
        let alike = || self.up().all(|(_, node)| node.disk().members == *first);
        let agrees = |(one, node): (NodeId, &Node)| {
            let differs = |(other, theirs): (NodeId, &Node)| {
                node.disk().members != theirs.disk().members && self.reachable(one, other)
            };
            !self.up().any(differs)
        };
        self.config().gossip.is_none() || alike() || self.up().all(agrees)
    }

    fn coordinating(&self) -> bool {
        self.up().any(|(_, node)| node.coordinator().pending().next().is_some())
    }

    fn hints_wait(&self) -> bool {
        self.up().any(|(holder, node)| node.disk().hints.owners().any(|owner| self.reachable(holder, owner)))
    }

    /// Could a message pass between these two, both ways? Both are up, and nothing cuts them off from each other.
    #[must_use]
    pub fn reachable(&self, one: NodeId, other: NodeId) -> bool {
        let up = |id: NodeId| self.node(id).is_some();
        up(one) && up(other) && !self.cut(one, other) && !self.cut(other, one)
    }
}
