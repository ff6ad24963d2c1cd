//! What nodes did: notes as JSON.

use super::Writer;
use crate::metrics::ms;
use ringside_core::node::anti_entropy::ExchangeId;
use ringside_core::{Ignored, Key, NodeId, Note};
use ringside_sim::check::words;
use serde_json::{Value as Json, json};

impl Writer<'_> {
    pub(super) fn note(&self, note: &Note) -> Json {
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
    pub(super) fn opinion(&self, note: &Note) -> Json {
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
    pub(super) fn hint_note(&self, note: &Note) -> Json {
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

    pub(super) fn hint(&self, note: &str, owner: NodeId, key: &Key) -> Json {
        json!({ "note": note, "owner": self.node(owner), "key": key.as_str() })
    }

    /// A note of anti-entropy.
    pub(super) fn exchange(&self, note: &Note, exchange: ExchangeId, with: NodeId) -> Json {
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
