//! The judges. Each claim has a file of its own and reads what happened ([`Trace`]) and what is stored
//! ([`Snapshot`]), never a node's insides.

use crate::setup::Setup;
use crate::snapshot::Snapshot;
use crate::trace::Trace;
use ringside_core::NodeId;

/// Something a store may promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// `fresh-reads`
    FreshReads,
    /// `read-your-writes`
    ReadYourWrites,
    /// `monotonic-reads`
    MonotonicReads,
    /// `linearizable`
    Linearizable,
    /// `no-lost-writes`
    NoLostWrites,
    /// `unique-dots`
    UniqueDots,
}

/// What a judge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It was true of this run.
    Holds,
    /// It was not.
    Broken,
    /// There was nothing to judge.
    NotApplicable,
}

/// A verdict with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Of what.
    pub claim: Claim,
    /// What was found.
    pub verdict: Verdict,
    /// Does this configuration promise it?
    pub owed: bool,
    /// The operations that show it, by name, in the order of the story.
    pub ops: Vec<String>,
    /// The nodes that show it.
    pub nodes: Vec<NodeId>,
    /// Sentences that a reader can follow.
    pub why: String,
}

impl Claim {
    /// Every claim that can be judged, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::FreshReads,
        Self::ReadYourWrites,
        Self::MonotonicReads,
        Self::Linearizable,
        Self::NoLostWrites,
        Self::UniqueDots,
    ];

    /// Its name in scenarios, JSON and on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FreshReads => "fresh-reads",
            Self::ReadYourWrites => "read-your-writes",
            Self::MonotonicReads => "monotonic-reads",
            Self::Linearizable => "linearizable",
            Self::NoLostWrites => "no-lost-writes",
            Self::UniqueDots => "unique-dots",
        }
    }
}

impl Verdict {
    /// The word that JSON and the page use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Broken => "broken",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// What a judge may look at.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What the run started from.
    pub setup: &'a Setup,
    /// What happened, all of it.
    pub trace: &'a Trace,
    /// Up to which position it is judged: later facts of the trace have not happened.
    pub position: u64,
    /// What was stored at that position.
    pub snapshot: &'a Snapshot,
}

/// Judges every claim.
#[must_use]
pub fn judge(_evidence: Evidence<'_>) -> Vec<Judgement> {
    Vec::new()
}
