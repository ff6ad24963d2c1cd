//! When convergence is promised, and that news of the members come to all: where, once faults have ended, two nodes meet
//! often enough that they cannot have missed each other all the time.
//!
//! A run lasts an hour after its last step at most. So it is not promised where exchanges are so rare, or so few of them
//! reach their end, that within that hour two replicas may by chance never have compared all they have. How many times they
//! do can be expected from the interval, the number of peers and the share of messages that arrive.

use super::super::Evidence;
use super::super::owed::Promise;
use crate::act::{Act, Matcher};
use crate::delay::Delay;
use crate::setup::{Network, Ratio};
use crate::trace::{Loss, What};
use ringside_core::{Config, Kind, NodeId, Span, Time};
use std::collections::BTreeMap;

/// How long a run goes on after its last step, at most.
const LASTS: Span = Span::from_secs(3_600);
/// Of so many exchanges that two nodes can be expected to bring to an end, one does reach it: of that the chance is
/// greater than 1 - exp(-12).
const ENOUGH: u64 = 12;
/// Messages of an exchange that goes all the way down: the root, four levels of children, keys, and versions both ways.
const MESSAGES: u64 = 8;
/// Messages of a gossip round: what is known, what is new, and what is new the other way.
const ROUND: u64 = 3;
/// A million.
const ALL: u64 = 1_000_000;

/// What is left of the faults at the end.
struct Rest {
    network: Network,
    links: BTreeMap<(NodeId, NodeId), (Option<Ratio>, Option<Delay>)>,
    slow: BTreeMap<NodeId, u32>,
    holds: Vec<Matcher>,
    /// When the last act was.
    last: Time,
    /// When the last message was lost that was set to be dropped or damaged.
    dropped: Time,
}

/// Do exchanges go on for long enough, and do enough of their messages arrive?
pub(in crate::check) fn promise(evidence: Evidence<'_>, configs: &[Config]) -> Promise {
    let interval = configs.last().and_then(|config| config.anti_entropy);
    let Some(interval) = interval else {
        return Err(
            "without anti-entropy, what a write, a repair or a hint did not bring is never made up for"
                .to_owned(),
        );
    };
    if !evidence.snapshot.members_become_known() {
        return Err(
            "without gossip, nodes that know different members do not come to know the same".to_owned()
        );
    }
    let rest = Rest::of(evidence);
    if rest
        .holds
        .iter()
        .any(|hold| holds_back(hold, &[Kind::Merkle, Kind::Hint, Kind::HintAck, Kind::Gossip]))
    {
        return Err("messages that bring replicas together are held back and were never released".to_owned());
    }
    let Some(Met { times, left, lost }) = rest.meet(interval, MESSAGES) else {
        return Err("messages may take so long that within an hour no exchange may reach its end".to_owned());
    };
    let others = others(evidence);
    if times / others < ENOUGH && times / peers(evidence).max(1) < ENOUGH {
        let lost = if lost { ", and some of its messages lost" } else { "" };
        return Err(format!(
            "with an exchange every {interval}{lost}, two replicas may by chance not meet in the {left} after the last fault"
        ));
    }
    Ok(format!("every {interval}, each node compares its replicas with those of a peer"))
}

/// Does gossip go on for long enough, and does enough of it arrive?
pub(in crate::check) fn news(evidence: Evidence<'_>, configs: &[Config]) -> Promise {
    let interval = configs.last().and_then(|config| config.gossip);
    let Some(interval) = interval else {
        return Err("without gossip nobody hears of a change of the members".to_owned());
    };
    let rest = Rest::of(evidence);
    if rest.holds.iter().any(|hold| holds_back(hold, &[Kind::Gossip])) {
        return Err("gossip is held back and was never released".to_owned());
    }
    match rest.meet(interval, ROUND) {
        Some(met) if met.times / others(evidence) >= ENOUGH => {
            Ok("gossip brings every change of the members to all that can be reached".to_owned())
        }
        Some(Met { left, .. }) => Err(format!(
            "gossip comes so rarely that two nodes may by chance not meet in the {left} after the last fault"
        )),
        None => Err("gossip may take so long that within an hour none arrives".to_owned()),
    }
}

