//! Sentences about messages: what arrives, what it does there, what gets lost.

use super::requests::{heard, named, repairs, taken};
use super::{Sentence, count, handoff};
use crate::quorum::{Progress, Slot};
use crate::{View, text};
use ringside_core::{Ignored, Kind, Message, NodeId, Note, Siblings};
use ringside_sim::{Event, Loss, MessageRecord, Op};

pub(super) fn delivered(view: &View<'_>, event: &Event, record: &MessageRecord) -> Sentence {
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let op = envelope.message.request().and_then(|request| view.trace().op(request));
    if let Some(why) = ignored(view, event) {
        let kind = text::kind(envelope.message.kind());
        return Sentence::new(&[to, " ignores the ", kind, " from ", from, "."], &[&why]);
    }
    match &envelope.message {
        Message::Write { key, versions, .. } if kept_as_hint(event) => {
            handoff::kept(view, event, to, (key.as_str(), versions)).unwrap_or_default()
        }
        Message::Hint { .. } => handoff::home(view, event, record),
        Message::HintAck { .. } => handoff::acknowledged(view, event, record),
        Message::Write { key, versions, .. } => write(view, event, (from, to), key.as_str(), versions),
        Message::Read { key, .. } => read(view, event, (from, to), key.as_str()),
        Message::WriteAck { .. } | Message::ReadReply { .. } | Message::NotServed { .. } => {
            answer(view, event, record, op)
        }
        Message::Transfer(_) | Message::TransferAck { .. } => super::members::transfer(view, event, record),
        Message::Forward { .. } => {
            let sentence = Sentence::new(&["The request that ", from, " passed on reaches ", to, "."], &[]);
            let more = op.map(|op| taken(view, event, envelope.to, op)).unwrap_or_default();
            sentence.and(&more)
        }
        Message::Repair { key, .. } => {
            let rest = if changed(event) {
                ["It had an older version of ", key.as_str(), ", or none, and now has what the get found."]
                    .concat()
            } else {
                "It already had all of it.".to_owned()
            };
            Sentence::new(&[to, " is repaired."], &[&rest])
        }
        Message::Collect { tombstone } => super::tombstones::asked(view, event, (from, to), tombstone),
        Message::CollectAck { tombstone, confirmed } => {
            super::tombstones::answered(event, (from, to), tombstone, *confirmed)
        }
        Message::Merkle { exchange, comparison } => {
            super::exchanges::delivered(view, event, (envelope.from, envelope.to), *exchange, comparison)
        }
        Message::Gossip(exchange) => super::opinions::gossip(view, event, (from, to), exchange)
            .and(&super::members::news(view, event, envelope.to)),
        Message::RepairAck { .. } => {
            let told = op.and_then(|op| heard(event, op)).unwrap_or_default();
            Sentence::new(&[to, " knows that ", from, " is repaired."], &[]).and(&told)
        }
    }
}

fn kept_as_hint(event: &Event) -> bool {
    event.notes.iter().any(|note| matches!(note, Note::HintStored { request: Some(_), .. }))
}

fn changed(event: &Event) -> bool {
    event.notes.iter().any(|note| matches!(note, Note::Stored { changed: true, .. }))
}

fn write(
    view: &View<'_>,
    event: &Event,
    (from, to): (&str, &str),
    key: &str,
    versions: &Siblings,
) -> Sentence {
    let what = text::values(view, versions);
    if changed(event) {
        let lead = [to, " stores ", key, " = ", &what, "."].concat();
        Sentence {
            lead,
            rest: ["It merges what ", from, " sent into what it had, and sends an ack."].concat(),
        }
    } else {
        let rest = "The merge changes nothing; it sends an ack all the same.";
        Sentence::new(&[to, " already has ", key, " = ", &what, "."], &[rest])
    }
}

fn read(view: &View<'_>, event: &Event, (from, to): (&str, &str), key: &str) -> Sentence {
    let found = event.sent.iter().find_map(|id| {
        let Message::ReadReply { versions, .. } = &view.trace().message(*id).envelope.message else {
            return None;
        };
        Some(text::values(view, versions))
    });
    let rest = match found.as_deref() {
        Some("nothing") => [to, " holds nothing for it, and says so to ", from, "."].concat(),
        Some(found) => ["It answers ", from, " with ", found, "."].concat(),
        None => String::new(),
    };
    Sentence { lead: [to, " looks up ", key, "."].concat(), rest }
}

