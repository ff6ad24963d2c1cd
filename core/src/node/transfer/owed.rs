//! What a node owes the owners of keys that it gives up.
//!
//! While a change is under way, the giver of a range owes its receiver every version that it merges; after the change, an
//! earlier owner that still gets writes owes them to all owners. Debts are durable, are paid in batches that are sent until
//! they are acknowledged, and are kept after the change. A node drops a key that it does not own any more only if it owes
//! nobody any of it, and once every member that it believes up knows of the change.
//!
//! State: the debts ([`Owed`]), on the disk; the batches under way. Invariant: of a key that a node holds and has nothing to
//! do with, either it owes somebody or those who own it have all that it has. So no copy goes before another is there,
//! whichever way plans follow each other.

use super::{Place, Standing, Transfer, Transfers, WHOLE, merge};
use crate::config::StreamFrom;
use crate::id::{Actor, Key, NodeId};
use crate::mutant::Mutant;
use crate::node::disk::Disk;
use crate::node::message::{Kind, Message};
use crate::node::note::{Ignored, Note};
use crate::node::plan::Plan;
use crate::node::{Turn, batch};
use crate::order;
use crate::time::Time;
use crate::version::Siblings;
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The keys of which a node owes others what it has: to whom, and which. Shared until changed, so a copy costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Owed {
    keys: Arc<BTreeSet<(NodeId, Key)>>,
}

/// What is under way to one creditor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Paying {
    /// The batch that is not acknowledged yet, and what it said.
    under_way: Option<(u64, Vec<(Key, Siblings)>)>,
    /// It is sent again then.
    pub(super) again: Option<Time>,
    failures: u32,
}

impl Owed {
    /// To whom, and which key, in this order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Key)> {
        self.keys.iter().map(|(to, key)| (*to, key))
    }

    /// Is anything of this key owed?
    #[must_use]
    pub fn has(&self, key: &Key) -> bool {
        self.keys.iter().any(|(_, owed)| owed == key)
    }

    /// Nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn add(&mut self, to: NodeId, key: &Key) {
        let debt = (to, key.clone());
        if !self.keys.contains(&debt) {
            Arc::make_mut(&mut self.keys).insert(debt);
        }
    }

    fn remove(&mut self, to: NodeId, key: &Key) {
        Arc::make_mut(&mut self.keys).remove(&(to, key.clone()));
    }

    fn creditors(&self) -> BTreeSet<NodeId> {
        order::inserted(self.keys.iter().map(|(to, _)| *to))
    }

    fn to(&self, creditor: NodeId) -> impl Iterator<Item = &Key> {
        self.keys
            .range((creditor, Key::new(""))..)
            .take_while(move |(to, _)| *to == creditor)
            .map(|(_, key)| key)
    }
}

impl Transfers {
    /// After a start: finds the keys that this node has nothing to do with any more.
    pub(in crate::node) fn look(&mut self, turn: &Turn<'_>, disk: &Disk, place: Place<'_>) {
        let stranger = |key: &&Key| place.planned(turn.me, key) == Standing::Stranger;
        self.strange = order::inserted(disk.keys.iter().map(|(key, _)| key).filter(stranger).cloned());
    }

    /// The versions of a key have changed here. Without gossip nothing is paid, and more nodes than the plan says may take
    /// a write for their own: what they owe then is paid once there is gossip again.
    pub(in crate::node) fn on_changed(
        &mut self,
        turn: &Turn<'_>,
        disk: &mut Disk,
        place: Place<'_>,
        key: &Key,
    ) {
        if disk.keys.get(key).is_none() {
            return;
        }
        let planned = place.planned(turn.me, key);
        if turn.config.gossip.is_none() && !place.plan.owners(key, WHOLE).contains(&turn.me) {
            owe_all(turn, disk, place.plan, key);
        }
        match planned {
            Standing::Receiving => {}
            Standing::Owner => {
                let gives = |to: &&super::Move| to.from == Some(turn.me);
                let silent = turn.config.stream_from == StreamFrom::Any
                    || turn.config.health.is(Mutant::DoesNotForward);
                for moved in place.plan.moving(key).iter().filter(gives).filter(|_| !silent) {
                    disk.owed.add(moved.to, key);
                }
            }
            Standing::Stranger => {
                self.strange.insert(key.clone());
                owe_all(turn, disk, place.plan, key);
            }
        }
    }

