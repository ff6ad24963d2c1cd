//! When a run is over: nothing is left to happen but what nodes go on saying to each other for ever.
//!
//! Judged by the truth, which no node has: the world may look at every node at once.

use crate::world::World;
use ringside_core::merkle::Tree;
use ringside_core::node::claimant::grantable;
use ringside_core::order::inserted;
use ringside_core::{Message, Node, NodeId};
use std::collections::BTreeSet;

/// Messages that nodes go on exchanging for ever. A comparison that somebody asked for is waited for.
const fn background(message: &Message) -> bool {
    match message {
        Message::Write { .. }
        | Message::WriteAck { .. }
        | Message::Read { .. }
        | Message::ReadReply { .. }
        | Message::Forward { .. }
        | Message::Repair { .. }
        | Message::RepairAck { .. }
        | Message::Hint { .. }
        | Message::HintAck { .. }
        | Message::NotServed { .. }
        | Message::Transfer(_)
        | Message::TransferAck { .. }
        | Message::Collect { .. }
        | Message::CollectAck { .. } => false,
        Message::Gossip(_) => true,
        Message::Merkle { exchange, .. } => !exchange.asked,
    }
}

impl World {
    /// Is it quiet? Every step is done, every operation has ended and is coordinated no more, nothing is held, no
    /// hint waits whose owner is up and reachable, only background messages are on their way, with gossip on all that
    /// can reach each other know the same members and no range moves, and with anti-entropy on they hold the same.
    #[must_use]
    pub fn quiet(&self) -> bool {
        self.nothing_waits()
            && !self.coordinating()
            && !self.hints_wait()
            && self.under_way().all(background)
            && self.views_agree()
            && !self.ranges_move()
            && self.replicas_agree()
    }

    /// What keeps it from being quiet, as a clause without its full stop; none if it is.
    pub(crate) fn unrest(&self) -> Option<&'static str> {
        let gossips = self.config().gossip.is_some();
        let still = |which: usize| !gossips || !self.up().any(|(id, node)| self.moves(id, node)[which]);
        let settled = [
            (self.nothing_waits(), "a step or a client still waits, or a message is held"),
            (!self.coordinating(), "a request is still coordinated"),
            (!self.hints_wait(), "a hint still waits for an owner that is up and reachable"),
            (self.views_agree(), "nodes that reach each other still know different members"),
            (still(0), "a change of the members is still under way"),
            (still(1), "a node is still to become a member, or to leave"),
            (still(2), "a node still owes another one keys"),
            (still(3), "a node still holds keys that it has nothing to do with"),
            (self.replicas_agree(), "replicas that reach each other still differ"),
            (self.under_way().all(background), "a message is under way that is not sent for ever"),
        ];
        settled.into_iter().find(|(settled, _)| !settled).map(|(_, what)| what)
    }

    /// With anti-entropy on: do all owners agree that can reach each other? Their hash trees tell, which are equal to
    /// ones built from scratch always; comparing two takes no longer than comparing their roots.
    fn replicas_agree(&self) -> bool {
        if self.config().anti_entropy.is_none() {
            return true;
        }
        let root = |of: NodeId, peer: NodeId| {
            let trees = self.node(of).and_then(|node| node.hash_trees().trees());
            trees.and_then(|trees| trees.get(&peer)).map_or(0, Tree::root)
        };
        let agrees = |one: NodeId, other: NodeId, tree: &Tree| {
            !self.reachable(one, other) || tree.root() == root(other, one)
        };
        self.up().all(|(one, node)| {
            let trees = node.hash_trees().trees().into_iter().flatten();
            trees.into_iter().all(|(other, tree)| agrees(one, *other, tree))
        })
    }

    /// Is a change of the members under way, or wished for that could be granted, does somebody owe a node that it can
    /// reach something, or still hold what it has nothing to do with?
    fn moves(&self, id: NodeId, node: &Node) -> [bool; 4] {
        let members = &node.disk().members;
        let changes = members.plan().is_some_and(|plan| plan.pending().is_some());
        let wished = grantable(members, id);
        let owes = node.disk().owed.iter().any(|(to, _)| self.reachable(id, to));
        let owed: BTreeSet<_> = inserted(node.disk().owed.iter().map(|(_, key)| key));
        let strange =
            members.plan().is_some_and(|plan| plan.has(id)) && node.transfers().strange() > owed.len();
        [changes, wished, owes, strange]
    }

    fn ranges_move(&self) -> bool {
        let moves = |(id, node): (NodeId, &Node)| self.moves(id, node).contains(&true);
        self.config().gossip.is_some() && self.up().any(moves)
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
