//! Sentences about anti-entropy: two nodes compare their hash trees and copy what differs.

use super::{Sentence, count};
use crate::{View, text};
use ringside_core::merkle::Tree;
use ringside_core::node::anti_entropy::{Comparison, ExchangeId};
use ringside_core::{NodeId, Note};
use ringside_sim::Event;

/// A node begins an exchange by itself, or finds nobody to compare with.
#[inline(never)]
pub(super) fn due(view: &View<'_>, event: &Event, node: NodeId) -> Sentence {
    let begins = event.notes.iter().find_map(|note| {
        let Note::ExchangeBegins { with, .. } = note else { return None };
        Some(*with)
    });
    let name = view.name(node);
    match begins {
        Some(with) => Sentence::new(
            &[name, " begins to compare what it holds with ", view.name(with), "."],
            &[
                "It sends the root of its hash tree over the keys that the two share: one hash for all of them.",
            ],
        ),
        None => Sentence::new(&[name, " finds nobody to compare what it holds with."], &[]),
    }
}

#[inline(never)]
pub(super) fn delivered(
    view: &View<'_>,
    event: &Event,
    (from, to): (NodeId, NodeId),
    exchange: ExchangeId,
    comparison: &Comparison,
) -> Sentence {
    let (from, to) = (view.name(from), view.name(to));
    let sentence = match comparison {
        Comparison::Root(_) | Comparison::Children { .. } => hashes(event, from, to),
        Comparison::Keys { .. } => keys(event, from, to),
        Comparison::Versions { wanted, .. } => versions(event, from, to, wanted.len()),
    };
    if exchange.asked && matches!(comparison, Comparison::Root(_)) {
        return sentence.and("An operator has asked for it.");
    }
    sentence
}

fn hashes(event: &Event, from: &str, to: &str) -> Sentence {
    let found = event.notes.iter().find_map(|note| {
        let Note::HashesCompared { level, equal, different, .. } = note else { return None };
        Some((*level, *equal, *different))
    });
    let Some((level, equal, different)) = found else {
        return Sentence::new(&[to, " compares nothing with ", from, "."], &[]);
    };
    match (level, different) {
        (0, 0) => Sentence::new(
            &["The roots of ", from, " and ", to, " are equal."],
            &["One hash has told that all keys they share are alike."],
        ),
        (0, _) => Sentence::new(
            &["The roots of ", from, " and ", to, " differ."],
            &[to, " answers with the hashes one level below."],
        ),
        (_, 0) => Sentence::new(
            &[to, " finds all ", &equal.to_string(), " hashes equal by now."],
            &["What differed has been made good in the meantime."],
        ),
        (level, _) => {
            let what = if level == Tree::DEPTH { "bucket" } else { "branch" };
            let next = if level == Tree::DEPTH {
                "It answers with the keys in them, and their versions by hash."
            } else {
                "It answers with the hashes below."
            };
            let shown = [&plural(different, what), " of ", &(equal + different).to_string()].concat();
            Sentence::new(
                &[to, " finds ", &shown, " different, at level ", &level.to_string(), "."],
                &["All below the others is alike and need not be looked at. ", next],
            )
        }
    }
}

/// `1 branch`, `2 branches`.
fn plural(number: u32, one: &str) -> String {
    if number > 1 && one.ends_with("ch") { count(number, &[one, "e"].concat()) } else { count(number, one) }
}

fn keys(event: &Event, from: &str, to: &str) -> Sentence {
    let found = event.notes.iter().find_map(|note| {
        let Note::KeysCompared { equal, different, .. } = note else { return None };
        Some((*equal, *different))
    });
    let (equal, different) = found.unwrap_or_default();
    if different == 0 {
        return Sentence::new(&[to, " finds the keys alike by now."], &["Nothing has to be copied."]);
    }
    let verb = if different == 1 { " differs" } else { " differ" };
    let lead = [&count(different, "key"), verb, " between ", from, " and ", to, "."].concat();
    let rest = match sent(event) {
        Some(keys) => ["It sends what it holds of ", &keys, "."].concat(),
        None => ["It asks ", from, " for the versions."].concat(),
    };
    let alike = match equal {
        0 => String::new(),
        _ => ["In the same buckets, ", &equal.to_string(), " more are alike."].concat(),
    };
    Sentence { lead, rest }.and(&alike)
}

/// The keys that are sent, as a list; none where there are none.
fn sent(event: &Event) -> Option<String> {
    let mut keys = event.notes.iter().filter_map(|note| {
        let Note::KeysSent { keys, .. } = note else { return None };
        Some(keys)
    });
    let first = keys.next()?;
    let all = first.iter().chain(keys.flatten());
    Some(named(all.map(|key| key.as_str().to_owned()).collect()))
}

/// A list of at most three.
fn named(mut keys: Vec<String>) -> String {
    let more = keys.len().saturating_sub(3) as u32;
    if more > 0 {
        keys.truncate(3);
        keys.push(count(more, "more key"));
    }
    text::list(keys)
}

fn versions(event: &Event, from: &str, to: &str, wanted: usize) -> Sentence {
    let merged = event.notes.iter().filter_map(|note| {
        let Note::Synchronised { key, changed, .. } = note else { return None };
        Some((key, *changed))
    });
    let (changed, same): (Vec<_>, Vec<_>) = merged.partition(|(_, changed)| *changed);
    let names = |keys: Vec<(&ringside_core::Key, bool)>| {
        named(keys.into_iter().map(|(key, _)| key.as_str().to_owned()).collect())
    };
    let sentence = match (changed.is_empty(), same.is_empty()) {
        (false, _) => Sentence::new(
            &[to, " merges what ", from, " holds of ", &names(changed), " into what it had."],
            &[],
        ),
        (true, false) => {
            Sentence::new(&[to, " already knows all that ", from, " holds of ", &names(same), "."], &[])
        }
        (true, true) => Sentence::new(&[from, " asks ", to, " for ", &count(wanted as u32, "key"), "."], &[]),
    };
    let back = sent(event).map(|keys| ["It sends back what it holds of ", &keys, "."].concat());
    let ended = event.notes.iter().any(|note| matches!(note, Note::ExchangeEnded { .. }));
    let end = if ended { "That ends the comparison." } else { "" };
    sentence.and(&back.unwrap_or_default()).and(end)
}
