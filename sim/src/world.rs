//! The world: nodes, network, disks and clients, moved on by exactly one event at a time. What an event does is in the
//! rooms below: acts, clients, messages, nodes.
//!
//! Ties in time break the same way always: steps of the scenario first, in file order, then requests of
//! workloads, then messages in the order
//! they went on their way, then nodes that want to be woken, then clients whose patience ends.

mod acts;
mod asking;
mod carrying;
mod nodes;
mod single;
mod turn;

use crate::act::Act;
use crate::causality::Causality;
use crate::client::Clients;
use crate::host::{Host, Waiting};
use crate::network::Links;
use crate::rng::{Purpose, Rng};
use crate::scenario::{Scenario, When};
use crate::setup::Network;
use crate::snapshot::{NodeSnapshot, Snapshot};
use crate::trace::{Loss, MessageId, Trace, What};
use crate::workload::Load;
use ringside_core::hash::Fingerprint;
use ringside_core::order::by_number;
use ringside_core::{
    Config, Disk, Envelope, Founders, Input, Message, Node, NodeId, Plan, RequestId, Ring, Span, Start, Time,
};
use rpds::RedBlackTreeMapSync;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;
use std::sync::Arc;
use turn::Turn;

/// A cluster and everything around it, at one moment.
#[derive(Clone, Debug)]
pub struct World {
    scenario: Arc<Scenario>,
    /// The steps that wait for the end of an operation, and how long after it they come.
    followers: Arc<BTreeMap<String, Vec<(u32, Span)>>>,
    founders: Founders,
    now: Time,
    position: u64,
    config: Config,
    /// Shared with checkpoints and pictures until something happens to them.
    hosts: Vec<Arc<Host>>,
    /// What the network does to every message.
    network: Network,
    links: Links,
    held: Vec<Held>,
    /// What is to come, by time, rank (steps before messages) and order.
    queue: BTreeMap<(Time, Rank, u64), Due>,
    /// When the last step happens that has a moment by now.
    last_step: Time,
    wakes: BTreeSet<(Time, NodeId)>,
    clients: Clients,
    causality: Causality,
    delays: Rng,
    losses: Rng,
    copies: Rng,
    /// Every message that was sent, where a replay may ask for it.
    sent: Option<RedBlackTreeMapSync<MessageId, Envelope>>,
    /// The workloads that have begun.
    loads: Vec<Load>,
    /// How many of them were begun by hand.
    loads_by_hand: u32,
    sequence: u64,
    requests: u64,
    messages: u32,
    digest: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A message that is delivered by hand, before all else.
    ByHand,
    Step,
    Load,
    Message,
}

#[derive(Clone, Debug)]
enum Due {
    Step(u32),
    /// The next request of a workload, by its place in [`World::loads`].
    Load(u32),
    Arrival(MessageId, Envelope, Option<Loss>),
    /// What waited while a node was paused.
    Waited(NodeId, Waiting),
}

/// The nodes as they were last looked at, and the machines that they are pictures of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pictured(Vec<(Arc<Host>, Arc<NodeSnapshot>)>);

/// A message that is held, and what is to become of it once it goes on its way.
#[derive(Clone, Debug)]
struct Held {
    id: MessageId,
    envelope: Envelope,
    lost: Option<Loss>,
    is_copy: bool,
    /// Is it held by itself? Then no end of a hold on others sets it free.
    alone: bool,
}

