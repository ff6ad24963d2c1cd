//! The ring: four canvases by how often they change, and real elements over the nodes.

use super::acts::Acts;
use super::nodes::Nodes;
use super::pointer::Pointer;
use crate::hooks::{use_page, use_picture, use_size};
use crate::keys;
use crate::paint::Layer;
use ringside_scene::{Area, Mark, Size, View, narrate, ring};
use yew::prelude::*;

/// Messages that are told one by one; how many more there are is said.
const TOLD: usize = 50;

#[function_component]
pub(super) fn RingPanel() -> Html {
    let page = use_page();
    let stage = use_node_ref();
    let size = use_size(&stage);
    let band = use_picture(Layer::Ring, band);
    let crowd = use_picture(Layer::Ring, crowd);
    let still = use_picture(Layer::Position, still);
    let moving = use_picture(Layer::Moment, moving);
    let Pointer { onclick, onmousemove, onmouseleave } = Pointer::new(&page, size, areas, |_, _| ());
    html! {
        <section class="ring" aria-label="Ring" tabindex="0" onkeydown={keys::listener(&page)}>
            <div class="stage" ref={stage}>
                <canvas ref={band} aria-hidden="true"/>
                <canvas ref={crowd} aria-hidden="true"/>
                <canvas ref={still} aria-hidden="true"/>
                <canvas ref={moving} aria-hidden="true" {onclick} {onmousemove} {onmouseleave}/>
                <Nodes {size}/>
            </div>
            <Nodes {size} beside=true/>
            if !page.session().playing() { { page.with_view(under_way) } }
            <Acts/>
        </section>
    }
}

fn band(view: &View<'_>, size: Size) -> Vec<Mark> {
    ring::band(view, &ring::layout(view, size)).marks
}

fn crowd(view: &View<'_>, size: Size) -> Vec<Mark> {
    ring::crowd(view, &ring::layout(view, size)).marks
}

fn still(view: &View<'_>, size: Size) -> Vec<Mark> {
    ring::still(view, &ring::layout(view, size)).marks
}

fn moving(view: &View<'_>, size: Size) -> Vec<Mark> {
    ring::moving(view, &ring::layout(view, size)).marks
}

fn areas(view: &View<'_>, size: Size) -> Vec<Area> {
    let layout = ring::layout(view, size);
    let mut areas = ring::still(view, &layout).areas;
    areas.extend(ring::moving(view, &layout).areas);
    areas
}

/// What the drawing shows of messages, as sentences: for those who hear the page.
fn under_way(view: &View<'_>) -> Html {
    let (messages, all) = narrate::under_way(view, TOLD);
    let rest = all.saturating_sub(messages.len());
    html! {
        <ul class="off-screen" aria-label="Messages under way">
            { for messages.into_iter().map(|(id, told)| html! { <li key={id.0}>{ told }</li> }) }
            if rest > 0 { <li>{ format!("and {rest} more") }</li> }
        </ul>
    }
}
