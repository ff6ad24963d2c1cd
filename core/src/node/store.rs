//! What a node keeps on its disk: versions by key.
//!
//! The one big table of a node, on a persistent map: a copy for a checkpoint costs nothing, whatever it holds.

use crate::id::Key;
use crate::version::{Rules, Siblings};
use alloc::sync::Arc;
use alloc::vec::Vec;
use rpds::RedBlackTreeMapSync;

/// Versions by key, in the order of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Store {
    keys: RedBlackTreeMapSync<Key, Arc<Siblings>>,
    /// Keys that changed since [`Store::take_changed`], for whoever keeps something derived from the store; empty
    /// between two inputs of a node.
    changed: Vec<Key>,
}

impl Store {
    /// What is kept for `key`; none if nothing ever was.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Siblings> {
        self.keys.get(key).map(Arc::as_ref)
    }

    /// Merges `versions` in, by these rules. Tells whether that changed anything.
    pub fn merge(&mut self, rules: Rules, key: &Key, versions: &Siblings) -> bool {
        match self.keys.get(key) {
            Some(kept) if rules.descends(kept, versions) => false,
            None if versions.is_empty() => false,
            kept => {
                let mut merged = kept.map_or_else(Siblings::new, |kept| Siblings::clone(kept));
                rules.merge(&mut merged, versions);
                self.replace(key.clone(), merged);
                true
            }
        }
    }

    /// Replaces what is kept for `key`.
    pub fn replace(&mut self, key: Key, versions: Siblings) {
        self.changed.push(key.clone());
        self.keys.insert_mut(key, Arc::new(versions));
    }

    /// Forgets `key`, and gives what was kept for it.
    pub fn remove(&mut self, key: &Key) -> Option<Siblings> {
        let kept = self.keys.get(key).map(|kept| Siblings::clone(kept))?;
        self.keys.remove_mut(key);
        self.changed.push(key.clone());
        Some(kept)
    }

    /// The keys that changed since this was last asked, as often as they did.
    pub(crate) fn take_changed(&mut self) -> Vec<Key> {
        core::mem::take(&mut self.changed)
    }

    /// Everything, in the order of keys.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Siblings)> {
        self.keys.iter().map(|(key, versions)| (key, versions.as_ref()))
    }

    /// How many keys it holds, deleted ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.size()
    }

    /// Does it hold no key?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}
