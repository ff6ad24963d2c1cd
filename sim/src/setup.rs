//! What a run starts from.

use crate::delay::Delays;
use ringside_core::ring::Placement;
use ringside_core::{Config, NodeId, Ring, Span};

/// Everything a run depends on besides what is done in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    /// Where all randomness of the run comes from.
    pub seed: u64,
    /// The nodes' names, by [`NodeId`]. 1 to [`Setup::MAX_NODES`].
    pub names: Vec<String>,
    /// How tokens are placed.
    pub placement: Placement,
    /// Tokens a node, 1 to [`Setup::MAX_VNODES`].
    pub vnodes: u32,
    /// The settings that all nodes start with.
    pub config: Config,
    /// The network.
    pub network: Network,
    /// How often a node syncs what it has written: what is not yet synced is lost in a crash. None, the default, syncs
    /// every write at once.
    pub sync: Option<Span>,
}

/// How messages travel between nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Network {
    /// How long they take.
    pub delay: Delays,
    /// How many are lost.
    pub loss: Ratio,
}

/// A chance as a whole ratio, 0 to 1; floats stay out of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// How many …
    pub numerator: u32,
    /// … out of how many. Never zero.
    pub denominator: u32,
}

impl Ratio {
    /// Never.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Setup {
    /// The most nodes of a cluster.
    pub const MAX_NODES: u32 = 1_024;
    /// The most tokens of a node.
    pub const MAX_VNODES: u32 = 1_024;

    /// The name of a node.
    ///
    /// # Panics
    /// When there is no such node: ids come from this setup only.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        &self.names[node.index()]
    }

    /// The node of that name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.nodes().find(|node| self.name(*node) == name)
    }

    /// All nodes, in order.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.names.len()).expect("at most 1,024 nodes")).map(NodeId)
    }

    /// The ring that these nodes form.
    #[must_use]
    pub fn ring(&self) -> Ring {
        let members: Vec<(NodeId, &str)> = self.nodes().map(|node| (node, self.name(node))).collect();
        Ring::new(self.placement, self.vnodes, 0, &members)
    }
}

impl Default for Setup {
    /// Five nodes with eight tokens each, and the documented defaults.
    fn default() -> Self {
        Self {
            seed: 0,
            names: (0..5).map(crate::names::node_name).collect(),
            placement: Placement::Random,
            vnodes: 8,
            config: Config::default(),
            network: Network::default(),
            sync: None,
        }
    }
}
