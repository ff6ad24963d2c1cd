//! Sentences about requests: how they begin, who coordinates them, what clients hear.

use super::{Sentence, count, having};
use crate::{View, text};
use ringside_core::{NodeId, Note, Outcome, Refusal, RequestId};
use ringside_sim::trace::OpKind;
use ringside_sim::{Event, NodeState, Op, Operation, OperationKind};

/// What an operation asks, as an infinitive: `put cart = milk`.
pub(super) fn asks(operation: &Operation) -> String {
    match &operation.kind {
        OperationKind::Get => ["get ", operation.key.as_str()].concat(),
        OperationKind::Put { value, .. } => ["put ", operation.key.as_str(), " = ", value.as_str()].concat(),
        OperationKind::Delete { .. } => ["delete ", operation.key.as_str()].concat(),
    }
}

/// An operation as a thing: `the put of cart`.
pub(super) fn named(op: &Op) -> String {
    ["the ", op.kind.name(), " of ", op.key.as_str()].concat()
}

pub(super) fn asked(
    view: &View<'_>,
    event: &Event,
    operation: &Operation,
    request: Option<RequestId>,
) -> Sentence {
    let via = view.name(operation.via);
    let lead =
        [&text::client_first(&operation.client), " asks ", via, " to ", &asks(operation), "."].concat();
    let sentence = Sentence { lead, rest: String::new() };
    let Some(op) = request.and_then(|request| view.trace().op(request)) else { return sentence };
    if event.notes.is_empty() {
        let down = match view.state(operation.via) {
            NodeState::Paused => [via, " is paused, so the request waits."].concat(),
            NodeState::Up | NodeState::Down | NodeState::Joining | NodeState::Leaving | NodeState::Left => {
                [via, " is down and does not answer."].concat()
            }
        };
        let rest = match op.end_by(view.position) {
            Some(end) => end
                .error
                .clone()
                .map(|error| [&text::client_first(&op.client), " is told: ", &error, "."].concat()),
            None => Some(down),
        };
        return sentence.and(&rest.unwrap_or_default());
    }
    let rest = taken(view, event, operation.via, op);
    sentence.and(&rest)
}

/// A node that was paused takes a request that has waited for it.
#[inline(never)]
pub(super) fn took(view: &View<'_>, event: &Event, node: NodeId, request: RequestId) -> Sentence {
    let Some(op) = view.trace().op(request) else { return Sentence::default() };
    let lead = [view.name(node), " takes ", &named(op), ", which has waited."].concat();
    Sentence { lead, rest: String::new() }.and(&taken(view, event, node, op))
}

/// What a node does with a request that has just reached it, in sentences.
pub(super) fn taken(view: &View<'_>, event: &Event, node: NodeId, op: &Op) -> String {
    let mut told = String::new();
    let name = view.name(node);
    for note in &event.notes {
        if let Note::Forwards { to, .. } = note {
            let key = op.key.as_str();
            told =
                [name, " is no replica of ", key, ", so it passes the request on to ", view.name(*to), "."]
                    .concat();
        }
        if let Note::Coordinates { preference, need, .. } = note {
            told = begins(view, event, node, op, preference, *need);
        }
    }
    if let Some(heard) = heard(event, op) {
        told.push(' ');
        told.push_str(&heard);
    }
    told
}

fn begins(view: &View<'_>, event: &Event, node: NodeId, op: &Op, preference: &[NodeId], need: u32) -> String {
    let name = view.name(node);
    let others = event.sent.iter().map(|id| &view.trace().message(*id).envelope);
    let others = others.filter(|envelope| envelope.message.request() == Some(op.request));
    let others: Vec<NodeId> = others.map(|envelope| envelope.to).collect();
    let list = text::nodes(view, preference);
    let key = op.key.as_str();
    let mut told = if preference.len() == 1 {
        [name, " coordinates, as the only replica of ", key, "."].concat()
    } else {
        [name, " coordinates: the replicas of ", key, " are ", &list, "."].concat()
    };
    if refused_at_once(event) {
        return told;
    }
    told.push_str(&stand_ins(view, event, node));
    let dot = op.dot.filter(|(_, since)| *since <= view.position);
    match (&op.kind, dot) {
        (OpKind::Get, _) => {
            told.push_str(" Its own copy is ");
            told.push_str(&first_of(need, "answer"));
            told.push_str(&and_asks(view, &others, "; it asks "));
        }
        (_, Some((dot, _))) => {
            let older = |note: &Note| matches!(note, Note::Stored { changed: false, .. });
            if event.notes.iter().any(older) {
                told.push_str(" By the clocks what it holds is newer than this write, ");
                told.push_str(&text::dot(view, dot));
                told.push_str(", which it drops. It counts all the same as ");
            } else {
                told.push_str(" It stores the write as ");
                told.push_str(&text::dot(view, dot));
                told.push_str(", which is ");
            }
            told.push_str(&first_of(need, "ack"));
            told.push_str(&and_asks(view, &others, ", and sends it to "));
        }
        (_, None) => return told,
    }
    told.push('.');
    told
}

fn refused_at_once(event: &Event) -> bool {
    let refused = |note: &Note| matches!(note, Note::Answered { outcome: Outcome::Refused(_), .. });
    event.notes.iter().any(refused)
}

