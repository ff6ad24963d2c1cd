//! Coordinating a request: fan out to the preference list, count answers, tell the client at W or R, go on
//! collecting until all have answered or the time limit passes (Dynamo §4.5).
//!
//! State: one entry a request under way. Invariant: a replica's answer counts once, and answers of other requests
//! count for nothing. Nothing is ever rolled back: a put that did not reach W may still land.

use super::message::{Kind, Message};
use super::note::{Ignored, Note};
use super::outbox::{Answer, Ask, Outcome, Refusal, Request};
use super::pending::{Pending, Work, count};
use super::read_repair::Gathered;
use super::store::Store;
use super::{Turn, Wake};
use crate::config::ReadRepair;
use crate::id::{Actor, Key, NodeId, RequestId};
use crate::time::Time;
use crate::version::{Content, Context, Dot, Siblings, VersionVector, Write};
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// The requests that a node coordinates at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coordinator {
    pending: BTreeMap<RequestId, Pending>,
}

impl Coordinator {
    pub(super) const fn new() -> Self {
        Self { pending: BTreeMap::new() }
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
        self.pending.iter().map(|(request, pending)| (pending.deadline, Wake::TimeLimit(*request))).min()
    }

    /// Takes charge of a request whose key has this node as a replica.
    pub(super) fn on_request(
        &mut self,
        mut turn: Turn<'_>,
        store: &mut Store,
        (actor, minted): (Actor, &mut u64),
        request: Request,
        preference: Vec<NodeId>,
        via: Option<NodeId>,
    ) {
        let Request { id, key, ask } = request;
        if self.coordinates(id) {
            return turn.ignore(Kind::Forward, via.unwrap_or(turn.me), id, Ignored::UnderWay);
        }
        let need = match ask {
            Ask::Get => turn.config.r,
            Ask::Put { .. } | Ask::Delete { .. } => turn.config.w,
        };
        turn.out.note(Note::Coordinates {
            request: id,
            key: key.clone(),
            preference: preference.clone(),
            need,
        });
        let have = count(&preference);
        if have < need {
            return refuse(&mut turn, id, Refusal::TooFewNodes { have, need });
        }
        let (content, context) = match ask {
            Ask::Get => return self.begin_get(turn, store, (actor, *minted), id, key, preference),
            Ask::Put { value, context } => (Content::Value(value), context),
            Ask::Delete { context } => (Content::Tombstone, context),
        };
        match seen_by(context, &key, actor, *minted) {
            Err(refusal) => refuse(&mut turn, id, refusal),
            Ok(seen) => {
                let rules = turn.rules();
                let mut versions = store.get(&key).cloned().unwrap_or_default();
                let dot = rules.mint(actor, *minted, &versions, &seen);
                *minted += 1;
                turn.out.note(Note::Minted { request: id, key: key.clone(), dot });
                rules.put(&mut versions, Write { dot, request: id, wall: turn.now.wall }, &seen, content);
                let changed = store.get(&key) != Some(&versions);
                store.replace(key.clone(), versions.clone());
                turn.out.note(Note::Stored { request: id, key: key.clone(), changed });
                self.begin_put(turn, id, key, preference, versions);
            }
        }
    }

    /// The coordinator's own write is done and counts as the first acknowledgement; now the others.
    fn begin_put(
        &mut self,
        mut turn: Turn<'_>,
        request: RequestId,
        key: Key,
        preference: Vec<NodeId>,
        versions: Siblings,
    ) {
        let me = turn.me;
        for &to in preference.iter().filter(|to| **to != me) {
            let (key, versions) = (key.clone(), versions.clone());
            turn.out.send(me, to, Message::Write { request, key, versions });
        }
        let need = turn.config.w;
        self.open(&turn, request, key, preference, need, Work::Put(versions));
        self.put_answer(&mut turn, request, me);
    }

    fn begin_get(
        &mut self,
        mut turn: Turn<'_>,
        store: &mut Store,
        me: (Actor, u64),
        request: RequestId,
        key: Key,
        preference: Vec<NodeId>,
    ) {
        let own = store.get(&key).cloned().unwrap_or_default();
        for &to in preference.iter().filter(|to| **to != turn.me) {
            turn.out.send(turn.me, to, Message::Read { request, key: key.clone() });
        }
        let need = turn.config.r;
        self.open(&turn, request, key, preference, need, Work::Get(Gathered::default()));
        let from = turn.me;
        self.get_answer(&mut turn, store, me, request, from, own);
    }

