//! Which faults may have taken copies of a write that is lost: only they excuse the loss of it, and no other.
//!
//! Where a write has been is read off the messages that brought it, too widely rather than too narrowly: whatever came with
//! it in it may have gone to the disk. Where it must still be is read off what was merged (see `reached`). So a loss is
//! excused where a disk that may have held the write was wiped, is an older one, had not synced it before a crash, or was
//! replaced; or where a hint that may have held it has expired; or where a node that had lost such a disk took it, not
//! knowing that it was no owner any more. In no case where some other disk held it, and nothing happened there that lets it
//! go.

use super::Evidence;
use super::history::grouped;
use super::reached::{Record, carried};
use super::words::{list, quoted};
use crate::act::Act;
use crate::snapshot::NodeState;
use crate::trace::{Event, HintFact, Op, What};
use ringside_core::{Change, Config, Key, Message, NodeId, Note, RequestId, Siblings, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Some lost writes, with the faults that may have taken copies of them.
pub(super) struct Copies<'a> {
    evidence: Evidence<'a>,
    /// The key of each.
    lost: BTreeMap<RequestId, &'a Key>,
    /// When each of them last came to a node; what has come stays there, as far as is known.
    came: BTreeMap<NodeId, BTreeMap<RequestId, Time>>,
    /// Clauses that say where each of them had been, and what happened there.
    taken: BTreeMap<RequestId, Vec<String>>,
    /// Who has forgotten what, so that it may follow an older plan of the members: a clause.
    forgetful: BTreeMap<NodeId, String>,
    /// Keys that nodes have dropped since they forgot.
    dropped: BTreeSet<(NodeId, &'a Key)>,
    /// Who was replaced, and since when.
    replaced: BTreeMap<NodeId, Time>,
}

impl<'a> Copies<'a> {
    /// `configs` are the settings that were in force.
    pub(super) fn of(evidence: Evidence<'a>, configs: &[Config], lost: &[&'a Op]) -> Self {
        let keys = grouped(lost.iter(), |op| op.request);
        let lost = keys.into_iter().map(|(request, ops)| (request, &ops[0].key)).collect();
        let mut copies = Self {
            evidence,
            lost,
            came: BTreeMap::new(),
            taken: BTreeMap::new(),
            forgetful: BTreeMap::new(),
            dropped: BTreeSet::new(),
            replaced: BTreeMap::new(),
        };
        let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
        let mut hints = evidence.trace.hints.iter().peekable();
        for (position, event) in (1..).zip(evidence.trace.events.iter().take(happened)) {
            if let What::Act { act, .. } = &event.what {
                copies.act(act, event.at);
            }
            copies.follow(position, event);
            while let Some(record) = hints.next_if(|record| record.position <= position) {
                if record.fact == HintFact::Expired {
                    copies.expires(record.holder, record.owner, &record.key);
                }
            }
        }
        // Who takes a node's place asks so many of the others that a write which two of them had is among theirs.
        if configs.iter().any(|config| config.w < 2) {
            copies.replaces();
        }
        copies.misplaces();
        copies.settles();
        copies
    }

    /// Why nobody is to blame for the loss of a write: a clause without its full stop. None where no fault took it.
    pub(super) fn excuse(&self, op: &Op) -> Option<String> {
        let taken = self.taken.get(&op.request)?;
        Some(format!("{} had reached {}", op.id, list(taken)))
    }

    fn act(&mut self, act: &Act, at: Time) {
        let (node, what) = if let Act::Wipe(node) = act {
            (*node, "lost its disk at")
        } else if let Act::RestartOld(node) = act {
            (*node, "started on an old disk at")
        } else if let (Act::Crash(node), Some(_)) = (act, self.evidence.setup.sync) {
            (*node, "crashed before it was synced at")
        } else {
            return;
        };
        let what = format!("{}, which {what} {at}", self.evidence.setup.name(node));
        let every = self.evidence.setup.sync.map_or(1, |every| every.as_micros().max(1));
        let synced = |came: Time| came.as_micros() / every < at.as_micros() / every;
        let crashed = matches!(act, Act::Crash(_));
        self.takes(node, |_, came| !(crashed && synced(came)), &what);
        if matches!(act, Act::Wipe(_)) {
            self.came.remove(&node);
        }
        self.forgetful.insert(node, what);
    }

    fn follow(&mut self, position: u64, event: &'a Event) {
        let node = match &event.what {
            What::Delivered(id) => {
                let envelope = &self.evidence.trace.message(*id).envelope;
                self.brings(envelope.to, &envelope.message, event.at);
                envelope.to
            }
            What::Asked(operation, _) => operation.via,
            What::Woke(node, _) | What::Took(node, _) => *node,
            What::Act { request, .. } => request
                .and_then(|request| self.evidence.trace.op(request))
                .map_or(NodeId::default(), |op| op.via),
            What::Waits(_) | What::Lost(..) | What::GaveUp(_) => return,
        };
        let acted = self.evidence.trace.acted.get(&position);
        for (index, note) in event.notes.iter().enumerate() {
            let node = acted.and_then(|nodes| nodes.get(index)).copied().unwrap_or(node);
            if let Note::Minted { request, dot, .. } = note {
                self.comes(dot.actor.node, *request, event.at);
            } else if let Note::Stored { key, .. }
            | Note::HintStored { key, .. }
            | Note::HintMerged { key, .. } = note
            {
                self.is_written_again(node, key, event.at);
            } else if let Note::RangeDropped { keys, .. } = note
                && self.forgetful.contains_key(&node)
            {
                self.dropped.extend(keys.iter().map(|key| (node, key)));
            } else if let Note::ChangeBegun { change: Change::Replace { dead, .. }, .. } = note {
                self.replaced.entry(*dead).or_insert(event.at);
            }
        }
    }

    /// What a message brings may go to the disk, as data or as a hint, at once or with the answers to a get.
    fn brings(&mut self, node: NodeId, message: &Message, at: Time) {
        let brought = carried(message).into_iter().map(|(_, versions)| versions);
        brought.for_each(|versions| self.all_come(node, versions, at));
        if let Message::ReadReply { versions, .. } = message {
            self.all_come(node, versions, at);
        } else if let Message::Hint { hints, .. } = message {
            hints.iter().for_each(|(_, versions)| self.all_come(node, versions, at));
        }
    }

    fn all_come(&mut self, node: NodeId, versions: &Siblings, at: Time) {
        versions.versions().iter().for_each(|version| self.comes(node, version.request, at));
    }

    fn comes(&mut self, node: NodeId, request: RequestId, at: Time) {
        if self.lost.contains_key(&request) {
            self.came.entry(node).or_default().insert(request, at);
        }
    }

    /// What had come to a node may only now be on its way to the disk.
    fn is_written_again(&mut self, node: NodeId, key: &Key, at: Time) {
        for (request, came) in self.came.get_mut(&node).into_iter().flatten() {
            if self.lost.get(request).is_some_and(|of| *of == key) {
                *came = at;
            }
        }
    }

    fn expires(&mut self, holder: NodeId, owner: NodeId, key: &Key) {
        let name = |node| self.evidence.setup.name(node);
        let what = format!(
            "{}, where the hint for {} that it kept for {} has expired",
            name(holder),
            quoted(key.as_str()),
            name(owner)
        );
        self.takes(holder, |of, _| of == key, &what);
    }

    /// The disk of a node that is replaced goes with what is on no other.
    fn replaces(&mut self) {
        for (dead, at) in std::mem::take(&mut self.replaced) {
            let name = self.evidence.setup.name(dead);
            let what = format!("{name}, which began to be replaced at {at}, and may have had it alone");
            self.takes(dead, |_, _| true, &what);
        }
    }

    /// A node that has forgotten that it is no owner takes a write, and then finds that it has nothing to do with the key:
    /// that others had all it had was true before.
    fn misplaces(&mut self) {
        for (node, what) in std::mem::take(&mut self.forgetful) {
            let dropped = std::mem::take(&mut self.dropped);
            let gone = self.left(node);
            let what = format!("{what}, and with that may have forgotten who the members are");
            self.takes(node, |key, _| gone || dropped.contains(&(node, key)), &what);
            self.dropped = dropped;
        }
    }

    fn left(&self, node: NodeId) -> bool {
        let snapshot = self.evidence.snapshot.nodes.get(node.index());
        snapshot.is_none_or(|snapshot| snapshot.state == NodeState::Left)
    }

    /// Something happened at a node to all that had come there and of which this is true.
    fn takes(&mut self, node: NodeId, which: impl Fn(&Key, Time) -> bool, what: &str) {
        for (request, came) in self.came.get(&node).into_iter().flatten() {
            if self.lost.get(request).is_some_and(|key| which(key, *came)) {
                let taken = self.taken.entry(*request).or_default();
                if taken.last().is_none_or(|last| last != what) {
                    taken.push(what.to_owned());
                }
            }
        }
    }

    /// Where a disk must still hold a write, what happened to others is no excuse.
    fn settles(&mut self) {
        if self.taken.is_empty() {
            return;
        }
        let record = Record::of(self.evidence);
        let disks = record.disks.iter().filter(|(node, disk)| !disk.unsure && !self.left(**node));
        let mut kept = BTreeSet::new();
        for (_, disk) in disks {
            for (request, key) in &self.lost {
                let reached = disk.keys.get(key).filter(|reached| !reached.unsure);
                let write = self.evidence.trace.op(*request).and_then(|op| op.write);
                if reached.zip(write).is_some_and(|(reached, write)| reached.writes.contains(write)) {
                    kept.insert(*request);
                }
            }
        }
        self.taken.retain(|request, _| !kept.contains(request));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::story::Story;
    use crate::check::{Claim, Judgement, Verdict};
    use crate::recording::Recording;
    use crate::scenario::Scenario;
    use ringside_core::Span;

    fn lost(story: &Story) -> Judgement {
        let judged = story.judged(Claim::NoLostWrites);
        assert_eq!(judged.verdict, Verdict::Broken, "{}", judged.why);
        judged
    }

    /// `w1` was put at A, and is nowhere.
    fn story() -> Story {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story
    }

    #[test]
    fn only_a_disk_that_had_the_write_excuses_its_loss() {
        for (act, what) in [
            (Act::Wipe as fn(NodeId) -> Act, "w1 had reached A, which lost its disk at 4 ms."),
            (Act::RestartOld, "w1 had reached A, which started on an old disk at 4 ms."),
        ] {
            let mut had = story();
            had.act(4, act(had.node("A")));
            let judged = lost(&had);
            assert!(!judged.owed && judged.why.ends_with(what), "{}", judged.why);
            let mut elsewhere = story();
            elsewhere.act(4, act(elsewhere.node("B")));
            let judged = lost(&elsewhere);
            assert!(judged.owed && judged.why.contains("It was promised here"), "{}", judged.why);
            let mut before = Story::new();
            before.act(1, act(before.node("A")));
            before.put("w1", "alice", "A", "milk").at(2, 3).ok();
            assert!(lost(&before).owed, "the disk went before the write came");
        }
    }

    #[test]
    fn a_crash_takes_what_came_since_the_last_sync() {
        let crash = |every: u64, at: u64| {
            let mut story = story();
            story.sync(Span::from_millis(every));
            story.act(at, Act::Crash(story.node("A")));
            lost(&story)
        };
        let judged = crash(10, 9);
        let told = "w1 had reached A, which crashed before it was synced at 9 ms.";
        assert!(!judged.owed && judged.why.ends_with(told), "{}", judged.why);
        assert!(crash(10, 10).owed, "the sync of that moment came first");
        assert!(crash(4, 9).owed);
    }

    #[test]
    fn of_several_lost_writes_the_one_that_no_fault_took_is_told_of() {
        let mut story = story();
        story.put("w2", "bob", "B", "eggs").at(4, 5).ok();
        story.act(6, Act::Wipe(story.node("A")));
        let judged = lost(&story);
        assert_eq!((judged.owed, judged.ops), (true, vec!["w2".to_owned()]), "{}", judged.why);
        story.act(7, Act::Wipe(story.node("B")));
        assert_eq!(lost(&story).ops, ["w1"], "now the first one lost is as good as any");
    }

    #[test]
    fn a_wiped_disk_is_named_and_another_that_is_replaced_is_not() {
        // N = 1: the write is on one disk alone. With A's that is wiped, with B's nothing is.
        let run = |wiped: &str| {
            let text = format!(
                "ringside = 1\n[cluster]\nnodes = 3\nn = 1\nr = 1\nw = 1\nquorum = \"strict\"\nhinted_handoff = false\n\
                 anti_entropy = \"off\"\ngossip = \"off\"\n\
                 [[step]]\nat = \"1ms\"\nput = {{ id = \"w1\", key = \"cart\", value = \"milk\", via = \"cart#1\" }}\n\
                 [[step]]\nat = \"50ms\"\nwipe = \"{wiped}\"\n"
            );
            let mut recording = Recording::new(Scenario::parse(&text).unwrap());
            recording.run_to_end();
            let judged = recording.judge(recording.len());
            judged.into_iter().find(|judged| judged.claim == Claim::NoLostWrites).unwrap()
        };
        let judged = run("cart#1");
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false), "{}", judged.why);
        assert!(judged.why.contains("It was not promised here: w1 had reached "), "{}", judged.why);
        assert!(judged.why.ends_with(", which lost its disk at 50 ms."), "{}", judged.why);
        let judged = run("cart#2");
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
    }
}
