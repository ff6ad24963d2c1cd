//! `no-resurrection`: no owner gains a write that an acknowledged delete saw, after some owner collected its tombstone.
//!
//! To gain is to merge a write that had not reached this replica, or that it had forgotten, while nothing that had reached
//! it had seen it; or to become a member with such a write on the disk. A replica that never heard of the delete and still has the old value has gained nothing.

use super::history::History;
use super::reached::{Gain, Record};
use super::words::{count, quoted, were, who, written};
use super::{Claim, Evidence, Finding};
use crate::trace::{Op, OpKind, OpOutcome, What};
use ringside_core::{Change, Key, Message, NodeId, Note, Tombstones};
use std::collections::BTreeMap;

/// The collections of a key: the position, and the delete whose tombstone it was.
type Collected<'a> = BTreeMap<&'a Key, Vec<(u64, &'a Op)>>;

pub(super) fn judge(history: &History<'_>, evidence: Evidence<'_>) -> Finding {
    let deleted = history.acknowledged().filter(|(op, _)| op.kind == OpKind::Delete).count();
    if deleted == 0 {
        return Finding::nothing(
            Claim::NoResurrection,
            "No delete has been acknowledged, so nothing can come back.",
        );
    }
    let collected = collected(evidence);
    let collections: usize = collected.values().map(Vec::len).sum();
    if collections > 0 {
        let record = Record::of(evidence);
        let back = record.gains.iter().find_map(|gain| Some((gain, back(&collected, gain)?)));
        if let Some((gain, delete)) = back {
            return broken(history, evidence, gain, delete);
        }
    }
    let why = match collections {
        0 => "no tombstone has been collected yet.".to_owned(),
        _ => format!(
            "{} {} collected, and nothing that they had deleted came back.",
            count(collections, "tombstone", "tombstones"),
            were(collections)
        ),
    };
    let why = format!("{} {} acknowledged; {why}", count(deleted, "delete", "deletes"), were(deleted));
    Finding::holds(Claim::NoResurrection, why)
}

/// Which tombstones were collected, and when.
fn collected(evidence: Evidence<'_>) -> Collected<'_> {
    let mut collected = Collected::new();
    for (position, key, versions) in notes(evidence) {
        for op in versions.versions().iter().filter_map(|version| evidence.trace.op(version.request)) {
            collected.entry(key).or_default().push((position, op));
        }
    }
    collected
}

fn notes(evidence: Evidence<'_>) -> impl Iterator<Item = (u64, &Key, &ringside_core::Siblings)> {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let events = (1..).zip(evidence.trace.events.iter().take(happened));
    let notes = events.flat_map(|(position, event)| event.notes.iter().map(move |note| (position, note)));
    notes.filter_map(|(position, note)| {
        let Note::Collected { key, versions } = note else { return None };
        Some((position, key, versions))
    })
}

/// The delete that should have kept this away.
fn back<'a>(collected: &Collected<'a>, gain: &Gain<'_>) -> Option<&'a Op> {
    let acknowledged = |op: &Op| {
        let end = op.end_by(gain.position);
        op.kind == OpKind::Delete && end.is_some_and(|end| end.outcome == OpOutcome::Ok)
    };
    let deletes = collected.get(gain.key)?.iter();
    let mut before = deletes.filter(|(position, _)| *position < gain.position).map(|(_, op)| *op);
    before.find(|op| acknowledged(op) && op.saw.contains(gain.write))
}

fn broken(history: &History<'_>, evidence: Evidence<'_>, gain: &Gain<'_>, delete: &Op) -> Finding {
    let name = history.setup.name(gain.node);
    let why = format!(
        "{} deleted {} and had seen {}. Its tombstone was collected, and at {} {name} got {} again: deleted data came back.",
        who(history.setup, delete),
        quoted(gain.key.as_str()),
        written(gain.op),
        evidence.trace.time_of(gain.position),
        written(gain.op),
    );
    Finding::broken(Claim::NoResurrection, &[gain.op, delete], vec![gain.node], why)
}

/// Is nothing forgotten that somebody could bring back? `durable` is why no disk has lost anything.
pub(super) fn promise(
    evidence: Evidence<'_>,
    configs: &[ringside_core::Config],
    durable: &Result<String, String>,
) -> Result<String, String> {
    let grace = |mode: Tombstones| matches!(mode, Tombstones::Grace(_));
    if configs.iter().any(|config| grace(config.tombstones)) {
        return Err("after a grace period a tombstone is forgotten, whoever may still hold what it deleted"
            .to_owned());
    }
    let Some((first, ..)) = notes(evidence).next() else {
        return Ok("no tombstone was collected".to_owned());
    };
    durable.clone()?;
    older_messages(evidence, first)?;
    outsiders(evidence, first)?;
    Ok("a tombstone is collected only when every owner has it, and nobody holds a hint or a request for its key".to_owned())
}

/// Did nothing that was on its way before a collection arrive after it?
fn older_messages(evidence: Evidence<'_>, first: u64) -> Result<(), String> {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let replayed = (1..).zip(evidence.trace.events.iter().take(happened)).any(|(position, event)| {
        let replays = |act: &crate::act::Act| matches!(act, crate::act::Act::Replay { .. });
        position > first && matches!(&event.what, What::Act { act, .. } if replays(act))
    });
    if replayed {
        return Err("messages older than a collection were sent again after it".to_owned());
    }
    let mut collected: BTreeMap<&Key, Vec<u64>> = BTreeMap::new();
    for (position, key, _) in notes(evidence) {
        collected.entry(key).or_default().push(position);
    }
    for message in &evidence.trace.messages {
        let Some(fate) = message.fate.filter(|fate| fate.lost.is_none()) else { continue };
        let across = |position: &u64| message.sent_at < *position && *position <= fate.position;
        let mut keys = brings(evidence, &message.envelope.message).into_iter();
        if keys.any(|key| collected.get(key).is_some_and(|positions| positions.iter().any(across))) {
            return Err("a message older than a collection arrived after it".to_owned());
        }
    }
    Ok(())
}

