//! One run, held to everything that its configuration owes.

use super::rest::unrest;
use crate::check::Claim;
use crate::recording::Recording;
use crate::rng::{Purpose, Rng};
use crate::scenario::Scenario;
use crate::trace::{Loss, What};
use crate::{Judgement, Verdict};
use ringside_core::Span;
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What was found wrong with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// A claim is broken that the configuration owes.
    Claim(Claim, String),
    /// Long after the last fault it has not come to rest, and so ended only at its time limit.
    Unrest(String),
    /// A broken invariant stopped the run.
    Panic(String),
    /// The same scenario ran differently a second time.
    Repeat,
    /// Going back into the run did not lead to where it had been.
    Seek(u64),
}

/// What one run has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// What is wrong; none if it kept all that it owes.
    pub broken: Option<Break>,
    /// How long it took, in simulated time.
    pub simulated: Span,
    /// How many events it had.
    pub events: u64,
    /// How often what was done and lost, by name.
    pub hits: BTreeMap<&'static str, u64>,
    /// Every claim, judged at the end.
    pub judgements: Vec<Judgement>,
}

impl Break {
    /// Is it the same kind of break, whatever the details?
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Claim(one, _), Self::Claim(another, _)) => one == another,
            (Self::Panic(one), Self::Panic(another)) => one == another,
            (Self::Repeat, Self::Repeat)
            | (Self::Seek(_), Self::Seek(_))
            | (Self::Unrest(_), Self::Unrest(_)) => true,
            (Self::Claim(..) | Self::Panic(_) | Self::Repeat | Self::Seek(_) | Self::Unrest(_), _) => false,
        }
    }

    /// The name of the claim; else a word for what it is.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Claim(claim, _) => claim.name(),
            Self::Unrest(_) => "does not come to rest",
            Self::Panic(_) => "panic",
            Self::Repeat => "repeat",
            Self::Seek(_) => "seek",
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(claim, why) => write!(f, "{} is broken: {why}", claim.name()),
            Self::Unrest(why) => write!(f, "the run does not come to rest: {why}"),
            Self::Panic(message) => write!(f, "the run stopped: {message}"),
            Self::Repeat => f.write_str("a second run of the same scenario went another way"),
            Self::Seek(position) => write!(f, "going back to event {position} led somewhere else"),
        }
    }
}

/// A run is cut off after so many events, hundreds of times as many as one that comes to rest has: an hour of gossip
/// among many nodes would not fit into memory.
const MOST_EVENTS: u64 = 400_000;

/// Runs a scenario to its end and judges it. A `thorough` look also runs it a second time, and goes back into it.
#[must_use]
pub fn examine(scenario: &Scenario, thorough: bool) -> Examined {
    let run = || {
        let mut recording = Recording::new(scenario.clone());
        recording.run(MOST_EVENTS);
        let position = recording.len();
        let judgements = recording.judge(position);
        let broken = owed_and_broken(&judgements);
        let broken = broken.or_else(|| unrest(&recording).map(Break::Unrest));
        let broken = broken.or_else(|| if thorough { repeats_and_seeks(&recording) } else { None });
        Examined {
            broken,
            simulated: recording.ended().since(ringside_core::Time::ZERO),
            events: position,
            hits: hits(&recording),
            judgements,
        }
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Examined {
        broken: Some(Break::Panic(message(panic.as_ref()))),
        simulated: Span::ZERO,
        events: 0,
        hits: BTreeMap::new(),
        judgements: Vec::new(),
    })
}

fn owed_and_broken(judgements: &[Judgement]) -> Option<Break> {
    let broken = judgements.iter().find(|judged| judged.owed && judged.verdict == Verdict::Broken)?;
    Some(Break::Claim(broken.claim, broken.why.clone()))
}

fn repeats_and_seeks(recording: &Recording) -> Option<Break> {
    let mut again = Recording::new(recording.scenario().clone());
    // Where it is looked into depends on the seed alone, so that a failure comes back.
    let seed = recording.setup().seed;
    let position = Rng::new(seed, Purpose::Scenario).below(recording.len() + 1);
    again.run(position);
    if recording.digest_at(position) != again.digest() {
        return Some(Break::Seek(position));
    }
    // As far as the first one: that may have been left at the most events.
    again.run(recording.len() - position);
    (again.digest() != recording.digest()).then_some(Break::Repeat)
}

fn hits(recording: &Recording) -> BTreeMap<&'static str, u64> {
    let mut hits = BTreeMap::new();
    for event in &recording.trace().events {
        let name = match &event.what {
            What::Act { act, .. } => act.name(),
            What::Lost(_, loss) => lost(*loss),
            What::GaveUp(_) => "client gave up",
            What::Asked(..) => "request of a workload",
            What::Waits(_) => "waited for a paused node",
            What::Delivered(_) | What::Woke(..) | What::Took(..) => continue,
        };
        *hits.entry(name).or_default() += 1;
    }
    hits
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given").to_owned()
}

/// Acts and losses stand side by side, so the name says which of the two it is.
const fn lost(why: Loss) -> &'static str {
    match why {
        Loss::Chance => "lost by chance",
        Loss::Cut => "lost to a cut",
        Loss::Dropped => "lost to a drop",
        Loss::Corrupted => "lost to a wrong checksum",
        Loss::Down => "lost to a node down",
    }
}
