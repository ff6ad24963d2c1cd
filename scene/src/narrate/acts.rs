//! Sentences about acts that are not requests.

use super::{Sentence, faults, settings};
use crate::{View, text};
use ringside_core::NodeId;
use ringside_sim::{Act, Deed, LinkChange, Matcher, MessageId, MessageRecord, Workload};

pub(super) fn act(view: &View<'_>, act: &Act) -> Sentence {
    match act {
        Act::Operation(operation) => Sentence::new(
            &[&text::client_first(&operation.client), " asks ", view.name(operation.via), "."],
            &[],
        ),
        Act::Crash(node) => faults::crash(view, *node),
        Act::Restart(node) => faults::restart(
            view,
            *node,
            "It has its disk as it was, and gives its new versions a new name, so that none is given twice.",
        ),
        Act::Wipe(node) => faults::restart(
            view,
            *node,
            "Its disk is empty: every copy it held is lost, unless another node has one.",
        ),
        Act::RestartOld(node) => faults::restart(
            view,
            *node,
            "Its disk is an old one: it holds what it held when it last started, and nothing that came since.",
        ),
        Act::Partition(groups) => partition(view, groups),
        Act::Link(change) => link(view, change),
        Act::Heal => faults::heal(),
        Act::Hold(matcher) => Sentence::new(
            &["From now on ", &matching(view, matcher, 2), " are held back."],
            &["They wait at their senders until they are released."],
        ),
        Act::Release(matcher) => {
            let lead = if *matcher == Matcher::default() {
                "All that was held back goes on its way.".to_owned()
            } else {
                text::capital(
                    &[&matching(view, matcher, 2), " that were held back go on their way."].concat(),
                )
            };
            Sentence { lead, rest: "They leave in the order in which they were sent.".to_owned() }
        }
        Act::Drop { matcher, count } => next(view, matcher, *count, "be lost", ""),
        Act::Duplicate { matcher, count } => {
            next(view, matcher, *count, "be sent twice", "Each copy takes a time of its own.")
        }
        Act::Corrupt { matcher, count } => next(
            view,
            matcher,
            *count,
            "arrive damaged",
            "The receiver notices by the checksum, and discards what is damaged.",
        ),
        Act::Replay { .. } => faults::replay(view),
        Act::Pause(node) => faults::pause(view, *node),
        Act::Resume(node) => faults::resume(view, *node),
        Act::Workload(load) => workload(load),
        Act::StopWorkloads => faults::stop_workloads(),
        Act::Network(change) => faults::network(change),
        Act::Slow { node, factor } => faults::slow(view, *node, *factor),
        Act::Skew { node, by } => faults::skew(view, *node, *by),
        Act::Drift { node, millionths } => faults::drift(view, *node, *millionths),
        Act::Set(change) => settings::set(change),
        Act::Repair(node) => repair(view, *node),
        // They are told by what came of them: see `members`.
        Act::Join(_) | Act::Leave(_) | Act::Abort(_) | Act::Replace { .. } => Sentence::new(&[], &[]),
        Act::Note => note(view),
        Act::ToMessage { message, deed } => one_message(view, *message, *deed),
    }
}

#[inline(never)]
fn repair(view: &View<'_>, node: NodeId) -> Sentence {
    Sentence::new(
        &[view.name(node), " is told to compare what it holds with its peers."],
        &["It sends each of them the root of the hash tree over the keys that the two share."],
    )
}

/// Something was done to one message by its number. One that was not under way was left alone.
#[inline(never)]
fn one_message(view: &View<'_>, id: MessageId, deed: Deed) -> Sentence {
    let records = &view.trace().messages;
    let there = |record: &&MessageRecord| {
        record.sent_at < view.position && record.fate.is_none_or(|fate| fate.position >= view.position)
    };
    let Some(record) = records.get(id.0 as usize).filter(there) else {
        return Sentence::new(
            &["Message ", &id.0.to_string(), " is not under way: nothing is done."],
            &["It has arrived, or was lost, or is not sent yet."],
        );
    };
    let (from, to) = (view.name(record.envelope.from), view.name(record.envelope.to));
    let the = ["The ", text::kind(record.envelope.message.kind()), " from ", from, " to ", to].concat();
    match deed {
        Deed::Deliver => {
            Sentence::new(&[&the, " is next."], &["It was chosen by hand, before all that is under way."])
        }
        Deed::Drop => Sentence::new(&[&the, " is taken off its way by hand."], &[to, " will never see it."]),
        Deed::Hold => {
            Sentence::new(&[&the, " is held by hand."], &["It waits until it is released or delivered."])
        }
        Deed::Release => Sentence::new(&[&the, " goes on its way."], &["It was held by hand until now."]),
        Deed::Duplicate => {
            Sentence::new(&[&the, " is doubled by hand."], &["The copy takes a time of its own."])
        }
    }
}

