//! Why a request got the answer that it got: who decided, by which setting, who was missing, and which newer write was
//! not seen.

use super::{aside, at, chain, held_since};
use crate::quorum::{Answered, Progress, Slot};
use crate::{View, text};
use ringside_core::version::Rules;
use ringside_core::{Kind, NodeId, Note, Siblings};
use ringside_sim::trace::OpKind;
use ringside_sim::{MessageRecord, NodeState, Op, OpEnd, OpOutcome};

pub(super) fn of(view: &View<'_>, op: &Op) -> Vec<String> {
    let end = op.end_by(view.position);
    // What came later decided nothing.
    let then = View { position: end.map_or(view.position, |end| end.position), ..*view };
    let Some(progress) = Progress::of(&then, op).filter(|progress| !progress.slots.is_empty()) else {
        return nobody(&then, op, end);
    };
    let mut told = match end {
        None => vec![so_far(&then, op, &progress)],
        Some(end) if end.outcome == OpOutcome::Ok => vec![enough(&then, op, &progress)],
        Some(end) => short(&then, op, &progress, end),
    };
    if let Some(end) = end.filter(|end| end.outcome == OpOutcome::Ok && op.kind == OpKind::Get) {
        let returned = end.returned.clone().unwrap_or_default();
        told.push(chosen(&then, &progress, &returned));
        missed(&then, op, &progress, &returned, &mut told);
    }
    told.extend(stand_ins(&then, op));
    if end.is_none_or(|end| end.outcome != OpOutcome::Ok) {
        let silent = progress.slots.iter().filter(|slot| !counted(slot));
        told.extend(silent.map(|slot| absent(&then, op, &progress, slot.answerer())));
    } else if op.kind.is_write() {
        told.extend(not_waited_for(&then, &progress));
    }
    told
}

const fn counted(slot: &Slot) -> bool {
    matches!(slot.answer, Answered::Counted(..))
}

/// `W = 2`, by the number that the request began with.
fn setting(op: &Op, need: u32) -> String {
    [if op.kind.is_write() { "W = " } else { "R = " }, &need.to_string()].concat()
}

/// `2 acks`, `1 answer`.
fn answers(op: &Op, number: u32) -> String {
    let one = if op.kind.is_write() { " ack" } else { " answer" };
    [number.to_string().as_str(), one, if number == 1 { "" } else { "s" }].concat()
}

/// Names of those who answered, the coordinator as itself.
fn heard(view: &View<'_>, progress: &Progress) -> String {
    let name = |node: NodeId| {
        let own = if node == progress.coordinator { " itself" } else { "" };
        [view.name(node), own].concat()
    };
    text::list(progress.counted().into_iter().map(name).collect())
}

fn enough(view: &View<'_>, op: &Op, progress: &Progress) -> String {
    let name = view.name(progress.coordinator);
    let (needs, heard) = (answers(op, progress.need), heard(view, progress));
    let had = if progress.need == 1 { ", and had it from " } else { ", and had them from " };
    let needed = [name, " decided, as the coordinator. It needed ", &needs, had, &heard, "."].concat();
    [&setting(op, progress.need), ": ", &needed].concat()
}

fn so_far(view: &View<'_>, op: &Op, progress: &Progress) -> String {
    let name = view.name(progress.coordinator);
    let needs = answers(op, progress.need);
    [
        &setting(op, progress.need),
        ": ",
        name,
        " needs ",
        &needs,
        ", and has ",
        &progress.have().to_string(),
        " so far.",
    ]
    .concat()
}

