//! Coordinating a request: fan out to the slots of its key, count answers, tell the client at W or R, go on collecting
//! until all have answered or the time limit passes (Dynamo §4.5). The reading half is in `gets`.
//!
//! State: one entry a request under way, and when each wants attention. Invariant: a slot counts once, and answers of
//! other requests count for nothing. Nothing is ever rolled back: a put that did not reach W may still land.

mod gets;

use super::disk::Disk;
use super::message::{Kind, Message};
use super::note::{Ignored, Note};
use super::outbox::{Answer, Ask, Outcome, Refusal, Request};
use super::pending::{Pending, Work};
use super::sloppy_quorum::Slots;
use super::store::Store;
use super::{Turn, Wake};
use crate::config::{Config, Quorum};
use crate::id::{Actor, Key, NodeId, RequestId};
use crate::mutant::Mutant;
use crate::time::{Span, Time};
use crate::version::{Content, Context, Dot, Rules, Siblings, VersionVector, Write};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// The requests that a node coordinates at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coordinator {
    pending: BTreeMap<RequestId, Pending>,
    /// When they want attention, and why.
    wakes: BTreeSet<(Time, RequestId, Due)>,
    /// What this node has written since it started and does not hold as a replica: as a fallback, or of keys that others
    /// own now. A version vector covers all earlier dots of an actor
    /// on the same key, so whoever mints a dot must still know its own earlier ones, also after their hints have gone
    /// home; else the new write would pass for one that has seen and dropped them. Until a tombstone that is being collected
    /// covers them: what it has deleted may not come back.
    written_for_others: Store,
}

/// What comes due for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Due {
    /// Half the time limit.
    HalfTime,
    /// All of it.
    TimeLimit,
}

impl Coordinator {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A key goes from the disk. Where this actor has written it, what is known of it stays known.
    pub(super) fn remember(&mut self, rules: Rules, actor: Actor, key: &Key, versions: &Siblings) {
        if versions.clock().get(actor) > 0 {
            self.written_for_others.merge(rules, key, versions);
            self.written_for_others.take_changed();
        }
    }

    /// What this actor has written of keys that it does not hold, for the collection of their tombstones; and the
    /// requests under way.
    pub(super) const fn written(&mut self) -> (&mut Store, &BTreeMap<RequestId, Pending>) {
        (&mut self.written_for_others, &self.pending)
    }

    /// The requests under way, in the order of their numbers.
    pub fn pending(&self) -> impl Iterator<Item = (RequestId, &Pending)> {
        self.pending.iter().map(|(request, pending)| (*request, pending))
    }

    /// Is this request under way here?
    pub(super) fn coordinates(&self, request: RequestId) -> bool {
        self.pending.contains_key(&request)
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        self.wakes.first().map(|&(at, request, due)| match due {
            Due::HalfTime => (at, Wake::HalfTime(request)),
            Due::TimeLimit => (at, Wake::TimeLimit(request)),
        })
    }

    /// Takes charge of a request in whose slots this node has a place.
    pub(super) fn on_request(
        &mut self,
        mut turn: Turn<'_>,
        disk: &mut Disk,
        (actor, minted): (Actor, &mut u64),
        request: Request,
        slots: Slots,
        via: Option<NodeId>,
    ) {
        let Request { id, key, ask } = request;
        if self.coordinates(id) {
            return turn.ignore(Kind::Forward, via.unwrap_or(turn.me), id, Ignored::UnderWay);
        }
        let need = needed(&ask, turn.config);
        turn.out.note(Note::Coordinates {
            request: id,
            key: key.clone(),
            preference: slots.owners().collect(),
            need,
        });
        if slots.candidates() < need {
            return refuse_too_few(&mut turn, id, &slots, need);
        }
        let (content, context) = match ask {
            Ask::Get => {
                slots.tell(&mut turn, id);
                return self.begin_get(turn, disk, (actor, *minted), id, key, slots);
            }
            Ask::Put { value, context } => (Content::Value(value), context),
            Ask::Delete { context } => (Content::Tombstone, context),
        };
        match seen_by(context, &key, actor, *minted) {
            Err(refusal) => refuse(&mut turn, id, refusal),
            Ok(seen) => {
                slots.tell(&mut turn, id);
                let versions =
                    self.write(&mut turn, disk, (actor, minted), (id, &key, content), &seen, &slots);
                self.begin_put(turn, id, key, slots, versions);
            }
        }
    }

