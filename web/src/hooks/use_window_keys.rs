//! Keys that act wherever the focus is.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, KeyboardEvent, Window};
use yew::prelude::*;

/// Calls `pressed` with `of` and every key that is pressed alone anywhere in the window, while the component is there. Where it says that it has done something, the key does nothing else. In a long text of one's own the keys are the
/// text's: there they move the caret.
#[hook]
pub(crate) fn use_window_keys<T: Copy + PartialEq + 'static>(
    of: T,
    pressed: impl Fn(T, &str) -> bool + 'static,
) {
    use_effect_with(of, move |of| {
        let of = *of;
        let listening = listen(move |key| pressed(of, key));
        move || drop(listening)
    });
}

fn listen(pressed: impl Fn(&str) -> bool + 'static) -> Option<Listening> {
    let closure = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        let target: Option<Element> = event.target_dyn_into();
        let writes = target.is_some_and(|target| target.tag_name() == "TEXTAREA");
        if !modified && !writes && pressed(&event.key()) {
            event.prevent_default();
        }
    });
    let window = web_sys::window()?;
    window.add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref()).ok()?;
    Some(Listening { window, closure })
}

struct Listening {
    window: Window,
    closure: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let listener = self.closure.as_ref().unchecked_ref();
        // What was added can be removed.
        let _ = self.window.remove_event_listener_with_callback("keydown", listener);
    }
}
