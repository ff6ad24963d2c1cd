//! The report of `ringside run --json`.

use crate::events::unwilling;
use crate::metrics::{Metrics, ms};
use ringside_core::{Content, NodeId, Siblings, Time};
use ringside_sim::check::expect::{expect, left};
use ringside_sim::check::lesson::{Walked, walk};
use ringside_sim::check::words;
use ringside_sim::refusal::{Refusal, refusals};
use ringside_sim::{Hinted, Judgement, Op, Recording, Setup, Snapshot, Verdict};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The version of this format.
const FORMAT: u32 = 1;

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    format: u32,
    pub(crate) seed: u64,
    ended_ms: Json,
    pub(crate) events: u64,
    pub(crate) digest: String,
    ops: Vec<Operation>,
    pub(crate) claims: Vec<Claimed>,
    pub(crate) expect: Vec<Expected>,
    /// The stops of its lesson, as a walk through it with everything done by hand finds them.
    pub(crate) lesson: Vec<Stopped>,
    pub(crate) nodes: Vec<Node>,
    keys: BTreeMap<String, BTreeMap<String, Vec<Stored>>>,
    /// What operators asked and nothing came of.
    pub(crate) refused: Vec<Refused>,
    pub(crate) metrics: Metrics,
}

#[derive(Debug, Serialize)]
struct Operation {
    id: String,
    client: String,
    kind: &'static str,
    key: String,
    via: String,
    /// Null where nobody took charge of it.
    coordinator: Option<String>,
    start_ms: Json,
    /// This and the outcome are null where the run ended first.
    end_ms: Json,
    outcome: Option<&'static str>,
    values: Vec<String>,
    replies: Vec<String>,
    /// Who keeps the write for whom.
    hinted: Vec<Hint>,
    error: Option<String>,
}

/// A claim, and what was found.
#[derive(Debug, Serialize)]
pub(crate) struct Claimed {
    pub(crate) claim: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) owed: bool,
    /// Operations in the order of the story, then nodes.
    pub(crate) witness: Vec<String>,
    pub(crate) why: String,
}

/// An expectation, and whether it held.
#[derive(Debug, Serialize)]
pub(crate) struct Expected {
    pub(crate) what: String,
    pub(crate) holds: bool,
    pub(crate) why: String,
}

/// A stop of a lesson.
#[derive(Debug, Serialize)]
pub(crate) struct Stopped {
    /// From 1.
    stop: usize,
    pub(crate) name: String,
    /// Null where the run never comes to it.
    at_ms: Json,
    /// Null where it asks for nothing.
    pub(crate) done: Option<bool>,
    pub(crate) why: String,
}

/// An act that nothing came of.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    at_ms: Json,
    pub(crate) act: String,
    /// One word, as in the trace.
    why: &'static str,
    pub(crate) sentence: &'static str,
    #[serde(skip)]
    pub(crate) at: Time,
}

/// A node at the end.
#[derive(Debug, Serialize)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) state: &'static str,
    /// Keys it keeps, deleted ones included.
    pub(crate) keys: u64,
    /// What it keeps for others.
    pub(crate) hints: u64,
    /// Tombstones it keeps.
    pub(crate) tombstones: u64,
}

#[derive(Debug, Serialize)]
struct Stored {
    /// Null for a tombstone.
    value: Option<String>,
    /// The write that made it.
    dot: String,
    /// The context that write carried.
    context: BTreeMap<String, u64>,
    deleted: bool,
    /// The owner for whom it is kept, where it is a hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint_for: Option<String>,
}

#[derive(Debug, Serialize)]
struct Hint {
    holder: String,
    owner: String,
}

impl Hint {
    fn of(setup: &Setup, Hinted { holder, owner }: Hinted) -> Self {
        Self { holder: setup.name(holder).to_owned(), owner: setup.name(owner).to_owned() }
    }
}

impl Refused {
    fn of(Refusal { at, act, why }: Refusal) -> Self {
        let (at_ms, sentence) = (ms(at.as_micros()), words::unwilling(why));
        Self { at_ms, act, why: unwilling(why), sentence, at }
    }
}

impl Report {
    /// The run as far as it went.
    pub(crate) fn of(recording: &Recording) -> Self {
        let setup = recording.setup();
        let end = recording.snapshot(recording.len());
        let judged = recording.judge(recording.len()).into_iter();
        let expected = expect(recording).into_iter();
        Self {
            format: FORMAT,
            seed: setup.seed,
            ended_ms: ms(recording.ended().as_micros()),
            events: recording.len(),
            digest: format!("{:016x}", recording.digest()),
            ops: recording.trace().ops.iter().map(|op| Operation::of(setup, op)).collect(),
            claims: judged.map(|judgement| Claimed::of(setup, judgement)).collect(),
            expect: expected
                .map(|result| Expected { what: result.what, holds: result.holds, why: result.why })
                .collect(),
            lesson: walk(recording.scenario()).0.into_iter().enumerate().map(Stopped::of).collect(),
            nodes: nodes(&end),
            keys: keys(setup, &end),
            refused: refusals(setup, recording.trace()).into_iter().map(Refused::of).collect(),
            metrics: Metrics::of(recording, &end),
        }
    }

