//! What the inspector shows of one request, one node, one key, one message: rows of words, ready to be set.

mod beliefs;
pub mod bitmap;
mod matrix;
pub mod suspicion;

pub use beliefs::{BeliefRow, beliefs};
pub use matrix::{Cell, MOST_IN_MATRIX, Matrix, Word, matrix};

use crate::messages::Stand;
use crate::quorum::{Answered, Progress, Slot};
use crate::{View, text};
use ringside_core::node::anti_entropy::Comparison;
use ringside_core::{Context, Key, NodeId, RequestId, Siblings, Span, Time};
use ringside_sim::trace::OpKind;
use ringside_sim::{MessageId, NodeSnapshot, NodeState, Op, OpOutcome};
use std::sync::Arc;

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestCard {
    /// Its number.
    pub request: RequestId,
    /// Its name in the scenario.
    pub id: String,
    /// What was asked: `put cart = milk`.
    pub title: String,
    /// Who asked, and through whom.
    pub client: String,
    /// How it ended, none while it is under way; and the words for it.
    pub outcome: Option<OpOutcome>,
    /// `ok after 6 ms`, `under way`.
    pub told: String,
    /// What the client is told when it is not `ok`.
    pub error: Option<String>,
    /// A put or delete: the name of its version.
    pub version: Option<String>,
    /// A put or delete: what the context covers that it carried, `none` for an empty one.
    pub context: Option<String>,
    /// A get: what it returned, with versions.
    pub returned: Option<String>,
    /// The replicas in the order of the preference list.
    pub rows: Vec<ReplicaRow>,
}

/// A replica's part in a request.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicaRow {
    /// The replica.
    pub node: NodeId,
    /// Its place in the preference list, from 1.
    pub rank: u32,
    /// Its answer in words.
    pub answer: String,
    /// When that came, since the request began.
    pub after: Option<String>,
    /// Did it count?
    pub counted: bool,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeCard {
    /// Which.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Up or down.
    pub state: NodeState,
    /// The name it gives its versions, and how many it has given.
    pub versions: String,
    /// How many keys it holds.
    pub keys: usize,
    /// The keys it holds, the first [`MOST_KEYS`] of them, with their values.
    pub stored: Vec<(Key, String)>,
    /// What it keeps for others: for whom, the key, and the values; the first [`MOST_KEYS`] of them.
    pub hints: Vec<(NodeId, Key, String)>,
    /// What it coordinates, in words.
    pub coordinating: Vec<String>,
    /// What else is unusual about it, in whole sentences.
    pub remarks: Vec<String>,
}

/// The most keys that [`NodeCard::stored`] names.
pub const MOST_KEYS: usize = 100;

/// A key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyCard {
    /// Which.
    pub key: Key,
    /// Its position on the ring, 16 hexadecimal digits.
    pub position: String,
    /// Its replicas in the order of the preference list, and whoever else holds it.
    pub rows: Vec<KeyRow>,
}

/// What one node holds of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyRow {
    /// The node.
    pub node: NodeId,
    /// Its place in the preference list, from 1; none for others.
    pub rank: Option<u32>,
    /// For whom it keeps it, where it is a hint.
    pub hint_for: Option<NodeId>,
    /// Is it up?
    pub up: bool,
    /// The concurrent versions it holds.
    pub versions: Vec<VersionCells>,
}

/// One version with its clock.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionCells {
    /// Its name.
    pub name: String,
    /// The value, or `deleted`.
    pub value: String,
    /// Is it a tombstone?
    pub deleted: bool,
    /// What it is a successor of: the highest counter of each actor, in the order of nodes.
    pub seen: Vec<String>,
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageCard {
    /// Which.
    pub message: MessageId,
    /// `write from A to C`.
    pub title: String,
    /// What it carries.
    pub carries: Option<String>,
    /// Where it is: `under way, arrives at 7.2 ms`.
    pub told: String,
    /// The request it belongs to.
    pub request: Option<RequestId>,
}

