//! Hinted handoff: bringing hints home (Dynamo §4.6).
//!
//! As soon as the holder believes an owner up, it sends what it keeps for it, one batch at a time, and deletes each hint
//! **after** the owner's acknowledgement, and only if it has not changed since it was sent. A batch that is not
//! acknowledged within the coordinators' time limit is sent again, each time after twice the wait, up to
//! [`LONGEST_WAIT`](batch::LONGEST_WAIT) time limits. The hints lie on the disk ([`Hints`](super::hints::Hints)) and survive a crash; what is
//! under way does not.
//!
//! A hint expires [`crate::Config::hint_window`] after it was stored or last changed, by the holder's clock that never
//! goes back; while the holder is down the clock runs on, and what is over by then expires at its next start.
//!
//! Each hint that is stored is later one of: delivered, superseded (by a further write for the same owner and key, or
//! by hints for those who own the key now), expired, lost with its disk; or it is held.
//!
//! State: for each owner, the batch under way. Invariant: a batch number stands for one content, across starts
//! too, since the holder's boot is part of it: no late acknowledgement deletes what it does not speak of.

use super::batch;
use super::disk::Disk;
use super::message::{Kind, Message};
use super::note::{Ignored, Note};
use super::{Turn, Wake};
use crate::id::{Actor, Key, NodeId};
use crate::mutant::Mutant;
use crate::time::{Span, Time};
use crate::version::Siblings;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// What a holder of hints has under way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct HintedHandoff {
    homes: BTreeMap<NodeId, Home>,
    batches: u32,
}

/// The way home to one owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Home {
    /// The batch that is not acknowledged yet, and what it said.
    under_way: Option<(u64, Vec<(Key, Siblings)>)>,
    /// The next attempt is made then; none while the owner is believed down.
    next: Option<Time>,
    failures: u32,
}

impl HintedHandoff {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn next_wake(&self, disk: &Disk, window: Span) -> Option<(Time, Wake)> {
        if disk.hints.is_empty() {
            return None;
        }
        // An owner that has not been looked at since the start is looked at now.
        let due = |owner: NodeId| match self.homes.get(&owner) {
            Some(home) => home.next.map(|at| (at, Wake::Handoff(owner))),
            None => Some((Time::ZERO, Wake::Handoff(owner))),
        };
        let expiry = disk.hints.next_expiry(window).map(|at| (at, Wake::HintExpiry));
        disk.hints.owners().filter_map(due).chain(expiry).min()
    }

    /// Brings everything up to date at the end of a turn: drops what has expired, and sends what can go home.
    pub(super) fn settle(&mut self, turn: &mut Turn<'_>, disk: &mut Disk, actor: Actor) {
        for (owner, key) in disk.hints.expire(turn.now.mono, turn.config.hint_window) {
            // The same may be stored again; an acknowledgement from before is none of that one.
            if let Some(home) = self.homes.get_mut(&owner) {
                home.under_way.take_if(|(_, sent)| sent.iter().any(|(of, _)| *of == key));
            }
            turn.out.note(Note::HintExpired { owner, key });
        }
        if disk.hints.is_empty() {
            self.homes.clear();
            return;
        }
        pass_on(turn, disk);
        let hints = &disk.hints;
        self.homes.retain(|owner, _| hints.owners().any(|of| of == *owner));
        let owners: Vec<NodeId> = disk.hints.owners().collect();
        for owner in owners {
            let home = self.homes.entry(owner).or_default();
            if !turn.up(owner) {
                // What is under way may still be acknowledged.
                (home.next, home.failures) = (None, 0);
                continue;
            }
            if home.next.is_some_and(|at| at > turn.now.mono) {
                continue;
            }
            // It was believed down until now, or is tried for the first time, or has let its time pass.
            let in_vain = home.next.is_some() && home.under_way.is_some();
            home.failures = home.failures.saturating_add(u32::from(in_vain));
            let sent = batch::of(disk.hints.of(owner).map(|(key, hint)| (key, &hint.versions)));
            // The same once more keeps its number: a late acknowledgement is as good as a prompt one.
            let batch = match &home.under_way {
                Some((batch, before)) if *before == sent => *batch,
                Some(_) | None => {
                    self.batches += 1;
                    (u64::from(actor.boot) << 32) | u64::from(self.batches)
                }
            };
            home.next = Some(turn.now.mono + batch::wait(turn.config.timeout, home.failures));
            let (hints, failures) = (u32::try_from(sent.len()).unwrap_or(u32::MAX), home.failures);
            turn.out.note(Note::HintsSent { owner, hints, failures });
            turn.out.send(turn.me, owner, Message::Hint { batch, hints: sent.clone() });
            if turn.rules().broken(Mutant::DeletesHintsUnacknowledged) {
                for (key, _) in &sent {
                    disk.hints.remove(owner, key);
                    turn.out.note(Note::HintDelivered { owner, key: key.clone() });
                }
            }
            home.under_way = Some((batch, sent));
        }
    }

