//! Small words that several views share: names of versions, lists, contents.

use crate::View;
use ringside_core::node::membership::{Fact, Known};
use ringside_core::{Content, Dot, Exchange, Kind, NodeId, Pulse, Siblings, Span};

/// A version's name: node and counter, with a prime for each restart of the node, as in `B:4` and `B′:1`.
#[must_use]
pub fn dot(view: &View<'_>, dot: Dot) -> String {
    let mut name = view.name(dot.actor.node).to_owned();
    match dot.actor.boot {
        0 => {}
        1 => name.push('′'),
        2 => name.push('″'),
        3 => name.push('‴'),
        boot => {
            name.push('′');
            name.push_str(&boot.to_string());
        }
    }
    name.push(':');
    name.push_str(&dot.counter.to_string());
    name
}

/// The names of the versions, as in `A:1, C:2`, or `nothing`.
#[must_use]
pub fn dots(view: &View<'_>, siblings: &Siblings) -> String {
    let names: Vec<String> = siblings.versions().iter().map(|version| dot(view, version.dot)).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// What was written, as it is told: the value, or that it was deleted.
#[must_use]
pub fn content(content: &Content) -> &str {
    match content {
        Content::Value(value) => value.as_str(),
        Content::Tombstone => "deleted",
    }
}

/// A text as the beginning of a sentence. Only letters of ASCII are made capitals: the tables for all others weigh as much
/// as a panel of the page, and our own sentences begin with none of them.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Values with the names of their versions, as in `milk (A:1) and eggs (C:1)`, or `nothing`.
#[must_use]
pub fn values(view: &View<'_>, siblings: &Siblings) -> String {
    let told = siblings.versions().iter().map(|version| {
        let mut told = match &version.content {
            Content::Value(value) => value.as_str().to_owned(),
            Content::Tombstone => "a tombstone".to_owned(),
        };
        told.push_str(" (");
        told.push_str(&dot(view, version.dot));
        told.push(')');
        told
    });
    list(told.collect())
}

/// Names of nodes, as in `A, B and C`.
#[must_use]
pub fn nodes(view: &View<'_>, nodes: &[NodeId]) -> String {
    list(nodes.iter().map(|node| view.name(*node).to_owned()).collect())
}

/// A client inside a sentence: its name as it was typed; who has only the usual name, `client`, is `the client`.
#[must_use]
pub fn client(name: &str) -> &str {
    if name == USUAL_CLIENT { "the client" } else { name }
}

/// A client at the beginning of a sentence, with a capital.
#[must_use]
pub fn client_first(name: &str) -> String {
    capital(client(name))
}

/// What a client is called that nobody has named.
const USUAL_CLIENT: &str = "client";

/// A list as a sentence has it: `A, B and C`; `nothing` when it is empty.
#[must_use]
pub fn list(mut items: Vec<String>) -> String {
    let Some(last) = items.pop() else { return "nothing".to_owned() };
    if items.is_empty() {
        return last;
    }
    let mut told = items.join(", ");
    told.push_str(" and ");
    told.push_str(&last);
    told
}

/// A message's kind in a sentence, without an article: `write`, `ack`, `read`, `reply`, `forwarded request`, …
#[must_use]
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "write",
        Kind::WriteAck => "ack",
        Kind::Read => "read",
        Kind::ReadReply => "reply",
        Kind::Forward => "forwarded request",
        Kind::Repair => "repair",
        Kind::RepairAck => "repair ack",
        Kind::Gossip => "gossip message",
        Kind::Hint => "hint",
        Kind::HintAck => "hint ack",
        Kind::Merkle => "comparison",
        Kind::Collect => "question about a tombstone",
        Kind::CollectAck => "answer about a tombstone",
        Kind::Transfer => "transfer",
        Kind::TransferAck => "transfer ack",
    }
}

/// What a message of gossip says: of whom, and how much is known of each, as in `A:12, B′:3`.
#[must_use]
pub fn exchange(view: &View<'_>, exchange: &Exchange) -> String {
    let known = |lines: &[Known]| list_pulses(view, lines.iter().map(|line| (line.node, line.pulse)));
    let told = |facts: &[Fact]| list_pulses(view, facts.iter().map(|fact| (fact.node, fact.pulse)));
    match exchange {
        Exchange::Digest { lines, .. } => ["what it knows: ", &known(lines)].concat(),
        Exchange::Answer { facts, lacks, .. } => {
            ["news: ", &told(facts), "; and it lacks news beyond ", &known(lacks)].concat()
        }
        Exchange::Update { facts, .. } => ["news: ", &told(facts)].concat(),
    }
}

fn list_pulses(view: &View<'_>, pulses: impl Iterator<Item = (NodeId, Pulse)>) -> String {
    let told: Vec<String> = pulses.map(|(node, known)| pulse(view, node, known)).collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// A heartbeat, with the name that the node's versions have: `B:12`, after a restart `B′:3`.
#[must_use]
pub fn pulse(view: &View<'_>, node: NodeId, pulse: Pulse) -> String {
    let actor = ringside_core::Actor { node, boot: pulse.boot };
    dot(view, Dot { actor, counter: u64::from(pulse.heartbeat) })
}

/// A span in the largest unit that it fills, with one decimal at most: `3 s`, `22.5 ms`.
#[must_use]
pub fn rounded(span: Span) -> String {
    let micros = span.as_micros();
    let unit = if micros >= 1_000_000 { 1_000_000 } else { 1_000 };
    let tenths = (micros + unit / 20) / (unit / 10);
    Span::from_micros(tenths * (unit / 10)).to_string()
}

/// A number of thousandths as a decimal, as in `8` or `0.25`.
#[must_use]
pub fn thousandths(number: u32) -> String {
    let whole = (number / 1_000).to_string();
    let digits = (number % 1_000 + 1_000).to_string();
    let digits = digits.get(1..).unwrap_or_default().trim_end_matches('0');
    if digits.is_empty() { whole } else { [&whole, ".", digits].concat() }
}

/// At most `most` characters of a name, the first being … if some are left out: names that are given one after the other
/// differ at their ends.
#[must_use]
pub fn clipped_before(text: &str, most: usize) -> String {
    let all = text.chars().count();
    if all <= most {
        return text.to_owned();
    }
    let kept = text.chars().skip(all + 1 - most.max(1));
    core::iter::once('…').chain(kept).collect()
}

/// At most `most` characters of a text, the last being … if some are left out.
#[must_use]
pub fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_where_it_differs_least() {
        assert_eq!(clipped_before("load1-client12", 8), "…lient12");
        assert_eq!((clipped_before("alice", 5), clipped_before("alice", 4)), ("alice".into(), "…ice".into()));
        assert_eq!(clipped_before("élan", 3), "…an");
        assert_eq!(clipped("load1-client12", 8), "load1-c…");
    }
}
