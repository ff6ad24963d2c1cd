//! Sentences about hints: who keeps what for whom, and how it comes home.

use super::{Sentence, count, requests};
use crate::{View, text};
use ringside_core::{Key, NodeId, Note, RequestId, Siblings};
use ringside_sim::{Event, MessageRecord};

/// A node was woken at half the time limit of a request.
#[inline(never)]
pub(super) fn half_time(view: &View<'_>, event: &Event, node: NodeId, request: RequestId) -> Sentence {
    let name = view.name(node);
    let of = view.trace().op(request).map_or("the request".to_owned(), requests::named);
    let handed = event.notes.iter().filter_map(|note| {
        let Note::StandsIn { fallback, owner, .. } = note else { return None };
        Some([view.name(*fallback), " for ", view.name(*owner)].concat())
    });
    let handed: Vec<String> = handed.collect();
    if handed.is_empty() {
        let lead = ["Half the time limit of ", &of, " has passed."].concat();
        let rest = "Not all have answered, and nobody is left who could stand in for them.".to_owned();
        return Sentence { lead, rest };
    }
    let lead = [name, " asks ", &text::list(handed), " to keep ", &of, "."].concat();
    let rest = "Half the time limit has passed without an answer, so a fallback keeps the write as a hint.";
    Sentence { lead, rest: rest.to_owned() }
}

/// What a fallback does with a write for someone else; none if this event stored no hint for a request.
#[inline(never)]
pub(super) fn kept(
    view: &View<'_>,
    event: &Event,
    to: &str,
    (key, versions): (&str, &Siblings),
) -> Option<Sentence> {
    let (owner, superseded) = event.notes.iter().find_map(|note| {
        let Note::HintStored { request: Some(_), owner, superseded, .. } = note else { return None };
        Some((*owner, *superseded))
    })?;
    let owner = view.name(owner);
    let lead =
        [to, " keeps ", key, " = ", &text::values(view, versions), " for ", owner, ", as a hint."].concat();
    let merged = if superseded { " It merges with the hint that was there already." } else { "" };
    let rest = [to, " is no replica of ", key, "; it will send ", owner, " the hint.", merged].concat();
    Some(Sentence { lead, rest })
}

/// Hints reach their owner.
#[inline(never)]
pub(super) fn home(view: &View<'_>, event: &Event, record: &MessageRecord) -> Sentence {
    let (from, to) = (view.name(record.envelope.from), view.name(record.envelope.to));
    let merged = event.notes.iter().filter_map(|note| {
        if let Note::HintMerged { key, changed, .. } = note { Some((key, *changed)) } else { None }
    });
    let merged: Vec<(&Key, bool)> = merged.collect();
    let keys = merged.iter().map(|(key, _)| key.as_str().to_owned()).collect();
    let lead = [to, " takes in what ", from, " kept for it: ", &text::list(keys), "."].concat();
    let new = merged.iter().filter(|(_, changed)| *changed).count();
    let rest = if new == 0 {
        "It had all of that already; it sends an ack all the same.".to_owned()
    } else {
        ["It had missed ", &count(new as u32, "write"), ", and sends an ack."].concat()
    };
    Sentence { lead, rest }
}

/// The owner's acknowledgement reaches the holder.
#[inline(never)]
pub(super) fn acknowledged(view: &View<'_>, event: &Event, record: &MessageRecord) -> Sentence {
    let (from, to) = (view.name(record.envelope.from), view.name(record.envelope.to));
    let delivered =
        event.notes.iter().filter(|note| matches!(note, Note::HintDelivered { .. })).count() as u32;
    let they = if delivered == 1 {
        "what the hint tells. Only now may the hint go."
    } else {
        "what the hints tell. Only now may they go."
    };
    let rest = [from, " has confirmed that it holds ", they].concat();
    if delivered == 0 {
        let lead = [to, " keeps its hints for ", from, "."].concat();
        return Sentence { lead, rest: "They have changed since they were sent.".to_owned() };
    }
    Sentence { lead: [to, " deletes ", &count(delivered, "hint"), " for ", from, "."].concat(), rest }
}

/// A node was woken to send hints: the whole sentence.
#[inline(never)]
pub(super) fn sends(view: &View<'_>, event: &Event, node: NodeId, owner: NodeId) -> Sentence {
    let told = more(view, event, node);
    if told.is_empty() {
        let lead = [view.name(node), " looks after its hints for ", view.name(owner), "."].concat();
        let rest = [view.name(owner), " is believed down, so they stay."].concat();
        return Sentence { lead, rest };
    }
    Sentence { lead: told, rest: String::new() }
}

/// The window of a hint ended: the whole sentence.
#[inline(never)]
pub(super) fn expires(view: &View<'_>, event: &Event, node: NodeId) -> Sentence {
    let told = more(view, event, node);
    if told.is_empty() {
        return Sentence::new(&[view.name(node), " looks for hints that have expired, and finds none."], &[]);
    }
    Sentence { lead: told, rest: "Whoever needed it has to learn of the write in another way.".to_owned() }
}

/// What else happened to hints in this event, at `node`; empty if nothing did.
#[inline(never)]
pub(super) fn more(view: &View<'_>, event: &Event, node: NodeId) -> String {
    let me = view.name(node);
    let told = event.notes.iter().filter_map(|note| {
        if let Note::HintsSent { owner, hints, failures } = note {
            let again = if *failures > 0 { " again" } else { "" };
            return Some(
                [me, " sends ", view.name(*owner), " ", &count(*hints, "hint"), again, "."].concat(),
            );
        }
        let (owner, key, what) = if let Note::HintExpired { owner, key } = note {
            (owner, key, "expires")
        } else if let Note::HintLost { owner, key } = note {
            (owner, key, "goes with its disk")
        } else if let Note::HintReturned { owner, key } = note {
            (owner, key, "is there again")
        } else if let Note::HintPassedOn { owner, key } = note {
            (owner, key, "becomes one for those who own the key now")
        } else {
            return None;
        };
        Some(hint(view, me, *owner, key, what))
    });
    told.collect::<Vec<String>>().join(" ")
}

fn hint(view: &View<'_>, me: &str, owner: NodeId, key: &Key, what: &str) -> String {
    ["The hint for ", key.as_str(), " that ", me, " kept for ", view.name(owner), " ", what, "."].concat()
}
