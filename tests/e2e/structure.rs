//! What the page is made of, as assistive technology meets it.

use super::visit::Visit;
use serde_json::json;

/// What must not be on the page at any time, as a selector, and why.
const NEVER: [(&str, &str); 4] = [
    ("[disabled], [aria-disabled='true']", "a control that cannot be used says nothing"),
    ("output", "an output speaks by itself"),
    ("body [style]", "the policy of the page allows no inline style"),
    ("datalist", "what others typed is nobody's business"),
];

#[track_caller]
fn is_sound(visit: &Visit, when: &str) {
    let page = &visit.page;
    let count = |selector: &str| {
        page.execute("return document.querySelectorAll(arguments[0]).length", &[json!(selector)])
    };
    assert_eq!(count("h1"), 1, "{when}");
    assert_eq!(page.all("main").count(), 1, "{when}");
    assert_eq!(page.all("banner").count(), 1, "{when}");
    for name in ["Narration", "Ring", "Space-time diagram", "Inspector", "Event log"] {
        assert_eq!(page.region(name).count(), 1, "{when}: region {name}");
    }
    assert_eq!(count("[role=status]"), 1, "{when}");
    assert_eq!(page.region("Narration").all("status").count(), 1, "{when}");
    assert_ne!(page.status().text().trim(), "", "{when}: the status says something");
    for (selector, why) in NEVER {
        assert_eq!(count(selector), 0, "{when}: {selector}: {why}");
    }
    for selector in ["[aria-live]:not([role=status])", "[role=alert]", "[role=log]"] {
        assert_eq!(count(selector), 0, "{when}: {selector}: only the status speaks by itself");
    }
    assert_eq!(count("[role=img] :is(button, [role=button], [tabindex])"), 0, "{when}");
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_page_is_sound_from_the_beginning_to_the_end() {
    let visit = Visit::to("#s=a-replica-is-down");
    let page = &visit.page;
    is_sound(&visit, "at the beginning");
    let start = page.status().text();
    for button in ["Step back", "To start"] {
        page.button(button).click();
        page.status().wait_text("beginning");
    }
    assert_ne!(page.status().text(), start);
    visit.move_by("Step forward");
    is_sound(&visit, "after a step");
    visit.to_end();
    is_sound(&visit, "at the end");
    for (button, said) in [("Step forward", "end of the run"), ("Play", "end of the run"), ("To end", "over")]
    {
        page.button(button).click();
        page.status().wait_text(said);
        page.button("Play").wait();
    }
    is_sound(&visit, "past the end");
    page.button("Start over").click();
    visit.wait_moment("started over", |now| now.event == 0);
    is_sound(&visit, "started over");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn every_control_has_its_name() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    for name in [
        "Play",
        "Step forward",
        "Step back",
        "To start",
        "To end",
        "Undo",
        "Start over",
        "Put",
        "Get",
        "Delete",
    ] {
        page.button(name).wait();
    }
    page.button("Open file").wait();
    for name in ["Nodes", "Virtual nodes", "N", "R", "W", "Speed", "Timeline"] {
        page.slider(name).wait();
    }
    for name in ["Scenario", "Step size", "Coordinator"] {
        page.combobox(name).wait();
    }
    for name in ["Key", "Value"] {
        page.textbox(name).wait();
    }
    let lists = [
        ("Selected", &["Request", "Node", "Key", "Message"][..]),
        ("Cluster", &["Versions", "Merkle", "Members", "Claims"]),
    ];
    for (label, names) in lists {
        let list = page.get("tablist", label);
        for name in names {
            list.get("tab", name).click();
            assert_eq!(visit.tab(name).count(), 1);
            let selected = "return document.querySelectorAll('[role=tab][aria-selected=true]').length";
            assert_eq!(page.execute(selected, &[]), 2, "one of each list");
        }
    }
    let nodes = page.get("group", "Nodes").all("button").names();
    assert_eq!(nodes, ["A", "B", "C", "D", "E"].map(|name| format!("Node {name}, up")));
    let units = page.combobox("Step size").options();
    for unit in ["event", "message", "request", "gossip round"] {
        assert!(units.iter().any(|known| known == unit), "{unit} of {units:?}");
    }
    for pane in ["Narration", "Event log", "Inspector"] {
        let reach = "return this.matches('[tabindex]') || !!this.querySelector('[tabindex=\"0\"]')";
        assert_eq!(page.region(pane).eval(reach), true, "{pane} can be scrolled by keyboard");
    }
    page.assert_no_errors();
}
