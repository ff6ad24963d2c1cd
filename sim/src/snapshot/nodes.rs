//! The nodes of a snapshot. Two snapshots share those to which nothing has happened between them.

use super::NodeSnapshot;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// All nodes at one moment, by [`ringside_core::NodeId`]: read as a slice is.
#[derive(Clone, Debug, Default)]
pub struct Nodes(Vec<Arc<NodeSnapshot>>);

impl Nodes {
    /// The node of this number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&NodeSnapshot> {
        self.0.get(index).map(Arc::as_ref)
    }

    /// The first node; none of none.
    #[must_use]
    pub fn first(&self) -> Option<&NodeSnapshot> {
        self.get(0)
    }

    /// How many.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// None?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }
}

/// The nodes of a snapshot, one after another.
pub type Iter<'a> =
    std::iter::Map<std::slice::Iter<'a, Arc<NodeSnapshot>>, fn(&Arc<NodeSnapshot>) -> &NodeSnapshot>;

impl<'a> IntoIterator for &'a Nodes {
    type Item = &'a NodeSnapshot;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(Arc::as_ref)
    }
}

impl Index<usize> for Nodes {
    type Output = NodeSnapshot;

    fn index(&self, index: usize) -> &NodeSnapshot {
        &self.0[index]
    }
}

/// Whoever changes a node of a snapshot, changes it in this one only.
impl IndexMut<usize> for Nodes {
    fn index_mut(&mut self, index: usize) -> &mut NodeSnapshot {
        Arc::make_mut(&mut self.0[index])
    }
}

impl FromIterator<NodeSnapshot> for Nodes {
    fn from_iter<I: IntoIterator<Item = NodeSnapshot>>(nodes: I) -> Self {
        Self(nodes.into_iter().map(Arc::new).collect())
    }
}

impl FromIterator<Arc<NodeSnapshot>> for Nodes {
    fn from_iter<I: IntoIterator<Item = Arc<NodeSnapshot>>>(nodes: I) -> Self {
        Self(nodes.into_iter().collect())
    }
}