    fn open(
        &mut self,
        turn: &Turn<'_>,
        request: RequestId,
        key: Key,
        preference: Vec<NodeId>,
        need: u32,
        work: Work,
    ) {
        let deadline = turn.now.mono + turn.config.timeout;
        let (counted, heard) = (Vec::new(), Vec::new());
        let read_repair = turn.config.read_repair;
        let pending =
            Pending { key, preference, need, deadline, answered: false, read_repair, counted, heard, work };
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
        if !pending.expects(from) {
            return turn.ignore(Kind::WriteAck, from, request, Ignored::NotAwaited);
        }
        pending.count(turn, request, from);
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

    pub(super) fn on_read_reply(
        &mut self,
        mut turn: Turn<'_>,
        store: &mut Store,
        me: (Actor, u64),
        from: NodeId,
        request: RequestId,
        versions: Siblings,
    ) {
        match self.pending.get(&request) {
            None => turn.ignore(Kind::ReadReply, from, request, Ignored::NoSuchRequest),
            Some(Pending { work: Work::Get(_), .. }) => {
                self.get_answer(&mut turn, store, me, request, from, versions);
            }
            Some(Pending { work: Work::Put(_), .. }) => {
                turn.ignore(Kind::ReadReply, from, request, Ignored::NotAwaited);
            }
        }
    }

    fn get_answer(
        &mut self,
        turn: &mut Turn<'_>,
        store: &mut Store,
        me: (Actor, u64),
        request: RequestId,
        from: NodeId,
        versions: Siblings,
    ) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        if !pending.expects(from) || versions.clock().get(me.0) > me.1 {
            return turn.ignore(Kind::ReadReply, from, request, Ignored::NotAwaited);
        }
        pending.count(turn, request, from);
        let enough = pending.counted_enough();
        if let Work::Get(gathered) = &mut pending.work {
            gathered.take(from, versions);
            if enough && gathered.returned.is_none() {
                gathered.returned = Some(gathered.merged(turn.rules()));
            }
        }
        self.settle_get(turn, store, request);
    }

    pub(super) fn on_repair_ack(
        &mut self,
        mut turn: Turn<'_>,
        store: &mut Store,
        from: NodeId,
        request: RequestId,
    ) {
        turn.out.note(Note::Repaired { request, from });
        if let Some(Pending { work: Work::Get(gathered), .. }) = self.pending.get_mut(&request) {
            gathered.repaired(turn.rules(), from);
            self.settle_get(&mut turn, store, request);
        }
    }

    /// Answers a get as soon as it may be answered, and closes it once all have been heard.
    fn settle_get(&mut self, turn: &mut Turn<'_>, store: &mut Store, request: RequestId) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        let Work::Get(gathered) = &mut pending.work else { return };
        let Some(returned) = gathered.returned.clone() else { return };
        if !pending.answered {
            if pending.read_repair == ReadRepair::Blocking {
                for to in gathered.ask_lagging(turn.rules()) {
                    repair(turn, store, (request, &pending.key), to, &returned, true);
                    if to == turn.me {
                        gathered.repaired(turn.rules(), to);
                    }
                }
                if gathered.holders(turn.rules()) < pending.holders_needed() {
                    return;
                }
            }
            pending.answer(turn, request, Outcome::Found(returned));
        }
        if pending.complete() {
            self.repair_lagging(turn, store, request, false);
            self.close(turn, request);
        }
    }

    /// Every reply is in, or the time limit has passed: whoever lags behind the merge of all replies gets it.
    /// Who has been sent it before the answer, and may still acknowledge it, is sent it once more only where `again`.
    fn repair_lagging(&self, turn: &mut Turn<'_>, store: &mut Store, request: RequestId, again: bool) {
        let Some(Pending { key, read_repair, work: Work::Get(gathered), .. }) = self.pending.get(&request)
        else {
            return;
        };
        if *read_repair == ReadRepair::Off || gathered.returned.is_none() {
            return;
        }
        let rules = turn.rules();
        let merged = gathered.merged(rules);
        let mut lagging = gathered.lagging(rules, &merged);
        lagging.retain(|to| again || !gathered.under_way(rules, *to, &merged));
        for to in lagging {
            repair(turn, store, (request, key), to, &merged, false);
        }
    }

    pub(super) fn on_time_limit(&mut self, mut turn: Turn<'_>, store: &mut Store) {
        let due = |(request, pending): (&RequestId, &Pending)| {
            (pending.deadline <= turn.now.mono).then_some(*request)
        };
        let due: Vec<RequestId> = self.pending.iter().filter_map(due).collect();
        for request in due {
            let Some(pending) = self.pending.get_mut(&request) else { continue };
            if !pending.answered {
                let outcome = pending.out_of_time(turn.rules());
                pending.answer(&mut turn, request, outcome);
            }
            self.repair_lagging(&mut turn, store, request, true);
            self.close(&mut turn, request);
        }
    }

    fn close(&mut self, turn: &mut Turn<'_>, request: RequestId) {
        let Some(pending) = self.pending.remove(&request) else { return };
        let silent = |node: &NodeId| !pending.heard.contains(node);
        let silent = pending.preference.iter().copied().filter(silent).collect();
        turn.out.note(Note::Finished { request, silent });
    }
}

/// Hands `versions` to a replica that lags: by message, or, where the coordinator lags itself, into its own store.
fn repair(
    turn: &mut Turn<'_>,
    store: &mut Store,
    (request, key): (RequestId, &Key),
    to: NodeId,
    versions: &Siblings,
    blocking: bool,
) {
    turn.out.note(Note::Repairs { request, key: key.clone(), to, blocking });
    if to == turn.me {
        let changed = store.merge(turn.rules(), key, versions);
        turn.out.note(Note::Stored { request, key: key.clone(), changed });
    } else {
        let (key, versions) = (key.clone(), versions.clone());
        turn.out.send(turn.me, to, Message::Repair { request, key, versions });
    }
}

fn refuse(turn: &mut Turn<'_>, request: RequestId, refusal: Refusal) {
    let outcome = Outcome::Refused(refusal);
    turn.out.note(Note::Answered { request, outcome: outcome.clone() });
    turn.out.reply(request, Answer { outcome, replies: Vec::new() });
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
