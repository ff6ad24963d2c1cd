//! A read-only picture of the world at one moment: what eyes and judges may look at.

use ringside_core::node::store::Store;
use ringside_core::{Actor, Config, Disk, Key, NodeId, RequestId, Siblings, Time};

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
    pub nodes: Vec<NodeSnapshot>,
}

/// One node at one moment.
#[derive(Clone, Debug)]
pub struct NodeSnapshot {
    /// Which.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Up or down, in truth.
    pub state: NodeState,
    /// The actor it mints dots as (when down: minted as, last).
    pub actor: Actor,
    /// How many dots it has minted as this actor.
    pub minted: u64,
    /// What it stores. Of a node that is up, that includes what it has not synced yet.
    pub store: Store,
    /// What a crash at this moment would leave of it; what is left of it when it is down.
    pub durable: Disk,
    /// The requests it coordinates, in the order of their numbers.
    pub coordinating: Vec<Coordinating>,
}

/// A request that a node coordinates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinating {
    /// Which request.
    pub request: RequestId,
    /// Its key.
    pub key: Key,
    /// The replicas of the key, in ring order.
    pub preference: Vec<NodeId>,
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
}

impl NodeState {
    /// The word that JSON and the page use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}
