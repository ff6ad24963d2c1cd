//! The runs that are kept: which is shown, and below the timeline all of them with their names.

use super::controls::List;
use crate::hooks::{Page, use_page};
use crate::session::{Branch, Session};
use crate::state::UiAction;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The runs that are kept, once there is more than one.
#[function_component]
pub(super) fn Branches() -> Html {
    let page = use_page();
    let session = page.session();
    if session.listed().count() < 2 {
        return Html::default();
    }
    let options: Vec<(String, String)> =
        session.listed().map(|branch| (branch.id.to_string(), branch.name.clone())).collect();
    let choose = {
        let page = page.clone();
        Callback::from(move |id: String| {
            if let Ok(id) = id.parse() {
                page.handle.change(|session| session.choose_branch(id));
                page.dispatch(UiAction::NewRun);
            }
        })
    };
    html! {
        <>
            <List name="Branches" {options} value={session.branch().id.to_string()} {choose}/>
            <details class="kept">
                <summary>{ format!("{} runs kept", session.listed().count()) }</summary>
                <ul aria-label="Runs kept">
                    { for session.listed().map(|branch| row(&page, &session, branch)) }
                </ul>
            </details>
        </>
    }
}

fn row(page: &Page, session: &Session, branch: &Branch) -> Html {
    let id = branch.id;
    let shown = session.branch().id == id;
    let rename = {
        let handle = page.handle.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            handle.change(|session| {
                session.rename_branch(id, &input.value());
                // A name that is not taken must not stay in the field.
                let name =
                    session.branches().iter().find(|branch| branch.id == id).map(|branch| &branch.name);
                input.set_value(name.map_or("", |name| name));
            });
        })
    };
    let remove = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.handle.change(|session| session.remove_branch(id));
            if shown {
                page.dispatch(UiAction::NewRun);
            }
        })
    };
    let fork = branch.fork().and_then(|fork| {
        let from = session.branches().iter().find(|branch| branch.id == fork.from)?;
        let at = from.recording().trace().time_of(fork.position);
        Some(format!("left “{}” at {at}", from.name))
    });
    html! {
        <li key={id}>
            <input type="text" aria-label={format!("Name of run {}", id + 1)} value={branch.name.clone()} onchange={rename}/>
            <span class="quiet">{ fork }{ shown.then_some(" (shown)") }</span>
            <button type="button" aria-label={format!("Remove {}", branch.name)} onclick={remove}>{ "Remove" }</button>
        </li>
    }
}
