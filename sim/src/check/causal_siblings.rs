//! `causal-siblings`: what a replica keeps is exactly, of the writes that reached it, those that no other of them has seen.
//!
//! Which writes reached a replica is read off the messages that it merged (see `reached`), and what they saw is the
//! simulator's own record, so that neither a clock nor a merge that errs can vouch for itself. Where nobody can say what
//! a disk still held when a node started on it, what it keeps now counts as what it had. A tombstone that somebody has
//! collected may go from any replica: the next write of a node that has forgotten it takes its place.

use super::history::History;
use super::owed::Promise;
use super::reached::{Reached, Record};
use super::words::{content, count, quoted, were, written};
use super::{Claim, Evidence, Finding};
use crate::causality::{WriteId, Writes};
use crate::trace::Op;
use ringside_core::{Key, NodeId, Siblings, Version};
use std::sync::Arc;

const NONE: Writes = Writes::new();

/// `gone` is why nothing that was forgotten can come back, or why it can.
pub(super) fn judge(history: &History<'_>, evidence: Evidence<'_>, gone: &Promise) -> Finding {
    let mut record = Record::of(evidence);
    let (mut judged, mut excused) = (0, None);
    for node in &evidence.snapshot.nodes {
        let mut keys: Vec<&Key> = node.store.iter().map(|(key, _)| key).collect();
        let disk = record.disks.remove(&node.id).unwrap_or_default();
        keys.extend(disk.keys.keys().copied().filter(|key| node.store.get(key).is_none()));
        for key in keys {
            let kept = node.store.get(key).map_or(&[][..], Siblings::versions);
            let mut reached = disk.keys.get(key).cloned().unwrap_or_default();
            if disk.unsure || reached.unsure {
                for version in kept {
                    reached.add(evidence, version);
                }
            }
            judged += 1;
            if let Some(broken) = differs(
                history,
                evidence,
                (node.id, key),
                (&reached, record.collected.get(key).unwrap_or(&NONE)),
                kept,
            ) {
                // Each key is a matter of its own, so only what was forgotten of this one may be missed.
                match gone {
                    Err(why) if record.collected.contains_key(key) => {
                        let why = format!("a tombstone of {} was collected, and {why}", quoted(key.as_str()));
                        excused.get_or_insert(broken.excused(Some(why)));
                    }
                    Ok(_) | Err(_) => return broken,
                }
            }
        }
    }
    if let Some(excused) = excused {
        return excused;
    }
    if judged == 0 {
        return Finding::nothing(Claim::CausalSiblings, "No write has reached a replica yet.");
    }
    let why = format!(
        "{} of a key {} judged: each keeps exactly those writes that no other write which reached it had seen.",
        count(judged, "replica", "replicas"),
        were(judged)
    );
    Finding::holds(Claim::CausalSiblings, why)
}

/// What is wrong with a replica, if anything.
fn differs(
    history: &History<'_>,
    evidence: Evidence<'_>,
    (node, key): (NodeId, &Key),
    (reached, collected): (&Reached, &Writes),
    kept: &[Arc<Version>],
) -> Option<Finding> {
    let mut keeps = Writes::new();
    for version in kept {
        match evidence.trace.write_of(version) {
            Some(write) => keeps.insert(write),
            None => return Some(strange(history, node, key)),
        }
    }
    let should = reached.writes.minus(&reached.seen);
    let missing = should.minus(&keeps).minus(collected).first();
    let extra = keeps.minus(&should).first();
    let op = |write: WriteId| writer(evidence, key, write);
    let at = format!("at {} {}", evidence.snapshot.at, history.setup.name(node));
    let (mut ops, why) = match (missing.and_then(op), extra.and_then(op)) {
        (Some(lost), _) => {
            let why = format!(
                "{} wrote {} to {}. That reached {}, and no other write which did had seen it; and yet {at} does not keep \
                 it.",
                lost.id,
                content(lost),
                quoted(key.as_str()),
                history.setup.name(node)
            );
            (vec![lost], why)
        }
        (None, Some(zombie)) => {
            let by = history.writes().find(|op| {
                let here = history.write(op).is_some_and(|write| reached.writes.contains(write));
                op.key == *key && here && zombie.write.is_some_and(|seen| op.saw.contains(seen))
            });
            let because = by.map_or_else(
                || "which no message brought there".to_owned(),
                |by| format!("though {} had seen it and has reached it, too", by.id),
            );
            let why = format!("Of {} {at} keeps {}, {because}.", quoted(key.as_str()), written(zombie));
            (std::iter::once(zombie).chain(by).collect(), why)
        }
        (None, None) if missing.is_some() || extra.is_some() => return Some(strange(history, node, key)),
        (None, None) => return None,
    };
    ops.dedup_by_key(|op| op.request);
    Some(Finding::broken(Claim::CausalSiblings, &ops, vec![node], why))
}

