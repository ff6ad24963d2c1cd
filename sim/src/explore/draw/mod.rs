//! Whole scenarios drawn from a seed: sizes, settings, network, faults and requests.

mod churn;
mod deletes;
mod faults;
mod more;
mod setup;

use crate::act::{Act, Carried, Matcher, Operation, OperationKind};
use crate::delay::{Delay, Preset};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Scenario, Step, When};
use crate::setup::Ratio;
use crate::workload::Workload;
use ringside_core::{Config, Key, NodeId, Span, Time, Value};

/// The scenario of a seed: mostly 1 to 9 nodes, one in fifty up to 64, and up to 60 steps. They fall within a simulated
/// second, in one of four runs within up to 29. After twice that time everything is healed, so that a run ends with all
/// nodes up and in reach of each other.
#[must_use]
pub fn scenario(seed: u64) -> Scenario {
    let mut draw = Draw {
        rng: Rng::new(seed, Purpose::Scenario),
        nodes: 1,
        joiners: 0,
        changes: false,
        keys: 1,
        clients: 1,
        n: 1,
        ops: Vec::new(),
        disks: false,
    };
    let mut setup = draw.setup(seed);
    draw.keys = draw.rng.below(3) + 1;
    draw.clients = draw.rng.below(4) + 1;
    // A run in which everything goes wrong at once finds less than one in which something is left out.
    let faults = draw.rng.below(4);
    let steps = draw.rng.below(60) + 1;
    let mut steps: Vec<Step> = (0..steps).map(|number| draw.step(number, faults)).collect();
    if draw.rng.below(6) == 0 {
        steps.push(draw.workload());
    }
    // In the order of the nodes that join: that is how a file names them.
    steps.splice(0..0, draw.joins());
    let slower = if draw.rng.below(4) == 0 { draw.small(2, 29) } else { 1 };
    draw.rng = Rng::new(seed, Purpose::More);
    steps.extend(draw.more(faults));
    draw.churn(seed, &mut setup.config, &mut steps);
    draw.deletes(seed, &mut setup.config, &mut steps);
    draw.silences(seed, &setup.config, &mut steps);
    stretch(&mut setup.config, &mut steps, slower);
    let undo = draw.undo(&setup, &steps);
    steps.extend(heal(draw.nodes, undo, Time::ZERO + times(HEALED, slower)));
    let mut scenario = Scenario { title: format!("seed {seed}"), setup, steps, ..Scenario::default() };
    let messages = draw.messages(&scenario, times(Span::from_secs(1), slower));
    scenario.steps.extend(messages);
    scenario
}

/// Lets a run take so many times as long, and what happens at intervals happen less often. Requests and messages take
/// what they took: so there is more time in which nothing but the background is at work.
fn stretch(config: &mut Config, steps: &mut [Step], slower: u32) {
    for every in [&mut config.anti_entropy, &mut config.gossip].into_iter().flatten() {
        *every = times(*every, slower.min(20));
    }
    for step in steps {
        if let When::At(at) = &mut step.when {
            *at = Time::ZERO + times(at.since(Time::ZERO), slower);
        }
    }
}

fn times(span: Span, factor: u32) -> Span {
    Span::from_micros(span.as_micros().saturating_mul(factor.into()))
}

/// The end of all faults. Only operations come later, those that wait for others.
fn heal(nodes: u32, undo: Vec<Act>, at: Time) -> impl Iterator<Item = Step> {
    let nodes = || (0..nodes).map(NodeId);
    let slow = nodes().map(|node| Act::Slow { node, factor: 1 });
    let acts = undo.into_iter().chain([Act::Heal, Act::Release(Matcher::default())]).chain(slow);
    let acts = acts.chain(nodes().map(Act::Resume)).chain(nodes().map(Act::Restart));
    acts.map(move |act| Step { when: When::At(at), act, say: None })
}

/// When a run is healed that is not slower than others.
const HEALED: Span = Span::from_secs(2);