/// Something that will happen to the next so many messages.
#[inline(never)]
fn next(view: &View<'_>, matcher: &Matcher, count: u32, fate: &str, rest: &str) -> Sentence {
    let (number, which) = match count {
        1 => (String::new(), matching(view, matcher, 1)),
        count => ([" ", &count.to_string()].concat(), matching(view, matcher, count)),
    };
    Sentence::new(&["The next", &number, " ", &which, " will ", fate, "."], &[rest])
}

#[inline(never)]
fn workload(load: &Workload) -> Sentence {
    let (rate, keys) = (super::count(load.rate, "request"), super::count(load.keys, "key"));
    let clients = match load.clients {
        1 => "A client begins".to_owned(),
        many => [&many.to_string(), " clients begin"].concat(),
    };
    let lead = [&clients, " to make ", &rate, " a second, for ", &load.lasts.to_string(), "."].concat();
    let (gets, of) = (load.reads.numerator.to_string(), load.reads.denominator.to_string());
    let spread = if load.zipf.is_some() { ", some far more often than others" } else { "" };
    let rest = [
        "They ask nodes that are up for ",
        &keys,
        spread,
        ". Of ",
        &of,
        " requests ",
        &gets,
        " are gets on average.",
    ];
    Sentence { lead, rest: rest.concat() }
}

/// A step that only speaks: its own words are what there is to say.
fn note(view: &View<'_>) -> Sentence {
    let said = super::said(view).unwrap_or("Nothing changes here.");
    let end = said.find(". ").map_or(said.len(), |at| at + 1);
    Sentence::new(&[&said[..end]], &[said[end..].trim_start()])
}

#[inline(never)]
fn partition(view: &View<'_>, groups: &[Vec<NodeId>]) -> Sentence {
    let mut sides: Vec<String> = groups.iter().map(|group| text::nodes(view, group)).collect();
    let others: Vec<NodeId> =
        view.setup().nodes().filter(|node| !groups.iter().any(|group| group.contains(node))).collect();
    if !others.is_empty() {
        sides.push(text::nodes(view, &others));
    }
    let sides = sides.join(" | ");
    Sentence::new(
        &["The network splits: ", &sides, "."],
        &["Messages pass only between nodes of the same side."],
    )
}

#[inline(never)]
fn link(view: &View<'_>, change: &LinkChange) -> Sentence {
    let way = ["from ", view.name(change.from), " to ", view.name(change.to)].concat();
    let lead = match (change.cut, change.delay.is_some(), change.loss) {
        (Some(true), ..) => ["The link ", &way, " is cut."].concat(),
        (Some(false), ..) => ["The link ", &way, " works again."].concat(),
        (None, true, None) => ["Messages ", &way, " now take another time."].concat(),
        (None, _, Some(loss)) => [
            "Of ",
            &loss.denominator.to_string(),
            " messages ",
            &way,
            ", ",
            &loss.numerator.to_string(),
            " will be lost on average.",
        ]
        .concat(),
        (None, false, None) => ["The link ", &way, " stays as it is."].concat(),
    };
    let state =
        |from, to| view.snapshot.changed_links().find(|(ends, _)| *ends == (from, to)).map(|(_, link)| link);
    let rest = if state(change.from, change.to) == state(change.to, change.from) {
        "The other direction is the same."
    } else {
        "The other direction is as it was."
    };
    Sentence { lead, rest: rest.to_owned() }
}

/// `write from A to C`, or `writes` for more than one.
pub(super) fn matching(view: &View<'_>, matcher: &Matcher, count: u32) -> String {
    let one = matcher.kind.map_or("message", text::kind);
    let mut told = match (count, one.strip_suffix('y')) {
        (1, _) => one.to_owned(),
        (_, Some(stem)) => [stem, "ies"].concat(),
        (_, None) => [one, "s"].concat(),
    };
    for (word, node) in [(" from ", matcher.from), (" to ", matcher.to)] {
        if let Some(node) = node {
            told.push_str(word);
            told.push_str(view.name(node));
        }
    }
    told
}
