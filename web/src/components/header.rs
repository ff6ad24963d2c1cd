//! The top line: the title, which scenario is open, a file of one's own, and the rest behind three dots.

use super::controls::List;
use super::menu::Menu;
use super::open_file::open_file;
use super::stages::Stages;
use crate::hooks::use_page;
use crate::scenarios;
use crate::state::Depth;
use yew::prelude::*;

/// The value of the list's entry for a file of the visitor's own.
const OWN: &str = "";

#[function_component]
pub(super) fn Header() -> Html {
    let page = use_page();
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
    html! {
        <header class="header">
            <h1>{ "Ringside" }</h1>
            <List name="Scenario" {options} {groups} {choose}
                value={page.ui.scenario.clone().unwrap_or_else(|| OWN.to_owned())}/>
            <Stages/>
            <span class="space"/>
            { open_file(&page) }
            <Menu/>
        </header>
    }
}
