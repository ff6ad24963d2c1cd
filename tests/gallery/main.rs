//! Pictures of the page, to look at: every built-in scenario and every view, in both themes and at three sizes, and every
//! step of every lesson, with pages that show them all. `cargo xtask gallery` runs this; it judges nothing but that each picture could be taken
//! without an error.
//!
//! `RINGSIDE_GALLERY_ONLY=NAME` takes only the views and lessons with that in their names.

#![cfg(not(target_arch = "wasm32"))]

mod steps;
mod views;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ringside_tests::browser::{Browser, Site, dist, root};
use views::Act;

/// A desktop, a small laptop, a phone: width and height in CSS pixels.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];
/// The themes, and the colours of a system that forces its own.
const THEMES: [&str; 3] = ["light", "dark", "forced"];

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask gallery"]
fn pictures_of_everything() {
    let only = only();
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    let mut gallery = Gallery::new("index.html");
    for view in views::all().filter(|view| view.name.contains(&only)) {
        page.resize(1440, 900);
        page.emulate_media(&[("prefers-color-scheme", "light")]);
        // A new fragment alone would not load the page again.
        page.open_raw("about:blank");
        page.open(&site.url(&view.fragment));
        for act in &view.acts {
            perform(&page, act);
        }
        // What moves comes to rest, and the judges have spoken.
        (0..30).for_each(|_| page.next_frame());
        gallery.take(&page, view.name);
    }
    page.assert_no_errors();
    if "view-loading".contains(&only) {
        // What stands there until the wasm has come, and where it never does.
        let page = Browser::start();
        site.withhold("_bg.wasm", usize::MAX);
        page.open_raw(&site.url(""));
        gallery.take(&page, "view-loading");
    }
    gallery.finish();
}

/// What the names of those that are wanted contain.
fn only() -> String {
    std::env::var("RINGSIDE_GALLERY_ONLY").unwrap_or_default()
}

/// The pictures taken so far.
struct Gallery {
    out: PathBuf,
    /// The page that shows them: its file, and its text.
    page: &'static str,
    index: String,
    taken: u32,
}

impl Gallery {
    fn new(page: &'static str) -> Self {
        let out =
            std::env::var_os("RINGSIDE_GALLERY").map_or_else(|| root().join("target/gallery"), PathBuf::from);
        let index = "<!doctype html><html lang=en><meta charset=utf-8><title>Ringside: gallery</title>\n\
                     <style>img{height:24rem;margin:.25rem;border:1px solid #888}</style>\n";
        Self { out, page, index: index.to_owned(), taken: 0 }
    }

    /// What the window shows, in every theme and size; and on a phone each panel, or all that it scrolls through.
    fn take(&mut self, page: &Browser, view: &str) {
        writeln!(self.index, "<h2>{view}</h2>").expect("a string takes everything");
        for theme in THEMES {
            let wanted = if theme == "forced" { "active" } else { "none" };
            page.emulate_media(&[("prefers-color-scheme", theme), ("forced-colors", wanted)]);
            for (width, height) in SIZES {
                self.one(page, (width, height), &format!("{view}-{theme}-{width}x{height}.png"));
            }
        }
        page.emulate_media(&[("prefers-color-scheme", "light")]);
        page.resize(390, 844);
        page.next_frame();
        let rooms = page.get("navigation", "Panels");
        let names = if rooms.exists() { rooms.all("button").names() } else { Vec::new() };
        for name in &names {
            // A dialog may lie over them: they are opened all the same.
            rooms.get("button", name).eval("this.click()");
            page.next_frame();
            self.one(page, (390, 844), &format!("{view}-light-390-{}.png", name.to_ascii_lowercase()));
        }
        if names.is_empty() {
            let whole = page.execute("return document.documentElement.scrollHeight", &[]).as_u64();
            let whole =
                whole.and_then(|whole| u32::try_from(whole).ok()).map_or(844, |whole| whole.min(6000));
            self.one(page, (390, whole), &format!("{view}-light-390xall.png"));
        }
    }

    fn one(&mut self, page: &Browser, (width, height): (u32, u32), file: &str) {
        page.resize(width, height);
        page.next_frame();
        page.next_frame();
        page.screenshot(&self.out.join(file));
        writeln!(self.index, "<img loading=lazy src=\"{file}\" alt=\"{file}\" title=\"{file}\">")
            .expect("a string takes everything");
        self.taken += 1;
    }

    fn finish(self) {
        write(&self.out.join(self.page), &self.index);
        println!("{} pictures in {}", self.taken, self.out.display());
    }
}

fn perform(page: &Browser, act: &Act) {
    match act {
        Act::End => {
            page.button("To end").click();
            // The run may be longer than what is known of it.
            page.next_frame();
        }
        Act::Press(name) => page.button(name).click(),
        Act::Node(begins) => {
            let nodes = page.get("group", "Nodes").all("button").names();
            let name = nodes.iter().find(|name| name.starts_with(begins));
            let name = name.unwrap_or_else(|| panic!("no node {begins}: {nodes:?}"));
            page.get("group", "Nodes").get("button", name).click();
        }
        Act::Tab(name) => page.tab(name).click(),
        Act::Choose(list, option) => page.combobox(list).choose(option),
        Act::Slide(slider, value) => page.slider(slider).set_value(value),
        Act::Fill(name, text) => page.textbox(name).fill(text),
        Act::In(region, name) => page.region(region).get("button", name).click(),
        Act::Key(key) => page.region("Ring").press(key),
        Act::Unfold(which) => {
            let script = format!("document.querySelectorAll('{which}').forEach((d) => d.open = true)");
            page.execute(&script, &[]);
        }
        Act::Write(text) => {
            let area = page.get("textbox", "Scenario text");
            page.poll(|| if area.value().is_empty() { Err("nothing yet".to_owned()) } else { Ok(()) });
            area.eval_with(
                "Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(this, arguments[0]);
                 this.dispatchEvent(new InputEvent('input', {bubbles: true}));",
                &[(*text).into()],
            );
        }
        Act::Wait(text) => page.wait_until(text, &format!("document.body.innerText.includes({text:?})")),
    }
    page.next_frame();
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
