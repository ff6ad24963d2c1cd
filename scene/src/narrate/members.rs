//! Sentences about members that come and go, and about ranges on the move.

use super::Sentence;
use crate::{View, text};
use ringside_core::{Change, Message, Move, NodeId, Note, Transfer};
use ringside_sim::check::words::unwilling;
use ringside_sim::{Act, Event, MessageRecord};
use std::collections::BTreeSet;

/// An operator has told a node what part it is to have.
#[inline(never)]
pub(super) fn act(view: &View<'_>, event: &Event, act: &Act) -> Sentence {
    let refused =
        event.notes.iter().find_map(|note| if let Note::Refused { why } = note { Some(*why) } else { None });
    if let Some(why) = refused {
        return Sentence::new(&["Nothing comes of it."], &[unwilling(why)]);
    }
    if let Act::Join(node) = act {
        return Sentence::new(
            &[view.name(*node), " wants to join."],
            &["It tells its wish by gossip; the member that has been one for longest puts it into the plan."],
        );
    }
    if let Act::Leave(node) = act {
        return Sentence::new(
            &[view.name(*node), " wants to leave."],
            &["It stays an owner until others have all that it gives up."],
        );
    }
    if let Act::Replace { dead, new } = act {
        let (dead, new) = (view.name(*dead), view.name(*new));
        return Sentence::new(
            &[new, " is to take the place of ", dead, "."],
            &["It will copy from the other owners, since ", dead, " cannot hand anything over."],
        );
    }
    let whose = if let Act::Abort(node) = act { [" for ", view.name(*node)].concat() } else { String::new() };
    Sentence::new(
        &["What is under way", &whose, " is to be given up."],
        &["As long as it has not taken effect, everything stays where it was."],
    )
}

/// A message that carries keys to another owner has arrived.
#[inline(never)]
pub(super) fn transfer(view: &View<'_>, event: &Event, record: &MessageRecord) -> Sentence {
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let Message::Transfer(transfer) = &envelope.message else {
        return Sentence::new(&[to, " knows that ", from, " has what it was sent."], &[]);
    };
    match transfer {
        Transfer::Ask { .. } => Sentence::new(
            &[from, " asks ", to, " for the next keys of the ranges that it gets."],
            &["It asks again for as long as there are more, so neither has to remember what is under way."],
        ),
        Transfer::Batch { keys, left, .. } => {
            let rest = match left {
                0 => "Nothing is left to come from there.".to_owned(),
                left => [&left.to_string(), " more are still to come from there."].concat(),
            };
            let lead = [to, " receives ", &number(keys.len()), " from ", from, "."].concat();
            Sentence { lead, rest }.and(&news(view, event, envelope.to))
        }
        Transfer::Owed { keys, .. } => Sentence::new(
            &[from, " sends on to ", to, " what it has merged meanwhile: ", &number(keys.len()), "."],
            &[to, " merges it and acknowledges it; only then may ", from, " forget it."],
        ),
    }
}

/// What became of the members, as far as a node has learnt it while something else happened; empty if nothing did.
#[inline(never)]
pub(super) fn news(view: &View<'_>, event: &Event, node: NodeId) -> String {
    let me = view.name(node);
    let told = |note: &Note| {
        let told = if let Note::ChangeBegun { change, moves, .. } = note {
            [me, " puts into the plan that ", &change_of(view, change), ". ", &moving(view, moves)].concat()
        } else if let Note::ChangeHeard { change, .. } = note {
            [me, " hears that ", &change_of(view, change), ", and lets the ranges move."].concat()
        } else if let Note::ChangeAborted { change } = note {
            [me, " hears that it is given up that ", &change_of(view, change), "."].concat()
        } else if let Note::Switched { epoch, change } = note {
            let epoch = epoch.to_string();
            [me, " switches to the ring of epoch ", &epoch, ", since ", &change_of(view, change), "."]
                .concat()
        } else if let Note::Complete { .. } = note {
            [me, " has everything that it is to own."].concat()
        } else if let Note::RangeDropped { keys, .. } = note {
            [me, " drops ", &number(keys.len()), " that others own now."].concat()
        } else if let Note::Refused { why } = note {
            ["What was wished of ", me, " comes to nothing. ", unwilling(*why)].concat()
        } else {
            return None;
        };
        Some(told)
    };
    event.notes.iter().filter_map(told).collect::<Vec<String>>().join(" ")
}

fn change_of(view: &View<'_>, change: &Change) -> String {
    match change {
        Change::Join(new) => [view.name(new.node), " joins"].concat(),
        Change::Leave(node) => [view.name(*node), " leaves"].concat(),
        Change::Replace { dead, new } => [view.name(new.node), " replaces ", view.name(*dead)].concat(),
        Change::Replicas(n) => ["a key has ", &n.to_string(), " replicas"].concat(),
    }
}

fn moving(view: &View<'_>, moves: &[Move]) -> String {
    let mut to = BTreeSet::new();
    to.extend(moves.iter().map(|moved| moved.to));
    let to: Vec<NodeId> = to.into_iter().collect();
    match moves.len() {
        0 => "No range moves.".to_owned(),
        1 => ["One range moves to ", &text::nodes(view, &to), "."].concat(),
        ranges => [&ranges.to_string(), " ranges move to ", &text::nodes(view, &to), "."].concat(),
    }
}

fn number(keys: usize) -> String {
    match keys {
        0 => "no keys".to_owned(),
        1 => "1 key".to_owned(),
        keys => [&keys.to_string(), " keys"].concat(),
    }
}
