//! Where tokens lie.

use super::{Member, Token, partitions};
use crate::hash;
use crate::id::NodeId;
use alloc::vec::Vec;

/// How tokens are laid out (Dynamo §6.2 compares the strategies).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placement {
    /// Dynamo's first strategy: token `index` of a node lies at [`hash::token`] of its name, the index and the salt.
    /// Shares vary from node to node, the less the more tokens there are; a joining node moves only ranges to itself.
    #[default]
    Random,
    /// Equally spaced, the members taking turns: with members sorted by [`NodeId`], token `j` of member `i` of `m`
    /// takes slot `s = j·m + i` of `m·vnodes`, at position `⌊s·2⁶⁴ / (m·vnodes)⌋`. Names and salt play no part.
    /// Shares differ by one position a token at most; but every other set of members is another layout, so a join moves
    /// ranges between the old members, too.
    Even,
    /// Dynamo's third strategy: so many partitions of equal size for ever (1 to [`Placement::MAX_PARTITIONS`]), of which each
    /// member has ⌊Q/n⌋ or ⌈Q/n⌉. Partition `p` ends at position `⌊p·2⁶⁴/Q⌋`, its token's index is `p`. The founders are dealt
    /// them in turn; who joins takes ⌊Q/(n+1)⌋ of them from those with most, far apart from each other; those of a member that
    /// leaves go to whoever has fewest and nothing nearby. Nothing else moves. Needs as many partitions as members:
    /// members beyond that own nothing.
    Partitions(u32),
}

/// A change as far as it takes effect.
pub(super) struct Moved<'a> {
    /// A member that is none any more.
    pub(super) gone: Option<NodeId>,
    /// A member that was none.
    pub(super) new: Option<Member<'a>>,
}

impl Placement {
    /// The most fixed partitions.
    pub const MAX_PARTITIONS: u32 = 65_536;

    /// The most members among whom this divides a ring so that each has a part of it.
    #[must_use]
    pub const fn most_members(self) -> u32 {
        match self {
            Self::Random | Self::Even => u32::MAX,
            Self::Partitions(partitions) => partitions,
        }
    }

    /// The tokens of `members`, who are sorted and distinct, in the order of the ring.
    pub(super) fn tokens(self, vnodes: u32, salt: u64, members: &[Member<'_>]) -> Vec<Token> {
        let nodes: Vec<NodeId> = members.iter().map(|member| member.node).collect();
        match self {
            Self::Random => {
                let mut tokens = Vec::with_capacity(members.len().saturating_mul(vnodes as usize));
                members.iter().for_each(|member| tokens.extend(random(vnodes, salt, member)));
                tokens.sort_unstable();
                tokens
            }
            Self::Even => even(vnodes, &nodes),
            Self::Partitions(partitions) => fixed(&partitions::deal(partitions, &nodes)),
        }
    }

    /// Changes the tokens of the members before into those of the members after.
    pub(super) fn change(
        self,
        vnodes: u32,
        salt: u64,
        (before, after): (&[NodeId], &[NodeId]),
        moved: &Moved<'_>,
        tokens: &mut Vec<Token>,
    ) {
        let new = moved.new.map(|new| new.node);
        match self {
            Self::Random => {
                tokens.retain(|token| Some(token.node) != moved.gone);
                if let Some(new) = &moved.new {
                    tokens.extend(random(vnodes, salt, new));
                    tokens.sort_unstable();
                }
            }
            Self::Even => *tokens = even(vnodes, after),
            Self::Partitions(partitions) => {
                let mut owners: Vec<NodeId> = tokens.iter().map(|token| token.node).collect();
                match (moved.gone, new) {
                    (None, None) => {}
                    (None, Some(_)) if before.is_empty() => owners = partitions::deal(partitions, after),
                    (None, Some(new)) => partitions::join(&mut owners, before, new),
                    (Some(gone), None) => partitions::leave(&mut owners, after, gone),
                    (Some(gone), Some(new)) => {
                        owners.iter_mut().filter(|owner| **owner == gone).for_each(|owner| *owner = new);
                    }
                }
                *tokens = fixed(&owners);
            }
        }
    }
}

fn random<'a>(vnodes: u32, salt: u64, member: &'a Member<'_>) -> impl Iterator<Item = Token> + 'a {
    let Member { node, name, .. } = *member;
    (0..vnodes).map(move |index| Token { position: hash::token(name, index, salt), node, index })
}

fn even(vnodes: u32, members: &[NodeId]) -> Vec<Token> {
    let slots = members.len() as u128 * u128::from(vnodes);
    let slot_owners = (0..vnodes).flat_map(|index| members.iter().map(move |member| (*member, index)));
    let token = |(slot, (node, index))| Token { position: slot_at(slot, slots), node, index };
    (0_u128..).zip(slot_owners).map(token).collect()
}

fn fixed(owners: &[NodeId]) -> Vec<Token> {
    let slots = owners.len() as u128;
    let token =
        |(index, &node): (u32, &NodeId)| Token { position: slot_at(u128::from(index), slots), node, index };
    (0_u32..).zip(owners).map(token).collect()
}

/// Where slot `slot` of `slots` equal ones lies.
fn slot_at(slot: u128, slots: u128) -> u64 {
    u64::try_from((slot << 64) / slots).expect("a slot is below the number of slots")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [Member<'_>; 3] = [
        Member { node: NodeId(0), name: "A", zone: 0 },
        Member { node: NodeId(1), name: "B", zone: 0 },
        Member { node: NodeId(7), name: "H", zone: 0 },
    ];

    #[test]
    fn random_tokens_are_the_hashes_in_order() {
        let tokens = Placement::Random.tokens(5, 9, &MEMBERS);
        assert_eq!(tokens.len(), 15);
        assert!(tokens.is_sorted());
        for token in tokens {
            let name = MEMBERS.iter().find(|member| member.node == token.node).unwrap().name;
            assert_eq!(token.position, hash::token(name, token.index, 9));
        }
    }

    #[test]
    fn even_tokens_take_turns_at_equal_distances() {
        let tokens = Placement::Even.tokens(2, 0, &MEMBERS);
        let turns: Vec<_> = tokens.iter().map(|token| (token.node.0, token.index)).collect();
        assert_eq!(turns, [(0, 0), (1, 0), (7, 0), (0, 1), (1, 1), (7, 1)]);
        let sixth = u64::MAX / 6;
        for pair in tokens.windows(2) {
            let gap = pair[1].position - pair[0].position;
            assert!(gap == sixth || gap == sixth + 1, "{gap}");
        }
    }
}
