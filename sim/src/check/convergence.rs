//! `convergence`: when a run is over, the replicas that are up and not cut off from each other agree on every key.
//!
//! To agree is to hold the same concurrent versions and to know of the same writes: only then nothing is left that one
//! could tell the other. Until the run is over there is nothing to judge, since writes take their time.

use super::history::History;
use super::owed::Promise;
use super::words::{count, list, quoted, written};
use super::{Claim, Evidence, Finding};
use crate::act::{Act, Deed, Matcher};
use crate::delay::Delay;
use crate::setup::Ratio;
use crate::snapshot::Snapshot;
use crate::trace::{Op, What};
use ringside_core::{Config, Dot, Key, Kind, NodeId, Siblings, Span, Version};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An hour is no time for exchanges that come more rarely than this.
const RAREST: Span = Span::from_secs(60);
/// Of more messages lost than this, an exchange of seven mostly does not reach its end.
const MOST_LOST: Ratio = Ratio { numerator: 1, denominator: 4 };
/// More messages set to be dropped than this may outlast the run.
const MOST_DROPPED: u32 = 100;
/// Links that are slowed by more than this may let too little through in an hour.
const MOST_SLOWED: u32 = 100;
/// Messages that take longer than this may still be under way when it ends.
const SLOWEST: Span = Span::from_secs(10);

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

/// Do exchanges go on for long enough, and do enough of their messages arrive?
pub(super) fn promise(evidence: Evidence<'_>, configs: &[Config]) -> Promise {
    let interval = configs.last().and_then(|config| config.anti_entropy);
    let Some(interval) = interval else {
        return Err(
            "without anti-entropy, what a write, a repair or a hint did not bring is never made up for"
                .to_owned(),
        );
    };
    if interval > RAREST {
        return Err(format!("with an exchange only every {interval}, an hour may be too short"));
    }
    network(evidence)?;
    Ok(format!("every {interval}, each node compares its replicas with those of a peer"))
}

fn network(evidence: Evidence<'_>) -> Result<(), String> {
    let merkle = |matcher: &Matcher| matcher.kind.is_none_or(|kind| kind == Kind::Merkle);
    let (mut holds, mut dropped, mut slowest): (Vec<Matcher>, u32, u32) = (Vec::new(), 0, 1);
    let mut network = evidence.setup.network.clone();
    let mut links: BTreeMap<(NodeId, NodeId), (Option<Ratio>, Option<Delay>)> = BTreeMap::new();
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    for event in evidence.trace.events.iter().take(happened) {
        let What::Act { act, .. } = &event.what else { continue };
        if let Act::Hold(matcher) = act {
            holds.extend(merkle(matcher).then_some(*matcher));
        } else if let Act::Release(matcher) = act {
            holds.retain(|hold| !matcher.covers(hold));
        } else if let Act::Drop { matcher, count } | Act::Corrupt { matcher, count } = act {
            dropped = dropped.saturating_add(if merkle(matcher) { *count } else { 0 });
        } else if let Act::ToMessage { deed: Deed::Drop | Deed::Hold, .. } = act {
            dropped = dropped.saturating_add(1);
        } else if let Act::Link(change) = act {
            let link = links.entry((change.from, change.to)).or_default();
            *link = (change.loss.or(link.0), change.delay.or(link.1));
        } else if let Act::Network(change) = act {
            network = network.changed(change);
        } else if let Act::Slow { factor, .. } = act {
            slowest = slowest.max(*factor);
        } else if *act == Act::Heal {
            links.clear();
        }
    }
    if !holds.is_empty() {
        return Err("messages of anti-entropy are held back and were never released".to_owned());
    }
    if dropped > MOST_DROPPED {
        return Err(format!("up to {dropped} messages of anti-entropy were set to be dropped"));
    }
    let losses = links.values().filter_map(|link| link.0).chain([network.loss]);
    if losses.into_iter().any(|loss| over(loss, MOST_LOST)) {
        return Err("so many messages are lost that an exchange may never reach its end".to_owned());
    }
    let mut delays = links.values().filter_map(|link| link.1).chain([network.delay.other]);
    if slowest > MOST_SLOWED || delays.any(slow) {
        return Err("messages take so long that an hour may be too short".to_owned());
    }
    Ok(())
}

fn over(loss: Ratio, most: Ratio) -> bool {
    u64::from(loss.numerator) * u64::from(most.denominator)
        > u64::from(most.numerator) * u64::from(loss.denominator)
}

fn slow(delay: Delay) -> bool {
    match delay {
        Delay::Fixed(span) | Delay::Exponential { mean: span } | Delay::Uniform { high: span, .. } => {
            span > SLOWEST
        }
        // With a smaller alpha the mean has no bound.
        Delay::Pareto { min, alpha_thousandths } => min > SLOWEST || alpha_thousandths < 500,
        Delay::Preset(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::story::Story;
    use crate::check::{Judgement, Verdict};

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
        held.act(8, Act::Drop { matcher: Matcher::default(), count: 101 });
        assert!(!judged(&held).owed);
        let (mut lossy, _) = story();
        let loss = Some(Ratio { numerator: 1, denominator: 3 });
        let (from, to) = (NodeId(0), NodeId(1));
        lossy.act(5, Act::Link(crate::act::LinkChange { from, to, delay: None, loss, cut: None }));
        assert!(!judged(&lossy).owed);
        lossy.act(6, Act::Heal);
        assert!(judged(&lossy).owed);
    }
}
