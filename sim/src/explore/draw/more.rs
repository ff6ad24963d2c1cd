//! More of the same and of what came later: requests to nodes that joined, faults on them, settings and network changed
//! while a run goes on, workloads that are stopped, and single messages taken in hand.
//!
//! It has a random stream of its own and comes last, so the seeds that draw none of it, every other one, are what they
//! were without it, and of the others all that does not hang on it.

use super::Draw;
use crate::act::{Act, ConfigChange, Deed, NetworkChange};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Scenario, Step, When};
use crate::setup::Setup;
use crate::world::World;
use ringside_core::order::by_number;
use ringside_core::{Config, Detector, PendingAcks, ReadRepair, Span, StreamFrom, Time};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The number of the first request that is drawn here.
const FIRST: u64 = 100;

impl Draw {
    /// What is done besides, in the first second. Joiners are nodes as all others here.
    pub(super) fn more(&mut self, faults: u64) -> Vec<Step> {
        self.nodes += std::mem::take(&mut self.joiners);
        if self.rng.below(2) == 0 {
            return Vec::new();
        }
        let count = u64::from(self.small(1, 12));
        let mut steps: Vec<Step> =
            (FIRST..FIRST + count).map(|number| self.one_more(number, faults)).collect();
        if self.rng.below(8) == 0 {
            steps.push(self.workload());
            let at = Time::from_micros(self.rng.below(1_000_000));
            steps.push(Step { when: When::At(at), act: Act::StopWorkloads, say: None });
        }
        steps
    }

    fn one_more(&mut self, number: u64, faults: u64) -> Step {
        let act = match self.rng.below(12) {
            0..4 => self.operation(number),
            4..6 if faults > 1 => self.node_fault(),
            6 if faults > 0 => self.network_fault(),
            7 if faults > 0 => Act::Network(self.network_change()),
            _ => Act::Set(self.live_change()),
        };
        self.at_some_time(act)
    }

    /// One setting that may change while a cluster runs.
    fn live_change(&mut self) -> ConfigChange {
        let none = ConfigChange::default();
        let every = |draw: &mut Self| {
            let often = Span::from_millis(u64::from(draw.small(20, 500)));
            (draw.rng.below(4) > 0).then_some(often)
        };
        match self.rng.below(16) {
            0..3 => ConfigChange { gossip: Some(every(self)), ..none },
            3..6 => ConfigChange { anti_entropy: Some(every(self)), ..none },
            6..9 => ConfigChange { failure_detector: Some(self.detector()), ..none },
            9 | 10 => {
                let modes = [ReadRepair::Async, ReadRepair::Blocking, ReadRepair::Off];
                ConfigChange { read_repair: modes.get(self.small(0, 2) as usize).copied(), ..none }
            }
            11 => {
                let window = Span::from_millis(u64::from(self.small(1, 500)));
                ConfigChange { hint_window: Some(window), ..none }
            }
            12 | 13 => {
                let limit = Span::from_millis(u64::from(self.small(20, 250)));
                ConfigChange { timeout: Some(limit), ..none }
            }
            // These void most of what is owed, so most runs do without.
            14 if self.rng.below(4) == 0 => ConfigChange { clock_limit: Some(self.small(0, 4)), ..none },
            15 if self.rng.below(4) == 0 => ConfigChange {
                stream_from: Some(if self.rng.below(2) == 0 { StreamFrom::Any } else { StreamFrom::Giver }),
                pending_acks: Some(if self.rng.below(2) == 0 {
                    PendingAcks::Count
                } else {
                    PendingAcks::Extra
                }),
                ..none
            },
            _ => {
                let n = Some(self.small(1, 5)).filter(|n| *n >= self.n);
                // A get cannot wait for more replicas than a key has.
                let r = self.small(1, 3).min(n.unwrap_or(self.n));
                ConfigChange { n, r: Some(r), ..none }
            }
        }
    }

    pub(super) fn detector(&mut self) -> Detector {
        match self.rng.below(4) {
            0 => Detector::Off,
            1 => Detector::Timeout(Span::from_millis(u64::from(self.small(20, 400)))),
            _ => Detector::Phi { thousandths: self.small(500, 8_000) },
        }
    }

    fn network_change(&mut self) -> NetworkChange {
        let delay = (self.rng.below(2) == 0).then(|| self.delay());
        let loss = (self.rng.below(2) == 0).then(|| self.loss());
        let duplicate = (delay.is_none() && loss.is_none() || self.rng.below(3) == 0).then(|| self.loss());
        NetworkChange { delay, loss, duplicate }
    }

    /// The end of what [`Draw::more`] began: chances of the network as they were, and mostly the settings, too.
    pub(super) fn undo(&mut self, setup: &Setup, steps: &[Step]) -> Vec<Act> {
        let (config, network) = (&setup.config, &setup.network);
        let any = |meant: fn(&Act) -> bool| steps.iter().any(|step| meant(&step.act));
        let mut acts = Vec::new();
        if any(|act| matches!(act, Act::Network(_))) {
            let (loss, duplicate) = (Some(network.loss), Some(network.duplicate));
            acts.push(Act::Network(NetworkChange { delay: None, loss, duplicate }));
        }
        if any(|act| matches!(act, Act::Set(change) if background(change))) && self.rng.below(3) > 0 {
            acts.push(Act::Set(as_it_was(config)));
        }
        acts
    }

    /// Now and then single messages are taken in hand. Which there are at a moment only the run itself can tell, so it is
    /// run up to there; one that stops on the way will stop again where it is examined.
    pub(super) fn messages(&mut self, scenario: &Scenario, within: Span) -> Vec<Step> {
        if self.rng.below(6) > 0 {
            return Vec::new();
        }
        let mut moments: Vec<u64> =
            (0..self.small(1, 6)).map(|_| self.rng.below(within.as_micros())).collect();
        by_number(&mut moments, |at| *at);
        let seed = self.rng.bits();
        let pick = || in_hand(scenario, &moments, Rng::new(seed, Purpose::More));
        catch_unwind(AssertUnwindSafe(pick)).unwrap_or_default()
    }
}

fn in_hand(scenario: &Scenario, moments: &[u64], mut rng: Rng) -> Vec<Step> {
    let mut world = World::new(Arc::new(scenario.clone()));
    let mut steps = Vec::new();
    for at in moments.iter().map(|at| Time::from_micros(*at)) {
        while world.next_at().is_some_and(|next| next < at) && world.step(None) {}
        let under_way = world.snapshot().under_way;
        let mut any = |of: usize| usize::try_from(rng.below(of as u64)).expect("below a usize");
        let deed = Deed::ALL.get(any(Deed::ALL.len()));
        let message = under_way.get(any(under_way.len()));
        if let (Some(&deed), Some(&message)) = (deed, message) {
            let act = Act::ToMessage { message, deed };
            world.act(at, act.clone(), None);
            steps.push(Step { when: When::At(at), act, say: None });
        }
    }
    steps
}

/// Does it change what goes on in the background?
const fn background(change: &ConfigChange) -> bool {
    change.gossip.is_some()
        || change.anti_entropy.is_some()
        || change.failure_detector.is_some()
        || change.hint_window.is_some()
        || change.timeout.is_some()
}

fn as_it_was(config: &Config) -> ConfigChange {
    ConfigChange {
        gossip: Some(config.gossip),
        anti_entropy: Some(config.anti_entropy),
        failure_detector: Some(config.failure_detector),
        hint_window: Some(config.hint_window),
        timeout: Some(config.timeout),
        ..ConfigChange::default()
    }
}
