//! Who shares keys with whom.

use super::Ring;
use crate::id::NodeId;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

impl Ring {
    /// The nodes that share a part of the ring with `node` where a key has `n` replicas: together with it they are in
    /// the preference list of some position. Sorted, without `node`.
    ///
    /// Goes back from each token of the node for as long as the lists there have the node in them, so that the cost
    /// depends on its own tokens and N, not on how many nodes there are. With zones a node may be passed over in between,
    /// so that all lists are looked at.
    ///
    /// ```
    /// use ringside_core::ring::{Placement, Ring};
    /// use ringside_core::NodeId;
    /// let members = [(NodeId(0), "A"), (NodeId(1), "B"), (NodeId(2), "C"), (NodeId(3), "D")];
    /// let ring = Ring::new(Placement::Even, 1, 0, &members);
    /// assert_eq!(ring.peers(NodeId(0), 2), [NodeId(1), NodeId(3)]);
    /// ```
    #[must_use]
    pub fn peers(&self, node: NodeId, n: u32) -> Vec<NodeId> {
        if self.zone_count > 1 {
            return self.peers_in_any_list(node, n);
        }
        let mut peers = BTreeSet::new();
        let count = self.tokens.len();
        let Ok(rank) = self.members.binary_search(&node) else { return Vec::new() };
        for at in self.index.places(rank) {
            let at = *at as usize;
            for back in 0..count {
                let token = self.tokens[(at + count - back) % count];
                let list = || self.walk(token.position).take(n as usize).map(|token| token.node);
                if !list().any(|other| other == node) {
                    break;
                }
                peers.extend(list().filter(|other| *other != node));
            }
        }
        peers.into_iter().collect()
    }

    fn peers_in_any_list(&self, node: NodeId, n: u32) -> Vec<NodeId> {
        let mut peers = BTreeSet::new();
        for token in &self.tokens {
            let list = || self.walk(token.position).take(n as usize).map(|token| token.node);
            if list().any(|other| other == node) {
                peers.extend(list().filter(|other| *other != node));
            }
        }
        peers.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::Placement;
    use alloc::format;
    use alloc::string::String;

    #[test]
    fn peers_are_those_of_every_list_that_has_the_node_in_it() {
        for (vnodes, count, n) in [(1, 2, 3), (1, 9, 3), (4, 7, 2), (8, 30, 3), (3, 5, 1)] {
            let names: Vec<(NodeId, String)> = (0..count).map(|at| (NodeId(at), format!("n{at}"))).collect();
            let members: Vec<(NodeId, &str)> = names.iter().map(|(id, name)| (*id, name.as_str())).collect();
            let ring = Ring::new(Placement::Random, vnodes, 5, &members);
            for (node, _) in &members {
                let slowly = ring.peers_in_any_list(*node, n);
                assert!(slowly.into_iter().eq(ring.peers(*node, n)), "{vnodes} {count} {n} {node:?}");
            }
        }
    }
}
