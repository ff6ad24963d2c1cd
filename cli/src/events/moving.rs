//! Notes of members that come and go, and of ranges on the move, in the trace.

use super::Writer;
use ringside_core::{Change, Key, Move, Note, Unwilling, Want};
use serde_json::{Value as Json, json};

impl Writer<'_> {
    /// Of members that come and go.
    pub(super) fn moving(&self, note: &Note) -> Json {
        if let Note::Wished { want } = note {
            json!({ "note": "wished", "what": want.map(|want| self.want(want)) })
        } else if let Note::Refused { why } = note {
            json!({ "note": "refused", "why": unwilling(*why) })
        } else if let Note::ChangeBegun { epoch, change, moves } = note {
            let (change, moves) = (self.change(change), self.moves(moves));
            json!({ "note": "change-begun", "epoch": epoch, "change": change, "moves": moves })
        } else if let Note::ChangeHeard { epoch, change } = note {
            json!({ "note": "change-heard", "epoch": epoch, "change": self.change(change) })
        } else if let Note::ChangeAborted { change } = note {
            json!({ "note": "change-aborted", "change": self.change(change) })
        } else if let Note::Switched { epoch, change } = note {
            json!({ "note": "switched", "epoch": epoch, "change": self.change(change) })
        } else {
            self.carried(note)
        }
    }

    /// Of ranges on the move.
    fn carried(&self, note: &Note) -> Json {
        if let Note::BatchReceived { from, keys, so_far, left } = note {
            let from = self.node(*from);
            json!({ "note": "batch-received", "from": from, "keys": keys, "so_far": so_far, "left": left })
        } else if let Note::Complete { epoch } = note {
            json!({ "note": "complete", "epoch": epoch })
        } else if let Note::OwedSent { to, keys, failures } = note {
            json!({ "note": "owed-sent", "to": self.node(*to), "keys": keys, "failures": failures })
        } else if let Note::OwedReceived { from, keys } = note {
            json!({ "note": "owed-received", "from": self.node(*from), "keys": keys })
        } else if let Note::RangeDropped { epoch, keys } = note {
            let keys: Vec<&str> = keys.iter().map(Key::as_str).collect();
            json!({ "note": "range-dropped", "epoch": epoch, "keys": keys })
        } else {
            Json::Null
        }
    }

    fn want(&self, want: Want) -> Json {
        match want {
            Want::Join => json!({ "kind": "join" }),
            Want::Leave => json!({ "kind": "leave" }),
            Want::Replace { dead } => json!({ "kind": "replace", "dead": self.node(dead) }),
        }
    }

    fn change(&self, change: &Change) -> Json {
        match change {
            Change::Join(new) => json!({ "kind": "join", "node": self.node(new.node) }),
            Change::Leave(node) => json!({ "kind": "leave", "node": self.node(*node) }),
            Change::Replace { dead, new } => {
                json!({ "kind": "replace", "dead": self.node(*dead), "new": self.node(new.node) })
            }
            Change::Replicas(n) => json!({ "kind": "replicas", "n": n }),
        }
    }

    /// Positions are 64-bit numbers, which JSON readers round; so they stand as 16 hex digits.
    fn moves(&self, moves: &[Move]) -> Vec<Json> {
        let hex = |position: u64| format!("{position:016x}");
        let told = |moved: &Move| {
            json!({
                "after": hex(moved.start), "to_end": hex(moved.end), "from": moved.from.map(|node| self.node(node)),
                "to": self.node(moved.to),
            })
        };
        moves.iter().map(told).collect()
    }
}

pub(crate) const fn unwilling(why: Unwilling) -> &'static str {
    match why {
        Unwilling::IsMember => "is-member",
        Unwilling::IsNoMember => "is-no-member",
        Unwilling::IsLast => "is-last",
        Unwilling::NothingUnderWay => "nothing-under-way",
        Unwilling::IsDown => "is-down",
        Unwilling::IsUp => "is-up",
        Unwilling::DeadIsNoMember => "dead-is-no-member",
    }
}
