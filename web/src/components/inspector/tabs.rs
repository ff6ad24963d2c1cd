//! The tab list: one tab stop, arrow keys between the tabs.

use super::{KeyTab, NodeTab, RequestTab};
use crate::hooks::use_page;
use crate::state::{Tab, UiAction};
use web_sys::HtmlElement;
use yew::prelude::*;

const PANEL: &str = "selected-panel";

fn id(tab: Tab) -> String {
    format!("selected-{}", tab.name().to_ascii_lowercase())
}

#[function_component]
pub(super) fn Tabs() -> Html {
    let page = use_page();
    let open = page.ui.tab;
    let refs = [use_node_ref(), use_node_ref(), use_node_ref()];
    let onkeydown = {
        let (page, refs) = (page.clone(), refs.clone());
        Callback::from(move |event: KeyboardEvent| {
            let here = Tab::ALL.iter().position(|tab| *tab == open).unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => (here + 1) % Tab::ALL.len(),
                "ArrowLeft" => (here + Tab::ALL.len() - 1) % Tab::ALL.len(),
                "Home" => 0,
                "End" => Tab::ALL.len() - 1,
                _ => return,
            };
            event.prevent_default();
            page.dispatch(UiAction::Open(Tab::ALL[to]));
            if let Some(tab) = refs[to].cast::<HtmlElement>() {
                // Focus is refused to nothing that stands on the page.
                let _ = tab.focus();
            }
        })
    };
    let tabs = Tab::ALL.into_iter().zip(refs).map(|(tab, reference)| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| page.dispatch(UiAction::Open(tab)));
        html! {
            <button key={tab.name()} ref={reference} type="button" role="tab" id={id(tab)} aria-controls={PANEL}
                aria-selected={(tab == open).to_string()} tabindex={if tab == open { "0" } else { "-1" }} {onclick}>
                { tab.name() }
            </button>
        }
    });
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="Selected" {onkeydown}>{ for tabs }</div>
            <div class="tab-panel" id={PANEL} role="tabpanel" aria-labelledby={id(open)} tabindex="0">
                { match open {
                    Tab::Request => html! { <RequestTab/> },
                    Tab::Node => html! { <NodeTab/> },
                    Tab::Key => html! { <KeyTab/> },
                } }
            </div>
        </>
    }
}
