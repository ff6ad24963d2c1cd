//! The plan: which changes of the members have taken effect, in which order, and which one is under way.
//!
//! One member at a time writes plans, the *claimant* (as in Riak): see `claimant`. Everybody else takes over the plan of
//! the highest [`Rank`] that gossip brings. State: none; a plan is a value. Invariant: who owns what is a pure function of
//! the founders and of the log, so equal plans give equal owners, before the change under way and after it.
//!
//! The rings of a plan and the ranges that move are worked out once, by the claimant, and travel with it: everybody would
//! work out the same.

use crate::hash;
use crate::id::{Actor, Key, NodeId};
use crate::order;
use crate::ring::{self, Range, Ring};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// Which of two plans is the newer one: the order is that of the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// One higher than the plan that it follows.
    pub version: u32,
    /// Who wrote it; none wrote that of the founders.
    pub by: Option<Actor>,
}

/// A node that joins, with all that the ring needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Which one.
    pub node: NodeId,
    /// Its name, from which random tokens are made.
    pub name: Arc<str>,
    /// Its zone.
    pub zone: u32,
}

/// A change of who owns what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// A node becomes a member.
    Join(Peer),
    /// A member leaves, and hands over what it has.
    Leave(NodeId),
    /// A node takes the place of a member that is dead.
    Replace {
        /// Whose place.
        dead: NodeId,
        /// Who takes it.
        new: Peer,
    },
    /// A key has so many replicas from now on, more than before.
    Replicas(u32),
}

/// A range that a change brings to a new owner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// The positions, as [`Range`] has them: after `start` up to and including `end`.
    pub start: u64,
    /// The last position.
    pub end: u64,
    /// Who gets it.
    pub to: NodeId,
    /// Who gives it up; none where nobody does, or where that one is dead.
    pub from: Option<NodeId>,
    /// Its owners before the change, in the order of the walk, without one that is dead.
    pub owners: Vec<NodeId>,
}

/// What has been decided about the members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    rank: Rank,
    /// How many changes have taken effect.
    epoch: u32,
    /// Replicas of a key; the settings may say fewer.
    n: u32,
    /// The changes that have taken effect, in their order.
    log: Arc<Vec<Change>>,
    /// The one under way: it has the epoch after this one.
    pending: Option<Change>,
    /// The members, in the order in which they became such.
    members: Vec<NodeId>,
    /// Up to which boot of a node its wishes are over: of those that were members once, and of those given up.
    removed: BTreeMap<NodeId, u32>,
    derived: Derived,
}

/// What follows from the rest of a plan.
#[derive(Clone, Debug)]
struct Derived {
    ring: Arc<Ring>,
    next: Option<Arc<Ring>>,
    moves: Arc<Vec<Move>>,
}

impl Plan {
    /// The plan of the founders, who are the members of `ring`.
    #[must_use]
    pub fn founded(ring: Arc<Ring>, n: u32) -> Self {
        let members = ring.members().to_vec();
        Self {
            rank: Rank::default(),
            epoch: 0,
            n,
            log: Arc::default(),
            pending: None,
            members,
            removed: BTreeMap::new(),
            derived: Derived { ring, next: None, moves: Arc::default() },
        }
    }

    /// Its place in the order of plans.
    #[must_use]
    pub const fn rank(&self) -> Rank {
        self.rank
    }

    /// How many changes have taken effect.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Replicas of a key, as far as the settings do not say fewer.
    #[must_use]
    pub const fn replicas(&self) -> u32 {
        self.n
    }

    /// The changes that have taken effect, in their order.
    #[must_use]
    pub fn log(&self) -> &[Change] {
        &self.log
    }

    /// The change under way.
    #[must_use]
    pub const fn pending(&self) -> Option<&Change> {
        self.pending.as_ref()
    }

    /// The members, in the order in which they became such.
    #[must_use]
    pub fn members(&self) -> &[NodeId] {
        &self.members
    }

    /// Is it a member?
    #[must_use]
    pub fn has(&self, node: NodeId) -> bool {
        self.ring().members().binary_search(&node).is_ok()
    }

