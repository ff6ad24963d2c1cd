//! `convergence`: when a run is over, the replicas that are up and not cut off from each other agree on every key.
//!
//! To agree is to hold the same concurrent versions and to know of the same writes: only then nothing is left that one
//! could tell the other. Until the run is over there is nothing to judge, since writes take their time.

mod promise;

pub(super) use promise::{news, promise};

use super::history::History;
use super::words::{count, list, quoted, written};
use super::{Claim, Finding};
use crate::snapshot::Snapshot;
use crate::trace::Op;
use ringside_core::{Dot, Key, NodeId, Siblings, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) fn judge(history: &History<'_>, snapshot: &Snapshot) -> Finding {
    if !snapshot.over {
        return Finding::nothing(Claim::Convergence, "The run is not over, so replicas may still differ.");
    }
    let mut keys = BTreeSet::new();
    keys.extend(snapshot.nodes.iter().flat_map(|node| node.store.iter().map(|(key, _)| key)));
    if let Some(finding) = waiting(history, snapshot) {
        return finding;
    }
    let (mut compared, mut judged) = (0_usize, 0_usize);
    for key in keys {
        let owners = snapshot.plan.owners(key, snapshot.config.n);
        let before = compared;
        for (at, one) in owners.iter().enumerate() {
            for other in owners[at + 1..].iter().filter(|other| snapshot.reachable(*one, **other)) {
                compared += 1;
                if !agree(held(snapshot, *one, key), held(snapshot, *other, key)) {
                    return broken(history, snapshot, key, [*one, *other]);
                }
            }
        }
        judged += usize::from(compared > before);
    }
    if compared == 0 {
        return Finding::nothing(
            Claim::Convergence,
            "No key has two replicas that are up and in reach of each other.",
        );
    }
    let why = format!(
        "At {}, the replicas of {} that are up and in reach of each other hold the same.",
        snapshot.at,
        count(judged, "key", "keys")
    );
    Finding::holds(Claim::Convergence, why)
}

/// A hint that waits at a node that is up for an owner that is up and in its reach: what it holds is on its way no more.
fn waiting(history: &History<'_>, snapshot: &Snapshot) -> Option<Finding> {
    let hints = snapshot.nodes.iter().flat_map(|node| node.hints.iter().map(move |hint| (node.id, hint)));
    let mut hints = hints.filter(|(holder, (owner, ..))| snapshot.reachable(*holder, *owner));
    let (holder, (owner, key, hint)) = hints.next()?;
    let why = format!(
        "At {}, {} still holds a hint of {} for {}. Both are up and in reach of each other.",
        snapshot.at,
        history.setup.name(holder),
        quoted(key.as_str()),
        history.setup.name(owner)
    );
    let ops: Vec<&Op> =
        hint.versions.versions().iter().filter_map(|version| history.writer(version)).collect();
    Some(Finding::broken(Claim::Convergence, &ops, vec![holder, owner], why))
}

fn held<'a>(snapshot: &'a Snapshot, node: NodeId, key: &Key) -> Option<&'a Siblings> {
    snapshot.nodes.get(node.index())?.store.get(key)
}

fn agree(one: Option<&Siblings>, other: Option<&Siblings>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return one.is_none() && other.is_none() };
    one.clock() == other.clock() && dots(one).eq(dots(other))
}

fn dots(siblings: &Siblings) -> impl Iterator<Item = Dot> {
    siblings.versions().iter().map(|version| version.dot)
}