/// Too few answers came.
fn short(view: &View<'_>, op: &Op, progress: &Progress, end: &OpEnd) -> Vec<String> {
    let name = view.name(progress.coordinator);
    let limit = view.snapshot.config.timeout.to_string();
    let (needs, have) = (answers(op, progress.need), progress.have().to_string());
    let mut told = vec![if progress.crashed {
        [name, " coordinated the request, and crashed before it could answer."].concat()
    } else {
        let so_many =
            [&setting(op, progress.need), ": ", name, " needed ", &needs, ", and had ", &have].concat();
        [&so_many, " when its time limit of ", &limit, " ended."].concat()
    }];
    if end.outcome == OpOutcome::Unknown {
        let stored: Vec<NodeId> =
            progress.slots.iter().filter(|slot| counted(slot)).map(Slot::answerer).collect();
        told.push(if stored.is_empty() {
            "The outcome is unknown, not failed: a write that got no answer may have landed all the same."
                .to_owned()
        } else {
            let stored = text::nodes(view, &stored);
            ["The outcome is unknown, not failed: the write is on ", &stored, ", and nobody takes it back."]
                .concat()
        });
    }
    told
}

/// What it returns, and of whose answers that is made.
fn chosen(view: &View<'_>, progress: &Progress, returned: &Siblings) -> String {
    let held = |slot: &&Slot| counted(slot) && slot.versions.as_ref().is_some_and(|held| !held.is_empty());
    let from: Vec<NodeId> = progress.slots.iter().filter(held).map(Slot::answerer).collect();
    let values = text::values(view, returned);
    match (from.len(), returned.versions().len()) {
        (_, 0) | (0, _) => "None of those who answered held anything for the key.".to_owned(),
        (1, 1) => [&text::nodes(view, &from), " held ", &values, ": that is the answer."].concat(),
        (_, 1) => ["Of what ", &text::nodes(view, &from), " held, ", &values, " is the newest."].concat(),
        _ => {
            ["It returns siblings, ", &values, ": the puts that made them had not seen each other."].concat()
        }
    }
}

/// The newest acknowledged write that the answer does not show, who had it, and why that did not help.
fn missed(view: &View<'_>, op: &Op, progress: &Progress, returned: &Siblings, told: &mut Vec<String>) {
    let Some((write, end)) = newest_missed(view, op, returned) else { return };
    let Some((dot, _)) = write.dot else { return };
    let began = view.recording.snapshot(op.start_at);
    let rules = Rules::of(&began.config);
    let holds = |node: &&ringside_sim::NodeSnapshot| node.held(rules, &op.key).clock().covers(dot);
    let holders: Vec<NodeId> = began.nodes.iter().filter(holds).map(|node| node.id).collect();
    let what = [&write.id, " (", text::dot(view, dot).as_str(), ")"].concat();
    let acknowledged = end.at.to_string();
    told.push(if holders.is_empty() {
        [&what, " was acknowledged at ", &acknowledged, ", but nobody held it any more when the get began."]
            .concat()
    } else {
        let only = if holders.len() == 1 { "only on " } else { "on " };
        let on = text::nodes(view, &holders);
        [
            &what,
            ", a newer write, was acknowledged at ",
            &acknowledged,
            ", but was ",
            only,
            &on,
            " when the get began.",
        ]
        .concat()
    });
    let writer = view.trace().op(write.request).and_then(|write| write.coordinator);
    for slot in progress.slots.iter().filter(|slot| counted(slot)) {
        let node = slot.answerer();
        if holders.contains(&node) {
            continue;
        }
        if let Some((coordinator, _)) = writer
            && let Some(record) = sent(view, write, Kind::Write, (coordinator, node)).last()
        {
            let why = state(view, record, op.start_at);
            told.push([view.name(node), " did not have it: ", &why, "."].concat());
        }
    }
    let others: Vec<NodeId> = holders.into_iter().filter(|node| !progress.counted().contains(node)).collect();
    let moving = |node: &NodeId| on_its_way(view, op, (progress.coordinator, *node));
    let (moving, others): (Vec<NodeId>, Vec<NodeId>) = others.into_iter().partition(moving);
    if !moving.is_empty() {
        let (who, enough) = (text::nodes(view, &moving), answers(op, progress.need));
        let verb = if moving.len() == 1 { " was asked, too, but " } else { " were asked, too, but " };
        told.push([&who, verb, &enough, " came sooner, and that was enough."].concat());
    }
    told.extend(others.iter().take(2).map(|node| absent(view, op, progress, *node)));
    let (config, need) = (&began.config, progress.need);
    let acks = progress_of(view, write, end).map_or(config.w, |write| write.need);
    let replicas = progress.slots.len() as u32;
    if need + acks <= replicas {
        let sum = [&need.to_string(), " + ", &acks.to_string()].concat();
        told.push(
            [
                "R + W = ",
                &sum,
                " is not more than N = ",
                &replicas.to_string(),
                ": a get may ask none of those who have it.",
            ]
            .concat(),
        );
    }
}

