//! Collecting the tombstones of deleted keys.
//!
//! A key of which nothing but tombstones is left takes room for ever, unless it is forgotten; and whoever forgets it no
//! longer knows of the delete. [`crate::Tombstones::Keep`] forgets nothing. With a grace period each node forgets a
//! tombstone so long after it got it or started, by its own clock that never goes back: a replica that was away for
//! longer then brings the old value back. [`crate::Tombstones::AllReplicas`] forgets in two rounds: the first owner of the
//! key asks all members, and those who are to become such; owners confirm that they hold exactly this tombstone, the others
//! that they hold nothing of the key, and everyone that it has no hint and no request for it, and forgets the values that it
//! has written there for others as far as the tombstone covers them.
//! Only when all have confirmed, all are told: owners to drop the tombstone, and are told again until they have answered;
//! the others once, to forget tombstones that they have written. From then on no owner has anything older, and nobody will
//! bring it, but for messages that were on their way before. Where clocks are cut, a node that still remembers a write of
//! its own that the tombstone's clock does not name confirms nothing.
//!
//! State: the deleted keys that are here, when each is looked at next, and the rounds that this node leads. All of it is
//! made anew at a start. Invariant: a key is here exactly if the store holds nothing but tombstones for it.

use super::anti_entropy::Ownership;
use super::batch;
use super::message::Message;
use super::note::Note;
use super::store::Store;
use super::{Turn, Wake};
use crate::config::{Config, Tombstones as Mode};
use crate::id::{Actor, Key, NodeId};
use crate::merkle;
use crate::mutant::Mutant;
use crate::ring::Ring;
use crate::time::Time;
use crate::version::{Content, Siblings, Version, VersionVector};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync};

/// What one node knows of the deleted keys that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Collection {
    /// For which ring and N the times were set.
    place: Option<(Arc<Ring>, u32)>,
    /// The deleted keys, each with the hash of its logical version.
    dead: RedBlackTreeMapSync<Key, u128>,
    /// When a key is looked at next, by key and by time.
    times: RedBlackTreeMapSync<Key, Time>,
    due: RedBlackTreeSetSync<(Time, Key)>,
    /// What was collected after a grace period, and until when it is remembered: a replica that is slower brings it back.
    lately: BTreeMap<Key, (u128, Time)>,
    rounds: BTreeMap<Key, Round>,
    attempts: u32,
}

/// A collection that this node leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Round {
    attempt: u64,
    entry: u128,
    clock: VersionVector,
    /// Have all confirmed, so that the owners are told to drop it?
    dropping: bool,
    waiting: BTreeSet<NodeId>,
    failures: u32,
}

/// A request to confirm or to drop a tombstone, or the answer to one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tombstone {
    /// Which attempt of which leader's start it belongs to.
    pub attempt: u64,
    /// The key.
    pub key: Key,
    /// The hash of its logical version: of exactly this tombstone.
    pub entry: u128,
    /// All writes that it covers.
    pub clock: VersionVector,
    /// Is it about dropping, after all have confirmed?
    pub drop: bool,
}

/// What a step needs besides the turn.
pub(super) struct Held<'a> {
    pub(super) place: Ownership<'a>,
    pub(super) store: &'a mut Store,
    /// What this node has written since it started and does not hold as a replica.
    pub(super) written: &'a mut Store,
    pub(super) actor: Actor,
    /// Who is to become a member.
    pub(super) joining: &'a [NodeId],
    /// Has this node a hint for the key, or a request of it under way?
    pub(super) busy: &'a dyn Fn(&Key) -> bool,
}

impl Collection {
    pub(super) fn new(now: Time, config: &Config, place: Ownership<'_>, store: &Store) -> Self {
        let mut new = Self::default();
        new.follow(now, config, place, store, &[]);
        new
    }

    /// The deleted keys that it holds; none are known while tombstones are kept for ever.
    #[must_use]
    pub fn len(&self) -> usize {
        self.dead.size()
    }