    /// Up to which boot of this node its wishes are over, if any are.
    #[must_use]
    pub fn removed(&self, node: NodeId) -> Option<u32> {
        self.removed.get(&node).copied()
    }

    /// The ring in use.
    #[must_use]
    pub const fn ring(&self) -> &Arc<Ring> {
        &self.derived.ring
    }

    /// The ring once the change under way has taken effect.
    #[must_use]
    pub const fn next_ring(&self) -> Option<&Arc<Ring>> {
        self.derived.next.as_ref()
    }

    /// The ranges that the change under way brings to new owners, in the order of the ring.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.derived.moves
    }

    /// Who gets ranges, sorted.
    #[must_use]
    pub fn receivers(&self) -> Vec<NodeId> {
        let receivers: BTreeSet<NodeId> = order::inserted(self.moves().iter().map(|moved| moved.to));
        receivers.into_iter().collect()
    }

    /// Who owns the key, where the settings say `n` replicas.
    #[must_use]
    pub fn owners(&self, key: &Key, n: u32) -> Vec<NodeId> {
        self.ring().preference(key, n.min(self.n))
    }

    /// Who gets the key by the change under way, and from whom. Mostly nobody.
    #[must_use]
    pub fn moving(&self, key: &Key) -> &[Move] {
        let position = hash::position(key);
        let moves = self.moves();
        // Pieces are sorted by their ends; the one with the position in it is the first that does not end before it.
        let at = moves.partition_point(|moved| moved.end < position);
        let at = if at == moves.len() { 0 } else { at };
        let Some(found) = moves.get(at).filter(|moved| moved.contains(position)) else { return &[] };
        let same = moves[at..].iter().take_while(|moved| moved.end == found.end).count();
        &moves[at..at + same]
    }

    /// The plan after this one, written by `by`, with this change under way.
    pub(super) fn begin(&self, by: Actor, change: Change) -> Self {
        let mut plan = self.successor(by);
        let next = plan.after(&change);
        let n = if let Change::Replicas(n) = change { n } else { self.n };
        let dead = if let Change::Replace { dead, .. } = change { Some(dead) } else { None };
        plan.derived.moves = Arc::new(moves(self.ring(), self.n, &next, n, dead));
        plan.derived.next = Some(next);
        plan.pending = Some(change);
        plan
    }

    /// The plan after this one, in which the change under way is given up.
    pub(super) fn abort(&self, by: Actor) -> Self {
        let mut plan = self.successor(by);
        plan.settle();
        plan
    }

    /// The plan after this one, in which the change under way has taken effect. A member that is none any more had this
    /// boot last.
    pub(super) fn switch(&self, by: Actor, boot: impl Fn(NodeId) -> u32) -> Self {
        let mut plan = self.successor(by);
        let Some(change) = plan.pending.clone() else { return plan };
        plan.derived.ring = plan.derived.next.clone().unwrap_or_else(|| plan.after(&change));
        match &change {
            Change::Join(new) => plan.members.push(new.node),
            Change::Leave(gone) => plan.remove(*gone, boot(*gone)),
            Change::Replace { dead, new } => {
                plan.remove(*dead, boot(*dead));
                plan.members.push(new.node);
            }
            Change::Replicas(n) => plan.n = *n,
        }
        Arc::make_mut(&mut plan.log).push(change);
        plan.epoch += 1;
        plan.settle();
        plan
    }

    /// The plan after this one, in which nothing is wished any more of a node that had this boot last.
    pub(super) fn give_up(&self, by: Actor, node: NodeId, boot: u32) -> Self {
        let mut plan = self.successor(by);
        plan.removed.insert(node, boot);
        if plan.pending.as_ref().and_then(Change::node) == Some(node) {
            plan.settle();
        }
        plan
    }

    /// The plan after this one, with fewer replicas of a key. That moves nothing.
    pub(super) fn lower(&self, by: Actor, n: u32) -> Self {
        let mut plan = self.successor(by);
        plan.n = n;
        plan
    }

    fn successor(&self, by: Actor) -> Self {
        let rank = Rank { version: self.rank.version + 1, by: Some(by) };
        Self { rank, ..self.clone() }
    }

    fn settle(&mut self) {
        self.pending = None;
        self.derived.next = None;
        self.derived.moves = Arc::default();
    }

    fn remove(&mut self, node: NodeId, boot: u32) {
        self.members.retain(|member| *member != node);
        self.removed.insert(node, boot);
    }

    fn after(&self, change: &Change) -> Arc<Ring> {
        let change = match change {
            Change::Join(new) => ring::Change::Join(new.member()),
            Change::Leave(node) => ring::Change::Leave(*node),
            Change::Replace { dead, new } => ring::Change::Replace { dead: *dead, new: new.member() },
            Change::Replicas(_) => return Arc::clone(self.ring()),
        };
        Arc::new(self.ring().after(&[change]))
    }
}