fn progress_of(view: &View<'_>, op: &Op, end: &OpEnd) -> Option<Progress> {
    Progress::outline(&View { position: end.position, ..*view }, op)
}

fn newest_missed<'a>(view: &View<'a>, op: &Op, returned: &Siblings) -> Option<(&'a Op, &'a OpEnd)> {
    let writes = view.trace().ops.iter().filter(|write| write.kind.is_write() && write.key == op.key);
    let acknowledged = writes.filter_map(|write| {
        let end = write.end_by(op.start_at).filter(|end| end.outcome == OpOutcome::Ok)?;
        let (dot, _) = write.dot?;
        // A write that began after this one had ended has taken its place, also where clocks do not tell.
        let after = returned.versions().iter().filter_map(|version| view.trace().op(version.request));
        let overtaken = after.into_iter().any(|other| other.start_at >= end.position);
        (!returned.clock().covers(dot) && !overtaken).then_some((write, end))
    });
    acknowledged.max_by_key(|(_, end)| end.position)
}

/// Who stood in for whom, and why.
fn stand_ins(view: &View<'_>, op: &Op) -> Vec<String> {
    let until = usize::try_from(view.position).unwrap_or(usize::MAX).min(view.trace().events.len());
    let from = op.coordinator.map_or(op.start_at, |(_, since)| since).saturating_sub(1);
    let events = usize::try_from(from).ok().and_then(|from| view.trace().events.get(from..until));
    let notes = events.into_iter().flatten().flat_map(|event| &event.notes);
    let told = notes.filter_map(|note| {
        let Note::StandsIn { request, fallback, owner, believed_up, .. } = note else { return None };
        let (fallback, owner) = (view.name(*fallback), view.name(*owner));
        let why = if *believed_up {
            [owner, " had been silent for half the time limit."].concat()
        } else {
            [owner, " was believed down."].concat()
        };
        (*request == op.request).then(|| [fallback, " stood in for ", owner, ": ", &why].concat())
    });
    told.collect()
}

fn not_waited_for(view: &View<'_>, progress: &Progress) -> Option<String> {
    let late: Vec<NodeId> =
        progress.slots.iter().filter(|slot| !counted(slot)).map(|slot| slot.node).collect();
    let verb = if late.len() == 1 { " was" } else { " were" };
    (!late.is_empty()).then(|| [&text::nodes(view, &late), verb, " not waited for."].concat())
}

/// Why there was no answer of a node by now.
fn absent(view: &View<'_>, op: &Op, progress: &Progress, node: NodeId) -> String {
    let name = view.name(node);
    let there = (progress.coordinator, node);
    let kind = if op.kind.is_write() { Kind::Write } else { Kind::Read };
    let Some(asked) = sent(view, op, kind, there).last() else {
        return if node == progress.coordinator {
            [name, " itself had no answer to give."].concat()
        } else {
            [name, " was not asked."].concat()
        };
    };
    let arrived = asked.fate.filter(|fate| fate.position <= view.position);
    if arrived.is_none_or(|fate| fate.lost.is_some()) {
        return text::capital(
            &[&state(view, asked, view.position), ", so ", name, " could not answer."].concat(),
        );
    }
    let kind = if op.kind.is_write() { Kind::WriteAck } else { Kind::ReadReply };
    match sent(view, op, kind, (node, progress.coordinator)).last() {
        Some(reply) => {
            let state = state(view, reply, view.position);
            [name, " was asked, but ", &state, "."].concat()
        }
        None => match view.state(node) {
            NodeState::Paused => [name, " was paused, and had not answered."].concat(),
            NodeState::Up | NodeState::Down | NodeState::Joining | NodeState::Leaving | NodeState::Left => {
                [name, " was asked, and sent no answer."].concat()
            }
        },
    }
}

