//! What is behind the three dots: the editor, the seed, the theme, the palette, the keys.

use super::controls::List;
use super::digest::Digest;
use super::editor::Editor;
use super::icons::{self, icon};
use super::open_file::open_file;
use crate::hooks::{Page, use_page};
use crate::state::{ThemeChoice, UiAction};
use ringside_scene::Hues;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[function_component]
pub(super) fn Menu() -> Html {
    let page = use_page();
    let open = use_state_eq(|| false);
    let editing = use_state_eq(|| false);
    let opener = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let escape = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(false);
            }
        })
    };
    let close = {
        let (editing, opener) = (editing.clone(), opener.clone());
        Callback::from(move |()| {
            editing.set(false);
            focus(&opener);
        })
    };
    html! {
        <div class="menu" onkeydown={escape}>
            <button ref={opener.clone()} type="button" aria-label="More" aria-expanded={open.to_string()} aria-controls="more"
                onclick={toggle}>{ icon(icons::MORE) }</button>
            <div id="more" class="menu-panel" hidden={!*open}>
                if *open { { entries(&page, &open, &editing, &opener) } }
            </div>
            <Editor open={*editing} {close}/>
        </div>
    }
}

/// What is in it. A function of its own, since the first picture does without it.
#[inline(never)]
fn entries(
    page: &Page,
    open: &UseStateHandle<bool>,
    editing: &UseStateHandle<bool>,
    opener: &NodeRef,
) -> Html {
    let themes = ThemeChoice::ALL.map(|theme| (theme.name().to_owned(), theme.name().to_owned()));
    let theme = {
        let page = page.clone();
        Callback::from(move |name: String| {
            if let Some(theme) = ThemeChoice::ALL.into_iter().find(|theme| theme.name() == name) {
                page.dispatch(UiAction::Theme(theme));
            }
        })
    };
    let palettes = Hues::ALL.map(|hues| (hues.name().to_owned(), hues.name().to_owned()));
    let hues = {
        let page = page.clone();
        Callback::from(move |name: String| {
            if let Some(hues) = Hues::ALL.into_iter().find(|hues| hues.name() == name) {
                page.dispatch(UiAction::Hues(hues));
            }
        })
    };
    let letters = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            page.dispatch(UiAction::Letters(event.target_unchecked_into::<HtmlInputElement>().checked()));
        })
    };
    let edit = {
        let (open, editing) = (open.clone(), editing.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            editing.set(true);
        })
    };
    let lecture = {
        let (open, page) = (open.clone(), page.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            page.dispatch(UiAction::Lecture(true));
        })
    };
    let help = {
        let (open, page, opener) = (open.clone(), page.clone(), opener.clone());
        Callback::from(move |_: MouseEvent| {
            open.set(false);
            // What had the focus before a dialog gets it back.
            focus(&opener);
            page.dispatch(UiAction::Help(true));
        })
    };
    html! {
        <>
            { open_file(page) }
            <button type="button" onclick={edit}>{ "Edit scenario" }</button>
            <button type="button" onclick={lecture}>{ "Lecture mode" }</button>
            <List name="Theme" shown=true options={themes.to_vec()} value={page.ui.theme.name().to_owned()}
                choose={theme}/>
            <List name="Palette" shown=true options={palettes.to_vec()} value={page.ui.hues.name().to_owned()}
                choose={hues}/>
            <label class="menu-row">
                <span>{ "Single letters act in the ring" }</span>
                <input type="checkbox" checked={page.ui.letters} onchange={letters}/>
            </label>
            { seed(page) }
            <Digest/>
            <button type="button" onclick={help}>{ "Keys and terms" }</button>
        </>
    }
}

/// The seed of the run, and another one.
fn seed(page: &Page) -> Html {
    let seed = page.session().recording().setup().seed;
    let new_seed = {
        let handle = page.handle.clone();
        Callback::from(move |_: MouseEvent| match random() {
            Some(seed) => handle.begin_anew(move |session| session.set_seed(seed)),
            None => handle
                .change(|session| session.say("This browser gives no random numbers, so the seed stays.")),
        })
    };
    html! {
        <p class="menu-row">
            <span>{ format!("Seed {seed}") }</span>
            <button type="button" onclick={new_seed}>{ "New seed" }</button>
        </p>
    }
}

fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Focus is refused to nothing that stands on the page.
        let _ = element.focus();
    }
}

/// A seed that fits into a line: 32 bits of the browser's randomness.
fn random() -> Option<u64> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).ok()?;
    Some(u64::from(u32::from_le_bytes(bytes)))
}
