//! The walk round the ring, and the preference list it begins with (Dynamo §4.3, §4.6 "across multiple data centers").

use super::{Ring, Token};
use crate::hash;
use crate::id::{Key, NodeId};
use alloc::vec::Vec;
use smallvec::{SmallVec, smallvec};

impl Ring {
    /// Walks clockwise from the first token at or after `position`, wrapping round: each member once, by the token
    /// that was met first. The first N are the preference list, the next the first fallback, and so on.
    ///
    /// With zones, the walk first takes nodes of zones that it has not taken from yet, until every zone is in it; then it
    /// begins again at the same token and takes the rest as they come. So the first N are of as many zones as can be,
    /// whatever N is, and a shorter list is always the beginning of a longer one.
    #[must_use]
    pub fn walk(&self, position: u64) -> Walk<'_> {
        self.walk_from(self.first_at(position))
    }

    pub(super) fn walk_from(&self, start: usize) -> Walk<'_> {
        let words = self.members.len().div_ceil(WORD);
        let zone_words = (self.zone_count as usize).div_ceil(WORD);
        Walk {
            ring: self,
            start,
            next: start,
            left: self.holders as usize,
            met: smallvec![0; words],
            zones_left: if self.zone_count > 1 { self.zone_count } else { 0 },
            zones_met: smallvec![0; zone_words],
        }
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
        self.preference_at(hash::position(key), n)
    }

    /// As [`Ring::preference`], of all keys at `position`.
    #[must_use]
    pub fn preference_at(&self, position: u64, n: u32) -> Vec<NodeId> {
        let (start, n) = (self.first_at(position), n as usize);
        let kept = self.index.list(start);
        if n <= kept.len() || kept.len() == self.holders as usize {
            return kept[..n.min(kept.len())].to_vec();
        }
        self.walk_from(start).take(n).map(|token| token.node).collect()
    }

    /// The first three nodes of the walk from `position`, or all members where there are fewer, without walking: they
    /// are worked out when the ring is made.
    #[must_use]
    pub fn first_three(&self, position: u64) -> &[NodeId] {
        self.index.list(self.first_at(position))
    }
}

/// Bits in one word of [`Walk::met`].
const WORD: usize = 64;

/// The tokens at which a walk takes each member; see [`Ring::walk`].
#[derive(Clone, Debug)]
pub struct Walk<'ring> {
    ring: &'ring Ring,
    start: usize,
    next: usize,
    left: usize,
    /// One bit a member, by rank.
    met: SmallVec<[u64; 2]>,
    /// Zones that the walk must still take a node from before it takes whatever comes.
    zones_left: u32,
    /// One bit a zone.
    zones_met: SmallVec<[u64; 1]>,
}

impl Iterator for Walk<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.left > 0 {
            let at = self.next;
            self.next = if at + 1 == self.ring.tokens.len() { 0 } else { at + 1 };
            let rank = self.ring.ranks[at] as usize;
            if is_set(&self.met, rank) {
                continue;
            }
            if self.zones_left > 0 {
                let zone = self.ring.zone_ranks[rank] as usize;
                if is_set(&self.zones_met, zone) {
                    continue;
                }
                set(&mut self.zones_met, zone);
                self.zones_left -= 1;
                if self.zones_left == 0 {
                    self.next = self.start;
                }
            }
            set(&mut self.met, rank);
            self.left -= 1;
            return Some(self.ring.tokens[at]);
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Walk<'_> {}
impl core::iter::FusedIterator for Walk<'_> {}

fn is_set(bits: &[u64], at: usize) -> bool {
    bits[at / WORD] >> (at % WORD) & 1 == 1
}

fn set(bits: &mut [u64], at: usize) {
    bits[at / WORD] |= 1 << (at % WORD);
}
