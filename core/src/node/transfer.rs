//! Ranges on the move: how a new owner gets what it is to own, and how an earlier one parts with it.
//!
//! The *receiver* drives: it asks a source for the keys after a cursor, gets a batch, and asks on; the source keeps nothing
//! of it, so either may stop at any time. The source of a range is the owner that gives it up. Where there is none (it is
//! dead, or there were fewer owners than N), it is all other owners, N − W + 1 of them at least: a quorum of writes has
//! met one of those. Throttled: a batch has at most [`MAX_BATCH`](batch::MAX_BATCH) keys, one is under way from each source, from at most
//! [`MAX_SOURCES`] sources at a time.
//!
//! What the giver merges meanwhile, and later, it *owes* the receiver: see `owed`.
//!
//! State: for the change under way, how far each source has come. Invariant: a receiver calls itself complete only after
//! each range that it gets has come whole from its source, under the very plan that the source follows, too.

mod owed;

pub use owed::Owed;

use super::batch;
use super::disk::Disk;
use super::membership::Members;
use super::message::{Kind, Message};
use super::note::{Ignored, Note};
use super::plan::{Change, Move, Plan, Rank};
use super::{Turn, Wake};
use crate::config::{Config, StreamFrom};
use crate::id::{Actor, Key, NodeId};
use crate::order;
use crate::time::Time;
use crate::version::Siblings;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use owed::Paying;

/// From so many sources at a time a receiver takes.
pub const MAX_SOURCES: usize = 2;

/// As many replicas as the plan says, where the settings say fewer, too: whoever has a key as one of these keeps it until
/// the plan follows the settings.
pub(super) const WHOLE: u32 = u32::MAX;

/// Keys on their way to another owner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transfer {
    /// Receiver to source: what comes after this key, of what I get by the change of this plan?
    Ask {
        /// The plan.
        rank: Rank,
        /// The last key that I have of it; none at the beginning.
        after: Option<Key>,
    },
    /// Source to receiver: this.
    Batch {
        /// The plan.
        rank: Rank,
        /// The key that was asked for the next ones of.
        after: Option<Key>,
        /// The next keys, in their order.
        keys: Vec<(Key, Siblings)>,
        /// How many come after these.
        left: u32,
    },
    /// Whoever does not own these keys any more, or not for long, to one that does: merge them and acknowledge.
    Owed {
        /// The number of the batch; its sender never uses one twice.
        batch: u64,
        /// The keys.
        keys: Vec<(Key, Siblings)>,
    },
}

/// What a node has to do with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It owns it.
    Owner,
    /// It is going to own it, and does not have all of it yet.
    Receiving,
    /// Nothing, or nothing any more.
    Stranger,
}

/// What a node has under way of ranges on the move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Transfers {
    receiving: Option<Receiving>,
    paying: BTreeMap<NodeId, Paying>,
    batches: u32,
    /// Keys that it holds and has nothing to do with any more.
    strange: BTreeSet<Key>,
}

/// What a new owner has got so far of what it gets by one change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receiving {
    rank: Rank,
    sources: BTreeMap<NodeId, Source>,
}

/// How far one source has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    after: Option<Key>,
    /// How many keys have come from it.
    pub keys: u32,
    /// Has everything come?
    pub done: bool,
    /// It has been asked, and is asked again then.
    again: Option<Time>,
    failures: u32,
}

/// A node's part in the plan.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) plan: &'a Plan,
    pub(super) members: &'a Members,
}

impl Place<'_> {
    fn complete(self, node: NodeId) -> bool {
        self.members.get(node).is_some_and(|member| member.complete == Some(self.plan.rank()))
    }

    /// Could a node that speaks of this epoch take a future owner for an owner, and count what it stores? One with the
    /// members of another epoch; and while N is raised one that has not heard that it was lower, for which no epoch begins.
    pub(super) fn may_own_elsewhere(self, epoch: u32) -> bool {
        epoch != self.plan.epoch() || matches!(self.plan.pending(), Some(Change::Replicas(_)))
    }

    /// What this node has to do with the key. Without gossip plans stand still, and whoever is asked is an owner.
    pub(super) fn standing(self, turn: &Turn<'_>, key: &Key) -> Standing {
        if turn.config.gossip.is_none() { Standing::Owner } else { self.planned(turn.me, key) }
    }

    /// What a node has to do with the key as the plan says.
    fn planned(self, me: NodeId, key: &Key) -> Standing {
        if self.plan.owners(key, WHOLE).contains(&me) {
            return Standing::Owner;
        }
        match self.plan.moving(key).iter().any(|moved| moved.to == me) {
            true if self.complete(me) => Standing::Owner,
            true => Standing::Receiving,
            false => Standing::Stranger,
        }
    }
}

impl Receiving {
    /// From whom it takes, and how far each has come.
    pub fn sources(&self) -> impl Iterator<Item = (NodeId, &Source)> {
        self.sources.iter().map(|(node, source)| (*node, source))
    }
}

impl Transfers {
    /// What it is receiving; none if nothing, or if it has it all.
    #[must_use]
    pub const fn receiving(&self) -> Option<&Receiving> {
        self.receiving.as_ref()
    }

    /// How many keys it holds that it has nothing to do with any more.
    #[must_use]
    pub fn strange(&self) -> usize {
        self.strange.len()
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        let sources = self.receiving.iter().flat_map(Receiving::sources);
        let asked = sources.filter_map(|(_, source)| source.again);
        asked
            .chain(self.paying.values().filter_map(|paying| paying.again))
            .min()
            .map(|at| (at, Wake::Transfer))
    }

