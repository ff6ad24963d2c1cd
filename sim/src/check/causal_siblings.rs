//! `causal-siblings`: what a replica keeps is exactly, of the writes that reached it, those that no other of them has seen.
//!
//! Which writes reached a replica is read off the messages that it merged, and what they saw is the simulator's own
//! record, so that neither a clock nor a merge that errs can vouch for itself. Where nobody can say what a disk still
//! held when a node started on it, what it keeps now counts as what it had.

use super::history::History;
use super::words::{content, count, quoted, were, written};
use super::{Claim, Evidence, Finding};
use crate::act::Act;
use crate::causality::{WriteId, Writes};
use crate::trace::{Event, MessageRecord, Op, What};
use ringside_core::node::anti_entropy::Comparison;
use ringside_core::{Dot, Key, Message, NodeId, Note, RequestId, Siblings, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What has reached one replica of one key.
#[derive(Clone, Debug, Default)]
struct Reached {
    writes: Writes,
    /// What these had seen.
    seen: Writes,
    /// Has what it knew as a holder of hints gone into what it stores as a replica?
    unsure: bool,
}

/// What has reached the disk of one node.
#[derive(Clone, Debug, Default)]
struct Disk<'a> {
    keys: BTreeMap<&'a Key, Reached>,
    /// Did it start on a disk of which it is not known what it held?
    unsure: bool,
}

/// The disks of all nodes, followed from event to event.
struct Record<'a> {
    evidence: Evidence<'a>,
    disks: BTreeMap<NodeId, Disk<'a>>,
    /// What each node last started on.
    started_on: BTreeMap<NodeId, Disk<'a>>,
    down: Vec<NodeId>,
    /// The replies that gets under way have counted, by the node that coordinates them.
    replies: BTreeMap<(NodeId, RequestId), Vec<&'a Siblings>>,
    /// Who has ever kept a hint for which key.
    hinted: BTreeSet<(NodeId, &'a Key)>,
}