    /// The coordinator's own write, as a replica or as a hint for whom it stands in. Returns the resulting versions.
    fn write(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        (actor, minted): (Actor, &mut u64),
        (request, key, content): (RequestId, &Key, Content),
        seen: &VersionVector,
        slots: &Slots,
    ) -> Siblings {
        let rules = turn.rules();
        let mut versions = disk.held(rules, key);
        if let Some(written) = self.written_for_others.get(key) {
            rules.merge(&mut versions, written);
        }
        let dot = rules.mint(actor, *minted, &versions, seen);
        *minted += 1;
        turn.out.note(Note::Minted { request, key: key.clone(), dot });
        rules.put(&mut versions, Write { dot, request, wall: turn.now.wall }, seen, content);
        if let Some(owner) = slots.stands_in_for(turn.me) {
            self.written_for_others.replace(key.clone(), versions.clone());
            self.written_for_others.take_changed();
            disk.hints.keep(turn, Some(request), owner, key, &versions);
        } else {
            let changed = disk.keys.get(key) != Some(&versions);
            disk.keys.replace(key.clone(), versions.clone());
            turn.out.note(Note::Stored { request, key: key.clone(), changed });
        }
        versions
    }

    /// The coordinator's own write is done and counts as the first acknowledgement; now the others.
    fn begin_put(
        &mut self,
        mut turn: Turn<'_>,
        request: RequestId,
        key: Key,
        slots: Slots,
        versions: Siblings,
    ) {
        let me = turn.me;
        for (to, hint_for) in slots.asked().filter(|(to, _)| *to != me) {
            let (key, versions) = (key.clone(), versions.clone());
            turn.out.send(me, to, Message::Write { request, key, versions, hint_for });
        }
        for to in slots.extra() {
            let (key, versions) = (key.clone(), versions.clone());
            turn.out.send(me, to, Message::Write { request, key, versions, hint_for: None });
        }
        let need = turn.config.w;
        self.open(&turn, request, key, slots, need, Work::Put(versions));
        self.put_answer(&mut turn, request, me);
    }

    fn open(&mut self, turn: &Turn<'_>, request: RequestId, key: Key, slots: Slots, need: u32, work: Work) {
        let early = turn.rules().broken(Mutant::AnswersEarly);
        let need = if early { need.saturating_sub(1).max(1) } else { need };
        let timeout = turn.config.timeout;
        let deadline = turn.now.mono + timeout;
        let hands_on = matches!(work, Work::Put(_)) && keeps_hints(turn.config);
        let half_time = hands_on.then(|| turn.now.mono + Span::from_micros(timeout.as_micros() / 2));
        self.wakes.insert((deadline, request, Due::TimeLimit));
        self.wakes.extend(half_time.map(|at| (at, request, Due::HalfTime)));
        let (counted, heard) = (Vec::new(), Vec::new());
        let read_repair = turn.config.read_repair;
        let answered = false;
        let pending =
            Pending { key, slots, need, half_time, deadline, answered, read_repair, counted, heard, work };
        self.pending.insert(request, pending);
    }

    pub(super) fn on_write_ack(&mut self, mut turn: Turn<'_>, from: NodeId, request: RequestId) {
        match self.pending.get(&request) {
            None => turn.ignore(Kind::WriteAck, from, request, Ignored::NoSuchRequest),
            Some(Pending { work: Work::Put(_), .. }) => self.put_answer(&mut turn, request, from),
            Some(Pending { work: Work::Get(_), .. }) => {
                turn.ignore(Kind::WriteAck, from, request, Ignored::NotAwaited);
            }
        }
    }

