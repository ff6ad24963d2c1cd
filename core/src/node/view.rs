//! What may be looked at in a node.

use super::Node;
use super::anti_entropy::AntiEntropy;
use super::coordinator::Coordinator;
use super::disk::Disk;
use super::failure_detector::FailureDetector;
use super::gossip::Gossip;
use super::membership::Membership;
use super::store::Store;
use super::tombstones::Collection;
use super::transfer::Transfers;
use crate::config::Config;
use crate::id::{Actor, NodeId};
use crate::ring::Ring;
use crate::time::Time;
use alloc::sync::Arc;

impl Node {
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

    /// Ranges that it gets or gives up.
    #[must_use]
    pub const fn transfers(&self) -> &Transfers {
        &self.transfers
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

    /// Its hash trees, and when it next compares them.
    #[must_use]
    pub const fn hash_trees(&self) -> &AntiEntropy {
        &self.anti_entropy
    }

    /// The deleted keys that it may forget.
    #[must_use]
    pub const fn collection(&self) -> &Collection {
        &self.collection
    }

    /// The ring as this node sees it.
    #[must_use]
    pub fn ring(&self) -> &Arc<Ring> {
        self.membership.ring()
    }

    /// Has it taken these settings? It may work with fewer replicas than they say, until more are in force.
    #[must_use]
    pub fn is_configured(&self, config: &Config) -> bool {
        let asked = Config { n: self.replicas, ..self.config.clone() };
        asked == *config
    }

    /// Its settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }
}
