//! Who has which of Q fixed partitions (Dynamo §6.2, strategy 3): dealt in turn to those who found the cluster, then
//! moved as little as can be with every member that joins or leaves.
//!
//! Invariant: after every change each member has ⌊Q/n⌋ or ⌈Q/n⌉ partitions, and what moved moved to the member that
//! joined or away from the one that left.

use crate::config::Config;
use crate::id::NodeId;
use alloc::vec;
use alloc::vec::Vec;

/// How far around a partition its new owner's other partitions are looked for: as far as a preference list goes.
const REACH: usize = Config::MAX_N as usize;

/// Partition `p` goes to member `p mod n`; no members, no partitions.
pub(super) fn deal(partitions: u32, members: &[NodeId]) -> Vec<NodeId> {
    members.iter().copied().cycle().take(if members.is_empty() { 0 } else { partitions as usize }).collect()
}

/// `new` takes ⌊Q/(n+1)⌋ partitions, each from whoever has most: as far apart on the ring as those that may be taken
/// allow. `members` are those before, sorted.
pub(super) fn join(owners: &mut [NodeId], members: &[NodeId], new: NodeId) {
    let mut loads = loads(owners, members);
    let mut gives = vec![0; members.len()];
    let share = owners.len() / (members.len() + 1);
    for _ in 0..share {
        let most = loads.iter().copied().max().unwrap_or(0);
        if let Some(rank) = loads.iter().position(|&load| load == most) {
            loads[rank] -= 1;
            gives[rank] += 1;
        }
    }
    let mut left = share;
    let mut gap = owners.len().checked_div(share).unwrap_or(0);
    while left > 0 {
        left -= take(owners, members, new, &mut gives, gap);
        gap /= 2;
    }
}

/// One round along the ring: takes what may be taken and lies `gap` partitions or more from what `new` has already.
/// With a gap of 0 everything is taken that `gives` allows. Says how many it took.
fn take(owners: &mut [NodeId], members: &[NodeId], new: NodeId, gives: &mut [u32], gap: usize) -> usize {
    let whole = owners.len();
    let held: Vec<usize> = (0..whole).filter(|&at| owners[at] == new).collect();
    // Places are counted from one turn earlier, so that what lies before the first has a number, too.
    let (mut first, mut last) = (held.first().copied(), held.last().copied());
    let mut ahead = held.iter().copied().peekable();
    let mut taken = 0;
    for (at, owner) in owners.iter_mut().enumerate() {
        while ahead.next_if(|&next| next <= at).is_some() {}
        if *owner == new {
            last = Some(at + whole);
            continue;
        }
        let rank = rank(members, *owner);
        let next = ahead.peek().map(|next| next + whole).or_else(|| first.map(|first| first + 2 * whole));
        let far = last.is_none_or(|last| at + whole - last >= gap)
            && next.is_none_or(|next| next - at - whole >= gap);
        if far && gives[rank] > 0 {
            gives[rank] -= 1;
            *owner = new;
            taken += 1;
            last = Some(at + whole);
            first = first.or(Some(at));
        }
    }
    taken
}

/// Each partition of `gone` goes to a member of those with fewest: the one whose other partitions are farthest from it.
/// `members` are those that stay, sorted; without any the partitions are gone, too.
pub(super) fn leave(owners: &mut Vec<NodeId>, members: &[NodeId], gone: NodeId) {
    if members.is_empty() {
        owners.clear();
        return;
    }
    let whole = owners.len();
    let mut loads = loads(owners, members);
    for at in (0..whole).filter(|&at| owners[at] == gone).collect::<Vec<_>>() {
        let mut near = vec![REACH + 1; members.len()];
        for distance in (1..=REACH.min(whole - 1)).rev() {
            for other in [at + distance, at + whole - distance] {
                if let Ok(rank) = members.binary_search(&owners[other % whole]) {
                    near[rank] = distance;
                }
            }
        }
        let least = loads.iter().copied().min().unwrap_or(0);
        let mut best: Option<usize> = None;
        for rank in (0..members.len()).filter(|&rank| loads[rank] == least) {
            if best.is_none_or(|best| near[rank] > near[best]) {
                best = Some(rank);
            }
        }
        if let Some(rank) = best {
            owners[at] = members[rank];
            loads[rank] += 1;
        }
    }
}

/// How many partitions each member has.
fn loads(owners: &[NodeId], members: &[NodeId]) -> Vec<u32> {
    let mut loads = vec![0; members.len()];
    for owner in owners {
        if let Ok(rank) = members.binary_search(owner) {
            loads[rank] += 1;
        }
    }
    loads
}

fn rank(members: &[NodeId], node: NodeId) -> usize {
    members.binary_search(&node).expect("every partition is a member's")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(ids: &[u32]) -> Vec<NodeId> {
        ids.iter().copied().map(NodeId).collect()
    }

    #[test]
    fn partitions_are_dealt_in_turn() {
        assert_eq!(deal(7, &nodes(&[0, 1, 4])), nodes(&[0, 1, 4, 0, 1, 4, 0]));
        assert_eq!(deal(7, &[]), []);
    }

    #[test]
    fn a_joiner_takes_from_those_with_most_and_far_apart() {
        let mut owners = deal(16, &nodes(&[0, 1, 2]));
        assert_eq!(loads(&owners, &nodes(&[0, 1, 2])), [6, 5, 5]);
        join(&mut owners, &nodes(&[0, 1, 2]), NodeId(3));
        assert_eq!(loads(&owners, &nodes(&[0, 1, 2, 3])), [4, 4, 4, 4]);
        let taken: Vec<usize> = (0..16).filter(|&at| owners[at] == NodeId(3)).collect();
        let apart = |pair: &[usize]| pair[1] - pair[0] >= 2;
        assert!(taken.windows(2).all(apart) && taken[0] + 16 - taken[3] >= 2, "{taken:?}");
    }

    #[test]
    fn the_last_to_leave_takes_the_partitions_along() {
        let mut owners = deal(4, &nodes(&[2]));
        leave(&mut owners, &[], NodeId(2));
        assert_eq!(owners, []);
    }

    #[test]
    fn more_members_than_partitions_leave_some_without() {
        let mut owners = deal(2, &nodes(&[0, 1]));
        join(&mut owners, &nodes(&[0, 1]), NodeId(2));
        assert_eq!(owners, nodes(&[0, 1]));
        leave(&mut owners, &nodes(&[1, 2]), NodeId(0));
        assert_eq!(owners, nodes(&[2, 1]), "who has none is first");
    }
}
