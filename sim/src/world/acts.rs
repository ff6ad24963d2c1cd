//! Acts: what a step of the scenario or a visitor does to the world.

use super::{Turn, World};
use crate::act::Act;
use crate::host::Host;
use crate::rng::Rng;
use crate::trace::{Trace, What};
use ringside_core::{Disk, Input, NodeId, RequestId, Start};

impl World {
    pub(super) fn perform(&mut self, act: Act, step: Option<u32>, log: Option<&mut Trace>) {
        let request = matches!(act, Act::Operation(_)).then_some(RequestId(self.requests));
        let mut turn = Turn::new(self.now, What::Act { step, act: act.clone(), request }, log);
        match act {
            Act::Operation(operation) => self.invoke(&operation, &mut turn),
            Act::Crash(node) => self.crash(node),
            Act::Restart(node) => {
                let host = &self.hosts[node.index()];
                if host.node.is_none() {
                    self.start(node, host.disk.clone());
                }
            }
            Act::Wipe(node) => {
                self.crash(node);
                self.start(node, Disk::default());
            }
            Act::RestartOld(node) => {
                self.crash(node);
                self.start(node, self.hosts[node.index()].started_on.clone());
            }
            Act::Partition(groups) => self.links.partition(&groups),
            Act::Link(change) => self.links.change(&change),
            Act::Heal => self.links.heal(),
            Act::Hold(matcher) => self.links.hold(matcher),
            Act::Release(matcher) => {
                self.links.release(matcher);
                self.release_held(&mut turn);
            }
            Act::Drop { matcher, count } => self.links.drop_next(matcher, count),
            Act::Set(change) => {
                self.config = change.apply(&self.config);
                let config = self.config.clone();
                for node in self.scenario.setup.nodes() {
                    self.handle(node, Input::Configured(config.clone()), &mut turn);
                }
            }
            Act::Note => {}
        }
        self.finish(turn);
    }

    fn crash(&mut self, id: NodeId) {
        let sync = self.scenario.setup.sync;
        self.hosts[id.index()].crash(self.now, sync, &mut self.wakes, id);
    }

    /// Starts a node that does not run, as a new actor.
    fn start(&mut self, id: NodeId, disk: Disk) {
        let host = &mut self.hosts[id.index()];
        let boot = host.actor.boot + 1;
        let start = Start { id, boot, seed: Rng::of_node(self.scenario.setup.seed, id, boot), at: self.now };
        *host = Host::start(start, &self.config, &self.founders, disk);
        host.plan(&mut self.wakes, id, self.now);
    }
}
