//! The trace of `ringside run --trace`: every event of a run, one JSON object a line.

mod collections;
mod moving;
mod notes;

pub(crate) use moving::unwilling;

use crate::metrics::ms;
use crate::wire::encoded_bytes;
use ringside_core::{Kind, NodeId, Quorum, ReadRepair, RequestId, Siblings, Wake};
use ringside_sim::check::words;
use ringside_sim::{
    Act, Carried, ConfigChange, Event, Matcher, MessageId, Operation, OperationKind, Ratio, Recording, Setup,
    Trace, What, Workload,
};
use serde_json::{Map, Value as Json, json};

/// Names of things while events are written down.
struct Writer<'a> {
    setup: &'a Setup,
    trace: &'a Trace,
}

/// All events, in order.
pub(crate) fn lines(recording: &Recording) -> String {
    let writer = Writer { setup: recording.setup(), trace: recording.trace() };
    let mut out = String::new();
    for (position, event) in (1_u64..).zip(&writer.trace.events) {
        out.push_str(&writer.event(position, event).to_string());
        out.push('\n');
    }
    out
}

impl Writer<'_> {
    fn event(&self, position: u64, event: &Event) -> Json {
        let mut line = Map::new();
        line.insert("position".to_owned(), json!(position));
        line.insert("at_ms".to_owned(), ms(event.at.as_micros()));
        let what = match &event.what {
            What::Act { step, act, request } => {
                json!({ "event": "act", "step": step, "op": request.map(|request| self.op(request)), "act": self.act(act) })
            }
            What::Asked(operation, request) => {
                let act = self.operation(operation);
                json!({ "event": "asked", "op": self.op(*request), "act": act })
            }
            What::Delivered(id) => json!({ "event": "delivered", "message": self.message(*id) }),
            What::Waits(id) => json!({ "event": "waits", "message": self.message(*id) }),
            What::Took(node, request) => {
                json!({ "event": "took", "node": self.node(*node), "op": self.op(*request) })
            }
            What::Lost(id, why) => {
                json!({ "event": "lost", "message": self.message(*id), "why": why.name() })
            }
            What::Woke(node, Wake::TimeLimit(request)) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "time-limit", "op": self.op(*request) })
            }
            What::Woke(node, Wake::Gossip) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "gossip" })
            }
            What::Woke(node, Wake::HalfTime(request)) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "half-time", "op": self.op(*request) })
            }
            What::Woke(node, Wake::Handoff(owner)) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "handoff", "owner": self.node(*owner) })
            }
            What::Woke(node, Wake::HintExpiry) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "hint-expiry" })
            }
            What::Woke(node, Wake::Transfer) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "transfer" })
            }
            What::Woke(node, Wake::Silence) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "silence" })
            }
            What::Woke(node, Wake::Collection) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "collection" })
            }
            What::Woke(node, Wake::AntiEntropy) => {
                json!({ "event": "woke", "node": self.node(*node), "why": "anti-entropy" })
            }
            What::GaveUp(request) => json!({ "event": "gave-up", "op": self.op(*request) }),
        };
        if let Json::Object(what) = what {
            line.extend(what);
        }
        let notes: Vec<Json> = event.notes.iter().map(|note| self.note(note)).collect();
        let sent: Vec<Json> = event.sent.iter().map(|id| self.message(*id)).collect();
        let answered: Vec<String> = event.answers.iter().map(|(request, _)| self.op(*request)).collect();
        line.insert("notes".to_owned(), Json::from(notes));
        line.insert("sent".to_owned(), Json::from(sent));
        line.insert("answered".to_owned(), Json::from(answered));
        Json::Object(line)
    }

    fn node(&self, node: NodeId) -> &str {
        self.setup.name(node)
    }

    fn nodes(&self, nodes: &[NodeId]) -> Vec<&str> {
        nodes.iter().map(|node| self.node(*node)).collect()
    }

    fn op(&self, request: RequestId) -> String {
        self.trace.op(request).map_or_else(|| format!("request {}", request.0), |op| op.id.clone())
    }

    fn message(&self, id: MessageId) -> Json {
        let record = self.trace.message(id);
        let envelope = &record.envelope;
        json!({
            "id": id.0,
            "kind": envelope.message.kind().name(),
            "from": self.node(envelope.from),
            "to": self.node(envelope.to),
            "op": envelope.message.request().map(|request| self.op(request)),
            "copy_of": record.copy_of.map(|of| of.0),
            "bytes": encoded_bytes(&envelope.message),
        })
    }

    fn operation(&self, operation: &Operation) -> Json {
        let (kind, value, carried) = match &operation.kind {
            OperationKind::Get => ("get", None, None),
            OperationKind::Put { value, context } => ("put", Some(value.as_str()), Some(context)),
            OperationKind::Delete { context } => ("delete", None, Some(context)),
        };
        let context = carried.map(|carried| match carried {
            Carried::Session => "session",
            Carried::Nothing => "none",
            Carried::Of(id) => id.as_str(),
        });
        let (client, key, via) = (&operation.client, operation.key.as_str(), self.node(operation.via));
        json!({ "kind": kind, "client": client, "key": key, "value": value, "via": via, "context": context })
    }

    fn act(&self, act: &Act) -> Json {
        match act {
            Act::Operation(operation) => self.operation(operation),
            Act::Restart(node) => json!({ "kind": "restart", "node": self.node(*node), "disk": "kept" }),
            Act::RestartOld(node) => json!({ "kind": "restart", "node": self.node(*node), "disk": "old" }),
            Act::Partition(groups) => {
                let groups: Vec<_> = groups.iter().map(|group| self.nodes(group)).collect();
                json!({ "kind": "partition", "groups": groups })
            }
            Act::Link(change) => {
                let (from, to) = (self.node(change.from), self.node(change.to));
                let loss = change.loss.map(|loss| format!("{}/{}", loss.numerator, loss.denominator));
                let delay = change.delay.map(|delay| format!("{delay:?}"));
                json!({ "kind": "link", "from": from, "to": to, "delay": delay, "loss": loss, "cut": change.cut })
            }
            Act::Heal => json!({ "kind": "heal" }),
            Act::Hold(matcher) => self.matcher("hold", *matcher),
            Act::Release(matcher) => self.matcher("release", *matcher),
            Act::Drop { matcher, count }
            | Act::Duplicate { matcher, count }
            | Act::Replay { matcher, count }
            | Act::Corrupt { matcher, count } => {
                let mut told = self.matcher(act.name(), *matcher);
                told["count"] = json!(count);
                told
            }
            Act::Workload(load) => workload(load),
            Act::StopWorkloads => json!({ "kind": "workload", "stop": true }),
            Act::Network(change) => {
                let ratio = |ratio: Ratio| format!("{}/{}", ratio.numerator, ratio.denominator);
                json!({
                    "kind": "network", "delay": change.delay.map(|delay| format!("{delay:?}")),
                    "loss": change.loss.map(ratio), "duplicate": change.duplicate.map(ratio),
                })
            }
            Act::Replace { dead, new } => {
                json!({ "kind": "replace", "dead": self.node(*dead), "new": self.node(*new) })
            }
            Act::Crash(node)
            | Act::Wipe(node)
            | Act::Join(node)
            | Act::Leave(node)
            | Act::Abort(node)
            | Act::Pause(node)
            | Act::Resume(node) => json!({ "kind": act.name(), "node": self.node(*node) }),
            Act::Slow { node, factor } => {
                json!({ "kind": "slow", "node": self.node(*node), "factor": factor })
            }
            Act::Skew { node, by } => json!({ "kind": "skew", "node": self.node(*node), "by_us": by }),
            Act::Drift { node, millionths } => {
                json!({ "kind": "drift", "node": self.node(*node), "ppm": millionths })
            }
            Act::Set(change) => set(change),
            Act::Repair(node) => json!({ "kind": "repair", "node": self.node(*node) }),
            Act::ToMessage { message, .. } => json!({ "kind": act.name(), "message": message.0 }),
            Act::Note => json!({ "kind": "note" }),
        }
    }

    fn matcher(&self, kind: &str, matcher: Matcher) -> Json {
        let Matcher { kind: of, from, to } = matcher;
        let name = |node: Option<NodeId>| node.map(|node| self.node(node));
        json!({ "kind": kind, "message": of.map(Kind::name), "from": name(from), "to": name(to) })
    }

    fn dots(&self, siblings: &Siblings) -> Vec<String> {
        siblings.versions().iter().map(|version| words::dot(self.setup, version.dot)).collect()
    }

    fn answer(&self, outcome: &ringside_core::Outcome) -> Json {
        use ringside_core::Outcome;
        let versions = |siblings: &Siblings| self.dots(siblings);
        match outcome {
            Outcome::Stored(siblings) => json!({ "stored": versions(siblings) }),
            Outcome::Found(siblings) => json!({ "found": versions(siblings) }),
            Outcome::Refused(_) => json!("refused"),
            Outcome::TimedOut { have, need } => json!({ "timed_out": { "have": have, "need": need } }),
            Outcome::NotRepaired { have, need } => json!({ "not_repaired": { "have": have, "need": need } }),
        }
    }
}

