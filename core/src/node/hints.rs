//! The hints on a node's disk: writes that it keeps for others until they can be handed over (Dynamo §4.6).
//!
//! A space of its own beside the node's data: a hint lies under its intended owner and the key, so it never mixes with
//! what the node stores as a replica. Invariant: there is one hint for an owner and a key; a further write merges.

use super::Turn;
use super::note::Note;
use crate::id::{Key, NodeId, RequestId};
use crate::time::{Span, Time};
use crate::version::{Rules, Siblings};
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rpds::RedBlackTreeMapSync;

/// Hints by intended owner and key, in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hints {
    hints: RedBlackTreeMapSync<(NodeId, Key), Arc<Hint>>,
    /// How many there are for each owner; never 0.
    owners: BTreeMap<NodeId, u32>,
    /// When the oldest of them was stored.
    oldest: Option<Time>,
}

/// What is kept for an owner of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// The versions that the owner is to merge.
    pub versions: Siblings,
    /// When it was stored, or last changed, on the holder's clock that never goes back. The window counts from here.
    pub stored: Time,
}

/// What became of a write that was kept as a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kept {
    /// The hint that was there already holds all of it.
    Already,
    /// There was none.
    New,
    /// It merged with the one that was there, which it supersedes.
    Superseding,
}

impl Hints {
    /// The hint for this owner and key.
    #[must_use]
    pub fn get(&self, owner: NodeId, key: &Key) -> Option<&Hint> {
        if self.is_empty() {
            return None;
        }
        self.hints.get(&(owner, key.clone())).map(Arc::as_ref)
    }

    /// Everything, by owner and then by key.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Key, &Hint)> {
        self.hints.iter().map(|((owner, key), hint)| (*owner, key, hint.as_ref()))
    }

    /// The hints for one owner, in the order of keys.
    pub fn of(&self, owner: NodeId) -> impl Iterator<Item = (&Key, &Hint)> {
        let hints = self.hints.range((owner, Key::new(""))..);
        hints.take_while(move |((of, _), _)| *of == owner).map(|((_, key), hint)| (key, hint.as_ref()))
    }

    /// The hints for one key, in the order of owners.
    pub fn of_key(&self, key: &Key) -> impl Iterator<Item = (NodeId, &Hint)> {
        self.owners().filter_map(|owner| Some((owner, self.get(owner, key)?)))
    }

    /// For whom there are hints, in order.
    pub fn owners(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.owners.keys().copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hints.size()
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hints.is_empty()
    }

    /// Keeps `versions` for `owner` and says so.
    pub(super) fn keep(
        &mut self,
        turn: &mut Turn<'_>,
        request: Option<RequestId>,
        owner: NodeId,
        key: &Key,
        versions: &Siblings,
    ) {
        let superseded = match self.merge(turn.rules(), owner, key, versions, turn.now.mono) {
            Kept::Already => return,
            Kept::New => false,
            Kept::Superseding => true,
        };
        turn.out.note(Note::HintStored { request, owner, key: key.clone(), superseded });
    }

    /// Keeps `versions` for `owner`, merged with what is kept for it already; the window then counts from `now`.
    fn merge(&mut self, rules: Rules, owner: NodeId, key: &Key, versions: &Siblings, now: Time) -> Kept {
        let place = (owner, key.clone());
        let (versions, kept) = match self.hints.get(&place) {
            Some(hint) if rules.descends(&hint.versions, versions) => return Kept::Already,
            Some(hint) => {
                let mut merged = hint.versions.clone();
                rules.merge(&mut merged, versions);
                (merged, Kept::Superseding)
            }
            None => (versions.clone(), Kept::New),
        };
        self.put(owner, key, versions, now);
        kept
    }

    /// Keeps exactly `versions` for `owner`, whatever was there, as stored at `now`.
    pub fn put(&mut self, owner: NodeId, key: &Key, versions: Siblings, now: Time) {
        self.remove(owner, key);
        self.hints.insert_mut((owner, key.clone()), Arc::new(Hint { versions, stored: now }));
        *self.owners.entry(owner).or_default() += 1;
        self.oldest = Some(self.oldest.map_or(now, |oldest| oldest.min(now)));
    }

    pub(super) fn remove(&mut self, owner: NodeId, key: &Key) -> Option<Hint> {
        let place = (owner, key.clone());
        let hint = self.hints.get(&place).map(|hint| Hint::clone(hint))?;
        self.hints.remove_mut(&place);
        if let Some(count) = self.owners.get_mut(&owner) {
            *count -= 1;
            if *count == 0 {
                self.owners.remove(&owner);
            }
        }
        if Some(hint.stored) == self.oldest {
            self.find_oldest();
        }
        Some(hint)
    }

    /// When the next hint expires, if it is still there.
    pub(super) fn next_expiry(&self, window: Span) -> Option<Time> {
        self.oldest.map(|oldest| oldest + window)
    }

    /// Takes out the hints that have been kept for the whole window.
    pub(super) fn expire(&mut self, now: Time, window: Span) -> Vec<(NodeId, Key)> {
        if self.next_expiry(window).is_none_or(|at| at > now) {
            return Vec::new();
        }
        let over = |(owner, key, hint): (NodeId, &Key, &Hint)| {
            (hint.stored + window <= now).then(|| (owner, key.clone()))
        };
        let expired: Vec<(NodeId, Key)> = self.iter().filter_map(over).collect();
        for (owner, key) in &expired {
            self.remove(*owner, key);
        }
        expired
    }

    fn find_oldest(&mut self) {
        self.oldest = self.hints.values().map(|hint| hint.stored).min();
    }
}