    /// Begins to receive what the plan brings, unless it is here already.
    #[inline(never)]
    pub(super) fn begin(&mut self, turn: &Turn<'_>, place: Place<'_>) {
        self.receiving = None;
        let gets = |moved: &&Move| moved.to == turn.me;
        if place.complete(turn.me) || !place.plan.moves().iter().any(|moved| gets(&moved)) {
            return;
        }
        let moves = place.plan.moves().iter().filter(gets);
        let sources = moves.flat_map(|moved| sources(moved, turn.config));
        let sources = order::inserted(sources.map(|source| (source, Source::default())));
        self.receiving = Some(Receiving { rank: place.plan.rank(), sources });
    }

    /// A receiver asks for the next keys.
    #[inline(never)]
    pub(super) fn on_ask(
        turn: &mut Turn<'_>,
        disk: &Disk,
        plan: &Plan,
        from: NodeId,
        (rank, after): (Rank, Option<Key>),
    ) {
        if rank != plan.rank() {
            let why = Ignored::AnotherPlan;
            return turn.out.note(Note::Ignored { kind: Kind::Transfer, from, request: None, why });
        }
        let gives = |key: &Key| {
            let gets = |moved: &Move| moved.to == from && sources(moved, turn.config).contains(&turn.me);
            plan.moving(key).iter().any(gets)
        };
        let next = |(key, _): &(&Key, _)| after.as_ref().is_none_or(|after| *key > after) && gives(key);
        let mut keys = disk.keys.iter().filter(next);
        let batch = batch::of(keys.by_ref());
        let last = batch.last().map(|(key, _)| key);
        let left =
            disk.keys.iter().filter(next).filter(|(key, _)| last.is_some_and(|last| *key > last)).count();
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        let message = Transfer::Batch { rank, after, keys: batch, left };
        turn.out.send(turn.me, from, Message::Transfer(message));
    }

    /// The next keys have come. True once everything has.
    #[inline(never)]
    pub(super) fn on_batch(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        me: (Actor, u64),
        place: Place<'_>,
        from: NodeId,
        (rank, after, keys, left): (Rank, Option<Key>, Vec<(Key, Siblings)>, u32),
    ) -> bool {
        let awaited = self.receiving.as_mut().filter(|receiving| receiving.rank == rank);
        let source = awaited.and_then(|receiving| receiving.sources.get_mut(&from));
        let Some(source) = source.filter(|source| !source.done && source.after == after) else {
            let why = Ignored::NotAwaited;
            turn.out.note(Note::Ignored { kind: Kind::Transfer, from, request: None, why });
            return false;
        };
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        source.after = keys.last().map(|(key, _)| key.clone()).or(after);
        source.keys = source.keys.saturating_add(count);
        (source.again, source.failures, source.done) = (None, 0, left == 0);
        turn.out.note(Note::BatchReceived { from, keys: count, so_far: source.keys, left });
        merge(turn, disk, me, from, &keys);
        self.is_complete(turn, place)
    }

    /// Is there nothing left to receive? Then it stops receiving.
    pub(super) fn is_complete(&mut self, turn: &Turn<'_>, place: Place<'_>) -> bool {
        let Some(receiving) = &self.receiving else { return false };
        let done = |node: &NodeId| receiving.sources.get(node).is_some_and(|source| source.done);
        let here = |moved: &Move| {
            let sources = sources(moved, turn.config);
            let have = sources.iter().filter(|source| done(source)).count();
            let of_others = (place.plan.replicas() + 1).saturating_sub(turn.config.w).max(1) as usize;
            have >= sources.len().min(if moved.from.is_some() { 1 } else { of_others })
        };
        let all = place.plan.moves().iter().filter(|moved| moved.to == turn.me).all(here);
        if all {
            self.receiving = None;
        }
        all
    }

    /// Asks the sources whose turn it is.
    pub(super) fn ask(&mut self, turn: &mut Turn<'_>) {
        let Some(receiving) = &mut self.receiving else { return };
        let now = turn.now.mono;
        for (source, state) in &mut receiving.sources {
            if !turn.up(*source) {
                state.again = None;
            }
        }
        let mut free = MAX_SOURCES;
        free -= receiving.sources.values().filter(|source| source.again.is_some()).count().min(free);
        for (to, source) in &mut receiving.sources {
            match source.again {
                Some(again) if again <= now => source.failures = source.failures.saturating_add(1),
                None if free > 0 && !source.done && turn.up(*to) => free -= 1,
                Some(_) | None => continue,
            }
            source.again = Some(now + batch::wait(turn.config.timeout, source.failures));
            let message = Transfer::Ask { rank: receiving.rank, after: source.after.clone() };
            turn.out.send(turn.me, *to, Message::Transfer(message));
        }
    }
}

/// Who is asked for a range.
fn sources(moved: &Move, config: &Config) -> Vec<NodeId> {
    let others = || moved.owners.iter().copied();
    let any =
        config.stream_from == StreamFrom::Any || config.health.is(crate::mutant::Mutant::StreamsFromAny);
    match moved.from {
        Some(giver) if any => others().find(|owner| *owner != giver).or(Some(giver)).into_iter().collect(),
        Some(giver) => Vec::from([giver]),
        None => others().collect(),
    }
}

/// Merges what has come. Versions that claim dots which this node has not minted are left out.
fn merge(
    turn: &mut Turn<'_>,
    disk: &mut Disk,
    (actor, minted): (Actor, u64),
    from: NodeId,
    keys: &[(Key, Siblings)],
) {
    for (key, versions) in keys {
        if versions.clock().get(actor) > minted {
            let why = Ignored::ClaimsFutureWrites;
            turn.out.note(Note::Ignored { kind: Kind::Transfer, from, request: None, why });
        } else {
            disk.keys.merge(turn.rules(), key, versions);
        }
    }
}
