//! Nodes of new names: they join, or take the place of one that is dead.

use super::request::{field, sentence};
use crate::hooks::use_page;
use ringside_core::NodeId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A node of a name of the visitor's choice joins.
#[function_component]
pub(super) fn Join() -> Html {
    let page = use_page();
    let typed = use_state_eq(|| None::<String>);
    let refused = use_state_eq(|| None::<String>);
    let generation = page.session().generation();
    let usual = use_memo(generation, |_| page.session().next_name());
    let name = (*typed).clone().unwrap_or_else(|| (*usual).clone());
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            typed.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onsubmit = {
        let (page, typed, refused, name) = (page.clone(), typed, refused.clone(), name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (typed, refused, name) = (typed.clone(), refused.clone(), name.clone());
            page.handle.act_anew(move |session| match session.welcome(name.trim(), None) {
                Ok(()) => {
                    typed.set(None);
                    refused.set(None);
                }
                Err(why) => refused.set(Some(sentence(&why))),
            });
        })
    };
    html! {
        <form class="join" aria-label="New node" {onsubmit}>
            { field("New node", "new-node", name, (*refused).clone(), oninput) }
            <button type="submit">{ "Join" }</button>
        </form>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ReplaceProps {
    /// The node that is dead.
    pub(super) dead: NodeId,
}

/// A new node takes the place of the selected one, which is down.
#[function_component]
pub(super) fn Replace(props: &ReplaceProps) -> Html {
    let page = use_page();
    let (dead, name) = (props.dead, page.session().next_name());
    let verb = ["Replace by ", &name].concat();
    let handle = page.handle.clone();
    let welcomed = name.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let name = welcomed.clone();
        handle.act_anew(move |session| {
            if let Err(why) = session.welcome(&name, Some(dead)) {
                session.say(sentence(&why));
            }
        });
    });
    html! { <button type="button" {onclick}>{ verb }</button> }
}