/// Did nobody bring, as no member, what it had after a collection? Only members and who is about to join are asked
/// whether a tombstone may go, since who has left may never answer.
fn outsiders(evidence: Evidence<'_>, first: u64) -> Result<(), String> {
    let changes = changes(evidence);
    for message in &evidence.trace.messages {
        let came = message.fate.is_some_and(|fate| {
            fate.lost.is_none() && first < fate.position && fate.position <= evidence.position
        });
        let outside = || !member(evidence, &changes, message.envelope.from, message.sent_at);
        if came && outside() && !brings(evidence, &message.envelope.message).is_empty() {
            return Err("a node that was no member brought what it had after a collection".to_owned());
        }
    }
    Ok(())
}

/// The changes of the members that have taken effect, and the positions at which they did.
fn changes(evidence: Evidence<'_>) -> Vec<(u64, &Change)> {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let events = (1..).zip(evidence.trace.events.iter().take(happened));
    let notes = events.flat_map(|(position, event)| event.notes.iter().map(move |note| (position, note)));
    let taken = notes.filter_map(|(position, note)| {
        let Note::Switched { change, .. } = note else { return None };
        Some((position, change))
    });
    taken.collect()
}

/// Was this node a member at a position?
fn member(evidence: Evidence<'_>, changes: &[(u64, &Change)], node: NodeId, at: u64) -> bool {
    let became = |change: &Change| match change {
        Change::Join(new) => (new.node == node).then_some(true),
        Change::Leave(gone) => (*gone == node).then_some(false),
        Change::Replace { dead, .. } if *dead == node => Some(false),
        Change::Replace { new, .. } => (new.node == node).then_some(true),
        Change::Replicas(_) => None,
    };
    let by_then = changes.iter().rev().skip_while(|(position, _)| *position > at);
    by_then.filter_map(|(_, change)| became(change)).next().unwrap_or_else(|| {
        let joiners = usize::try_from(evidence.setup.joiners).unwrap_or(usize::MAX);
        node.index() < evidence.setup.names.len().saturating_sub(joiners)
    })
}

