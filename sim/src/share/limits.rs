//! The limits of scenario files, held for what came as bytes.

use super::Damaged;
use crate::act::{Act, Carried, Operation, OperationKind};
use crate::clock::MAX_DRIFT;
use crate::delay::{Delay, Delays};
use crate::lesson::{Lesson, Question, Stop, Task, Way};
use crate::recording::{Placed, check_key, check_value};
use crate::scenario::{
    Expected, MAX_COUNT, MAX_EXPECTATIONS, MAX_FACTOR, MAX_NAME, MAX_PHI, MAX_SPAN, MAX_STEPS, MIN_INTERVAL,
    Scenario, When,
};
use crate::setup::{Ratio, Setup};
use crate::workload;
use ringside_core::ring::Placement;
use ringside_core::{Detector, NodeId, Span, Time, Tombstones};
use std::collections::BTreeSet;

/// The most bytes of the name of an operation or a client.
const MAX_LABEL: usize = 256;

pub(super) fn check(scenario: &Scenario) -> Result<(), Damaged> {
    check_setup(&scenario.setup)?;
    within(scenario.until.is_none_or(|until| until <= MAX_SPAN), "\"until\" is longer than 24h")?;
    within(scenario.steps.len() <= MAX_STEPS, "more than 10,000 steps")?;
    within(scenario.expectations.len() <= MAX_EXPECTATIONS, "more than 10,000 expectations")?;
    let mut ops = BTreeSet::new();
    for step in &scenario.steps {
        check_act(&step.act, &scenario.setup)?;
        if let Act::Operation(operation) = &step.act {
            let new = ops.insert(operation.id.as_str());
            within(new, "two operations have the same name")?;
        }
    }
    if let Some(lesson) = &scenario.lesson {
        for deed in lesson.deeds() {
            check_act(&deed.act, &scenario.setup)?;
            if let Act::Operation(operation) = &deed.act {
                let new = ops.insert(operation.id.as_str());
                within(new, "two operations have the same name")?;
            }
        }
    }
    let known = |op: &str| {
        ops.contains(op)
            || workload::names_one_of(workload::among(scenario.steps.iter().map(|step| &step.act)), op)
    };
    for step in &scenario.steps {
        match &step.when {
            When::At(at) => within(*at <= Time::ZERO + MAX_SPAN, "a step is later than 24h")?,
            When::After { op, plus } => {
                within(*plus <= MAX_SPAN, "a step waits for longer than 24h")?;
                within(known(op), "a step waits for an operation that there is not")?;
            }
        }
        if let Some(op) = carried(&step.act) {
            within(known(op), "an operation carries the context of one that there is not")?;
        }
    }
    let mut expected = scenario.expectations.iter();
    expected.try_for_each(|expectation| check_expected(&expectation.what, &scenario.setup, &known))?;
    scenario.lesson.as_ref().map_or(Ok(()), |lesson| check_lesson(lesson, &scenario.setup, &known))
}

fn check_lesson(lesson: &Lesson, setup: &Setup, known: &dyn Fn(&str) -> bool) -> Result<(), Damaged> {
    let bounded = |text: &str, most: usize| within(text.len() <= most, "a text of the lesson is too long");
    within((1..=Lesson::MAX_NUMBER).contains(&lesson.number), "a lesson's number is not from 1 to 64")?;
    within((1..=Lesson::MAX_STOPS).contains(&lesson.stops.len()), "a lesson has 1 to 64 stops")?;
    for Stop { when, name, say, question, task } in &lesson.stops {
        let (known_op, longest) = match when {
            When::At(at) => (true, at.since(Time::ZERO)),
            When::After { op, plus } => (known(op), *plus),
        };
        within(known_op, "a stop waits for an operation that there is not")?;
        within(longest <= MAX_SPAN, "a stop is later than 24h")?;
        bounded(name, Lesson::MAX_NAME)?;
        bounded(say, Lesson::MAX_TEXT)?;
        if let Some(Question { ask, choices, answer, because }) = question {
            let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
            within((2..=Lesson::MAX_CHOICES).contains(&choices.len()), "a question has 2 to 5 choices")?;
            within((1..=count).contains(answer), "the answer is none of the choices")?;
            choices.iter().try_for_each(|choice| bounded(choice, Lesson::MAX_CHOICE))?;
            bounded(ask, Lesson::MAX_TEXT)?;
            bounded(because, Lesson::MAX_TEXT)?;
        }
        let Some(Task { ask, way, done, then }) = task else { continue };
        bounded(ask, Lesson::MAX_TEXT)?;
        bounded(then, Lesson::MAX_TEXT)?;
        match way {
            Way::Deeds(deeds) => {
                within((1..=Lesson::MAX_DEEDS).contains(&deeds.len()), "a task has 1 to 32 acts")?;
                within(deeds.iter().all(|deed| deed.plus <= MAX_SPAN), "an act waits for longer than 24h")?;
            }
            Way::Select(nodes) => {
                within(!nodes.is_empty(), "a task selects no node")?;
                nodes.iter().try_for_each(|node| check_node(*node, setup))?;
            }
            Way::Vnodes(vnodes) => {
                within((1..=Setup::MAX_VNODES).contains(vnodes), "a node has 1 to 1,024 tokens")?;
            }
        }
        done.as_ref().map_or(Ok(()), |what| check_expected(what, setup, known))?;
    }
    Ok(())
}

