//! Pictures of the page, to look at: every scenario in both themes and three sizes. `cargo xtask screenshots` runs
//! this; it judges nothing but that each picture could be taken without an error.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::PathBuf;

use ringside_tests::browser::{Browser, Site, dist, root};

/// A desktop, a small laptop, a phone: width and height in CSS pixels.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask screenshots"]
fn pictures_of_every_scenario() {
    let out =
        std::env::var_os("RINGSIDE_SCREENSHOTS").map_or_else(|| root().join("screenshots"), PathBuf::from);
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    let mut taken = 0;
    for name in scenarios() {
        // A new fragment alone would not load the page again.
        page.open_raw("about:blank");
        page.open(&site.url(&format!("#s={name}")));
        for theme in ["light", "dark"] {
            page.emulate_media(&[("prefers-color-scheme", theme)]);
            for (width, height) in SIZES {
                page.resize(width, height);
                page.next_frame();
                page.screenshot(&out.join(format!("{name}-{theme}-{width}x{height}.png")));
                taken += 1;
            }
        }
    }
    println!("{taken} pictures in {}", out.display());
    page.assert_no_errors();
}

/// The names by which links open the built-in scenarios, and the empty one.
fn scenarios() -> Vec<String> {
    let folder = root().join("static").join("scenarios");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .chain(["sandbox".to_owned()])
        .collect();
    names.sort();
    names
}
