//! The theme that is in force, and other wishes that a browser passes on.

use crate::state::ThemeChoice;
use ringside_scene::{Hues, Palette, Theme};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MediaQueryList, MediaQueryListEvent};
use yew::prelude::*;

/// Whether a media query holds now; the component is rendered again when that changes.
#[hook]
pub(crate) fn use_media(query: &'static str) -> bool {
    let holds = use_state_eq(|| media(query));
    {
        let holds = holds.clone();
        use_effect_with(query, move |query| {
            let listening = list(query).map(|list| {
                let changed =
                    Closure::<dyn FnMut(MediaQueryListEvent)>::new(move |event: MediaQueryListEvent| {
                        holds.set(event.matches());
                    });
                list.set_onchange(Some(changed.as_ref().unchecked_ref()));
                (list, changed)
            });
            move || {
                if let Some((list, changed)) = listening {
                    list.set_onchange(None);
                    drop(changed);
                }
            }
        });
    }
    *holds
}

/// Does this media query hold now?
pub(crate) fn media(query: &str) -> bool {
    list(query).is_some_and(|list| list.matches())
}

/// The colours in force; writes the choice to the document, where the style sheet reads it.
#[hook]
pub(crate) fn use_palette(choice: ThemeChoice, hues: Hues) -> Palette {
    let system_is_dark = use_media("(prefers-color-scheme: dark)");
    use_effect_with(choice, |choice| {
        let root =
            web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
        if let Some(root) = root {
            // The name and the values are well-formed, which is all that could be refused.
            let _ = match choice {
                ThemeChoice::Auto => root.remove_attribute("data-theme"),
                ThemeChoice::Light | ThemeChoice::Dark => root.set_attribute("data-theme", choice.name()),
            };
        }
    });
    let theme = match choice {
        ThemeChoice::Light => Theme::Light,
        ThemeChoice::Dark => Theme::Dark,
        ThemeChoice::Auto if system_is_dark => Theme::Dark,
        ThemeChoice::Auto => Theme::Light,
    };
    Palette { theme, hues }
}

fn list(query: &str) -> Option<MediaQueryList> {
    web_sys::window()?.match_media(query).ok().flatten()
}
