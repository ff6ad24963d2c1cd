//! The nodes as buttons, over their discs: one tab stop, arrow keys between them.

use crate::hooks::{Page, use_media, use_page};
use crate::state::UiAction;
use ringside_core::NodeId;
use ringside_scene::{Size, Thing, reach, ring};
use ringside_sim::NodeState;
use web_sys::{SvgElement, wasm_bindgen::JsCast};
use yew::prelude::*;

/// Past so many nodes only the selected, the involved and the abnormal ones are elements.
const ALL_UP_TO: usize = ring::CROWD as usize;
/// More nodes than this are a list on a narrow screen.
const DISCS_ON_A_PHONE: usize = 12;
const GO_TO: &str = "go-to-node";

#[derive(Properties, PartialEq)]
pub(super) struct NodesProps {
    /// The room that the ring has.
    pub(super) size: Size,
    /// Is this the place beside the ring, for a list?
    #[prop_or_default]
    pub(super) beside: bool,
}

/// One node, as its button needs it.
struct Place {
    id: NodeId,
    label: String,
    /// What else is to be said of it.
    description: Option<String>,
    x: f64,
    y: f64,
    reach: f64,
}

#[function_component]
pub(super) fn Nodes(props: &NodesProps) -> Html {
    let page = use_page();
    let group = use_node_ref();
    let size = props.size;
    let places = page.with_view(|view| {
        let layout = ring::layout(view, size);
        let involved =
            view.op().map(|op| view.snapshot.plan.ring().preference(&op.key, view.snapshot.config.n));
        let split = view.snapshot.needs_healing();
        let few = view.snapshot.nodes.len() <= ALL_UP_TO;
        let wanted = |id: NodeId, state: NodeState| {
            few || state != NodeState::Up
                || view.selection.node == Some(id)
                || involved.as_ref().is_some_and(|nodes| nodes.contains(&id))
        };
        let shown = view.snapshot.nodes.iter().filter(|node| wanted(node.id, node.state));
        let place = |node: &ringside_sim::NodeSnapshot| {
            let at = layout.node(node.id);
            let label = format!("Node {}, {}", node.name, view.condition(node.id));
            let zone = view.setup().zone(node.id).map(|zone| format!("in zone {zone}"));
            let hints = match node.hints.len() {
                0 => None,
                1 => Some("keeps 1 hint".to_owned()),
                hints => Some(format!("keeps {hints} hints")),
            };
            let cut_off = if split { reach::cut_off_words(view, node.id) } else { None };
            let described: Vec<String> = zone.into_iter().chain(hints).chain(cut_off).collect();
            let description = (!described.is_empty()).then(|| described.join(", "));
            Place { id: node.id, label, description, x: at.x, y: at.y, reach: layout.disc.max(12.0) }
        };
        shown.map(place).collect::<Vec<_>>()
    });
    let selected = page.selection().node;
    let stop = selected.filter(|node| places.iter().any(|place| place.id == *node));
    let stop = stop.or_else(|| places.first().map(|place| place.id));
    let chosen = page.ui.cutting.as_ref();
    let narrow = use_media("(max-width: 699px)");
    let listed = narrow && page.session().recording().setup().names.len() > DISCS_ON_A_PHONE;
    if listed || props.beside {
        return if listed && props.beside { list(&page, &places, selected) } else { Html::default() };
    }
    let view_box = format!("0 0 {} {}", size.width.max(1.0), size.height.max(1.0));
    let buttons = places.iter().map(|place| {
        let id = place.id;
        let onclick = select(&page, id);
        let onkeydown = node_keys(&page, &group, id);
        let hover = page.clone();
        let onmouseenter =
            Callback::from(move |_: MouseEvent| hover.dispatch(UiAction::Hover(Some(Thing::Node(id)))));
        html! {
            <g key={id.0} role="button" aria-label={place.label.clone()}
                aria-description={place.description.clone()} data-node={id.0.to_string()}
                aria-pressed={(selected == Some(id)).to_string()}
                tabindex={if stop == Some(id) { "0" } else { "-1" }} {onclick} {onkeydown} {onmouseenter}>
                if chosen.is_some_and(|chosen| chosen.contains(&id)) {
                    <circle class="chosen" cx={place.x.to_string()} cy={place.y.to_string()}
                        r={(place.reach + 6.0).to_string()}/>
                }
                <circle class="hit" cx={place.x.to_string()} cy={place.y.to_string()} r={place.reach.to_string()}/>
                <circle class="focus" cx={place.x.to_string()} cy={place.y.to_string()}
                    r={(place.reach + 6.0).to_string()}/>
            </g>
        }
    });
    let many = page.session().snapshot().nodes.len() > ALL_UP_TO;
    html! {
        <>
            <svg ref={group.clone()} class="nodes" viewBox={view_box} role="group" aria-label="Nodes">{ for buttons }</svg>
            if many { <GoTo/> }
        </>
    }
}

