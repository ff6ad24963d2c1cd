//! The map of members itself.

use super::{Member, Status, Want};
use crate::id::NodeId;
use crate::node::plan::Plan;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::ops::Bound;

/// The members that a node knows, by [`NodeId`], and those that were members or want to be. Shared until changed, so a copy
/// costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members {
    pub(super) map: Arc<BTreeMap<NodeId, Arc<Member>>>,
    /// None on an empty disk.
    pub(super) plan: Option<Arc<Plan>>,
}

impl Members {
    /// What is known of a member.
    #[must_use]
    pub fn get(&self, node: NodeId) -> Option<&Member> {
        self.map.get(&node).map(Arc::as_ref)
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Member)> {
        self.map.iter().map(|(node, member)| (*node, member.as_ref()))
    }

    /// Their ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.map.keys().copied()
    }

    /// The ids in a range, in order.
    pub(in crate::node) fn range(
        &self,
        ids: (Bound<NodeId>, Bound<NodeId>),
    ) -> impl Iterator<Item = NodeId> + '_ {
        self.map.range(ids).map(|(node, _)| *node)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// None?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// How many changes of the members have taken effect, as far as is known.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.plan.as_ref().map_or(0, |plan| plan.epoch())
    }

    /// The plan that is followed; none on an empty disk.
    #[must_use]
    pub const fn plan(&self) -> Option<&Arc<Plan>> {
        self.plan.as_ref()
    }

    /// What part this node has.
    #[must_use]
    pub fn status(&self, node: NodeId) -> Status {
        let pending =
            self.plan.as_ref().and_then(|plan| plan.pending()).filter(|change| change.node() == Some(node));
        let member = self.plan.as_ref().is_some_and(|plan| plan.has(node));
        match (member, pending.is_some() || self.wish(node).is_some()) {
            (true, false) => Status::Up,
            (true, true) => Status::Leaving,
            (false, true) => Status::Joining,
            (false, false) => Status::Left,
        }
    }

    /// Has it no part in the cluster, neither now nor soon? The same as [`Status::Left`], told sooner of members.
    pub(in crate::node) fn gone(&self, node: NodeId) -> bool {
        !self.plan.as_ref().is_some_and(|plan| plan.has(node)) && self.status(node) == Status::Left
    }

    /// What is wished of this node, unless that is over or has come true.
    #[must_use]
    pub fn wish(&self, node: NodeId) -> Option<Want> {
        let plan = self.plan.as_ref()?;
        let wish = self.get(node)?.wish?;
        let over = plan.removed(node).is_some_and(|last| wish.boot <= last);
        let waits = match wish.want {
            Want::Join => !plan.has(node),
            Want::Leave => plan.has(node),
            Want::Replace { dead } => !plan.has(node) && plan.has(dead),
        };
        Some(wish.want).filter(|_| waits && !over)
    }

    /// Takes in what is newer. Tells whether anything was.
    pub fn merge(&mut self, others: &Self) -> bool {
        let mut changed = others.plan.as_ref().is_some_and(|plan| self.adopt(plan));
        if !Arc::ptr_eq(&self.map, &others.map) {
            for (node, member) in others.map.iter() {
                changed |= self.merge_one(*node, member);
            }
        }
        changed
    }

    /// Takes over a plan if it is newer.
    pub(in crate::node) fn adopt(&mut self, plan: &Arc<Plan>) -> bool {
        let newer = self.plan.as_ref().is_none_or(|known| known.rank() < plan.rank());
        if newer {
            self.plan = Some(Arc::clone(plan));
        }
        newer
    }

    pub(super) fn merge_one(&mut self, node: NodeId, member: &Arc<Member>) -> bool {
        if self.map.get(&node).is_some_and(|known| known >= member) {
            return false;
        }
        Arc::make_mut(&mut self.map).insert(node, Arc::clone(member));
        true
    }
}
