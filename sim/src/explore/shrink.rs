//! Making a failing scenario small: as long as it fails in the same way, what it does not need is left out.

use super::examine::{Break, examine};
use crate::act::{Act, Carried, OperationKind};
use crate::delay::{Delay, Delays};
use crate::scenario::{Scenario, Step, When};
use crate::setup::{Network, Ratio};
use crate::workload::{self, Workload};
use ringside_core::ring::Placement;
use ringside_core::{Config, NodeId, Quorum, Span, Time};
use std::collections::BTreeSet;

/// The smallest scenario that was found which breaks in the same way as `scenario`. At most `tries` runs are tried.
#[must_use]
pub fn shrink(scenario: &Scenario, broken: &Break, tries: u32) -> Scenario {
    let thorough = matches!(broken, Break::Repeat | Break::Seek(_));
    let same =
        |candidate: &Scenario| examine(candidate, thorough).broken.is_some_and(|found| found.is_like(broken));
    shrink_while(scenario, tries, same)
}

/// The smallest scenario that was found of which `fails` is true, as it is of `scenario`. It is asked at most `tries` times.
///
/// Steps go first, in halves, then quarters, down to single ones (delta debugging; Zeller and Hildebrandt, 2002); then
/// settings are put back to their defaults, the network is made simple and moments are made round.
#[must_use]
pub fn shrink_while(scenario: &Scenario, tries: u32, fails: impl Fn(&Scenario) -> bool) -> Scenario {
    let mut search = Search { best: scenario.clone(), fails: &fails, left: tries };
    loop {
        let before = search.best.clone();
        search.drop_steps();
        search.simplify();
        search.round_moments();
        if search.best == before || search.left == 0 {
            return search.best;
        }
    }
}

struct Search<'a> {
    best: Scenario,
    fails: &'a dyn Fn(&Scenario) -> bool,
    left: u32,
}

impl Search<'_> {
    /// Takes the candidate if it fails, too, as its file will say it: without a step that names a node, others that join
    /// may be numbered otherwise.
    fn offer(&mut self, candidate: &Scenario) -> bool {
        let Ok(candidate) = Scenario::parse(&candidate.to_toml()) else { return false };
        if self.left == 0 || candidate == self.best {
            return false;
        }
        self.left -= 1;
        let fails = (self.fails)(&candidate);
        if fails {
            self.best = candidate;
        }
        fails
    }

    fn drop_steps(&mut self) {
        let mut chunk = self.best.steps.len().div_ceil(2);
        while chunk > 0 {
            let mut from = 0;
            while from < self.best.steps.len() {
                let to = (from + chunk).min(self.best.steps.len());
                let mut fewer = self.best.clone();
                fewer.steps.drain(from..to);
                mend(&mut fewer.steps);
                let members = fewer.setup.names.len();
                let Scenario { setup, steps, .. } = &mut fewer;
                setup.zones.retain(|(node, _)| node.index() < members || joins(steps, *node));
                if !self.offer(&fewer) {
                    from = to;
                }
            }
            chunk /= 2;
        }
    }

    /// Each simplification is tried on its own, so that one which hides the break does not keep the others out.
    fn simplify(&mut self) {
        let defaults = Config::bare();
        let simpler: [fn(&mut Scenario, &Config); 21] = [
            |scenario, _| scenario.setup.network = Network::default(),
            |scenario, _| scenario.setup.network.loss = Ratio::ZERO,
            |scenario, _| scenario.setup.network.duplicate = Ratio::ZERO,
            |scenario, _| scenario.setup.network.delay = Delays::all(Delay::Fixed(Span::from_millis(1))),
            |scenario, _| scenario.setup.sync = None,
            |scenario, _| scenario.setup.zones.clear(),
            |scenario, _| scenario.setup.placement = Placement::Random,
            |scenario, _| scenario.setup.vnodes = 1,
            |scenario, _| scenario.setup.vnodes = scenario.setup.vnodes.min(8),
            |scenario, config| scenario.setup.config.read_repair = config.read_repair,
            |scenario, config| scenario.setup.config.timeout = config.timeout,
            |scenario, config| {
                scenario.setup.config.quorum = config.quorum;
                scenario.setup.config.hinted_handoff = config.hinted_handoff;
            },
            |scenario, config| scenario.setup.config.quorum = config.quorum,
            |scenario, config| scenario.setup.config.clock_limit = config.clock_limit,
            |scenario, config| scenario.setup.config.hint_window = config.hint_window,
            |scenario, config| scenario.setup.config.anti_entropy = config.anti_entropy,
            |scenario, config| {
                scenario.setup.config.failure_detector = config.failure_detector;
                scenario.setup.config.gossip = config.gossip;
            },
            |scenario, config| scenario.setup.config.failure_detector = config.failure_detector,
            // A sloppy quorum goes with hints only.
            |scenario, config| {
                scenario.setup.config.hinted_handoff =
                    config.hinted_handoff || scenario.setup.config.quorum == Quorum::Sloppy;
            },
            |scenario, config| scenario.setup.config.tombstones = config.tombstones,
            |scenario, _| {
                let used = nodes_used(&scenario.steps).max(1);
                keep_nodes(scenario, used);
            },
        ];
        for simpler in simpler {
            let mut candidate = self.best.clone();
            simpler(&mut candidate, &defaults);
            self.offer(&candidate);
        }
        while self.best.setup.names.len() > nodes_used(&self.best.steps).max(1) {
            let mut candidate = self.best.clone();
            let fewer = candidate.setup.names.len() - 1;
            keep_nodes(&mut candidate, fewer);
            if !self.offer(&candidate) {
                break;
            }
        }
    }

    /// Moments at whole milliseconds read better, and so do short waits.
    fn round_moments(&mut self) {
        for unit in [10_000, 1_000, 100] {
            let mut candidate = self.best.clone();
            for step in &mut candidate.steps {
                match &mut step.when {
                    When::At(at) => *at = Time::from_micros(at.as_micros() / unit * unit),
                    When::After { plus, .. } => *plus = Span::from_micros(plus.as_micros() / unit * unit),
                }
            }
            self.offer(&candidate);
        }
    }
}

