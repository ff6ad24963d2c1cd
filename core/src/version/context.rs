//! What a client hands back with a put: proof of what it has seen.

use super::vector::VersionVector;
use crate::id::Key;

/// The causal context of a key. A get hands it out and a put brings it back (Dynamo §4.1); clients do not look
/// inside. It is bound to its key, so that it cannot be used for another by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    key: Key,
    vector: VersionVector,
}

impl Context {
    /// A context of `key` that covers `vector`.
    #[must_use]
    pub const fn new(key: Key, vector: VersionVector) -> Self {
        Self { key, vector }
    }

    /// The key it belongs to.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// What it covers.
    #[must_use]
    pub const fn vector(&self) -> &VersionVector {
        &self.vector
    }

    /// Covers what `other` covers, too. Contexts of two keys have nothing to do with each other.
    ///
    /// # Panics
    /// When the keys differ.
    pub fn join(&mut self, other: &Self) {
        assert_eq!(self.key, other.key, "contexts of two keys are never joined");
        self.vector.join(&other.vector);
    }
}
