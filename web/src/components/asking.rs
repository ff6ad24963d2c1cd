//! Who asks, and what a write carries of what that client has seen: two clients that know nothing of each other are how siblings
//! come to be.

use super::controls::List;
use crate::hooks::{Page, use_page};
use crate::session::{Asked, Session};
use crate::state::UiAction;
use ringside_sim::Carried;
use yew::prelude::*;

/// Clients that are always offered, besides those of the run.
const CLIENTS: [&str; 4] = [Session::CLIENT, "alice", "bob", "carol"];
/// Clients of the run that are offered: a workload may have thousands.
const MOST: usize = 20;

/// What a write carries.
pub(super) fn context(page: &Page) -> Carried {
    if page.ui.blind { Carried::Nothing } else { Asked::CONTEXT }
}

#[function_component]
pub(super) fn Asking() -> Html {
    let page = use_page();
    let session = page.session();
    let mut names: Vec<&str> = CLIENTS.to_vec();
    for op in session.recording().trace().ops.iter().take(MOST) {
        if !names.contains(&&*op.client) {
            names.push(&op.client);
        }
    }
    let now = page.ui.client.as_deref().unwrap_or(Session::CLIENT);
    if !names.contains(&now) {
        names.push(now);
    }
    let clients: Vec<(String, String)> =
        names.into_iter().map(|name| (name.to_owned(), name.to_owned())).collect();
    let choose_client = {
        let page = page.clone();
        Callback::from(move |name: String| {
            page.dispatch(UiAction::Client(Some(name).filter(|name| name != Session::CLIENT)));
        })
    };
    let contexts = [("seen", "all it has seen"), ("none", "none")];
    let contexts = contexts.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec();
    let choose_context = {
        let page = page.clone();
        Callback::from(move |value: String| page.dispatch(UiAction::Blind(value == "none")))
    };
    let context = if page.ui.blind { "none" } else { "seen" };
    html! {
        <details class="asking">
            <summary>{ "Client and context" }</summary>
            <label class="setting">
                <span aria-hidden="true">{ "Client" }</span>
                <List name="Client" options={clients} value={now.to_owned()} choose={choose_client}/>
            </label>
            <label class="setting">
                <span aria-hidden="true">{ "Context" }</span>
                <List name="Context" options={contexts} value={context.to_owned()} choose={choose_context}/>
            </label>
        </details>
    }
}
