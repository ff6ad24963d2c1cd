//! The ring: which nodes hold a key (Dynamo §4.2, §6.2).
//!
//! Positions are the 64-bit numbers, in a circle. Every member owns some of them as its *tokens* (virtual nodes); a
//! key belongs to the nodes of the tokens that follow its [position](crate::hash::position) clockwise. The walk is in
//! `preference`, where tokens lie in `placement`, how evenly they divide the ring in `balance`.
//!
//! ```
//! use ringside_core::ring::{Placement, Ring};
//! use ringside_core::{Key, NodeId};
//!
//! let members = [(NodeId(0), "A"), (NodeId(1), "B"), (NodeId(2), "C"), (NodeId(3), "D")];
//! let ring = Ring::new(Placement::Random, 8, 0, &members);
//! let list = ring.preference(&Key::new("cart"), 3);
//! assert_eq!(list.len(), 3);
//!
//! // A node that joins takes ranges; between the others nothing moves.
//! let mut more = members.to_vec();
//! more.push((NodeId(4), "E"));
//! let wider = Ring::new(Placement::Random, 8, 0, &more);
//! let (before, after) = (ring.owner(42), wider.owner(42));
//! assert!(after == before || after == Some(NodeId(4)));
//! ```

mod balance;
mod placement;
mod preference;
mod token;

pub use balance::{Balance, PER_MILLION};
pub use placement::Placement;
pub use preference::Walk;
pub use token::{Range, Token};

use crate::id::NodeId;
use alloc::vec::Vec;

/// Who owns which part of the ring. A value: it never changes, a new set of members makes a new ring.
///
/// Equal sets of members, in whatever order they are given, make equal rings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    placement: Placement,
    vnodes: u32,
    /// Sorted, each once.
    members: Vec<NodeId>,
    /// Sorted by position; where positions collide, by node and then by index: the first of them decides.
    tokens: Vec<Token>,
    /// For each token, its node's place in `members`, so that a walk marks nodes without searching.
    ranks: Vec<u32>,
}

impl Ring {
    /// The length of the whole ring, in positions: 2⁶⁴.
    pub const WHOLE: u128 = 1 << 64;

    /// Lays out `vnodes` tokens a member (0 counts as 1), from the members' names and `salt`. A node that is named
    /// twice is one member, under the name that sorts first. No members make an empty ring, on which every walk is
    /// empty.
    #[must_use]
    pub fn new(placement: Placement, vnodes: u32, salt: u64, members: &[(NodeId, &str)]) -> Self {
        let vnodes = vnodes.max(1);
        let mut named = members.to_vec();
        named.sort_unstable();
        named.dedup_by_key(|member| member.0);
        let tokens = placement.tokens(vnodes, salt, &named);
        let members: Vec<NodeId> = named.iter().map(|member| member.0).collect();
        let ranks = tokens.iter().map(|token| rank(&members, token.node)).collect();
        Self { placement, vnodes, members, tokens, ranks }
    }

    /// How the tokens were laid out.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        self.placement
    }

    /// Tokens a member, at least 1.
    #[must_use]
    pub const fn vnodes(&self) -> u32 {
        self.vnodes
    }

    /// All tokens, in the order of their positions.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// All members, sorted.
    #[must_use]
    pub fn members(&self) -> &[NodeId] {
        &self.members
    }

    /// The node of the first token at or after `position`: the first of every preference list there. `None` only
    /// on an empty ring.
    #[must_use]
    pub fn owner(&self, position: u64) -> Option<NodeId> {
        self.tokens.get(self.first_at(position)).map(|token| token.node)
    }

    /// The primary ranges, in the order of their ends: what each token owns. Together they cover the ring exactly
    /// once. Neighbours of the same node stay separate; a token that collides with an earlier one owns nothing and
    /// has no range.
    ///
    /// ```
    /// use ringside_core::ring::{Placement, Ring};
    /// use ringside_core::NodeId;
    /// let ring = Ring::new(Placement::Even, 2, 0, &[(NodeId(0), "A"), (NodeId(1), "B")]);
    /// let owners: Vec<u32> = ring.ranges().map(|range| range.node.0).collect();
    /// assert_eq!(owners, [0, 1, 0, 1]);
    /// assert_eq!(ring.ranges().map(|range| range.len()).sum::<u128>(), Ring::WHOLE);
    /// ```
    pub fn ranges(&self) -> impl Iterator<Item = Range> + '_ {
        let last = self.tokens.last().map(|token| token.position);
        let mut before = last;
        self.tokens.iter().enumerate().filter_map(move |(at, token)| {
            let start = before.replace(token.position)?;
            let fresh = at == 0 || start != token.position;
            fresh.then_some(Range { start, end: token.position, node: token.node })
        })
    }

    /// The place in `tokens` of the first one at or after `position`, wrapping round.
    fn first_at(&self, position: u64) -> usize {
        let at = self.tokens.partition_point(|token| token.position < position);
        if at == self.tokens.len() { 0 } else { at }
    }
}

fn rank(members: &[NodeId], node: NodeId) -> u32 {
    let at = members.binary_search(&node).expect("every token belongs to a member");
    u32::try_from(at).expect("node numbers are 32 bits, so there are no more members than that")
}

#[cfg(test)]
mod tests;