    fn put_answer(&mut self, turn: &mut Turn<'_>, request: RequestId, from: NodeId) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        if !pending.count(turn, request, from) {
            return turn.ignore(Kind::WriteAck, from, request, Ignored::NotAwaited);
        }
        if let Work::Put(versions) = &pending.work
            && !pending.answered
            && pending.counted_enough()
        {
            let outcome = Outcome::Stored(versions.clone());
            pending.answer(turn, request, outcome);
        }
        if pending.complete() {
            self.close(turn, request);
        }
    }

    /// Does what has come due.
    pub(super) fn on_woke(&mut self, turn: &mut Turn<'_>, disk: &mut Disk) {
        while let Some(&(at, request, due)) = self.wakes.first()
            && at <= turn.now.mono
        {
            self.wakes.pop_first();
            match due {
                Due::HalfTime => self.hand_on(turn, request),
                Due::TimeLimit => self.give_up(turn, disk, request),
            }
        }
    }

    /// Half the time limit has passed: the silent slots of a put go to fallbacks.
    fn hand_on(&mut self, turn: &mut Turn<'_>, request: RequestId) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        let Work::Put(versions) = &pending.work else { return };
        for (fallback, owner) in pending.slots.hand_on(turn, &pending.key, request) {
            let (key, versions) = (pending.key.clone(), versions.clone());
            let message = Message::Write { request, key, versions, hint_for: Some(owner) };
            turn.out.send(turn.me, fallback, message);
        }
    }

    fn give_up(&mut self, turn: &mut Turn<'_>, disk: &mut Disk, request: RequestId) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        if !pending.answered {
            let outcome = pending.out_of_time(turn.rules());
            pending.answer(turn, request, outcome);
        }
        self.repair_lagging(turn, disk, request, true);
        self.close(turn, request);
    }

    fn close(&mut self, turn: &mut Turn<'_>, request: RequestId) {
        let Some(pending) = self.pending.remove(&request) else { return };
        self.wakes.remove(&(pending.deadline, request, Due::TimeLimit));
        if let Some(half_time) = pending.half_time {
            self.wakes.remove(&(half_time, request, Due::HalfTime));
        }
        turn.out.note(Note::Finished { request, silent: pending.slots.silent() });
    }
}

/// How many answers a request waits for.
pub(super) const fn needed(ask: &Ask, config: &Config) -> u32 {
    match ask {
        Ask::Get => config.r,
        Ask::Put { .. } | Ask::Delete { .. } => config.w,
    }
}

/// Fewer candidates than answers needed: nothing is begun.
pub(super) fn refuse_too_few(turn: &mut Turn<'_>, request: RequestId, slots: &Slots, need: u32) {
    refuse(turn, request, Refusal::TooFewNodes { have: slots.candidates(), need });
}

fn refuse(turn: &mut Turn<'_>, request: RequestId, refusal: Refusal) {
    let outcome = Outcome::Refused(refusal);
    turn.out.note(Note::Answered { request, outcome: outcome.clone() });
    turn.out.reply(request, Answer { outcome, replies: Vec::new() });
}

fn keeps_hints(config: &Config) -> bool {
    config.hinted_handoff || config.quorum == Quorum::Sloppy
}

/// What the client has seen, if its context can be believed: it belongs to the key and claims no write that this
/// actor has not made.
fn seen_by(context: Option<Context>, key: &Key, actor: Actor, minted: u64) -> Result<VersionVector, Refusal> {
    let Some(context) = context else { return Ok(VersionVector::new()) };
    if context.key() != key {
        return Err(Refusal::ContextOfAnotherKey);
    }
    let vector = context.vector();
    let from_nowhere = |dot: Dot| match dot.actor {
        same if same == actor => dot.counter > minted,
        other => other.node == actor.node && other.boot > actor.boot,
    };
    if vector.iter().any(from_nowhere) {
        return Err(Refusal::ContextFromNowhere);
    }
    Ok(vector.clone())
}