    /// Who sent these versions, and does not own them, forgets them once they are acknowledged. A node that is only to
    /// become an owner may never do so: it owes them to those who are.
    pub(in crate::node) fn on_given<'k>(
        turn: &Turn<'_>,
        disk: &mut Disk,
        plan: &Plan,
        keys: impl Iterator<Item = &'k Key>,
    ) {
        for key in keys {
            let owners = plan.owners(key, WHOLE);
            if !owners.contains(&turn.me) && plan.moving(key).iter().any(|moved| moved.to == turn.me) {
                owe_all(turn, disk, plan, key);
            }
        }
    }

    /// There is another plan: what does that make of the keys that are here?
    pub(in crate::node) fn on_plan(
        &mut self,
        turn: &Turn<'_>,
        disk: &mut Disk,
        before: &Plan,
        place: Place<'_>,
    ) {
        self.strange.clear();
        let keys: Vec<Key> = disk.keys.iter().map(|(key, _)| key.clone()).collect();
        let moves = Follows { me: turn.me, before, plan: place.plan };
        for key in &keys {
            // Also without gossip: what is owed then is paid once there is gossip again.
            match place.planned(turn.me, key) {
                Standing::Owner => {
                    let owes = |to: NodeId| {
                        place
                            .plan
                            .moving(key)
                            .iter()
                            .any(|moved| moved.to == to && moved.from == Some(turn.me))
                    };
                    for to in creditors_of(disk, key).into_iter().filter(|to| !owes(*to)) {
                        disk.owed.remove(to, key);
                    }
                }
                // Who was an owner and is to be one again may hold what nobody else has, and that change may yet be
                // given up: what a receiver holds is owed like what a stranger holds.
                standing @ (Standing::Receiving | Standing::Stranger) => {
                    let handed_over = moves.handed_over(key);
                    if standing == Standing::Stranger || (handed_over && !place.plan.has(turn.me)) {
                        self.strange.insert(key.clone());
                    }
                    if handed_over {
                        retarget(turn, disk, place.plan, key);
                    } else {
                        owe_all(turn, disk, place.plan, key);
                    }
                }
            }
        }
    }

    /// Sends what is owed, and drops what is not needed here any more: that is returned.
    pub(in crate::node) fn settle_debts(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        actor: Actor,
        place: Place<'_>,
    ) -> Vec<(Key, Siblings)> {
        if !disk.owed.is_empty() || !self.paying.is_empty() {
            self.pay(turn, disk, actor);
        }
        if self.strange.is_empty() || turn.config.gossip.is_none() {
            return Vec::new();
        }
        self.drop_strange(turn, disk, place)
    }

    /// Someone else has sent what it owes.
    pub(in crate::node) fn on_owed(
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        me: (Actor, u64),
        from: NodeId,
        (batch, keys): (u64, &[(Key, Siblings)]),
    ) {
        merge(turn, disk, me, from, keys);
        let keys = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        turn.out.note(Note::OwedReceived { from, keys });
        turn.out.send(turn.me, from, Message::TransferAck { batch });
    }

    /// A creditor has merged a batch: of what has not changed since, nothing is owed any more.
    pub(in crate::node) fn on_ack(&mut self, turn: &mut Turn<'_>, disk: &mut Disk, from: NodeId, batch: u64) {
        let paying = self.paying.get_mut(&from);
        let awaited =
            paying.filter(|paying| paying.under_way.as_ref().is_some_and(|(sent, _)| *sent == batch));
        let Some((_, sent)) = awaited.and_then(|paying| core::mem::take(paying).under_way) else {
            let why = Ignored::NotAwaited;
            return turn.out.note(Note::Ignored { kind: Kind::TransferAck, from, request: None, why });
        };
        for (key, versions) in sent {
            if disk.keys.get(&key) == Some(&versions) {
                disk.owed.remove(from, &key);
            }
        }
    }

    #[inline(never)]
    fn pay(&mut self, turn: &mut Turn<'_>, disk: &mut Disk, actor: Actor) {
        // A tombstone may have been collected meanwhile: nothing is left to be handed over.
        let gone = disk.owed.iter().filter(|(_, key)| disk.keys.get(key).is_none());
        for (to, key) in gone.map(|(to, key)| (to, key.clone())).collect::<Vec<_>>() {
            disk.owed.remove(to, &key);
        }
        let creditors = disk.owed.creditors();
        self.paying.retain(|to, _| creditors.contains(to));
        for to in creditors {
            let paying = self.paying.entry(to).or_default();
            if !turn.up(to) {
                // What is under way may still be acknowledged.
                (paying.again, paying.failures) = (None, 0);
                continue;
            }
            match paying.again {
                Some(again) if again > turn.now.mono => continue,
                Some(_) => paying.failures = paying.failures.saturating_add(1),
                None => {}
            }
            let sent = batch::of(disk.owed.to(to).filter_map(|key| Some((key, disk.keys.get(key)?))));
            // The same once more keeps its number: a late acknowledgement is as good as a prompt one.
            let batch = match &paying.under_way {
                Some((batch, before)) if *before == sent => *batch,
                Some(_) | None => {
                    self.batches += 1;
                    (u64::from(actor.boot) << 32) | u64::from(self.batches)
                }
            };
            paying.again = Some(turn.now.mono + batch::wait(turn.config.timeout, paying.failures));
            let keys = u32::try_from(sent.len()).unwrap_or(u32::MAX);
            turn.out.note(Note::OwedSent { to, keys, failures: paying.failures });
            turn.out.send(turn.me, to, Message::Transfer(Transfer::Owed { batch, keys: sent.clone() }));
            paying.under_way = Some((batch, sent));
        }
    }

    /// Who is no member keeps its disk as it is, until it is to become one again.
    fn drop_strange(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        place: Place<'_>,
    ) -> Vec<(Key, Siblings)> {
        let Place { plan, members } = place;
        let knows = |node: NodeId| members.get(node).is_some_and(|member| member.epoch >= plan.epoch());
        if !plan.has(turn.me) || !plan.members().iter().all(|node| !turn.up(*node) || knows(*node)) {
            return Vec::new();
        }
        self.drop_handed_over(turn, disk, plan)
    }

    /// Drops the keys that this node has nothing to do with and owes nobody: those who own them have all of it. Gives what
    /// was there. One that becomes a member again must not bring back what others have forgotten on purpose meanwhile.
    #[inline(never)]
    pub(in crate::node) fn drop_handed_over(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        plan: &Plan,
    ) -> Vec<(Key, Siblings)> {
        let early = turn.config.health.is(Mutant::DropsBeforeAcknowledged);
        let owed: BTreeSet<&Key> = order::inserted(disk.owed.iter().map(|(_, key)| key).filter(|_| !early));
        let (stay, go): (BTreeSet<Key>, BTreeSet<Key>) =
            core::mem::take(&mut self.strange).into_iter().partition(|key| owed.contains(key));
        self.strange = stay;
        let mut dropped = Vec::new();
        for key in &go {
            for to in creditors_of(disk, key) {
                disk.owed.remove(to, key);
            }
            dropped.extend(disk.keys.remove(key).map(|versions| (key.clone(), versions)));
        }
        if !go.is_empty() {
            turn.out.note(Note::RangeDropped { epoch: plan.epoch(), keys: go.into_iter().collect() });
        }
        dropped
    }
}

