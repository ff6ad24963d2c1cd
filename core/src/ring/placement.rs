//! Where tokens lie.

use super::Token;
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
}

impl Placement {
    /// The tokens of `members`, which are sorted and distinct, in the order of the ring.
    pub(super) fn tokens(self, vnodes: u32, salt: u64, members: &[(NodeId, &str)]) -> Vec<Token> {
        match self {
            Self::Random => random(vnodes, salt, members),
            Self::Even => even(vnodes, members),
        }
    }
}

fn random(vnodes: u32, salt: u64, members: &[(NodeId, &str)]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(members.len().saturating_mul(vnodes as usize));
    for &(node, name) in members {
        tokens.extend((0..vnodes).map(|index| Token {
            position: hash::token(name, index, salt),
            node,
            index,
        }));
    }
    tokens.sort_unstable();
    tokens
}

fn even(vnodes: u32, members: &[(NodeId, &str)]) -> Vec<Token> {
    let slots = members.len() as u128 * u128::from(vnodes);
    let slot_owners = (0..vnodes).flat_map(|index| members.iter().map(move |member| (member.0, index)));
    (0u128..)
        .zip(slot_owners)
        .map(|(slot, (node, index))| {
            let position = u64::try_from((slot << 64) / slots).expect("a slot is below the number of slots");
            Token { position, node, index }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: [(NodeId, &str); 3] = [(NodeId(0), "A"), (NodeId(1), "B"), (NodeId(7), "H")];

    #[test]
    fn random_tokens_are_the_hashes_in_order() {
        let tokens = Placement::Random.tokens(5, 9, &MEMBERS);
        assert_eq!(tokens.len(), 15);
        assert!(tokens.is_sorted());
        for token in tokens {
            let name = MEMBERS.iter().find(|member| member.0 == token.node).unwrap().1;
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
