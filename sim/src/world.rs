//! The world: nodes, network, disks and clients, moved on by exactly one event at a time.
//!
//! Ties in time break the same way always: steps of the scenario first, in file order, then messages in the order
//! they went on their way, then nodes that want to be woken, then clients whose patience ends.

use crate::act::{Act, Operation};
use crate::client::{self, Clients};
use crate::host::Host;
use crate::network::Links;
use crate::rng::{Purpose, Rng};
use crate::scenario::{Scenario, When};
use crate::snapshot::Snapshot;
use crate::trace::{Event, Loss, MessageId, OpOutcome, Trace, Travel, What};
use ringside_core::hash::Fingerprint;
use ringside_core::node::outbox::{Answer, Out, Request};
use ringside_core::{
    Config, Disk, Envelope, Input, Kind, Node, NodeId, Note, Now, Outbox, RequestId, Ring, Span, Start, Time,
};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A cluster and everything around it, at one moment.
#[derive(Clone, Debug)]
pub struct World {
    scenario: Arc<Scenario>,
    /// The steps that wait for the end of an operation, and how long after it they come.
    followers: Arc<BTreeMap<String, Vec<(u32, Span)>>>,
    ring: Arc<Ring>,
    now: Time,
    position: u64,
    config: Config,
    hosts: Vec<Host>,
    links: Links,
    held: Vec<(MessageId, Envelope)>,
    /// What is to come, by time, rank (steps before messages) and order.
    queue: BTreeMap<(Time, Rank, u64), Due>,
    /// When the last step happens that has a moment by now.
    last_step: Time,
    wakes: BTreeSet<(Time, NodeId)>,
    clients: Clients,
    delays: Rng,
    losses: Rng,
    sequence: u64,
    requests: u64,
    messages: u32,
    digest: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Step,
    Message,
}

#[derive(Clone, Debug)]
enum Due {
    Step(u32),
    Arrival(MessageId, Envelope, Option<Loss>),
}

/// What one event has produced so far, and where it is written down.
struct Turn<'a> {
    event: Event,
    log: Option<&'a mut Trace>,
    ended: Vec<String>,
}

