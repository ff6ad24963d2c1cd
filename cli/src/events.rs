//! The trace of `ringside run --trace`: every event of a run, one JSON object a line.

mod collections;
mod moving;

pub(crate) use moving::unwilling;

use crate::metrics::{encoded_bytes, ms};
use ringside_core::node::anti_entropy::ExchangeId;
use ringside_core::{Ignored, Key, Kind, NodeId, Note, Quorum, ReadRepair, RequestId, Siblings, Wake};
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

    fn note(&self, note: &Note) -> Json {
        match note {
            Note::Coordinates { request, key, preference, need } => json!({
                "note": "coordinates", "op": self.op(*request), "key": key.as_str(),
                "preference": self.nodes(preference), "need": need,
            }),
            Note::Forwards { request, to } => {
                json!({ "note": "forwards", "op": self.op(*request), "to": self.node(*to) })
            }
            Note::Minted { request, key, dot } => {
                let dot = words::dot(self.setup, *dot);
                json!({ "note": "minted", "op": self.op(*request), "key": key.as_str(), "dot": dot })
            }
            Note::Stored { request, key, changed } => {
                json!({ "note": "stored", "op": self.op(*request), "key": key.as_str(), "changed": changed })
            }
            Note::Counted { request, from, have, need } => {
                let (op, from) = (self.op(*request), self.node(*from));
                json!({ "note": "counted", "op": op, "from": from, "have": have, "need": need })
            }
            Note::Answered { request, outcome } => {
                json!({ "note": "answered", "op": self.op(*request), "answer": self.answer(outcome) })
            }
            Note::Repairs { request, key, to, blocking } => json!({
                "note": "repairs", "op": self.op(*request), "key": key.as_str(), "to": self.node(*to),
                "blocking": blocking,
            }),
            Note::Repaired { request, from } => {
                json!({ "note": "repaired", "op": self.op(*request), "from": self.node(*from) })
            }
            Note::StandsIn { .. }
            | Note::NotCounted { .. }
            | Note::ExtraAck { .. }
            | Note::CountedLate { .. }
            | Note::HintStored { .. }
            | Note::HintsSent { .. }
            | Note::HintDelivered { .. }
            | Note::HintExpired { .. }
            | Note::HintPassedOn { .. }
            | Note::HintLost { .. }
            | Note::HintReturned { .. }
            | Note::HintMerged { .. } => self.hint_note(note),
            Note::Finished { request, silent } => {
                json!({ "note": "finished", "op": self.op(*request), "silent": self.nodes(silent) })
            }
            Note::Learned { .. } | Note::Suspects { .. } | Note::Trusts { .. } => self.opinion(note),
            Note::ExchangeBegins { exchange, with }
            | Note::HashesCompared { exchange, with, .. }
            | Note::KeysCompared { exchange, with, .. }
            | Note::KeysSent { exchange, to: with, .. }
            | Note::Synchronised { exchange, from: with, .. }
            | Note::ExchangeEnded { exchange, with, .. } => self.exchange(note, *exchange, *with),
            Note::CollectionBegins { .. } | Note::CollectionRefused { .. } | Note::Collected { .. } => {
                self.collection(note)
            }
            Note::Wished { .. }
            | Note::Refused { .. }
            | Note::ChangeBegun { .. }
            | Note::ChangeHeard { .. }
            | Note::ChangeAborted { .. }
            | Note::Switched { .. }
            | Note::BatchReceived { .. }
            | Note::Complete { .. }
            | Note::OwedSent { .. }
            | Note::OwedReceived { .. }
            | Note::RangeDropped { .. } => self.moving(note),
            Note::Ignored { kind, from, request, why } => json!({
                "note": "ignored", "message": kind.name(), "from": self.node(*from), "op": request.map(|request| self.op(request)),
                "why": ignored(*why),
            }),
        }
    }

    /// What a node has heard of others, and believes of them; null for any other note.
    fn opinion(&self, note: &Note) -> Json {
        if let Note::Learned { advanced, members } = note {
            let (heartbeats, members) = (self.nodes(advanced), self.nodes(members));
            json!({ "note": "learned", "heartbeats": heartbeats, "members": members })
        } else if let Note::Suspects { member, elapsed, limit } = note {
            json!({
                "note": "suspects", "member": self.node(*member), "silent_ms": ms(elapsed.as_micros()),
                "limit_ms": ms(limit.as_micros()),
            })
        } else if let Note::Trusts { member, elapsed, limit, restarted } = note {
            json!({
                "note": "trusts", "member": self.node(*member), "silent_ms": ms(elapsed.as_micros()),
                "limit_ms": ms(limit.as_micros()), "restarted": restarted,
            })
        } else {
            Json::Null
        }
    }

    /// Acknowledgements that nobody waits for, what became of hints, and who stands in for whom; null for any other note.
    fn hint_note(&self, note: &Note) -> Json {
        if let Note::StandsIn { request, fallback, owner, believed_up, counts } = note {
            return json!({
                "note": "stands-in", "op": self.op(*request), "fallback": self.node(*fallback),
                "owner": self.node(*owner), "believed_up": believed_up, "counts": counts,
            });
        }
        if let Note::CountedLate { request, from } = note {
            return json!({ "note": "counted-late", "op": self.op(*request), "from": self.node(*from) });
        }
        if let Note::ExtraAck { request, from } = note {
            return json!({ "note": "extra-ack", "op": self.op(*request), "from": self.node(*from) });
        }
        if let Note::NotCounted { request, from, owner } = note {
            let (from, owner) = (self.node(*from), self.node(*owner));
            return json!({ "note": "not-counted", "op": self.op(*request), "from": from, "owner": owner });
        }
        if let Note::HintStored { request, owner, key, superseded } = note {
            let mut told = self.hint("hint-stored", *owner, key);
            told["op"] = json!(request.map(|request| self.op(request)));
            told["superseded"] = json!(superseded);
            return told;
        }
        if let Note::HintsSent { owner, hints, failures } = note {
            let owner = self.node(*owner);
            return json!({ "note": "hints-sent", "owner": owner, "hints": hints, "failures": failures });
        }
        if let Note::HintMerged { from, key, changed } = note {
            let (from, key) = (self.node(*from), key.as_str());
            return json!({ "note": "hint-merged", "from": from, "key": key, "changed": changed });
        }
        let fates = [
            (
                if let Note::HintDelivered { owner, key } = note { Some((owner, key)) } else { None },
                "hint-delivered",
            ),
            (
                if let Note::HintExpired { owner, key } = note { Some((owner, key)) } else { None },
                "hint-expired",
            ),
            (
                if let Note::HintPassedOn { owner, key } = note { Some((owner, key)) } else { None },
                "hint-passed-on",
            ),
            (if let Note::HintLost { owner, key } = note { Some((owner, key)) } else { None }, "hint-lost"),
            (
                if let Note::HintReturned { owner, key } = note { Some((owner, key)) } else { None },
                "hint-returned",
            ),
        ];
        let fate = fates.into_iter().find_map(|(hint, name)| Some((hint?, name)));
        fate.map_or(Json::Null, |((owner, key), name)| self.hint(name, *owner, key))
    }

    fn hint(&self, note: &str, owner: NodeId, key: &Key) -> Json {
        json!({ "note": note, "owner": self.node(owner), "key": key.as_str() })
    }

    /// A note of anti-entropy.
    fn exchange(&self, note: &Note, exchange: ExchangeId, with: NodeId) -> Json {
        let ExchangeId { by, number, asked } = exchange;
        let of = json!({ "by": words::actor(self.setup, by), "number": number, "asked": asked });
        let mut told = json!({ "note": "exchange-begins", "exchange": of, "with": self.node(with) });
        if let Note::HashesCompared { level, equal, different, .. } = note {
            told["note"] = json!("hashes-compared");
            (told["level"], told["equal"], told["different"]) =
                (json!(level), json!(equal), json!(different));
        } else if let Note::KeysCompared { equal, different, .. } = note {
            told["note"] = json!("keys-compared");
            (told["equal"], told["different"]) = (json!(equal), json!(different));
        } else if let Note::KeysSent { keys, .. } = note {
            told["note"] = json!("keys-sent");
            told["keys"] = keys.iter().map(Key::as_str).collect();
        } else if let Note::Synchronised { key, changed, .. } = note {
            told["note"] = json!("synchronised");
            (told["key"], told["changed"]) = (json!(key.as_str()), json!(changed));
        } else if let Note::ExchangeEnded { alike, .. } = note {
            told["note"] = json!("exchange-ended");
            told["alike"] = json!(alike);
        }
        told
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

const fn ignored(why: Ignored) -> &'static str {
    match why {
        Ignored::NoSuchRequest => "no-such-request",
        Ignored::NotAwaited => "not-awaited",
        Ignored::ForwardedTwice => "forwarded-twice",
        Ignored::UnderWay => "under-way",
        Ignored::TakenBefore => "taken-before",
        Ignored::NoSuchBatch => "no-such-batch",
        Ignored::ClaimsFutureWrites => "claims-future-writes",
        Ignored::NotAnOwner => "not-an-owner",
        Ignored::NotReady => "not-ready",
        Ignored::Moved => "moved",
        Ignored::AnotherPlan => "another-plan",
    }
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
