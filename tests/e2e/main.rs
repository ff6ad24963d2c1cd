//! The page as a visitor meets it, end to end in Chromium. See `ringside_tests::browser` for how to write a test.
//!
//! Every test here is ignored unless asked for, because it needs the built page and a browser: `cargo xtask test`
//! gets both and asks.

#![cfg(not(target_arch = "wasm32"))]

mod accessibility;
mod branches;
mod by_hand;
mod cluster;
mod editor;
mod faults;
mod files;
mod harness;
mod help;
mod keyboard;
mod lecture;
mod lessons;
mod links;
mod mistakes;
mod next;
mod playing;
mod rest;
mod sandbox;
mod scale;
mod scenarios;
mod settings;
mod small;
mod stages;
mod structure;
mod visit;
mod why;

use ringside_tests::browser::{Browser, Site, dist};

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_page_loads_without_an_error_and_is_accessible() {
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    page.open(&site.url(""));

    assert_eq!(page.all("heading").names().first().map(String::as_str), Some("Ringside"));
    assert_eq!(page.execute("return document.querySelectorAll('h1').length", &[]), 1);
    assert_eq!(page.all("main").count(), 1);
    for scheme in ["light", "dark"] {
        page.emulate_media(&[("prefers-color-scheme", scheme)]);
        page.next_frame();
        assert_eq!(page.accessibility_violations(), Vec::<String>::new(), "{scheme}");
    }
    let missing: Vec<_> = site.asked().into_iter().filter(|path| path.starts_with("missing")).collect();
    assert_eq!(missing, Vec::<String>::new());
    page.assert_no_errors();
}
