//! Members that come and go while nodes fail: a run about one mechanism, ranges on the move.
//!
//! Where members change at all, a run mostly has a change or two. One in six of those has up to ten, with nodes that
//! crash, pause and lose their disks between them, so that changes wait, are given up and follow each other closely. In
//! one in four gossip falls silent for a while. Both have random streams of their own, so that all other seeds are what
//! they were without them.

use super::Draw;
use crate::act::{Act, ConfigChange};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Step, When};
use ringside_core::order::by_number;
use ringside_core::{Config, Span, Time, Tombstones};
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

    /// In one of four runs with changes of the members gossip falls silent for a while, once or twice: what goes on then
    /// goes on without news. A change that would fall into the silence waits until its end, since a file with a change
    /// that nobody would hear of is refused; so does any other end of gossip until the last change.
    pub(super) fn silences(&mut self, seed: u64, config: &Config, steps: &mut Vec<Step>) {
        let others = replace(&mut self.rng, Rng::new(seed, Purpose::Silence));
        let changes: Vec<Time> = steps.iter_mut().filter_map(of_the_members).map(|at| *at).collect();
        let mut silences = Vec::new();
        if self.changes && self.rng.below(4) == 0 {
            for _ in 0..self.small(1, 2) {
                let begins = self.soon_after(&changes).unwrap_or_else(|| self.rng.below(900_000));
                silences.push((begins, begins + 1 + self.rng.below(400_000)));
            }
        }
        by_number(&mut silences, |(begins, _)| *begins);
        for (begins, ends) in silences.iter().map(|(begins, ends)| (moment(*begins), moment(*ends))) {
            for at in steps.iter_mut().filter_map(of_the_members).filter(|at| (begins..=ends).contains(&**at))
            {
                *at = ends + Span::from_micros(1);
            }
        }
        quiet_last(steps);
        let interval = config.gossip;
        steps.extend(silences.into_iter().flat_map(|(begins, ends)| {
            [(begins, None), (ends, interval)].map(|(at, gossip)| {
                let act = Act::Set(ConfigChange { gossip: Some(gossip), ..ConfigChange::default() });
                Step { when: When::At(moment(at)), act, say: None }
            })
        }));
        self.rng = others;
    }

    /// Mostly a moment at which news of a change may be on its way, in microseconds.
    fn soon_after(&mut self, changes: &[Time]) -> Option<u64> {
        let one = self.rng.below(changes.len() as u64 + 1);
        let change = changes.get(usize::try_from(one).expect("below their number"))?;
        Some(change.since(Time::ZERO).as_micros() + self.rng.below(500_000))
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

/// Lets gossip be turned off after the last change of the members only.
fn quiet_last(steps: &mut [Step]) {
    let Some(last) = steps.iter_mut().filter_map(of_the_members).map(|at| *at).max() else { return };
    for step in steps {
        if let (Act::Set(ConfigChange { gossip: Some(None), .. }), When::At(at)) = (&step.act, &mut step.when)
        {
            *at = (*at).max(last + Span::from_micros(1));
        }
    }
}

/// When a change of the members is to happen, if the step is one.
const fn of_the_members(step: &mut Step) -> Option<&mut Time> {
    match (&step.act, &mut step.when) {
        (Act::Join(_) | Act::Leave(_) | Act::Replace { .. } | Act::Abort(_), When::At(at)) => Some(at),
        _ => None,
    }
}

const fn moment(micros: u64) -> Time {
    Time::from_micros(micros)
}
