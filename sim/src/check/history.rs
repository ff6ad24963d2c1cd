//! The vocabulary that the judges share: which operations there are at a position, what each of them saw, what a
//! get returned, and what that overtakes.
//!
//! Who saw what is taken from the simulator's own record of causality, never from what nodes say about it; and writes are
//! told apart by their true names, since dots repeat under unsafe rules.

use super::Evidence;
use crate::causality::{WriteId, Writes};
use crate::setup::Setup;
use crate::trace::{Op, OpEnd, OpOutcome, Trace};
use ringside_core::order::by_number;
use ringside_core::{RequestId, Siblings, Version, Versions};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An index over the operations that had begun at the position of the evidence.
#[derive(Debug)]
pub(super) struct History<'a> {
    pub(super) setup: &'a Setup,
    pub(super) position: u64,
    /// In the order of invocation.
    pub(super) ops: Vec<&'a Op>,
    trace: &'a Trace,
}

/// What some writes of a key overtake. B overtakes A if B sees A or, under last-write-wins, if B began after A had ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Overtaken {
    seen: Writes,
    /// Under last-write-wins, the position in which the last of them began: what had ended before is overtaken.
    began: u64,
}

/// Writes that are due, so that those which nothing overtakes are found without asking of each.
#[derive(Debug, Default)]
struct Dues<'a> {
    by_write: BTreeMap<WriteId, Due<'a>>,
    /// Under last-write-wins instead, by the position in which the write had ended.
    by_end: BTreeMap<(u64, WriteId), Due<'a>>,
}

/// A get that has its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Get<'a> {
    pub(super) op: &'a Op,
    pub(super) end: &'a OpEnd,
}

/// A write of which a later get must return something: itself, or what overtook it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due<'a> {
    /// The write.
    pub(super) write: &'a Op,
    /// The operation that made it due: the write itself, or the get that returned it.
    pub(super) by: &'a Op,
    /// The position at which `by` ended; gets that begin later must not miss the write.
    pub(super) since: u64,
}

/// A get that missed a write which was due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missed<'a> {
    pub(super) get: Get<'a>,
    pub(super) due: Due<'a>,
}

impl<'a> History<'a> {
    pub(super) fn new(evidence: Evidence<'a>) -> Self {
        let Evidence { setup, trace, position, .. } = evidence;
        let begun = |op: &&Op| op.start_at <= position;
        let ops: Vec<&Op> = trace.ops.iter().filter(begun).collect();
        Self { setup, position, ops, trace }
    }

    /// How the operation had ended.
    pub(super) fn end(&self, op: &'a Op) -> Option<&'a OpEnd> {
        op.end_by(self.position)
    }

    /// The true name of the write that a put or delete made, once it has made one.
    pub(super) fn write(&self, op: &Op) -> Option<WriteId> {
        op.dot.filter(|dot| dot.1 <= self.position).and(op.write)
    }

    /// The put or delete that made a version.
    pub(super) fn writer(&self, version: &Version) -> Option<&'a Op> {
        self.trace.op(version.request).filter(|op| self.write(op).is_some())
    }

