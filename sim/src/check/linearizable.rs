//! `linearizable`: every key behaves like one register that is written and read at single moments.
//!
//! Values are told apart by the write that made them, not by what they say. A put or delete that `failed` never
//! happened; one that is `unknown` or still under way takes effect at some time or never. A delete writes "absent".

use super::history::{Get, History, grouped};
use super::register::{self, Call, Conflict, Did};
use super::words::{content, count, list, quoted, returned, were, who, written};
use super::{Claim, Finding};
use crate::trace::{Op, OpOutcome};
use ringside_core::order::by_number;
use ringside_core::{Content, NodeId, RequestId, Version};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One breach, and when it was certain.
struct Breach<'a> {
    shows_at: u64,
    ops: Vec<&'a Op>,
    nodes: Vec<NodeId>,
    why: String,
}

/// The operations on one key as calls on a register.
struct Register<'a> {
    history: &'a History<'a>,
    ops: Vec<&'a Op>,
    calls: Vec<Call>,
}

pub(super) fn judge(history: &History<'_>) -> Finding {
    let keys = grouped(history.ops.iter().copied(), |op| &op.key);
    let judged = history.gets().count();
    if judged == 0 {
        return Finding::nothing(
            Claim::Linearizable,
            "No get has ended ok, so nobody has seen an order of writes.",
        );
    }
    let mut breaches: Vec<Breach<'_>> = Vec::new();
    for ops in keys.values() {
        match Register::of(history, ops) {
            Ok(register) => {
                let conflict = register::conflict(&register.calls);
                breaches.extend(conflict.map(|(at, conflict)| register.breach(at / 2, conflict)));
            }
            Err(breach) => breaches.push(breach),
        }
    }
    match breaches.into_iter().min_by_key(|breach| breach.shows_at) {
        Some(breach) => Finding::broken(Claim::Linearizable, &breach.ops, breach.nodes, breach.why),
        None => {
            let keys = grouped(history.gets(), |get| &get.op.key).len();
            let (gets, were, keys) = (count(judged, "get", "gets"), were(judged), count(keys, "key", "keys"));
            let why = format!(
                "{gets} of {keys} {were} judged: for each key its operations fit one order that respects real time, in which \
                 every get returns the latest write before it."
            );
            Finding::holds(Claim::Linearizable, why)
        }
    }
}

