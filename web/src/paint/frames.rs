//! The one animation-frame loop of the page. It ends when the value that stands for it is dropped.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

type Tick = Closure<dyn FnMut(f64)>;

/// A running loop.
pub(crate) struct Frames(Rc<Loop>);

struct Loop {
    /// The frame that was asked for last; none once the loop has ended.
    asked: Cell<Option<i32>>,
    tick: RefCell<Option<Tick>>,
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Frames").field(&self.0.asked.get()).finish()
    }
}

impl Frames {
    /// Calls `frame` before each repaint, with the time in milliseconds.
    pub(crate) fn start(mut frame: impl FnMut(f64) + 'static) -> Self {
        let shared = Rc::new(Loop { asked: Cell::new(None), tick: RefCell::new(None) });
        let weak = Rc::downgrade(&shared);
        let tick = Closure::new(move |now: f64| {
            if weak.upgrade().is_some_and(|shared| shared.asked.get().is_some()) {
                frame(now);
                if let Some(shared) = weak.upgrade() {
                    shared.ask();
                }
            }
        });
        *shared.tick.borrow_mut() = Some(tick);
        shared.ask();
        Self(shared)
    }
}

impl Loop {
    fn ask(&self) {
        let tick = self.tick.borrow();
        let asked = tick
            .as_ref()
            .zip(web_sys::window())
            .and_then(|(tick, window)| window.request_animation_frame(tick.as_ref().unchecked_ref()).ok());
        self.asked.set(asked);
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some((asked, window)) = self.0.asked.take().zip(web_sys::window()) {
            // A frame that cannot be called off has run, or its page is gone; either way nothing more is asked.
            let _ = window.cancel_animation_frame(asked);
        }
    }
}

/// Calls this at the beginning of the next frame; at once where there are no frames.
pub(crate) fn after_a_frame(act: impl FnOnce() + 'static) {
    ask_for_a_frame(Box::new(act));
}

/// One kind of closure for all: each kind brings glue that the first load carries.
fn ask_for_a_frame(act: Box<dyn FnOnce()>) {
    let act = Closure::once_into_js(act);
    let asked = web_sys::window().map(|window| window.request_animation_frame(act.unchecked_ref()));
    if !matches!(asked, Some(Ok(_))) {
        // What it would throw it would throw in a frame, too.
        let _ = js_sys::Function::from(act).call0(&wasm_bindgen::JsValue::NULL);
    }
}

/// Calls this when what is under way is over, and with it the frame: then the browser has laid out the page, and asking it
/// where something stands costs nothing.
pub(crate) fn after_layout(act: impl FnOnce() + 'static) {
    ask_for_a_turn(Box::new(act));
}

fn ask_for_a_turn(act: Box<dyn FnOnce()>) {
    let act = Closure::once_into_js(act);
    if let Some(window) = web_sys::window() {
        // A timer is refused to nobody who has a window.
        let _ = window.set_timeout_with_callback(act.unchecked_ref());
    }
}
