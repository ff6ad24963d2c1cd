//! `no-lost-writes`: no acknowledged write that nothing overtook has lost its last copy. A copy counts on whichever
//! disk it lies, also on that of a node that is down, and also as a hint.

use super::copies::Copies;
use super::history::{History, grouped};
use super::words::{content, count, dot, nodes, quoted, were, who};
use super::{Claim, Evidence, Finding};
use crate::snapshot::{NodeSnapshot, NodeState, Snapshot};
use crate::trace::{Op, OpEnd};
use ringside_core::order::by_number;
use ringside_core::{Config, Note, RequestId, Siblings};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn judge(history: &History<'_>, evidence: Evidence<'_>, configs: &[Config]) -> Finding {
    let snapshot = evidence.snapshot;
    let acknowledged = history.acknowledged().count();
    if acknowledged == 0 {
        return Finding::nothing(
            Claim::NoLostWrites,
            "No put or delete has been acknowledged, so none can be lost.",
        );
    }
    // Whoever overtook a write counts, acknowledged or not: it was given a dot, so it was stored.
    let mut overtaken = BTreeMap::new();
    for (key, writes) in grouped(history.writes(), |op| &op.key) {
        overtaken.insert(key, history.overtaken(writes.into_iter()));
    }
    let stands = |op: &Op| !overtaken.get(&op.key).is_some_and(|by| history.is_overtaken(op, by));
    let mut stored = stored(snapshot);
    stored.extend(collected(evidence));
    let standing: Vec<(&Op, &OpEnd)> = history.acknowledged().filter(|(op, _)| stands(op)).collect();
    let mut lost: Vec<(&Op, &OpEnd)> = standing.clone();
    lost.retain(|(op, _)| !stored.contains(&op.request));
    by_number(&mut lost, |(_, end)| end.position);
    if let Some(first) = lost.first() {
        let ops: Vec<&Op> = lost.iter().map(|(op, _)| *op).collect();
        let copies = Copies::of(evidence, configs, &ops);
        // Of all that is lost the one that no fault took says most.
        let unexcused = lost.iter().find(|(op, _)| copies.excuse(op).is_none());
        let (op, end) = unexcused.unwrap_or(first);
        return broken(history, snapshot, op, end).excused(copies.excuse(op));
    }
    let acknowledged =
        format!("{} {} acknowledged.", count(acknowledged, "write", "writes"), were(acknowledged));
    let kept = match standing.len() {
        0 => "Other writes had seen all of that, so none of it is needed any more.".to_owned(),
        1 => "One had not been overtaken, and it is still on at least one disk.".to_owned(),
        more => format!("{more} had not been overtaken, and each is still on at least one disk."),
    };
    let why = format!("{acknowledged} {kept}");
    Finding::holds(Claim::NoLostWrites, why)
}

/// Whose writes are on a disk, as data or as a hint. The data of a node that has left counts where it still owes it to
/// those who own the key.
fn stored(snapshot: &Snapshot) -> BTreeSet<RequestId> {
    let counts =
        |node: &NodeSnapshot, key: &ringside_core::Key| node.state != NodeState::Left || node.owed.has(key);
    let data = snapshot.nodes.iter().flat_map(|node| {
        let kept = node.store.iter().filter(move |(key, _)| counts(node, key));
        kept.map(|(_, kept)| kept)
    });
    let hints = snapshot.nodes.iter().flat_map(|node| node.hints.iter().map(|(_, _, hint)| &hint.versions));
    let mut stored = BTreeSet::new();
    stored.extend(data.chain(hints).flat_map(Siblings::versions).map(|version| version.request));
    stored
}

/// Whose tombstones were collected: they are gone on purpose.
fn collected(evidence: Evidence<'_>) -> impl Iterator<Item = RequestId> {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let notes = evidence.trace.events.iter().take(happened).flat_map(|event| &event.notes);
    let versions = notes.filter_map(|note| {
        let Note::Collected { versions, .. } = note else { return None };
        Some(versions.versions())
    });
    versions.flatten().map(|version| version.request)
}

fn broken(history: &History<'_>, snapshot: &Snapshot, op: &Op, end: &OpEnd) -> Finding {
    let why = format!(
        "{} wrote {} to {}{}, acknowledged at {} by {}. No other write has seen it, and yet at {} no disk holds it.",
        who(history.setup, op),
        content(op),
        quoted(op.key.as_str()),
        op.dot.map_or_else(String::new, |(name, _)| format!(" as {}", dot(history.setup, name))),
        end.at,
        nodes(history.setup, &end.replies),
        snapshot.at,
    );
    Finding::broken(Claim::NoLostWrites, &[op], end.replies.clone(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;
    use crate::trace::HintFact;
    use ringside_core::Key;

    #[test]
    fn one_copy_on_any_disk_is_enough() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.stores("C", &["w1"]);
        story.down("C");
        let judged = story.judged(Claim::NoLostWrites);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
        assert!(judged.why.starts_with("1 write was acknowledged. One had not"), "{}", judged.why);
    }

    #[test]
    fn a_hint_is_a_copy_until_it_expires() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.keeps_writes("D", "A", &["w1"]);
        assert_eq!(story.judged(Claim::NoLostWrites).verdict, Verdict::Holds);
        let mut story = Story::new();
        story.put("w1", "alice", "D", "milk").at(1, 3).ok();
        let (owner, key) = (story.node("A"), Key::new("cart"));
        story.notes(1, Note::HintStored { request: Some(RequestId(0)), owner, key, superseded: false });
        story.hint(4, "D", "A", HintFact::Expired);
        let judged = story.judged(Claim::NoLostWrites);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false), "{}", judged.why);
        let told = "It was not promised here: w1 had reached D, where the hint for \"cart\" that it kept for A has expired.";
        assert!(judged.why.ends_with(told), "{}", judged.why);
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.hint(4, "D", "A", HintFact::Expired);
        assert!(story.judged(Claim::NoLostWrites).owed, "it had never been on D");
    }

    #[test]
    fn an_acknowledged_write_without_a_copy_is_lost() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").at(4, 5).ok();
        story.stores("A", &["w1"]);
        let judged = story.judged(Claim::NoLostWrites);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, true));
        assert_eq!(judged.ops, ["w2"]);
        assert!(
            judged.why.starts_with(
                "w2 (bob, through A) wrote \"eggs\" to \"cart\" as A:2, acknowledged at 5 ms by A"
            ),
            "{}",
            judged.why
        );
    }

    #[test]
    fn a_clock_that_covers_a_write_is_no_copy_of_it() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").at(4, 5).ok();
        story.stores("A", &["w2"]);
        assert_eq!(story.judged(Claim::NoLostWrites).ops, ["w1"]);
    }

    #[test]
    fn what_was_overtaken_may_go_even_if_the_overtaker_was_never_acknowledged() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").sees(&["w1"]).at(4, 5).unknown();
        story.stores("A", &["w2"]);
        assert_eq!(story.judged(Claim::NoLostWrites).verdict, Verdict::Holds);
    }

    #[test]
    fn without_an_acknowledged_write_there_is_nothing_to_lose() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).unknown();
        assert_eq!(story.judged(Claim::NoLostWrites).verdict, Verdict::NotApplicable);
    }
}