/// The first `count` nodes; the others are gone, also from the zones.
fn keep_nodes(scenario: &mut Scenario, count: usize) {
    scenario.setup.names.truncate(count);
    scenario.setup.zones.retain(|(node, _)| node.index() < count);
}

/// Does this node join by one of the steps? A file names no others but the members.
fn joins(steps: &[Step], node: NodeId) -> bool {
    let joins = |act: &Act| matches!(act, Act::Join(new) | Act::Replace { new, .. } if *new == node);
    steps.iter().any(|step| joins(&step.act))
}

/// One more than the highest node that a step names.
fn nodes_used(steps: &[Step]) -> usize {
    let named = steps.iter().flat_map(|step| step.act.nodes());
    named.map(|node| node.index() + 1).max().unwrap_or(0)
}

/// Takes out what refers to operations that are no longer there: steps that wait for them, and their contexts.
fn mend(steps: &mut Vec<Step>) {
    loop {
        let ops: BTreeSet<String> = steps.iter().filter_map(name_of).map(str::to_owned).collect();
        let loads: Vec<Workload> = workload::among(steps.iter().map(|step| &step.act)).copied().collect();
        let known = |op: &str| ops.contains(op) || workload::names_one_of(loads.iter(), op);
        let before = steps.len();
        steps.retain(|step| match &step.when {
            When::After { op, .. } => known(op),
            When::At(_) => true,
        });
        for step in &mut *steps {
            let Act::Operation(operation) = &mut step.act else { continue };
            if let OperationKind::Put { context, .. } | OperationKind::Delete { context } =
                &mut operation.kind
                && matches!(context, Carried::Of(op) if !known(op))
            {
                *context = Carried::Nothing;
            }
        }
        if steps.len() == before {
            return;
        }
    }
}

fn name_of(step: &Step) -> Option<&str> {
    if let Act::Operation(operation) = &step.act { Some(&operation.id) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Claim, Verdict};
    use crate::explore::draw;

    /// Is a get stale in this run?
    fn stale(scenario: &Scenario) -> bool {
        let judgements = examine(scenario, false).judgements;
        judgements.iter().any(|judged| judged.claim == Claim::FreshReads && judged.verdict == Verdict::Broken)
    }

    #[test]
    fn what_a_failure_does_not_need_is_left_out() {
        let mut drawn = (0..).map(draw::scenario);
        let large =
            drawn.find(|scenario| scenario.steps.len() > 40 && stale(scenario)).expect("there are many");
        let small = shrink_while(&large, 500, stale);
        assert!(stale(&small));
        assert!(small.steps.len() <= 8, "a write and a read of it need few steps: {:#?}", small.steps);
        assert_eq!(shrink_while(&small, 500, stale), small, "nothing is left to take away");
    }

    #[test]
    fn what_is_left_is_what_its_file_says() {
        let mut drawn = (0..).map(draw::scenario);
        let large = drawn.find(|scenario| scenario.setup.joiners > 1 && stale(scenario));
        let small = shrink_while(&large.expect("there are some"), 100, stale);
        assert_eq!(Scenario::parse(&small.to_toml()), Ok(small));
    }

    #[test]
    fn what_fails_no_more_is_not_taken() {
        let large = draw::scenario(3);
        assert_eq!(shrink_while(&large, 500, |candidate| candidate == &large), large);
        assert_eq!(shrink_while(&large, 0, |_| true), large, "without a try there is no change");
    }
}