/// What was asked, as a title: `put cart = milk`.
#[must_use]
pub fn title(op: &Op) -> String {
    match &op.kind {
        OpKind::Put(value) => ["put ", op.key.as_str(), " = ", value.as_str()].concat(),
        OpKind::Get | OpKind::Delete => [op.kind.name(), " ", op.key.as_str()].concat(),
    }
}

/// The card of a request.
#[must_use]
pub fn request(view: &View<'_>, op: &Op) -> RequestCard {
    let end = op.end_by(view.position);
    let told = match end {
        None => "under way".to_owned(),
        Some(end) => [end.outcome.name(), " after ", &end.at.since(op.start).to_string()].concat(),
    };
    let dot = op.dot.filter(|(_, since)| *since <= view.position);
    let context = || op.carried.as_ref().map_or("none".to_owned(), |carried| covers(view, carried));
    let progress = Progress::of(view, op);
    let rows = progress.map(|progress| {
        (1..).zip(&progress.slots).map(|(rank, slot)| row(view, op, &progress, rank, slot)).collect()
    });
    RequestCard {
        request: op.request,
        id: op.id.clone(),
        title: title(op),
        client: [&op.client, ", through ", view.name(op.via)].concat(),
        outcome: end.map(|end| end.outcome),
        told,
        error: end.and_then(|end| end.error.clone()),
        version: dot.map(|(dot, _)| text::dot(view, dot)),
        context: op.kind.is_write().then(context),
        returned: end
            .filter(|_| !op.kind.is_write())
            .and_then(|end| Some(text::values(view, end.returned.as_ref()?))),
        rows: rows.unwrap_or_default(),
    }
}

fn covers(view: &View<'_>, context: &Context) -> String {
    let dots: Vec<String> = context.vector().iter().map(|dot| text::dot(view, dot)).collect();
    if dots.is_empty() { "none".to_owned() } else { dots.join(", ") }
}

fn row(view: &View<'_>, op: &Op, progress: &Progress, rank: u32, slot: &Slot) -> ReplicaRow {
    let itself = slot.answerer() == progress.coordinator;
    let since = |at: Time| Some(at.since(op.start).to_string());
    let place = match slot.fallback {
        Some(fallback) if !itself => [view.name(fallback), " for ", view.name(slot.node), ": "].concat(),
        Some(_) | None => String::new(),
    };
    let holds = |word: &str| match slot.versions.as_ref().filter(|_| !op.kind.is_write()) {
        Some(versions) => text::dots(view, versions),
        None => word.to_owned(),
    };
    let (answer, after) = match slot.answer {
        Answered::Counted(_, at) if itself && op.kind.is_write() => {
            ("stored, coordinates".to_owned(), since(at))
        }
        Answered::Counted(_, at) if itself => ([&holds("answered"), ", coordinates"].concat(), since(at)),
        Answered::Counted(_, at) => (holds("ack"), since(at)),
        Answered::Late(at) => ([&holds("ack"), ", late"].concat(), since(at)),
        Answered::Silent => ("no answer in time".to_owned(), None),
        Answered::Waiting if progress.crashed => ("no longer awaited".to_owned(), None),
        Answered::Waiting if !view.is_up(slot.answerer()) => {
            (view.state(slot.answerer()).name().to_owned(), None)
        }
        Answered::Waiting => ("awaited".to_owned(), None),
    };
    let answer = [place, answer].concat();
    ReplicaRow { node: slot.node, rank, answer, after, counted: matches!(slot.answer, Answered::Counted(..)) }
}

