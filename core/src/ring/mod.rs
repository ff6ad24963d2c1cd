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
mod index;
mod partitions;
mod peers;
mod placement;
mod preference;
mod token;

pub use balance::{Balance, PER_MILLION};
pub use placement::Placement;
pub use preference::Walk;
pub use token::{Range, Token};

use crate::id::NodeId;
use crate::order;
use alloc::vec;
use alloc::vec::Vec;
use index::Index;

/// Who owns which part of the ring. A value: it never changes, a change of members makes a new ring.
///
/// It is a pure function of its founders and of the [changes](Change) since, in their order. With tokens the order makes
/// no difference: equal sets of members make equal rings. With fixed partitions it does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring {
    placement: Placement,
    vnodes: u32,
    salt: u64,
    /// Sorted, each once.
    members: Vec<NodeId>,
    /// The zone of each member.
    zones: Vec<u32>,
    /// The zones numbered from 0 without gaps, in the order in which the members first have them.
    zone_ranks: Vec<u32>,
    /// How many zones there are among members that have a token.
    zone_count: u32,
    /// How many members have a token: all, but where there are fewer partitions than members.
    holders: u32,
    /// Sorted by position; where positions collide, by node and then by index: the first of them decides.
    tokens: Vec<Token>,
    /// For each token, its node's place in `members`, so that a walk marks nodes without searching.
    ranks: Vec<u32>,
    index: Index,
}

/// A node that is or becomes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member<'a> {
    /// Which one.
    pub node: NodeId,
    /// Its name, from which random tokens are made.
    pub name: &'a str,
    /// The number of its zone; any numbers do, nodes with the same one are in the same zone.
    pub zone: u32,
}

/// A change of the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change<'a> {
    /// A node becomes a member. Nothing happens if it is one.
    Join(Member<'a>),
    /// A member leaves. Nothing happens if it is none.
    Leave(NodeId),
    /// A node takes the place of a member: with fixed partitions exactly that one's partitions. It is a join where
    /// `dead` is no member, and a leave where `new` is one already.
    Replace {
        /// Whose place.
        dead: NodeId,
        /// Who takes it.
        new: Member<'a>,
    },
}

impl Ring {
    /// The length of the whole ring, in positions: 2⁶⁴.
    pub const WHOLE: u128 = 1 << 64;

    /// Lays out `vnodes` tokens a member (0 counts as 1), from the members' names and `salt`, all in one zone. A node
    /// that is named twice is one member, under the name that sorts first. No members make an empty ring, on which
    /// every walk is empty.
    #[must_use]
    pub fn new(placement: Placement, vnodes: u32, salt: u64, members: &[(NodeId, &str)]) -> Self {
        let members: Vec<Member<'_>> =
            members.iter().map(|&(node, name)| Member { node, name, zone: 0 }).collect();
        Self::founded(placement, vnodes, salt, &members)
    }