impl<'a> Register<'a> {
    /// The calls, or the first answer that is none of a register's at all.
    fn of(history: &'a History<'a>, all: &[&'a Op]) -> Result<Self, Breach<'a>> {
        let mut register = Self { history, ops: Vec::new(), calls: Vec::new() };
        let mut places: BTreeMap<RequestId, usize> = BTreeMap::new();
        for &op in all.iter().filter(|op| op.kind.is_write()) {
            let end = history.end(op);
            if end.is_some_and(|end| end.outcome == OpOutcome::Failed) {
                continue;
            }
            if history.write(op).is_some() {
                places.insert(op.request, register.ops.len());
            }
            let ended = end.filter(|end| end.outcome == OpOutcome::Ok).map(|end| end.position);
            register.push(op, ended, Did::Write);
        }
        let mut gets: Vec<Get<'a>> = all
            .iter()
            .filter(|op| !op.kind.is_write())
            .filter_map(|op| Some(Get { op, end: history.end(op)? }))
            .filter(|get| get.end.outcome == OpOutcome::Ok)
            .collect();
        by_number(&mut gets, |get| get.end.position);
        let mut odd = None;
        for get in gets {
            let read = match seen_as_one(get) {
                Ok(None) => None,
                Ok(Some(write)) if places.contains_key(&write) => Some(places[&write]),
                Ok(Some(_)) => {
                    odd = Some(from_nowhere(history, get));
                    break;
                }
                Err(()) => {
                    odd = Some(many_at_once(history, get));
                    break;
                }
            };
            register.push(get.op, Some(get.end.position), Did::Read(read));
        }
        match odd {
            // What was wrong before the odd answer came is the earlier breach.
            Some(odd) if register::conflict(&register.calls).is_none() => Err(odd),
            Some(_) | None => Ok(register),
        }
    }

    fn push(&mut self, op: &'a Op, ended: Option<u64>, did: Did) {
        self.ops.push(op);
        // Doubled, and ends one later, so that what happens in one event counts as overlapping.
        self.calls.push(Call { start: op.start_at * 2, end: ended.map(|end| end * 2 + 1), did });
    }

    fn breach(&self, shows_at: u64, conflict: Conflict) -> Breach<'a> {
        let (ops, why) = match conflict {
            Conflict::FromTheFuture { read } => self.before_its_write(read),
            Conflict::Circle { x, y, x_first, y_first: (c, d) } => match (x, x_first) {
                (None, _) | (_, None) => self.went_back(None, y, c, d),
                (Some(x), Some(pair)) if pair == (x, y) => self.went_back(Some(x), y, c, d),
                (Some(x), Some((a, b))) if (c, d) == (y, x) => self.went_back(Some(y), x, a, b),
                (Some(x), Some(pair)) => self.both_first((x, y), pair, (c, d)),
            },
        };
        let last = ops.iter().filter(|op| !op.kind.is_write()).max_by_key(|op| op.start_at);
        let nodes = last.and_then(|op| self.history.end(op)).map_or_else(Vec::new, |end| end.replies.clone());
        Breach { shows_at, ops, nodes, why }
    }

    fn before_its_write(&self, read: usize) -> (Vec<&'a Op>, String) {
        let get = self.ops[read];
        let write = match self.calls[read].did {
            Did::Read(Some(write)) => self.ops[write],
            Did::Read(None) | Did::Write => get,
        };
        let why = format!(
            "{} returned {} at {}, but {} began only at {}.",
            who(self.history.setup, get),
            written(write),
            self.ended(read),
            write.id,
            write.start
        );
        (vec![get, write], why)
    }

    /// `c` of the newer write ended before `d` began, and yet `d` returned the older write (none: the beginning).
    fn went_back(&self, older: Option<usize>, newer: usize, c: usize, d: usize) -> (Vec<&'a Op>, String) {
        let setup = self.history.setup;
        let (write, saw, missed) = (self.ops[newer], self.ops[c], self.ops[d]);
        let began = format!(
            "{} began to write {} to {} at {}.",
            who(setup, write),
            content(write),
            self.key(),
            write.start
        );
        let seen = if c == newer {
            format!("It had ended at {}.", self.ended(c))
        } else {
            format!("{} returned {} at {}.", who(setup, saw), written(write), self.ended(c))
        };
        let gave = match older {
            None => "nothing, as if the key had never been written".to_owned(),
            Some(older) => {
                let old = self.ops[older];
                let ended = self.ended(older);
                format!(
                    "{}, which is older: {} had ended at {ended}, before {} began",
                    written(old),
                    old.id,
                    write.id
                )
            }
        };
        let then = format!(
            "{} began at {}, after {} had ended, and returned {gave}.",
            who(setup, missed),
            missed.start,
            saw.id
        );
        let ops = if c == newer { vec![write, missed] } else { vec![write, saw, missed] };
        (ops, format!("{began} {seen} {then} A register never goes back."))
    }

    /// Two writes that overlap in time, and operations that put each of them before the other.
    fn both_first(
        &self,
        writes: (usize, usize),
        x_first: (usize, usize),
        y_first: (usize, usize),
    ) -> (Vec<&'a Op>, String) {
        let (x, y) = (&self.ops[writes.0].id, &self.ops[writes.1].id);
        let because = |(ended, began): (usize, usize)| {
            let (end, start) = (self.ended(ended), self.ops[began].start);
            format!("{} ended at {end}, before {} began at {start}", self.deed(ended), self.deed(began))
        };
        let why = format!(
            "{}: so {x} came before {y}. But {}: so {y} came before {x}. A register cannot do both.",
            because(x_first),
            because(y_first)
        );
        let all = [writes.0, writes.1, x_first.0, x_first.1, y_first.0, y_first.1];
        (all.iter().map(|at| self.ops[*at]).collect(), why)
    }

    /// `r1 (bob, through B), which returned w1's "milk",`
    fn deed(&self, call: usize) -> String {
        let name = who(self.history.setup, self.ops[call]);
        match self.calls[call].did {
            Did::Write => format!("{name}, which wrote {},", content(self.ops[call])),
            Did::Read(None) => format!("{name}, which returned nothing,"),
            Did::Read(Some(write)) => format!("{name}, which returned {},", written(self.ops[write])),
        }
    }

    fn key(&self) -> String {
        quoted(self.ops[0].key.as_str())
    }

    fn ended(&self, call: usize) -> String {
        self.history.end(self.ops[call]).map_or_else(|| "no time".to_owned(), |end| end.at.to_string())
    }
}

/// The write that a get read, as its client sees it; none if it found a key that was never written. A tombstone is no
/// value: one beside a value is not seen, and of several alone the last counts. Two values are not a register's.
fn seen_as_one(get: Get<'_>) -> Result<Option<RequestId>, ()> {
    let is_value = |version: &&Arc<Version>| matches!(version.content, Content::Value(_));
    let mut values = get.versions().iter().filter(is_value);
    match (values.next(), values.next()) {
        (Some(_), Some(_)) => Err(()),
        (Some(value), None) => Ok(Some(value.request)),
        (None, _) => Ok(get.versions().last().map(|tombstone| tombstone.request)),
    }
}

fn many_at_once<'a>(history: &'a History<'a>, get: Get<'a>) -> Breach<'a> {
    let mut ops: Vec<&Op> = history.returned(get).collect();
    ops.push(get.op);
    let why = format!(
        "{} returned {} at {}, side by side. A register holds one value at a time.",
        who(history.setup, get.op),
        returned(history, get),
        get.end.at
    );
    Breach { shows_at: get.end.position, ops, nodes: get.end.replies.clone(), why }
}

fn from_nowhere<'a>(history: &'a History<'a>, get: Get<'a>) -> Breach<'a> {
    let writes: Vec<&Op> = history.returned(get).collect();
    let failed: Vec<String> = writes.iter().map(|write| format!("{} had failed", write.id)).collect();
    let but = if failed.is_empty() { "nobody wrote that".to_owned() } else { list(&failed) };
    let why = format!(
        "{} returned {} at {}, but {but}.",
        who(history.setup, get.op),
        returned(history, get),
        get.end.at
    );
    let ops = writes.into_iter().chain([get.op]).collect();
    Breach { shows_at: get.end.position, ops, nodes: get.end.replies.clone(), why }
}

#[cfg(test)]
mod tests;
