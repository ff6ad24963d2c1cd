//! Read repair: what a get has found is handed to the replicas that lag behind (Dynamo §5).
//!
//! A reply lags when merging what was found would change it: it is missing or a strict ancestor. Only replicas that
//! answered are judged; a silent one may hold anything. With [`crate::ReadRepair::Blocking`] the client waits until
//! N − R + 1 slots hold what it is told, so that the R slots of every later get include one of them: a fallback's counts if
//! the fallback holds it.

use super::sloppy_quorum::Slots;
use crate::few::Few;
use crate::id::NodeId;
use crate::mutant::Mutant;
use crate::version::{Rules, Siblings};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// The replies of one get, and what was made of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Gathered {
    replies: Few<NodeId, Siblings>,
    /// What the client is told, fixed when the R-th reply came.
    pub(super) returned: Option<Siblings>,
    /// Who has been sent `returned`, and has not acknowledged it.
    asked: BTreeSet<NodeId>,
}

impl Gathered {
    /// Takes in a reply. A second one of the same replica says nothing new.
    pub(super) fn take(&mut self, from: NodeId, versions: Siblings) -> bool {
        let new = self.replies.get(&from).is_none();
        self.replies.entry(from, versions);
        new
    }

    /// All replies merged.
    pub(super) fn merged(&self, rules: Rules) -> Siblings {
        let mut merged = Siblings::new();
        for versions in self.replies.values() {
            rules.merge(&mut merged, versions);
        }
        merged
    }

    /// Which of the owners that answered lag behind `versions`, in the order of nodes. Fallbacks are not repaired: what
    /// they keep is on its way to an owner.
    pub(super) fn lagging(&self, rules: Rules, versions: &Siblings, slots: &Slots) -> Vec<NodeId> {
        if rules.broken(Mutant::SkipsReadRepair) {
            return Vec::new();
        }
        let lags = |(node, held): &(NodeId, Siblings)| {
            (slots.owns(*node) && !rules.descends(held, versions)).then_some(*node)
        };
        self.replies.iter().filter_map(lags).collect()
    }

    /// Is all of `versions` on its way to this replica?
    pub(super) fn under_way(&self, rules: Rules, to: NodeId, versions: &Siblings) -> bool {
        let returned = self.returned.as_ref();
        self.asked.contains(&to) && returned.is_some_and(|returned| rules.descends(returned, versions))
    }

    /// How many are known to hold `returned`.
    pub(super) fn holders(&self, rules: Rules) -> u32 {
        if rules.broken(Mutant::DoesNotWaitForRepair) {
            return u32::MAX;
        }
        let Some(returned) = &self.returned else { return 0 };
        self.replies.values().map(|held| u32::from(rules.descends(held, returned))).sum()
    }

    /// Those that lag behind `returned` and have not been sent it yet; they count as sent from now on.
    pub(super) fn ask_lagging(&mut self, rules: Rules, slots: &Slots) -> Vec<NodeId> {
        let Some(returned) = &self.returned else { return Vec::new() };
        let mut lagging = self.lagging(rules, returned, slots);
        lagging.retain(|node| self.asked.insert(*node));
        lagging
    }

    /// A replica has merged `returned` into what it held.
    pub(super) fn repaired(&mut self, rules: Rules, from: NodeId) {
        if let (true, Some(returned), Some(held)) =
            (self.asked.remove(&from), &self.returned, self.replies.get_mut(&from))
        {
            rules.merge(held, returned);
        }
    }

    /// What each replica answered, in the order of nodes.
    pub(super) const fn replies(&self) -> &Few<NodeId, Siblings> {
        &self.replies
    }
}
