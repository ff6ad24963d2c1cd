//! `unique-dots`: no dot is minted twice. Two writes under one name could not be told apart, and one would vanish.

use super::history::History;
use super::words::{count, dot, were, who};
use super::{Claim, Finding};
use crate::trace::Trace;
use ringside_core::{Counters, Dot, Key, Note, RequestId};
use std::collections::BTreeMap;

pub(super) fn judge(history: &History<'_>, trace: &Trace) -> Finding {
    // A counter of one key names the writes of that key only.
    let per_key = history.setup.config.counters == Counters::PerKey;
    let mut minted: BTreeMap<(Option<&Key>, Dot), RequestId> = BTreeMap::new();
    let happened = usize::try_from(history.position).unwrap_or(usize::MAX);
    for event in trace.events.iter().take(happened) {
        for note in &event.notes {
            let Note::Minted { request, key, dot } = note else { continue };
            if let Some(first) = minted.insert((per_key.then_some(key), *dot), *request) {
                return broken(history, trace, *dot, [first, *request]);
            }
        }
    }
    if minted.is_empty() {
        return Finding::nothing(Claim::UniqueDots, "No write has been given a dot yet.");
    }
    let number = minted.len();
    let why = format!("{} {} minted, no two of them alike.", count(number, "dot", "dots"), were(number));
    Finding::holds(Claim::UniqueDots, why)
}

fn broken(history: &History<'_>, trace: &Trace, twice: Dot, requests: [RequestId; 2]) -> Finding {
    let ops: Vec<_> = requests.iter().filter_map(|request| trace.op(*request)).collect();
    let names: Vec<String> = ops.iter().map(|op| who(history.setup, op)).collect();
    let name = history.setup.name(twice.actor.node);
    let why = format!(
        "{name} gave the dot {} twice: to {}. Nobody can tell the two writes apart.",
        dot(history.setup, twice),
        names.join(" and to ")
    );
    Finding::broken(Claim::UniqueDots, &ops, vec![twice.actor.node], why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;

    #[test]
    fn different_dots_are_unique_even_with_one_counter() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "alice", "B", "eggs").at(4, 5).ok();
        let judged = story.judged(Claim::UniqueDots);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true));
        assert_eq!(judged.why, "2 dots were minted, no two of them alike.");
    }

    #[test]
    fn the_second_write_of_a_dot_breaks_it_from_there_on() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").at(4, 5).mints("A", 1).ok();
        assert_eq!(story.judged_at(Claim::UniqueDots, 3).verdict, Verdict::Holds);
        let judged = story.judged(Claim::UniqueDots);
        assert_eq!((judged.verdict, judged.ops), (Verdict::Broken, vec!["w1".to_owned(), "w2".to_owned()]));
        assert_eq!(judged.nodes.len(), 1);
        assert!(
            judged.why.starts_with(
                "A gave the dot A:1 twice: to w1 (alice, through A) and to w2 (bob, through A)."
            ),
            "{}",
            judged.why
        );
    }

    #[test]
    fn without_a_write_there_is_no_dot() {
        let mut story = Story::new();
        story.get("r1", "alice", "A").at(1, 3).returns(&[]);
        assert_eq!(story.judged(Claim::UniqueDots).verdict, Verdict::NotApplicable);
    }
}
