//! What can be done to the selected node, beside it.

use super::by_hand::on_the_ring;
use super::links::Links;
use super::members::Replace;
use super::partition::Partition;
use crate::hooks::{Page, use_media, use_page};
use crate::state::Depth;
use ringside_core::NodeId;
use ringside_sim::{Act, NodeSnapshot, NodeState, Snapshot};
use yew::prelude::*;

/// Where the ring has no room beside it, what can be done to a node is a row below it.
const NARROW: &str = "(max-width: 1279px)";
/// How many times as long the messages of a node take that is slowed down.
const SLOWER: u32 = 10;
/// How far a clock is set ahead, in microseconds: ten seconds.
const AHEAD: i64 = 10_000_000;
/// What a clock gains that drifts, in millionths: a hundredth.
const FAST: i32 = 10_000;

#[function_component]
pub(super) fn Acts() -> Html {
    let page = use_page();
    let below = use_media(NARROW) || page.exhibits();
    let session = page.session();
    let snapshot = session.snapshot();
    let cutting = page.ui.cutting.is_some();
    let node = page.selection().node.and_then(|node| snapshot.nodes.get(node.index()));
    let story = page.ui.depth == Depth::Story || page.ui.lecture;
    if story && node.is_none() && !cutting && !asked_for(&page) {
        return Html::default();
    }
    let button = |(verb, act): (&'static str, Act)| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let act = act.clone();
            page.handle.act(move |session| session.act(act));
        });
        html! { <button key={verb} type="button" {onclick}>{ verb }</button> }
    };
    let of_node = |node: &NodeSnapshot| {
        let more = more(&snapshot, node);
        html! {
            <>
                <span class="acts-of">{ format!("Node {}, {}", node.name, page.with_view(|view| view.condition(node.id))) }</span>
                { for deeds(node.state).iter().map(|(verb, act)| button((verb, act(node.id)))) }
                if !more.is_empty() {
                    <details class="more">
                        <summary>{ "More" }</summary>
                        { for more.into_iter().map(button) }
                        <Links from={node.id}/>
                    </details>
                }
                if node.state == NodeState::Down { <Replace dead={node.id}/> }
            </>
        }
    };
    html! {
        <div class={if below { "acts below" } else { "acts" }}>
            { match node {
                _ if cutting => Html::default(),
                Some(node) => of_node(node),
                None => html! { <p class="quiet">{ "Select a node to crash it, pause it, cut its links …" }</p> },
            } }
            <Partition/>
            if snapshot.needs_healing() && !cutting { { button(("Heal", Act::Heal)) } }
        </div>
    }
}

/// Does the step of the lesson want something that is done here?
fn asked_for(page: &Page) -> bool {
    let session = page.session();
    let step = session.lesson_step();
    let stop = session.lesson().and_then(|lesson| lesson.stops.get(step.checked_sub(1)?));
    !page.ui.lecture && stop.is_some_and(|stop| stop.deeds().any(|deed| on_the_ring(&deed.act)))
}

/// What can be done to a node: the word on the button, and the act.
type Deed = (&'static str, fn(NodeId) -> Act);

/// What can be done to a node in this condition; first what the key does.
const fn deeds(state: NodeState) -> &'static [Deed] {
    match state {
        NodeState::Up => &[("Crash", Act::Crash), ("Pause node", Act::Pause), ("Leave", Act::Leave)],
        NodeState::Joining | NodeState::Leaving => {
            &[("Crash", Act::Crash), ("Pause node", Act::Pause), ("Abort", Act::Abort)]
        }
        NodeState::Down => &[("Restart", Act::Restart), ("Wipe", Act::Wipe), ("Old disk", Act::RestartOld)],
        NodeState::Left => &[("Join", Act::Join)],
        NodeState::Paused => &[("Resume node", Act::Resume), ("Crash", Act::Crash)],
    }
}

/// What else can be done to a node that runs: to its links, its clock, its replicas.
fn more(snapshot: &Snapshot, node: &NodeSnapshot) -> Vec<(&'static str, Act)> {
    let id = node.id;
    if node.state != NodeState::Up {
        return Vec::new();
    }
    let others = || snapshot.nodes.iter().filter(|other| other.id != id && other.state == NodeState::Up);
    let alone = others().next().is_some() && !others().any(|other| snapshot.reachable(id, other.id));
    let mut more = Vec::new();
    if others().next().is_some() && !alone {
        more.push(("Cut off", Act::Partition(vec![vec![id]])));
    }
    more.push(if node.slow > 1 {
        ("Full speed", Act::Slow { node: id, factor: 1 })
    } else {
        ("Slow down", Act::Slow { node: id, factor: SLOWER })
    });
    let wall = node.wall(snapshot.at);
    more.push(if wall > snapshot.at {
        let ahead = wall.since(snapshot.at).as_micros();
        ("Clock right", Act::Skew { node: id, by: 0_i64.saturating_sub_unsigned(ahead) })
    } else {
        ("Clock ahead", Act::Skew { node: id, by: AHEAD })
    });
    more.push(if node.drift == 0 {
        ("Clock fast", Act::Drift { node: id, millionths: FAST })
    } else {
        ("Clock steady", Act::Drift { node: id, millionths: 0 })
    });
    more.push(("Repair now", Act::Repair(id)));
    more.push(("Wipe", Act::Wipe(id)));
    more
}

/// Crashes a node that is up, restarts one that is down, resumes one that is paused.
pub(crate) fn crash_or_restart(page: &Page, node: NodeId) {
    page.handle.act(move |session| {
        let state = session.snapshot().nodes.get(node.index()).map(|node| node.state);
        if let Some((_, act)) = state.and_then(|state| deeds(state).first()) {
            session.act(act(node));
        }
    });
}