    /// Every put and delete that has made a write, in the order of invocation.
    pub(super) fn writes(&self) -> impl Iterator<Item = &'a Op> {
        self.ops.iter().copied().filter(|op| self.write(op).is_some())
    }

    /// Every acknowledged put and delete.
    pub(super) fn acknowledged(&self) -> impl Iterator<Item = (&'a Op, &'a OpEnd)> {
        self.writes().filter_map(|op| {
            let end = self.end(op).filter(|end| end.outcome == OpOutcome::Ok)?;
            Some((op, end))
        })
    }

    /// Every get that ended `ok`, in the order of invocation.
    pub(super) fn gets(&self) -> impl Iterator<Item = Get<'a>> {
        self.ops.iter().filter(|op| !op.kind.is_write()).filter_map(|op| {
            let end = self.end(op).filter(|end| end.outcome == OpOutcome::Ok)?;
            Some(Get { op, end })
        })
    }

    /// Of the writes of one key, all that something in `overtakers` overtakes.
    pub(super) fn overtaken<'b>(&self, overtakers: impl Iterator<Item = &'b Op>) -> Overtaken {
        let mut overtaken = Overtaken::default();
        for op in overtakers {
            overtaken.seen.join(&op.saw);
            if self.latest_wins() {
                overtaken.began = overtaken.began.max(op.start_at);
            }
        }
        overtaken
    }

    /// Is a write overtaken, one of the same key?
    pub(super) fn is_overtaken(&self, write: &Op, by: &Overtaken) -> bool {
        self.write(write).is_some_and(|id| by.seen.contains(id)) || self.ended(write) < by.began
    }

    /// The writes that a get returned, tombstones included, in the order of their dots.
    pub(super) fn returned(&self, get: Get<'a>) -> impl Iterator<Item = &'a Op> {
        get.versions().iter().filter_map(|version| self.writer(version))
    }

    fn latest_wins(&self) -> bool {
        self.setup.config.versions == Versions::LastWriteWins
    }

    /// The position in which an operation had ended; beyond all others if it had not.
    fn ended(&self, op: &'_ Op) -> u64 {
        op.end_by(self.position).map_or(u64::MAX, |end| end.position)
    }

    /// The get that was the first to end of those that missed a write which was due when they began, if any did. Dues
    /// and gets are all of one key (and, for promises to a client, of one client).
    pub(super) fn first_missed(&self, mut dues: Vec<Due<'a>>, mut gets: Vec<Get<'a>>) -> Option<Missed<'a>> {
        by_number(&mut dues, |due| due.since);
        by_number(&mut gets, |get| get.op.start_at);
        let mut waiting = dues.into_iter().peekable();
        let mut due_now = Dues::default();
        let mut first: Option<Missed<'a>> = None;
        for get in gets {
            while let Some(due) = waiting.next_if(|due| due.since < get.op.start_at) {
                self.is_due(&mut due_now, due);
            }
            if first.is_some_and(|missed| missed.get.end.position <= get.end.position) {
                continue;
            }
            if let Some(due) = self.missing(&due_now, get) {
                first = Some(Missed { get, due });
            }
        }
        first
    }

    fn is_due(&self, dues: &mut Dues<'a>, due: Due<'a>) {
        let Some(write) = self.write(due.write) else { return };
        if self.latest_wins() {
            dues.by_end.entry((self.ended(due.write), write)).or_insert(due);
        } else {
            dues.by_write.entry(write).or_insert(due);
        }
    }

    /// Of the writes that are due, one that `get` neither returned nor overtook; of several one that was due early.
    fn missing(&self, dues: &Dues<'a>, get: Get<'a>) -> Option<Due<'a>> {
        let mut returned = BTreeSet::new();
        returned.extend(get.versions().iter().map(|version| version.request));
        let overtaken = self.overtaken(self.returned(get));
        let missed = |due: &&Due<'a>| !returned.contains::<RequestId>(&due.write.request);
        let unseen = overtaken.seen.outside(&dues.by_write).filter_map(|mut dues| dues.find(missed));
        let late = dues.by_end.range((overtaken.began, WriteId::FIRST)..).map(|(_, due)| due);
        let late = late.filter(missed).find(|due| !self.is_overtaken(due.write, &overtaken));
        unseen.chain(late).min_by_key(|due| due.since).copied()
    }
}

impl<'a> Get<'a> {
    /// The versions that it returned, tombstones included.
    pub(super) fn versions(self) -> &'a [Arc<Version>] {
        self.end.returned.as_ref().map_or(&[], Siblings::versions)
    }
}

/// Splits operations into groups, in the order of the groups' keys.
pub(super) fn grouped<K: Ord, T>(
    items: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for item in items {
        groups.entry(key(&item)).or_default().push(item);
    }
    groups
}

#[cfg(test)]
mod tests;