    /// The owner has merged a batch: those of its hints that have not changed since are deleted.
    #[inline(never)]
    pub(super) fn on_hint_ack(
        &mut self,
        turn: &mut Turn<'_>,
        disk: &mut Disk,
        from: NodeId,
        batch: u64,
        refused: &[Key],
    ) {
        let home = self.homes.get_mut(&from);
        let awaited = home.filter(|home| home.under_way.as_ref().is_some_and(|(sent, _)| *sent == batch));
        let Some((home, (_, sent))) = awaited.and_then(|home| home.under_way.take().map(|sent| (home, sent)))
        else {
            let why = Ignored::NoSuchBatch;
            return turn.out.note(Note::Ignored { kind: Kind::HintAck, from, request: None, why });
        };
        for (key, versions) in sent.into_iter().filter(|(key, _)| !refused.contains(key)) {
            if disk.hints.get(from, &key).is_some_and(|hint| hint.versions == versions) {
                disk.hints.remove(from, &key);
                turn.out.note(Note::HintDelivered { owner: from, key });
            }
        }
        if refused.is_empty() {
            (home.next, home.failures) = (None, 0);
        } else {
            home.failures = home.failures.saturating_add(1);
            home.next = Some(turn.now.mono + batch::wait(turn.config.timeout, home.failures));
        }
    }
}

/// The owner's side: merges the hints of a batch and acknowledges it. Gives the keys of which something is new here.
#[inline(never)]
pub(super) fn on_hint(
    turn: &mut Turn<'_>,
    disk: &mut Disk,
    (actor, minted): (Actor, u64),
    from: NodeId,
    (batch, hints): (u64, Vec<(Key, Siblings)>),
) -> Vec<Key> {
    let (mut refused, mut given) = (Vec::new(), Vec::new());
    for (key, versions) in hints {
        if versions.clock().get(actor) > minted {
            let why = Ignored::ClaimsFutureWrites;
            turn.out.note(Note::Ignored { kind: Kind::Hint, from, request: None, why });
            refused.push(key);
        } else {
            let changed = disk.keys.merge(turn.rules(), &key, &versions);
            if changed {
                given.push(key.clone());
            }
            turn.out.note(Note::HintMerged { from, key, changed });
        }
    }
    turn.out.send(turn.me, from, Message::HintAck { batch, refused });
    given
}

/// Hints for who has left the ring become hints for those who own the key now; where that is this node itself, it
/// takes them in.
fn pass_on(turn: &mut Turn<'_>, disk: &mut Disk) {
    let gone = |owner: &NodeId| turn.ring.members().binary_search(owner).is_err();
    let gone: Vec<NodeId> = disk.hints.owners().filter(gone).collect();
    for owner in gone {
        let keys: Vec<Key> = disk.hints.of(owner).map(|(key, _)| key.clone()).collect();
        for key in keys {
            let Some(hint) = disk.hints.remove(owner, &key) else { continue };
            turn.out.note(Note::HintPassedOn { owner, key: key.clone() });
            for to in turn.ring.preference(&key, turn.config.n) {
                if to == turn.me {
                    let changed = disk.keys.merge(turn.rules(), &key, &hint.versions);
                    turn.out.note(Note::HintMerged { from: to, key: key.clone(), changed });
                } else {
                    disk.hints.keep(turn, None, to, &key, &hint.versions);
                }
            }
        }
    }
}