impl World {
    /// The world as a scenario sets it up, before anything has happened.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let setup = &scenario.setup;
        let founders = setup.founders();
        let config = setup.config.clone();
        let start = |id| Start { id, boot: 0, seed: Rng::of_node(setup.seed, id, 0), at: Time::ZERO };
        let founder = |id| Host::start(start(id), &config, &founders, Disk::default());
        let joiners = setup.nodes().skip(setup.founding().count()).map(Host::new);
        let mut hosts: Vec<Arc<Host>> = setup.founding().map(founder).chain(joiners).map(Arc::new).collect();
        let mut wakes = BTreeSet::new();
        for (host, id) in hosts.iter_mut().zip(setup.nodes()) {
            Arc::make_mut(host).plan(&mut wakes, id, Time::ZERO);
        }
        let (delays, losses) = (Rng::new(setup.seed, Purpose::Delay), Rng::new(setup.seed, Purpose::Loss));
        let replays = scenario.steps.iter().any(|step| matches!(step.act, Act::Replay { .. }));
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
            founders,
            now: Time::ZERO,
            position: 0,
            config,
            hosts,
            network: setup.network.clone(),
            links: Links::default(),
            held: Vec::new(),
            queue,
            last_step,
            wakes,
            clients: Clients::default(),
            causality: Causality::default(),
            delays,
            losses,
            copies: Rng::new(setup.seed, Purpose::Copy),
            sent: replays.then(RedBlackTreeMapSync::default),
            loads: Vec::new(),
            loads_by_hand: 0,
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
            |host: &Arc<Host>| host.node.as_ref().map_or(0, |node| node.coordinator().pending().count());
        let under_way = self.queue.len() + self.held.len() + self.wakes.len() + self.clients.waiting();
        let under_way = under_way + self.hosts.iter().map(|host| host.inbox.len()).sum::<usize>();
        let size = under_way + self.hosts.len() + self.hosts.iter().map(coordinating).sum::<usize>();
        u64::try_from(size).unwrap_or(u64::MAX)
    }

    /// How much more room it takes, about, once `events` more events have happened: what nodes know of each other is shared
    /// until one of them learns something.
    pub(crate) fn size_after(&self, events: u64) -> u64 {
        let known = |host: &Arc<Host>| host.node.as_ref().map_or(0, |node| node.membership().heard_of());
        let all: usize = self.hosts.iter().map(known).sum();
        let each = all / self.hosts.len().max(1);
        let changed = u64::try_from(self.hosts.len()).unwrap_or(u64::MAX).min(events);
        self.size() + changed * u64::try_from(each).unwrap_or(u64::MAX)
    }

    /// Is no step left, does no client wait, and is nothing held?
    pub(crate) fn nothing_waits(&self) -> bool {
        let waits = |due: &Due| matches!(due, Due::Step(_) | Due::Load(_) | Due::Waited(..));
        self.clients.waiting() == 0 && self.held.is_empty() && !self.queue.values().any(waits)
    }

    /// The messages that are on their way.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &Message> + '_ {
        self.queue.values().filter_map(|due| match due {
            Due::Arrival(_, envelope, _) => Some(&envelope.message),
            Due::Waited(..) | Due::Step(_) | Due::Load(_) => None,
        })
    }

    /// The numbers of all messages that have met no fate yet, in order.
    fn between_nodes(&self) -> Vec<MessageId> {
        let waiting = |waiting: &Waiting| match waiting {
            Waiting::Message(id, _) => Some(*id),
            Waiting::Asked(_) => None,
        };
        let queued = self.queue.values().filter_map(|due| match due {
            Due::Arrival(id, ..) => Some(*id),
            Due::Waited(_, message) => waiting(message),
            Due::Step(_) | Due::Load(_) => None,
        });
        let inboxes = self.hosts.iter().flat_map(|host| host.inbox.iter().filter_map(waiting));
        let mut all: Vec<MessageId> =
            queued.chain(inboxes).chain(self.held.iter().map(|held| held.id)).collect();
        by_number(&mut all, |id| u64::from(id.0));
        all
    }

    /// The settings in force.
    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// From now on every message that is sent can be sent again: to be called before the first one.
    pub(crate) fn remember_messages(&mut self) {
        self.sent.get_or_insert_default();
    }

    /// Can every message that was sent be sent again?
    pub(crate) const fn remembers_messages(&self) -> bool {
        self.sent.is_some()
    }

    /// The nodes that are up.
    pub(crate) fn up(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.scenario.setup.nodes().filter_map(|id| self.node(id).map(|node| (id, node)))
    }

    /// A node, if it is up.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        let host = &self.hosts[id.index()];
        host.node.as_ref().filter(|_| !host.paused)
    }

    /// Does nothing pass from one to the other?
    pub(crate) fn cut(&self, from: NodeId, to: NodeId) -> bool {
        self.links.cut(from, to)
    }

    /// The newest plan of the members that any node follows; that of the founders where no disk has kept one.
    pub(crate) fn plan(&self) -> &Arc<Plan> {
        let disks = self.hosts.iter().map(|host| host.node.as_ref().map_or(&host.disk, Node::disk));
        let plans = disks.filter_map(|disk| disk.members.plan());
        let founding = self.founders.members().plan();
        founding.into_iter().chain(plans).max_by_key(|plan| plan.rank()).expect("founders have a plan")
    }

    /// The ring that all nodes began with.
    #[must_use]
    pub fn ring(&self) -> &Arc<Ring> {
        self.founders.ring()
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
                    Due::Load(at) => self.ask_next(at, log),
                    Due::Waited(node, waiting) => self.take(node, waiting, log),
                }
            }
            Next::Wake(node) => {
                self.wakes.pop_first();
                let host = Arc::make_mut(&mut self.hosts[node.index()]);
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
        self.snapshot_after(&mut Pictured::default())
    }

    /// The same, made with the last picture of another moment: of nodes to which nothing has happened there is no other.
    pub(crate) fn snapshot_after(&self, Pictured(last): &mut Pictured) -> Snapshot {
        let setup = &self.scenario.setup;
        // What a crash would leave depends on the moment where disks are synced now and then.
        last.truncate(if setup.sync.is_none() { self.hosts.len() } else { 0 });
        for (at, (host, id)) in self.hosts.iter().zip(setup.nodes()).enumerate() {
            let slow = self.links.slowness(id);
            if last.get(at).is_some_and(|(of, node)| Arc::ptr_eq(of, host) && node.slow == slow) {
                continue;
            }
            let node = Arc::new(NodeSnapshot { slow, ..host.snapshot(id, setup, self.now) });
            let pictured = (Arc::clone(host), node);
            match last.get_mut(at) {
                Some(place) => *place = pictured,
                None => last.push(pictured),
            }
        }
        Snapshot {
            at: self.now,
            position: self.position,
            config: self.config.clone(),
            nodes: last.iter().map(|(_, node)| Arc::clone(node)).collect(),
            over: self.quiet(),
            plan: Arc::clone(self.plan()),
            under_way: self.between_nodes(),
            network: self.network.clone(),
            loads: self.queue.values().filter(|due| matches!(due, Due::Load(_))).count(),
            links: self.links.clone(),
        }
    }

    fn next(&self) -> Option<(Time, Next)> {
        let queued = self.queue.first_key_value().map(|(&(at, ..), _)| (at, Next::Queued));
        let wake = self.wakes.first().map(|&(at, node)| (at, Next::Wake(node)));
        let patience = self.clients.next_deadline().map(|(at, request)| (at, Next::Patience(request)));
        // `min_by_key` keeps the first of equals, which is the documented order of ties.
        [queued, wake, patience].into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Queued,
    Wake(NodeId),
    Patience(RequestId),
}
