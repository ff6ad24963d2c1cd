//! What can be done to the selected node, beside it.

use crate::hooks::{Page, use_page};
use crate::state::Depth;
use ringside_core::NodeId;
use ringside_sim::{Act, NodeState};
use yew::prelude::*;

#[function_component]
pub(super) fn Acts() -> Html {
    let page = use_page();
    let session = page.session();
    let snapshot = session.snapshot();
    let Some(node) = page.selection().node.and_then(|node| snapshot.nodes.get(node.index())) else {
        if page.ui.depth == Depth::Story {
            return Html::default();
        }
        return html! { <p class="acts quiet">{ "Select a node to crash or restart it." }</p> };
    };
    let id = node.id;
    let button = |(verb, act): &(&'static str, fn(NodeId) -> Act)| {
        let (page, act) = (page.clone(), *act);
        let onclick = Callback::from(move |_: MouseEvent| page.handle.change(|session| session.act(act(id))));
        html! { <button key={*verb} type="button" {onclick}>{ *verb }</button> }
    };
    html! {
        <p class="acts">
            <span>{ format!("Node {}, {}", node.name, node.state.name()) }</span>
            { for acts(node.state).iter().map(button) }
        </p>
    }
}

/// What can be done to a node: the word on the button, and the act.
type Deed = (&'static str, fn(NodeId) -> Act);

/// What can be done to a node in this condition; first what the key does.
const fn acts(state: NodeState) -> &'static [Deed] {
    match state {
        NodeState::Up => &[("Crash", Act::Crash), ("Pause", Act::Pause)],
        NodeState::Down => &[("Restart", Act::Restart), ("Wipe", Act::Wipe)],
        NodeState::Paused => &[("Resume", Act::Resume), ("Crash", Act::Crash)],
    }
}

/// Crashes a node that is up, restarts one that is down, resumes one that is paused.
pub(crate) fn crash_or_restart(page: &Page, node: NodeId) {
    page.handle.change(|session| {
        let state = session.snapshot().nodes.get(node.index()).map(|node| node.state);
        if let Some((_, act)) = state.and_then(|state| acts(state).first()) {
            session.act(act(node));
        }
    });
}
