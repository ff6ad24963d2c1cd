//! The panels below the ring of a small window, one at a time. On a wide page all of them are there, and this is not.

use crate::hooks::use_page;
use crate::state::{Room, UiAction};
use web_sys::HtmlElement;
use yew::prelude::*;

#[function_component]
pub(super) fn Rooms() -> Html {
    let page = use_page();
    let list = use_node_ref();
    let taught = page.session().lesson().is_some();
    let shown = Room::shown(page.ui.room, taught);
    {
        let list = list.clone();
        use_effect_with(page.ui.room, move |chosen| {
            // Who opens a panel begins to read it at its top.
            let main = list.cast::<HtmlElement>().and_then(|list| list.parent_element());
            let panel = main.zip(*chosen).and_then(|(main, room)| main.query_selector(room.panel()).ok()?);
            if let Some(panel) = panel {
                panel.scroll_into_view();
            }
        });
    }
    let button = |room: Room| {
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| page.dispatch(UiAction::Room(room)))
        };
        let pressed = (room == shown).to_string();
        html! { <button key={room.name()} type="button" aria-pressed={pressed} {onclick}>{ room.name() }</button> }
    };
    let rooms = Room::ALL.into_iter().filter(|room| taught || *room != Room::Lesson);
    html! {
        <nav class="rooms" aria-label="Panels" ref={list}>{ for rooms.map(button) }</nav>
    }
}
