//! The page of Ringside: a session that owns the run, a frame loop that paints it, and Yew components around both.
//!
//! `session` knows no browser and is tested natively; `paint` draws marks of `ringside-scene` on canvases;
//! `components` hold one visible panel a file, `state` what the page itself remembers.

mod components;
mod hooks;
mod judges;
mod keys;
mod paint;
mod scenarios;
mod session;
mod state;

pub use scenarios::come_later;

use web_sys::Element;

/// Puts the page into `root`, in place of what is there.
pub fn mount(root: Element) {
    root.set_inner_html("");
    yew::Renderer::<components::App>::with_root(root).render();
}
