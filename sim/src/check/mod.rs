//! The judges. Each claim has a file of its own and reads what happened ([`Trace`]) and what is stored
//! ([`Snapshot`]), never a node's insides.

mod breaches;
mod causal_siblings;
mod convergence;
mod copies;
pub mod expect;
mod fresh_reads;
mod hint_conservation;
mod history;
pub mod lesson;
mod linearizable;
mod monotonic_reads;
mod no_lost_writes;
mod no_resurrection;
mod owed;
mod reached;
mod read_your_writes;
mod register;
mod ring_agreement;
#[cfg(test)]
mod story;
mod unique_dots;
pub mod words;

pub use breaches::{Breach, Judged, breaches};

use crate::setup::Setup;
use crate::snapshot::Snapshot;
use crate::trace::{Op, Trace};
use history::History;
use ringside_core::NodeId;
use ringside_core::order::by_number;

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
    /// `causal-siblings`
    CausalSiblings,
    /// `unique-dots`
    UniqueDots,
    /// `hint-conservation`
    HintConservation,
    /// `ring-agreement`
    RingAgreement,
    /// `convergence`
    Convergence,
    /// `no-resurrection`
    NoResurrection,
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
    pub const ALL: [Self; 11] = [
        Self::FreshReads,
        Self::ReadYourWrites,
        Self::MonotonicReads,
        Self::Linearizable,
        Self::NoLostWrites,
        Self::CausalSiblings,
        Self::UniqueDots,
        Self::HintConservation,
        Self::RingAgreement,
        Self::Convergence,
        Self::NoResurrection,
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
            Self::CausalSiblings => "causal-siblings",
            Self::UniqueDots => "unique-dots",
            Self::HintConservation => "hint-conservation",
            Self::RingAgreement => "ring-agreement",
            Self::Convergence => "convergence",
            Self::NoResurrection => "no-resurrection",
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

/// What a judge finds, before it is known whether it was promised.
#[derive(Debug)]
struct Finding {
    claim: Claim,
    verdict: Verdict,
    ops: Vec<String>,
    nodes: Vec<NodeId>,
    why: String,
    /// What did it, where that voids a promise that stands otherwise: a clause without its full stop.
    excuse: Option<String>,
}

/// Judges every claim, in the order of [`Claim::ALL`].
#[must_use]
pub fn judge(evidence: Evidence<'_>) -> Vec<Judgement> {
    let history = History::new(evidence);
    let promises = owed::Promises::new(evidence, &history);
    let judge = |claim| {
        let Finding { claim, verdict, ops, nodes, mut why, excuse } = match claim {
            Claim::FreshReads => fresh_reads::judge(&history),
            Claim::ReadYourWrites => read_your_writes::judge(&history),
            Claim::MonotonicReads => monotonic_reads::judge(&history),
            Claim::Linearizable => linearizable::judge(&history),
            Claim::NoLostWrites => no_lost_writes::judge(&history, evidence, promises.configs()),
            Claim::CausalSiblings => {
                causal_siblings::judge(&history, evidence, &promises.of(Claim::NoResurrection))
            }
            Claim::UniqueDots => unique_dots::judge(&history, evidence.trace),
            Claim::HintConservation => hint_conservation::judge(evidence),
            Claim::RingAgreement => ring_agreement::judge(evidence),
            Claim::Convergence => convergence::judge(&history, evidence.snapshot),
            Claim::NoResurrection => no_resurrection::judge(&history, evidence),
        };
        let promise = promises.of(claim).and_then(|because| excuse.map_or(Ok(because), Err));
        if verdict == Verdict::Broken {
            why.push(' ');
            why.push_str(&promise.as_ref().map_or_else(
                |missing| format!("It was not promised here: {missing}."),
                |because| format!("It was promised here: {because}."),
            ));
        }
        Judgement { claim, verdict, owed: promise.is_ok(), ops, nodes, why }
    };
    Claim::ALL.into_iter().map(judge).collect()
}

impl Finding {
    fn nothing(claim: Claim, why: &str) -> Self {
        Self {
            claim,
            verdict: Verdict::NotApplicable,
            ops: Vec::new(),
            nodes: Vec::new(),
            why: why.to_owned(),
            excuse: None,
        }
    }

    fn holds(claim: Claim, why: String) -> Self {
        Self { claim, verdict: Verdict::Holds, ops: Vec::new(), nodes: Vec::new(), why, excuse: None }
    }

    /// `ops` in any order; the witness names each once, in the order of invocation.
    fn broken(claim: Claim, ops: &[&Op], nodes: Vec<NodeId>, why: String) -> Self {
        let mut ops: Vec<&Op> = ops.to_vec();
        by_number(&mut ops, |op| op.request.0);
        ops.dedup_by_key(|op| op.request);
        let ops = ops.into_iter().map(|op| op.id.clone()).collect();
        Self { claim, verdict: Verdict::Broken, ops, nodes, why, excuse: None }
    }

    /// It was `excuse` that broke it, if anything.
    fn excused(self, excuse: Option<String>) -> Self {
        Self { excuse, ..self }
    }
}