/// The card of a node; none if there is no such node.
#[must_use]
pub fn node(view: &View<'_>, node: NodeId) -> Option<NodeCard> {
    let now = view.snapshot.nodes.get(node.index())?;
    let dot = ringside_core::Dot { actor: now.actor, counter: now.minted };
    let stored = now.store.iter().take(MOST_KEYS);
    let coordinating = now.coordinating.iter().filter(|_| now.state != NodeState::Down).map(|pending| {
        let op = view.trace().op(pending.request).map_or_else(String::new, title);
        let heard = pending.slots.iter().filter(|slot| slot.counted.is_some()).count().to_string();
        [&op, ": ", &heard, " of ", &pending.slots.len().to_string(), " have answered"].concat()
    });
    Some(NodeCard {
        node,
        name: now.name.clone(),
        state: now.state,
        versions: if now.minted == 0 {
            "none yet".to_owned()
        } else {
            ["up to ", &text::dot(view, dot)].concat()
        },
        keys: now.store.len(),
        stored: stored.map(|(key, versions)| (key.clone(), text::values(view, versions))).collect(),
        hints: now
            .hints
            .iter()
            .take(MOST_KEYS)
            .map(|(owner, key, hint)| (owner, key.clone(), text::values(view, &hint.versions)))
            .collect(),
        coordinating: coordinating.collect(),
        remarks: remarks(view, now),
    })
}

/// What is unusual about a node besides its state, in whole sentences.
#[must_use]
pub fn remarks(view: &View<'_>, node: &NodeSnapshot) -> Vec<String> {
    let mut remarks = Vec::new();
    let unsynced = node.unsynced();
    if unsynced > 0 {
        let every = view.setup().sync.map_or_else(String::new, |every| every.to_string());
        let keys = if unsynced == 1 { "1 key has" } else { &[&unsynced.to_string(), " keys have"].concat() };
        remarks.push(
            [keys, " changed since the last sync, and a crash would undo that. It syncs every ", &every, "."]
                .concat(),
        );
    }
    if node.waiting > 0 {
        let waiting = node.waiting.to_string();
        remarks.push(["It is paused, and so much waits for it: ", &waiting, "."].concat());
    }
    if node.slow > 1 {
        remarks.push(["Its messages take ", &node.slow.to_string(), " times as long."].concat());
    }
    let (wall, now) = (node.wall(view.snapshot.at), view.snapshot.at);
    let (ahead, behind) = (wall.since(now), now.since(wall));
    if ahead > Span::ZERO {
        remarks.push(["Its wall clock is ", &ahead.to_string(), " ahead."].concat());
    }
    if behind > Span::ZERO {
        remarks.push(["Its wall clock is ", &behind.to_string(), " behind."].concat());
    }
    remarks
}

/// The card of a key.
#[must_use]
pub fn key(view: &View<'_>, key: &Key) -> KeyCard {
    let preference = view.snapshot.plan.ring().preference(key, view.snapshot.config.n);
    let holds = |node: NodeId| view.snapshot.nodes.get(node.index()).and_then(|node| node.store.get(key));
    let row = |node: NodeId, rank: Option<u32>| KeyRow {
        node,
        rank,
        hint_for: None,
        up: view.is_up(node),
        versions: holds(node).map(|versions| cells(view, versions)).unwrap_or_default(),
    };
    let mut rows: Vec<KeyRow> = (1..).zip(&preference).map(|(rank, node)| row(*node, Some(rank))).collect();
    let others = view.setup().nodes().filter(|node| !preference.contains(node) && holds(*node).is_some());
    rows.extend(others.map(|node| row(node, None)));
    for holder in &view.snapshot.nodes {
        rows.extend(holder.hints.of_key(key).map(|(owner, hint)| KeyRow {
            hint_for: Some(owner),
            versions: cells(view, &hint.versions),
            ..row(holder.id, None)
        }));
    }
    KeyCard { key: key.clone(), position: hex(ringside_core::hash::position(key)), rows }
}

fn cells(view: &View<'_>, siblings: &Siblings) -> Vec<VersionCells> {
    let version = |version: &Arc<ringside_core::Version>| VersionCells {
        name: text::dot(view, version.dot),
        value: text::content(&version.content).to_owned(),
        deleted: version.content == ringside_core::Content::Tombstone,
        seen: version.seen.iter().map(|dot| text::dot(view, dot)).collect(),
    };
    siblings.versions().iter().map(version).collect()
}