/// On a narrow screen discs of many nodes are smaller than a finger: a list beside the ring takes their place.
fn list(page: &Page, places: &[Place], selected: Option<NodeId>) -> Html {
    let many = page.session().recording().setup().names.len() > ALL_UP_TO;
    html! {
        <>
            <div class="node-list" role="group" aria-label="Nodes">
                { for places.iter().map(|place| html! {
                    <button key={place.id.0} type="button" aria-pressed={(selected == Some(place.id)).to_string()}
                        aria-description={place.description.clone()} onclick={select::<MouseEvent>(page, place.id)}>
                        { &place.label }
                    </button>
                }) }
            </div>
            if many { <GoTo/> }
        </>
    }
}

fn select<E: 'static>(page: &Page, node: NodeId) -> Callback<E> {
    let page = page.clone();
    Callback::from(move |_| page.dispatch(UiAction::Select(Thing::Node(node))))
}

/// Enter and Space select; arrows, Home and End go to another node.
fn node_keys(page: &Page, group: &NodeRef, node: NodeId) -> Callback<KeyboardEvent> {
    let (page, group) = (page.clone(), group.clone());
    Callback::from(move |event: KeyboardEvent| {
        let go = |forward: Option<bool>, to_end: bool| {
            let Some(group) = group.cast::<SvgElement>() else { return };
            let buttons = group.children();
            let count = buttons.length();
            let here = (0..count).find(|at| {
                buttons.item(*at).and_then(|item| item.get_attribute("data-node")) == Some(node.0.to_string())
            });
            let to = match (forward, here) {
                (Some(true), Some(here)) => (here + 1) % count,
                (Some(false), Some(here)) => (here + count - 1) % count,
                _ if to_end => count.saturating_sub(1),
                _ => 0,
            };
            if let Some(button) = buttons.item(to).and_then(|item| item.dyn_into::<SvgElement>().ok()) {
                // Focus is refused to nothing that stands on the page.
                let _ = button.focus();
            }
        };
        match event.key().as_str() {
            "Enter" | " " => page.dispatch(UiAction::Select(Thing::Node(node))),
            "ArrowRight" | "ArrowDown" => go(Some(true), false),
            "ArrowLeft" | "ArrowUp" => go(Some(false), false),
            "Home" => go(None, false),
            "End" => go(None, true),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

/// A way to a node that is no element.
#[function_component]
fn GoTo() -> Html {
    let page = use_page();
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            let found = page.session().recording().setup().node(input.value().trim());
            match found {
                Some(node) => page.dispatch(UiAction::Select(Thing::Node(node))),
                None => {
                    let said = format!("There is no node “{}”.", input.value());
                    page.handle.change(|session| session.say(said));
                }
            }
        })
    };
    html! {
        <span class="go-to">
            <label for={GO_TO}>{ "Go to node" }</label>
            <input id={GO_TO} type="text" autocomplete="off" {onchange}/>
        </span>
    }
}