fn workload(load: &Workload) -> Json {
    let reads = format!("{}/{}", load.reads.numerator, load.reads.denominator);
    let zipf = load.zipf.map(|exponent| f64::from(exponent) / 1_000.0);
    json!({
        "kind": "workload", "clients": load.clients, "rate": load.rate, "keys": load.keys, "zipf": zipf,
        "reads": reads, "for_ms": ms(load.lasts.as_micros()),
    })
}

/// Which settings change.
fn set(change: &ConfigChange) -> Json {
    let repair = change.read_repair.map(|repair| match repair {
        ReadRepair::Async => "async",
        ReadRepair::Blocking => "blocking",
        ReadRepair::Off => "off",
    });
    let timeout = change.timeout.map(|timeout| ms(timeout.as_micros()));
    let quorum = change.quorum.map(|quorum| match quorum {
        Quorum::Sloppy => "sloppy",
        Quorum::Strict => "strict",
    });
    let window = change.hint_window.map(|window| ms(window.as_micros()));
    let (n, r, w) = (change.n, change.r, change.w);
    let often =
        |often: Option<ringside_core::Span>| often.map_or(json!("off"), |often| ms(often.as_micros()));
    let (gossip, anti_entropy) = (change.gossip.map(often), change.anti_entropy.map(often));
    let detector = change.failure_detector.map(|detector| detector.to_string());
    json!({
        "kind": "set", "n": n, "r": r, "w": w, "read_repair": repair, "timeout_ms": timeout,
        "gossip_ms": gossip, "failure_detector": detector, "quorum": quorum,
        "hinted_handoff": change.hinted_handoff, "hint_window_ms": window,
        "anti_entropy_ms": anti_entropy,
    })
}
