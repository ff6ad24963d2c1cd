//! A partition in two clicks: `Partition` opens a choice of the nodes of one side, with a good guess made already, and
//! `Cut` parts them from the rest. While it is open, nodes are chosen in the ring, too.

use crate::hooks::{Page, use_page};
use crate::state::UiAction;
use ringside_core::NodeId;
use ringside_core::order::by_number;
use ringside_sim::{Act, NodeState, Setup};
use web_sys::HtmlElement;
use yew::prelude::*;

/// Past so many nodes only chosen ones are buttons; others are chosen in the ring.
const ALL_UP_TO: usize = 64;
const PANEL: &str = "partition-panel";

#[function_component]
pub(super) fn Partition() -> Html {
    let page = use_page();
    let opener = use_node_ref();
    let open = page.ui.cutting.is_some();
    let close = {
        let (page, opener) = (page.clone(), opener.clone());
        Callback::from(move |()| {
            page.dispatch(UiAction::Cutting(None));
            // What had the focus goes away; the keys of the ring go on.
            focus(&opener);
        })
    };
    let toggle = {
        let (page, close) = (page.clone(), close.clone());
        Callback::from(move |_: MouseEvent| if open { close.emit(()) } else { begin(&page) })
    };
    html! {
        <>
            <button ref={opener} type="button" aria-expanded={open.to_string()}
                aria-controls={open.then_some(PANEL)} onclick={toggle}>{ "Partition" }</button>
            if open { <Sides {close}/> }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct SidesProps {
    /// Called when the choice is over.
    close: Callback<()>,
}

/// The choice of one side, and what makes the partition.
#[function_component]
fn Sides(props: &SidesProps) -> Html {
    let page = use_page();
    let cut_button = use_node_ref();
    {
        let cut_button = cut_button.clone();
        use_effect_with((), move |()| focus(&cut_button));
    }
    let session = page.session();
    let snapshot = session.snapshot();
    let setup = session.recording().setup();
    let chosen = page.ui.cutting.clone().unwrap_or_default();
    let toggle = |id: NodeId| {
        let (page, pressed) = (page.clone(), chosen.contains(&id));
        let onclick = Callback::from(move |_: MouseEvent| page.dispatch(UiAction::CutToggle(id)));
        html! {
            <button key={id.0} type="button" class="side-node" aria-pressed={pressed.to_string()} {onclick}>
                { setup.name(id) }
            </button>
        }
    };
    let few = snapshot.nodes.len() <= ALL_UP_TO;
    let shown = setup.nodes().filter(|id| few || chosen.contains(id));
    let cut = {
        let (page, close, chosen) = (page.clone(), props.close.clone(), chosen.clone());
        Callback::from(move |_: MouseEvent| {
            if cut(&page, &chosen) {
                close.emit(());
            }
        })
    };
    let zones = {
        let (page, close) = (page.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| {
            page.handle.act(|session| {
                let groups = zones(session.recording().setup());
                session.act(Act::Partition(groups));
            });
            close.emit(());
        })
    };
    let onkeydown = {
        let close = props.close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let cancel = props.close.reform(|_: MouseEvent| ());
    html! {
        <div id={PANEL} class="sides" {onkeydown}>
            <p class="quiet">{ "Choose one side, here or in the ring; all others are the other side." }</p>
            <div class="side-nodes" role="group" aria-label="One side of the partition">{ for shown.map(toggle) }</div>
            <div class="buttons">
                <button ref={cut_button} type="button" class="primary" onclick={cut}>{ "Cut" }</button>
                if zones_of(setup) > 1 {
                    <button type="button" onclick={zones}>{ "Cut between zones" }</button>
                }
                <button type="button" onclick={cancel}>{ "Cancel" }</button>
            </div>
        </div>
    }
}

/// Begins the choice, or ends it. The guess: the selected node against the rest; without one, half of the nodes.
pub(crate) fn begin(page: &Page) {
    if page.ui.cutting.is_some() {
        return page.dispatch(UiAction::Cutting(None));
    }
    let snapshot = page.session().snapshot();
    let running = snapshot.nodes.iter().filter(|node| node.state != NodeState::Left).map(|node| node.id);
    let running: Vec<NodeId> = running.collect();
    let guess = match page.selection().node {
        Some(node) => vec![node],
        None => running[..running.len() / 2].to_vec(),
    };
    page.dispatch(UiAction::Cutting(Some(guess)));
}

/// Parts the chosen nodes from the others. False where one of the sides has nobody.
fn cut(page: &Page, chosen: &[NodeId]) -> bool {
    let mut done = false;
    page.handle.change(|session| {
        let all = session.recording().setup().names.len();
        if chosen.is_empty() || chosen.len() >= all {
            return session.say("A partition has nodes on both sides: choose some, but not all.");
        }
        let mut side = chosen.to_vec();
        by_number(&mut side, |node| node.0.into());
        session.act(Act::Partition(vec![side]));
        done = true;
    });
    done
}

/// How many zones there are, that of the nodes without one included.
fn zones_of(setup: &Setup) -> usize {
    let groups = zones(setup);
    let listed: usize = groups.iter().map(Vec::len).sum();
    groups.len() + usize::from(listed < setup.names.len())
}

/// The nodes of each zone that has a name.
fn zones(setup: &Setup) -> Vec<Vec<NodeId>> {
    let mut groups: Vec<(&str, Vec<NodeId>)> = Vec::new();
    for (node, zone) in &setup.zones {
        match groups.iter_mut().find(|(name, _)| name == zone) {
            Some((_, nodes)) => nodes.push(*node),
            None => groups.push((zone, vec![*node])),
        }
    }
    groups.into_iter().map(|(_, nodes)| nodes).collect()
}

fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Focus is refused to nothing that stands on the page.
        let _ = element.focus();
    }
}
