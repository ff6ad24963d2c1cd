//! `[[step]]`: when something is done, and what is said about it. What is done is in `action`.

use super::action::{self, Known};
use super::nodes::Nodes;
use super::ops::Ops;
use super::read::{Item, Read, Table};
use super::{Step, When, cluster};
use crate::act::{Act, ConfigChange};
use crate::setup::Setup;
use ringside_core::order::by_number;
use ringside_core::{Span, Time};

/// The most steps of a scenario.
pub(crate) const MAX_STEPS: usize = 10_000;

/// The keys of a step besides its action.
const KEYS: [&str; 4] = ["at", "after", "plus", "say"];

/// A step as far as its keys are known and its action is found.
struct Raw<'t> {
    table: Table<'t>,
    action: Item<'t>,
}

/// Reads all steps. Gives their operations, too: expectations name them.
pub(super) fn steps(items: &[Item<'_>], setup: &Setup, nodes: &Nodes<'_>) -> Read<(Vec<Step>, Ops)> {
    let raws: Vec<Raw<'_>> = items.iter().map(raw).collect::<Read<_>>()?;
    let actions: Vec<Item<'_>> = raws.iter().map(|raw| raw.action).collect();
    let ops = Ops::name(&actions)?;
    let known = Known { nodes, ops: &ops };
    let mut steps = Vec::with_capacity(raws.len());
    let mut waits = Vec::new();
    for (number, raw) in raws.iter().enumerate() {
        let when = when(&raw.table, &ops)?;
        if let (When::After { op, .. }, Some(item)) = (&when, raw.table.get("after")) {
            waits.push((number, op.clone(), item));
        }
        let act = action::act(&raw.action, &known, ops.of_step(number))?;
        let say = raw.table.get("say").map(|item| item.string("a text").map(str::to_owned)).transpose()?;
        steps.push(Step { when, act, say });
    }
    ops.check_order(&waits)?;
    check_changes(&raws, &steps, setup)?;
    Ok((steps, ops))
}

/// The names of the nodes that join, or take another one's place, in file order.
pub(super) fn joiners<'t>(items: &[Item<'t>]) -> Read<Vec<Item<'t>>> {
    let mut names = Vec::new();
    for item in items {
        names.extend(joiner(&raw(item)?.action)?);
    }
    Ok(names)
}

/// The name of the node that this action has join, or take another one's place.
pub(super) fn joiner<'t>(action: &Item<'t>) -> Read<Option<Item<'t>>> {
    Ok(match action.name() {
        "join" => Some(*action),
        "replace" => Some(action::replace_table(action)?.need("new", "\"F\"")?),
        _ => None,
    })
}

fn raw<'t>(item: &Item<'t>) -> Read<Raw<'t>> {
    let keys: Vec<&str> = KEYS.into_iter().chain(action::BUILT).collect();
    let table = item.table(&keys, "tables: write [[step]] above each")?;
    let action = only(&table, &keys[KEYS.len()..])?;
    Ok(Raw { table, action })
}

/// The one action of a step.
pub(super) fn only<'t>(table: &Table<'t>, actions: &[&str]) -> Read<Item<'t>> {
    match table.present(actions)[..] {
        [action] => Ok(action),
        [] => {
            Err(table.error("this step does nothing: give it one action, such as get = { key = \"cart\" }"))
        }
        [first, second, ..] => {
            let (first, second) = (first.name(), (second.name(), second));
            Err(second.1.error(format_args!(
                "a step has one action, and \"{first}\" stands here besides \"{}\": give each a [[step]] of its own",
                second.0
            )))
        }
    }
}

/// Its time.
pub(super) fn when(table: &Table<'_>, ops: &Ops) -> Read<When> {
    let plus = table.get("plus");
    match (table.get("at"), table.get("after")) {
        (Some(at), None) => {
            if let Some(plus) = plus {
                return Err(plus.error("\"plus\" goes with \"after\"; add it to \"at\" instead"));
            }
            Ok(When::At(at.time()?))
        }
        (None, Some(after)) => {
            let (op, _) = ops.resolve(&after)?;
            let plus = plus.map_or(Ok(Span::ZERO), |item| item.span())?;
            Ok(When::After { op, plus })
        }
        (None, None) => {
            Err(table
                .error("this step has no moment: give it at = \"10ms\", or after = the id of an operation"))
        }
        (Some(at), Some(after)) => {
            let later = if at.start() > after.start() { at } else { after };
            Err(later.error("a step has either \"at\" or \"after\", and this one has both"))
        }
    }
}

/// Refuses a `set` that contradicts the settings in force before it. They are known as far as every `set` has a fixed
/// time; else file order stands for the order of time.
fn check_changes(raws: &[Raw<'_>], steps: &[Step], setup: &Setup) -> Read<()> {
    let change = |step: &Step| -> Option<(Option<Time>, ConfigChange)> {
        let time = if let When::At(at) = step.when { Some(at) } else { None };
        if let Act::Set(change) = &step.act { Some((time, change.clone())) } else { None }
    };
    let mut changes: Vec<_> =
        raws.iter().zip(steps.iter().map(change)).filter_map(|(raw, change)| Some((raw, change?))).collect();
    if changes.iter().all(|(_, (time, _))| time.is_some()) {
        by_number(&mut changes, |(_, (time, _))| time.map_or(0, |time| time.as_micros()));
    }
    let mut config = setup.config.clone();
    for (raw, (_, change)) in changes {
        config = change.apply(&config);
        cluster::check(&cluster::set_table(&raw.action)?, &change, &config)?;
    }
    check_gossip(raws, steps, setup)
}

/// Refuses a change of the members that nobody would hear of, as far as the settings in force at it are known: see
/// [`check_changes`].
fn check_gossip(raws: &[Raw<'_>], steps: &[Step], setup: &Setup) -> Read<()> {
    let of_members = |raw: &Raw<'_>| action::MEMBERSHIP.contains(&raw.action.name());
    let of_gossip = |step: &Step| matches!(step.act, Act::Set(ConfigChange { gossip: Some(_), .. }));
    let mut all: Vec<(&Raw<'_>, &Step)> = raws.iter().zip(steps).collect();
    all.retain(|(raw, step)| of_members(raw) || of_gossip(step));
    if all.iter().all(|(_, step)| matches!(step.when, When::At(_))) {
        by_number(&mut all, |(_, step)| if let When::At(at) = step.when { at.as_micros() } else { 0 });
    }
    let mut gossip = setup.config.gossip.is_some();
    for (raw, step) in all {
        if let Act::Set(ConfigChange { gossip: Some(interval), .. }) = &step.act {
            gossip = interval.is_some();
        }
        let name = raw.action.name();
        if of_members(raw) && !gossip {
            return Err(raw.action.error(format_args!(
                "\"{name}\" needs gossip, by which nodes hear of it: write gossip = \"1s\" in [cluster]"
            )));
        }
    }
    Ok(())
}