pub(super) fn judge(history: &History<'_>, evidence: Evidence<'_>) -> Finding {
    let mut record = Record::new(evidence);
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    evidence.trace.events.iter().take(happened).for_each(|event| record.follow(event));
    let mut judged = 0;
    for node in &evidence.snapshot.nodes {
        let mut keys: Vec<&Key> = node.store.iter().map(|(key, _)| key).collect();
        let disk = record.disks.remove(&node.id).unwrap_or_default();
        keys.extend(disk.keys.keys().copied().filter(|key| node.store.get(key).is_none()));
        for key in keys {
            let kept = node.store.get(key).map_or(&[][..], Siblings::versions);
            let mut reached = disk.keys.get(key).cloned().unwrap_or_default();
            if disk.unsure || reached.unsure {
                kept.iter().for_each(|version| reached.add(evidence, version));
            }
            judged += 1;
            if let Some(broken) = differs(history, evidence, (node.id, key), &reached, kept) {
                return broken;
            }
        }
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
    reached: &Reached,
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
    let (missing, extra) = (should.minus(&keeps).first(), keeps.minus(&should).first());
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

impl<'a> Record<'a> {
    const fn new(evidence: Evidence<'a>) -> Self {
        Self {
            evidence,
            disks: BTreeMap::new(),
            started_on: BTreeMap::new(),
            down: Vec::new(),
            replies: BTreeMap::new(),
            hinted: BTreeSet::new(),
        }
    }

    fn follow(&mut self, event: &'a Event) {
        match &event.what {
            What::Act { act, request, .. } => {
                self.act(act);
                let via = request.and_then(|request| self.evidence.trace.op(request)).map(|op| op.via);
                // An act that is no operation makes no node store anything.
                self.node(via.unwrap_or_default(), event, None);
            }
            What::Delivered(id) => {
                let message = self.evidence.trace.message(*id);
                self.node(message.envelope.to, event, Some(message));
            }
            What::Asked(operation, _) => self.node(operation.via, event, None),
            What::Woke(node, _) | What::Took(node, _) => self.node(*node, event, None),
            What::Waits(_) | What::Lost(..) | What::GaveUp(_) => {}
        }
    }

    /// What becomes of disks.
    fn act(&mut self, act: &Act) {
        if let Act::Crash(node) = act {
            if !self.down.contains(node) {
                self.down.push(*node);
                if self.evidence.setup.sync.is_some() {
                    self.disks.insert(*node, Disk { keys: BTreeMap::new(), unsure: true });
                }
            }
        } else if let Act::Restart(node) = act {
            if self.down.contains(node) {
                self.starts(*node, self.disks.get(node).cloned().unwrap_or_default());
            }
        } else if let Act::Wipe(node) = act {
            self.starts(*node, Disk::default());
        } else if let Act::RestartOld(node) = act {
            self.starts(*node, self.started_on.get(node).cloned().unwrap_or_default());
        }
    }

    fn starts(&mut self, node: NodeId, disk: Disk<'a>) {
        self.down.retain(|down| *down != node);
        self.started_on.insert(node, disk.clone());
        self.disks.insert(node, disk);
    }

    /// What a node did in an event, with the message that reached it, if it was one.
    fn node(&mut self, node: NodeId, event: &'a Event, message: Option<&'a MessageRecord>) {
        let message = message.map(|message| &message.envelope.message);
        for note in &event.notes {
            if let Note::Minted { request, key, dot } = note {
                let hint = |note: &Note| matches!(note, Note::HintStored { request: of, .. } if *of == Some(*request));
                if !event.notes.iter().any(hint) {
                    self.mints(key, *request, *dot);
                }
            } else if let Note::HintStored { key, .. } = note {
                self.hinted.insert((node, key));
            } else if let Note::HintMerged { from, key, .. } = note {
                match message {
                    Some(Message::Hint { hints, .. }) => {
                        let of_key = hints.iter().filter(|(of, _)| of == key);
                        of_key.for_each(|(_, versions)| self.merges(node, key, versions));
                    }
                    // It kept the hint itself and owns the key now.
                    _ if *from == node => self.reached(node, key).unsure = true,
                    _ => {}
                }
            } else if let Note::Counted { request, .. } | Note::CountedLate { request, .. } = note {
                if let Some(Message::ReadReply { versions, .. }) = message {
                    self.replies.entry((node, *request)).or_default().push(versions);
                }
            } else if let Note::Finished { request, .. } = note {
                self.replies.remove(&(node, *request));
            } else if let Note::Stored { request, key, changed: true } = note {
                match message.and_then(|message| carried(message, key)) {
                    Some(versions) => self.merges(node, key, versions),
                    // A coordinator that lags itself merges what it has found.
                    None => {
                        let replies = self.replies.get(&(node, *request)).cloned().unwrap_or_default();
                        replies.into_iter().for_each(|versions| self.merges(node, key, versions));
                    }
                }
            } else if let Note::Synchronised { key, changed: true, .. } = note
                && let Some(versions) = message.and_then(|message| carried(message, key))
            {
                self.merges(node, key, versions);
            }
        }
    }

    fn mints(&mut self, key: &'a Key, request: RequestId, dot: Dot) {
        let Some(op) = self.evidence.trace.op(request) else { return };
        let first = op.dot.is_some_and(|(of, _)| of == dot);
        let again = || self.evidence.trace.again.get(&(request, dot)).copied();
        let hinted = self.hinted.contains(&(dot.actor.node, key));
        let reached = self.reached(dot.actor.node, key);
        reached.unsure |= hinted;
        if let Some(write) = if first { op.write } else { again() } {
            reached.take(write, op);
        }
    }

    fn merges(&mut self, node: NodeId, key: &'a Key, versions: &Siblings) {
        let evidence = self.evidence;
        let reached = self.reached(node, key);
        versions.versions().iter().for_each(|version| reached.add(evidence, version));
    }

    fn reached(&mut self, node: NodeId, key: &'a Key) -> &mut Reached {
        self.disks.entry(node).or_default().keys.entry(key).or_default()
    }
}

impl Reached {
    fn add(&mut self, evidence: Evidence<'_>, version: &Version) {
        let op = evidence.trace.op(version.request);
        if let (Some(write), Some(op)) = (evidence.trace.write_of(version), op) {
            self.take(write, op);
        }
    }

    fn take(&mut self, write: WriteId, op: &Op) {
        if !self.writes.contains(write) {
            self.writes.insert(write);
            self.seen.join(&op.saw);
        }
    }
}

/// The versions of a key that a message brings to the store of its receiver.
fn carried<'m>(message: &'m Message, wanted: &Key) -> Option<&'m Siblings> {
    match message {
        Message::Write { key, versions, .. } | Message::Repair { key, versions, .. } => {
            (key == wanted).then_some(versions)
        }
        Message::Merkle { comparison: Comparison::Versions { versions, .. }, .. } => {
            versions.iter().find(|(key, _)| key == wanted).map(|(_, versions)| versions)
        }
        Message::WriteAck { .. }
        | Message::Read { .. }
        | Message::ReadReply { .. }
        | Message::Forward { .. }
        | Message::RepairAck { .. }
        | Message::Hint { .. }
        | Message::HintAck { .. }
        | Message::Merkle { .. }
        | Message::Gossip(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;

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
