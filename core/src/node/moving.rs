//! The part of a node's routing that has to do with changes of the members: wishes, plans, and ranges on the move.

use super::claimant;
use super::gossip::View;
use super::membership::{Want, Wish};
use super::message::{Message, Unserved};
use super::note::{Ignored, Note, Unwilling};
use super::outbox::Outbox;
use super::plan::{Change, Plan};
use super::transfer::{Place, Standing, Transfer, Transfers, WHOLE};
use super::{Admin, Node, Turn};
use crate::config::Config;
use crate::id::{Key, NodeId};
use crate::time::{Now, Time};
use alloc::sync::Arc;

/// The parts of a node that a turn of these mechanisms needs, without borrowing all of it.
macro_rules! parts {
    ($node:ident, $now:expr, $out:expr => $turn:ident, $place:ident) => {
        let $turn = &mut Turn {
            me: $node.actor.node,
            now: $now,
            config: &$node.config,
            ring: $node.membership.ring(),
            detector: &$node.detector,
            out: $out,
        };
        let members = $node.disk.members.clone();
        let $place = Place { plan: $node.membership.plan(), members: &members };
    };
}

impl Node {
    /// After a start: goes on where the disk says that it was.
    pub(super) fn take_up(&mut self, at: Time) {
        self.limit_replicas();
        self.membership.look_for_wishes(&self.disk.members);
        let mut out = Outbox::new();
        parts!(self, Now::at(at), &mut out => turn, place);
        self.transfers.look(turn, &self.disk, place);
        self.transfers.begin(turn, place);
    }

    /// More replicas than the plan says are in force only once the plan says so. Without gossip there is no other plan.
    pub(super) fn limit_replicas(&mut self) {
        let most =
            if self.config.gossip.is_some() { self.membership.plan().replicas() } else { self.replicas };
        self.config.n = self.replicas.min(most);
    }

    /// An operator has come.
    #[inline(never)]
    pub(super) fn on_admin(&mut self, now: Now, admin: Admin, out: &mut Outbox) {
        let me = self.actor.node;
        let plan = self.membership.plan();
        let unwilling = match admin {
            Admin::Wish(Want::Leave) if !plan.has(me) => Some(Unwilling::IsNoMember),
            Admin::Wish(Want::Leave) if self.is_last() => Some(Unwilling::IsLast),
            Admin::Wish(Want::Join | Want::Replace { .. }) if plan.has(me) => Some(Unwilling::IsMember),
            Admin::Abort if self.disk.members.wish(me).is_none() => Some(Unwilling::NothingUnderWay),
            Admin::Wish(_) | Admin::Abort | Admin::GiveUp(_) => None,
        };
        if let Some(why) = unwilling {
            return out.note(Note::Refused { why });
        }
        let want = match admin {
            Admin::Wish(want) => Some(want),
            Admin::Abort => None,
            Admin::GiveUp(node) => return self.give_up(now, node, out),
        };
        let wish = want.map(|want| Wish { boot: self.actor.boot, want });
        out.note(Note::Wished { want });
        if matches!(want, Some(Want::Join | Want::Replace { .. })) && self.disk.members.wish(me).is_none() {
            parts!(self, now, out => turn, place);
            for (key, versions) in self.transfers.drop_handed_over(turn, &mut self.disk, place.plan) {
                self.coordinator.remember(turn.rules(), self.actor, &key, &versions);
            }
        }
        self.membership.say(me, &mut self.disk.members, |own| own.wish = wish);
    }

    /// Would nobody be left without this node, as far as it knows? Those who are to leave are gone already, and those who are
    /// to join are here.
    fn is_last(&self) -> bool {
        let me = self.actor.node;
        let members = &self.disk.members;
        let leaves = |node: NodeId| members.wish(node) == Some(Want::Leave);
        let others = self.membership.plan().members().iter().filter(|member| **member != me);
        let joins = || members.ids().any(|node| members.wish(node) == Some(Want::Join));
        others.into_iter().all(|member| leaves(*member)) && !joins()
    }