fn broken(history: &History<'_>, snapshot: &Snapshot, key: &Key, differ: [NodeId; 2]) -> Finding {
    let setup = history.setup;
    let [one, other] = differ.map(|node| held(snapshot, node, key).map_or(&[][..], Siblings::versions));
    let lacks = |in_it: &[Arc<Version>], dot: Dot| !in_it.iter().any(|version| version.dot == dot);
    let mut apart: Vec<&Arc<Version>> = one.iter().filter(|version| lacks(other, version.dot)).collect();
    apart.extend(other.iter().filter(|version| lacks(one, version.dot)));
    let ops: Vec<&Op> = apart.iter().filter_map(|version| history.writer(version)).collect();
    let told = |versions: &[Arc<Version>]| {
        let name = |version: &Arc<Version>| {
            history.writer(version).map_or("a version that no operation wrote".to_owned(), written)
        };
        list(&versions.iter().map(name).collect::<Vec<_>>())
    };
    let names = differ.map(|node| setup.name(node));
    let why = if apart.is_empty() {
        format!(
            "At {}, {} and {} hold the same versions of {}, but one of them knows of writes that the other has never met.",
            snapshot.at,
            names[0],
            names[1],
            quoted(key.as_str())
        )
    } else {
        format!(
            "At {}, {} holds {} for {}, and {} holds {}. Both are up and in reach of each other.",
            snapshot.at,
            names[0],
            told(one),
            quoted(key.as_str()),
            names[1],
            told(other)
        )
    };
    Finding::broken(Claim::Convergence, &ops, differ.to_vec(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::{Act, Matcher};
    use crate::check::story::Story;
    use crate::check::{Judgement, Verdict};
    use crate::setup::Ratio;
    use ringside_core::{Config, Kind, Span};

    /// `w1` is everywhere, `w2` saw it and is on the first two replicas only.
    fn story() -> (Story, Vec<String>) {
        let mut story = Story::new();
        story.config(Config { anti_entropy: Some(Span::from_secs(10)), ..Config::bare() });
        story.put("w1", "alice", "A", "milk").at(1, 2).ok();
        story.put("w2", "alice", "A", "eggs").sees(&["w1"]).at(3, 4).ok();
        let replicas = story.replicas();
        for (node, write) in replicas.iter().zip(["w2", "w2", "w1"]) {
            story.stores(node, &[write]);
        }
        (story, replicas)
    }

    fn judged(story: &Story) -> Judgement {
        story.judged(Claim::Convergence)
    }

    #[test]
    fn replicas_that_differ_at_the_end_break_it_and_are_named() {
        let (story, replicas) = story();
        let judged = judged(&story);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, true), "{}", judged.why);
        assert_eq!(judged.ops, ["w1", "w2"]);
        let name = |node: &NodeId| crate::setup::Setup::bare().name(*node).to_owned();
        assert_eq!(judged.nodes.iter().map(name).collect::<Vec<_>>(), [&replicas[0][..], &replicas[2]]);
        assert!(judged.why.contains("holds w2's \"eggs\" for \"cart\""), "{}", judged.why);
    }

    #[test]
    fn who_is_down_or_cut_off_need_not_agree() {
        let (mut down, replicas) = story();
        down.down(&replicas[2]);
        assert_eq!(judged(&down).verdict, Verdict::Holds, "{}", judged(&down).why);
        let (mut cut, replicas) = story();
        cut.cut_off(&replicas[2]);
        assert_eq!(judged(&cut).verdict, Verdict::Holds, "{}", judged(&cut).why);
        cut.down(&replicas[0]);
        assert_eq!(judged(&cut).verdict, Verdict::NotApplicable, "nobody is left to compare with");
    }

    #[test]
    fn equal_replicas_hold_it_and_before_the_end_there_is_no_verdict() {
        let (mut story, replicas) = story();
        story.stores(&replicas[2], &["w2"]);
        assert_eq!(judged(&story).verdict, Verdict::Holds);
        story.stores(&replicas[2], &["w1"]);
        story.goes_on();
        assert_eq!(judged(&story).verdict, Verdict::NotApplicable);
    }

    #[test]
    fn it_is_owed_where_exchanges_can_do_their_work() {
        let (mut off, _) = story();
        off.config(Config::bare());
        assert_eq!((judged(&off).verdict, judged(&off).owed), (Verdict::Broken, false));
        let merkle = Matcher { kind: Some(Kind::Merkle), ..Matcher::default() };
        let writes = Matcher { kind: Some(Kind::Write), ..Matcher::default() };
        let (mut held, _) = story();
        held.act(5, Act::Hold(writes));
        assert!(judged(&held).owed, "writes may be held");
        held.act(6, Act::Hold(merkle));
        assert!(!judged(&held).owed);
        held.act(7, Act::Release(Matcher::default()));
        assert!(judged(&held).owed);
        let (mut lossy, _) = story();
        let loss = Some(Ratio { numerator: 2, denominator: 3 });
        let (from, to) = (NodeId(0), NodeId(1));
        lossy.act(5, Act::Link(crate::act::LinkChange { from, to, delay: None, loss, cut: None }));
        assert!(!judged(&lossy).owed);
        lossy.act(6, Act::Heal);
        assert!(judged(&lossy).owed);
    }
}