pub(super) fn check_acts(acts: &[Placed], scenario: &Scenario) -> Result<(), Damaged> {
    within(acts.len() <= MAX_STEPS, "more than 10,000 acts")?;
    let rising = acts.windows(2).all(|pair| pair[0].after < pair[1].after && pair[0].at <= pair[1].at);
    within(rising, "the acts are out of order")?;
    let steps = scenario.steps.iter().map(|step| &step.act);
    let mut ops = BTreeSet::new();
    for act in steps.chain(acts.iter().map(|placed| &placed.act)) {
        if let Act::Operation(operation) = act {
            let new = ops.insert(operation.id.as_str());
            within(new, "two operations have the same name")?;
        }
    }
    acts.iter().try_for_each(|placed| check_act(&placed.act, &scenario.setup))
}

fn check_setup(setup: &Setup) -> Result<(), Damaged> {
    let count = u32::try_from(setup.names.len()).unwrap_or(u32::MAX);
    within((1..=Setup::MAX_NODES).contains(&count), "a cluster has 1 to 1,024 nodes")?;
    within(setup.joiners < count, "a cluster has 1 to 1,024 nodes at the beginning")?;
    within((1..=Setup::MAX_VNODES).contains(&setup.vnodes), "a node has 1 to 1,024 tokens")?;
    let mut names = BTreeSet::new();
    for name in &setup.names {
        within(is_name(name) && !name.contains('#'), "a node has no proper name")?;
        within(names.insert(name), "two nodes have the same name")?;
    }
    if let Placement::Partitions(partitions) = setup.placement {
        let most = Placement::MAX_PARTITIONS;
        within(
            (count..=most).contains(&partitions),
            "partitions are not as many as nodes at least, and 65,536 at most",
        )?;
    }
    let rising = setup.zones.windows(2).all(|pair| pair[0].0 < pair[1].0);
    within(rising, "the nodes of the zones are out of order")?;
    for (node, zone) in &setup.zones {
        check_node(*node, setup)?;
        within(is_name(zone), "a zone has no proper name")?;
    }
    setup.config.validate().map_err(|error| Damaged(error.to_string()))?;
    within(setup.sync != Some(Span::ZERO), "\"sync\" is no time at all")?;
    within(setup.sync.is_none_or(|sync| sync <= MAX_SPAN), "\"sync\" is longer than 24h")?;
    within(setup.config.timeout <= MAX_SPAN, "\"timeout\" is longer than 24h")?;
    check_interval(setup.config.gossip, "gossip")?;
    check_detector(setup.config.failure_detector)?;
    within(setup.config.hint_window <= MAX_SPAN, "\"hint_window\" is longer than 24h")?;
    check_interval(setup.config.anti_entropy, "anti_entropy")?;
    check_grace(Some(setup.config.tombstones))?;
    let Delays { write, ack, read, reply, other } = setup.network.delay;
    [write, ack, read, reply, other].iter().try_for_each(check_delay)?;
    check_ratio(setup.network.loss)?;
    check_ratio(setup.network.duplicate)
}

/// Could this name a node or a zone?
fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.len() <= MAX_NAME && !name.chars().any(char::is_control)
}

fn check_interval(interval: Option<Span>, name: &str) -> Result<(), Damaged> {
    let fits = interval.is_none_or(|span| (MIN_INTERVAL..=MAX_SPAN).contains(&span));
    within(fits, &format!("\"{name}\" is not from 1ms to 24h"))
}

fn check_detector(detector: Detector) -> Result<(), Damaged> {
    let fits = match detector {
        Detector::Off => true,
        Detector::Phi { thousandths } => (1..=MAX_PHI).contains(&thousandths),
        Detector::Timeout(limit) => (MIN_INTERVAL..=MAX_SPAN).contains(&limit),
    };
    within(fits, "the limit of \"failure_detector\" is out of bounds")
}

fn check_delay(delay: &Delay) -> Result<(), Damaged> {
    let fits = match *delay {
        Delay::Fixed(span) | Delay::Exponential { mean: span } => span <= MAX_SPAN,
        Delay::Uniform { low, high } => low <= high && high <= MAX_SPAN,
        Delay::Pareto { min, alpha_thousandths } => {
            min <= MAX_SPAN && (100..=1_000_000).contains(&alpha_thousandths)
        }
        Delay::Preset(_) => true,
    };
    within(fits, "a delay is out of bounds")
}

fn check_ratio(ratio: Ratio) -> Result<(), Damaged> {
    within(ratio.denominator > 0 && ratio.numerator <= ratio.denominator, "a ratio is not from 0 to 1")
}

