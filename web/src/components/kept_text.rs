//! What was typed into the editor, kept by the browser for as long as the tab is open, so that loading the page again does not
//! lose it. Not every browser keeps it: in a frame of its own origin there is no store, and a full one refuses.

use web_sys::Storage;

const NAME: &str = "ringside-scenario-text";

fn store() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// What is kept, if anything.
pub(super) fn read() -> Option<String> {
    store()?.get_item(NAME).ok()?
}

/// Keeps this text in place of what is kept; none keeps nothing. False where the browser does not.
pub(super) fn keep(text: Option<&str>) -> bool {
    match (store(), text) {
        (Some(store), Some(text)) => store.set_item(NAME, text).is_ok(),
        (Some(store), None) => store.remove_item(NAME).is_ok(),
        (None, text) => text.is_none(),
    }
}
