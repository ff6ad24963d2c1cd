//! The space-time diagram: a lane for each client and node, time to the right.

use crate::hooks::{use_page, use_picture, use_size};
use crate::keys;
use crate::paint::Layer;
use crate::state::UiAction;
use ringside_scene::spacetime::{Chart, moving, still, window};
use ringside_scene::{Mark, Point, Size, Thing, View, hit};
use yew::prelude::*;

/// A finger may miss by so many pixels.
const SLACK: f64 = 4.0;

#[function_component]
pub(super) fn SpaceTime() -> Html {
    let page = use_page();
    let stage = use_node_ref();
    let size = use_size(&stage);
    let still = use_picture(Layer::Position, paint_still);
    let moving = use_picture(Layer::Moment, paint_moving);
    let pointed = {
        let page = page.clone();
        move |event: &MouseEvent| {
            let at = Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()));
            page.with_view(|view| thing_at(view, size, at))
        }
    };
    let onclick = {
        let (page, pointed) = (page.clone(), pointed.clone());
        Callback::from(move |event: MouseEvent| match pointed(&event) {
            Some(thing) => page.select(thing),
            None => {
                let x = f64::from(event.offset_x());
                let time = page.with_view(|view| chart(view, size).scale.time(x));
                page.handle.change(|session| session.go_to_time(time));
            }
        })
    };
    let onmousemove = {
        let page = page.clone();
        Callback::from(move |event: MouseEvent| {
            let thing = pointed(&event);
            if thing != page.ui.selection.hover {
                page.dispatch(UiAction::Hover(thing));
            }
        })
    };
    let onmouseleave = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(UiAction::Hover(None)))
    };
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
    let then = View { now: view.trace().time_of(view.position), ..*view };
    Chart::new(&then, size, window(&then))
}

fn paint_still(view: &View<'_>, size: Size) -> Vec<Mark> {
    still(view, &chart(view, size)).marks
}

fn paint_moving(view: &View<'_>, size: Size) -> Vec<Mark> {
    moving(view, &chart(view, size)).marks
}

fn thing_at(view: &View<'_>, size: Size, at: Point) -> Option<Thing> {
    let chart = chart(view, size);
    hit::thing(&still(view, &chart).areas, at, SLACK).cloned()
}
