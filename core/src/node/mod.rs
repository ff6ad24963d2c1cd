//! A node: routing between its mechanisms, and nothing else. Each mechanism has its own file, owns its own state and
//! never holds another one; what one needs of another comes back as a return value.

pub mod coordinator;
pub mod disk;
pub mod failure_detector;
pub mod forwarded;
pub mod gossip;
pub mod membership;
pub mod message;
pub mod note;
pub mod outbox;
pub mod pending;
mod read_repair;
mod replica;
pub mod store;

use crate::config::Config;
use crate::id::{Actor, NodeId, RequestId};
use crate::random::Random;
use crate::ring::Ring;
use crate::time::{Now, Time};
use crate::version::Rules;
use alloc::sync::Arc;
use coordinator::Coordinator;
use disk::Disk;
use failure_detector::FailureDetector;
use gossip::{Exchange, Gossip, View};
use membership::{Founders, Membership};
use message::{Envelope, Message};
use note::{Ignored, Note};
use outbox::{Outbox, Request};
use store::Store;

/// One node of the cluster, between one start and the next crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    actor: Actor,
    minted: u64,
    config: Config,
    random: Random,
    disk: Disk,
    membership: Membership,
    gossip: Gossip,
    detector: FailureDetector,
    coordinator: Coordinator,
}

/// Which start of which node this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Start {
    /// The node.
    pub id: NodeId,
    /// How many times it had started before: higher than at every earlier start of this node.
    pub boot: u32,
    /// Where its randomness comes from; another one at every start.
    pub seed: u64,
    /// When it starts, on the clock that never goes back.
    pub at: Time,
}

/// Everything that can happen to a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A message arrived.
    Delivered(Envelope),
    /// A client asks for something.
    Asked(Request),
    /// Time has passed; harmless when nothing is due.
    Woke,
    /// An operator changed the settings. Requests under way keep those they began with.
    Configured(Config),
}

/// Why a node wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wake {
    /// The time limit of a request that this node coordinates.
    TimeLimit(RequestId),
    /// The next round of gossip.
    Gossip,
    /// Another node has been silent for so long that it is no longer believed up.
    Silence,
}

/// What a mechanism may look at and push into while it handles one input.
pub(crate) struct Turn<'a> {
    pub(crate) me: NodeId,
    pub(crate) now: Now,
    pub(crate) config: &'a Config,
    pub(crate) detector: &'a FailureDetector,
    pub(crate) out: &'a mut Outbox,
}

impl Node {
    /// Starts a node on what its disk holds.
    ///
    /// ```
    /// use ringside_core::{Ask, Config, Input, Key, Node, NodeId, Now, Outbox, Request, RequestId, Ring, Value};
    /// use ringside_core::{Disk, Founders, Start, node::outbox::Out, ring::Placement, Outcome};
    /// use std::sync::Arc;
    ///
    /// let ring = Arc::new(Ring::new(Placement::Random, 8, 0, &[(NodeId(0), "A")]));
    /// let founders = Founders::named(ring, &[(NodeId(0), "A")]);
    /// let config = Config { n: 1, r: 1, w: 1, ..Config::default() };
    /// let mut node = Node::new(Start::default(), config, founders, Disk::default());
    /// let mut out = Outbox::new();
    /// let ask = Ask::Put { value: Value::new("milk"), context: None };
    /// node.handle(Now::default(), Input::Asked(Request { id: RequestId(1), key: Key::new("cart"), ask }), &mut out);
    /// let told = out.items().iter().any(|item| matches!(item,
    ///     Out::Reply(RequestId(1), answer) if matches!(answer.outcome, Outcome::Stored(_))));
    /// assert!(told, "one replica, one acknowledgement: the client hears at once");
    /// ```
    #[must_use]
    pub fn new(start: Start, config: Config, founders: Founders, mut disk: Disk) -> Self {
        let actor = Actor { node: start.id, boot: start.boot };
        let mut random = Random::new(start.seed);
        let membership = Membership::new(start.id, start.boot, founders, &mut disk.members);
        let gossip = Gossip::new(start.at, &config, &mut random);
        let others = disk.members.ids().filter(|member| *member != start.id);
        let detector =
            FailureDetector::new(start.at, &config, gossip::rhythm(&config, &disk.members), others);
        let coordinator = Coordinator::new();
        Self { actor, minted: 0, config, random, disk, membership, gossip, detector, coordinator }
    }

