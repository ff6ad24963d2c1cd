//! The trees of a node: one for each peer, over the keys that both hold.
//!
//! Invariant: equal to what [`Kept::build`] makes of the store, the ring and N at any time between two inputs.

use crate::id::{Key, NodeId};
use crate::merkle::{self, Tree};
use crate::mutant::{Health, Mutant};
use crate::node::store::Store;
use crate::ring::Ring;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rpds::RedBlackTreeMapSync;

/// Who owns what: all that decides which keys two nodes share.
#[derive(Clone, Copy, Debug)]
pub(in crate::node) struct Ownership<'a> {
    pub(in crate::node) me: NodeId,
    pub(in crate::node) ring: &'a Arc<Ring>,
    pub(in crate::node) n: u32,
}

/// What is derived from the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kept {
    /// The ring and N that it was built for.
    ring: Arc<Ring>,
    n: u32,
    /// What each key that this node owns adds to the trees, by bucket.
    entries: RedBlackTreeMapSync<(u16, Key), u128>,
    /// By peer; none where the two share no key that is here.
    pub(super) trees: BTreeMap<NodeId, Tree>,
}

impl Ownership<'_> {
    /// The owners of a key, if this node is one of them.
    pub(super) fn owners(&self, key: &Key) -> Option<Vec<NodeId>> {
        Some(self.ring.preference(key, self.n)).filter(|owners| owners.contains(&self.me))
    }

    /// Do both own the key?
    pub(super) fn shares(&self, key: &Key, peer: NodeId) -> bool {
        self.owners(key).is_some_and(|owners| owners.contains(&peer))
    }
}

impl Kept {
    /// From scratch.
    pub(super) fn build(place: Ownership<'_>, store: &Store) -> Self {
        let mut entries = RedBlackTreeMapSync::new_sync();
        let mut parts: BTreeMap<NodeId, Vec<(u16, u128)>> = BTreeMap::new();
        for (key, versions) in store.iter() {
            let Some(owners) = place.owners(key) else { continue };
            let (bucket, entry) = (merkle::bucket(key), merkle::entry(key, versions));
            entries.insert_mut((bucket, key.clone()), entry);
            for peer in owners.into_iter().filter(|peer| *peer != place.me) {
                parts.entry(peer).or_default().push((bucket, entry));
            }
        }
        let trees = parts.into_iter().map(|(peer, part)| (peer, Tree::build(part.into_iter()))).collect();
        Self { ring: Arc::clone(place.ring), n: place.n, entries, trees }
    }

    /// Keys of the store have changed, or are gone, or what a node owns has changed.
    pub(super) fn follow(&mut self, place: Ownership<'_>, store: &Store, changed: &[Key], health: Health) {
        let moved = || !Arc::ptr_eq(&self.ring, place.ring) && self.ring != *place.ring;
        if self.n != place.n || moved() {
            *self = Self::build(place, store);
            return;
        }
        for key in changed {
            self.update(place, store, key, health);
        }
    }

    fn update(&mut self, place: Ownership<'_>, store: &Store, key: &Key, health: Health) {
        let Some(owners) = place.owners(key) else { return };
        let at = (merkle::bucket(key), key.clone());
        let before = self.entries.get(&at).copied();
        // Sound nodes heed no order: one that does adds how many keys had come before.
        let order = if health.is(Mutant::HashesInOrderOfArrival) { self.entries.size() as u128 } else { 0 };
        let after = store.get(key).map(|versions| merkle::entry(key, versions).wrapping_add(order));
        if before == after {
            return;
        }
        let bucket = at.0;
        match after {
            Some(entry) => self.entries.insert_mut(at, entry),
            None => {
                self.entries.remove_mut(&at);
            }
        }
        for peer in owners.into_iter().filter(|peer| *peer != place.me) {
            let tree = self.trees.entry(peer).or_default();
            tree.change(bucket, before, after);
            if tree.is_empty() {
                self.trees.remove(&peer);
            }
        }
    }

    /// The keys of a bucket that this node shares with the peer, in their order, with their entries.
    pub(super) fn keys(&self, place: Ownership<'_>, peer: NodeId, bucket: u16) -> Vec<(Key, u128)> {
        let from = (bucket, Key::new(""));
        let of_bucket = self.entries.range(from..).take_while(|((of, _), _)| *of == bucket);
        let shared = of_bucket.filter(|((_, key), _)| place.shares(key, peer));
        shared.map(|((_, key), entry)| (key.clone(), *entry)).collect()
    }
}