    /// All others have left meanwhile, so it stays.
    #[inline(never)]
    fn stay_as_last(&mut self, out: &mut Outbox) {
        let me = self.actor.node;
        if self.disk.members.wish(me) == Some(Want::Leave) && self.is_last() {
            out.note(Note::Refused { why: Unwilling::IsLast });
            self.membership.say(me, &mut self.disk.members, |own| own.wish = None);
        }
    }

    /// The wish of a node that is down is over.
    fn give_up(&mut self, now: Now, node: NodeId, out: &mut Outbox) {
        if self.disk.members.wish(node).is_none()
            || claimant::claimant(&self.disk.members) != Some(self.actor.node)
        {
            return out.note(Note::Refused { why: Unwilling::NothingUnderWay });
        }
        let boot = claimant::last_boot(&self.membership, &self.disk.members, node);
        let plan = self.membership.plan().give_up(self.actor, node, boot);
        self.adopt(now, plan, out);
    }

    /// There is a newer plan.
    pub(super) fn follow(&mut self, now: Now, before: &Plan, out: &mut Outbox) {
        let plan = Arc::clone(self.membership.plan());
        let me = self.actor.node;
        out.set_epoch(plan.epoch());
        self.limit_replicas();
        self.membership.say(me, &mut self.disk.members, |own| own.epoch = plan.epoch());
        parts!(self, now, out => turn, place);
        claimant::tell(turn, before, &plan);
        self.transfers.on_plan(turn, &mut self.disk, before, place);
        if plan.pending().and_then(Change::node) == Some(me) && !plan.has(me) {
            // Whoever joins is not asked before a tombstone is collected: what an earlier attempt brought is not kept.
            for (key, versions) in self.transfers.drop_handed_over(turn, &mut self.disk, &plan) {
                self.coordinator.remember(turn.rules(), self.actor, &key, &versions);
            }
        }
        self.transfers.begin(turn, place);
        if self.transfers.is_complete(turn, place) {
            self.complete(out);
        }
    }

    #[inline(never)]
    fn adopt(&mut self, now: Now, plan: Plan, out: &mut Outbox) {
        if let Some(before) = self.membership.adopt(&mut self.disk.members, &Arc::new(plan)) {
            self.follow(now, &before, out);
        }
    }

    /// The settings are others: so may be who is asked for a range, and how many have to answer.
    #[inline(never)]
    pub(super) fn receive_otherwise(&mut self, now: Now, before: &Config, out: &mut Outbox) {
        parts!(self, now, out => turn, place);
        if self.config.stream_from != before.stream_from {
            self.transfers.begin(turn, place);
        }
        if self.transfers.is_complete(turn, place) {
            self.complete(out);
        }
    }

    fn complete(&mut self, out: &mut Outbox) {
        let rank = self.membership.plan().rank();
        out.note(Note::Complete { epoch: self.membership.plan().epoch() + 1 });
        let me = self.actor.node;
        self.membership.say(me, &mut self.disk.members, |own| own.complete = Some(rank));
    }

    /// Another node knows a later epoch than this one: it is asked for it, once.
    #[inline(never)]
    pub(super) fn chase(&mut self, now: Now, from: NodeId, epoch: u32, out: &mut Outbox) {
        if self.config.gossip.is_some() && self.membership.chases(epoch) {
            self.ask_for_news(now, from, out);
        }
    }

    fn ask_for_news(&mut self, now: Now, from: NodeId, out: &mut Outbox) {
        let Self { actor, config, disk, membership, gossip, detector, .. } = self;
        let ring = Arc::clone(membership.ring());
        let mut turn = Turn { me: actor.node, now, config, ring: &ring, detector, out };
        gossip.ask(&mut turn, &View { membership, members: &mut disk.members }, from);
    }

