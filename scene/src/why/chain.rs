//! The chain of causes of an event: a message and who sent it, the request or the timer behind that, down to what a
//! client, the scenario or the visitor did.

use super::{aside, at, happened, held_since, latest_act};
use crate::{View, text};
use ringside_core::{NodeId, RequestId, Wake};
use ringside_sim::{Act, Loss, MessageId, MessageRecord, What};

/// Links of the chain that are told; what lies further back is left out.
const LINKS: usize = 6;

/// The causes of the event that leads to `position`, the nearest first.
pub(super) fn causes(view: &View<'_>, position: u64) -> Vec<String> {
    let mut told = Vec::new();
    let mut here = position;
    for _ in 0..LINKS {
        let Some(before) = link(view, here, &mut told) else { break };
        told.push(at(view, before));
        here = before;
    }
    told
}

/// Tells what led to an event, and gives the position of the event behind it, if there is one.
fn link(view: &View<'_>, position: u64, told: &mut Vec<String>) -> Option<u64> {
    let event = happened(view, position)?;
    match &event.what {
        What::Delivered(id) | What::Waits(id) => {
            told.extend(delay(view, *id, position));
            Some(view.trace().message(*id).sent_at)
        }
        What::Lost(id, loss) => {
            let record = view.trace().message(*id);
            told.push([&lost(view, record, *loss, position), "."].concat());
            Some(record.sent_at)
        }
        What::Took(node, request) => {
            told.push(["The request had waited while ", view.name(*node), " was paused."].concat());
            started(view, *request)
        }
        What::GaveUp(request) => {
            let limit = view.snapshot.config.timeout.to_string();
            told.push(["A client waits for twice the time limit of ", &limit, ", and no longer."].concat());
            started(view, *request)
        }
        What::Woke(node, wake) => woke(view, *node, *wake, told),
        What::Act { step: None, .. } => {
            told.push("It was done by hand.".to_owned());
            None
        }
        What::Act { step: Some(step), .. } => {
            let number = (step + 1).to_string();
            let all = view.recording.scenario().steps.len().to_string();
            told.push(["It is step ", &number, " of ", &all, " of the scenario."].concat());
            None
        }
        What::Asked(..) => {
            told.push("It is one of the requests that the workload makes.".to_owned());
            None
        }
    }
}

fn started(view: &View<'_>, request: RequestId) -> Option<u64> {
    view.trace().op(request).map(|op| op.start_at)
}

fn woke(view: &View<'_>, node: NodeId, wake: Wake, told: &mut Vec<String>) -> Option<u64> {
    let (config, name) = (&view.snapshot.config, view.name(node));
    let every = |what: &str, interval: Option<ringside_core::Span>| {
        let often = interval.map_or_else(String::new, |interval| [" every ", &interval.to_string()].concat());
        ["Each node ", what, &often, "."].concat()
    };
    let (said, before) = match wake {
        Wake::TimeLimit(request) => {
            let limit = config.timeout.to_string();
            let said = [name, " collects answers for ", &limit, " and no longer: the time limit."].concat();
            (said, coordinated(view, request))
        }
        Wake::HalfTime(request) => {
            let said = [name, " had waited for half the time limit of ", &config.timeout.to_string(), "."];
            (said.concat(), coordinated(view, request))
        }
        Wake::Gossip => (every("tells another what it knows of all", config.gossip), None),
        Wake::AntiEntropy => (every("compares its replicas with those of a peer", config.anti_entropy), None),
        Wake::Handoff(owner) => {
            let owner = view.name(owner);
            ([name, " keeps a hint for ", owner, ", and believes ", owner, " up."].concat(), None)
        }
        Wake::HintExpiry => {
            (["A hint is kept for ", &config.hint_window.to_string(), " and no longer."].concat(), None)
        }
        Wake::Silence => {
            (["The failure detector: ", &config.failure_detector.to_string(), "."].concat(), None)
        }
        Wake::Collection => ("A tombstone is looked at when it may be due.".to_owned(), None),
        Wake::Transfer => ("What is not acknowledged is sent again after the time limit.".to_owned(), None),
    };
    told.push(said);
    before
}

fn coordinated(view: &View<'_>, request: RequestId) -> Option<u64> {
    let op = view.trace().op(request)?;
    op.coordinator.map(|(_, since)| since)
}

/// What kept a message, or hurried it.
fn delay(view: &View<'_>, id: MessageId, position: u64) -> Option<String> {
    let record = view.trace().message(id);
    let by_hand =
        latest_act(view, position, |act| matches!(act, Act::ToMessage { message, .. } if *message == id));
    if let Some(act) = by_hand {
        return Some(at(view, act));
    }
    let travel = record.travel?;
    let waited = (travel.from > record.sent).then(|| travel.from.to_string())?;
    let since = held_since(view, record, travel.from_at);
    let why = since.map_or_else(String::new, |since| aside(view, since));
    Some(["It was held back until ", &waited, &why, "."].concat())
}

/// That a message was lost, and why, as a sentence without its end.
pub(super) fn lost(view: &View<'_>, record: &MessageRecord, loss: Loss, position: u64) -> String {
    let (from, to) = (record.envelope.from, record.envelope.to);
    let act = match loss {
        Loss::Chance => None,
        Loss::Cut => latest_act(view, position, |act| {
            if let Act::Link(change) = act {
                return change.cut == Some(true) && (change.from, change.to) == (from, to);
            }
            matches!(act, Act::Partition(_))
        }),
        Loss::Down => latest_act(view, position, |act| act.stops() == Some(to)),
        Loss::Dropped => latest_act(view, position, |act| {
            matches!(act, Act::Drop { .. } | Act::ToMessage { deed: ringside_sim::Deed::Drop, .. })
        }),
        Loss::Corrupted => latest_act(view, position, |act| matches!(act, Act::Corrupt { .. })),
    };
    let what = [text::kind(record.envelope.message.kind()), " from ", view.name(from), " to ", view.name(to)];
    let why = match (loss, act) {
        (_, Some(act)) => aside(view, act),
        (Loss::Chance, None) => " by chance, as the network loses some".to_owned(),
        (Loss::Cut, None) => ", since nothing passed there".to_owned(),
        (Loss::Down, None) => [", since ", view.name(to), " was down"].concat(),
        (Loss::Dropped, None) => ", since it was set to be dropped".to_owned(),
        (Loss::Corrupted, None) => ", since it arrived damaged".to_owned(),
    };
    ["The ", &what.concat(), " was lost", &why].concat()
}
