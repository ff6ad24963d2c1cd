//! Lecture mode: ring and narration alone, in large type, driven by the two keys of a presenter's remote control.

use crate::hooks::{Page, use_page, use_window_keys};
use crate::state::UiAction;
use ringside_scene::narrate;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Stands in the place of the header while a lecture lasts. Its keys act wherever the focus is.
#[function_component]
pub(super) fn Lecture() -> Html {
    let page = use_page();
    let leave = {
        let page = page.clone();
        Callback::from(move |()| page.dispatch(UiAction::Lecture(false)))
    };
    {
        let (handle, leave) = (page.handle.clone(), leave.clone());
        use_window_keys((), move |(), key| {
            match key {
                "PageDown" => handle.change(|session| session.go_to_words(true)),
                "PageUp" => handle.change(|session| session.go_to_words(false)),
                "Escape" => leave.emit(()),
                _ => return false,
            }
            true
        });
    }
    {
        let handle = page.handle.clone();
        use_effect_with((), move |()| {
            handle.change(|session| {
                session.say("Lecture mode: Page Down goes on, Page Up goes back, Esc leaves.");
            });
            large(true);
            focus_ring();
            move || {
                large(false);
                focus_ring();
            }
        });
    }
    let title = page.session().recording().scenario().title.clone();
    html! {
        <header class="header">
            <h1>{ if title.is_empty() { "Ringside".to_owned() } else { title } }</h1>
            <span class="space"/>
            <button type="button" onclick={page.on(|session| session.go_to_words(false))}>{ "Back" }</button>
            <button type="button" onclick={page.on(|session| session.go_to_words(true))}>{ "Next" }</button>
            <button type="button" onclick={leave.reform(|_: MouseEvent| ())}>{ "Leave lecture mode" }</button>
        </header>
    }
}

/// What the file says of this moment, and what it asks the audience; the answer is shown when the presenter wants it.
#[inline(never)]
pub(super) fn words(page: &Page) -> Html {
    let session = page.session();
    let stop = session.stop_here();
    let told = match stop {
        Some(stop) => Some(stop.say.clone()),
        None => page.with_view(|view| narrate::said(view).map(str::to_owned)),
    };
    let asked = stop.and_then(|stop| stop.question.as_ref()).map(|question| {
        html! {
            <div class="lecture-question" key={question.ask.clone()}>
                <p>{ &question.ask }</p>
                <ol>{ for question.choices.iter().map(|choice| html! { <li>{ choice }</li> }) }</ol>
                <details>
                    <summary>{ "Answer" }</summary>
                    <p><b>{ format!("{}. ", question.answer) }</b>{ &question.because }</p>
                </details>
            </div>
        }
    });
    html! {
        <>
            if let Some(told) = told { <p class="lecture-words">{ told }</p> }
            { for asked }
        </>
    }
}

/// Type is large while the root element says so.
fn large(large: bool) {
    let root =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
    if let Some(root) = root {
        // The name is well-formed, which is all that could be refused.
        let _ = root.toggle_attribute_with_force("data-lecture", large);
    }
}

/// What had the focus may be gone; in the ring the keys go on.
fn focus_ring() {
    let ring = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|page| page.query_selector(".ring").ok().flatten())
        .and_then(|ring| ring.dyn_into::<HtmlElement>().ok());
    if let Some(ring) = ring {
        // Focus is refused to nothing that stands on the page.
        let _ = ring.focus();
    }
}
