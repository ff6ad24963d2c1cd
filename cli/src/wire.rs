//! What messages would weigh on a wire.

use ringside_core::node::anti_entropy::Comparison;
use ringside_core::{Change, Content, Context, Key, Message, Plan, Siblings, Transfer, VersionVector};

/// What a message would take on a wire, about: 21 bytes of header (kind 1, sender 4, receiver 4, request 8, length 4);
/// a text 4 and its UTF-8; a vector 2 and 16 for each entry (node 4, boot 4, counter 8); versions their clock, 2, and
/// for each its dot 16, what it saw, 1 that tells value from tombstone, and the value. A `merkle` message has 17 for which
/// exchange it is of, 16 for each hash, and 4 for each length, number and place.
pub(crate) fn encoded_bytes(message: &Message) -> u64 {
    const HEADER: u64 = 21;
    HEADER
        + match message {
            Message::Write { key, versions, hint_for, .. } => {
                key_bytes(key) + siblings(versions) + if hint_for.is_some() { 4 } else { 0 }
            }
            Message::Repair { key, versions, .. } => key_bytes(key) + siblings(versions),
            Message::Read { key, .. } => key_bytes(key),
            Message::ReadReply { versions, .. } => siblings(versions),
            Message::WriteAck { .. } | Message::RepairAck { .. } => 0,
            Message::NotServed { .. } => 1,
            Message::Transfer(transfer) => self::transfer(transfer),
            Message::TransferAck { .. } => 8,
            Message::Gossip(exchange) => gossip(exchange),
            Message::Hint { hints, .. } => {
                hints.iter().map(|(key, versions)| key_bytes(key) + siblings(versions)).sum()
            }
            Message::HintAck { refused, .. } => refused.iter().map(key_bytes).sum(),
            Message::Forward { request } => key_bytes(&request.key) + ask(&request.ask),
            Message::Collect { tombstone } | Message::CollectAck { tombstone, .. } => {
                26 + key_bytes(&tombstone.key) + vector(&tombstone.clock)
            }
            Message::Merkle { comparison, .. } => 17 + compared(comparison),
        }
}

/// Lists 2 and their items: of a digest 20 a line (node 4, boot 4, heartbeat 4, stamp 8), of facts 13 each (node 4, boot 4,
/// heartbeat 4, 1 that tells whether more follows), and where it does 41 and the name. The rank of a plan 12, a plan 20
/// and 13 for each change of its log, besides the name of who joined.
fn gossip(exchange: &ringside_core::Exchange) -> u64 {
    use ringside_core::Exchange;
    use ringside_core::node::membership::{Fact, Known};
    let known = |lines: &[Known]| 2 + 20 * lines.len() as u64;
    let told = |fact: &Fact| 13 + fact.member.as_ref().map_or(0, |member| 41 + text(&member.name));
    let facts = |facts: &[Fact]| 2 + facts.iter().map(told).sum::<u64>();
    match exchange {
        Exchange::Digest { lines, .. } => known(lines) + 12,
        Exchange::Answer { facts: news, lacks, plan, .. } => {
            facts(news) + known(lacks) + 12 + self::plan(plan.as_deref())
        }
        Exchange::Update { facts: news, plan } => facts(news) + self::plan(plan.as_deref()),
    }
}

fn plan(plan: Option<&Plan>) -> u64 {
    let change = |change: &Change| {
        13 + match change {
            Change::Join(new) | Change::Replace { new, .. } => text(&new.name),
            Change::Leave(_) | Change::Replicas(_) => 0,
        }
    };
    plan.map_or(0, |plan| 20 + plan.log().iter().chain(plan.pending()).map(change).sum::<u64>())
}

/// The rank of the plan 12, a batch number 8, how many are left 4; keys and versions as in a write.
fn transfer(transfer: &Transfer) -> u64 {
    let all = |keys: &[(Key, Siblings)]| {
        2 + keys.iter().map(|(key, versions)| key_bytes(key) + siblings(versions)).sum::<u64>()
    };
    let cursor = |after: &Option<Key>| 1 + after.as_ref().map_or(0, key_bytes);
    match transfer {
        Transfer::Ask { after, .. } => 12 + cursor(after),
        Transfer::Batch { after, keys, .. } => 16 + cursor(after) + all(keys),
        Transfer::Owed { keys, .. } => 8 + all(keys),
    }
}

fn compared(comparison: &Comparison) -> u64 {
    match comparison {
        Comparison::Root(_) => 16,
        Comparison::Children { nodes, .. } => 5 + nodes.len() as u64 * (4 + 16 * 16),
        Comparison::Keys { buckets, keys } => {
            let each = keys.iter().map(|(key, _, clock)| key_bytes(key) + 16 + vector(clock));
            8 + 2 * buckets.len() as u64 + each.sum::<u64>()
        }
        Comparison::Versions { versions, wanted, .. } => {
            let each = versions.iter().map(|(key, versions)| key_bytes(key) + siblings(versions));
            9 + each.sum::<u64>() + wanted.iter().map(key_bytes).sum::<u64>()
        }
    }
}

fn ask(ask: &ringside_core::Ask) -> u64 {
    use ringside_core::Ask;
    let seen = |context: &Option<Context>| context.as_ref().map_or(0, |context| vector(context.vector()));
    1 + match ask {
        Ask::Get => 0,
        Ask::Put { value, context } => text(value.as_str()) + seen(context),
        Ask::Delete { context } => seen(context),
    }
}

fn siblings(siblings: &Siblings) -> u64 {
    let version = |version: &std::sync::Arc<ringside_core::Version>| {
        let content = match &version.content {
            Content::Value(value) => text(value.as_str()),
            Content::Tombstone => 0,
        };
        16 + vector(&version.seen) + 1 + content
    };
    vector(siblings.clock()) + 2 + siblings.versions().iter().map(version).sum::<u64>()
}

fn key_bytes(key: &Key) -> u64 {
    text(key.as_str())
}

fn text(text: &str) -> u64 {
    4 + text.len() as u64
}

fn vector(vector: &VersionVector) -> u64 {
    2 + 16 * vector.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::{Actor, Dot, NodeId, RequestId, Value};

    #[test]
    fn a_message_counts_what_its_parts_need() {
        let dot = Dot { actor: Actor { node: NodeId(0), boot: 0 }, counter: 1 };
        let mut versions = Siblings::new();
        versions.put(dot, &VersionVector::new(), Content::Value(Value::new("milk")));
        let (request, key) = (RequestId(0), Key::new("cart"));
        assert_eq!(encoded_bytes(&Message::WriteAck { request }), 21);
        assert_eq!(encoded_bytes(&Message::Read { request, key: key.clone() }), 21 + 8);
        // Clock 18, number of versions 2, dot 16, nothing seen 2, flag 1, value 8.
        assert_eq!(encoded_bytes(&Message::Write { request, key, versions, hint_for: None }), 21 + 8 + 47);
    }
}