    /// Does it know of no deleted key?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.dead.is_empty()
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        self.due.first().map(|(at, _)| (*at, Wake::Collection))
    }

    /// The settings are another: everything is looked at anew.
    pub(super) fn configure(&mut self, now: Time, config: &Config, place: Ownership<'_>, store: &Store) {
        *self = Self { attempts: self.attempts, ..Self::default() };
        self.follow(now, config, place, store, &[]);
    }

    /// These keys of the store have changed, or what the node owns has.
    pub(super) fn follow(
        &mut self,
        now: Time,
        config: &Config,
        place: Ownership<'_>,
        store: &Store,
        changed: &[Key],
    ) {
        if config.tombstones == Mode::Keep {
            return;
        }
        let same = |(ring, n): &(Arc<Ring>, u32)| *n == place.n && Arc::ptr_eq(ring, place.ring);
        if !self.place.as_ref().is_some_and(same) {
            self.place = Some((Arc::clone(place.ring), place.n));
            self.dead = RedBlackTreeMapSync::new_sync();
            for (key, _) in store.iter() {
                self.look(now, config, place, store, key);
            }
        }
        for key in changed {
            self.look(now, config, place, store, key);
        }
    }

    fn look(&mut self, now: Time, config: &Config, place: Ownership<'_>, store: &Store, key: &Key) {
        let entry = store.get(key).filter(|kept| is_dead(kept)).map(|kept| merkle::entry(key, kept));
        if self.dead.get(key).copied() == entry {
            return;
        }
        let Some(entry) = entry else {
            self.dead.remove_mut(key);
            if !self.rounds.get(key).is_some_and(|round| round.dropping) {
                self.rounds.remove(key);
                self.plan(key, None);
            }
            return;
        };
        self.dead.insert_mut(key.clone(), entry);
        self.rounds.remove(key);
        let first = || place.ring.preference(key, place.n).first() == Some(&place.me);
        let at = match config.tombstones {
            Mode::Keep => None,
            Mode::Grace(_)
                if self.lately.get(key).is_some_and(|(of, until)| *of == entry && *until > now) =>
            {
                Some(now)
            }
            Mode::Grace(span) => Some(now + span),
            Mode::AllReplicas => first().then(|| now + config.timeout),
        };
        self.plan(key, at);
    }

    /// Looks at what is due. To be called at the end of a turn.
    pub(super) fn settle(&mut self, turn: &mut Turn<'_>, held: &mut Held<'_>) {
        let now = turn.now.mono;
        while let Some(key) = self.due.first().filter(|(at, _)| *at <= now).map(|(_, key)| key.clone()) {
            self.plan(&key, None);
            match turn.config.tombstones {
                Mode::Keep => {}
                Mode::Grace(span) => {
                    self.lately.retain(|_, (_, until)| *until > now);
                    if let Some(entry) = self.dead.get(&key).copied() {
                        self.lately.insert(key.clone(), (entry, now + span));
                        self.collect(turn, held.store, &key);
                    }
                }
                Mode::AllReplicas => self.lead(turn, held, &key),
            }
        }
    }

    /// Forgets a key.
    fn collect(&mut self, turn: &mut Turn<'_>, store: &mut Store, key: &Key) {
        if let Some(versions) = store.remove(key) {
            turn.out.note(Note::Collected { key: key.clone(), versions });
        }
        self.dead.remove_mut(key);
        self.plan(key, None);
    }

    /// Begins an attempt, or tells those again to drop it who have not answered.
    #[inline(never)]
    fn lead(&mut self, turn: &mut Turn<'_>, held: &mut Held<'_>, key: &Key) {
        let failures = self.rounds.get(key).map_or(0, |round| round.failures.saturating_add(1));
        let wait = batch::wait(turn.config.timeout, failures);
        if let Some(round) = self.rounds.get_mut(key).filter(|round| round.dropping) {
            round.failures = failures;
            round.say(turn, key);
            return self.plan(key, Some(turn.now.mono + wait));
        }
        let Some(entry) = self.dead.get(key).copied() else {
            self.rounds.remove(key);
            return;
        };
        self.attempts += 1;
        let attempt = (u64::from(held.actor.boot) << 32) | u64::from(self.attempts);
        let mut waiting = BTreeSet::new();
        if !turn.config.health.is(Mutant::CollectsUnconfirmed) {
            waiting.extend(held.asked().filter(|member| *member != turn.me));
        }
        let can = !(held.busy)(key) && waiting.iter().all(|member| turn.up(*member));
        let clock = held.store.get(key).map(|kept| kept.clock().clone()).unwrap_or_default();
        let round = Round { attempt, entry, clock, dropping: false, waiting, failures };
        if can {
            turn.out.note(Note::CollectionBegins { key: key.clone() });
            round.say(turn, key);
        }
        self.plan(key, Some(turn.now.mono + wait));
        self.rounds.insert(key.clone(), round);
        if can {
            self.confirmed(turn, held, key);
        }
    }

    /// Goes on once nobody is waited for.
    #[inline(never)]
    fn confirmed(&mut self, turn: &mut Turn<'_>, held: &mut Held<'_>, key: &Key) {
        let Some(round) = self.rounds.get(key).filter(|round| round.waiting.is_empty()) else { return };
        let mut round = round.clone();
        if round.dropping {
            self.rounds.remove(key);
            return self.plan(key, None);
        }
        let remembers = turn.config.clock_limit > 0 && held.remembers_more(key, &round.clock);
        if self.dead.get(key) != Some(&round.entry) || (held.busy)(key) || remembers {
            return;
        }
        held.forget_written(key, &round.clock);
        self.collect(turn, held.store, key);
        let ring = held.place.ring;
        (round.dropping, round.failures) = (true, 0);
        round.waiting = held.asked().filter(|member| *member != turn.me).collect();
        round.say(turn, key);
        let owners = ring.preference(key, held.place.n);
        round.waiting.retain(|member| owners.contains(member));
        if round.waiting.is_empty() {
            self.rounds.remove(key);
            return;
        }
        self.rounds.insert(key.clone(), round);
        self.plan(key, Some(turn.now.mono + turn.config.timeout));
    }

    /// The leader asks, or tells to drop.
    #[inline(never)]
    pub(super) fn on_collect(
        &mut self,
        turn: &mut Turn<'_>,
        held: &mut Held<'_>,
        from: NodeId,
        asked: Tombstone,
    ) {
        if asked.drop {
            held.forget_written(&asked.key, &asked.clock);
        } else {
            held.forget_written_values(&asked.key, &asked.clock);
        }
        let kept = held.store.get(&asked.key);
        let exactly =
            kept.is_some_and(|kept| is_dead(kept) && merkle::entry(&asked.key, kept) == asked.entry);
        let owns = || held.place.ring.preference(&asked.key, held.place.n).contains(&turn.me);
        let confirmed = if asked.drop {
            if exactly {
                self.collect(turn, held.store, &asked.key);
            }
            true
        } else {
            let remembers = turn.config.clock_limit > 0 && held.remembers_more(&asked.key, &asked.clock);
            (exactly || (kept.is_none() && !owns())) && !(held.busy)(&asked.key) && !remembers
        };
        turn.out.send(turn.me, from, Message::CollectAck { tombstone: asked, confirmed });
    }

    #[inline(never)]
    pub(super) fn on_ack(
        &mut self,
        turn: &mut Turn<'_>,
        held: &mut Held<'_>,
        from: NodeId,
        answer: &Tombstone,
        confirmed: bool,
    ) {
        let key = &answer.key;
        let Some(round) = self.rounds.get_mut(key) else { return };
        if round.attempt != answer.attempt || round.dropping != answer.drop {
            return;
        }
        if confirmed {
            round.waiting.remove(&from);
            self.confirmed(turn, held, key);
        } else {
            // The attempt has failed: the next one asks everybody anew, under another number.
            round.attempt = 0;
            turn.out.note(Note::CollectionRefused { key: key.clone(), by: from });
        }
    }

    fn plan(&mut self, key: &Key, at: Option<Time>) {
        if let Some(before) = self.times.get(key).copied() {
            self.due.remove_mut(&(before, key.clone()));
            self.times.remove_mut(key);
        }
        if let Some(at) = at {
            self.times.insert_mut(key.clone(), at);
            self.due.insert_mut((at, key.clone()));
        }
    }
}