/// An ack or a reply reaches the coordinator.
fn answer(view: &View<'_>, event: &Event, record: &MessageRecord, op: Option<&Op>) -> Sentence {
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let (what, brings) = if let Message::ReadReply { versions, .. } = &envelope.message {
        ("answer", [": ", &text::values(view, versions)].concat())
    } else {
        ("ack", String::new())
    };
    let counted = event.notes.iter().find_map(|note| {
        let Note::Counted { have, need, .. } = note else { return None };
        Some((*have, *need))
    });
    let arrives = [from, "’s ", what, " reaches ", to, &brings, "."].concat();
    let told = op.and_then(|op| heard(event, op));
    let sentence = match (counted, told) {
        (Some((have, need)), Some(told)) => {
            let number = [&have.to_string(), " of ", &need.to_string()].concat();
            Sentence {
                lead: told,
                rest: ["The ", what, " from ", from, " is number ", &number, &brings, "."].concat(),
            }
        }
        (Some((have, need)), None) => {
            let more = need.saturating_sub(have);
            let rest = if more == 0 {
                "That is enough, but the answer waits for the repairs.".to_owned()
            } else {
                [
                    "That is ",
                    &have.to_string(),
                    " of ",
                    &need.to_string(),
                    "; ",
                    to,
                    " waits for ",
                    &more.to_string(),
                    " more.",
                ]
                .concat()
            };
            Sentence { lead: arrives, rest }
        }
        (None, told) => {
            Sentence { lead: arrives, rest: not_counted(event).unwrap_or_else(|| late(view, op)) }
                .and(&told.unwrap_or_default())
        }
    };
    sentence.and(&finished(view, event, op)).and(&repairs(view, event))
}

/// Why an answer counts for nothing, if so.
fn not_counted(event: &Event) -> Option<String> {
    if event.notes.iter().any(|note| matches!(note, Note::ExtraAck { .. })) {
        let why =
            "It counts for nothing: the key is on its way to that node, and W is of those who own it now.";
        return Some(why.to_owned());
    }
    let fallback = event.notes.iter().find_map(|note| {
        if let Note::NotCounted { from, owner, .. } = note { Some(from != owner) } else { None }
    })?;
    let why = if fallback {
        "It counts for nothing: a fallback keeps the hint, and the quorum is of replicas, or has this one’s answer."
    } else {
        "It counts for nothing more: a fallback has answered in its place."
    };
    Some(why.to_owned())
}

fn late(view: &View<'_>, op: Option<&Op>) -> String {
    let before = |op: &&Op| op.end.as_ref().is_some_and(|end| end.position < view.position);
    match op {
        Some(op) if before(&op) => [
            &text::client_first(&op.client),
            " already has the answer; this late one only shows who holds what.",
        ]
        .concat(),
        _ => "Enough had answered already; this late one only shows who holds what.".to_owned(),
    }
}

fn finished(view: &View<'_>, event: &Event, op: Option<&Op>) -> String {
    let all =
        event.notes.iter().any(|note| matches!(note, Note::Finished { silent, .. } if silent.is_empty()));
    match op.filter(|_| all) {
        Some(op) if op.kind.is_write() => {
            let slots = Progress::outline(view, op).map_or_else(Vec::new, |progress| progress.slots);
            if slots.iter().any(|slot| slot.fallback.is_some()) {
                return handed_in(view, &slots);
            }
            ["All ", &count(slots.len() as u32, "replica"), " of ", op.key.as_str(), " have the write."]
                .concat()
        }
        Some(_) => "All replicas have answered.".to_owned(),
        None => String::new(),
    }
}

/// The last answer to a write of which fallbacks keep a part.
#[inline(never)]
fn handed_in(view: &View<'_>, slots: &[Slot]) -> String {
    let kept = slots.iter().filter_map(|slot| {
        Some([view.name(slot.fallback?), " keeps a hint for ", view.name(slot.node)].concat())
    });
    let kept = text::list(kept.collect());
    let hold: Vec<NodeId> =
        slots.iter().filter(|slot| slot.fallback.is_none()).map(|slot| slot.node).collect();
    let verb = if hold.len() == 1 { " holds it, and " } else { " hold it, and " };
    let hold = if hold.is_empty() { String::new() } else { [&text::nodes(view, &hold), verb].concat() };
    ["That was the last answer: ", &hold, &kept, "."].concat()
}

