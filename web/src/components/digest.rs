//! The fingerprint of the run on the page, as `ringside run` and `ringside digest` print it.

use crate::hooks::use_page;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

#[function_component]
pub(super) fn Digest() -> Html {
    let page = use_page();
    let session = page.session();
    let recording = session.recording();
    let digest = format!("{:016x}", recording.digest());
    let events = recording.len();
    let of = if events == 1 { "event" } else { "events" };
    let so_far = if recording.finished() { "" } else { " so far" };
    let copy = {
        let (page, digest) = (page.clone(), digest.clone());
        Callback::from(move |_: MouseEvent| {
            let (handle, digest) = (page.handle.clone(), digest.clone());
            spawn_local(async move {
                let said = if copied(&digest).await {
                    ["Copied: the digest ", &digest, "."].concat()
                } else {
                    ["This browser does not let the page copy; the digest is ", &digest, "."].concat()
                };
                handle.change(|session| session.say(said));
            });
        })
    };
    html! {
        <p class="menu-row digest">
            <span>{ format!("Digest of {events} {of}{so_far}") }{ " " }<code>{ &digest }</code></span>
            <button type="button" onclick={copy}>{ "Copy digest" }</button>
        </p>
    }
}

/// Puts a text on the clipboard, which a browser may refuse, and of which frames and old browsers know nothing.
async fn copied(text: &str) -> bool {
    let window = web_sys::window().map(wasm_bindgen::JsValue::from).unwrap_or_default();
    let get = |from: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(from, &name.into()).ok();
    let clipboard = get(&window, "navigator").and_then(|navigator| get(&navigator, "clipboard"));
    let write = clipboard.as_ref().and_then(|clipboard| get(clipboard, "writeText"));
    let (Some(clipboard), Some(Ok(write))) =
        (clipboard, write.map(|write| write.dyn_into::<js_sys::Function>()))
    else {
        return false;
    };
    let promise = write.call1(&clipboard, &text.into()).ok();
    let promise = promise.and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok());
    match promise {
        Some(promise) => JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}