impl Held<'_> {
    /// Who may hold something of a key: the members, and those who are to become such and may have been written to.
    fn asked(&self) -> impl Iterator<Item = NodeId> + '_ {
        let members = self.place.ring.members();
        let others = self.joining.iter().filter(|node| !members.contains(node));
        members.iter().chain(others).copied()
    }

    /// A tombstone is collected that covers all writes of this clock. Those that this node made for others are
    /// among them, so nobody needs to hear of them again, and by the next write of the key nobody must.
    fn forget_written(&mut self, key: &Key, clock: &VersionVector) {
        self.forget(key, clock, |_| true);
    }

    /// A tombstone may be collected that covers all writes of this clock. The values that this node wrote for others are
    /// deleted whether or not it comes to that. But a tombstone that it wrote may stay after all, and the next write of
    /// the key, whose clock covers it, has to bring it along.
    fn forget_written_values(&mut self, key: &Key, clock: &VersionVector) {
        self.forget(key, clock, |version| version.content != Content::Tombstone);
    }

    /// Of what this node wrote for others, what the clock covers may be less than all: another client's write that the
    /// delete has not seen stays.
    fn forget(&mut self, key: &Key, clock: &VersionVector, which: impl Fn(&Version) -> bool) {
        let Some(known) = self.written.get(key) else { return };
        let left = known.without(|version| clock.covers(version.dot) && which(version));
        if left.versions().is_empty() && clock.descends(known.clock()) {
            self.written.remove(key);
        } else if left != *known {
            self.written.replace(key.clone(), left);
        }
        self.written.take_changed();
    }

    /// Does it remember a write of its own here that this clock does not cover? Of a clock that was cut nobody can tell
    /// whether it saw that write; then it stays, and the tombstone with it.
    fn remembers_more(&self, key: &Key, clock: &VersionVector) -> bool {
        self.written.get(key).is_some_and(|known| !clock.descends(known.clock()))
    }
}

impl Round {
    fn say(&self, turn: &mut Turn<'_>, key: &Key) {
        for to in &self.waiting {
            let Self { attempt, entry, dropping: drop, .. } = *self;
            let tombstone = Tombstone { attempt, key: key.clone(), entry, clock: self.clock.clone(), drop };
            turn.out.send(turn.me, *to, Message::Collect { tombstone });
        }
    }
}

/// Is nothing left of the key but tombstones?
fn is_dead(kept: &Siblings) -> bool {
    let dead = |version: &Arc<Version>| version.content == Content::Tombstone;
    !kept.versions().is_empty() && kept.versions().iter().all(dead)
}
