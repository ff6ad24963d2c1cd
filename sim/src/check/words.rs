//! How the judges say things: names of dots and actors, lists, and who did what.

use super::history::{Get, History};
use crate::setup::Setup;
use crate::trace::{Op, OpKind};
use ringside_core::{Actor, Dot, NodeId, Siblings, Unwilling, VersionVector};
use std::sync::Arc;

/// The longest piece of a key or value in a sentence, in characters.
const LONGEST: usize = 60;

/// An actor by name: `B`, and after each restart one prime more, `B′`.
#[must_use]
pub fn actor(setup: &Setup, actor: Actor) -> String {
    let primes = "′".repeat(actor.boot as usize);
    format!("{}{primes}", setup.name(actor.node))
}

/// A dot by name: `B:4`, after a restart `B′:1`.
#[must_use]
pub fn dot(setup: &Setup, dot: Dot) -> String {
    format!("{}:{}", actor(setup, dot.actor), dot.counter)
}

/// Everything a vector covers, as pairs of an actor's name and its highest counter, in the order of actors.
#[must_use]
pub fn context(setup: &Setup, vector: &VersionVector) -> Vec<(String, u64)> {
    vector.iter().map(|dot| (actor(setup, dot.actor), dot.counter)).collect()
}

/// Why nothing comes of an operator's act, and what would do instead: a sentence.
#[must_use]
pub const fn unwilling(why: Unwilling) -> &'static str {
    match why {
        Unwilling::IsMember => "It is a member already.",
        Unwilling::IsNoMember => "It is no member.",
        Unwilling::IsLast => {
            "It is the last member, and a cluster needs one: nobody could take over what it has."
        }
        Unwilling::NothingUnderWay => "Nothing is under way for it that could be given up.",
        Unwilling::IsDown => "It is down and cannot hand over what it has; it can be replaced.",
        Unwilling::IsUp => "The node to replace is up; it can leave, and hand over what it has.",
        Unwilling::DeadIsNoMember => {
            "The node to replace is no member. If it was to become one, abort that first, then let the new node join."
        }
    }
}

/// `A`, `A and B`, `A, B and C`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => "nothing".to_owned(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

/// The names of nodes as a list.
#[must_use]
pub fn nodes(setup: &Setup, nodes: &[NodeId]) -> String {
    let names: Vec<&str> = nodes.iter().map(|node| setup.name(*node)).collect();
    if names.is_empty() { "no node".to_owned() } else { list(&names) }
}

/// The values of what a get or put returned, sorted; tombstones are no values.
#[must_use]
pub fn values(returned: &Siblings) -> Vec<String> {
    let mut values: Vec<&str> = returned.values().map(|value| value.as_str()).collect();
    values.sort_unstable();
    values.into_iter().map(str::to_owned).collect()
}

/// `1 get`, `3 gets`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The verb for that many.
pub(super) const fn were(number: usize) -> &'static str {
    if number == 1 { "was" } else { "were" }
}

/// `w1 (alice, through B)`.
pub(super) fn who(setup: &Setup, op: &Op) -> String {
    format!("{} ({}, through {})", op.id, op.client, setup.name(op.via))
}

/// In quotes, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => format!("\"{text}\""),
        Some((end, _)) => format!("\"{}…\"", &text[..end]),
    }
}

/// What an operation wrote: `w1's "milk"`, `d1's tombstone`.
pub(super) fn written(write: &Op) -> String {
    match &write.kind {
        OpKind::Put(value) => format!("{}'s {}", write.id, quoted(value.as_str())),
        OpKind::Delete => format!("{}'s tombstone", write.id),
        OpKind::Get => write.id.clone(),
    }
}

/// What an operation wrote, without its name: `"milk"`, `a tombstone`.
pub(super) fn content(write: &Op) -> String {
    match &write.kind {
        OpKind::Put(value) => quoted(value.as_str()),
        OpKind::Delete | OpKind::Get => "a tombstone".to_owned(),
    }
}

/// What a get returned that should have returned `missed` or what overtook it.
pub(super) fn returned_instead<'a>(history: &History<'a>, get: Get<'a>, missed: &Op) -> String {
    if get.versions().is_empty() {
        return "returned nothing".to_owned();
    }
    format!(
        "returned {}, but neither {} nor a write that had seen it",
        returned(history, get),
        written(missed)
    )
}

/// What a get returned: `nothing`, `w1's "milk"`, `w1's "milk" and w2's "eggs"`.
pub(super) fn returned<'a>(history: &History<'a>, get: Get<'a>) -> String {
    let each = |version: &Arc<ringside_core::Version>| match history.writer(version) {
        Some(write) => written(write),
        None => format!("a version {} that no operation wrote", dot(history.setup, version.dot)),
    };
    let all: Vec<String> = get.versions().iter().map(each).collect();
    list(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_adds_a_prime() {
        let setup = Setup::bare();
        let of = |boot| dot(&setup, Dot { actor: Actor { node: NodeId(1), boot }, counter: 4 });
        assert_eq!([of(0), of(1), of(2)], ["B:4", "B′:4", "B′′:4"]);
    }

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list::<&str>(&[]), "nothing");
        assert_eq!(list(&["A"]), "A");
        assert_eq!(list(&["A", "B", "C"]), "A, B and C");
        assert_eq!(nodes(&Setup::bare(), &[]), "no node");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(quoted("milk"), "\"milk\"");
        assert_eq!(quoted(&"é".repeat(61)), format!("\"{}…\"", "é".repeat(60)));
    }
}