/// Is a read, or its answer, still on its way?
fn on_its_way(view: &View<'_>, op: &Op, (coordinator, node): (NodeId, NodeId)) -> bool {
    let reads = sent(view, op, Kind::Read, (coordinator, node));
    reads.chain(sent(view, op, Kind::ReadReply, (node, coordinator))).any(|record| {
        let over = record.fate.is_some_and(|fate| fate.position <= view.position);
        !over && record.way(view.position).is_some()
    })
}

/// The messages of a request of one kind on one link that had been sent by now.
fn sent<'a>(
    view: &View<'a>,
    op: &Op,
    kind: Kind,
    (from, to): (NodeId, NodeId),
) -> impl Iterator<Item = &'a MessageRecord> {
    let (request, until) = (op.request, view.position);
    let first = view.trace().messages.partition_point(|record| record.sent_at < op.start_at);
    view.trace().messages[first..].iter().take_while(move |record| record.sent_at <= until).filter(
        move |record| {
            let message = &record.envelope.message;
            (record.envelope.from, record.envelope.to) == (from, to)
                && message.kind() == kind
                && message.request() == Some(request)
        },
    )
}

/// How a message stood at a position, as the end of a sentence: `the write to C was held back`.
fn state(view: &View<'_>, record: &MessageRecord, position: u64) -> String {
    let kind = text::kind(record.envelope.message.kind());
    let (from, to) = (view.name(record.envelope.from), view.name(record.envelope.to));
    let what = ["the ", kind, " from ", from, " to ", to].concat();
    match record.fate.filter(|fate| fate.position <= position) {
        Some(fate) => match fate.lost {
            Some(loss) => {
                let told = chain::lost(view, record, loss, fate.position);
                ["the", told.strip_prefix("The").unwrap_or(&told)].concat()
            }
            None => [&what, " had arrived"].concat(),
        },
        None if record.way(position).is_none() => {
            let since = held_since(view, record, position);
            let since = since.map_or_else(String::new, |since| aside(view, since));
            [&what, " was held back", &since].concat()
        }
        None => [&what, " was still on its way"].concat(),
    }
}

/// No coordinator ever took charge of it.
fn nobody(view: &View<'_>, op: &Op, end: Option<&OpEnd>) -> Vec<String> {
    let via = view.name(op.via);
    let mut told = Vec::new();
    if let Some(error) = end.and_then(|end| end.error.as_ref()) {
        told.push([&text::client_first(&op.client), " was told: ", error, "."].concat());
    }
    let mut forwards = view.trace().messages.iter().filter(|record| record.sent_at <= view.position);
    let forward = forwards.rfind(|record| {
        record.envelope.message.kind() == Kind::Forward
            && record.envelope.message.request() == Some(op.request)
    });
    match forward {
        Some(record) => {
            let state = state(view, record, view.position);
            told.push([via, " passed the request on, but ", &state, "."].concat());
        }
        None => {
            let latest = |position, starts: bool| {
                super::latest_act(view, position, |act| {
                    (if starts { act.starts() } else { act.stops() }) == Some(op.via)
                })
            };
            let crash = latest(op.start_at, false).filter(|crash| Some(*crash) >= latest(op.start_at, true));
            match crash {
                Some(crash) => {
                    told.push([via, " was down, so nobody coordinated the request."].concat());
                    told.push(at(view, crash));
                }
                None if view.state(op.via) == NodeState::Paused => {
                    told.push([via, " is paused, so the request waits."].concat());
                }
                None => {
                    told.push(["Nobody has taken charge of the request that reached ", via, "."].concat());
                }
            }
        }
    }
    told
}
