//! The versions of the selected key as a graph.

use crate::components::drawing::Drawing;
use crate::hooks::{use_page, use_size};
use ringside_scene::versions::{Versions, graph};
use yew::prelude::*;

#[function_component]
pub(super) fn VersionsTab() -> Html {
    let page = use_page();
    let place = use_node_ref();
    let width = use_size(&place).width.max(160.0);
    let shown = page.with_view(|view| {
        let Some(key) = view.key() else {
            return html! { <p class="quiet">{ "No key selected. Type one, or select a request." }</p> };
        };
        let versions = Versions::of(view, key);
        if versions.shown.is_empty() {
            return html! { <p class="quiet">{ "Nothing has been written to " }<code>{ key.as_str() }</code>{ " yet." }</p> };
        }
        let (marks, size) = graph(view, &versions, width);
        html! {
            <>
                <p>
                    { "Each version of " }<code>{ key.as_str() }</code>
                    { ": its dot, outlined, and the clock its put carried, if any; lines lead to what overtook it." }
                    if versions.earlier > 0 { { format!(" {} earlier ones are not drawn.", versions.earlier) } }
                </p>
                <Drawing {marks} {size} title="Versions of the key"/>
                <ul class="off-screen">{ for versions.sentences(view).map(|said| html! { <li>{ said }</li> }) }</ul>
            </>
        }
    });
    html! { <div class="drawn" ref={place}>{ shown }</div> }
}
