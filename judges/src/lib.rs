//! Reads scenario files and judges runs, for the page and for scripts beside it.
//!
//! A wasm of its own, because a first picture needs neither and both together weigh as much as the drawing. It runs in a
//! worker (`static/worker.js`), because a judge may take longer than a frame. `window.ringsideJudges(name, …)` of
//! `static/boot.js` calls what is exported in [`api`].

pub mod api;
mod bench;
mod text;

/// Called once, before anything else: a panic is then told on the console.
pub fn start() {
    console_error_panic_hook::set_once();
}
