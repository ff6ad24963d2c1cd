//! How much of the page is there: the ring and its story, or everything.

use crate::hooks::use_page;
use crate::state::route;
use crate::state::{Depth, UiAction};
use yew::prelude::*;

#[function_component]
pub(super) fn Stages() -> Html {
    let page = use_page();
    let button = |depth: Depth| {
        let page = page.clone();
        let chosen = page.ui.depth == depth;
        let onclick = Callback::from(move |_: MouseEvent| {
            page.dispatch(UiAction::Depth(depth));
            remember(depth);
        });
        html! {
            <button key={depth.name()} type="button" aria-pressed={chosen.to_string()} {onclick}>
                { depth.name() }
            </button>
        }
    };
    html! {
        <div class="stages" role="group" aria-label="Stage">{ for Depth::ALL.map(button) }</div>
    }
}

/// Writes it into the page's address; nothing is opened anew by that, and nothing new to go back to.
fn remember(depth: Depth) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(fragment), Ok(history)) = (window.location().hash(), window.history()) else { return };
    // Where a page may not do this, such as in a sandboxed frame, the address stays as it is.
    let _ = history.replace_state_with_url(
        &wasm_bindgen::JsValue::NULL,
        "",
        Some(&route::with_depth(&fragment, depth)),
    );
}
