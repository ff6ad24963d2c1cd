//! axe-core on the whole page, in both themes, on a desktop and on a phone; room and targets on the phone.

use super::visit::{Visit, sandbox_nodes};
use ringside_tests::browser::Browser;

/// A desktop and a phone: width and height in CSS pixels.
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];
/// The least width and height of what a finger is to hit, in CSS pixels.
const TARGET: f64 = 44.0;

/// How far the page, or a landmark that stands fixed in the window, sticks out of it sideways, in CSS pixels.
const TOO_WIDE: &str = "const edges = [...document.querySelectorAll('header, main, section, form')]
      .map((part) => part.getBoundingClientRect().right);
    return Math.max(document.documentElement.scrollWidth, ...edges) - innerWidth;";

#[track_caller]
fn is_clean(page: &Browser, when: &str) {
    for theme in ["light", "dark"] {
        page.emulate_media(&[("prefers-color-scheme", theme)]);
        for (width, height) in SIZES {
            page.resize(width, height);
            page.next_frame();
            let found = page.accessibility_violations();
            assert_eq!(found, Vec::<String>::new(), "{when}, {theme}, {width} × {height}");
            let over = page.execute(TOO_WIDE, &[]);
            assert!(
                over.as_f64().is_some_and(|over| over <= 0.5),
                "{when}, {theme}, {width}: {over} px too wide"
            );
        }
    }
    page.resize(1440, 900);
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn axe_finds_nothing_in_a_story() {
    let visit = Visit::to("#s=not-linearizable");
    is_clean(&visit.page, "at the beginning");
    visit.page.slider("Timeline").set_value("20");
    visit.wait_moment("mid-run", |now| now.event == 20);
    is_clean(&visit.page, "with messages under way");
    visit.to_end();
    assert_eq!(visit.verdict("linearizable"), "broken");
    is_clean(&visit.page, "with a broken claim");
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn axe_finds_nothing_where_a_visitor_has_been_at_work() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    is_clean(page, "the empty sandbox");
    let first = &sandbox_nodes("basket")[0];
    visit.type_request("basket", "bread");
    visit.ask("Put");
    visit.to_end();
    visit.select_node(first, "up");
    visit.act_on_node("Crash", first, ["up", "down"]);
    page.textbox("Key").fill("");
    page.button("Put").click();
    page.button("More").click();
    page.combobox("Theme").wait();
    is_clean(page, "a node down, a branch, a mistake, the menu open");
    page.button("More").click();
    page.slider("Nodes").set_value("40");
    page.slider("Nodes").wait_value("40");
    for tab in ["Key", "Node"] {
        visit.tab(tab);
    }
    is_clean(page, "forty nodes");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_finger_hits_the_transport_on_a_phone() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    page.resize(390, 844);
    page.next_frame();
    for name in ["To start", "Step back", "Play", "Step forward", "To end", "Undo"] {
        let place = page.button(name).bounds();
        assert!(place.width >= TARGET && place.height >= TARGET, "{name}: {place:?}");
        assert!(place.x >= 0.0 && place.x + place.width <= 390.0, "{name} is in the window: {place:?}");
    }
    page.get("checkbox", "More controls").click();
    let stop = page.button("Play").bounds();
    assert!(stop.y + stop.height <= 844.0, "the transport is in the window without scrolling: {stop:?}");
    for place in [page.slider("Timeline").bounds(), page.combobox("Step size").bounds()] {
        assert!(place.height >= TARGET, "{place:?}");
    }
    // And it does: what covers a button would get the click.
    visit.move_by("Step forward");
    visit.move_by("To end");
    page.assert_no_errors();
}
