//! Deletes where nodes come and go: a run about one mechanism, the collection of tombstones.
//!
//! A tombstone is asked about only once nothing is under way for its key, so that a run in which everything happens
//! seldom comes to it. One seed in twelve is about it: few keys, many deletes, time limits so short that collections
//! begin early, and nodes that crash, pause and come back while others stand in for them. It has a random stream of its
//! own, so that all other seeds are what they were without it.

use super::Draw;
use crate::act::{Act, Carried, OperationKind};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Step, When};
use ringside_core::{Config, Detector, Key, Quorum, Span, Time, Tombstones, Value};
use std::mem::replace;

impl Draw {
    /// Makes the run of this seed one about deletes, if it is one.
    pub(super) fn deletes(&mut self, seed: u64, config: &mut Config, steps: &mut Vec<Step>) {
        let others = replace(&mut self.rng, Rng::new(seed, Purpose::Deletes));
        if self.rng.below(12) == 0 && !self.disks {
            self.mostly_deletes(config, steps);
        }
        self.rng = others;
    }

    fn mostly_deletes(&mut self, config: &mut Config, steps: &mut Vec<Step>) {
        let often = |draw: &mut Self| Span::from_millis(u64::from(draw.small(20, 100)));
        let grace = self.rng.below(6) == 0;
        config.tombstones = if grace { self.tombstones() } else { Tombstones::AllReplicas };
        config.gossip = Some(often(self));
        config.timeout = often(self);
        config.failure_detector = Detector::Timeout(often(self) + often(self));
        if self.rng.below(4) > 0 {
            (config.quorum, config.hinted_handoff) = (Quorum::Sloppy, true);
        }
        let keys = self.rng.below(2) + 1;
        for step in steps.iter_mut() {
            if let Act::Operation(operation) = &mut step.act {
                operation.key = Key::new(&format!("key{}", self.rng.below(keys)));
                operation.kind = self.write_or_delete(&operation.id, &operation.kind);
            }
        }
        for _ in 0..self.small(2, 10) {
            let (at, lasts) = (self.rng.below(900_000), self.rng.below(300_000));
            let node = self.node();
            let (ends, begins) = match self.rng.below(3) {
                0 => (Act::Resume(node), Act::Pause(node)),
                _ => (Act::Restart(node), Act::Crash(node)),
            };
            for (at, act) in [(at, begins), ((at + lasts).min(999_999), ends)] {
                steps.push(Step { when: When::At(Time::from_micros(at)), act, say: None });
            }
        }
    }

    /// The same operation, or another in its place.
    fn write_or_delete(&mut self, id: &str, kind: &OperationKind) -> OperationKind {
        let context = if self.rng.below(3) == 0 { Carried::Nothing } else { Carried::Session };
        match self.rng.below(5) {
            0 | 1 => OperationKind::Delete { context },
            2 => OperationKind::Put { value: Value::new(id), context },
            _ => kind.clone(),
        }
    }
}
