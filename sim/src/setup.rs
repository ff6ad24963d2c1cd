//! What a run starts from.

use crate::act::NetworkChange;
use crate::delay::Delays;
use crate::scenario::MAX_NAME;
use ringside_core::ring::{Member, Placement};
use ringside_core::{Config, Founders, NodeId, Ring, Span};
use std::sync::Arc;

/// Everything a run depends on besides what is done in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    /// Where all randomness of the run comes from.
    pub seed: u64,
    /// The nodes' names, by [`NodeId`]. 1 to [`Setup::MAX_NODES`].
    pub names: Vec<String>,
    /// How many of them, the last ones, are no members at the beginning. A step, or an act by hand, may have them join.
    pub joiners: u32,
    /// How tokens are placed. Fixed partitions are at least as many as nodes.
    pub placement: Placement,
    /// Tokens a node, 1 to [`Setup::MAX_VNODES`]; without meaning for fixed partitions.
    pub vnodes: u32,
    /// The zones of nodes that are in one, sorted, each node once. Nodes that are not listed are together in one more
    /// zone, which has no name.
    pub zones: Vec<(NodeId, String)>,
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
    /// How many arrive twice. A copy takes its own time, and may be lost on its own.
    pub duplicate: Ratio,
}

/// A chance as a whole ratio, 0 to 1; floats stay out of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// How many …
    pub numerator: u32,
    /// … out of how many. Never zero.
    pub denominator: u32,
}

impl Network {
    /// The network after a change.
    #[must_use]
    pub fn changed(&self, change: &NetworkChange) -> Self {
        Self {
            delay: change.delay.map_or(self.delay, Delays::all),
            loss: change.loss.unwrap_or(self.loss),
            duplicate: change.duplicate.unwrap_or(self.duplicate),
        }
    }
}

impl Ratio {
    /// Never.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// `numerator` out of `denominator`, in lowest terms; never where the denominator is zero.
    #[must_use]
    pub const fn new(numerator: u32, denominator: u32) -> Self {
        let (mut divisor, mut rest) = (denominator, numerator);
        while rest > 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        if denominator == 0 {
            return Self::ZERO;
        }
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Setup {
    /// The default cluster with nothing in the background: see [`Config::bare`].
    #[must_use]
    pub fn bare() -> Self {
        Self { config: Config::bare(), ..Self::default() }
    }

    /// The most nodes of a cluster.
    pub const MAX_NODES: u32 = 1_024;
    /// The most tokens of a node.
    pub const MAX_VNODES: u32 = 1_024;

    /// One more machine, which is no member: a later act may have it join. Nothing else of a run changes by it.
    ///
    /// # Errors
    /// The name is no proper one, or taken, or there are as many nodes as there can be.
    pub fn welcome(&mut self, name: &str) -> Result<NodeId, String> {
        let count = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        if name.trim().is_empty()
            || name.len() > MAX_NAME
            || name.contains(|c: char| c.is_control() || c == '#')
        {
            return Err(format!("a node’s name has 1 to {MAX_NAME} bytes and no “#”"));
        }
        if self.node(name).is_some() {
            return Err(format!("there is a node {name} already"));
        }
        if count >= Self::MAX_NODES.min(self.placement.most_members()) {
            return Err(format!("this cluster has room for {count} nodes"));
        }
        self.names.push(name.to_owned());
        self.joiners += 1;
        Ok(NodeId(count))
    }

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

    /// The name of the zone that a node is in, where it was given one.
    #[must_use]
    pub fn zone(&self, node: NodeId) -> Option<&str> {
        self.zones.iter().find(|(of, _)| *of == node).map(|(_, zone)| zone.as_str())
    }

    /// The node as a member of the ring. Zones are numbered in the order in which they are listed first, from 1; 0 is the
    /// one without a name.
    ///
    /// # Panics
    /// When there is no such node: ids come from this setup only.
    #[must_use]
    pub fn member(&self, node: NodeId) -> Member<'_> {
        let zone = self.zone(node).and_then(|name| self.zones.iter().position(|(_, zone)| zone == name));
        let zone = zone.map_or(0, |at| u32::try_from(at + 1).expect("at most 1,024 nodes"));
        Member { node, name: self.name(node), zone }
    }

    /// The nodes that are members from the beginning, in order.
    pub fn founding(&self) -> impl Iterator<Item = NodeId> + use<> {
        self.nodes().take(self.names.len().saturating_sub(self.joiners as usize))
    }

    /// All nodes, in order, also those that may join later.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.names.len()).expect("at most 1,024 nodes")).map(NodeId)
    }

    /// The founders of the cluster, and those that may join them.
    #[must_use]
    pub fn founders(&self) -> Founders {
        let members: Vec<Member<'_>> = self.nodes().map(|node| self.member(node)).collect();
        Founders::new(Arc::new(self.ring()), &members, self.config.n)
    }

    /// The ring that the founders form.
    #[must_use]
    pub fn ring(&self) -> Ring {
        let members: Vec<Member<'_>> = self.founding().map(|node| self.member(node)).collect();
        Ring::founded(self.placement, self.vnodes, 0, &members)
    }
}

impl Default for Setup {
    /// Five nodes with eight tokens each, and the documented defaults.
    fn default() -> Self {
        Self {
            seed: 0,
            names: (0..5).map(crate::names::node_name).collect(),
            joiners: 0,
            placement: Placement::Random,
            vnodes: 8,
            zones: Vec::new(),
            config: Config::default(),
            network: Network::default(),
            sync: None,
        }
    }
}
