//! A map by [`NodeId`] in one piece: a copy of it is a copy of memory, where that of a tree is one of each of its parts.
//! For what is small, is had of all members, is changed often and copied as often.

use crate::id::NodeId;
use alloc::vec::Vec;

/// What is had of each of some nodes, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ById<V>(Vec<(NodeId, V)>);

impl<V> Default for ById<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> ById<V> {
    fn place(&self, node: NodeId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&node, |(id, _)| *id)
    }

    pub(super) fn get(&self, node: NodeId) -> Option<&V> {
        self.place(node).ok().map(|at| &self.0[at].1)
    }

    /// What is had of this node; this from now on, where there was nothing.
    pub(super) fn get_or_insert_with(&mut self, node: NodeId, new: impl FnOnce() -> V) -> &mut V {
        let at = self.place(node).unwrap_or_else(|at| {
            self.0.insert(at, (node, new()));
            at
        });
        &mut self.0[at].1
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, &V)> {
        self.0.iter().map(|(node, value)| (*node, value))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (NodeId, &mut V)> {
        self.0.iter_mut().map(|(node, value)| (*node, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_order_they_come_in_they_stand_by_their_ids_once() {
        let mut map = ById::default();
        for node in [3, 1, 2, 1] {
            *map.get_or_insert_with(NodeId(node), || 0) += node;
        }
        assert!(map.iter().eq([(NodeId(1), &2), (NodeId(2), &2), (NodeId(3), &3)]));
        assert_eq!((map.get(NodeId(2)), map.get(NodeId(4))), (Some(&2), None));
    }
}