    /// Did every expectation hold or, where there is none, is no owed claim broken? And can its lesson be walked?
    pub(crate) fn is_good(&self) -> bool {
        self.expectations_hold() && self.lesson.iter().all(Stopped::is_good)
    }

    /// Did every expectation hold or, where there is none, is no owed claim broken?
    pub(crate) fn expectations_hold(&self) -> bool {
        if self.expect.is_empty() {
            let broken = |claim: &&Claimed| claim.owed && claim.verdict == Verdict::Broken.name();
            return !self.claims.iter().any(|claim| broken(&claim));
        }
        self.expect.iter().all(|expected| expected.holds)
    }

    pub(crate) fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(self).expect("plain structs of numbers and texts are JSON");
        text.push('\n');
        text
    }
}

impl Stopped {
    fn of((before, walked): (usize, Walked)) -> Self {
        let Walked { name, at, done, why } = walked;
        Self { stop: before + 1, name, at_ms: at.map_or(Json::Null, |at| ms(at.as_micros())), done, why }
    }

    /// Did playing pause there, and is what it asks for done?
    pub(crate) fn is_good(&self) -> bool {
        !self.at_ms.is_null() && self.done != Some(false)
    }

    /// When playing paused there.
    pub(crate) fn at(&self) -> String {
        if self.at_ms.is_null() { "never".to_owned() } else { format!("{} ms", self.at_ms) }
    }
}

impl Operation {
    fn of(setup: &Setup, op: &Op) -> Self {
        let end = op.end.as_ref();
        let returned = end.and_then(|end| end.returned.as_ref()).filter(|_| !op.kind.is_write());
        Self {
            id: op.id.clone(),
            client: op.client.clone(),
            kind: op.kind.name(),
            key: op.key.as_str().to_owned(),
            via: setup.name(op.via).to_owned(),
            coordinator: op.coordinator.map(|(node, _)| setup.name(node).to_owned()),
            start_ms: ms(op.start.as_micros()),
            end_ms: end.map_or(Json::Null, |end| ms(end.at.as_micros())),
            outcome: end.map(|end| end.outcome.name()),
            values: returned.map(words::values).unwrap_or_default(),
            replies: end.map(|end| names(setup, &end.replies)).unwrap_or_default(),
            hinted: left(op, u64::MAX).into_iter().map(|hinted| Hint::of(setup, hinted)).collect(),
            error: end.and_then(|end| end.error.clone()),
        }
    }
}

impl Claimed {
    fn of(setup: &Setup, judgement: Judgement) -> Self {
        let Judgement { claim, verdict, owed, ops, nodes, why } = judgement;
        let witness = ops.into_iter().chain(names(setup, &nodes)).collect();
        Self { claim: claim.name(), verdict: verdict.name(), owed, witness, why }
    }
}

fn names(setup: &Setup, nodes: &[NodeId]) -> Vec<String> {
    nodes.iter().map(|node| setup.name(*node).to_owned()).collect()
}

fn nodes(end: &Snapshot) -> Vec<Node> {
    let deleted = |kept: &Siblings| kept.versions().len() - kept.values().count();
    let nodes = end.nodes.iter().map(|node| Node {
        name: node.name.clone(),
        state: node.state.name(),
        keys: node.store.len() as u64,
        hints: node.hints.len() as u64,
        tombstones: node.store.iter().map(|(_, kept)| deleted(kept) as u64).sum(),
    });
    nodes.collect()
}

fn keys(setup: &Setup, end: &Snapshot) -> BTreeMap<String, BTreeMap<String, Vec<Stored>>> {
    let mut keys: BTreeMap<String, BTreeMap<String, Vec<Stored>>> = BTreeMap::new();
    for node in &end.nodes {
        let own = node.store.iter().map(|(key, kept)| (key, kept, None));
        let hints = node.hints.iter().map(|(owner, key, hint)| (key, &hint.versions, Some(owner)));
        for (key, kept, owner) in own.chain(hints) {
            let stored = kept.versions().iter().map(|version| Stored {
                value: match &version.content {
                    Content::Value(value) => Some(value.as_str().to_owned()),
                    Content::Tombstone => None,
                },
                dot: words::dot(setup, version.dot),
                context: words::context(setup, &version.seen).into_iter().collect(),
                deleted: version.content == Content::Tombstone,
                hint_for: owner.map(|owner| setup.name(owner).to_owned()),
            });
            let nodes = keys.entry(key.as_str().to_owned()).or_default();
            nodes.entry(node.name.clone()).or_default().extend(stored);
        }
    }
    keys
}
