//! The space-time diagram: a lane for each client and node, time to the right.

use super::pointer::Pointer;
use crate::hooks::{use_page, use_picture, use_size};
use crate::keys;
use crate::paint::Layer;
use ringside_scene::spacetime::{Chart, moving, still, window};
use ringside_scene::{Area, Mark, Size, View};
use yew::prelude::*;

#[function_component]
pub(super) fn SpaceTime() -> Html {
    let page = use_page();
    let stage = use_node_ref();
    let size = use_size(&stage);
    let still = use_picture(Layer::Position, paint_still);
    let moving = use_picture(Layer::Moment, paint_moving);
    let Pointer { onclick, onmousemove, onmouseleave } = Pointer::new(&page, size, areas, move |page, at| {
        let time = page.with_view(|view| chart(view, size).scale.time(at.x));
        page.handle.change(|session| session.go_to_time(time));
    });
    html! {
        <section class="spacetime" aria-label="Space-time diagram" tabindex="0" onkeydown={keys::listener(&page)}>
            <div class="stage" ref={stage}>
                <canvas ref={still} aria-hidden="true"/>
                <canvas ref={moving} aria-hidden="true" {onclick} {onmousemove} {onmouseleave}/>
            </div>
        </section>
    }
}

/// The diagram round the last event: what is drawn between two events lies in the same window.
fn chart(view: &View<'_>, size: Size) -> Chart {
    let then = settled(view);
    Chart::new(&then, size, window(&then))
}

/// The positions that it shows, from the first to the last.
pub(super) fn shown(view: &View<'_>) -> (u64, u64) {
    let (from, to) = window(&settled(view));
    (view.recording.position_at(from), view.recording.position_at(to))
}

fn settled<'a>(view: &View<'a>) -> View<'a> {
    View { now: view.trace().time_of(view.position), ..*view }
}

fn paint_still(view: &View<'_>, size: Size) -> Vec<Mark> {
    still(view, &chart(view, size)).marks
}

fn paint_moving(view: &View<'_>, size: Size) -> Vec<Mark> {
    moving(view, &chart(view, size)).marks
}

fn areas(view: &View<'_>, size: Size) -> Vec<Area> {
    still(view, &chart(view, size)).areas
}
