//! Pictures of the page, to look at: every built-in scenario and every view, in both themes and at three sizes, with a
//! page that shows them all. `cargo xtask gallery` runs this; it judges nothing but that each picture could be taken
//! without an error.

#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ringside_sim::Scenario;
use ringside_sim::share::link::Link;
use ringside_tests::browser::{Browser, Site, dist, root};

/// A desktop, a small laptop, a phone: width and height in CSS pixels.
const SIZES: [(u32, u32); 3] = [(1440, 900), (1024, 768), (390, 844)];
/// The themes, and the colours of a system that forces its own.
const THEMES: [&str; 3] = ["light", "dark", "forced"];

/// What is done before a picture.
enum Act {
    /// To the end of the run.
    End,
    /// A button.
    Press(&'static str),
    /// A button of a group, the first whose name begins so.
    Node(&'static str),
    /// A tab.
    Tab(&'static str),
    /// An option of a list.
    Choose(&'static str, &'static str),
    /// A slider.
    Slide(&'static str, &'static str),
}

/// A view: its name, where it is, and how to get there.
struct View {
    name: &'static str,
    fragment: String,
    acts: Vec<Act>,
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask gallery"]
fn pictures_of_everything() {
    let out =
        std::env::var_os("RINGSIDE_GALLERY").map_or_else(|| root().join("target/gallery"), PathBuf::from);
    let only = std::env::var("RINGSIDE_GALLERY_ONLY").unwrap_or_default();
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    let mut index = "<!doctype html><html lang=en><meta charset=utf-8><title>Ringside: gallery</title>\n\
                     <style>img{height:24rem;margin:.25rem;border:1px solid #888}</style>\n"
        .to_owned();
    let mut taken = 0;
    for view in views().into_iter().chain(scenarios()).filter(|view| view.name.contains(&only)) {
        page.resize(1440, 900);
        // A new fragment alone would not load the page again.
        page.open_raw("about:blank");
        page.open(&site.url(&view.fragment));
        for act in &view.acts {
            perform(&page, act);
        }
        writeln!(index, "<h2>{}</h2>", view.name).expect("a string takes everything");
        for theme in THEMES {
            let wanted = if theme == "forced" { "active" } else { "none" };
            page.emulate_media(&[("prefers-color-scheme", theme), ("forced-colors", wanted)]);
            for (width, height) in SIZES {
                page.resize(width, height);
                page.next_frame();
                page.next_frame();
                let file = format!("{}-{theme}-{width}x{height}.png", view.name);
                page.screenshot(&out.join(&file));
                writeln!(index, "<img loading=lazy src=\"{file}\" alt=\"{file}\" title=\"{file}\">")
                    .expect("a string takes everything");
                taken += 1;
            }
        }
    }
    write(&out.join("index.html"), &index);
    println!("{taken} pictures in {}", out.display());
    page.assert_no_errors();
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
    }
    page.next_frame();
}

fn views() -> Vec<View> {
    let named = |name: &'static str, fragment: &str, acts: Vec<Act>| View {
        name,
        fragment: fragment.to_owned(),
        acts,
    };
    let own = |name: &'static str, text: &str, acts: Vec<Act>| {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        View { name, fragment: Link::to(scenario).to_text(), acts }
    };
    let load = |nodes: &str| {
        format!(
            "ringside = 1\ntitle = \"Under load\"\nuntil = \"3s\"\n[cluster]\n{nodes}\n[network]\ndelay = \
             \"exponential 5ms\"\n[[step]]\nat = \"1ms\"\nworkload = {{ clients = 5, rate = 200, keys = 20, for = \"3s\" }}\n"
        )
    };
    let many = load("nodes = 1000\nvnodes = 256\nr = 1\nw = 1");
    vec![
        named("view-story", "#s=stale-read", vec![Act::Press("Story"), Act::Press("Step forward")]),
        named("view-request", "#s=stale-read", vec![Act::End]),
        named("view-request-put", "#s=one-put-three-copies", vec![Act::End]),
        named("view-node", "#s=hinted-handoff", vec![Act::End, Act::Node("Node B")]),
        named("view-key", "#s=siblings", vec![Act::End, Act::Tab("Key")]),
        named(
            "view-message",
            "#s=one-put-three-copies",
            vec![Act::Slide("Timeline", "3"), Act::Tab("Message")],
        ),
        named("view-hint-stored", "#s=hinted-handoff&at=30ms", vec![]),
        named("view-versions", "#s=siblings", vec![Act::End, Act::Tab("Versions")]),
        named("view-merkle", "#s=merkle-trees", vec![Act::End, Act::Tab("Merkle")]),
        named("view-members", "#s=who-says-it-is-down", vec![Act::End, Act::Tab("Members")]),
        named(
            "view-suspicion",
            "#s=who-says-it-is-down",
            vec![Act::End, Act::Node("Node C"), Act::Tab("Members")],
        ),
        named("view-claims", "#s=not-linearizable", vec![Act::End, Act::Tab("Claims")]),
        own(
            "view-charts",
            &load("nodes = 5\nr = 1\nw = 1"),
            vec![Act::Slide("Timeline", "1500"), Act::Tab("Charts")],
        ),
        named("view-moving", "#s=adding-nodes-safely&at=200ms", vec![]),
        own("view-twenty", &load("nodes = 20"), vec![Act::Slide("Timeline", "700"), Act::Node("Node H")]),
        own("view-thousand", &many, vec![Act::Slide("Timeline", "300"), Act::Tab("Members")]),
        named("view-sandbox", "#s=sandbox", vec![]),
        named("view-menu", "#s=sandbox", vec![Act::Press("More"), Act::Choose("Palette", "tol")]),
        named("view-damaged-link", "#v1.p.AAAA", vec![]),
    ]
}

/// The built-in scenarios, where links open them.
fn scenarios() -> Vec<View> {
    let folder = root().join("static").join("scenarios");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    let view = |name: String| {
        let fragment = format!("#s={name}");
        View { name: name.leak(), fragment, acts: vec![Act::End] }
    };
    names.into_iter().map(view).collect()
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
