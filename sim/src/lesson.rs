//! Lessons: where the playing of a scenario pauses, what is asked and told there, and what the visitor is to do.
//!
//! A lesson says nothing about the run itself: with or without it the same happens. Where a stop stands follows from the
//! run on hand, so a lesson goes on on whatever branch the visitor's act makes; nothing is kept but the recording.

use crate::act::{Act, Operation, OperationKind};
use crate::recording::Recording;
use crate::scenario::{Expected, When};
use crate::trace::Op;
use ringside_core::{NodeId, Span, Time};

/// The part of a scenario that teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its place in the list of lessons, 1 to [`Lesson::MAX_NUMBER`].
    pub number: u32,
    /// Where playing pauses, in the order of time; 1 to [`Lesson::MAX_STOPS`].
    pub stops: Vec<Stop>,
}

/// One place where playing pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When; what happens by itself at that very moment has happened.
    pub when: When,
    /// A few words, for its marker.
    pub name: String,
    /// What is told there.
    pub say: String,
    /// What is asked.
    pub question: Option<Question>,
    /// What the visitor is to do.
    pub task: Option<Task>,
}

/// Something to predict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// 2 to [`Lesson::MAX_CHOICES`] answers.
    pub choices: Vec<String>,
    /// Which of them is right, from 1.
    pub answer: u32,
    /// Why it is.
    pub because: String,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// What, in words.
    pub ask: String,
    /// How it is done for those who would rather watch.
    pub way: Way,
    /// What must then be so; none where having done it is all.
    pub done: Option<Expected>,
    /// What was seen, once it is done; may be empty.
    pub then: String,
}

/// How a task is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By acts, one after the other; 1 to [`Lesson::MAX_DEEDS`].
    Deeds(Vec<Deed>),
    /// By selecting these nodes, in any order.
    Select(Vec<NodeId>),
    /// By starting the run again with so many tokens a node.
    Vnodes(u32),
}

/// An act by hand, and how long after the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// So long.
    pub plus: Span,
    /// What is done. An operation whose name is taken by then gets another one.
    pub act: Act,
}

/// Where in a run a stop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// After so many events.
    pub position: u64,
    /// At this time.
    pub at: Time,
}

impl Lesson {
    /// The highest number of a lesson.
    pub const MAX_NUMBER: u32 = 64;
    /// The most stops.
    pub const MAX_STOPS: usize = 64;
    /// The most answers to choose from.
    pub const MAX_CHOICES: usize = 5;
    /// The most acts of one task.
    pub const MAX_DEEDS: usize = 32;
    /// The longest name of a stop, in bytes.
    pub const MAX_NAME: usize = 60;
    /// The longest answer to choose, in bytes.
    pub const MAX_CHOICE: usize = 200;
    /// The longest of all other texts, in bytes.
    pub const MAX_TEXT: usize = 1_000;

    /// Every act of every task.
    pub fn deeds(&self) -> impl Iterator<Item = &Deed> {
        self.stops.iter().flat_map(Stop::deeds)
    }

    /// Where each stop stands in this run, as far as it is known; none where the run has not come so far, or what the stop
    /// waits for has not happened. A stop later than the end of a run that is over stands at its end.
    #[must_use]
    pub fn spots(&self, recording: &Recording) -> Vec<Option<Spot>> {
        let spot = |stop: &Stop| {
            let at = match &stop.when {
                When::At(at) => *at,
                When::After { op, plus } => self.op(recording, op)?.end.as_ref()?.at + *plus,
            };
            if at > recording.ended() && !recording.finished() {
                return None;
            }
            // What is done by hand at this moment comes after the stop.
            let by_hand = recording.acts().iter().find(|placed| placed.at >= at);
            let position = recording.position_at(at);
            let position = by_hand.map_or(position, |placed| position.min(placed.after));
            Some(Spot { position, at: at.min(recording.ended()) })
        };
        self.stops.iter().map(spot).collect()
    }

    /// The operation of that name; for one of a task also another one of the same kind on the same key, by hand, since a
    /// visitor cannot choose names.
    pub(crate) fn op<'r>(&self, recording: &'r Recording, id: &str) -> Option<&'r Op> {
        let ops = &recording.trace().ops;
        if let Some(op) = recording.trace().op_named(id) {
            return Some(op);
        }
        let by_hand = recording.acts().iter().rev().filter_map(|placed| operation(&placed.act));
        let alike = by_hand.filter(|operation| self.stands_for(operation, id));
        alike.filter_map(|operation| ops.iter().find(|op| op.id == operation.id)).next()
    }

    /// Does this operation ask for what the one of that name in a task asks for?
    pub(crate) fn stands_for(&self, operation: &Operation, id: &str) -> bool {
        let mut named =
            self.deeds().filter_map(|deed| self::operation(&deed.act)).filter(|deed| deed.id == id);
        named.any(|deed| is_alike(deed, operation))
    }
}

impl Stop {
    /// The acts of its task.
    pub fn deeds(&self) -> impl Iterator<Item = &Deed> {
        let deeds = match &self.task {
            Some(Task { way: Way::Deeds(deeds), .. }) => &deeds[..],
            Some(Task { way: Way::Select(_) | Way::Vnodes(_), .. }) | None => &[],
        };
        deeds.iter()
    }
}

impl Deed {
    /// The act as it can be done now: its operation has a name that is not taken.
    #[must_use]
    pub fn act(&self, recording: &Recording) -> Act {
        let mut act = self.act.clone();
        if let Act::Operation(operation) = &mut act
            && recording.is_taken(&operation.id)
        {
            operation.id = recording.next_op_id();
        }
        act
    }
}

/// The operation, if the act is one.
const fn operation(act: &Act) -> Option<&Operation> {
    if let Act::Operation(operation) = act { Some(operation) } else { None }
}

/// Do both ask for the same?
fn is_alike(one: &Operation, other: &Operation) -> bool {
    let kind = |operation: &Operation| match operation.kind {
        OperationKind::Get => 0,
        OperationKind::Put { .. } => 1,
        OperationKind::Delete { .. } => 2,
    };
    one.key == other.key && kind(one) == kind(other)
}
