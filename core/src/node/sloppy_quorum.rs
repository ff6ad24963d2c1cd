//! Whose answers a request waits for: one slot for each replica of its key, and who stands in for whom (Dynamo §4.6).
//!
//! Under [`Quorum::Sloppy`] the candidates are the first N nodes of the walk that are believed up: a *fallback* stands
//! in for each owner that is not, in the order of the walk, and its answer counts as the owner's. Under
//! [`Quorum::Strict`] only the preference list counts; with hinted handoff a fallback still keeps the write for an
//! owner that is believed down, and its acknowledgement counts for nothing.
//!
//! State: of each slot its intended owner, who has been asked for it and who has answered. Invariants: a node is asked
//! for one slot at most, and a slot counts once, whoever of owner and fallbacks answers first.

use super::Turn;
use super::note::Note;
use crate::config::{PendingAcks, Quorum};
use crate::hash;
use crate::id::{Key, NodeId, RequestId};
use crate::mutant::Mutant;
use alloc::vec::Vec;

/// The slots of a request, in the order of the preference list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slots {
    slots: Vec<Slot>,
    /// Do the answers of fallbacks count?
    sloppy: bool,
    /// Who gets the write because the key is on its way to it, and whether it has answered: it has no slot.
    extra: Vec<(NodeId, bool)>,
    /// Do their acknowledgements count all the same ([`PendingAcks::Count`])?
    extra_counts: bool,
}

/// One slot: a place in the preference list, for a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Whose place it is.
    pub owner: NodeId,
    /// Who has been asked, in order: the owner, or a fallback for it; later perhaps another fallback.
    pub asked: Vec<NodeId>,
    /// Who of them has answered, in order.
    pub heard: Vec<NodeId>,
    /// Whose answer counts for it.
    pub counted: Option<NodeId>,
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// It counts for its slot.
    Counts,
    /// The node is going to own the key: the write has no need of it.
    Extra,
    /// It tells what the node holds and counts for nothing.
    Nothing {
        /// The owner of its slot.
        owner: NodeId,
    },
    /// The node was not asked, or has answered before.
    NotAwaited,
}

impl Slots {
    /// The slots of a request for `key`, as this node believes at the moment. `write`: a put or delete, of which hints
    /// are kept.
    pub(super) fn new(turn: &Turn<'_>, key: &Key, write: bool) -> Self {
        let sloppy = turn.config.quorum == Quorum::Sloppy;
        let mut walk = turn.ring.walk(hash::position(key)).map(|token| token.node);
        let slot = |owner| {
            let asked = if turn.up(owner) { Vec::from([owner]) } else { Vec::new() };
            Slot { owner, asked, heard: Vec::new(), counted: None }
        };
        let mut slots: Vec<Slot> = walk.by_ref().take(turn.config.n as usize).map(slot).collect();
        if sloppy || (write && turn.config.hinted_handoff) {
            let mut fallbacks = walk.filter(|node| turn.up(*node));
            for slot in slots.iter_mut().filter(|slot| slot.asked.is_empty()) {
                slot.asked.extend(fallbacks.next());
            }
        }
        let broken = turn.config.health.is(Mutant::CountsPendingOwners);
        let extra_counts = broken || turn.config.pending_acks == PendingAcks::Count;
        Self { slots, sloppy, extra: Vec::new(), extra_counts }
    }

    /// A write goes to these, too, where they are believed up and have no slot: the key is on its way to them.
    pub(super) fn add_extra(&mut self, turn: &Turn<'_>, receivers: impl Iterator<Item = NodeId>) {
        for node in receivers.filter(|node| *node != turn.me && turn.up(*node)) {
            if !self.owns(node) && !self.asked().any(|(asked, _)| asked == node) {
                self.extra.push((node, false));
            }
        }
    }

    /// Who gets the write besides the slots.
    pub(super) fn extra(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.extra.iter().map(|(node, _)| *node)
    }

    /// The slots, in the order of the preference list.
    #[must_use]
    pub fn as_slice(&self) -> &[Slot] {
        &self.slots
    }

    /// The preference list.
    pub fn owners(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.slots.iter().map(|slot| slot.owner)
    }

    /// Is this node one of the preference list?
    #[must_use]
    pub fn owns(&self, node: NodeId) -> bool {
        self.slots.iter().any(|slot| slot.owner == node)
    }

