//! A token, and the range that it owns.

use super::Ring;
use crate::id::NodeId;

/// One of a member's places on the ring (a virtual node).
///
/// The order is that of positions; tokens at one position are ordered by node and index, and the first decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// Where it lies.
    pub position: u64,
    /// Whose it is.
    pub node: NodeId,
    /// Which of its node's tokens it is, from 0; with fixed partitions the number of the partition that ends here.
    pub index: u32,
}

/// The positions after `start`, up to and including `end`, clockwise. Where the two are equal it is the whole ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// The position just before it: the previous token's.
    pub start: u64,
    /// Its last position: that of the token that owns it.
    pub end: u64,
    /// The node of that token: the primary owner.
    pub node: NodeId,
}

impl Range {
    /// How many positions it has, 1 to [`Ring::WHOLE`].
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(&self) -> u128 {
        if self.start == self.end { Ring::WHOLE } else { u128::from(self.end.wrapping_sub(self.start)) }
    }

    /// Does `position` lie in it?
    #[must_use]
    pub fn contains(&self, position: u64) -> bool {
        u128::from(position.wrapping_sub(self.start).wrapping_sub(1)) < self.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_its_end_but_not_its_start_also_across_zero() {
        let plain = Range { start: 10, end: 12, node: NodeId(0) };
        assert_eq!(plain.len(), 2);
        assert_eq!([10, 11, 12, 13].map(|at| plain.contains(at)), [false, true, true, false]);

        let wraps = Range { start: u64::MAX - 1, end: 1, node: NodeId(0) };
        assert_eq!(wraps.len(), 3);
        let inside = [u64::MAX - 1, u64::MAX, 0, 1, 2].map(|at| wraps.contains(at));
        assert_eq!(inside, [false, true, true, true, false]);
    }

    #[test]
    fn a_lone_token_owns_everything() {
        let whole = Range { start: 7, end: 7, node: NodeId(0) };
        assert_eq!(whole.len(), Ring::WHOLE);
        assert!([0, 6, 7, 8, u64::MAX].into_iter().all(|at| whole.contains(at)));
    }
}
