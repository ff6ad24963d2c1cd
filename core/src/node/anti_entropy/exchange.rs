//! The steps of an exchange, from the children of the roots to the versions of keys.

use super::kept::Kept;
use super::{Comparison, ExchangeId, MAX_KEYS, MAX_KEYS_SENT, MAX_NODES, MAX_VALUE_BYTES, Sides};
use crate::id::{Key, NodeId};
use crate::merkle::{self, Children, Tree};
use crate::mutant::Mutant;
use crate::node::Turn;
use crate::node::batch;
use crate::node::message::{Kind, Message};
use crate::node::note::{Ignored, Note};
use crate::node::store::Store;
use crate::version::{Siblings, VersionVector};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// One step as it stands: with whom, and in which exchange.
#[derive(Clone, Copy)]
pub(super) struct With {
    pub(super) peer: NodeId,
    pub(super) exchange: ExchangeId,
}

impl With {
    pub(super) fn say(self, turn: &mut Turn<'_>, comparison: Comparison) {
        let message = Message::Merkle { exchange: self.exchange, comparison };
        turn.out.send(turn.me, self.peer, message);
    }

    pub(super) fn ended(self, turn: &mut Turn<'_>, alike: bool) {
        turn.out.note(Note::ExchangeEnded { exchange: self.exchange, with: self.peer, alike });
    }

    /// Is there anything to go on with?
    pub(super) fn compared(self, turn: &mut Turn<'_>, level: u32, equal: u32, different: u32) -> bool {
        let Self { peer: with, exchange } = self;
        turn.out.note(Note::HashesCompared { exchange, with, level, equal, different });
        if different == 0 {
            self.ended(turn, true);
        }
        different > 0
    }

    #[inline(never)]
    pub(super) fn on_children(
        self,
        turn: &mut Turn<'_>,
        kept: &Kept,
        sides: &Sides<'_>,
        level: u32,
        nodes: &[(u32, Children)],
    ) {
        if level >= Tree::DEPTH {
            return;
        }
        let empty = Tree::new();
        let tree = kept.trees.get(&self.peer).unwrap_or(&empty);
        let (mut equal, mut differing) = (0, Vec::new());
        for (index, theirs) in nodes {
            let mine = tree.children(level, *index);
            for (child, pair) in (0..).zip(mine.iter().zip(theirs)) {
                if pair.0 == pair.1 {
                    equal += 1;
                } else {
                    differing.push(index.wrapping_mul(Tree::WIDTH).wrapping_add(child));
                }
            }
        }
        let level = level + 1;
        if !self.compared(turn, level, equal, u32::try_from(differing.len()).unwrap_or(u32::MAX)) {
            return;
        }
        if level == Tree::DEPTH {
            return self.say_keys(turn, kept, sides, &differing);
        }
        for part in differing.chunks(MAX_NODES) {
            let nodes = part.iter().map(|index| (*index, tree.children(level, *index))).collect();
            self.say(turn, Comparison::Children { level, nodes });
        }
    }

    /// Sends the keys of these buckets, those of a bucket in one message.
    pub(super) fn say_keys(self, turn: &mut Turn<'_>, kept: &Kept, sides: &Sides<'_>, differing: &[u32]) {
        let (mut buckets, mut keys) = (Vec::new(), Vec::new());
        for bucket in differing.iter().filter_map(|bucket| u16::try_from(*bucket).ok()) {
            let more = kept.keys(sides.place, self.peer, bucket);
            let full = keys.len() + more.len() > MAX_KEYS || buckets.len() >= MAX_KEYS;
            if full && !buckets.is_empty() {
                let (buckets, keys) = (core::mem::take(&mut buckets), core::mem::take(&mut keys));
                self.say(turn, Comparison::Keys { buckets, keys });
            }
            buckets.push(bucket);
            keys.extend(more.into_iter().map(|(key, entry)| {
                let clock = sides.store.get(&key).map(Siblings::clock).cloned().unwrap_or_default();
                (key, entry, clock)
            }));
        }
        self.say(turn, Comparison::Keys { buckets, keys });
    }

