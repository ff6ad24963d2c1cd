//! A machine: the node that runs on it, and the disk that outlives the node.

use crate::setup::Setup;
use crate::snapshot::{Coordinating, NodeSnapshot, NodeState};
use ringside_core::{Actor, Config, Disk, Node, NodeId, Ring, Start, Time};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A machine: what is left of a node when it is down, and the node when it is up.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) node: Option<Node>,
    /// What is durable of a node that is down.
    pub(crate) disk: Disk,
    pub(crate) actor: Actor,
    pub(crate) minted: u64,
    pub(crate) wake: Option<Time>,
}

impl Host {
    pub(crate) fn start(start: Start, config: &Config, ring: &Arc<Ring>, disk: Disk) -> Self {
        let node = Node::new(start, config.clone(), Arc::clone(ring), disk);
        Self { actor: node.actor(), node: Some(node), disk: Disk::default(), minted: 0, wake: None }
    }

    /// Notes when the node wants to be woken.
    pub(crate) fn plan(&mut self, wakes: &mut BTreeSet<(Time, NodeId)>, id: NodeId, now: Time) {
        let wake = self.node.as_ref().and_then(Node::next_wake).map(|(at, _)| at.max(now));
        if wake != self.wake {
            if let Some(at) = self.wake {
                wakes.remove(&(at, id));
            }
            wakes.extend(wake.map(|at| (at, id)));
            self.wake = wake;
        }
    }

    /// Stops the node. What it has stored stays on the disk; requests and timers are gone.
    pub(crate) fn crash(&mut self, wakes: &mut BTreeSet<(Time, NodeId)>, id: NodeId) {
        if let Some(node) = self.node.take() {
            self.disk = node.disk().clone();
            if let Some(at) = self.wake.take() {
                wakes.remove(&(at, id));
            }
        }
    }

    pub(crate) fn snapshot(&self, id: NodeId, setup: &Setup) -> NodeSnapshot {
        let coordinating = |node: &Node| {
            let pending = node.coordinator().pending();
            pending
                .map(|(request, pending)| Coordinating {
                    request,
                    key: pending.key().clone(),
                    preference: pending.preference().to_vec(),
                    need: pending.need(),
                    heard: pending.heard().iter().map(|n| (*n, pending.reply_of(*n).cloned())).collect(),
                    answered: pending.answered(),
                    deadline: pending.deadline(),
                })
                .collect()
        };
        NodeSnapshot {
            id,
            name: setup.name(id).to_owned(),
            state: if self.node.is_some() { NodeState::Up } else { NodeState::Down },
            actor: self.actor,
            minted: self.minted,
            store: self.node.as_ref().map_or(&self.disk, Node::disk).keys.clone(),
            coordinating: self.node.as_ref().map(coordinating).unwrap_or_default(),
        }
    }
}
