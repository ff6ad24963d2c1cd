//! A node: routing between its mechanisms, and nothing else. Each mechanism has its own file, owns its own state and
//! never holds another one; what one needs of another comes back as a return value.

pub mod anti_entropy;
pub mod batch;
mod by_id;
pub mod claimant;
pub mod coordinator;
pub mod disk;
pub mod failure_detector;
pub mod forwarded;
pub mod gossip;
pub mod hinted_handoff;
pub mod hints;
pub mod input;
pub mod membership;
pub mod message;
mod moving;
pub mod note;
pub mod outbox;
pub mod pending;
pub mod plan;
mod read_repair;
mod replica;
pub mod sloppy_quorum;
pub mod store;
pub mod tombstones;
pub mod transfer;
mod upkeep;
mod view;

use crate::config::Config;
use crate::id::{Actor, NodeId};
use crate::mutant::Mutant;
use crate::random::Random;
use crate::time::{Now, Time};
use alloc::sync::Arc;
use anti_entropy::{AntiEntropy, Ownership};
use coordinator::Coordinator;
use disk::Disk;
use failure_detector::FailureDetector;
use gossip::{Exchange, Gossip, View};
use hinted_handoff::HintedHandoff;
use hints::Hints;
pub(crate) use input::Turn;
pub use input::{Admin, Input, Start, Wake};
use membership::{Founders, Membership};
use message::{Envelope, Kind, Message};
use note::{Ignored, Note};
use outbox::{Outbox, Request};
use sloppy_quorum::Slots;
use tombstones::Collection;
use transfer::{Place, Transfers};

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
    handoff: HintedHandoff,
    anti_entropy: AntiEntropy,
    collection: Collection,
    transfers: Transfers,
    /// Replicas of a key as the settings say; fewer are in force until the plan of the members has as many.
    replicas: u32,
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
    /// let config = Config { n: 1, r: 1, w: 1, ..Config::bare() };
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
        let same = config.health.is(Mutant::StartsAsTheSameActor);
        let actor = Actor { node: start.id, boot: if same { 0 } else { start.boot } };
        if config.health.is(Mutant::ForgetsHints) {
            disk.hints = Hints::default();
        }
        let mut random = Random::new(start.seed);
        let membership = Membership::new(start.id, start.boot, founders, &mut disk.members);
        let gossip = Gossip::new(start.at, &config, &mut random);
        let others = disk.members.ids().filter(|member| *member != start.id);
        let detector =
            FailureDetector::new(start.at, &config, gossip::rhythm(&config, &disk.members), others);
        let handoff = HintedHandoff::new();
        let (coordinator, transfers, replicas) = (Coordinator::new(), Transfers::default(), config.n);
        disk.keys.take_changed();
        let ownership = Ownership { me: start.id, ring: membership.ring(), n: config.n };
        let anti_entropy = AntiEntropy::new(start.at, &config, ownership, &disk.keys, &mut random);
        let collection = Collection::new(start.at, &config, ownership, &disk.keys);
        let mut node = Self {
            actor,
            minted: 0,
            config,
            random,
            disk,
            membership,
            gossip,
            detector,
            coordinator,
            handoff,
            anti_entropy,
            collection,
            transfers,
            replicas,
        };
        node.take_up(start.at);
        node
    }

    /// The only way to change a node. What it wants from the world is pushed into `out`, in order.
    pub fn handle(&mut self, now: Now, input: Input, out: &mut Outbox) {
        self.detector.settle(now.mono, out);
        // What an operator does to all nodes at once is one event: nobody could tell who forgot a key in it.
        let alone = !matches!(input, Input::Configured(_) | Input::Repair);
        out.set_epoch(self.membership.plan().epoch());
        match input {
            Input::Delivered(envelope) => self.on_delivered(now, envelope, out),
            Input::Asked(request) => self.on_request(now, request, None, out),
            Input::Woke => self.on_woke(now, out),
            Input::Configured(config) => self.on_configured(now, config, out),
            Input::Repair => {
                self.anti_entropy(now, out, |anti_entropy, turn, sides, _| {
                    anti_entropy.on_repair(turn, sides);
                });
            }
            Input::Admin(admin) => self.on_admin(now, admin, out),
        }
        let Self { actor, config, disk, membership, detector, handoff, .. } = self;
        let turn = &mut Turn { me: actor.node, now, config, ring: membership.ring(), detector, out };
        handoff.settle(turn, disk, *actor);
        self.settle_members(now, out);
        if alone {
            self.collect(now, out, Collection::settle);
            self.follow_store(now, out);
        }
    }

    /// When it wants [`Input::Woke`] at the latest, and why.
    #[must_use]
    pub fn next_wake(&self) -> Option<(Time, Wake)> {
        let handoff = self.handoff.next_wake(&self.disk, self.config.hint_window);
        // Without gossip ranges stand still: see `settle_members`.
        let transfers = self.transfers.next_wake().filter(|_| self.config.gossip.is_some());
        let requests = [self.coordinator.next_wake(), self.detector.next_wake(), handoff, transfers];
        let rounds = [self.gossip.next_wake(), self.anti_entropy.next_wake(), self.collection.next_wake()];
        requests.into_iter().chain(rounds).flatten().min()
    }

    fn on_woke(&mut self, now: Now, out: &mut Outbox) {
        let Self { actor, config, random, disk, membership, gossip, detector, coordinator, .. } = self;
        let ring = Arc::clone(membership.ring());
        let mut turn = Turn { me: actor.node, now, config, ring: &ring, detector, out };
        coordinator.on_woke(&mut turn, disk);
        gossip.on_woke(&mut turn, &mut View { membership, members: &mut disk.members }, random);
        self.anti_entropy(now, out, |anti_entropy, turn, sides, random| {
            anti_entropy.on_woke(turn, sides, random);
        });
    }

    #[inline(never)]
    fn on_configured(&mut self, now: Now, config: Config, out: &mut Outbox) {
        self.replicas = config.n;
        let before = core::mem::replace(&mut self.config, config);
        self.limit_replicas();
        if self.config.gossip != before.gossip {
            self.gossip.configure(now.mono, &self.config, &mut self.random);
        }
        let me = self.actor.node;
        let others = self.disk.members.ids().filter(|member| *member != me);
        let rhythm = gossip::rhythm(&self.config, &self.disk.members);
        self.detector.configure(now.mono, &self.config, rhythm, others);
        let Self { config, random, disk, membership, anti_entropy, .. } = self;
        let place = Ownership { me, ring: membership.ring(), n: config.n };
        anti_entropy.configure(now.mono, Some(&before), config, place, &disk.keys, random);
        if self.config.tombstones != before.tombstones {
            self.collection.configure(now.mono, &self.config, place, &self.disk.keys);
        }
        self.receive_otherwise(now, &before, out);
    }

    /// Gossip came; whatever it tells of is made known to those who heed it.
    #[inline(never)]
    fn on_gossip(&mut self, now: Now, from: NodeId, exchange: Exchange, out: &mut Outbox) {
        let Self { actor, config, disk, membership, gossip, detector, .. } = self;
        let ring = Arc::clone(membership.ring());
        let mut turn = Turn { me: actor.node, now, config, ring: &ring, detector, out };
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
        if let Some(before) = learnt.plan {
            self.follow(now, &before, out);
        }
    }

    /// Handles a message that takes more than one mechanism; gives back any other one.
    #[inline(never)]
    fn on_other(&mut self, now: Now, from: NodeId, message: Message, out: &mut Outbox) -> Option<Message> {
        match message {
            Message::Forward { request } => self.on_request(now, request, Some(from), out),
            Message::Gossip(exchange) => self.on_gossip(now, from, exchange, out),
            Message::Merkle { exchange, comparison } => {
                self.anti_entropy(now, out, |anti_entropy, turn, sides, _| {
                    anti_entropy.on_message(turn, sides, from, exchange, comparison);
                });
            }
            Message::Collect { tombstone } => self.collect(now, out, |collection, turn, held| {
                collection.on_collect(turn, held, from, tombstone);
            }),
            Message::CollectAck { tombstone, confirmed } => {
                self.collect(now, out, |collection, turn, held| {
                    collection.on_ack(turn, held, from, &tombstone, confirmed);
                });
            }
            Message::Transfer(transfer) => self.on_transfer(now, from, transfer, out),
            other @ (Message::Write { .. }
            | Message::WriteAck { .. }
            | Message::Read { .. }
            | Message::ReadReply { .. }
            | Message::Repair { .. }
            | Message::RepairAck { .. }
            | Message::Hint { .. }
            | Message::HintAck { .. }
            | Message::NotServed { .. }
            | Message::TransferAck { .. }) => return Some(other),
        }
        None
    }

    fn on_delivered(&mut self, now: Now, envelope: Envelope, out: &mut Outbox) {
        let Envelope { from, epoch, message, .. } = envelope;
        if epoch > self.membership.plan().epoch() && message.kind() != Kind::Gossip {
            self.chase(now, from, epoch, out);
        }
        let Some(message) = self.on_other(now, from, message, out) else { return };
        let Self {
            actor, minted, config, disk, membership, detector, coordinator, handoff, transfers, ..
        } = self;
        let me = (*actor, *minted);
        let mut turn = Turn { me: actor.node, now, config, ring: membership.ring(), detector, out };
        // What is known of the members does not change in here.
        let members = disk.members.clone();
        let place = Place { plan: membership.plan(), members: &members };
        match message {
            Message::Write { request, key, versions, hint_for } => {
                let told = (request, &key, &versions);
                if !replica::on_versions(&mut turn, disk, me, told, hint_for) {
                    return turn.ignore(Kind::Write, from, request, Ignored::ClaimsFutureWrites);
                }
                let owner = hint_for.is_none_or(|owner| owner == actor.node);
                let why = if owner { moving::unserved(&turn, place, &key, epoch, false) } else { None };
                if owner && place.may_own_elsewhere(epoch) {
                    Transfers::on_given(&turn, disk, place.plan, [&key].into_iter());
                }
                turn.out.send(actor.node, from, moving::or_not(Message::WriteAck { request }, why));
            }
            Message::Repair { request, key, versions } => {
                if !replica::on_versions(&mut turn, disk, me, (request, &key, &versions), None) {
                    return turn.ignore(Kind::Repair, from, request, Ignored::ClaimsFutureWrites);
                }
                turn.out.send(actor.node, from, Message::RepairAck { request });
            }
            Message::Read { request, key } => {
                let versions = disk.held(turn.rules(), &key);
                let why = moving::unserved(&turn, place, &key, epoch, true);
                let reply = moving::or_not(Message::ReadReply { request, versions }, why);
                turn.out.send(actor.node, from, reply);
            }
            Message::WriteAck { request } => coordinator.on_write_ack(turn, from, request),
            Message::ReadReply { request, versions } => {
                coordinator.on_read_reply(turn, disk, me, from, request, versions);
            }
            Message::RepairAck { request } => coordinator.on_repair_ack(turn, disk, from, request),
            Message::Hint { batch, hints } => {
                let given = hinted_handoff::on_hint(&mut turn, disk, me, from, (batch, hints));
                Transfers::on_given(&turn, disk, place.plan, given.iter());
            }
            Message::HintAck { batch, refused } => {
                handoff.on_hint_ack(&mut turn, disk, from, batch, &refused);
            }
            Message::NotServed { request, read, why } => {
                let kind = if read { Kind::ReadReply } else { Kind::WriteAck };
                turn.ignore(kind, from, request, moving::as_ignored(why));
            }
            Message::TransferAck { batch } => transfers.on_ack(&mut turn, disk, from, batch),
            Message::Forward { .. }
            | Message::Gossip(_)
            | Message::Merkle { .. }
            | Message::Collect { .. }
            | Message::CollectAck { .. }
            | Message::Transfer(_) => {
                unreachable!("taken above")
            }
        }
    }

    /// Coordinates the request if this node has a place in its slots, else passes it on, once, to the first node of the
    /// walk that is believed up and has one.
    fn on_request(&mut self, now: Now, request: Request, via: Option<NodeId>, out: &mut Outbox) {
        let Self { actor, minted, config, disk, membership, detector, coordinator, .. } = self;
        let me = actor.node;
        let mut turn = Turn { me, now, config, ring: membership.ring(), detector, out };
        let mut slots = Slots::new(&turn, &request.key, request.ask.is_write());
        if request.ask.is_write() && turn.config.gossip.is_some() {
            let moving = membership.plan().moving(&request.key);
            slots.add_extra(&turn, moving.iter().map(|moved| moved.to));
        }
        if slots.may_coordinate(me) {
            if let Some(from) = via
                && request.ask.is_write()
                && !coordinator.coordinates(request.id)
                && !disk.forwarded.admit(request.id)
                && !config.health.is(Mutant::TakesForwardsAgain)
            {
                return turn.ignore(Kind::Forward, from, request.id, Ignored::TakenBefore);
            }
            coordinator.on_request(turn, disk, (*actor, minted), request, slots, via);
        } else if let Some(from) = via {
            turn.ignore(Kind::Forward, from, request.id, Ignored::ForwardedTwice);
        } else if let Some(to) = slots.first() {
            turn.out.note(Note::Forwards { request: request.id, to });
            turn.out.send(me, to, Message::Forward { request });
        } else {
            let need = coordinator::needed(&request.ask, turn.config);
            coordinator::refuse_too_few(&mut turn, request.id, &slots, need);
        }
    }
}

#[cfg(test)]
mod tests;
