//! A tab list: one tab stop, arrow keys between the tabs.

use crate::paint::after_a_frame;
use std::rc::Rc;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

/// A tab list and the panel of its open tab.
#[derive(Clone, Debug, PartialEq, Properties)]
pub(super) struct TabsProps {
    /// The list's accessible name; in lower case the ids of its parts begin with it.
    pub(super) label: &'static str,
    /// The tabs' names.
    pub(super) names: Vec<&'static str>,
    /// Which is open.
    pub(super) open: usize,
    /// Called with the number of a tab that is to be opened.
    pub(super) choose: Callback<usize>,
    /// What the open tab shows.
    pub(super) children: Children,
}

/// Scrolls a panel into view, as little as that takes.
fn bring(panel: &NodeRef) {
    if let Some(panel) = panel.cast::<HtmlElement>() {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        panel.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[function_component]
pub(super) fn Tabs(props: &TabsProps) -> Html {
    let TabsProps { label, names, open, choose, children } = props;
    let (open, count) = (*open, names.len());
    let (list, shown) = (use_node_ref(), use_node_ref());
    // Who chooses a tab wants to see what is in it, where that lies below what the window shows; a tab that opens by
    // itself moves nothing.
    let asked = use_mut_ref(|| false);
    {
        let (asked, shown) = (Rc::clone(&asked), shown.clone());
        use_effect_with(open, move |_| {
            if asked.replace(false) {
                bring(&shown);
                // Drawings measure their room first, and have their height only then.
                after_a_frame(move || after_a_frame(move || bring(&shown)));
            }
        });
    }
    let choose = &{
        let (choose, shown) = (choose.clone(), shown.clone());
        Callback::from(move |to: usize| {
            *asked.borrow_mut() = to != open;
            if to == open {
                bring(&shown);
            }
            choose.emit(to);
        })
    };
    let prefix = label.to_ascii_lowercase();
    let id = |at: usize| format!("{prefix}-{}", names[at].to_ascii_lowercase());
    let panel = format!("{prefix}-panel");
    let onkeydown = {
        let (choose, list) = (choose.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" => (open + 1) % count,
                "ArrowLeft" => (open + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            choose.emit(to);
            let tabs = list.cast::<HtmlElement>().map(|list| list.children());
            let tab = tabs.and_then(|tabs| tabs.item(u32::try_from(to).unwrap_or(0)));
            if let Some(tab) = tab.and_then(|tab| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(tab).ok()) {
                // Focus is refused to nothing that stands on the page.
                let _ = tab.focus();
            }
        })
    };
    let tabs = names.iter().enumerate().map(|(at, name)| {
        let choose = choose.clone();
        let onclick = Callback::from(move |_: MouseEvent| choose.emit(at));
        html! {
            <button key={*name} type="button" role="tab" id={id(at)} aria-controls={panel.clone()}
                aria-selected={(at == open).to_string()} tabindex={if at == open { "0" } else { "-1" }} {onclick}>
                { name }
            </button>
        }
    });
    html! {
        <>
            <div class="tabs" role="tablist" aria-label={*label} ref={list} {onkeydown}>{ for tabs }</div>
            <div class="tab-panel" id={panel.clone()} role="tabpanel" aria-labelledby={id(open)} tabindex="0" ref={shown}>
                { children.clone() }
            </div>
        </>
    }
}