/// 16 hexadecimal digits.
fn hex(number: u64) -> String {
    number
        .to_be_bytes()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

/// The card of a message; none before it was sent.
#[must_use]
pub fn message(view: &View<'_>, id: MessageId) -> Option<MessageCard> {
    use ringside_core::{Message, Transfer, Unserved};
    let record = view.trace().messages.get(id.0 as usize).filter(|record| record.sent_at <= view.position)?;
    let envelope = &record.envelope;
    let (from, to) = (view.name(envelope.from), view.name(envelope.to));
    let carries = match &envelope.message {
        Message::Write { versions, .. }
        | Message::ReadReply { versions, .. }
        | Message::Repair { versions, .. } => Some(text::values(view, versions)),
        Message::Gossip(exchange) => Some(text::exchange(view, exchange)),
        Message::Hint { hints, .. } => {
            let keys: Vec<String> = hints
                .iter()
                .map(|(key, versions)| [key.as_str(), " = ", &text::values(view, versions)].concat())
                .collect();
            Some(text::list(keys))
        }
        Message::Transfer(Transfer::Batch { keys, .. } | Transfer::Owed { keys, .. }) => {
            let keys: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
            Some(if keys.is_empty() { "no keys".to_owned() } else { keys.join(", ") })
        }
        Message::NotServed { why: Unserved::NotReady, .. } => Some("not ready".to_owned()),
        Message::NotServed { why: Unserved::Moved, .. } => Some("moved".to_owned()),
        Message::Transfer(Transfer::Ask { .. })
        | Message::TransferAck { .. }
        | Message::WriteAck { .. }
        | Message::HintAck { .. }
        | Message::Read { .. }
        | Message::Forward { .. }
        | Message::RepairAck { .. } => None,
        Message::Merkle { comparison, .. } => Some(compared(comparison)),
        Message::Collect { tombstone } | Message::CollectAck { tombstone, .. } => {
            Some(["of ", tombstone.key.as_str()].concat())
        }
    };
    let told = match (Stand::of(view, record), record.fate.filter(|fate| fate.position <= view.position)) {
        (_, Some(fate)) if fate.lost.is_some() => ["lost at ", &fate.at.to_string()].concat(),
        (_, Some(fate)) => ["arrived at ", &fate.at.to_string()].concat(),
        (Stand::Held, None) => "held back at its sender".to_owned(),
        (_, None) => record.way(view.position).map_or("under way".to_owned(), |travel| {
            ["under way, arrives at ", &travel.due.to_string()].concat()
        }),
    };
    let title = [text::kind(envelope.message.kind()), " from ", from, " to ", to].concat();
    Some(MessageCard { message: id, title, carries, told, request: envelope.message.request() })
}

/// What a step of an exchange brings.
fn compared(comparison: &Comparison) -> String {
    match comparison {
        Comparison::Root(hash) => ["the root of a hash tree, ", &hex((hash >> 64) as u64), "…"].concat(),
        Comparison::Children { nodes, .. } => {
            ["the hashes below ", &counted(nodes.len(), "place"), " of a hash tree"].concat()
        }
        Comparison::Keys { keys, buckets } => {
            [&counted(keys.len(), "key"), " of ", &counted(buckets.len(), "bucket")].concat()
        }
        Comparison::Versions { versions, wanted, .. } => {
            let sent = ["the versions of ", &counted(versions.len(), "key")].concat();
            match wanted.len() {
                0 => sent,
                more => [&sent, ", and asks for those of ", &counted(more, "key")].concat(),
            }
        }
    }
}

/// `1 key`, `3 keys`.
fn counted(number: usize, one: &str) -> String {
    [number.to_string().as_str(), " ", one, if number == 1 { "" } else { "s" }].concat()
}

#[cfg(test)]
mod tests;