impl World {
    /// The world as a scenario sets it up, before anything has happened.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let setup = &scenario.setup;
        let ring = Arc::new(setup.ring());
        let config = setup.config.clone();
        let start = |id| Start { id, boot: 0, seed: Rng::of_node(setup.seed, id, 0) };
        let hosts = setup.nodes().map(|id| Host::start(start(id), &config, &ring, Disk::default())).collect();
        let (delays, losses) = (Rng::new(setup.seed, Purpose::Delay), Rng::new(setup.seed, Purpose::Loss));
        let mut queue = BTreeMap::new();
        let mut last_step = Time::ZERO;
        let mut followers: BTreeMap<String, Vec<(u32, Span)>> = BTreeMap::new();
        for (index, step) in (0..).zip(&scenario.steps) {
            match &step.when {
                When::At(at) => {
                    queue.insert((*at, Rank::Step, u64::from(index)), Due::Step(index));
                    last_step = last_step.max(*at);
                }
                When::After { op, plus } => followers.entry(op.clone()).or_default().push((index, *plus)),
            }
        }
        Self {
            followers: Arc::new(followers),
            ring,
            now: Time::ZERO,
            position: 0,
            config,
            hosts,
            links: Links::default(),
            held: Vec::new(),
            queue,
            last_step,
            wakes: BTreeSet::new(),
            clients: Clients::default(),
            delays,
            losses,
            sequence: 0,
            requests: 0,
            messages: 0,
            digest: Fingerprint::default(),
            scenario,
        }
    }

    /// How many events have happened.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// When the last of them happened.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// When the last step happens of which that is known by now: one that waits for an operation has no moment before
    /// the operation has ended.
    #[must_use]
    pub const fn last_step(&self) -> Time {
        self.last_step
    }

    /// How much room a copy of this moment takes, about: the number of things that are copied one by one.
    pub(crate) fn size(&self) -> u64 {
        let coordinating =
            |host: &Host| host.node.as_ref().map_or(0, |node| node.coordinator().pending().count());
        let under_way = self.queue.len() + self.held.len() + self.wakes.len() + self.clients.waiting();
        let size = under_way + self.hosts.len() + self.hosts.iter().map(coordinating).sum::<usize>();
        u64::try_from(size).unwrap_or(u64::MAX)
    }

    /// Is no step left, does no client wait, and is nothing held?
    pub(crate) fn nothing_waits(&self) -> bool {
        let step = |due: &Due| matches!(due, Due::Step(_));
        self.clients.waiting() == 0 && self.held.is_empty() && !self.queue.values().any(step)
    }

    /// The kinds of the messages that are on their way.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = Kind> + '_ {
        self.queue.values().filter_map(|due| match due {
            Due::Arrival(_, envelope, _) => Some(envelope.message.kind()),
            Due::Step(_) => None,
        })
    }

    /// The nodes that are up.
    pub(crate) fn up(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.scenario.setup.nodes().filter_map(|id| self.node(id).map(|node| (id, node)))
    }

    /// A node, if it is up.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.hosts[id.index()].node.as_ref()
    }

    /// Does nothing pass from one to the other?
    pub(crate) fn cut(&self, from: NodeId, to: NodeId) -> bool {
        self.links.cut(from, to)
    }

    /// The ring that all nodes began with.
    #[must_use]
    pub const fn ring(&self) -> &Arc<Ring> {
        &self.ring
    }

    /// The fingerprint of everything that has happened, the same on every machine.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.finish()
    }

    /// When the next event happens; none if nothing is left to happen.
    #[must_use]
    pub fn next_at(&self) -> Option<Time> {
        self.next().map(|(at, _)| at)
    }

    /// Lets exactly one event happen and writes it to `log`. False if nothing is left to happen.
    pub fn step(&mut self, log: Option<&mut Trace>) -> bool {
        let Some((at, next)) = self.next() else { return false };
        self.now = at;
        match next {
            Next::Queued => {
                let (_, due) = self.queue.pop_first().expect("the next event is in the queue");
                match due {
                    Due::Step(index) => {
                        let act = self.scenario.steps[index as usize].act.clone();
                        self.perform(act, Some(index), log);
                    }
                    Due::Arrival(id, envelope, lost) => self.arrive(id, envelope, lost, log),
                }
            }
            Next::Wake(node) => {
                self.wakes.pop_first();
                let host = &mut self.hosts[node.index()];
                host.wake = None;
                let reason = host.node.as_ref().and_then(Node::next_wake).map(|(_, reason)| reason);
                let reason = reason.expect("only a node that wants to be woken is");
                let mut turn = Turn::new(at, What::Woke(node, reason), log);
                self.handle(node, Input::Woke, &mut turn);
                self.finish(turn);
            }
            Next::Patience(request) => {
                let mut turn = Turn::new(at, What::GaveUp(request), log);
                self.give_up(request, &mut turn);
                self.finish(turn);
            }
        }
        true
    }

    /// Does something by hand, at `at`, which is neither before now nor after the next event.
    pub fn act(&mut self, at: Time, act: Act, log: Option<&mut Trace>) {
        assert!(at >= self.now, "an act by hand is not in the past");
        self.now = at;
        self.perform(act, None, log);
    }

    /// A picture of this moment.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let setup = &self.scenario.setup;
        let node = |(host, id): (&Host, NodeId)| host.snapshot(id, setup);
        Snapshot {
            at: self.now,
            position: self.position,
            config: self.config.clone(),
            nodes: self.hosts.iter().zip(setup.nodes()).map(node).collect(),
        }
    }

    fn next(&self) -> Option<(Time, Next)> {
        let queued = self.queue.first_key_value().map(|(&(at, ..), _)| (at, Next::Queued));
        let wake = self.wakes.first().map(|&(at, node)| (at, Next::Wake(node)));
        let patience = self.clients.next_deadline().map(|(at, request)| (at, Next::Patience(request)));
        // `min_by_key` keeps the first of equals, which is the documented order of ties.
        [queued, wake, patience].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn perform(&mut self, act: Act, step: Option<u32>, log: Option<&mut Trace>) {
        let request = matches!(act, Act::Operation(_)).then_some(RequestId(self.requests));
        let mut turn = Turn::new(self.now, What::Act { step, act: act.clone(), request }, log);
        match act {
            Act::Operation(operation) => self.invoke(&operation, &mut turn),
            Act::Crash(node) => self.hosts[node.index()].crash(&mut self.wakes, node),
            Act::Restart(node) => {
                let host = &mut self.hosts[node.index()];
                if host.node.is_none() {
                    let boot = host.actor.boot + 1;
                    let start =
                        Start { id: node, boot, seed: Rng::of_node(self.scenario.setup.seed, node, boot) };
                    *host = Host::start(start, &self.config, &self.ring, host.disk.clone());
                }
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

    /// A client asks a node; between the two there is neither delay nor loss.
    fn invoke(&mut self, operation: &Operation, turn: &mut Turn<'_>) {
        let id = RequestId(self.requests);
        self.requests += 1;
        let ask = self.clients.ask(operation);
        if let Some(log) = &mut turn.log {
            log.invoked(id, operation, &ask, self.now, self.position + 1);
        }
        let patience = self.config.timeout.times(2);
        self.clients.wait(id, operation, self.now, patience);
        if self.hosts[operation.via.index()].node.is_some() {
            let request = Request { id, key: operation.key.clone(), ask };
            self.handle(operation.via, Input::Asked(request), turn);
        } else if let Some(waiting) = self.clients.stop(id) {
            let error = format!("unavailable: node {} is down", self.scenario.setup.name(operation.via));
            turn.end(id, OpOutcome::Failed, None, Vec::new(), Some(error), self.position + 1);
            turn.ended.push(waiting.id);
        }
    }

    fn give_up(&mut self, request: RequestId, turn: &mut Turn<'_>) {
        let waiting = self.clients.stop(request).expect("only a waiting client loses patience");
        let outcome = if waiting.is_write { OpOutcome::Unknown } else { OpOutcome::Failed };
        let error = format!("no answer within {}", waiting.patience);
        turn.end(request, outcome, None, Vec::new(), Some(error), self.position + 1);
        turn.ended.push(waiting.id);
    }

    fn arrive(&mut self, id: MessageId, envelope: Envelope, lost: Option<Loss>, log: Option<&mut Trace>) {
        let (from, to) = (envelope.from, envelope.to);
        let cut = || self.links.cut(from, to).then_some(Loss::Cut);
        let down = || self.hosts[to.index()].node.is_none().then_some(Loss::Down);
        let lost = lost.or_else(cut).or_else(down);
        let what = lost.map_or(What::Delivered(id), |loss| What::Lost(id, loss));
        let mut turn = Turn::new(self.now, what, log);
        if let Some(log) = &mut turn.log {
            log.arrived(id, self.now, self.position + 1, lost);
        }
        if lost.is_none() {
            self.handle(to, Input::Delivered(envelope), &mut turn);
        }
        self.finish(turn);
    }

    /// Hands an input to a node that is up, and does what it then wants.
    fn handle(&mut self, id: NodeId, input: Input, turn: &mut Turn<'_>) {
        let host = &mut self.hosts[id.index()];
        let Some(node) = &mut host.node else { return };
        let mut outbox = Outbox::new();
        node.handle(Now::at(self.now), input, &mut outbox);
        host.minted = node.minted();
        let wake = node.next_wake().map(|(at, _)| at.max(self.now));
        if wake != host.wake {
            if let Some(at) = host.wake {
                self.wakes.remove(&(at, id));
            }
            self.wakes.extend(wake.map(|at| (at, id)));
            host.wake = wake;
        }
        for out in outbox.drain() {
            match out {
                Out::Note(note) => turn.note(id, note, self.position + 1),
                Out::Send(envelope) => self.send(envelope, turn),
                Out::Reply(request, answer) => self.answer(request, answer, turn),
            }
        }
    }

    fn answer(&mut self, request: RequestId, answer: Answer, turn: &mut Turn<'_>) {
        let Some(waiting) = self.clients.stop(request) else { return };
        let (outcome, returned, error) = client::outcome(&answer, waiting.is_write);
        if let Some(returned) = &returned {
            self.clients.learn(&waiting, returned);
        }
        turn.end(request, outcome, returned, answer.replies.clone(), error, self.position + 1);
        turn.ended.push(waiting.id);
        turn.event.answers.push((request, answer));
    }

    fn send(&mut self, envelope: Envelope, turn: &mut Turn<'_>) {
        let id = MessageId(self.messages);
        self.messages += 1;
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        turn.event.sent.push(id);
        envelope.hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.sent(&envelope, self.now, self.position + 1);
        }
        if self.links.drops(kind, from, to) {
            self.depart(id, envelope, Some(Loss::Dropped), turn);
        } else if self.links.holds(kind, from, to) {
            self.held.push((id, envelope));
        } else {
            self.depart(id, envelope, None, turn);
        }
    }

    /// A message goes on its way. One that is lost still arrives in the queue: that is when it is missed.
    fn depart(&mut self, id: MessageId, envelope: Envelope, lost: Option<Loss>, turn: &mut Turn<'_>) {
        let (kind, from, to) = (envelope.message.kind(), envelope.from, envelope.to);
        let network = &self.scenario.setup.network;
        let write = kind == Kind::Write;
        let takes = self.links.delay(network, kind, from, to).sample(write, &mut self.delays);
        let unlucky = self.losses.chance(self.links.loss(network, from, to));
        let cut = self.links.cut(from, to).then_some(Loss::Cut);
        let lost = lost.or(cut).or_else(|| unlucky.then_some(Loss::Chance));
        let travel = Travel { from: self.now, from_at: self.position + 1, due: self.now + takes };
        (id, travel, lost).hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.departed(id, travel);
        }
        self.sequence += 1;
        self.queue.insert((travel.due, Rank::Message, self.sequence), Due::Arrival(id, envelope, lost));
    }

    fn release_held(&mut self, turn: &mut Turn<'_>) {
        for (id, envelope) in std::mem::take(&mut self.held) {
            if self.links.holds(envelope.message.kind(), envelope.from, envelope.to) {
                self.held.push((id, envelope));
            } else {
                self.depart(id, envelope, None, turn);
            }
        }
    }

    /// The event is over: it is counted, fingerprinted and written down, and steps that waited for it come due.
    fn finish(&mut self, turn: Turn<'_>) {
        self.position += 1;
        turn.event.hash(&mut self.digest);
        for ended in &turn.ended {
            for &(index, plus) in self.followers.get(ended).into_iter().flatten() {
                let at = self.now + plus;
                self.queue.insert((at, Rank::Step, u64::from(index)), Due::Step(index));
                self.last_step = self.last_step.max(at);
            }
        }
        if let Some(log) = turn.log {
            log.events.push(turn.event);
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Queued,
    Wake(NodeId),
    Patience(RequestId),
}

impl<'a> Turn<'a> {
    const fn new(at: Time, what: What, log: Option<&'a mut Trace>) -> Self {
        let event = Event { at, what, notes: Vec::new(), sent: Vec::new(), answers: Vec::new() };
        Self { event, log, ended: Vec::new() }
    }

    fn note(&mut self, node: NodeId, note: Note, position: u64) {
        if let Some(log) = &mut self.log {
            log.noted(node, &note, position);
        }
        self.event.notes.push(note);
    }

    fn end(
        &mut self,
        request: RequestId,
        outcome: OpOutcome,
        returned: Option<ringside_core::Siblings>,
        replies: Vec<NodeId>,
        error: Option<String>,
        position: u64,
    ) {
        if let Some(log) = &mut self.log {
            let end = crate::trace::OpEnd { at: self.event.at, position, outcome, returned, replies, error };
            log.ended(request, end);
        }
    }
}