    #[inline(never)]
    pub(super) fn on_transfer(&mut self, now: Now, from: NodeId, transfer: Transfer, out: &mut Outbox) {
        let me = (self.actor, self.minted);
        if let Transfer::Ask { rank, .. } = &transfer
            && *rank > self.membership.plan().rank()
        {
            self.ask_for_news(now, from, out);
        }
        parts!(self, now, out => turn, place);
        match transfer {
            Transfer::Ask { rank, after } => {
                Transfers::on_ask(turn, &self.disk, place.plan, from, (rank, after));
            }
            Transfer::Batch { rank, after, keys, left } => {
                let batch = (rank, after, keys, left);
                if self.transfers.on_batch(turn, &mut self.disk, me, place, from, batch) {
                    self.complete(out);
                }
            }
            Transfer::Owed { batch, keys } => {
                Transfers::on_owed(turn, &mut self.disk, me, from, (batch, &keys));
                let given = keys.iter().map(|(key, _)| key);
                let given = given.filter(|key| !place.plan.owners(key, WHOLE).contains(&from));
                Transfers::on_given(turn, &mut self.disk, place.plan, given);
            }
        }
    }

    /// Brings everything up to date at the end of a turn.
    pub(super) fn settle_members(&mut self, now: Now, out: &mut Outbox) {
        self.follow_store(now, out);
        if self.config.gossip.is_none() {
            return;
        }
        if self.membership.plan().members() == [self.actor.node] {
            self.stay_as_last(out);
        }
        // A change that brings nobody anything takes effect at once, and then the next one may begin.
        while let Some(plan) = self.decide(now, out) {
            self.adopt(now, plan, out);
        }
        parts!(self, now, out => turn, place);
        self.transfers.ask(turn);
        for (key, versions) in self.transfers.settle_debts(turn, &mut self.disk, self.actor, place) {
            self.coordinator.remember(turn.rules(), self.actor, &key, &versions);
        }
        // The hash trees follow the ring of a new plan, and what has been dropped.
        self.follow_store(now, out);
    }

    /// The versions of these keys have changed: others may have to hear of it.
    pub(super) fn owe(&mut self, now: Now, changed: &[Key], out: &mut Outbox) {
        if changed.is_empty() {
            return;
        }
        parts!(self, now, out => turn, place);
        for key in changed {
            self.transfers.on_changed(turn, &mut self.disk, place, key);
        }
    }

    #[inline(never)]
    fn decide(&mut self, now: Now, out: &mut Outbox) -> Option<Plan> {
        self.membership.look_for_wishes(&self.disk.members);
        let plan = self.membership.plan();
        if !self.membership.wished() && plan.pending().is_none() && plan.replicas() == self.replicas {
            return None;
        }
        let Self { actor, config, disk, membership, detector, .. } = self;
        let turn = Turn { me: actor.node, now, config, ring: membership.ring(), detector, out };
        claimant::decide(&turn, membership, &disk.members, self.replicas)
    }
}

/// Why this node does not answer for the key to a request of that epoch, if it does not. Of whom a request of the same
/// epoch asks for a key that is not its own, it stands in for somebody.
pub(super) fn unserved(
    turn: &Turn<'_>,
    place: Place<'_>,
    key: &Key,
    epoch: u32,
    read: bool,
) -> Option<Unserved> {
    let own = place.plan.epoch();
    match place.standing(turn, key) {
        Standing::Receiving if read => Some(Unserved::NotReady),
        Standing::Owner | Standing::Receiving => None,
        Standing::Stranger if epoch < own => Some(Unserved::Moved),
        Standing::Stranger if epoch > own => Some(Unserved::NotReady),
        Standing::Stranger => None,
    }
}

/// The answer, or that there is none.
pub(super) fn or_not(answer: Message, why: Option<Unserved>) -> Message {
    let read = matches!(answer, Message::ReadReply { .. });
    match (why, answer.request()) {
        (Some(why), Some(request)) => Message::NotServed { request, read, why },
        (Some(_) | None, _) => answer,
    }
}

pub(super) const fn as_ignored(why: Unserved) -> Ignored {
    match why {
        Unserved::NotReady => Ignored::NotReady,
        Unserved::Moved => Ignored::Moved,
    }
}
