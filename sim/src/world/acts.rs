//! Acts: what a step of the scenario or a visitor does to the world.

use super::{Turn, World};
use crate::act::Act;
use crate::hints;
use crate::host::{Host, Waiting};
use crate::network::Trick;
use crate::rng::Rng;
use crate::trace::{Loss, Trace, What};
use ringside_core::node::claimant::claimant;
use ringside_core::{Admin, Disk, Input, Node, NodeId, Note, RequestId, Start, Status, Unwilling, Want};
use std::sync::Arc;

impl World {
    pub(super) fn perform(&mut self, act: Act, step: Option<u32>, log: Option<&mut Trace>) {
        let request = matches!(act, Act::Operation(_)).then_some(RequestId(self.requests));
        let mut turn = Turn::new(self.now, What::Act { step, act: act.clone(), request }, log);
        let machine = machine_of(&act).map(|node| (node, self.hosts[node.index()].disk().hints.clone()));
        match act {
            Act::Operation(operation) => self.invoke(&operation, &mut turn),
            Act::Crash(node) => self.crash(node, &mut turn),
            Act::Restart(node) => {
                let host = &self.hosts[node.index()];
                if host.node.is_none() && host.used {
                    self.start(node, host.disk.clone());
                }
            }
            Act::Wipe(node) | Act::RestartOld(node) if !self.hosts[node.index()].used => {}
            Act::Wipe(node) => {
                self.crash(node, &mut turn);
                self.start(node, Disk::default());
            }
            Act::RestartOld(node) => {
                self.crash(node, &mut turn);
                self.start(node, self.hosts[node.index()].started_on.clone());
            }
            Act::Partition(groups) => self.links.partition(&groups),
            Act::Link(change) => self.links.change(&change),
            Act::Heal => self.links.heal(),
            Act::Hold(matcher) => self.links.hold(matcher),
            Act::Release(matcher) => {
                self.links.release(matcher);
                self.release_held(&matcher, &mut turn);
            }
            Act::Drop { matcher, count } => self.links.play(Trick::Drop, matcher, count),
            Act::Duplicate { matcher, count } => self.links.play(Trick::Duplicate, matcher, count),
            Act::Corrupt { matcher, count } => self.links.play(Trick::Corrupt, matcher, count),
            Act::Replay { matcher, count } => self.replay(&matcher, count, &mut turn),
            Act::Pause(node) => self.pause(node),
            Act::Resume(node) => self.resume(node, &mut turn),
            Act::Slow { node, factor } => self.links.slow(node, factor),
            Act::Skew { node, by } => Arc::make_mut(&mut self.hosts[node.index()]).clock.skew(self.now, by),
            Act::Drift { node, millionths } => {
                Arc::make_mut(&mut self.hosts[node.index()]).clock.drift(self.now, millionths);
            }
            Act::Workload(what) => self.begin(what, step),
            Act::StopWorkloads => self.stop_workloads(),
            Act::Network(change) => self.network = self.network.changed(&change),
            Act::Set(change) => {
                self.config = change.apply(&self.config);
                let config = self.config.clone();
                for node in self.scenario.setup.nodes() {
                    self.handle(node, Input::Configured(config.clone()), &mut turn);
                }
            }
            Act::Repair(node) => self.handle(node, Input::Repair, &mut turn),
            Act::Join(node) => self.join(node, Want::Join, &mut turn),
            Act::Replace { dead, new } => self.replace(dead, new, &mut turn),
            Act::Leave(node) => self.tell(node, Admin::Wish(Want::Leave), &mut turn),
            Act::Abort(node) => self.abort(node, &mut turn),
            Act::Note => {}
            Act::ToMessage { message, deed } => self.do_to_message(message, deed, &mut turn),
        }
        if let Some((node, before)) = machine {
            for note in hints::replaced(&before, &self.hosts[node.index()].disk().hints) {
                turn.note(node, note, self.position + 1);
            }
        }
        self.finish(turn);
    }

    /// A node is to become a member. One that was a member before starts anew: what it wished then is over.
    #[inline(never)]
    fn join(&mut self, id: NodeId, want: Want, turn: &mut Turn<'_>) {
        let left = |node: &&Node| node.disk().members.status(id) == Status::Left;
        let disk = self.hosts[id.index()].node.as_ref().filter(left).map(|node| node.disk().clone());
        if let Some(disk) = disk {
            self.crash(id, turn);
            // It is stopped on purpose, so all that it has written is on its disk.
            Arc::make_mut(&mut self.hosts[id.index()]).disk = disk;
        }
        if self.hosts[id.index()].node.is_none() {
            self.start(id, self.hosts[id.index()].disk.clone());
        }
        self.tell(id, Admin::Wish(want), turn);
    }

    /// A node is to take the place of another one, which must be a member, and down.
    fn replace(&mut self, dead: NodeId, new: NodeId, turn: &mut Turn<'_>) {
        let why = if self.hosts[dead.index()].node.is_some() {
            Unwilling::IsUp
        } else if !self.plan().has(dead) {
            Unwilling::DeadIsNoMember
        } else {
            return self.join(new, Want::Replace { dead }, turn);
        };
        turn.note(dead, Note::Refused { why }, self.position + 1);
    }

    /// An operator speaks to a node, which must be up to hear it.
    fn tell(&mut self, id: NodeId, admin: Admin, turn: &mut Turn<'_>) {
        if self.node(id).is_some() {
            self.handle(id, Input::Admin(admin), turn);
        } else {
            turn.note(id, Note::Refused { why: Unwilling::IsDown }, self.position + 1);
        }
    }

    /// What is under way for a node is given up. Where that node is down, the claimant is told.
    #[inline(never)]
    fn abort(&mut self, id: NodeId, turn: &mut Turn<'_>) {
        if self.node(id).is_some() {
            return self.tell(id, Admin::Abort, turn);
        }
        let decides = |(one, node): &(NodeId, &Node)| claimant(&node.disk().members) == Some(*one);
        let claimant = self.up().find(decides).map(|(claimant, _)| claimant);
        self.tell(claimant.unwrap_or(id), Admin::GiveUp(id), turn);
    }

    /// Stops a node. Messages that waited for it while it was paused are lost.
    fn crash(&mut self, id: NodeId, turn: &mut Turn<'_>) {
        let sync = self.scenario.setup.sync;
        let mut waiting =
            Arc::make_mut(&mut self.hosts[id.index()]).crash(self.now, sync, &mut self.wakes, id);
        waiting.extend(self.not_taken_yet(id));
        for waiting in waiting {
            if let Waiting::Message(message, _) = waiting {
                turn.arrived(message, self.position + 1, Some(Loss::Down));
            }
        }
    }

    /// Starts a node that does not run, as a new actor.
    fn start(&mut self, id: NodeId, disk: Disk) {
        let host = Arc::make_mut(&mut self.hosts[id.index()]);
        let boot = host.next_boot();
        let start = Start { id, boot, seed: Rng::of_node(self.scenario.setup.seed, id, boot), at: self.now };
        let clock = host.clock;
        *host = Host::start(start, &self.config, &self.founders, disk);
        host.clock = clock;
        host.plan(&mut self.wakes, id, self.now);
    }
}

/// The machine whose disk an act may change.
const fn machine_of(act: &Act) -> Option<NodeId> {
    if let Act::Crash(node) | Act::Restart(node) | Act::Wipe(node) | Act::RestartOld(node) = act {
        Some(*node)
    } else {
        None
    }
}
