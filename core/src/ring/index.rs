//! Finding a place on the ring without searching: a bucket index over the tokens, and the first few nodes of the walk
//! from each token.
//!
//! Both follow from the tokens alone. Room: 4 to 8 bytes a token for the buckets and 12 for the lists; with 1,000 nodes of
//! 256 tokens that is 5 MB beside 5 MB of tokens.

use super::{Ring, Token};
use crate::id::NodeId;
use alloc::vec;
use alloc::vec::Vec;

/// So many nodes of every walk are kept, as far as there are members: Dynamo's usual N.
const LISTED: usize = 3;

/// What is worked out once, when a ring is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Index {
    /// A position's bucket is its highest bits, shifted down by so many.
    shift: u32,
    /// For each bucket the first token that does not lie before it; their number, a power of two, is that of the tokens
    /// or up to twice as many, so that a bucket has one token on average at most.
    buckets: Vec<u32>,
    /// How many nodes a list has.
    listed: usize,
    /// One list a token, end to end.
    lists: Vec<NodeId>,
    /// The places of the tokens, those of the first member first, …
    places: Vec<u32>,
    /// … and for each member where its own end.
    ends: Vec<u32>,
}

impl Index {
    /// The buckets, and whose tokens are whose: `ranks` are their members' places. The lists follow once the ring can be
    /// walked.
    pub(super) fn new(tokens: &[Token], ranks: &[u32], members: usize) -> Self {
        let count = tokens.len().next_power_of_two().max(2);
        let shift = u64::BITS - count.trailing_zeros();
        let mut buckets = vec![0; count];
        let mut at = 0;
        for (bucket, start) in (0_u64..).zip(&mut buckets) {
            while tokens.get(at).is_some_and(|token| token.position >> shift < bucket) {
                at += 1;
            }
            *start = u32::try_from(at).expect("a ring has fewer tokens than 2³²");
        }
        let mut ends: Vec<u32> = vec![0; members];
        for rank in ranks {
            ends[*rank as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += core::mem::replace(end, sum);
        }
        // They begin as beginnings, and become ends as the places are filled in.
        let mut places = vec![0; ranks.len()];
        for (place, rank) in (0..).zip(ranks) {
            let next = &mut ends[*rank as usize];
            places[*next as usize] = place;
            *next += 1;
        }
        Self { shift, buckets, places, ends, ..Self::default() }
    }

    /// The places of the tokens of the member of this rank, in order.
    pub(super) fn places(&self, rank: usize) -> &[u32] {
        let begin = rank.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[begin as usize..self.ends[rank] as usize]
    }

    /// The place of the first token at or after `position`, wrapping round.
    pub(super) fn first_at(&self, tokens: &[Token], position: u64) -> usize {
        let bucket = usize::try_from(position >> self.shift).expect("there are fewer buckets than addresses");
        let mut at = self.buckets[bucket] as usize;
        while tokens.get(at).is_some_and(|token| token.position < position) {
            at += 1;
        }
        if at == tokens.len() { 0 } else { at }
    }

    /// The nodes that are kept of the walk from the token at that place; none on an empty ring.
    pub(super) fn list(&self, at: usize) -> &[NodeId] {
        self.lists.get(at * self.listed..(at + 1) * self.listed).unwrap_or_default()
    }
}

impl Ring {
    /// Makes the lists. A walk from a token is the token's node and then the walk from the next one without it, so in
    /// one zone each list follows from the next one: either that has the node already, or its last gives way.
    pub(super) fn make_lists(&mut self) {
        let listed = LISTED.min(self.holders as usize);
        let mut lists = vec![NodeId(0); listed * self.tokens.len()];
        let mut next: Vec<NodeId> = Vec::new();
        for at in (0..self.tokens.len()).rev() {
            if next.is_empty() || self.zone_count > 1 {
                next = self.walk_from(at).take(listed).map(|token| token.node).collect();
            } else {
                let node = self.tokens[at].node;
                let had = next.iter().position(|other| *other == node).unwrap_or(listed - 1);
                next.copy_within(..had, 1);
                next[0] = node;
            }
            lists[at * listed..(at + 1) * listed].copy_from_slice(&next);
        }
        (self.index.listed, self.index.lists) = (listed, lists);
    }
}
