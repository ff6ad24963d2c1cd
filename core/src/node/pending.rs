//! One request under way at its coordinator: who has been heard, and what that amounts to.

use super::Turn;
use super::note::Note;
use super::outbox::{Answer, Outcome};
use super::read_repair::Gathered;
use super::sloppy_quorum::{Slots, Worth};
use crate::config::ReadRepair;
use crate::id::{Key, NodeId, RequestId};
use crate::mutant::Mutant;
use crate::time::Time;
use crate::version::{Rules, Siblings};
use alloc::vec::Vec;

/// One request under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    pub(super) key: Key,
    pub(super) slots: Slots,
    pub(super) need: u32,
    /// When its silent slots go to fallbacks, if they do.
    pub(super) half_time: Option<Time>,
    pub(super) deadline: Time,
    pub(super) answered: bool,
    pub(super) read_repair: ReadRepair,
    /// Whose answers counted before the client was told.
    pub(super) counted: Vec<NodeId>,
    /// Whose answers have come at all.
    pub(super) heard: Vec<NodeId>,
    pub(super) work: Work,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// The versions that resulted from the coordinator's own write.
    Put(Siblings),
    Get(Gathered),
}

impl Pending {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Its slots, in the order of the preference list.
    #[must_use]
    pub const fn slots(&self) -> &Slots {
        &self.slots
    }

    /// Answers needed.
    #[must_use]
    pub const fn need(&self) -> u32 {
        self.need
    }

    /// Whose answers have come, in the order they came.
    #[must_use]
    pub fn heard(&self) -> &[NodeId] {
        &self.heard
    }

    /// When the coordinator gives up.
    #[must_use]
    pub const fn deadline(&self) -> Time {
        self.deadline
    }

    /// Has the client been told?
    #[must_use]
    pub const fn answered(&self) -> bool {
        self.answered
    }

    /// What a replica answered to a get.
    #[must_use]
    pub fn reply_of(&self, node: NodeId) -> Option<&Siblings> {
        match &self.work {
            Work::Put(_) => None,
            Work::Get(gathered) => gathered.replies().get(&node),
        }
    }

    /// Takes in an answer, early or late. False if it was not awaited.
    pub(super) fn count(&mut self, turn: &mut Turn<'_>, request: RequestId, from: NodeId) -> bool {
        let mut worth = self.slots.answered(from);
        let fallback = matches!(worth, Worth::Nothing { .. });
        let again = worth == Worth::NotAwaited && self.heard.contains(&from);
        let broken = |mutant| turn.rules().broken(mutant);
        if (fallback && broken(Mutant::CountsFallbacks)) || (again && broken(Mutant::CountsAnswersTwice)) {
            worth = Worth::Counts;
        }
        match worth {
            Worth::NotAwaited => return false,
            Worth::Extra => turn.out.note(Note::ExtraAck { request, from }),
            Worth::Nothing { owner } => turn.out.note(Note::NotCounted { request, from, owner }),
            Worth::Counts if self.answered || self.counted_enough() => {
                turn.out.note(Note::CountedLate { request, from });
            }
            Worth::Counts => {
                self.counted.push(from);
                turn.out.note(Note::Counted { request, from, have: self.have(), need: self.need });
            }
        }
        self.heard.push(from);
        true
    }

    pub(super) fn have(&self) -> u32 {
        u32::try_from(self.counted.len()).expect("at most one answer a slot counts")
    }

    pub(super) fn counted_enough(&self) -> bool {
        self.have() >= self.need
    }

    pub(super) fn answer(&mut self, turn: &mut Turn<'_>, request: RequestId, outcome: Outcome) {
        self.answered = true;
        turn.out.note(Note::Answered { request, outcome: outcome.clone() });
        turn.out.reply(request, Answer { outcome, replies: self.counted.clone() });
    }

    /// R slots of a later get out of N always include one of N − R + 1.
    pub(super) fn holders_needed(&self) -> u32 {
        self.slots.len() + 1 - self.need
    }

    pub(super) fn out_of_time(&self, rules: Rules) -> Outcome {
        match &self.work {
            Work::Get(gathered) if gathered.returned.is_some() => {
                Outcome::NotRepaired { have: gathered.holders(rules), need: self.holders_needed() }
            }
            Work::Get(_) | Work::Put(_) => Outcome::TimedOut { have: self.have(), need: self.need },
        }
    }

    pub(super) fn complete(&self) -> bool {
        self.answered && self.slots.complete()
    }
}