impl Peer {
    fn member(&self) -> ring::Member<'_> {
        ring::Member { node: self.node, name: &self.name, zone: self.zone }
    }
}

impl Change {
    /// The node whose wish this is; none where it is a setting.
    #[must_use]
    pub const fn node(&self) -> Option<NodeId> {
        match self {
            Self::Join(new) | Self::Replace { new, .. } => Some(new.node),
            Self::Leave(node) => Some(*node),
            Self::Replicas(_) => None,
        }
    }
}

impl Move {
    /// Does `position` lie in it?
    #[must_use]
    pub fn contains(&self, position: u64) -> bool {
        self.range().contains(position)
    }

    /// The range, with who gets it.
    #[must_use]
    pub const fn range(&self) -> Range {
        Range { start: self.start, end: self.end, node: self.to }
    }
}

impl PartialEq for Derived {
    /// It follows from the rest.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Derived {}

impl Hash for Derived {
    /// It follows from the rest.
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// The pieces of the ring with an owner after the change that is none before it: the owners that are new are paired, in the
/// order of the walk, with those that are none any more. Neighbours that move alike are one piece.
fn moves(before: &Ring, n: u32, after: &Ring, next_n: u32, dead: Option<NodeId>) -> Vec<Move> {
    let mut cuts: Vec<u64> =
        before.tokens().iter().chain(after.tokens()).map(|token| token.position).collect();
    order::by_number(&mut cuts, |cut| *cut);
    cuts.dedup();
    let mut moves: Vec<Move> = Vec::new();
    let mut start = cuts.last().copied().unwrap_or(0);
    let mut last: Vec<(NodeId, Option<NodeId>, Vec<NodeId>)> = Vec::new();
    for end in cuts {
        let piece = moved_at(before, n, after, next_n, dead, end);
        if !piece.is_empty() && piece == last && moves.last().is_some_and(|moved| moved.end == start) {
            let from = moves.len() - piece.len();
            moves[from..].iter_mut().for_each(|moved| moved.end = end);
        } else {
            let piece = piece.iter().cloned();
            moves.extend(piece.map(|(to, from, owners)| Move { start, end, to, from, owners }));
        }
        last = piece;
        start = end;
    }
    moves
}

fn moved_at(
    before: &Ring,
    n: u32,
    after: &Ring,
    next_n: u32,
    dead: Option<NodeId>,
    position: u64,
) -> Vec<(NodeId, Option<NodeId>, Vec<NodeId>)> {
    let (had, has) = (before.preference_at(position, n), after.preference_at(position, next_n));
    let givers = had
        .iter()
        .filter(|node| !has.contains(node))
        .map(|node| Some(*node).filter(|node| dead != Some(*node)));
    let receivers = has.iter().filter(|node| !had.contains(node));
    let owners: Vec<NodeId> = had.iter().copied().filter(|node| dead != Some(*node)).collect();
    receivers
        .zip(givers.chain(core::iter::repeat(None)))
        .map(|(to, from)| (*to, from, owners.clone()))
        .collect()
}