/// How many other members a node has, at least 1.
fn others(evidence: Evidence<'_>) -> u64 {
    evidence.snapshot.plan.ring().members().len().saturating_sub(1).max(1) as u64
}

/// What can be expected of two nodes that meet by chance until the hour is over.
struct Met {
    /// How many times a node begins or is begun with, and it comes to an end.
    times: u64,
    /// How long it goes on.
    left: Span,
    /// Is some of it lost?
    lost: bool,
}

/// The most peers that any node shares keys with: it draws one of them for each exchange.
fn peers(evidence: Evidence<'_>) -> u64 {
    let snapshot = evidence.snapshot;
    let ring = snapshot.plan.ring();
    let of = |node: &NodeId| ring.peers(*node, snapshot.config.n).len() as u64;
    ring.members().iter().map(of).max().unwrap_or(0)
}

impl Rest {
    fn of(evidence: Evidence<'_>) -> Self {
        let mut rest = Self {
            network: evidence.setup.network.clone(),
            links: BTreeMap::new(),
            slow: BTreeMap::new(),
            holds: Vec::new(),
            last: Time::ZERO,
            dropped: Time::ZERO,
        };
        let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
        for event in evidence.trace.events.iter().take(happened) {
            match &event.what {
                What::Act { act, .. } => {
                    rest.last = event.at;
                    rest.act(act);
                }
                What::Asked(..) => rest.last = event.at,
                What::Delivered(_) | What::Waits(_) | What::Took(..) => {}
                What::Lost(..) | What::Woke(..) | What::GaveUp(_) => {}
            }
        }
        let tricks = |loss| matches!(loss, Loss::Dropped | Loss::Corrupted);
        let fates = evidence.trace.lost.iter().filter_map(|id| evidence.trace.message(*id).fate);
        let dropped =
            fates.filter(|fate| fate.position <= evidence.position && fate.lost.is_some_and(tricks));
        rest.dropped = dropped.map(|fate| fate.at).max().unwrap_or(Time::ZERO);
        rest
    }

    fn act(&mut self, act: &Act) {
        if let Act::Hold(matcher) = act {
            self.holds.push(*matcher);
        } else if let Act::Release(matcher) = act {
            self.holds.retain(|hold| !matcher.covers(hold));
        } else if let Act::Link(change) = act {
            let link = self.links.entry((change.from, change.to)).or_default();
            *link = (change.loss.or(link.0), change.delay.or(link.1));
        } else if let Act::Network(change) = act {
            self.network = self.network.changed(change);
        } else if let Act::Slow { node, factor } = act {
            self.slow.insert(*node, *factor);
        } else if *act == Act::Heal {
            self.links.clear();
        }
    }

    /// How often a node meets another one that draws one every interval, where that takes so many messages. None where it
    /// is not known that any arrives in time.
    fn meet(&self, interval: Span, messages: u64) -> Option<Met> {
        let left = (self.last + LASTS).since(self.dropped.max(self.last));
        // An eighth of the time is for one of them to reach its end, the rest is for others to begin in.
        let arrive = self.arrive(Span::from_micros(left.as_micros() / 8 / messages), messages)?;
        let rounds = left.as_micros() / 8 * 7 / interval.as_micros().max(1);
        Some(Met { times: rounds.saturating_mul(2 * arrive) / ALL, left, lost: arrive < ALL })
    }

    /// Of a million exchanges of so many messages, how many get through, where each message has this long. None where it is
    /// not known of any.
    fn arrive(&self, way: Span, messages: u64) -> Option<u64> {
        let slowest = self.slow.values().copied().max().unwrap_or(1);
        let factor = u64::from(slowest).saturating_mul(u64::from(slowest)).max(1);
        let way = Span::from_micros(way.as_micros() / factor);
        let delays = self.links.values().filter_map(|link| link.1).chain([self.network.delay.other]);
        let late = delays.map(|delay| late(delay, way)).try_fold(0, |most, late| Some(late?.max(most)))?;
        let losses = self.links.values().filter_map(|link| link.0).chain([self.network.loss]);
        let lost = losses.map(millionths).max().unwrap_or(0);
        let arrives = (ALL - lost) * (ALL - late) / ALL;
        Some((0..messages).fold(ALL, |all, _| all * arrives / ALL))
    }
}

