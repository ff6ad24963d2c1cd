//! The keyboard: the order of the tab stops, and the keys that act in the ring and nowhere else.

use super::visit::{Visit, text};
use ringside_tests::browser::keys;

/// Where a tab stop lies: the name of the landmark round it, or, in the header, its own.
const WHERE: &str = "const here = document.activeElement;
    if (!here || here === document.body) return '';
    const around = here.closest('main section[aria-label], main form[aria-label]');
    return around ? around.getAttribute('aria-label') : here.getAttribute('aria-label') ?? here.textContent.trim();";

/// The stops that the contract names, in its order; others may lie between.
const ORDER: [&str; 9] = [
    "Scenario",
    "Narration",
    "Ring",
    "Transport",
    "Request",
    "Settings",
    "Inspector",
    "Space-time diagram",
    "Event log",
];

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn tab_goes_through_the_page_in_order() {
    // Loaded and not yet touched: the first stop is the page's first.
    let visit = Visit::to("#s=not-linearizable&at=102ms");
    let page = &visit.page;
    let mut stops = Vec::new();
    loop {
        page.press(keys::TAB);
        let stop = text(&page.execute(WHERE, &[]));
        if stop.is_empty() || stops.len() > 200 {
            break;
        }
        stops.push(stop);
    }
    let count = stops.len();
    stops.dedup();
    let named: Vec<_> = stops.iter().map(String::as_str).filter(|stop| ORDER.contains(stop)).collect();
    assert_eq!(named, ORDER, "each once and in this order: {stops:?}");
    assert!(count < 80, "one stop for all nodes, one for all lines of the log; here are {count}");

    // Backwards from the end, too.
    page.press(&format!("{}{}", keys::SHIFT, keys::TAB));
    assert_eq!(text(&page.execute(WHERE, &[])), "Event log");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn keys_act_in_the_ring_and_in_the_diagram() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    for region in ["Ring", "Space-time diagram"] {
        let region = page.region(region);
        region.press(keys::HOME);
        visit.wait_moment("Home", |now| now.event == 0);
        region.press(keys::SPACE);
        page.button("Pause").wait();
        region.press(keys::SPACE);
        page.button("Play").wait();
        region.press(keys::HOME);
        visit.wait_moment("Home", |now| now.event == 0);
        region.press(keys::RIGHT);
        visit.wait_moment("one step", |now| now.event == 1);
        region.press(keys::RIGHT);
        visit.wait_moment("two steps", |now| now.event == 2);
        region.press(keys::LEFT);
        visit.wait_moment("one step back", |now| now.event == 1);
        region.press(&format!("{}{}", keys::SHIFT, keys::RIGHT));
        visit.wait_moment("a bigger step", |now| now.event > 2);
        region.press(keys::END);
        visit.wait_moment("End", |now| now.event == now.of);
    }
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn letters_ask_crash_and_restart() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let ring = page.region("Ring");
    ring.press("k");
    page.status().wait_text("Select a node first");
    ring.press("w");
    visit.wait_moment("W puts", |now| now.of > 0);
    visit.tab("Request").wait_text("put");
    visit.to_end();
    ring.press("r");
    visit.tab("Request").wait_text("get");

    // Enter selects the node that has the focus; arrows go to the next one, and make no steps.
    let first = page.get("group", "Nodes").get("button", "Node A, up");
    let here = visit.moment();
    first.press(keys::ENTER);
    visit.wait_selected("A", "up");
    first.press(keys::RIGHT);
    assert_eq!(page.focused(), ("button".to_owned(), "Node B, up".to_owned()));
    assert_eq!(visit.moment(), here, "the clock has not moved");
    page.press(keys::SPACE);
    visit.wait_selected("B", "up");
    page.press("k");
    page.get("group", "Nodes").get("button", "Node B, down").wait();
    ring.press("k");
    page.get("group", "Nodes").get("button", "Node B, up").wait();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn keys_typed_into_a_field_are_text() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    visit.move_by("Step forward");
    let before = visit.move_by("Step forward");
    let key = page.textbox("Key");
    key.fill("a");
    key.press(keys::END);
    page.press("wrk ");
    key.wait_value("awrk ");
    for name in ["Key", "Value"] {
        page.textbox(name).press(&[keys::LEFT, keys::RIGHT, keys::HOME, keys::END, keys::SPACE].concat());
    }
    page.next_frame();
    assert_eq!(visit.moment(), before, "nothing was asked, and the clock has not moved");
    page.button("Play").wait();
    page.assert_no_errors();
}