struct Draw {
    rng: Rng,
    /// Members at the beginning.
    nodes: u32,
    /// Those that join later.
    joiners: u32,
    /// Do members come and go?
    changes: bool,
    keys: u64,
    clients: u64,
    /// The least N of the cluster while it runs.
    n: u32,
    /// Do nodes lose disks? That voids most of what is owed, so most runs do without.
    disks: bool,
    /// The operations drawn so far.
    ops: Vec<String>,
}

impl Draw {
    fn small(&mut self, from: u32, to: u32) -> u32 {
        from + u32::try_from(self.rng.below(u64::from(to - from) + 1)).expect("below a u32")
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.small(0, self.nodes - 1))
    }

    fn step(&mut self, number: u64, faults: u64) -> Step {
        let act = match self.rng.below(10) {
            9 if self.changes && self.rng.below(2) == 0 => self.change(),
            0..6 => self.operation(number),
            _ if faults == 0 => self.operation(number),
            6 | 7 if faults > 1 => self.node_fault(),
            _ => self.network_fault(),
        };
        self.at_some_time(act)
    }

    fn at_some_time(&mut self, act: Act) -> Step {
        // Faults have a moment of their own: one that waited for an operation could come after the healing.
        let waits = matches!(act, Act::Operation(_)) && self.rng.below(8) == 0;
        let when = match self.earlier().filter(|_| waits) {
            Some(op) => When::After { op, plus: Span::from_micros(self.rng.below(5_000)) },
            None => When::At(Time::from_micros(self.rng.below(1_000_000))),
        };
        if let Act::Operation(operation) = &act {
            self.ops.push(operation.id.clone());
        }
        Step { when, act, say: None }
    }

    fn operation(&mut self, number: u64) -> Act {
        let context = match self.rng.below(6) {
            0 => Carried::Nothing,
            1 => self.earlier().map_or(Carried::Session, Carried::Of),
            _ => Carried::Session,
        };
        let kind = match self.rng.below(12) {
            0..5 => OperationKind::Get,
            5 | 6 => OperationKind::Delete { context },
            _ => OperationKind::Put { value: Value::new(&format!("v{number}")), context },
        };
        Act::Operation(Operation {
            id: format!("o{number}"),
            client: format!("client{}", self.rng.below(self.clients)),
            via: self.node(),
            key: Key::new(&format!("key{}", self.rng.below(self.keys))),
            kind,
        })
    }

    fn workload(&mut self) -> Step {
        let load = Workload {
            clients: self.small(1, 4),
            rate: self.small(1, 200),
            keys: self.small(1, 4),
            zipf: (self.rng.below(2) == 0).then(|| self.small(100, 2_000)),
            reads: Ratio { numerator: self.small(1, 6), denominator: 7 },
            lasts: Span::from_millis(u64::from(self.small(1, 300))),
        };
        let at = Time::from_micros(self.rng.below(1_000_000));
        Step { when: When::At(at), act: Act::Workload(load), say: None }
    }

    /// One of the operations drawn so far.
    fn earlier(&mut self) -> Option<String> {
        let count = u64::try_from(self.ops.len()).expect("a scenario has few operations");
        let at = (count > 0).then(|| self.rng.below(count))?;
        self.ops.get(usize::try_from(at).expect("below their number")).cloned()
    }

    fn delay(&mut self) -> Delay {
        let span = Span::from_micros(self.rng.below(20_000));
        match self.rng.below(6) {
            0 => Delay::Fixed(span),
            1 => Delay::Uniform { low: span, high: span + Span::from_millis(10) },
            2 => Delay::Exponential { mean: span },
            3 => Delay::Pareto { min: span, alpha_thousandths: self.small(900, 5_000) },
            4 => Delay::Preset(Preset::LnkdDisk),
            _ => Delay::Preset(Preset::Ymmr),
        }
    }

    fn loss(&mut self) -> Ratio {
        Ratio::new(self.small(0, 20), 100)
    }
}
