//! The reading half of a coordinator: gather replies, answer at R, repair who lags (Dynamo §4.5, §5).

use super::{Coordinator, Pending, Work};
use crate::config::ReadRepair;
use crate::id::{Actor, Key, NodeId, RequestId};
use crate::node::Turn;
use crate::node::disk::Disk;
use crate::node::message::{Kind, Message};
use crate::node::note::{Ignored, Note};
use crate::node::outbox::Outcome;
use crate::node::read_repair::Gathered;
use crate::node::sloppy_quorum::Slots;
use crate::version::Siblings;

impl Coordinator {
    pub(super) fn begin_get(
        &mut self,
        mut turn: Turn<'_>,
        disk: &mut Disk,
        me: (Actor, u64),
        request: RequestId,
        key: Key,
        slots: Slots,
    ) {
        let from = turn.me;
        let own = disk.held(turn.rules(), &key);
        for (to, _) in slots.asked().filter(|(to, _)| *to != from) {
            turn.out.send(from, to, Message::Read { request, key: key.clone() });
        }
        let need = turn.config.r;
        self.open(&turn, request, key, slots, need, Work::Get(Gathered::default()));
        self.get_answer(&mut turn, disk, me, request, from, own);
    }

    pub(in crate::node) fn on_read_reply(
        &mut self,
        mut turn: Turn<'_>,
        disk: &mut Disk,
        me: (Actor, u64),
        from: NodeId,
        request: RequestId,
        versions: Siblings,
    ) {
        match self.pending.get(&request) {
            None => turn.ignore(Kind::ReadReply, from, request, Ignored::NoSuchRequest),
            Some(Pending { work: Work::Get(_), .. }) => {
                self.get_answer(&mut turn, disk, me, request, from, versions);
            }
            Some(Pending { work: Work::Put(_), .. }) => {
                turn.ignore(Kind::ReadReply, from, request, Ignored::NotAwaited);
            }
        }
    }

    fn get_answer(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        (actor, minted): (Actor, u64),
        request: RequestId,
        from: NodeId,
        versions: Siblings,
    ) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        if versions.clock().get(actor) > minted || !pending.count(turn, request, from) {
            return turn.ignore(Kind::ReadReply, from, request, Ignored::NotAwaited);
        }
        let enough = pending.counted_enough();
        if let Work::Get(gathered) = &mut pending.work {
            gathered.take(from, versions);
            if enough && gathered.returned.is_none() {
                gathered.returned = Some(gathered.merged(turn.rules()));
            }
        }
        self.settle_get(turn, disk, request);
    }

    pub(in crate::node) fn on_repair_ack(
        &mut self,
        mut turn: Turn<'_>,
        disk: &mut Disk,
        from: NodeId,
        request: RequestId,
    ) {
        turn.out.note(Note::Repaired { request, from });
        if let Some(Pending { work: Work::Get(gathered), .. }) = self.pending.get_mut(&request) {
            gathered.repaired(turn.rules(), from);
            self.settle_get(&mut turn, disk, request);
        }
    }

    /// Answers a get as soon as it may be answered, and closes it once all have been heard.
    fn settle_get(&mut self, turn: &mut Turn<'_>, disk: &mut Disk, request: RequestId) {
        let Some(pending) = self.pending.get_mut(&request) else { return };
        let Work::Get(gathered) = &mut pending.work else { return };
        let Some(returned) = gathered.returned.clone() else { return };
        if !pending.answered {
            if pending.read_repair == ReadRepair::Blocking {
                for to in gathered.ask_lagging(turn.rules(), &pending.slots) {
                    repair(turn, disk, (request, &pending.key), to, &returned, true);
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
            self.repair_lagging(turn, disk, request, false);
            self.close(turn, request);
        }
    }

    /// Every reply is in, or the time limit has passed: whoever lags behind the merge of all replies gets it.
    /// Who has been sent it before the answer, and may still acknowledge it, is sent it once more only where `again`.
    pub(super) fn repair_lagging(
        &self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        request: RequestId,
        again: bool,
    ) {
        let Some(pending) = self.pending.get(&request) else { return };
        let Work::Get(gathered) = &pending.work else { return };
        if pending.read_repair == ReadRepair::Off || gathered.returned.is_none() {
            return;
        }
        let rules = turn.rules();
        let merged = gathered.merged(rules);
        let lagging = gathered.lagging(rules, &merged, &pending.slots);
        for to in lagging.into_iter().filter(|to| again || !gathered.under_way(rules, *to, &merged)) {
            repair(turn, disk, (request, &pending.key), to, &merged, false);
        }
    }
}

/// Hands `versions` to a replica that lags: by message, or, where the coordinator lags itself, into its own store.
fn repair(
    turn: &mut Turn<'_>,
    disk: &mut Disk,
    (request, key): (RequestId, &Key),
    to: NodeId,
    versions: &Siblings,
    blocking: bool,
) {
    turn.out.note(Note::Repairs { request, key: key.clone(), to, blocking });
    if to == turn.me {
        let changed = disk.keys.merge(turn.rules(), key, versions);
        turn.out.note(Note::Stored { request, key: key.clone(), changed });
    } else {
        let (key, versions) = (key.clone(), versions.clone());
        turn.out.send(turn.me, to, Message::Repair { request, key, versions });
    }
}
