//! The simulator's own record of causality: for every write, which writes it truly saw.
//!
//! Nodes know a context as a version vector, and some modes of versions let it say too much or too little. Here a client
//! has seen exactly the writes that answers returned to it, and what those writes had seen. Nothing of it reaches a node:
//! it is kept so that judges can tell what a mode gets wrong.

use ringside_core::{Actor, Dot, Key, NodeId, RequestId, Siblings};
use rpds::RedBlackTreeMapSync;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// One write event of a key, by its true name: unlike a dot it never repeats, whatever the rules of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId {
    /// Who stored it first.
    pub actor: Actor,
    /// The how-manieth write of the key it was for that actor, from 1.
    pub number: u64,
}

impl WriteId {
    /// None comes before it.
    pub const FIRST: Self = Self { actor: Actor { node: NodeId(0), boot: 0 }, number: 0 };
}

/// A set of writes of one key. Small where whoever knows a write of an actor knows the earlier ones, too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Writes {
    /// From the first to the last number of an actor, both included. Sorted, disjoint, and never next to each other, so
    /// that equal sets are equal values.
    runs: Vec<(Actor, u64, u64)>,
}

impl Writes {
    /// No write.
    #[must_use]
    pub const fn new() -> Self {
        Self { runs: Vec::new() }
    }

    /// Is it empty?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Is this write in it?
    #[must_use]
    pub fn contains(&self, write: WriteId) -> bool {
        let next =
            self.runs.partition_point(|(actor, first, _)| (*actor, *first) <= (write.actor, write.number));
        let run = next.checked_sub(1).and_then(|at| self.runs.get(at));
        run.is_some_and(|(actor, _, last)| *actor == write.actor && write.number <= *last)
    }

    /// Adds a write.
    pub fn insert(&mut self, write: WriteId) {
        self.add((write.actor, write.number, write.number));
    }

    /// Adds all of `other`.
    pub fn join(&mut self, other: &Self) {
        for run in &other.runs {
            self.add(*run);
        }
    }

    /// All of it but what is in `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for &(actor, from, last) in &self.runs {
            let mut first = from;
            let overlaps = |run: &&(Actor, u64, u64)| run.0 == actor && run.2 >= from && run.1 <= last;
            for (_, low, high) in other.runs.iter().filter(overlaps) {
                if first < *low {
                    left.push((actor, first, low - 1));
                }
                first = high + 1;
            }
            if first <= last {
                left.push((actor, first, last));
            }
        }
        Self { runs: left }
    }

    /// The write of it that comes first, by actor and number.
    #[must_use]
    pub fn first(&self) -> Option<WriteId> {
        self.runs.first().map(|&(actor, number, _)| WriteId { actor, number })
    }

    /// For each stretch of writes that are not in it, what `map` has for them.
    pub fn outside<'m, T>(
        &self,
        map: &'m BTreeMap<WriteId, T>,
    ) -> impl Iterator<Item = impl Iterator<Item = &'m T>> {
        let id = |actor, number| Some(WriteId { actor, number });
        let ends = self.runs.iter().map(move |run| id(run.0, run.1)).chain([None]);
        let starts = [None].into_iter().chain(self.runs.iter().map(move |run| id(run.0, run.2 + 1)));
        starts.zip(ends).map(|(start, end)| {
            let bounds = (
                start.map_or(Bound::Unbounded, Bound::Included),
                end.map_or(Bound::Unbounded, Bound::Excluded),
            );
            map.range(bounds).map(|(_, value)| value)
        })
    }

    fn add(&mut self, (actor, first, last): (Actor, u64, u64)) {
        // Those that it overlaps, or that it stands next to, become one run with it.
        let before = |run: &(Actor, u64, u64)| (run.0, run.2.saturating_add(1)) < (actor, first);
        let begins = |run: &(Actor, u64, u64)| (run.0, run.1) <= (actor, last.saturating_add(1));
        let from = self.runs.partition_point(before);
        let to = from + self.runs[from..].partition_point(begins);
        match self.runs[from..to] {
            [] => self.runs.insert(from, (actor, first, last)),
            [(_, low, high)] if low <= first && last <= high => {}
            [(_, low, _), ..] => {
                let high = self.runs[to - 1].2;
                self.runs[from] = (actor, low.min(first), high.max(last));
                self.runs.drain(from + 1..to);
            }
        }
    }
}

impl FromIterator<WriteId> for Writes {
    fn from_iter<T: IntoIterator<Item = WriteId>>(writes: T) -> Self {
        let mut all = Self::new();
        for write in writes {
            all.insert(write);
        }
        all
    }
}

/// What is known of every write so far. A copy costs nothing, whatever it holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Causality {
    /// How many writes of a key each actor has made.
    counts: RedBlackTreeMapSync<(Key, Actor), u64>,
    /// What the context truly covered that a put or delete carried.
    carried: RedBlackTreeMapSync<RequestId, Arc<Writes>>,
    /// Every write event, with what it saw.
    writes: RedBlackTreeMapSync<(RequestId, Dot), (WriteId, Arc<Writes>)>,
}

impl Causality {
    /// A put or delete is on its way that has seen `saw`.
    pub(crate) fn asked(&mut self, request: RequestId, saw: Arc<Writes>) {
        self.carried.insert_mut(request, saw);
    }

    /// A dot was minted for a request: the same request has a second one only where its way to the coordinator was
    /// doubled.
    pub(crate) fn minted(&mut self, request: RequestId, key: &Key, dot: Dot) -> WriteId {
        let of = (key.clone(), dot.actor);
        let number = self.counts.get(&of).copied().unwrap_or_default() + 1;
        self.counts.insert_mut(of, number);
        let id = WriteId { actor: dot.actor, number };
        let saw = self.carried.get(&request).cloned().unwrap_or_default();
        self.writes.insert_mut((request, dot), (id, saw));
        id
    }

    /// Adds to `writes` what a client sees that is answered with `returned`.
    pub(crate) fn see(&self, writes: &mut Writes, returned: &Siblings) {
        for version in returned.versions() {
            if let Some((id, saw)) = self.writes.get(&(version.request, version.dot)) {
                writes.insert(*id);
                writes.join(saw);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Rng};
    use std::collections::BTreeSet;

    fn random(dice: &mut Rng) -> BTreeSet<WriteId> {
        let mut writes = BTreeSet::new();
        for _ in 0..dice.below(12) {
            let node = NodeId(u32::try_from(dice.below(2)).unwrap());
            writes.insert(WriteId { actor: Actor { node, boot: 0 }, number: 1 + dice.below(8) });
        }
        writes
    }

    #[test]
    fn it_is_a_set() {
        let mut dice = Rng::new(1, Purpose::Scenario);
        for _ in 0..3_000 {
            let (a, b) = (random(&mut dice), random(&mut dice));
            let (one, other): (Writes, Writes) =
                (a.iter().copied().collect(), b.iter().rev().copied().collect());
            let mut joined = one.clone();
            joined.join(&other);
            assert_eq!(joined, (&a | &b).into_iter().collect());
            assert_eq!(one.minus(&other), (&a - &b).into_iter().collect());
            assert!((&a | &b).iter().all(|write| one.contains(*write) == a.contains(write)));
            assert_eq!(one.first(), a.first().copied());
            let mut map = BTreeMap::new();
            map.extend(b.iter().map(|write| (*write, *write)));
            let outside: Vec<WriteId> = one.outside(&map).flatten().copied().collect();
            assert_eq!(outside, (&b - &a).into_iter().collect::<Vec<_>>());
        }
    }
}
