//! A small cluster as a state machine: what may happen next, and what each of it leads to.

use ringside_core::hash::Fingerprint;
use ringside_core::node::outbox::{Answer, Out};
use ringside_core::ring::Placement;
use ringside_core::{
    Ask, Config, Disk, Dot, Envelope, Founders, Input, Key, Node, NodeId, Note, Now, Outbox, Outcome,
    Request, RequestId, Ring, Start, Value,
};
use stateright::{Model, Property};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

const PUT: RequestId = RequestId(0);
const GET: RequestId = RequestId(1);

/// What is modelled.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    ring: Arc<Ring>,
    founders: Founders,
    nodes: u32,
    config: Config,
    /// May one node crash and start again?
    crash: bool,
}

/// A cluster at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct State {
    nodes: Vec<Host>,
    /// What is in flight, in an order that does not depend on how it came about.
    wire: Vec<Envelope>,
    crashed: bool,
    /// The dots minted so far.
    minted: Vec<Dot>,
    put: Progress,
    get: Progress,
    /// Had the put ended when the get began?
    put_before_get: bool,
}

/// A machine: its node, and what is left of one that is down.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Host {
    node: Option<Node>,
    disk: Disk,
    boot: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Progress {
    NotAsked,
    Asked,
    Told(Outcome),
}

/// What may happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// The client asks this node.
    Ask(RequestId, NodeId),
    /// The message at this place arrives.
    Deliver(usize),
    /// The next time limit of a node passes.
    TimeLimit(NodeId),
    Crash(NodeId),
    Restart(NodeId),
}

impl Cluster {
    pub(crate) fn new(nodes: u32, config: Config, crash: bool) -> Self {
        let names = ["A", "B", "C"];
        let members: Vec<(NodeId, &str)> = (0..nodes).map(NodeId).zip(names).collect();
        let ring = Arc::new(Ring::new(Placement::Random, 1, 0, &members));
        let founders = Founders::named(Arc::clone(&ring), &members);
        Self { ring, founders, nodes, config, crash }
    }

    fn start(&self, id: NodeId, boot: u32, disk: Disk) -> Node {
        Node::new(Start { id, boot, ..Start::default() }, self.config.clone(), self.founders.clone(), disk)
    }

    fn handle(state: &mut State, id: NodeId, now: Now, input: Input) {
        let mut out = Outbox::new();
        let host = &mut state.nodes[id.index()];
        let Some(node) = &mut host.node else { return };
        node.handle(now, input, &mut out);
        for item in out.drain() {
            match item {
                Out::Send(envelope) => state.wire.push(envelope),
                Out::Reply(PUT, answer) => state.put = told(&answer),
                Out::Reply(_, answer) => state.get = told(&answer),
                Out::Note(Note::Minted { dot, .. }) => state.minted.push(dot),
                Out::Note(_) => {}
            }
        }
        state.wire.sort_by_cached_key(fingerprint);
    }
}

fn told(answer: &Answer) -> Progress {
    Progress::Told(answer.outcome.clone())
}

fn fingerprint(envelope: &Envelope) -> u64 {
    let mut print = Fingerprint::default();
    envelope.hash(&mut print);
    print.finish()
}

fn cart() -> Key {
    Key::new("cart")
}

impl State {
    fn holders(&self) -> usize {
        let holds = |host: &&Host| {
            let disk = host.node.as_ref().map_or(&host.disk, Node::disk);
            disk.keys.get(&cart()).is_some_and(|kept| kept.values().any(|value| value.as_str() == "milk"))
        };
        self.nodes.iter().filter(holds).count()
    }

    fn acknowledged(&self) -> bool {
        matches!(self.put, Progress::Told(Outcome::Stored(_)))
    }

    fn found(&self) -> Option<bool> {
        let Progress::Told(Outcome::Found(versions)) = &self.get else { return None };
        Some(versions.values().any(|value| value.as_str() == "milk"))
    }

    /// Did a get that began after the acknowledged put not find it?
    pub(crate) fn stale(&self) -> bool {
        self.put_before_get && self.acknowledged() && self.found() == Some(false)
    }
}

impl Model for Cluster {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let host =
            |id| Host { node: Some(self.start(id, 0, Disk::default())), disk: Disk::default(), boot: 0 };
        vec![State {
            nodes: (0..self.nodes).map(NodeId).map(host).collect(),
            wire: Vec::new(),
            crashed: false,
            minted: Vec::new(),
            put: Progress::NotAsked,
            get: Progress::NotAsked,
            put_before_get: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        let first = self.ring.preference(&cart(), 1)[0];
        let last = *self.ring.preference(&cart(), self.nodes).last().expect("a cluster has a node");
        if state.put == Progress::NotAsked {
            actions.push(Step::Ask(PUT, first));
        }
        if state.get == Progress::NotAsked {
            actions.push(Step::Ask(GET, last));
        }
        actions.extend((0..state.wire.len()).map(Step::Deliver));
        for id in (0..self.nodes).map(NodeId) {
            match &state.nodes[id.index()].node {
                Some(node) => {
                    actions.extend(node.next_wake().map(|_| Step::TimeLimit(id)));
                    actions.extend((self.crash && !state.crashed).then_some(Step::Crash(id)));
                }
                None => actions.push(Step::Restart(id)),
            }
        }
    }

    fn next_state(&self, state: &State, step: Step) -> Option<State> {
        let mut next = state.clone();
        let now = Now::default();
        match step {
            Step::Ask(id, to) => {
                let ask = if id == PUT {
                    next.put = Progress::Asked;
                    Ask::Put { value: Value::new("milk"), context: None }
                } else {
                    next.get = Progress::Asked;
                    next.put_before_get = matches!(state.put, Progress::Told(_));
                    Ask::Get
                };
                Self::handle(&mut next, to, now, Input::Asked(Request { id, key: cart(), ask }));
            }
            Step::Deliver(at) => {
                let envelope = next.wire.remove(at);
                Self::handle(&mut next, envelope.to, now, Input::Delivered(envelope));
            }
            Step::TimeLimit(id) => {
                let (at, _) = state.nodes[id.index()].node.as_ref()?.next_wake()?;
                Self::handle(&mut next, id, Now::at(at), Input::Woke);
            }
            Step::Crash(id) => {
                let host = &mut next.nodes[id.index()];
                host.disk = host.node.take()?.disk().clone();
                next.crashed = true;
            }
            Step::Restart(id) => {
                let host = &mut next.nodes[id.index()];
                host.boot += 1;
                host.node = Some(self.start(id, host.boot, std::mem::take(&mut host.disk)));
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("no dot is minted twice", |_, state: &State| {
                state.minted.iter().enumerate().all(|(at, dot)| !state.minted[..at].contains(dot))
            }),
            Property::always("an acknowledged put is held by W replicas", |model: &Self, state: &State| {
                !state.acknowledged() || state.holders() >= model.config.w as usize
            }),
            Property::always("a get finds only what was put", |_, state: &State| {
                state.found() != Some(true) || state.put != Progress::NotAsked
            }),
            Property::sometimes("a put is unknown to the client and yet found", |_, state: &State| {
                matches!(state.put, Progress::Told(Outcome::TimedOut { .. })) && state.found() == Some(true)
            }),
            Property::sometimes("all is done", |_, state: &State| {
                state.acknowledged() && state.found() == Some(true)
            }),
        ];
        properties.push(Property::always(
            "a get that began after the put had ended finds it",
            |_, state: &State| !state.stale(),
        ));
        properties
    }
}
