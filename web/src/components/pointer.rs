//! What a pointer does over a drawing: it names what it is above, and selects that when pressed.

use crate::hooks::Page;
use crate::state::UiAction;
use ringside_scene::{Area, Point, Size, Thing, View, hit};
use yew::prelude::*;

/// A finger may miss by so many pixels.
const SLACK: f64 = 4.0;

/// Listeners for the uppermost canvas of a drawing.
pub(super) struct Pointer {
    pub(super) onclick: Callback<MouseEvent>,
    pub(super) onmousemove: Callback<MouseEvent>,
    pub(super) onmouseleave: Callback<MouseEvent>,
}

impl Pointer {
    /// Over a drawing of this size with these areas; a press beside all of them does what `beside` does.
    pub(super) fn new(
        page: &Page,
        size: Size,
        areas: fn(&View<'_>, Size) -> Vec<Area>,
        beside: impl Fn(&Page, Point) + 'static,
    ) -> Self {
        let pointed = {
            let page = page.clone();
            move |at| page.with_view(|view| hit::thing(&areas(view, size), at, SLACK).cloned())
        };
        let onclick = {
            let (page, pointed) = (page.clone(), pointed.clone());
            Callback::from(move |event: MouseEvent| match pointed(place(&event)) {
                Some(thing) => page.select(thing),
                None => beside(&page, place(&event)),
            })
        };
        let onmousemove = {
            let page = page.clone();
            Callback::from(move |event: MouseEvent| {
                let thing: Option<Thing> = pointed(place(&event));
                if thing != page.ui.selection.hover {
                    page.dispatch(UiAction::Hover(thing));
                }
            })
        };
        let onmouseleave = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.dispatch(UiAction::Hover(None)))
        };
        Self { onclick, onmousemove, onmouseleave }
    }
}

fn place(event: &MouseEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}