/// How one plan follows another, for a key that this node has nothing to do with any more.
struct Follows<'a> {
    me: NodeId,
    before: &'a Plan,
    plan: &'a Plan,
}

impl Follows<'_> {
    /// Do those who own the key have all that was here under the earlier plan, but for what is still owed?
    fn handed_over(&self, key: &Key) -> bool {
        let Self { me, before, plan } = *self;
        let moving = before.moving(key);
        let received = moving.iter().any(|moved| moved.to == me);
        let given = moving.iter().any(|moved| moved.from == Some(me));
        let (past, log) = (before.log(), plan.log());
        // The change that was under way was given up: what had been received of it is still where it came from.
        let aborted = log.starts_with(past) && log.get(past.len()) != before.pending();
        // It took effect: whoever got the key has it, and all that has been owed and acknowledged since.
        let switched =
            log.starts_with(past) && log.get(past.len()) == before.pending() && before.pending().is_some();
        match before.owners(key, WHOLE).contains(&me) {
            true => given && switched,
            false if received => aborted,
            false => true,
        }
    }
}

/// What is owed to a node that does not own the key any more is owed to those who do.
fn retarget(turn: &Turn<'_>, disk: &mut Disk, plan: &Plan, key: &Key) {
    let owners = plan.owners(key, WHOLE);
    let gone: Vec<NodeId> = creditors_of(disk, key).into_iter().filter(|to| !owners.contains(to)).collect();
    for to in &gone {
        disk.owed.remove(*to, key);
    }
    if !gone.is_empty() {
        owe_all(turn, disk, plan, key);
    }
}

fn owe_all(turn: &Turn<'_>, disk: &mut Disk, plan: &Plan, key: &Key) {
    for owner in plan.owners(key, WHOLE).into_iter().filter(|owner| *owner != turn.me) {
        disk.owed.add(owner, key);
    }
}

fn creditors_of(disk: &Disk, key: &Key) -> Vec<NodeId> {
    disk.owed.iter().filter(|(_, owed)| *owed == key).map(|(to, _)| to).collect()
}
