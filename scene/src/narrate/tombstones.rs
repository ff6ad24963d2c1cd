//! Sentences about the collection of tombstones.

use super::Sentence;
use crate::{View, text};
use ringside_core::node::tombstones::Tombstone;
use ringside_core::{Key, NodeId, Note};
use ringside_sim::Event;

/// A node looks at the tombstones that are due.
pub(super) fn due(view: &View<'_>, event: &Event, node: NodeId) -> Sentence {
    let name = view.name(node);
    let forgotten: Vec<String> = collected(event).map(|key| key.as_str().to_owned()).collect();
    if !forgotten.is_empty() {
        return forgets(name, &text::list(forgotten)).and("The time for that has come, by its own clock.");
    }
    let asks = event.notes.iter().find_map(|note| {
        let Note::CollectionBegins { key } = note else { return None };
        Some(key)
    });
    match asks {
        Some(key) => Sentence::new(
            &[name, " asks all members whether the tombstone of ", key.as_str(), " may go."],
            &["It may once every owner has exactly this one, and nobody keeps a hint for the key."],
        ),
        None if event.sent.is_empty() => Sentence::new(
            &[name, " cannot ask about its tombstones at the moment."],
            &["It will try again later."],
        ),
        None => Sentence::new(
            &[name, " tells again that a tombstone may go."],
            &["Somebody has not answered yet."],
        ),
    }
}

pub(super) fn asked(
    view: &View<'_>,
    event: &Event,
    (from, to): (&str, &str),
    tombstone: &Tombstone,
) -> Sentence {
    let key = tombstone.key.as_str();
    if collected(event).next().is_some() {
        return forgets(to, key).and("All owners had confirmed that they have it.");
    }
    if tombstone.drop {
        return Sentence::new(&[to, " has no such tombstone of ", key, " any more."], &[]);
    }
    let yes = event.sent.iter().any(|id| {
        let message = &view.trace().message(*id).envelope.message;
        matches!(message, ringside_core::Message::CollectAck { confirmed: true, .. })
    });
    if yes {
        Sentence::new(
            &[to, " lets the tombstone of ", key, " go, for its part, and says so to ", from, "."],
            &[],
        )
    } else {
        Sentence::new(
            &[to, " does not let the tombstone of ", key, " go."],
            &["It has something else for the key, a hint, or a request under way."],
        )
    }
}

pub(super) fn answered(
    event: &Event,
    (from, to): (&str, &str),
    tombstone: &Tombstone,
    confirmed: bool,
) -> Sentence {
    let key = tombstone.key.as_str();
    if collected(event).next().is_some() {
        let owners = if event.sent.is_empty() { "" } else { " It tells the other owners to do the same." };
        return forgets(to, key).and("All members have agreed.").and(owners.trim_start());
    }
    match (tombstone.drop, confirmed) {
        (true, _) => Sentence::new(&[from, " has heard that the tombstone of ", key, " may go."], &[]),
        (false, true) => {
            Sentence::new(&[from, " lets the tombstone of ", key, " go; ", to, " waits for the others."], &[])
        }
        (false, false) => Sentence::new(
            &[from, " does not let the tombstone of ", key, " go."],
            &[to, " keeps it, and will ask again later."],
        ),
    }
}

fn collected(event: &Event) -> impl Iterator<Item = &Key> {
    event.notes.iter().filter_map(|note| {
        let Note::Collected { key, .. } = note else { return None };
        Some(key)
    })
}

fn forgets(name: &str, key: &str) -> Sentence {
    Sentence::new(&[name, " forgets ", key, ", and that it was deleted."], &[])
}