/// Could this hold back messages of these kinds?
fn holds_back(matcher: &Matcher, kinds: &[Kind]) -> bool {
    matcher.kind.is_none_or(|kind| kinds.contains(&kind))
}

fn millionths(loss: Ratio) -> u64 {
    (u64::from(loss.numerator) * ALL / u64::from(loss.denominator).max(1)).min(ALL)
}

/// Of a million messages, how many take longer than this. None where too many may.
fn late(delay: Delay, way: Span) -> Option<u64> {
    let (way, micros) = (way.as_micros(), |span: Span| span.as_micros());
    match delay {
        Delay::Fixed(span) | Delay::Uniform { high: span, .. } => (micros(span) <= way).then_some(0),
        // Beyond 20 times the mean there are 2 in a thousand million.
        Delay::Exponential { mean } => (micros(mean).saturating_mul(20) <= way).then_some(1),
        // Beyond 100 times the least there are 1 in 10 for an alpha of 1/2, 1 in 100 for 1, and so on.
        Delay::Pareto { min, alpha_thousandths } => {
            let rare = if alpha_thousandths >= 1_000 { ALL / 100 } else { ALL / 10 };
            (alpha_thousandths >= 500 && micros(min).saturating_mul(100) <= way).then_some(rare)
        }
        Delay::Preset(_) => (way >= micros(Span::from_secs(10))).then_some(ALL / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::{Claim, Judgement, Verdict};
    use crate::recording::Recording;
    use crate::scenario::Scenario;

    /// One of three misses a write and comes back; then the run goes on until it is quiet.
    fn run(cluster: &str, more: &str) -> Judgement {
        let text = format!(
            "ringside = 1\n[cluster]\nnodes = 3\nw = 1\nquorum = \"strict\"\nhinted_handoff = false\n\
             read_repair = \"off\"\ngossip = \"off\"\n{cluster}\n\
             [[step]]\nat = \"1ms\"\ncrash = \"C\"\n\
             [[step]]\nat = \"2ms\"\nput = {{ id = \"w1\", key = \"cart\", value = \"milk\", via = \"A\" }}\n\
             [[step]]\nat = \"1s\"\nrestart = \"C\"\n{more}"
        );
        let mut recording = Recording::new(Scenario::parse(&text).unwrap());
        recording.run_to_end();
        let judged = recording.judge(recording.len());
        judged.into_iter().find(|judged| judged.claim == Claim::Convergence).unwrap()
    }

    fn owed(cluster: &str, more: &str) -> bool {
        let judged = run(cluster, more);
        assert!(!judged.owed || judged.verdict == Verdict::Holds, "{cluster} {more}: {}", judged.why);
        judged.owed
    }

    #[test]
    fn what_counts_is_how_often_two_meet_in_an_hour() {
        assert!(owed("anti_entropy = \"10s\"", ""));
        assert!(owed("anti_entropy = \"120s\"", ""), "30 exchanges in an hour, one in two with the other");
        assert!(owed("anti_entropy = \"240s\"", ""));
        assert!(!owed("anti_entropy = \"1800s\"", ""), "two exchanges, and each may choose the other peer");
    }

    #[test]
    fn who_never_hears_of_the_others_is_owed_nothing() {
        let joined = |off: u32, more: &str| {
            let text = format!(
                "ringside = 1\n[cluster]\nnodes = 3\ngossip = \"1s\"\nanti_entropy = \"1s\"\n\
                 [[step]]\nat = \"1ms\"\njoin = \"D\"\n\
                 [[step]]\nat = \"{off}ms\"\nset = {{ gossip = \"off\" }}\n\
                 [[step]]\nat = \"9s\"\nput = {{ id = \"w1\", key = \"cart\", value = \"milk\" }}\n{more}"
            );
            let mut recording = Recording::new(Scenario::parse(&text).unwrap());
            recording.run_to_end();
            let rings = recording.snapshot(recording.len());
            let differ = rings.nodes.iter().any(|node| node.ring != rings.nodes[0].ring);
            let judged = recording.judge(recording.len());
            let judged = judged.into_iter().find(|judged| judged.claim == Claim::Convergence).unwrap();
            (differ, judged.owed)
        };
        let moments: Vec<u32> =
            (0..80).map(|tenth| 100 * tenth + 50).filter(|off| joined(*off, "").0).collect();
        assert!(!moments.is_empty(), "while a node joins, some know its place before others");
        let again = "[[step]]\nat = \"10s\"\nset = { gossip = \"1s\" }\n";
        for off in moments {
            assert_eq!(joined(off, ""), (true, false), "gossip ends at {off} ms");
            assert_eq!(joined(off, again), (false, true), "and goes on after {off} ms");
        }
    }

    #[test]
    fn news_are_owed_where_gossip_arrives() {
        let joined = |more: &str| {
            let text = format!(
                "ringside = 1\n[cluster]\nnodes = 3\ngossip = \"1s\"\n[[step]]\nat = \"2s\"\njoin = \"D\"\n{more}"
            );
            let mut recording = Recording::new(Scenario::parse(&text).unwrap());
            recording.run_to_end();
            let judged = recording.judge(recording.len());
            let judged = judged.into_iter().find(|judged| judged.claim == Claim::RingAgreement).unwrap();
            (judged.verdict, judged.owed)
        };
        let at = |moment: &str, step: &str| format!("[[step]]\nat = \"{moment}\"\n{step}\n");
        assert_eq!(joined(""), (Verdict::Holds, true));
        for step in [
            "hold = { kind = \"gossip\" }",
            "drop = { kind = \"gossip\", count = 1000000 }",
            "network = { loss = \"100%\" }",
            "set = { gossip = \"off\" }",
        ] {
            let moments = (32..72).step_by(4).map(|tenth| format!("{}ms", 100 * tenth + 50));
            let verdicts: Vec<_> = moments.map(|moment| joined(&at(&moment, step))).collect();
            assert!(verdicts.contains(&(Verdict::Broken, false)), "{step}: some know of D, some do not");
            assert!(!verdicts.contains(&(Verdict::Broken, true)), "{step}: no news can come");
        }
        let released = at("2500ms", "hold = { kind = \"gossip\" }") + &at("9s", "release = {}");
        assert_eq!(joined(&released), (Verdict::Holds, true));
    }

    #[test]
    fn loss_only_makes_exchanges_rarer() {
        let lossy = |every: &str, loss: &str| {
            owed(&format!("anti_entropy = \"{every}\""), &format!("[network]\nloss = \"{loss}\"\n"))
        };
        assert!(lossy("1s", "40%"));
        assert!(lossy("100ms", "50%"));
        assert!(!lossy("60s", "50%"), "one exchange in 256 reaches its end");
        assert!(!lossy("1s", "1/1"));
    }

    #[test]
    fn messages_to_be_dropped_are_a_fault_until_the_last_of_them() {
        let dropped = |count: u32| {
            let drop = format!("[[step]]\nat = \"1s\"\ndrop = {{ kind = \"merkle\", count = {count} }}\n");
            run("anti_entropy = \"1s\"", &drop)
        };
        let judged = dropped(1_000);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Holds, true), "{}", judged.why);
        let judged = dropped(1_000_000);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false), "{}", judged.why);
        assert!(judged.why.contains("after the last fault"), "{}", judged.why);
    }

    #[test]
    fn slow_links_are_too_slow_only_for_what_is_left_of_the_hour() {
        let takes =
            |delay: &str| owed("anti_entropy = \"10s\"", &format!("[network]\ndelay = \"{delay}\"\n"));
        assert!(takes("20s"), "eight messages take less than three minutes");
        assert!(!takes("1800s"));
        assert!(!takes("exponential 60s"));
        assert!(takes("exponential 1s"));
    }
}
