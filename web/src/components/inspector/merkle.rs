//! The last anti-entropy exchange: tree against tree.

use crate::components::drawing::Drawing;
use crate::hooks::{use_page, use_size};
use ringside_scene::exchange::{Compared, trees};
use yew::prelude::*;

#[function_component]
pub(super) fn MerkleTab() -> Html {
    let page = use_page();
    let place = use_node_ref();
    let width = use_size(&place).width.max(240.0);
    let shown = page.with_view(|view| {
        let Some(compared) = Compared::of(view) else {
            return html! {
                <p class="quiet">
                    { match view.snapshot.config.anti_entropy {
                        Some(every) => format!("No exchange has begun yet. Each node begins one every {every}."),
                        None => "Anti-entropy is off: nodes do not compare what they hold.".to_owned(),
                    } }
                </p>
            };
        };
        let (marks, size) = trees(view, &compared, width);
        html! {
            <>
                { for compared.told(view).into_iter().map(|told| html! { <p>{ told }</p> }) }
                <Drawing {marks} {size} title="Two hash trees"/>
                <p class="quiet">{ "Thick: what differs. △: equal subtrees, counted. ● copied, ○ only in the same bucket." }</p>
            </>
        }
    });
    html! { <div class="drawn" ref={place}>{ shown }</div> }
}
