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
    let act = {
        let (page, id) = (page.clone(), node.id);
        Callback::from(move |_: MouseEvent| crash_or_restart(&page, id))
    };
    let verb = match node.state {
        NodeState::Up => "Crash",
        NodeState::Down => "Restart",
    };
    html! {
        <p class="acts">
            <span>{ format!("Node {}, {}", node.name, node.state.name()) }</span>
            <button type="button" onclick={act}>{ verb }</button>
        </p>
    }
}

/// Crashes a node that is up, restarts one that is down.
pub(crate) fn crash_or_restart(page: &Page, node: NodeId) {
    page.handle.change(|session| {
        let state = session.snapshot().nodes.get(node.index()).map(|node| node.state);
        match state {
            Some(NodeState::Up) => session.act(Act::Crash(node)),
            Some(NodeState::Down) => session.act(Act::Restart(node)),
            None => {}
        }
    });
}
