//! Put, get and delete, as a visitor types them.

use super::asking::{Asking, context};
use super::controls::List;
use crate::hooks::{Page, use_page};
use crate::session::{Asked, Session};
use crate::state::UiAction;
use ringside_core::{Key, NodeId, Value};
use ringside_sim::OperationKind;
use ringside_sim::recording::{check_key, check_value};
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[function_component]
pub(super) fn RequestForm() -> Html {
    let page = use_page();
    // An empty key is a mistake only once it has been sent.
    let sent = use_state_eq(|| false);
    let (key, value) = (page.key(), page.ui.value.clone());
    let key_error = check_key(&key).err().filter(|_| *sent || !key.is_empty()).map(|why| sentence(&why));
    let value_error = check_value(&value).err().map(|why| sentence(&why));
    let send = {
        let (page, sent) = (page.clone(), sent.clone());
        Callback::from(move |kind: fn(&Page) -> OperationKind| {
            sent.set(true);
            ask(&page, kind);
        })
    };
    let submit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(put);
        })
    };
    let type_key = typed(&page, UiAction::Key);
    let type_value = typed(&page, UiAction::Value);
    html! {
        <form class="request panel" aria-label="Request" onsubmit={submit}>
            <h2>{ "Request" }</h2>
            <div class="fields">
                { field("Key", "key", key, key_error, type_key) }
                { field("Value", "value", value, value_error, type_value) }
            </div>
            <Coordinator/>
            <div class="buttons">
                <button type="submit" class="primary">{ "Put" }</button>
                <button type="button" onclick={send.reform(|_: MouseEvent| get as fn(&Page) -> OperationKind)}>
                    { "Get" }
                </button>
                <button type="button" onclick={send.reform(|_: MouseEvent| delete as fn(&Page) -> OperationKind)}>
                    { "Delete" }
                </button>
            </div>
            <Asking/>
        </form>
    }
}

/// A reason as a sentence of its own.
pub(super) fn sentence(why: &str) -> String {
    [&ringside_scene::text::capital(why), "."].concat()
}

fn put(page: &Page) -> OperationKind {
    OperationKind::Put { value: Value::new(&page.ui.value), context: context(page) }
}

fn get(_: &Page) -> OperationKind {
    OperationKind::Get
}

fn delete(page: &Page) -> OperationKind {
    OperationKind::Delete { context: context(page) }
}

/// Asks with what is typed, if a store would take it; else says what is wrong.
fn ask(page: &Page, kind: fn(&Page) -> OperationKind) {
    let kind = kind(page);
    let value = matches!(kind, OperationKind::Put { .. }).then(|| check_value(&page.ui.value)).transpose();
    let key = page.key();
    if let Err(why) = check_key(&key).and_then(|()| value.map(|_| ())) {
        page.handle.change(|session| session.say(sentence(&why)));
        return;
    }
    let asked = Asked { key: Key::new(&key), via: page.ui.via, kind };
    let client = page.ui.client.clone();
    page.handle.act(move |session| session.ask_as(client.as_deref().unwrap_or(Session::CLIENT), asked));
    page.dispatch(UiAction::FollowLatest);
}

/// The same for the letter keys of the ring.
pub(crate) fn ask_by_key(page: &Page, letter: &str) {
    ask(page, if letter == "w" { put } else { get });
}

fn typed(page: &Page, action: fn(String) -> UiAction) -> Callback<InputEvent> {
    let page = page.clone();
    Callback::from(move |event: InputEvent| {
        page.dispatch(action(event.target_unchecked_into::<HtmlInputElement>().value()));
    })
}

/// A text input with its name, and what is wrong with what is in it.
pub(super) fn field(
    name: &'static str,
    id: &'static str,
    value: String,
    error: Option<String>,
    oninput: Callback<InputEvent>,
) -> Html {
    let error_id = format!("{id}-error");
    html! {
        <div class="field">
            <label for={id}>{ name }</label>
            <input {id} type="text" autocomplete="off" autocapitalize="off" spellcheck="false" {value} {oninput}
                aria-invalid={error.is_some().then_some("true")}
                aria-describedby={error.is_some().then(|| error_id.clone())}/>
            if let Some(error) = error { <p id={error_id} class="field-error">{ error }</p> }
        </div>
    }
}

/// Whom to ask.
#[function_component]
fn Coordinator() -> Html {
    let page = use_page();
    let session = page.session();
    let (setup, snapshot) = (session.recording().setup(), session.snapshot());
    let key = page.key();
    let first = if key.is_empty() {
        None
    } else {
        snapshot.plan.ring().preference(&Key::new(&key), 1).first().copied()
    };
    let first = first.map(|node| setup.name(node).to_owned());
    let via = page.ui.via.filter(|node: &NodeId| node.index() < setup.names.len());
    let chosen = via.map(|node| setup.name(node).to_owned()).unwrap_or_default();
    // A list of a thousand nodes is made anew only where it is another one.
    let list = use_memo((session.generation(), first, chosen), |(_, first, chosen)| {
        let first = first
            .as_ref()
            .map_or_else(|| "First replica".to_owned(), |first| format!("{first}, first replica"));
        let mut options = vec![(String::new(), first)];
        options.extend(setup.names.iter().map(|name| (name.clone(), name.clone())));
        let page = page.clone();
        let choose = Callback::from(move |name: String| {
            let node = page.session().recording().setup().node(&name);
            page.dispatch(UiAction::Via(node));
        });
        html! { <List name="Coordinator" shown=true {options} value={chosen.clone()} {choose}/> }
    });
    (*list).clone()
}
