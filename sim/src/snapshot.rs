//! A read-only picture of the world at one moment: what eyes and judges may look at.

mod nodes;

use crate::act::Matcher;
use crate::clock::Clock;
use crate::delay::Delays;
use crate::network::{LinkState, Links};
use crate::setup::Network;
use crate::trace::MessageId;
use ringside_core::merkle::Tree;
use ringside_core::node::hints::Hints;
use ringside_core::node::sloppy_quorum::Slot;
use ringside_core::node::store::Store;
use ringside_core::node::transfer::{Owed, Transfers};
use ringside_core::version::Rules;
use ringside_core::{
    Actor, Config, Disk, FailureDetector, Key, Members, Membership, NodeId, Plan, Pulse, RequestId, Ring,
    Siblings, Span, Status, Time, Wake,
};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use nodes::{Iter, Nodes};

/// The world at one moment. Cheap: the stores are shared, not copied.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// When.
    pub at: Time,
    /// How many events had happened.
    pub position: u64,
    /// The settings in force.
    pub config: Config,
    /// The nodes, by [`NodeId`].
    pub nodes: Nodes,
    /// Is the run over here: is it quiet?
    pub over: bool,
    /// The newest plan of the members that any node follows: the ring in use, and the change under way.
    pub plan: Arc<Plan>,
    /// The messages that are on their way, held, or wait at a node that is paused, in the order of sending.
    pub under_way: Vec<MessageId>,
    /// What the network does to every message.
    pub network: Network,
    /// How many workloads are under way.
    pub loads: usize,
    /// What stands between nodes.
    pub(crate) links: Links,
}

/// One node at one moment.
#[derive(Clone, Debug)]
pub struct NodeSnapshot {
    /// Which.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Its condition, in truth.
    pub state: NodeState,
    /// Its wall clock.
    pub(crate) clock: Clock,
    /// What its wall clock gains, in millionths; it loses if negative.
    pub drift: i32,
    /// How many times as long its messages take as they would.
    pub slow: u32,
    /// How many messages and requests wait for it to be resumed.
    pub waiting: u32,
    /// The actor it mints dots as (when down: minted as, last).
    pub actor: Actor,
    /// How many dots it has minted as this actor.
    pub minted: u64,
    /// What it stores. Of a node that is up, that includes what it has not synced yet.
    pub store: Store,
    /// What it keeps for others.
    pub hints: Hints,
    /// What a crash at this moment would leave of it; what is left of it when it is down.
    pub durable: Disk,
    /// The members of the cluster as far as it has heard of them: on its disk.
    pub members: Members,
    /// Of which keys it owes others what it has.
    pub owed: Owed,
    /// The ring as it sees it; none while it is down.
    pub ring: Option<Arc<Ring>>,
    /// What it knows and believes of the others; none while it is down, which is when it forgets.
    pub mind: Option<Mind>,
    /// The requests it coordinates, in the order of their numbers.
    pub coordinating: Vec<Coordinating>,
    /// When it is to be woken next, and for what; none while it is down or paused, or wants nothing.
    pub wake: Option<(Time, Wake)>,
    /// Its hash tree for each peer that it shares keys with; a tree that is not there is empty. None where it keeps no
    /// trees: while it is down, and without anti-entropy until somebody asks for an exchange.
    pub trees: Option<BTreeMap<NodeId, Tree>>,
}

/// What a node knows and believes of the others as long as it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mind {
    /// Signs of life.
    pub membership: Membership,
    /// Its opinions.
    pub detector: FailureDetector,
    /// Ranges that it gets or gives up.
    pub transfers: Transfers,
}

/// What one node believes of another, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Of whom.
    pub member: NodeId,
    /// Its part in the cluster.
    pub status: Status,
    /// The epoch of the plan that it follows.
    pub epoch: u32,
    /// The last sign of life that has come.
    pub pulse: Pulse,
    /// Is it believed up?
    pub up: bool,
    /// For how long nothing new has come, and how long may nothing come. None where everybody counts as up, and of
    /// itself.
    pub silence: Option<(Span, Span)>,
    /// Phi of that silence, in thousandths.
    pub phi_thousandths: Option<u64>,
}

impl Snapshot {
    /// Does everybody hear of the members, or know the same of them already? Who keeps a key elsewhere never agrees
    /// about it.
    #[must_use]
    pub fn members_become_known(&self) -> bool {
        let mut rings = self.nodes.iter().filter_map(|node| node.ring.as_ref());
        let first = rings.next();
        self.config.gossip.is_some() || rings.all(|ring| Some(ring) == first)
    }

    /// Could a message pass between these two, both ways? Both are up, and nothing cuts them off from each other.
    #[must_use]
    pub fn reachable(&self, one: NodeId, other: NodeId) -> bool {
        let up = |id: NodeId| self.nodes.get(id.index()).is_some_and(NodeSnapshot::runs);
        up(one) && up(other) && !self.links.cut(one, other) && !self.links.cut(other, one)
    }

