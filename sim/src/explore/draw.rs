//! Whole scenarios drawn from a seed: sizes, settings, network, faults and requests.

use crate::act::{Act, Carried, ConfigChange, LinkChange, Matcher, Operation, OperationKind};
use crate::delay::{Delay, Delays, Preset};
use crate::names::node_name;
use crate::rng::{Purpose, Rng};
use crate::scenario::{Scenario, Step, When};
use crate::setup::{Network, Ratio, Setup};
use crate::workload::Workload;
use ringside_core::order::by_number;
use ringside_core::ring::Placement;
use ringside_core::{
    Config, Counters, Detector, Key, Kind, NodeId, PendingAcks, Quorum, ReadRepair, Span, StreamFrom, Time,
    Tombstones, Value, Versions,
};

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
    stretch(&mut setup.config, &mut steps, slower);
    steps.extend(heal(draw.nodes + draw.joiners, Time::ZERO + times(HEALED, slower)));
    Scenario { title: format!("seed {seed}"), setup, steps, ..Scenario::default() }
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
fn heal(nodes: u32, at: Time) -> impl Iterator<Item = Step> {
    let nodes = || (0..nodes).map(NodeId);
    let slow = nodes().map(|node| Act::Slow { node, factor: 1 });
    let acts = [Act::Heal, Act::Release(Matcher::default())].into_iter().chain(slow);
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
    /// N of the cluster.
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

    fn setup(&mut self, seed: u64) -> Setup {
        self.nodes = if self.rng.below(50) == 0 { self.small(10, 64) } else { self.small(1, 9) };
        let n = self.small(1, 5);
        self.n = n;
        let (r, w) = (self.small(1, n), self.small(1, n));
        let read_repair = match self.rng.below(3) {
            0 => ReadRepair::Async,
            1 => ReadRepair::Blocking,
            _ => ReadRepair::Off,
        };
        let timeout = Span::from_millis(u64::from(self.small(20, 250)));
        let often = Span::from_millis(u64::from(self.small(50, 500)));
        let anti_entropy = (self.rng.below(2) == 0).then_some(often);
        let delay = if self.rng.below(2) == 0 {
            Delays::all(self.delay())
        } else {
            let (write, ack, read, reply) = (self.delay(), self.delay(), self.delay(), self.delay());
            Delays { write, ack, read, reply, other: self.delay() }
        };
        let (gossip, failure_detector) = self.gossip();
        self.disks = self.rng.below(6) == 0;
        let duplicate = if self.rng.below(3) == 0 { self.loss() } else { Ratio::ZERO };
        // Every other cluster that gossips changes its members.
        self.changes = gossip.is_some() && self.rng.below(2) == 0;
        self.joiners = if self.changes { self.small(0, 3) } else { 0 };
        let loss = if self.rng.below(2) == 0 { Ratio::ZERO } else { self.loss() };
        Setup {
            seed,
            names: (0..self.nodes + self.joiners).map(node_name).collect(),
            joiners: self.joiners,
            placement: self.placement(),
            vnodes: self.small(1, 16),
            zones: self.zones(),
            config: self.settings(&Config {
                n,
                r,
                w,
                read_repair,
                timeout,
                anti_entropy,
                gossip,
                failure_detector,
                ..Config::bare()
            }),
            network: Network { delay, loss, duplicate },
            sync: (self.rng.below(8) == 0).then(|| Span::from_millis(u64::from(self.small(1, 400)))),
        }
    }

    fn placement(&mut self) -> Placement {
        match self.rng.below(6) {
            0 | 1 => Placement::Even,
            2 => Placement::Partitions(self.small(self.nodes + self.joiners, 128)),
            _ => Placement::Random,
        }
    }

    /// Three of four clusters have none; else each node is in one of three, or in none that has a name.
    fn zones(&mut self) -> Vec<(NodeId, String)> {
        if self.rng.below(4) > 0 {
            return Vec::new();
        }
        let mut zones = Vec::new();
        for node in 0..self.nodes + self.joiners {
            if let Some(zone) = ["eu", "us", "asia"].get(self.small(0, 3) as usize) {
                zones.push((NodeId(node), (*zone).to_owned()));
            }
        }
        zones
    }

    /// Half of the clusters gossip, and in some of them nodes are believed down rashly.
    fn gossip(&mut self) -> (Option<Span>, Detector) {
        let gossip = (self.rng.below(2) == 0).then(|| Span::from_millis(u64::from(self.small(20, 300))));
        let detector = match self.rng.below(4) {
            0 => Detector::Off,
            1 => Detector::Timeout(Span::from_millis(u64::from(self.small(20, 400)))),
            _ => Detector::Phi { thousandths: self.small(500, 8_000) },
        };
        (gossip, detector)
    }

    /// Versions and hints.
    fn settings(&mut self, others: &Config) -> Config {
        let config = self.versions(others);
        let config = self.hints(&config);
        if !self.changes {
            return config;
        }
        let stream_from = if self.rng.below(20) == 0 { StreamFrom::Any } else { StreamFrom::Giver };
        let pending_acks = if self.rng.below(20) == 0 { PendingAcks::Count } else { PendingAcks::Extra };
        Config { stream_from, pending_acks, ..config }
    }

    /// Mostly the rules that never err.
    fn versions(&mut self, others: &Config) -> Config {
        let versions = match self.rng.below(10) {
            0 => Versions::Plain,
            1 => Versions::LastWriteWins,
            _ => Versions::Dotted,
        };
        let clock_limit = if self.rng.below(10) == 0 { self.small(1, 4) } else { 0 };
        let tombstones = self.tombstones();
        let counters = if self.rng.below(20) == 0 { Counters::PerKey } else { Counters::PerActor };
        Config { versions, clock_limit, counters, tombstones, ..others.clone() }
    }

    /// Half of the clusters forget what is deleted, some of them before the news of it can have come round.
    fn tombstones(&mut self) -> Tombstones {
        match self.rng.below(4) {
            0 => Tombstones::Grace(Span::from_millis(u64::from(self.small(1, 500)))),
            1 => Tombstones::AllReplicas,
            _ => Tombstones::Keep,
        }
    }

    /// Sloppy or strict, with hints or without, and sometimes with a window so short that they expire.
    fn hints(&mut self, config: &Config) -> Config {
        let quorum = if self.rng.below(4) == 0 { Quorum::Sloppy } else { Quorum::Strict };
        let hinted_handoff = quorum == Quorum::Sloppy || self.rng.below(2) == 0;
        let short = self.rng.below(5) == 0;
        let hint_window =
            if short { Span::from_millis(u64::from(self.small(1, 500))) } else { config.hint_window };
        Config { quorum, hinted_handoff, hint_window, ..config.clone() }
    }

    fn loss(&mut self) -> Ratio {
        Ratio::new(self.small(0, 20), 100)
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

    fn step(&mut self, number: u64, faults: u64) -> Step {
        let act = match self.rng.below(10) {
            9 if self.changes && self.rng.below(2) == 0 => self.change(),
            0..6 => self.operation(number),
            _ if faults == 0 => self.operation(number),
            6 | 7 if faults > 1 => self.node_fault(),
            _ => self.network_fault(),
        };
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

    fn node_fault(&mut self) -> Act {
        let node = self.node();
        match self.rng.below(18) {
            0..3 => Act::Crash(node),
            3..7 => Act::Restart(node),
            7 if self.disks => Act::Wipe(node),
            8 if self.disks => Act::RestartOld(node),
            7..10 => Act::Pause(node),
            10..13 => Act::Resume(node),
            13 => Act::Slow { node, factor: self.small(1, 20) },
            14 | 15 => Act::Repair(node),
            16 => Act::Skew { node, by: i64::from(self.small(0, 400_000)) - 200_000 },
            _ => Act::Drift { node, millionths: self.small(0, 200_000).cast_signed() - 100_000 },
        }
    }

    /// How those that are no members yet become such.
    fn joins(&mut self) -> Vec<Step> {
        let step = |at, act| Step { when: When::At(Time::from_micros(at)), act, say: None };
        let mut steps = Vec::new();
        for joiner in 0..self.joiners {
            let (new, at) = (NodeId(self.nodes + joiner), self.rng.below(1_000_000));
            if self.rng.below(3) == 0 {
                let dead = self.node();
                steps.push(step(at, Act::Crash(dead)));
                steps.push(step(at, Act::Replace { dead, new }));
            } else {
                steps.push(step(at, Act::Join(new)));
            }
        }
        steps
    }

    /// A deliberate change of the members, wise or not.
    fn change(&mut self) -> Act {
        let node = NodeId(self.small(0, self.nodes + self.joiners - 1));
        match self.rng.below(6) {
            0..3 => Act::Leave(node),
            3 | 4 if node.0 < self.nodes => Act::Join(node),
            3 | 4 => Act::Abort(node),
            _ => {
                let n = Some(self.small(self.n, 6));
                Act::Set(ConfigChange { n, ..ConfigChange::default() })
            }
        }
    }

    fn network_fault(&mut self) -> Act {
        match self.rng.below(14) {
            0 => self.partition(),
            1 if self.nodes > 1 => {
                let from = self.node();
                let to = NodeId((from.0 + self.small(1, self.nodes - 1)) % self.nodes);
                let (delay, loss) = (Some(self.delay()), Some(self.loss()));
                Act::Link(LinkChange { from, to, delay, loss, cut: Some(self.rng.below(3) == 0) })
            }
            2 => Act::Heal,
            3 => Act::Hold(self.matcher()),
            4 => Act::Release(self.matcher()),
            5 => Act::Drop { matcher: self.matcher(), count: self.small(1, 3) },
            6 => {
                let most = self.n.min(3);
                let (r, w) = (Some(self.small(1, most)), Some(self.small(1, most)));
                Act::Set(ConfigChange { r, w, ..ConfigChange::default() })
            }
            7 => Act::Duplicate { matcher: self.matcher(), count: self.small(1, 5) },
            8 | 9 => Act::Replay { matcher: self.matcher(), count: self.small(1, 8) },
            10 => Act::Corrupt { matcher: self.matcher(), count: self.small(1, 3) },
            11 => {
                let quorum = if self.rng.below(4) == 0 { Quorum::Sloppy } else { Quorum::Strict };
                // A sloppy quorum goes with hints only.
                let hinted_handoff = Some(quorum == Quorum::Sloppy || self.rng.below(2) == 0);
                Act::Set(ConfigChange { quorum: Some(quorum), hinted_handoff, ..ConfigChange::default() })
            }
            12 => {
                let tombstones = Some(self.tombstones());
                Act::Set(ConfigChange { tombstones, ..ConfigChange::default() })
            }
            _ => Act::Release(Matcher::default()),
        }
    }

    /// Two groups, of one node and of up to two, as far as there are nodes.
    fn partition(&mut self) -> Act {
        let lone = self.node();
        let mut pair = vec![self.node(), self.node()];
        pair.retain(|node| *node != lone);
        by_number(&mut pair, |node| node.0.into());
        pair.dedup();
        let groups = [vec![lone], pair];
        Act::Partition(groups.into_iter().filter(|group| !group.is_empty()).collect())
    }

    fn matcher(&mut self) -> Matcher {
        let kinds = Kind::ALL;
        let at = usize::try_from(self.rng.below(16)).expect("a small number");
        let from = (self.rng.below(3) == 0).then(|| self.node());
        let to = (self.rng.below(2) == 0).then(|| self.node());
        Matcher { kind: kinds.get(at).copied(), from, to }
    }
}