/// Why what arrived had no effect, if so: a whole sentence.
#[inline(never)]
fn ignored(view: &View<'_>, event: &Event) -> Option<String> {
    event.notes.iter().find_map(|note| {
        let Note::Ignored { why, request, .. } = note else { return None };
        let of = request.and_then(|request| view.trace().op(request)).map_or("the request".to_owned(), named);
        Some(match why {
            Ignored::NoSuchRequest => ["It is not coordinating ", &of, ", or no longer."].concat(),
            Ignored::NotAwaited => {
                ["It is not waiting for this answer to ", &of, ", or has it already."].concat()
            }
            Ignored::ForwardedTwice => "A request is passed on once, never again.".to_owned(),
            Ignored::UnderWay => ["It is coordinating ", &of, " already."].concat(),
            Ignored::TakenBefore => {
                ["It has done ", &of, " before, and doing it twice would bring back what came after it."]
                    .concat()
            }
            Ignored::NoSuchBatch => "It has sent these hints anew, or has the answer already.".to_owned(),
            Ignored::NotReady => {
                "It is going to own the key, and does not have all of it yet: its answer does not count."
                    .to_owned()
            }
            Ignored::Moved => "It does not own the key any more: its answer does not count.".to_owned(),
            Ignored::AnotherPlan => {
                "It belongs to another plan of the members than the one followed here.".to_owned()
            }
            Ignored::ClaimsFutureWrites => {
                "It names versions that this node has not made yet, so it cannot be true.".to_owned()
            }
            Ignored::NotAnOwner => "It is of a key that is not kept here.".to_owned(),
        })
    })
}

#[inline(never)]
pub(super) fn waits(view: &View<'_>, record: &MessageRecord) -> Sentence {
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let kind = text::kind(envelope.message.kind());
    Sentence::new(
        &["The ", kind, " from ", from, " to ", to, " arrives and waits."],
        &[to, " is paused, and takes it when it goes on."],
    )
}

#[inline(never)]
pub(super) fn lost(view: &View<'_>, record: &MessageRecord, loss: Loss) -> Sentence {
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let why = match loss {
        Loss::Chance => "The network loses some messages, by chance.".to_owned(),
        Loss::Cut => [from, " cannot reach ", to, " at the moment."].concat(),
        Loss::Dropped => "It was set to be dropped.".to_owned(),
        Loss::Down => [to, " is down."].concat(),
        Loss::Corrupted => [to, " found its checksum wrong and discarded it."].concat(),
    };
    let then = match envelope.message.kind() {
        // Who is down waits for nothing.
        _ if !view.is_up(envelope.from) => String::new(),
        Kind::Write => [" ", from, " will wait for an ack that never comes."].concat(),
        Kind::WriteAck => [" ", from, " has the write, but ", to, " does not hear of it."].concat(),
        Kind::Read => [" ", from, " will wait for an answer that never comes."].concat(),
        Kind::ReadReply => [" ", to, " does not hear what ", from, " holds."].concat(),
        Kind::Forward => " Nobody coordinates the request now.".to_owned(),
        Kind::Repair => [" ", to, " stays as it is until the next get."].concat(),
        Kind::Gossip => " Other rounds will bring what it said.".to_owned(),
        Kind::Hint => [" ", from, " keeps its hints, and will send them again."].concat(),
        Kind::HintAck => [" ", to, " keeps its hints, and will send them again."].concat(),
        Kind::Transfer | Kind::TransferAck => " It will be sent again.".to_owned(),
        Kind::RepairAck => [" ", from, " is repaired, but ", to, " does not hear of it."].concat(),
        Kind::Collect | Kind::CollectAck => {
            " It will be sent again, and nothing is forgotten until then.".to_owned()
        }
        Kind::Merkle => " The comparison ends here; the next one begins anew.".to_owned(),
    };
    // Of a message that is there twice, the other one may still arrive.
    let then = if record.copy_of.is_some() { " It was a copy.".to_owned() } else { then };
    let kind = text::kind(envelope.message.kind());
    Sentence::new(&["The ", kind, " from ", from, " to ", to, " is lost."], &[&why, &then])
}
