//! The walk round the ring, and the preference list it begins with (Dynamo §4.3).

use super::{Ring, Token};
use crate::hash;
use crate::id::{Key, NodeId};
use alloc::vec::Vec;
use smallvec::{SmallVec, smallvec};

impl Ring {
    /// Walks clockwise from the first token at or after `position`, wrapping round: each member once, by the token
    /// that was met first. The first N are the preference list, the next the first fallback, and so on.
    #[must_use]
    pub fn walk(&self, position: u64) -> Walk<'_> {
        let words = self.members.len().div_ceil(WORD);
        Walk { ring: self, next: self.first_at(position), left: self.members.len(), met: smallvec![0; words] }
    }

    /// The nodes that hold `key`: the first `n` distinct nodes of the walk from its position, or all members where
    /// there are fewer.
    ///
    /// ```
    /// use ringside_core::ring::{Placement, Ring};
    /// use ringside_core::{Key, NodeId};
    /// let ring = Ring::new(Placement::Random, 8, 0, &[(NodeId(0), "A"), (NodeId(1), "B")]);
    /// let mut list = ring.preference(&Key::new("cart"), 3);
    /// list.sort();
    /// assert_eq!(list, [NodeId(0), NodeId(1)]);
    /// ```
    #[must_use]
    pub fn preference(&self, key: &Key, n: u32) -> Vec<NodeId> {
        self.walk(hash::position(key)).take(n as usize).map(|token| token.node).collect()
    }
}

/// Bits in one word of [`Walk::met`].
const WORD: usize = 64;

/// The tokens at which a walk meets each member for the first time; see [`Ring::walk`].
#[derive(Clone, Debug)]
pub struct Walk<'ring> {
    ring: &'ring Ring,
    next: usize,
    left: usize,
    /// One bit a member, by rank.
    met: SmallVec<[u64; 2]>,
}

impl Iterator for Walk<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.left > 0 {
            let at = self.next;
            self.next = if at + 1 == self.ring.tokens.len() { 0 } else { at + 1 };
            let rank = self.ring.ranks[at] as usize;
            let bit = 1 << (rank % WORD);
            let word = &mut self.met[rank / WORD];
            if *word & bit == 0 {
                *word |= bit;
                self.left -= 1;
                return Some(self.ring.tokens[at]);
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Walk<'_> {}
impl core::iter::FusedIterator for Walk<'_> {}
