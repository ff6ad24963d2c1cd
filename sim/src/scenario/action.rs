//! The actions of steps.

use super::nodes::Nodes;
use super::ops::{self, Ops};
use super::read::{Item, Read, Table};
use super::text::{listed, meant, quoted};
use super::{cluster, fault, load, network};
use crate::act::{Act, Carried, Deed, LinkChange, Matcher, Operation, OperationKind};
use crate::trace::MessageId;
use ringside_core::order::by_number;
use ringside_core::{Key, Kind, NodeId, Value};

/// Actions that can be done.
pub(super) const BUILT: [&str; 30] = [
    "put",
    "get",
    "delete",
    "crash",
    "restart",
    "wipe",
    "pause",
    "resume",
    "slow",
    "skew",
    "drift",
    "partition",
    "link",
    "network",
    "heal",
    "hold",
    "release",
    "deliver",
    "drop",
    "duplicate",
    "replay",
    "corrupt",
    "workload",
    "set",
    "repair",
    "join",
    "leave",
    "abort",
    "replace",
    "note",
];

/// Actions that change the members.
pub(super) const MEMBERSHIP: [&str; 4] = ["join", "leave", "abort", "replace"];

/// The most messages that one `drop`, `duplicate` or `corrupt` takes.
pub(crate) const MAX_COUNT: u32 = 1_000_000;

/// What a step may name.
pub(super) struct Known<'a> {
    pub(super) nodes: &'a Nodes<'a>,
    pub(super) ops: &'a Ops,
}

/// Reads an action. `id` is the name of the operation that it is.
pub(super) fn act(item: &Item<'_>, known: &Known<'_>, id: Option<&str>) -> Read<Act> {
    if let Some(id) = id {
        return operation(item, known, id).map(Act::Operation);
    }
    if let Some(act) = to_message(item)? {
        return Ok(act);
    }
    match item.name() {
        "crash" => known.nodes.resolve(item).map(Act::Crash),
        "restart" => restart(item, known.nodes),
        "wipe" => known.nodes.resolve(item).map(Act::Wipe),
        "partition" => partition(item, known.nodes).map(Act::Partition),
        "link" => link(item, known.nodes).map(Act::Link),
        "heal" => item.only_true().map(|()| Act::Heal),
        "hold" => matcher(&matcher_table(item, false)?, known.nodes).map(Act::Hold),
        "release" => matcher(&matcher_table(item, false)?, known.nodes).map(Act::Release),
        "drop" | "duplicate" | "replay" | "corrupt" => counted(item, known.nodes),
        "repair" => known.nodes.resolve(item).map(Act::Repair),
        "pause" => known.nodes.resolve(item).map(Act::Pause),
        "resume" => known.nodes.resolve(item).map(Act::Resume),
        "workload" if load::stops(item)? => Ok(Act::StopWorkloads),
        "workload" => load::workload(item).map(Act::Workload),
        "network" => network::change(item).map(Act::Network),
        "slow" => fault::slow(item, known.nodes),
        "skew" => fault::skew(item, known.nodes),
        "drift" => fault::drift(item, known.nodes),
        "join" => known.nodes.resolve(item).map(Act::Join),
        "leave" => known.nodes.resolve(item).map(Act::Leave),
        "abort" => known.nodes.resolve(item).map(Act::Abort),
        "replace" => replace(item, known.nodes),
        "set" => cluster::change(&cluster::set_table(item)?).map(Act::Set),
        _ => item.only_true().map(|()| Act::Note),
    }
}

fn operation(item: &Item<'_>, known: &Known<'_>, id: &str) -> Read<Operation> {
    let table = ops::operation_table(item)?;
    let key = key(&table.need("key", "\"cart\"")?)?;
    let context = || table.get("context").map_or(Ok(Carried::Session), |item| carried(&item, known.ops));
    let kind = match item.name() {
        "put" => {
            let value = table
                .need("value", "\"milk\"")?
                .short_string("a text, such as \"milk\"", Value::MAX_BYTES)?;
            OperationKind::Put { value: Value::new(value), context: context()? }
        }
        "delete" => OperationKind::Delete { context: context()? },
        _ => OperationKind::Get,
    };
    let client = table.get("client").map_or(Ok("client"), |item| item.label())?;
    let via =
        table.get("via").map_or_else(|| Ok(known.nodes.first_of(&key)), |item| known.nodes.resolve(&item))?;
    Ok(Operation { id: id.to_owned(), client: client.to_owned(), via, key, kind })
}

/// Reads a key of the store.
pub(super) fn key(item: &Item<'_>) -> Read<Key> {
    let text = item.short_string("a text, such as \"cart\"", Key::MAX_BYTES)?;
    if text.is_empty() {
        return Err(item.error("a key has at least one character, such as \"cart\""));
    }
    Ok(Key::new(text))
}

fn carried(item: &Item<'_>, ops: &Ops) -> Read<Carried> {
    if item.string("\"none\", or an operation's id")? == "none" {
        return Ok(Carried::Nothing);
    }
    ops.resolve(item).map(|(op, _)| Carried::Of(op))
}

fn restart(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    if !item.is_table() {
        return nodes.resolve(item).map(Act::Restart);
    }
    let table = item.table(&["node", "disk"], "")?;
    let node = nodes.resolve(&table.need("node", "\"A\"")?)?;
    let disks = [("kept", Act::Restart as fn(NodeId) -> Act), ("old", Act::RestartOld), ("empty", Act::Wipe)];
    let on = table.get("disk").map_or(Ok(disks[0].1), |item| item.choice(&disks))?;
    Ok(on(node))
}