/// The keys of which a message brings versions.
fn brings<'m>(evidence: Evidence<'m>, message: &'m Message) -> Vec<&'m Key> {
    if let Message::ReadReply { request, .. } = message {
        return evidence.trace.op(*request).map(|op| &op.key).into_iter().collect();
    }
    if let Message::Hint { hints, .. } = message {
        return hints.iter().map(|(key, _)| key).collect();
    }
    super::reached::carried(message).into_iter().map(|(key, _)| key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::recording::Recording;
    use crate::scenario::Scenario;

    fn run(tombstones: &str, more: &str) -> crate::check::Judgement {
        let text = format!(
            "ringside = 1\n[cluster]\nnodes = 3\nw = 1\nr = 1\nread_repair = \"off\"\nquorum = \"strict\"\n\
             hinted_handoff = false\nanti_entropy = \"off\"\ngossip = \"off\"\ntombstones = \"{tombstones}\"\n\
             [[step]]\nat = \"1ms\"\nput = {{ id = \"w1\", key = \"cart\", value = \"milk\", via = \"A\" }}\n{more}\
             [[step]]\nat = \"30s\"\nnote = true\n"
        );
        let mut recording = Recording::new(Scenario::parse(&text).unwrap());
        recording.run_to_end();
        let judged = recording.judge(recording.len());
        judged.into_iter().find(|judged| judged.claim == Claim::NoResurrection).unwrap()
    }

    const DELETE: &str = "[[step]]\nat = \"2s\"\ndelete = { id = \"d1\", key = \"cart\", via = \"A\" }\n";
    const AWAY: &str = "[[step]]\nat = \"1s\"\ncrash = \"C\"\n";
    const BACK: &str = "[[step]]\nat = \"20s\"\nrestart = \"C\"\n[[step]]\nat = \"21s\"\nrepair = \"C\"\n";

    #[test]
    fn without_a_delete_there_is_nothing_to_judge_and_kept_tombstones_hold() {
        assert_eq!(run("keep", "").verdict, Verdict::NotApplicable);
        let judged = run("keep", &[AWAY, DELETE, BACK].concat());
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true));
        assert_eq!(judged.why, "1 delete was acknowledged; no tombstone has been collected yet.");
    }

    #[test]
    fn a_replica_that_was_away_for_longer_than_the_grace_period_brings_the_old_value_back() {
        let judged = run("5s", &[AWAY, DELETE, BACK].concat());
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false), "{}", judged.why);
        assert_eq!((judged.ops.join(" "), judged.nodes.len()), ("w1 d1".to_owned(), 1));
        let judged = run("50s", &[AWAY, DELETE, BACK].concat());
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, false), "{}", judged.why);
    }

    #[test]
    fn once_all_replicas_have_confirmed_nothing_comes_back() {
        let judged = run("all-replicas", &[AWAY, DELETE, BACK].concat());
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
        let judged = run("all-replicas", DELETE);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
        assert!(judged.why.contains("3 tombstones were collected"), "{}", judged.why);
    }

    #[test]
    fn a_message_older_than_the_collection_is_promised_nothing() {
        let late = "[[step]]\nat = \"0s\"\nduplicate = { kind = \"write\", to = \"C\" }\n\
                    [[step]]\nat = \"10s\"\nreplay = { kind = \"write\", to = \"C\", count = 2 }\n";
        let judged = run("all-replicas", &[late, DELETE].concat());
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false), "{}", judged.why);
    }
}
