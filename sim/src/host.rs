//! A machine: the node that runs on it, and the disk that outlives the node.
//!
//! Where writes are synced at an interval, the disk lags behind the node: a sync happens at every whole multiple of the
//! interval since the run began, before anything else of that moment. Nothing changes between two inputs of a node, so
//! what was synced is known without an event of its own: the next input, or the crash, finds that a sync has passed.

use crate::clock::Clock;
use crate::setup::Setup;
use crate::snapshot::{Coordinating, Mind, NodeSnapshot, NodeState};
use crate::trace::MessageId;
use ringside_core::node::outbox::Request;
use ringside_core::{Actor, Config, Disk, Envelope, Founders, Node, NodeId, Span, Start, Status, Time};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A machine: what is left of a node when it is down, and the node when it is up.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) node: Option<Node>,
    /// What is durable of a node that is down; of a node that is up, what was so at its last sync.
    pub(crate) disk: Disk,
    /// The disk as it was when the node last started.
    pub(crate) started_on: Disk,
    /// How many syncs had passed when `disk` was last brought up to date.
    synced: u64,
    /// Does it do nothing, although it runs?
    pub(crate) paused: bool,
    /// What has reached it while it was paused, in order.
    pub(crate) inbox: Vec<Waiting>,
    pub(crate) clock: Clock,
    pub(crate) actor: Actor,
    pub(crate) minted: u64,
    pub(crate) wake: Option<Time>,
    /// Has a node ever run on it?
    pub(crate) used: bool,
}

/// Something that waits for a node to be resumed.
#[derive(Clone, Debug)]
pub(crate) enum Waiting {
    Message(MessageId, Envelope),
    Asked(Request),
}

impl Host {
    /// A machine on which no node has run yet.
    pub(crate) fn new(id: NodeId) -> Self {
        let actor = Actor { node: id, boot: 0 };
        let (disk, started_on) = (Disk::default(), Disk::default());
        let (inbox, clock) = (Vec::new(), Clock::default());
        Self {
            node: None,
            disk,
            started_on,
            synced: 0,
            paused: false,
            inbox,
            clock,
            actor,
            minted: 0,
            wake: None,
            used: false,
        }
    }

    /// The boot of the next node that starts on it.
    pub(crate) const fn next_boot(&self) -> u32 {
        if self.used { self.actor.boot + 1 } else { 0 }
    }

    pub(crate) fn start(start: Start, config: &Config, founders: &Founders, disk: Disk) -> Self {
        let node = Node::new(start, config.clone(), founders.clone(), disk.clone());
        let (actor, started_on) = (node.actor(), disk.clone());
        Self { node: Some(node), disk, started_on, actor, used: true, ..Self::new(start.id) }
    }

    /// What is on the disk, whether the node is up or down.
    pub(crate) fn disk(&self) -> &Disk {
        self.node.as_ref().map_or(&self.disk, Node::disk)
    }

    /// Notes when the node wants to be woken.
    pub(crate) fn plan(&mut self, wakes: &mut BTreeSet<(Time, NodeId)>, id: NodeId, now: Time) {
        let running = self.node.as_ref().filter(|_| !self.paused);
        let wake = running.and_then(Node::next_wake).map(|(at, _)| at.max(now));
        if wake != self.wake {
            if let Some(at) = self.wake {
                wakes.remove(&(at, id));
            }
            wakes.extend(wake.map(|at| (at, id)));
            self.wake = wake;
        }
    }

    /// Brings the disk up to date if a sync has passed since the node last changed. To be called before it changes.
    pub(crate) fn sync(&mut self, now: Time, every: Option<Span>) {
        let Some(node) = &self.node else { return };
        let passed = syncs(now, every);
        if passed > self.synced {
            self.disk = node.disk().clone();
            self.synced = passed;
        }
    }

    /// Stops the node. What is durable stays on the disk; requests and timers are gone. What waited for it while it was
    /// paused is handed back.
    pub(crate) fn crash(
        &mut self,
        now: Time,
        every: Option<Span>,
        wakes: &mut BTreeSet<(Time, NodeId)>,
        id: NodeId,
    ) -> Vec<Waiting> {
        self.disk = self.durable(now, every).clone();
        self.node = None;
        if let Some(at) = self.wake.take() {
            wakes.remove(&(at, id));
        }
        self.paused = false;
        std::mem::take(&mut self.inbox)
    }

    /// What a crash at this moment would leave.
    fn durable(&self, now: Time, every: Option<Span>) -> &Disk {
        match &self.node {
            Some(node) if every.is_none() || syncs(now, every) > self.synced => node.disk(),
            Some(_) | None => &self.disk,
        }
    }

    /// In truth whether it runs, and by its own account what part it has.
    fn state(&self, id: NodeId) -> NodeState {
        let status = self.node.as_ref().map_or(&self.disk, Node::disk).members.status(id);
        match (status, &self.node) {
            (_, None) if !self.used => NodeState::Left,
            (_, Some(_)) if self.paused => NodeState::Paused,
            (Status::Left, _) if self.disk.members.plan().is_some() || self.node.is_some() => NodeState::Left,
            (_, None) => NodeState::Down,
            (Status::Joining, Some(_)) => NodeState::Joining,
            (Status::Leaving, Some(_)) => NodeState::Leaving,
            (Status::Up | Status::Left, Some(_)) => NodeState::Up,
        }
    }

    pub(crate) fn snapshot(&self, id: NodeId, setup: &Setup, now: Time) -> NodeSnapshot {
        let coordinating = |node: &Node| {
            let pending = node.coordinator().pending();
            pending
                .map(|(request, pending)| Coordinating {
                    request,
                    key: pending.key().clone(),
                    slots: pending.slots().as_slice().to_vec(),
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
            state: self.state(id),
            clock: self.clock,
            slow: 1,
            drift: self.clock.rate(),
            waiting: u32::try_from(self.inbox.len()).unwrap_or(u32::MAX),
            actor: self.actor,
            minted: self.minted,
            store: self.disk().keys.clone(),
            hints: self.disk().hints.clone(),
            durable: self.durable(now, setup.sync).clone(),
            members: self.node.as_ref().map_or(&self.disk, Node::disk).members.clone(),
            owed: self.node.as_ref().map_or(&self.disk, Node::disk).owed.clone(),
            ring: self.node.as_ref().map(|node| Arc::clone(node.ring())),
            mind: self.node.as_ref().map(|node| Mind {
                membership: node.membership().clone(),
                detector: node.failure_detector().clone(),
                transfers: node.transfers().clone(),
            }),
            coordinating: self.node.as_ref().map(coordinating).unwrap_or_default(),
            wake: self.wake.zip(self.node.as_ref().and_then(Node::next_wake).map(|(_, wake)| wake)),
            trees: self.node.as_ref().and_then(|node| node.hash_trees().trees()).cloned(),
        }
    }
}

/// How many syncs there have been.
const fn syncs(now: Time, every: Option<Span>) -> u64 {
    match every {
        Some(every) if every.as_micros() > 0 => now.as_micros() / every.as_micros(),
        Some(_) | None => 0,
    }
}
