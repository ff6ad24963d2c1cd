//! A scenario on another number of nodes.

use ringside_core::NodeId;
use ringside_sim::names::node_name;
use ringside_sim::{Act, Matcher, Scenario, When};

/// The same scenario on `nodes` nodes, and how many of its steps were left out because they name a node that is gone,
/// or wait for an operation that is. N, R and W follow the number of nodes down.
pub(super) fn nodes(scenario: &Scenario, nodes: u32) -> (Scenario, usize) {
    let mut scenario = scenario.clone();
    let count = nodes as usize;
    let names = &mut scenario.setup.names;
    // The nodes that join later come after those of the beginning, and make room for more of these.
    let founders = names.len().saturating_sub(scenario.setup.joiners as usize);
    names.truncate(count.min(founders));
    scenario.setup.joiners = 0;
    let mut next = 0;
    while names.len() < count {
        let name = node_name(next);
        if !names.contains(&name) {
            names.push(name);
        }
        next += 1;
    }
    scenario.setup.zones.retain(|(node, _)| node.index() < count);
    let config = &mut scenario.setup.config;
    config.n = config.n.min(nodes);
    config.r = config.r.min(config.n);
    config.w = config.w.min(config.n);
    let before = scenario.steps.len();
    scenario.steps.retain(|step| act_fits(&step.act, count));
    loop {
        let ids: Vec<String> = scenario.steps.iter().filter_map(|step| operation_id(&step.act)).collect();
        let steps = scenario.steps.len();
        scenario.steps.retain(|step| match &step.when {
            When::At(_) => true,
            When::After { op, .. } => ids.contains(op),
        });
        if scenario.steps.len() == steps {
            break;
        }
    }
    scenario.expectations.clear();
    let lost = before - scenario.steps.len();
    (scenario, lost)
}

fn operation_id(act: &Act) -> Option<String> {
    if let Act::Operation(operation) = act { Some(operation.id.clone()) } else { None }
}

fn act_fits(act: &Act, count: usize) -> bool {
    let fits = |node: NodeId| node.index() < count;
    let matcher = |matcher: &Matcher| matcher.from.is_none_or(fits) && matcher.to.is_none_or(fits);
    match act {
        Act::Operation(operation) => fits(operation.via),
        Act::Crash(node) | Act::Restart(node) | Act::Wipe(node) | Act::RestartOld(node) => fits(*node),
        Act::Repair(node)
        | Act::Pause(node)
        | Act::Resume(node)
        | Act::Slow { node, .. }
        | Act::Join(node)
        | Act::Leave(node)
        | Act::Abort(node)
        | Act::Skew { node, .. }
        | Act::Drift { node, .. } => fits(*node),
        Act::Partition(groups) => groups.iter().flatten().all(|node| fits(*node)),
        Act::Link(change) => fits(change.from) && fits(change.to),
        Act::Hold(wanted) | Act::Release(wanted) => matcher(wanted),
        Act::Drop { matcher: wanted, .. }
        | Act::Duplicate { matcher: wanted, .. }
        | Act::Replay { matcher: wanted, .. }
        | Act::Corrupt { matcher: wanted, .. } => matcher(wanted),
        Act::Replace { dead, new } => fits(*dead) && fits(*new),
        // Another cluster sends other messages.
        Act::ToMessage { .. } => false,
        Act::Workload(_) | Act::StopWorkloads | Act::Network(_) | Act::Heal | Act::Set(_) | Act::Note => true,
    }
}
