//! The vocabulary that the judges share: which operations there are at a position, what each of them saw, what a
//! get returned, and what that overtakes.
//!
//! Who saw what is taken from the contexts that clients carried, never from what nodes say about it.

use super::Evidence;
use crate::setup::Setup;
use crate::trace::{Op, OpEnd, OpOutcome};
use ringside_core::order::by_number;
use ringside_core::{Actor, Dot, Key, Siblings, Version, VersionVector};
use std::collections::{BTreeMap, BTreeSet};

/// An index over the operations that had begun at the position of the evidence.
#[derive(Debug)]
pub(super) struct History<'a> {
    pub(super) setup: &'a Setup,
    pub(super) position: u64,
    /// In the order of invocation.
    pub(super) ops: Vec<&'a Op>,
    writes: BTreeMap<(&'a Key, Dot), &'a Op>,
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
    /// Its dot.
    pub(super) dot: Dot,
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
        let mut writes = BTreeMap::new();
        for op in &ops {
            if let Some((dot, at)) = op.dot
                && at <= position
            {
                writes.entry((&op.key, dot)).or_insert(*op);
            }
        }
        Self { setup, position, ops, writes }
    }

    /// How the operation had ended.
    pub(super) fn end(&self, op: &'a Op) -> Option<&'a OpEnd> {
        op.end_by(self.position)
    }

    /// The dot of a put or delete, once it has one.
    pub(super) fn dot(&self, op: &Op) -> Option<Dot> {
        op.dot.filter(|dot| dot.1 <= self.position).map(|dot| dot.0)
    }

    /// The put or delete of `key` that was given this dot.
    pub(super) fn write(&self, key: &Key, dot: Dot) -> Option<&'a Op> {
        self.writes.get(&(key, dot)).copied()
    }

    /// Every put and delete that was given a dot.
    pub(super) fn writes(&self) -> impl Iterator<Item = (Dot, &'a Op)> {
        self.writes.iter().map(|((_, dot), op)| (*dot, *op))
    }

    /// Every acknowledged put and delete.
    pub(super) fn acknowledged(&self) -> impl Iterator<Item = (Dot, &'a Op, &'a OpEnd)> {
        self.writes().filter_map(|(dot, op)| {
            let end = self.end(op).filter(|end| end.outcome == OpOutcome::Ok)?;
            Some((dot, op, end))
        })
    }

    /// Every get that ended `ok`, in the order of invocation.
    pub(super) fn gets(&self) -> impl Iterator<Item = Get<'a>> {
        self.ops.iter().filter(|op| !op.kind.is_write()).filter_map(|op| {
            let end = self.end(op).filter(|end| end.outcome == OpOutcome::Ok)?;
            Some(Get { op, end })
        })
    }

    /// The writes that `write` sees: those of its key that the context it carried covers.
    pub(super) fn sees(write: &Op) -> Option<&VersionVector> {
        write.carried.as_ref().filter(|context| *context.key() == write.key).map(|context| context.vector())
    }

    /// Of the writes of one key, all that something in `overtakers` overtakes. With dotted versions B overtakes A
    /// if B sees A, so what is overtaken is what the contexts of the overtakers cover together.
    pub(super) fn overtaken<'b>(overtakers: impl Iterator<Item = &'b Op>) -> VersionVector {
        let mut seen = VersionVector::new();
        for vector in overtakers.filter_map(Self::sees) {
            seen.join(vector);
        }
        seen
    }

    /// The writes that a get returned, tombstones included, in the order of their dots.
    pub(super) fn returned(&self, get: Get<'a>) -> impl Iterator<Item = (Dot, &'a Op)> {
        get.versions().iter().filter_map(move |v| Some((v.dot, self.write(&get.op.key, v.dot)?)))
    }

    /// The get that was the first to end of those that missed a write which was due when they began, if any did. Dues
    /// and gets are all of one key (and, for promises to a client, of one client).
    pub(super) fn first_missed(&self, mut dues: Vec<Due<'a>>, mut gets: Vec<Get<'a>>) -> Option<Missed<'a>> {
        by_number(&mut dues, |due| due.since);
        by_number(&mut gets, |get| get.op.start_at);
        let mut waiting = dues.into_iter().peekable();
        // By actor and counter: a version vector covers all counters of an actor up to one of them.
        let mut due_now: BTreeMap<Actor, BTreeMap<u64, Due<'a>>> = BTreeMap::new();
        let mut first: Option<Missed<'a>> = None;
        for get in gets {
            while let Some(due) = waiting.next_if(|due| due.since < get.op.start_at) {
                let Dot { actor, counter } = due.dot;
                due_now.entry(actor).or_default().entry(counter).or_insert(due);
            }
            if first.is_some_and(|missed| missed.get.end.position <= get.end.position) {
                continue;
            }
            let mut returned = BTreeSet::new();
            returned.extend(get.versions().iter().map(|version| version.dot));
            let overtaken = Self::overtaken(self.returned(get).map(|(_, op)| op));
            let missing = due_now.iter().flat_map(|(actor, dues)| {
                let beyond = dues.range(overtaken.get(*actor) + 1..);
                beyond.map(|(_, due)| due).find(|due| !returned.contains(&due.dot))
            });
            if let Some(due) = missing.min_by_key(|due| due.since) {
                first = Some(Missed { get, due: *due });
            }
        }
        first
    }
}

impl<'a> Get<'a> {
    /// The versions that it returned, tombstones included.
    pub(super) fn versions(self) -> &'a [Version] {
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
