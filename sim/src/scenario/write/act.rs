//! The actions of steps.

use super::values::{Fields, delay, list, quoted, ratio, span};
use super::{Writer, cluster};
use crate::act::{Act, Carried, LinkChange, Matcher, NetworkChange, Operation, OperationKind};
use crate::workload::Workload;
use ringside_core::{NodeId, Span};

/// The action's key and its value.
pub(super) fn act(writer: &mut Writer<'_>, act: &Act) -> (&'static str, String) {
    match act {
        Act::Operation(operation) => self::operation(writer, operation),
        Act::Crash(node) => ("crash", writer.name(*node)),
        Act::Restart(node) => ("restart", writer.name(*node)),
        Act::Wipe(node) => ("wipe", writer.name(*node)),
        Act::RestartOld(node) => ("restart", of_node(writer, *node, "disk", quoted("old"))),
        Act::Partition(groups) => ("partition", list(groups.iter().map(|group| writer.names(group)))),
        Act::Link(change) => ("link", link(writer, change)),
        Act::Heal => ("heal", "true".to_owned()),
        Act::Hold(matcher) => ("hold", matching(writer, matcher).inline()),
        Act::Release(matcher) => ("release", matching(writer, matcher).inline()),
        Act::Drop { matcher, count }
        | Act::Duplicate { matcher, count }
        | Act::Replay { matcher, count }
        | Act::Corrupt { matcher, count } => (act.name(), counted(writer, matcher, *count)),
        Act::Pause(node) | Act::Resume(node) => (act.name(), writer.name(*node)),
        Act::Workload(load) => ("workload", workload(load)),
        Act::StopWorkloads => ("workload", quoted("stop")),
        Act::Network(change) => ("network", network(change)),
        Act::Slow { node, factor } => ("slow", of_node(writer, *node, "factor", factor.to_string())),
        Act::Skew { node, by } => {
            let size = span(Span::from_micros(by.unsigned_abs()));
            let by = if *by < 0 { size.replacen('"', "\"-", 1) } else { size };
            ("skew", of_node(writer, *node, "by", by))
        }
        Act::Drift { node, millionths } => {
            let rate = quoted(&format!("{millionths}ppm"));
            ("drift", of_node(writer, *node, "rate", rate))
        }
        Act::Set(change) => ("set", cluster::change(change)),
        Act::Repair(node) => ("repair", writer.name(*node)),
        Act::Join(node) => ("join", writer.name(*node)),
        Act::Leave(node) => ("leave", writer.name(*node)),
        Act::Abort(node) => ("abort", writer.name(*node)),
        Act::Replace { dead, new } => {
            ("replace", format!("{{ dead = {}, new = {} }}", writer.name(*dead), writer.name(*new)))
        }
        Act::ToMessage { message, deed } => (deed.name(), format!("{{ message = {} }}", message.0)),
        Act::Note => ("note", "true".to_owned()),
    }
}

fn workload(Workload { clients, rate, keys, zipf, reads, lasts }: &Workload) -> String {
    let mut fields = Fields::default();
    fields.add("rate", rate.to_string());
    fields.add("for", span(*lasts));
    fields.add_unless(*clients == 1, "clients", || clients.to_string());
    fields.add_unless(*keys == 1, "keys", || keys.to_string());
    fields.add_some("zipf", *zipf, |exponent| format!("{}.{:03}", exponent / 1_000, exponent % 1_000));
    fields.add("reads", ratio(*reads));
    fields.inline()
}

/// A node and one thing more.
fn of_node(writer: &Writer<'_>, node: NodeId, key: &'static str, value: String) -> String {
    let mut fields = Fields::default();
    fields.add("node", writer.name(node));
    fields.add(key, value);
    fields.inline()
}

fn operation(writer: &mut Writer<'_>, operation: &Operation) -> (&'static str, String) {
    let Operation { id, client, via, key, kind } = operation;
    let mut fields = Fields::default();
    let named = !writer.is_next_name(id);
    fields.add_unless(!named, "id", || quoted(id));
    fields.add("key", quoted(key.as_str()));
    let (name, context) = match kind {
        OperationKind::Get => ("get", None),
        OperationKind::Put { value, context } => {
            fields.add("value", quoted(value.as_str()));
            ("put", Some(context))
        }
        OperationKind::Delete { context } => ("delete", Some(context)),
    };
    fields.add_unless(*via == writer.nodes.first_of(key), "via", || writer.name(*via));
    fields.add_unless(client == "client", "client", || quoted(client));
    match context {
        Some(Carried::Nothing) => fields.add("context", quoted("none")),
        Some(Carried::Of(op)) => fields.add("context", quoted(op)),
        Some(Carried::Session) | None => {}
    }
    (name, fields.inline())
}

fn link(writer: &Writer<'_>, LinkChange { from, to, delay: way, loss, cut }: &LinkChange) -> String {
    let mut fields = Fields::default();
    fields.add("from", writer.name(*from));
    fields.add("to", writer.name(*to));
    fields.add_some("delay", way.as_ref(), delay);
    fields.add_some("loss", *loss, ratio);
    fields.add_some("cut", *cut, |cut| cut.to_string());
    fields.inline()
}

fn network(NetworkChange { delay: way, loss, duplicate }: &NetworkChange) -> String {
    let mut fields = Fields::default();
    fields.add_some("delay", way.as_ref(), delay);
    fields.add_some("loss", *loss, ratio);
    fields.add_some("duplicate", *duplicate, ratio);
    fields.inline()
}

fn matching(writer: &Writer<'_>, Matcher { kind, from, to }: &Matcher) -> Fields {
    let mut fields = Fields::default();
    fields.add_some("kind", *kind, |kind| quoted(kind.name()));
    fields.add_some("from", *from, |node| writer.name(node));
    fields.add_some("to", *to, |node| writer.name(node));
    fields
}

fn counted(writer: &Writer<'_>, matcher: &Matcher, count: u32) -> String {
    let mut fields = matching(writer, matcher);
    fields.add_unless(count == 1, "count", || count.to_string());
    fields.inline()
}
