//! Which functions of the page its first picture runs. `cargo xtask learn` builds a page whose functions tell, runs this,
//! and makes the list of those that may come later of what it writes.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ringside_tests::browser::{Browser, Site, dist, root};

/// Keeps the exports of the first wasm that the page starts, before the page's own script.
const WATCH: &str = "
const start = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...given) => {
  const started = await start.apply(WebAssembly, given);
  globalThis.watched ??= started.instance.exports;
  return started;
};
";
/// The numbers of the functions that have run.
const RAN: &str = "return Object.entries(watched)
    .filter(([name, seen]) => name.startsWith('ran:') && seen.value === 1)
    .map(([name]) => Number(name.slice(4)))";
/// Frames after the start, with some to spare: the rest is asked for in the fourth.
const FRAMES: u32 = 6;

#[test]
#[ignore = "needs a page that tells, and Chromium: cargo xtask learn"]
fn what_runs_until_the_first_picture_stands() {
    let folder = dist();
    let boot = fs::read_to_string(folder.join("boot.js")).expect("the page has its script");
    // No judge has said anything yet: judges come after the rest.
    let site = Site::start(&folder, &[("boot.js", &[WATCH, &boot].concat()), ("worker.js", "")]);
    let mut ran = BTreeSet::new();
    for (scheme, motion, (width, height)) in [
        ("light", "no-preference", (1440, 900)),
        ("dark", "no-preference", (390, 844)),
        ("light", "reduce", (1024, 768)),
    ] {
        let page = Browser::start();
        page.resize(width, height);
        page.emulate_media(&[("prefers-color-scheme", scheme), ("prefers-reduced-motion", motion)]);
        page.open(&site.url(""));
        for _ in 0..FRAMES {
            page.next_frame();
        }
        let seen = page.execute(RAN, &[]);
        let seen = seen.as_array().expect("a list");
        ran.extend(seen.iter().filter_map(|number| number.as_u64()));
        page.assert_no_errors();
    }
    assert!(ran.len() > 100, "a page that tells: cargo xtask learn");
    let out =
        std::env::var_os("RINGSIDE_RAN").map_or_else(|| root().join("target").join("ran.txt"), PathBuf::from);
    let lines: String = ran.iter().map(|number| format!("{number}\n")).collect();
    fs::write(&out, lines).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
}