    /// As [`Ring::new`], with zones: see [`Ring::walk`]. Fixed partitions are dealt to the members in turn, in the
    /// order of their [`NodeId`]s. Equal sets of founders, in whatever order they are given, make equal rings.
    #[must_use]
    pub fn founded(placement: Placement, vnodes: u32, salt: u64, members: &[Member<'_>]) -> Self {
        let vnodes = vnodes.max(1);
        let mut members = members.to_vec();
        order::by_number(&mut members, |member| member.node.0.into());
        members.dedup_by_key(|member| member.node);
        let tokens = placement.tokens(vnodes, salt, &members);
        let layout = (placement, vnodes, salt);
        Self::of(layout, members.iter().map(|member| (member.node, member.zone)).unzip(), tokens)
    }

    /// The ring after these changes, one after the other. Replaying a whole log on the founders' ring or its pieces on
    /// the rings between gives equal rings.
    ///
    /// ```
    /// use ringside_core::NodeId;
    /// use ringside_core::ring::{Change, Member, Placement, Ring};
    /// let ring = Ring::new(Placement::Partitions(8), 1, 0, &[(NodeId(0), "A"), (NodeId(1), "B")]);
    /// let wider = ring.after(&[Change::Join(Member { node: NodeId(2), name: "C", zone: 0 })]);
    /// // ⌊8 / 3⌋ of the eight partitions move, and all of them to the node that joined.
    /// assert_eq!(wider.balance().shares()[2].1, Ring::WHOLE / 8 * 2);
    /// assert_eq!(ring.moved(&wider), Ring::WHOLE / 8 * 2);
    /// ```
    #[must_use]
    pub fn after(&self, log: &[Change<'_>]) -> Self {
        let (mut members, mut zones) = (self.members.clone(), self.zones.clone());
        let mut tokens = self.tokens.clone();
        for change in log {
            let found = |node| members.binary_search(&node);
            let (gone, new) = match *change {
                Change::Join(new) => (None, Some(new)),
                Change::Leave(node) => (Some(node), None),
                Change::Replace { dead, new } => (Some(dead), Some(new)),
            };
            let gone = gone.and_then(|node| found(node).ok());
            let new = new.and_then(|new| Some((found(new.node).err()?, new)));
            let before = members.clone();
            if let Some((at, new)) = new {
                members.insert(at, new.node);
                zones.insert(at, new.zone);
            }
            if let Some(gone) = gone {
                let at = gone + usize::from(new.is_some_and(|(at, _)| at <= gone));
                members.remove(at);
                zones.remove(at);
            }
            let moved = placement::Moved { gone: gone.map(|at| before[at]), new: new.map(|(_, new)| new) };
            self.placement.change(self.vnodes, self.salt, (&before, &members), &moved, &mut tokens);
        }
        Self::of((self.placement, self.vnodes, self.salt), (members, zones), tokens)
    }

    fn of(
        (placement, vnodes, salt): (Placement, u32, u64),
        (members, zones): (Vec<NodeId>, Vec<u32>),
        tokens: Vec<Token>,
    ) -> Self {
        let ranks: Vec<u32> = tokens.iter().map(|token| rank(&members, token.node)).collect();
        let mut holds = vec![false; members.len()];
        for &rank in &ranks {
            holds[rank as usize] = true;
        }
        // Members without a token come last, so that the zones of the others have the lowest numbers.
        let mut seen: Vec<u32> = Vec::new();
        let mut zone_ranks = vec![0; members.len()];
        let mut zone_count = 0;
        for holding in [true, false] {
            for at in (0..members.len()).filter(|&at| holds[at] == holding) {
                let known = seen.iter().position(|zone| *zone == zones[at]).unwrap_or_else(|| {
                    seen.push(zones[at]);
                    seen.len() - 1
                });
                zone_ranks[at] = number(known);
            }
            if holding {
                zone_count = number(seen.len());
            }
        }
        let holders = number(holds.iter().filter(|holds| **holds).count());
        let index = Index::new(&tokens, &ranks, members.len());
        let mut ring = Self {
            placement,
            vnodes,
            salt,
            members,
            zones,
            zone_ranks,
            zone_count,
            holders,
            tokens,
            ranks,
            index,
        };
        ring.make_lists();
        ring
    }

    /// The tokens of a node, in the order of their positions; none of one that is no member.
    pub fn tokens_of(&self, node: NodeId) -> impl Iterator<Item = &Token> {
        let rank = self.members.binary_search(&node).ok();
        let places = rank.map_or(&[][..], |rank| self.index.places(rank));
        places.iter().map(|at| &self.tokens[*at as usize])
    }

    /// How the tokens were laid out.
    #[must_use]
    pub const fn placement(&self) -> Placement {
        self.placement
    }

    /// Tokens a member, at least 1; with fixed partitions it plays no part.
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

    /// The zone of a member; none of a node that is no member.
    #[must_use]
    pub fn zone(&self, node: NodeId) -> Option<u32> {
        self.members.binary_search(&node).ok().map(|at| self.zones[at])
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
        self.index.first_at(&self.tokens, position)
    }
}

fn rank(members: &[NodeId], node: NodeId) -> u32 {
    // Most clusters number their nodes from 0 without gaps.
    if members.get(node.index()) == Some(&node) {
        return node.0;
    }
    number(members.binary_search(&node).expect("every token belongs to a member"))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("node numbers are 32 bits, so there are no more members than that")
}

#[cfg(test)]
mod tests;