/// The table of a `replace`.
pub(super) fn replace_table<'t>(item: &Item<'t>) -> Read<Table<'t>> {
    item.table(&["dead", "new"], "a table such as { dead = \"B\", new = \"F\" }")
}

fn replace(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    let table = replace_table(item)?;
    let dead = nodes.resolve(&table.need("dead", "\"B\"")?)?;
    let new_item = table.need("new", "\"F\"")?;
    let new = nodes.resolve(&new_item)?;
    if dead == new {
        return Err(
            new_item.error("a node cannot take its own place; to start it on an empty disk, write wipe")
        );
    }
    Ok(Act::Replace { dead, new })
}

fn partition(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Vec<Vec<NodeId>>> {
    const WANTED: &str = "a list of groups, such as [[\"A\", \"D\"], [\"B\", \"C\"]]";
    let mut taken = vec![false; nodes.len()];
    let mut groups = Vec::new();
    for group in item.list(WANTED)? {
        let mut members = Vec::new();
        for element in group.list(WANTED)? {
            let node = nodes.resolve(&element)?;
            if std::mem::replace(&mut taken[node.index()], true) {
                let name = nodes.name(node);
                return Err(
                    element.error(format_args!("node {name} is in a group already; a node is in one group"))
                );
            }
            members.push(node);
        }
        if members.is_empty() {
            return Err(group.error("a group needs a node; leave the group out"));
        }
        by_number(&mut members, |node| node.0.into());
        groups.push(members);
    }
    if groups.is_empty() {
        return Err(item.error("\"partition\" needs a group; to end a partition, write heal = true"));
    }
    Ok(groups)
}

fn link(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<LinkChange> {
    let keys = ["from", "to", "delay", "loss", "cut"];
    let table = item.table(&keys, "a table such as { from = \"A\", to = \"B\", delay = \"20ms\" }")?;
    let from = nodes.resolve(&table.need("from", "\"A\"")?)?;
    let to_item = table.need("to", "\"B\"")?;
    let to = nodes.resolve(&to_item)?;
    if from == to {
        return Err(to_item.error("a node has no link to itself: \"from\" and \"to\" must differ"));
    }
    let delay = table.get("delay").map(|item| network::delay(&item)).transpose()?;
    let loss = table.get("loss").map(|item| item.ratio()).transpose()?;
    let cut = table.get("cut").map(|item| item.boolean()).transpose()?;
    if delay.is_none() && loss.is_none() && cut.is_none() {
        return Err(
            table.error("\"link\" changes nothing: give it delay = \"20ms\", loss = \"1%\" or cut = true")
        );
    }
    Ok(LinkChange { from, to, delay, loss, cut })
}

/// Something done to one message, by its number; none if messages are meant that match.
fn to_message(item: &Item<'_>) -> Read<Option<Act>> {
    const WANTED: &str = "a message's number, such as { message = 17 }";
    let Some(deed) = Deed::ALL.into_iter().find(|deed| deed.name() == item.name()) else { return Ok(None) };
    let numbered =
        || item.entries("").is_ok_and(|entries| entries.iter().any(|(_, item)| item.name() == "message"));
    if deed != Deed::Deliver && !numbered() {
        return Ok(None);
    }
    let number = item.table(&["message"], WANTED)?.need("message", "17")?.count_or_none(u32::MAX)?;
    Ok(Some(Act::ToMessage { message: MessageId(number), deed }))
}

/// The table of an action on messages.
fn matcher_table<'t>(item: &Item<'t>, counted: bool) -> Read<Table<'t>> {
    let keys: &[&str] = if counted { &["kind", "from", "to", "count"] } else { &["kind", "from", "to"] };
    item.table(keys, "a table such as { kind = \"write\", from = \"A\", to = \"B\" }, where what is left out matches anything")
}

/// What happens to so many messages.
fn counted(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    let table = matcher_table(item, true)?;
    let replays = item.name() == "replay";
    let most = if replays { Act::MAX_REPLAYED } else { MAX_COUNT };
    let count = table.get("count").map_or(Ok(1), |item| item.count(most))?;
    let matcher = matcher(&table, nodes)?;
    Ok(match item.name() {
        "drop" => Act::Drop { matcher, count },
        "duplicate" => Act::Duplicate { matcher, count },
        "replay" => Act::Replay { matcher, count },
        _ => Act::Corrupt { matcher, count },
    })
}

fn matcher(table: &Table<'_>, nodes: &Nodes<'_>) -> Read<Matcher> {
    let node = |name: &str| table.get(name).map(|item| nodes.resolve(&item)).transpose();
    let kind = table.get("kind").map(|item| kind(&item)).transpose()?;
    Ok(Matcher { kind, from: node("from")?, to: node("to")? })
}

fn kind(item: &Item<'_>) -> Read<Kind> {
    let text = item.string("a message kind, such as \"write\"")?;
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == text) {
        return Ok(kind);
    }
    let names = || Kind::ALL.into_iter().map(Kind::name);
    let hint = meant(text, names()).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    let all = listed(names().collect::<Vec<_>>().into_iter());
    Err(item.error(format_args!("there are no {} messages; the kinds are {all}{hint}", quoted(text))))
}