    #[inline(never)]
    pub(super) fn on_keys(
        self,
        turn: &mut Turn<'_>,
        kept: &Kept,
        sides: &Sides<'_>,
        buckets: &[u16],
        keys: &[(Key, u128, VersionVector)],
    ) {
        let mine = buckets.iter().flat_map(|bucket| kept.keys(sides.place, self.peer, *bucket));
        let mut mine: BTreeMap<Key, u128> = mine.collect();
        let (mut equal, mut different) = (0_u32, 0_u32);
        let (mut sent, mut wanted) = (Vec::new(), Vec::new());
        for (key, theirs, their_clock) in keys {
            let entry = mine.remove(key);
            if entry == Some(*theirs) {
                equal += 1;
                continue;
            }
            different += 1;
            let clock = sides.store.get(key).map(Siblings::clock).filter(|_| entry.is_some());
            match clock {
                None if sides.place.shares(key, self.peer) => wanted.push(key.clone()),
                None => {}
                Some(clock) if their_clock.descends(clock) && their_clock != clock => {
                    wanted.push(key.clone());
                }
                Some(_) => sent.push(key.clone()),
            }
        }
        different += u32::try_from(mine.len()).unwrap_or(u32::MAX);
        sent.extend(mine.into_keys());
        let Self { peer: with, exchange } = self;
        turn.out.note(Note::KeysCompared { exchange, with, equal, different });
        if different == 0 {
            return self.ended(turn, true);
        }
        self.say_versions(turn, sides.store, &sent, wanted, false);
    }

    /// Sends the versions of these keys in as many messages as it takes; what is wanted goes with the first.
    pub(super) fn say_versions(
        self,
        turn: &mut Turn<'_>,
        store: &Store,
        keys: &[Key],
        mut wanted: Vec<Key>,
        back: bool,
    ) {
        let Self { peer: to, exchange } = self;
        let mut keys = keys.iter().peekable();
        while keys.peek().is_some() || !wanted.is_empty() {
            let (mut versions, mut bytes) = (Vec::new(), 0);
            while versions.len() < MAX_KEYS_SENT
                && bytes < MAX_VALUE_BYTES
                && let Some(key) = keys.next()
            {
                let Some(kept) = store.get(key) else { continue };
                bytes += batch::value_bytes(kept);
                versions.push((key.clone(), kept.clone()));
            }
            if !versions.is_empty() {
                let keys = versions.iter().map(|(key, _)| key.clone()).collect();
                turn.out.note(Note::KeysSent { exchange, to, keys });
            }
            let wanted = core::mem::take(&mut wanted);
            if !versions.is_empty() || !wanted.is_empty() {
                self.say(turn, Comparison::Versions { versions, wanted, back });
            }
        }
    }

    #[inline(never)]
    pub(super) fn on_versions(
        self,
        turn: &mut Turn<'_>,
        sides: &mut Sides<'_>,
        versions: Vec<(Key, Siblings)>,
        wanted: Vec<Key>,
        back: bool,
    ) {
        let Self { peer: from, exchange } = self;
        let mut answer = Vec::new();
        for (key, theirs) in versions {
            let refused = if !sides.place.shares(&key, from) {
                Some(Ignored::NotAnOwner)
            } else if theirs.clock().get(sides.actor) > sides.minted {
                Some(Ignored::ClaimsFutureWrites)
            } else {
                None
            };
            if let Some(why) = refused {
                turn.out.note(Note::Ignored { kind: Kind::Merkle, from, request: None, why });
                continue;
            }
            if turn.rules().broken(Mutant::ExchangesOverwrite) {
                sides.store.replace(key.clone(), theirs.clone());
            }
            let changed = sides.store.merge(turn.rules(), &key, &theirs);
            let same = |kept| merkle::entry(&key, kept) == merkle::entry(&key, &theirs);
            let more = sides.store.get(&key).is_some_and(|kept| !same(kept));
            turn.out.note(Note::Synchronised { exchange, from, key: key.clone(), changed });
            if more {
                answer.push(key);
            }
        }
        answer.extend(wanted.into_iter().filter(|key| sides.place.shares(key, from)));
        if back || answer.is_empty() {
            self.ended(turn, false);
        } else {
            self.say_versions(turn, sides.store, &answer, Vec::new(), true);
        }
    }
}
