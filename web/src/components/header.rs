//! The top line: the title, which scenario is open, a file of one's own, and the rest behind three dots.

use super::controls::List;
use super::menu::Menu;
use super::stages::Stages;
use crate::hooks::use_page;
use crate::state::{Depth, UiAction};
use crate::{judges, scenarios};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The value of the list's entry for a file of the visitor's own.
const OWN: &str = "";

#[function_component]
pub(super) fn Header() -> Html {
    let page = use_page();
    let chooser = use_node_ref();
    let groups = (*use_memo((), |()| scenarios::groups())).clone();
    let mut options = Vec::new();
    if page.ui.scenario.is_none() {
        let title = page.session().recording().scenario().title.clone();
        let title = if title.is_empty() { "Your file".to_owned() } else { title };
        options.push((OWN.to_owned(), title));
    }
    // Who follows stories gets the next one as a story; the sandbox has everything.
    let story = page.ui.depth == Depth::Story;
    let choose = Callback::from(move |name: String| {
        if name != OWN
            && let Some(window) = web_sys::window()
        {
            // The link is what opens it; a fragment that is percent-encoded is never refused.
            let stage = if story && name != "sandbox" { "&stage=story" } else { "" };
            let _ = window.location().set_hash(&["s=", &name, stage].concat());
        }
    });
    let open_file = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = chooser.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
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
        <header class="header">
            <h1>{ "Ringside" }</h1>
            <List name="Scenario" {options} {groups} {choose}
                value={page.ui.scenario.clone().unwrap_or_else(|| OWN.to_owned())}/>
            <Stages/>
            <span class="space"/>
            <button type="button" onclick={open_file}>{ "Open file" }</button>
            <input ref={chooser} type="file" accept=".toml" class="off" tabindex="-1" aria-hidden="true"
                onchange={chosen}/>
            <Menu/>
        </header>
    }
}