    /// The only way to change a node. What it wants from the world is pushed into `out`, in order.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        self.detector.settle(now.mono, out);
        match input {
            Input::Delivered(envelope) => self.on_delivered(now, envelope, out),
            Input::Asked(request) => self.on_request(now, request, None, out),
            Input::Woke => self.on_woke(now, out),
            Input::Configured(config) => self.on_configured(now, config),
        }
    }

    /// When it wants [`Input::Woke`] at the latest, and why.
    #[must_use]
    pub fn next_wake(&self) -> Option<(Time, Wake)> {
        let mechanisms = [self.coordinator.next_wake(), self.gossip.next_wake(), self.detector.next_wake()];
        mechanisms.into_iter().flatten().min()
    }

    /// Does it believe `peer` up, if nothing has reached it since its last turn? Itself it always does.
    #[must_use]
    pub fn believes_up(&self, now: Time, peer: NodeId) -> bool {
        peer == self.actor.node || self.detector.believes_up(now, peer)
    }

    /// What it knows of the members besides what is on its disk.
    #[must_use]
    pub const fn membership(&self) -> &Membership {
        &self.membership
    }

    /// Its rounds of gossip.
    #[must_use]
    pub const fn gossip(&self) -> &Gossip {
        &self.gossip
    }

    /// What it believes of the others, and why.
    #[must_use]
    pub const fn failure_detector(&self) -> &FailureDetector {
        &self.detector
    }

    /// Its identity.
    #[must_use]
    pub const fn id(&self) -> NodeId {
        self.actor.node
    }

    /// The actor it mints dots as.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// How many dots it has minted since it started.
    #[must_use]
    pub const fn minted(&self) -> u64 {
        self.minted
    }

    /// What it stores.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.disk.keys
    }

    /// Everything that outlives it.
    #[must_use]
    pub const fn disk(&self) -> &Disk {
        &self.disk
    }

    /// The requests that it coordinates.
    #[must_use]
    pub const fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// The ring as this node sees it.
    #[must_use]
    pub const fn ring(&self) -> &Arc<Ring> {
        self.membership.ring()
    }

    /// Its settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    fn on_woke(&mut self, now: Now, out: &mut Outbox) {
        let Self { actor, config, random, disk, membership, gossip, detector, coordinator, .. } = self;
        let turn = Turn { me: actor.node, now, config, detector, out };
        coordinator.on_time_limit(turn, &mut disk.keys);
        let mut turn = Turn { me: actor.node, now, config, detector, out };
        gossip.on_woke(&mut turn, &mut View { membership, members: &mut disk.members }, random);
    }

    fn on_configured(&mut self, now: Now, config: Config) {
        let before = core::mem::replace(&mut self.config, config);
        if self.config.gossip != before.gossip {
            self.gossip.configure(now.mono, &self.config, &mut self.random);
        }
        let me = self.actor.node;
        let others = self.disk.members.ids().filter(|member| *member != me);
        let rhythm = gossip::rhythm(&self.config, &self.disk.members);
        self.detector.configure(now.mono, &self.config, rhythm, others);
    }

    /// Gossip came; whatever it tells of is made known to those who heed it.
    fn on_gossip(&mut self, now: Now, from: NodeId, exchange: Exchange, out: &mut Outbox) {
        let Self { actor, config, disk, membership, gossip, detector, .. } = self;
        let mut turn = Turn { me: actor.node, now, config, detector, out };
        let mut view = View { membership, members: &mut disk.members };
        let learnt = gossip.on_message(&mut turn, &mut view, from, exchange);
        if !learnt.members.is_empty() {
            let others = disk.members.ids().filter(|member| *member != actor.node);
            detector.configure(now.mono, config, gossip::rhythm(config, &disk.members), others);
        }
        for member in learnt.members.into_iter().filter(|member| *member != actor.node) {
            detector.watch(now.mono, config, member);
        }
        detector.hear(now.mono, config, &learnt.advanced, out);
    }

    fn on_delivered(&mut self, now: Now, envelope: Envelope, out: &mut Outbox) {
        let Envelope { from, message, .. } = envelope;
        if let Message::Forward { request } = message {
            return self.on_request(now, request, Some(from), out);
        }
        if let Message::Gossip(exchange) = message {
            return self.on_gossip(now, from, exchange, out);
        }
        let Self { actor, minted, config, disk, detector, coordinator, .. } = self;
        let store = &mut disk.keys;
        let mut turn = Turn { me: actor.node, now, config, detector, out };
        match message {
            Message::Write { request, key, versions } => {
                if replica::on_versions(&mut turn, store, *actor, *minted, request, &key, &versions) {
                    turn.out.send(actor.node, from, Message::WriteAck { request });
                } else {
                    turn.ignore(message::Kind::Write, from, request, Ignored::ClaimsFutureWrites);
                }
            }
            Message::Repair { request, key, versions } => {
                if replica::on_versions(&mut turn, store, *actor, *minted, request, &key, &versions) {
                    turn.out.send(actor.node, from, Message::RepairAck { request });
                } else {
                    turn.ignore(message::Kind::Repair, from, request, Ignored::ClaimsFutureWrites);
                }
            }
            Message::Read { request, key } => {
                let versions = store.get(&key).cloned().unwrap_or_default();
                turn.out.send(actor.node, from, Message::ReadReply { request, versions });
            }
            Message::WriteAck { request } => coordinator.on_write_ack(turn, from, request),
            Message::ReadReply { request, versions } => {
                coordinator.on_read_reply(turn, store, (*actor, *minted), from, request, versions);
            }
            Message::RepairAck { request } => coordinator.on_repair_ack(turn, store, from, request),
            Message::Forward { .. } | Message::Gossip(_) => unreachable!("taken above"),
        }
    }

    /// Coordinates the request if this node is a replica of the key, else passes it on, once.
    fn on_request(&mut self, now: Now, request: Request, via: Option<NodeId>, out: &mut Outbox) {
        let me = self.actor.node;
        let preference = self.ring().preference(&request.key, self.config.n);
        let Self { actor, minted, config, disk, detector, coordinator, .. } = self;
        let mut turn = Turn { me, now, config, detector, out };
        if preference.contains(&me) {
            if let Some(from) = via
                && request.ask.is_write()
                && !coordinator.coordinates(request.id)
                && !disk.forwarded.admit(request.id)
            {
                return turn.ignore(message::Kind::Forward, from, request.id, Ignored::TakenBefore);
            }
            let store = &mut disk.keys;
            coordinator.on_request(turn, store, (*actor, minted), request, preference, via);
        } else if let Some(from) = via {
            turn.ignore(message::Kind::Forward, from, request.id, Ignored::ForwardedTwice);
        } else {
            // Where all of them are believed down, the first one is as good as any, and the belief may be wrong.
            let up = preference.iter().copied().find(|replica| turn.up(*replica));
            let to = up.unwrap_or(preference[0]);
            turn.out.note(Note::Forwards { request: request.id, to });
            turn.out.send(me, to, Message::Forward { request });
        }
    }
}

impl Turn<'_> {
    /// Does this node believe `node` up? Itself it always does; without failure detection, everybody.
    pub(crate) fn up(&self, node: NodeId) -> bool {
        node == self.me || self.detector.up(node)
    }

    /// How versions are made, merged and compared at the moment.
    pub(crate) const fn rules(&self) -> Rules {
        Rules::of(self.config)
    }

    pub(crate) fn ignore(&mut self, kind: message::Kind, from: NodeId, request: RequestId, why: Ignored) {
        self.out.note(Note::Ignored { kind, from, request: Some(request), why });
    }
}

#[cfg(test)]
mod tests;