fn check_act(act: &Act, setup: &Setup) -> Result<(), Damaged> {
    act.nodes().into_iter().try_for_each(|node| check_node(node, setup))?;
    match act {
        Act::Operation(operation) => check_operation(operation),
        Act::Link(change) => {
            change.delay.iter().try_for_each(check_delay)?;
            change.loss.map_or(Ok(()), check_ratio)
        }
        Act::Network(change) => {
            change.delay.iter().try_for_each(check_delay)?;
            change.loss.into_iter().chain(change.duplicate).try_for_each(check_ratio)
        }
        Act::Drop { count, .. } | Act::Duplicate { count, .. } | Act::Corrupt { count, .. } => {
            within((1..=MAX_COUNT).contains(count), "an act takes none or more than 1,000,000 messages")
        }
        Act::Replay { count, .. } => {
            within((1..=Act::MAX_REPLAYED).contains(count), "a replay sends none or more than 1,000 messages")
        }
        Act::Workload(load) => {
            within(load.lasts <= MAX_SPAN, "a workload lasts longer than 24h")?;
            load.check().map_err(|(name, why)| Damaged(format!("\"{name}\" of a workload: {why}")))
        }
        Act::Slow { factor, .. } => {
            within((1..=MAX_FACTOR).contains(factor), "a node is slowed by a factor from 1 to 1,000,000")
        }
        Act::Skew { by, .. } => {
            within(by.unsigned_abs() <= MAX_SPAN.as_micros(), "a clock jumps by more than 24h")
        }
        Act::Drift { millionths, .. } => {
            within((-MAX_DRIFT..=MAX_DRIFT).contains(millionths), "a clock drifts by more than 100 %")
        }
        Act::Set(change) => {
            within(change.timeout.is_none_or(|span| span <= MAX_SPAN), "\"timeout\" is longer than 24h")?;
            check_interval(change.gossip.flatten(), "gossip")?;
            let window = change.hint_window.is_none_or(|span| span <= MAX_SPAN);
            within(window, "\"hint_window\" is longer than 24h")?;
            check_interval(change.anti_entropy.flatten(), "anti_entropy")?;
            check_grace(change.tombstones)?;
            check_detector(change.failure_detector.unwrap_or(Detector::Off))
        }
        Act::Crash(_)
        | Act::Restart(_)
        | Act::Wipe(_)
        | Act::RestartOld(_)
        | Act::Partition(_)
        | Act::Pause(_)
        | Act::Resume(_)
        | Act::Heal
        | Act::Hold(_)
        | Act::Release(_)
        | Act::Repair(_)
        | Act::Join(_)
        | Act::Leave(_)
        | Act::Abort(_)
        | Act::ToMessage { .. }
        | Act::StopWorkloads
        | Act::Note => Ok(()),
        Act::Replace { dead, new } => within(dead != new, "a node is to replace itself"),
    }
}

fn check_grace(tombstones: Option<Tombstones>) -> Result<(), Damaged> {
    let Some(Tombstones::Grace(span)) = tombstones else { return Ok(()) };
    check_interval(Some(span), "tombstones")
}

fn check_operation(operation: &Operation) -> Result<(), Damaged> {
    for label in [&operation.id, &operation.client] {
        let fits = !label.is_empty() && label.len() <= MAX_LABEL && !label.chars().any(char::is_control);
        within(fits, "an operation or a client has no proper name")?;
    }
    within(workload::parse_name(&operation.id).is_none(), "an operation has a name that workloads give")?;
    within(operation.id != "none", "an operation is called \"none\"")?;
    check_key(operation.key.as_str()).map_err(Damaged)?;
    match &operation.kind {
        OperationKind::Put { value, .. } => check_value(value.as_str()).map_err(Damaged),
        OperationKind::Get | OperationKind::Delete { .. } => Ok(()),
    }
}

fn check_expected(what: &Expected, setup: &Setup, known: &dyn Fn(&str) -> bool) -> Result<(), Damaged> {
    match what {
        Expected::Operation { id, replies, hinted, .. } => {
            within(known(id), "something is expected of an operation that there is not")?;
            let holders = hinted.iter().flatten().flat_map(|hinted| [hinted.holder, hinted.owner]);
            replies.iter().flatten().copied().chain(holders).try_for_each(|node| check_node(node, setup))
        }
        Expected::Stored { key, node, .. } => {
            check_key(key.as_str()).map_err(Damaged)?;
            check_node(*node, setup)
        }
        Expected::Claim { .. } | Expected::Hints(_) => Ok(()),
    }
}

fn carried(act: &Act) -> Option<&str> {
    let Act::Operation(Operation { kind, .. }) = act else { return None };
    match kind {
        OperationKind::Put { context: Carried::Of(op), .. }
        | OperationKind::Delete { context: Carried::Of(op) } => Some(op),
        OperationKind::Put { .. } | OperationKind::Delete { .. } | OperationKind::Get => None,
    }
}

fn check_node(node: NodeId, setup: &Setup) -> Result<(), Damaged> {
    within(node.index() < setup.names.len(), "a node is named that the cluster does not have")
}

fn within(fits: bool, otherwise: &str) -> Result<(), Damaged> {
    if fits { Ok(()) } else { Err(Damaged(otherwise.to_owned())) }
}
