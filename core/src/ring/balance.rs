//! How evenly a ring is divided, and how much of it moves. Counts of positions and parts per million, no floats.

use super::{Range, Ring, rank};
use crate::id::NodeId;
use alloc::vec;
use alloc::vec::Vec;

/// One, in parts per million.
pub const PER_MILLION: u64 = 1_000_000;

/// How much of the ring each member owns as primary: the first node of the preference list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Balance {
    shares: Vec<(NodeId, u128)>,
}

impl Balance {
    /// Each member's share in positions, in the order of members. They add up to [`Ring::WHOLE`], or to nothing on
    /// an empty ring.
    #[must_use]
    pub fn shares(&self) -> &[(NodeId, u128)] {
        &self.shares
    }

    /// The largest share over the mean share, in parts per million, rounded down; 0 on an empty ring.
    #[must_use]
    pub fn max_over_mean(&self) -> u64 {
        self.over_mean(self.shares.iter().map(|share| share.1).max())
    }

    /// The smallest share over the mean share, in parts per million, rounded down; 0 on an empty ring.
    #[must_use]
    pub fn min_over_mean(&self) -> u64 {
        self.over_mean(self.shares.iter().map(|share| share.1).min())
    }

    /// A share of at most the whole, times 2³² members, times a million, is below 2¹²⁸.
    fn over_mean(&self, share: Option<u128>) -> u64 {
        per_million(share.unwrap_or(0) * self.shares.len() as u128)
    }
}

impl Ring {
    /// How much of the ring each member owns.
    ///
    /// ```
    /// use ringside_core::ring::{PER_MILLION, Placement, Ring};
    /// use ringside_core::NodeId;
    /// let balance = Ring::new(Placement::Even, 4, 0, &[(NodeId(0), "A"), (NodeId(1), "B")]).balance();
    /// assert_eq!(balance.max_over_mean(), PER_MILLION);
    /// ```
    #[must_use]
    pub fn balance(&self) -> Balance {
        let mut shares: Vec<(NodeId, u128)> = self.members.iter().map(|&node| (node, 0)).collect();
        for range in self.ranges() {
            shares[rank(&self.members, range.node) as usize].1 += range.len();
        }
        Balance { shares }
    }

    /// How many positions have another primary owner in `after` than here: what moves when this ring becomes that
    /// one. Between an empty ring and another nothing moves, since there is nowhere to move it from or to.
    #[must_use]
    pub fn moved(&self, after: &Self) -> u128 {
        self.changes(after).map(|(_, range)| range.len()).sum()
    }

    /// [`Ring::moved`] as parts per million of the ring, rounded down.
    #[must_use]
    pub fn moved_per_million(&self, after: &Self) -> u64 {
        per_million(self.moved(after))
    }

    /// The ranges whose primary owner changes when this ring becomes `after`: who had it, and the range with who
    /// has it then. In the order of their ends; neighbours stay separate.
    pub fn changes<'a>(&'a self, after: &'a Self) -> impl Iterator<Item = (NodeId, Range)> + 'a {
        let mut cuts: Vec<u64> =
            if self.tokens.is_empty() || after.tokens.is_empty() { vec![] } else { self.cuts(after) };
        cuts.sort_unstable();
        cuts.dedup();
        let mut start = cuts.last().copied().unwrap_or(0);
        cuts.into_iter().filter_map(move |end| {
            let before = core::mem::replace(&mut start, end);
            // No token of either ring lies strictly inside the piece, so that its end speaks for all of it.
            let (had, has) = (self.owner(end)?, after.owner(end)?);
            (had != has).then_some((had, Range { start: before, end, node: has }))
        })
    }

    fn cuts(&self, other: &Self) -> Vec<u64> {
        self.tokens.iter().chain(&other.tokens).map(|token| token.position).collect()
    }
}

/// Some positions as parts per million of the ring, rounded down. Saturates; nothing on a ring comes near.
fn per_million(positions: u128) -> u64 {
    u64::try_from((positions * u128::from(PER_MILLION)) >> 64).unwrap_or(u64::MAX)
}
