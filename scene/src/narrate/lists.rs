//! What the drawings show, as lists of sentences: for screen readers, and where there is no room for a drawing.

use crate::messages::{Stand, under_way as moving};
use crate::{View, text};
use ringside_core::NodeId;
use ringside_sim::{MessageId, Op};

/// One sentence for each node, in their order: its state, its keys, what it coordinates.
#[must_use]
pub fn nodes(view: &View<'_>) -> Vec<(NodeId, String)> {
    let told = |node: &ringside_sim::NodeSnapshot| {
        let keys = super::count(node.store.len() as u32, "key");
        let mut told = [&node.name, " is ", view.condition(node.id), " and holds ", &keys].concat();
        let hints = node.hints.len() as u32;
        if hints > 0 {
            told.push_str(", and keeps ");
            told.push_str(&super::count(hints, "hint"));
            told.push_str(" for others");
        }
        let busy = node.coordinating.len() as u32;
        if busy > 0 && node.runs() {
            told.push_str("; it coordinates ");
            told.push_str(&super::count(busy, "request"));
        }
        told.push('.');
        (node.id, told)
    };
    view.snapshot.nodes.iter().map(told).collect()
}

/// One sentence for each operation that has begun, in the order of invocation.
#[must_use]
pub fn requests(view: &View<'_>) -> Vec<String> {
    view.begun().iter().map(|op| request(view, op)).collect()
}

fn request(view: &View<'_>, op: &Op) -> String {
    let mut told = [
        &op.id,
        ": ",
        text::client(&op.client),
        " asked ",
        view.name(op.via),
        " for ",
        &super::requests::named(op),
    ]
    .concat();
    match op.end_by(view.position) {
        None => told.push_str(", under way."),
        Some(end) => {
            told.push_str(", ");
            told.push_str(end.outcome.name());
            told.push_str(" after ");
            told.push_str(&end.at.since(op.start).to_string());
            told.push('.');
        }
    }
    told
}

/// One sentence for each message that is under way or held, at most `most` of them, in the order of sending; and
/// how many there are in all.
#[must_use]
pub fn under_way(view: &View<'_>, most: usize) -> (Vec<(MessageId, String)>, usize) {
    let moving: Vec<(MessageId, Stand)> =
        moving(view).into_iter().filter(|(_, stand)| !matches!(stand, Stand::Lost(..))).collect();
    let told = |(id, stand): &(MessageId, Stand)| {
        let message = view.trace().message(*id);
        let (from, to) = (view.name(message.envelope.from), view.name(message.envelope.to));
        let kind = text::kind(message.envelope.message.kind());
        let how = match stand {
            Stand::Held => ", held back".to_owned(),
            Stand::Moving(_) | Stand::Lost(..) | Stand::Absent => message
                .way(view.position)
                .map(|travel| [", arrives in ", &travel.due.since(view.now).to_string()].concat())
                .unwrap_or_default(),
        };
        (*id, ["A ", kind, " from ", from, " to ", to, &how, "."].concat().replacen("A ack", "An ack", 1))
    };
    (moving.iter().take(most).map(told).collect(), moving.len())
}