    /// How many slots there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        u32::try_from(self.slots.len()).expect("a preference list has at most N nodes")
    }

    /// Are there none? Only on an empty ring.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many slots have someone whose answer would count.
    pub(super) fn candidates(&self) -> u32 {
        self.slots
            .iter()
            .map(|slot| u32::from(slot.asked.iter().any(|node| self.would_count(slot, *node))))
            .sum()
    }

    /// May this node coordinate? Then its answer would count.
    pub(super) fn may_coordinate(&self, node: NodeId) -> bool {
        self.slots.iter().any(|slot| slot.asked.contains(&node) && self.would_count(slot, node))
    }

    /// The first node of the walk that may coordinate.
    pub(super) fn first(&self) -> Option<NodeId> {
        let owner = self.slots.iter().find(|slot| slot.asked.contains(&slot.owner)).map(|slot| slot.owner);
        let fallback = || self.slots.iter().flat_map(|slot| slot.asked.iter().copied()).next();
        owner.or_else(|| if self.sloppy { fallback() } else { None })
    }

    /// Everybody that has been asked: the node, and for whom it stands in.
    pub(super) fn asked(&self) -> impl Iterator<Item = (NodeId, Option<NodeId>)> + '_ {
        self.slots.iter().flat_map(|slot| {
            slot.asked.iter().map(|node| (*node, (*node != slot.owner).then_some(slot.owner)))
        })
    }

    /// For whom this node stands in.
    pub(super) fn stands_in_for(&self, node: NodeId) -> Option<NodeId> {
        self.asked().find(|(asked, _)| *asked == node).and_then(|(_, owner)| owner)
    }

    /// Says who stands in for whom.
    pub(super) fn tell(&self, turn: &mut Turn<'_>, request: RequestId) {
        for (fallback, owner) in self.asked() {
            if let Some(owner) = owner {
                self.tell_one(turn, request, fallback, owner);
            }
        }
    }

    fn tell_one(&self, turn: &mut Turn<'_>, request: RequestId, fallback: NodeId, owner: NodeId) {
        let believed_up = turn.up(owner);
        turn.out.note(Note::StandsIn { request, fallback, owner, believed_up, counts: self.sloppy });
    }

    /// Takes in an answer.
    pub(super) fn answered(&mut self, from: NodeId) -> Worth {
        if let Some((_, heard)) = self.extra.iter_mut().find(|(node, heard)| *node == from && !heard) {
            *heard = true;
            return if self.extra_counts { Worth::Counts } else { Worth::Extra };
        }
        let asked = |slot: &&mut Slot| slot.asked.contains(&from) && !slot.heard.contains(&from);
        let Some(slot) = self.slots.iter_mut().find(asked) else { return Worth::NotAwaited };
        slot.heard.push(from);
        if slot.counted.is_some() || !(self.sloppy || from == slot.owner) {
            return Worth::Nothing { owner: slot.owner };
        }
        slot.counted = Some(from);
        Worth::Counts
    }

    /// Hands each slot from which nothing has been heard to the next fallback. Returns them with the owners.
    pub(super) fn hand_on(
        &mut self,
        turn: &mut Turn<'_>,
        key: &Key,
        request: RequestId,
    ) -> Vec<(NodeId, NodeId)> {
        let beyond = turn.ring.walk(hash::position(key)).map(|token| token.node).skip(self.slots.len());
        let free = |node: &NodeId| {
            turn.up(*node)
                && !self.asked().any(|(asked, _)| asked == *node)
                && self.extra().all(|extra| extra != *node)
        };
        let silent = self.slots.iter().filter(|slot| slot.heard.is_empty());
        let handed = silent.map(|slot| slot.owner).zip(beyond.filter(free));
        let handed: Vec<(NodeId, NodeId)> = handed.map(|(owner, fallback)| (fallback, owner)).collect();
        for (fallback, owner) in &handed {
            for slot in self.slots.iter_mut().filter(|slot| slot.owner == *owner) {
                slot.asked.push(*fallback);
            }
            self.tell_one(turn, request, *fallback, *owner);
        }
        handed
    }

    /// Has everybody answered that anything can be expected of?
    pub(super) fn complete(&self) -> bool {
        let settled = |slot: &Slot| slot.counted.is_some() || slot.asked.len() == slot.heard.len();
        self.slots.iter().all(settled) && self.extra.iter().all(|(_, heard)| *heard)
    }

    /// The owners of the slots for which nothing counted, in ring order.
    pub(super) fn silent(&self) -> Vec<NodeId> {
        self.slots.iter().filter(|slot| slot.counted.is_none()).map(|slot| slot.owner).collect()
    }

    fn would_count(&self, slot: &Slot, node: NodeId) -> bool {
        node == slot.owner || self.sloppy
    }
}
