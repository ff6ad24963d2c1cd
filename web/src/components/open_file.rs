//! A scenario file of the visitor's own, read in place of the one that is open.

use crate::hooks::Page;
use crate::judges;
use crate::state::UiAction;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlInputElement};
use yew::platform::spawn_local;
use yew::prelude::*;

/// The button, and beside it the field that asks the browser for a file.
pub(super) fn open_file(page: &Page) -> Html {
    let open = Callback::from(|event: MouseEvent| {
        let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let chooser = button.and_then(|button| button.next_element_sibling());
        if let Some(input) = chooser.and_then(|chooser| chooser.dyn_into::<HtmlInputElement>().ok()) {
            input.click();
        }
    });
    let chosen = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            let page = page.clone();
            page.handle.change(|session| session.say(format!("Reading {} …", file.name())));
            spawn_local(async move {
                let bytes = JsFuture::from(file.array_buffer()).await;
                let opened = match bytes {
                    Ok(buffer) => judges::read(&js_sys::Uint8Array::new(&buffer)).await,
                    Err(_) => Err("it could not be read".to_owned()),
                };
                match opened {
                    Ok(scenario) => {
                        page.dispatch(UiAction::Opened(None));
                        page.handle.open(scenario);
                    }
                    Err(why) => {
                        let said = format!("{} was not opened: {why}", file.name());
                        page.handle.change(|session| session.say(said));
                    }
                }
                // The same file may be chosen again, once it has been mended.
                input.set_value("");
            });
        })
    };
    html! {
        <>
            <button type="button" class="open-file" onclick={open}>{ "Open file" }</button>
            <input type="file" accept=".toml" class="off" tabindex="-1" aria-hidden="true"
                onchange={chosen}/>
        </>
    }
}