    /// Do messages pass from one to the other, as far as the partition and cut links go?
    #[must_use]
    pub fn passes(&self, from: NodeId, to: NodeId) -> bool {
        !self.links.cut(from, to)
    }

    /// The side of the partition that a node is on: nodes of one side have the same number.
    #[must_use]
    pub fn side(&self, node: NodeId) -> u32 {
        self.links.group(node)
    }

    /// The links of which something is changed, by their ends, in the order of these.
    pub fn changed_links(&self) -> impl Iterator<Item = &((NodeId, NodeId), LinkState)> {
        let network = &self.network;
        let differs = move |link: &LinkState| {
            link.cut
                || link.loss.is_some_and(|loss| loss != network.loss)
                || link.delay.is_some_and(|delay| Delays::all(delay) != network.delay)
        };
        self.links.changed().filter(move |(_, link)| differs(link))
    }

    /// The holds in force: which messages are held when they are sent.
    #[must_use]
    pub fn holds(&self) -> &[Matcher] {
        self.links.in_force()
    }

    /// Is there a partition, with nodes on more than one side?
    #[must_use]
    pub fn is_split(&self) -> bool {
        let first = self.nodes.first().map(|node| self.side(node.id));
        self.nodes.iter().any(|node| Some(self.side(node.id)) != first)
    }

    /// Is there anything that a heal would end?
    #[must_use]
    pub fn needs_healing(&self) -> bool {
        self.is_split() || self.changed_links().next().is_some()
    }
}

impl NodeSnapshot {
    /// What its wall clock shows at `now`, the moment of the snapshot.
    #[must_use]
    pub fn wall(&self, now: Time) -> Time {
        self.clock.shows(now)
    }

    /// Does it run, and hear what it is told? One that has left may go on running.
    #[must_use]
    pub const fn runs(&self) -> bool {
        match self.state {
            NodeState::Up | NodeState::Joining | NodeState::Leaving => true,
            NodeState::Left => self.mind.is_some(),
            NodeState::Down | NodeState::Paused => false,
        }
    }

    /// What it believes of each member at `now`, in their order, itself included; nothing while it is down.
    pub fn beliefs(&self, now: Time) -> impl Iterator<Item = Belief> + '_ {
        self.mind.iter().flat_map(move |mind| {
            self.members.iter().map(move |(member, facts)| Belief {
                member,
                status: self.members.status(member),
                epoch: facts.epoch,
                pulse: mind.membership.pulse(member),
                up: mind.detector.believes_up(now, member),
                silence: mind
                    .detector
                    .heard(member)
                    .zip(mind.detector.limit(member))
                    .map(|(heard, limit)| (now.since(heard), limit)),
                phi_thousandths: mind.detector.phi_thousandths(now, member),
            })
        })
    }

    /// How many keys a crash at this moment would put back, to an earlier state or to none.
    #[must_use]
    pub fn unsynced(&self) -> u64 {
        if self.store == self.durable.keys {
            return 0;
        }
        let differs = |(key, kept): &(&Key, &Siblings)| self.durable.keys.get(key) != Some(*kept);
        self.store.iter().filter(differs).count() as u64
    }
}

/// A request that a node coordinates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinating {
    /// Which request.
    pub request: RequestId,
    /// Its key.
    pub key: Key,
    /// Its slots, in the order of the preference list.
    pub slots: Vec<Slot>,
    /// Answers needed.
    pub need: u32,
    /// Whose answers have come, in the order they came, and for a get what each holds.
    pub heard: Vec<(NodeId, Option<Siblings>)>,
    /// Has the client been told?
    pub answered: bool,
    /// When the coordinator gives up.
    pub deadline: Time,
}

/// The condition of a node, in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeState {
    /// Running.
    Up,
    /// Crashed.
    Down,
    /// Running, but doing nothing until it is resumed.
    Paused,
    /// Running, and on its way to become a member.
    Joining,
    /// Running, and about to hand over what it has.
    Leaving,
    /// No member: it has left, or has not joined yet. It may still run.
    Left,
}

impl NodeSnapshot {
    /// All that it holds for `key`, as a replica and as a holder of hints, merged by these rules: what it answers.
    #[must_use]
    pub fn held(&self, rules: Rules, key: &Key) -> Siblings {
        Disk { keys: self.store.clone(), hints: self.hints.clone(), ..Disk::default() }.held(rules, key)
    }
}

impl NodeState {
    /// Is it on its way in or out?
    #[must_use]
    pub const fn is_moving(self) -> bool {
        matches!(self, Self::Joining | Self::Leaving)
    }

    /// The word that JSON and the page use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Paused => "paused",
            Self::Joining => "joining",
            Self::Leaving => "leaving",
            Self::Left => "left",
        }
    }
}
