//! Scenario files: what they say, and what is wrong with them, by line and column.

mod action;
pub mod builtin;
mod cluster;
mod delay;
mod error;
mod expect;
mod fault;
mod file;
mod lesson;
mod load;
mod network;
mod nodes;
mod ops;
mod read;
mod step;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod write;

pub use builtin::{BUILTIN, builtin};
pub use delay::delay;
pub use error::ScenarioError;
pub use value::span;
pub(crate) use {
    action::MAX_COUNT, cluster::MAX_NAME, expect::MAX_EXPECTATIONS, fault::MAX_FACTOR, step::MAX_STEPS,
    value::MAX_PHI, value::MAX_SPAN, value::MIN_INTERVAL,
};

use crate::act::Act;
use crate::check::{Claim, Verdict};
use crate::lesson::Lesson;
use crate::setup::Setup;
use crate::trace::{Hinted, OpOutcome};
use ringside_core::{Key, NodeId, Span, Time};

/// A whole scenario file, resolved: every node is known, every limit is held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario {
    /// Its title; empty where the file gives none.
    pub title: String,
    /// What it is about, in Markdown; empty where the file does not say.
    pub about: String,
    /// What the run starts from.
    pub setup: Setup,
    /// When the run ends; until quiet where the file does not say.
    pub until: Option<Span>,
    /// What is done, in file order.
    pub steps: Vec<Step>,
    /// What must then be true, in file order.
    pub expectations: Vec<Expectation>,
    /// What it teaches, and how; none where it is no lesson. The run does not depend on it.
    pub lesson: Option<Lesson>,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub when: When,
    /// What.
    pub act: Act,
    /// The narration once it has happened.
    pub say: Option<String>,
}

/// When a step happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At this simulated time.
    At(Time),
    /// When this operation has ended, whatever the outcome, plus a while.
    After {
        /// The operation's name.
        op: String,
        /// The while.
        plus: Span,
    },
}

/// What must be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// At this time; at the end where the file does not say.
    pub at: Option<Time>,
    /// What.
    pub what: Expected,
}

/// The subject of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// How an operation ended.
    Operation {
        /// Its name.
        id: String,
        /// How it ended.
        outcome: Option<OpOutcome>,
        /// What a get returned, sorted.
        values: Option<Vec<String>>,
        /// Whose answers counted, in any order.
        replies: Option<Vec<NodeId>>,
        /// Who keeps the write for whom as a hint, in any order.
        hinted: Option<Vec<Hinted>>,
    },
    /// What a judge says.
    Claim {
        /// Which judge.
        claim: Claim,
        /// What it says.
        verdict: Verdict,
    },
    /// What a node stores.
    Stored {
        /// For this key.
        key: Key,
        /// This node.
        node: NodeId,
        /// These values, sorted; none at all means nothing or only tombstones.
        values: Vec<String>,
    },
    /// How many hints are held in the whole cluster.
    Hints(u64),
}