/// Who stands in for whom, as ` E stands in for D, which A believes down.`
fn stand_ins(view: &View<'_>, event: &Event, node: NodeId) -> String {
    let mut told = String::new();
    for note in &event.notes {
        let Note::StandsIn { fallback, owner, counts, .. } = note else { continue };
        let (fallback, owner) = (view.name(*fallback), view.name(*owner));
        let how = if *counts { " stands in for " } else { " keeps the write for " };
        told.push_str(&[" ", fallback, how, owner, ", which ", view.name(node), " believes down."].concat());
    }
    told
}

/// `the first of 2 acks it needs`, `the only ack it needs`.
fn first_of(need: u32, what: &str) -> String {
    if need == 1 {
        ["the only ", what, " it needs"].concat()
    } else {
        ["the first of ", &count(need, what), " it needs"].concat()
    }
}

fn and_asks(view: &View<'_>, others: &[NodeId], words: &str) -> String {
    if others.is_empty() { String::new() } else { [words, &text::nodes(view, others)].concat() }
}

/// What the client hears in this event, if anything: a whole sentence.
pub(super) fn heard(event: &Event, op: &Op) -> Option<String> {
    let outcome = event.notes.iter().find_map(|note| {
        let Note::Answered { request, outcome } = note else { return None };
        (*request == op.request).then_some(outcome)
    })?;
    let client = text::client_first(&op.client);
    let client = client.as_str();
    Some(match outcome {
        Outcome::Stored(_) => [client, " hears “ok”."].concat(),
        Outcome::Found(found) if found.values().next().is_none() => [client, " hears “not found”."].concat(),
        Outcome::Found(found) => {
            let values: Vec<String> =
                found.values().map(|value| ["“", value.as_str(), "”"].concat()).collect();
            [client, " gets ", &text::list(values), "."].concat()
        }
        Outcome::Refused(refusal) => [client, " hears “failed”: ", &refused(*refusal), "."].concat(),
        Outcome::TimedOut { have, need } => timed_out(op, *have, *need),
        Outcome::NotRepaired { have, need } => [
            client,
            " hears “failed”: only ",
            &have.to_string(),
            " of the ",
            &count(*need, "replica"),
            " that must hold what it would get do so.",
        ]
        .concat(),
    })
}

fn refused(refusal: Refusal) -> String {
    match refusal {
        Refusal::TooFewNodes { have, need } => {
            [&count(have, "node"), " cannot give ", &count(need, "answer"), ", and nothing was stored"]
                .concat()
        }
        Refusal::ContextOfAnotherKey => {
            "the context belongs to another key, and nothing was stored".to_owned()
        }
        Refusal::ContextFromNowhere => {
            "the context names versions that were never made, and nothing was stored".to_owned()
        }
    }
}

fn timed_out(op: &Op, have: u32, need: u32) -> String {
    let so_far = [&have.to_string(), " of ", &need.to_string()].concat();
    if op.kind.is_write() {
        [
            &text::client_first(&op.client),
            " hears “unknown”: ",
            &so_far,
            " acks came in time, and the write may still land.",
        ]
        .concat()
    } else {
        [&text::client_first(&op.client), " hears “failed”: ", &so_far, " answers came in time."].concat()
    }
}

pub(super) fn time_limit(view: &View<'_>, event: &Event, node: NodeId, request: RequestId) -> Sentence {
    let name = view.name(node);
    let Some(op) = view.trace().op(request) else { return Sentence::new(&[name, " stops waiting."], &[]) };
    let silent = event.notes.iter().find_map(|note| {
        let Note::Finished { request, silent } = note else { return None };
        (*request == op.request).then_some(silent.as_slice())
    });
    let silent = silent.unwrap_or_default();
    let why = if silent.is_empty() {
        String::new()
    } else {
        ["The time limit is over, and ", &having(view, silent), " not answered."].concat()
    };
    let lead = match heard(event, op) {
        Some(heard) => heard,
        None => [name, " stops collecting answers to ", &named(op), "."].concat(),
    };
    Sentence { lead, rest: why }.and(&repairs(view, event))
}

/// Whom a get repairs in this event.
pub(super) fn repairs(view: &View<'_>, event: &Event) -> String {
    let lagging = event.notes.iter().filter_map(|note| {
        let Note::Repairs { to, .. } = note else { return None };
        Some(*to)
    });
    let lagging: Vec<NodeId> = lagging.collect();
    if lagging.is_empty() {
        return String::new();
    }
    let verb = if lagging.len() == 1 { " lags" } else { " lag" };
    [&text::nodes(view, &lagging), verb, " behind what was found: read repair begins."].concat()
}

pub(super) fn gave_up(view: &View<'_>, request: RequestId) -> Sentence {
    let Some(op) = view.trace().op(request) else { return Sentence::new(&["A client stops waiting."], &[]) };
    let rest = if op.kind.is_write() {
        "Nothing was heard for twice the time limit: the write may have landed or may still, so its outcome is unknown."
    } else {
        "Nothing was heard for twice the time limit, so the get has failed."
    };
    Sentence::new(&[&text::client_first(&op.client), " stops waiting for ", &named(op), "."], &[rest])
}
