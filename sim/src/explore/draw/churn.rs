//! Members that come and go while nodes fail: a run about one mechanism, ranges on the move.
//!
//! Where members change at all, a run mostly has a change or two. One in six of those has up to ten, with nodes that
//! crash, pause and lose their disks between them, so that changes wait, are given up and follow each other closely. It
//! has a random stream of its own, so that all other seeds are what they were without it.

use super::Draw;
use crate::act::{Act, ConfigChange};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Step, When};
use ringside_core::{Config, Time, Tombstones};
use std::mem::replace;

impl Draw {
    /// Makes the run of this seed one about changes of the members, if it is one.
    pub(super) fn churn(&mut self, seed: u64, config: &mut Config, steps: &mut Vec<Step>) {
        let others = replace(&mut self.rng, Rng::new(seed, Purpose::Churn));
        if self.changes && self.rng.below(6) == 0 {
            if self.rng.below(3) == 0 {
                config.tombstones = Tombstones::AllReplicas;
            }
            for _ in 0..self.small(2, 10) {
                let change = self.one_change();
                steps.push(self.within_the_first_second(change));
                if self.rng.below(2) == 0 {
                    let fault = self.node_fault();
                    steps.push(self.within_the_first_second(fault));
                }
            }
        }
        self.rng = others;
    }

    fn one_change(&mut self) -> Act {
        let node = self.node();
        match self.rng.below(8) {
            0..3 => Act::Leave(node),
            3..6 => Act::Join(node),
            6 => Act::Abort(node),
            _ => Act::Set(ConfigChange { n: Some(self.small(self.n, 6)), ..ConfigChange::default() }),
        }
    }

    fn within_the_first_second(&mut self, act: Act) -> Step {
        Step { when: When::At(Time::from_micros(self.rng.below(1_000_000))), act, say: None }
    }
}