fn strange(history: &History<'_>, node: NodeId, key: &Key) -> Finding {
    let (name, key) = (history.setup.name(node), quoted(key.as_str()));
    let why = format!("{name} keeps a version of {key} that no put or delete wrote.");
    Finding::broken(Claim::CausalSiblings, &[], vec![node], why)
}

/// The operation that made a write of a key.
fn writer<'a>(evidence: Evidence<'a>, key: &Key, write: WriteId) -> Option<&'a Op> {
    let first = || evidence.trace.ops.iter().find(|op| op.key == *key && op.write == Some(write));
    let again = || {
        let mut again = evidence.trace.again.iter().filter(|(_, id)| **id == write);
        again.find_map(|((request, _), _)| evidence.trace.op(*request).filter(|op| op.key == *key))
    };
    first().or_else(again)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Act;
    use crate::check::Verdict;
    use crate::check::story::Story;
    use ringside_core::{Config, Note, Span, Tombstones};

    fn judged(story: &Story) -> crate::check::Judgement {
        story.judged(Claim::CausalSiblings)
    }

    #[test]
    fn a_replica_keeps_what_nobody_has_seen() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").at(4, 6).ok();
        story.put("w3", "carol", "A", "milk and tea").sees(&["w1"]).at(7, 8).ok();
        story.stores("A", &["w2", "w3"]);
        let judged = judged(&story);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
    }

    #[test]
    fn one_that_drops_what_nobody_has_seen_loses_a_sibling() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").at(4, 6).ok();
        story.stores("A", &["w2"]);
        let judged = judged(&story);
        assert_eq!((judged.verdict, judged.ops), (Verdict::Broken, vec!["w1".to_owned()]));
        assert!(judged.why.starts_with("w1 wrote \"milk\" to \"cart\". That reached A"), "{}", judged.why);
    }

    #[test]
    fn one_that_keeps_what_another_has_seen_keeps_a_zombie() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "A", "eggs").sees(&["w1"]).at(4, 6).ok();
        story.stores("A", &["w1"]);
        assert_eq!(judged(&story).ops, ["w2"], "it lacks the newer one");
        story.stores_all("A", &["w1", "w2"]);
        let judged = judged(&story);
        assert_eq!(judged.ops, ["w1", "w2"]);
        assert!(
            judged.why.starts_with(
                "Of \"cart\" at 6 ms A keeps w1's \"milk\", though w2 had seen it and has reached it, too."
            ),
            "{}",
            judged.why
        );
    }

    #[test]
    fn what_no_message_brought_is_not_there_by_right() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.stores("A", &["w1"]);
        story.stores("B", &["w1"]);
        let judged = judged(&story);
        assert!(
            judged.why.contains("B keeps w1's \"milk\", which no message brought there."),
            "{}",
            judged.why
        );
    }

    #[test]
    fn what_was_collected_excuses_its_own_key_alone() {
        let collected = |of: &str| {
            let mut story = Story::new();
            let grace = Tombstones::Grace(Span::from_secs(1));
            story.config(Config { tombstones: grace, ..Config::bare() });
            story.put("w1", "alice", "A", "milk").at(1, 3).ok();
            story.put("w2", "bob", "A", "eggs").at(4, 6).ok();
            story.notes(7, Note::Collected { key: Key::new(of), versions: Siblings::new() });
            story.stores("B", &["w1"]);
            judged(&story)
        };
        let other = collected("list");
        assert_eq!((other.verdict, other.owed), (Verdict::Broken, true), "{}", other.why);
        let own = collected("cart");
        assert_eq!((own.verdict, own.owed), (Verdict::Broken, false), "{}", own.why);
        assert!(
            own.why.contains("It was not promised here: a tombstone of \"cart\" was collected"),
            "{}",
            own.why
        );
    }

    #[test]
    fn a_disk_that_is_lost_is_forgotten() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        let node = story.node("A");
        story.act(4, Act::Wipe(node));
        assert_eq!(judged(&story).verdict, Verdict::NotApplicable);
    }

    #[test]
    fn without_a_write_there_is_nothing_to_keep() {
        let mut story = Story::new();
        story.get("r1", "alice", "A").at(1, 3).returns(&[]);
        assert_eq!(judged(&story).verdict, Verdict::NotApplicable);
    }
}
