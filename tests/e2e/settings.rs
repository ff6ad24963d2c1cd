//! The sliders: what acts from the next request on, what begins a new run, what follows what.

use super::visit::{Visit, sandbox_nodes};

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_lower_n_lowers_r_and_w_in_the_same_act_and_says_so() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    for name in ["R", "W"] {
        page.slider(name).set_value("3");
        page.status().wait_text(&format!("{name} is 3"));
    }
    let before = visit.moment();
    page.slider("N").set_value("2");
    // The members agree on another N by gossip, which takes a while.
    visit.wait_moment("N is an act", |now| now.of > before.of);
    for (name, value) in [("N", "2"), ("R", "2"), ("W", "2")] {
        page.slider(name).wait_value(value);
    }
    for part in ["N is 2", "R was lowered to 2", "W was lowered to 2"] {
        page.status().wait_text(part);
    }
    page.button("Undo").click();
    for name in ["N", "R", "W"] {
        page.slider(name).wait_value("3");
    }
    // R and W that fit stay as they are.
    page.slider("N").set_value("4");
    page.status().wait_text("N is 4");
    page.slider("R").wait_value("3");
    assert!(!page.status().text().contains("lowered"), "{}", page.status().text());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn another_ring_is_a_new_run_and_the_old_one_is_kept() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request("basket", "bread");
    visit.ask("Put");
    let old = visit.to_end();

    page.slider("Nodes").set_value("7");
    visit.wait_moment("the new run is at its beginning", |now| now.event == 0);
    page.status().wait_text("7 nodes");
    page.status().wait_text("branch");
    assert_eq!(page.get("group", "Nodes").all("button").count(), 7);
    assert_eq!(page.combobox("Branches").options().len(), 2);

    page.slider("Virtual nodes").set_value("16");
    page.status().wait_text("16 tokens");
    page.slider("Virtual nodes").wait_value("16");
    page.slider("Nodes").wait_value("7");
    let branches = page.combobox("Branches").options();
    assert_eq!(branches.len(), 2, "nothing had happened on the ring of 7 nodes and 8 tokens: {branches:?}");

    page.combobox("Branches").choose(&branches[0]);
    visit.wait_moment("the old run is where it was left", |now| *now == old);
    page.slider("Nodes").wait_value("5");
    page.slider("Virtual nodes").wait_value("8");
    visit.tab("Request").wait_text("bread");
    assert_eq!(page.get("group", "Nodes").all("button").count(), 5);

    // Fewer nodes than N: what depends on it follows.
    page.slider("Nodes").set_value("1");
    page.slider("Nodes").wait_value("1");
    for name in ["N", "R", "W"] {
        page.slider(name).wait_value("1");
    }
    visit.ask("Put");
    visit.to_end();
    visit.tab("Request").wait_text("\nok");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn sliders_say_their_quantity_and_are_explained() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let ranges =
        [("Nodes", "5"), ("Virtual nodes", "8"), ("N", "3"), ("R", "2"), ("W", "2"), ("Timeline", "0")];
    for (name, value) in ranges {
        assert_eq!(page.slider(name).value(), value, "{name}");
        assert_eq!(page.slider(name).attribute("type").as_deref(), Some("range"), "{name} is a native range");
    }
    for name in ["Nodes", "Virtual nodes", "N", "R", "W"] {
        assert_ne!(page.slider(name).description(), "", "{name} is explained");
    }
    let speed = || page.slider("Speed").attribute("aria-valuetext").unwrap_or_default();
    assert!(speed().ends_with("times slower than life"), "{}", speed());
    let fastest = page.slider("Speed").attribute("max").expect("a range has an end");
    page.slider("Speed").set_value(&fastest);
    page.poll(|| match speed() {
        words if words.ends_with("times faster than life") => Ok(()),
        words => Err(words),
    });
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn mechanisms_are_set_from_lists_and_can_be_taken_back() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    page.execute("document.querySelector('.mechanisms').open = true", &[]);
    for (name, value) in [
        ("Quorum", "sloppy"),
        ("Read repair", "async"),
        ("Hinted handoff", "on"),
        ("Anti-entropy", "every 10 s"),
        ("Gossip", "every 1 s"),
        ("Failure detector", "phi 8"),
        ("Tombstones", "keep"),
    ] {
        page.combobox(name).wait_chosen(value);
    }
    page.combobox("Hinted handoff").choose("off");
    page.status().wait_text("the quorum is strict with it");
    page.combobox("Quorum").wait_chosen("strict");
    page.combobox("Read repair").choose("blocking");
    page.status().wait_text("Read repair: blocking");
    page.button("Undo").click();
    page.combobox("Read repair").wait_chosen("async");
    page.button("Undo").click();
    page.combobox("Quorum").wait_chosen("sloppy");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_node_is_cut_off_slowed_down_and_set_ahead() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let nodes = sandbox_nodes("cart");
    visit.select_node(&nodes[0], "up");
    let ring = page.region("Ring");
    page.execute("document.querySelector('.more').open = true", &[]);
    ring.get("button", "Cut off").click();
    ring.get("button", "Heal").wait();
    page.slider("W").set_value("3");
    page.status().wait_text("W is 3");
    page.combobox("Coordinator").choose(&nodes[1]);
    visit.ask("Put");
    visit.to_end();
    let request = visit.tab("Request");
    request.wait_text("\nok");
    request.wait_text(&format!(" for {}\tack", nodes[0]));
    visit.select_node(&nodes[0], "up");
    page.execute("document.querySelector('.more').open = true", &[]);
    ring.get("button", "Heal").click();
    ring.get("button", "Cut off").wait();
    for (does, undoes) in [("Slow down", "Full speed"), ("Clock ahead", "Clock right")] {
        ring.get("button", does).click();
        ring.get("button", undoes).click();
        ring.get("button", does).wait();
    }
    ring.get("button", "Repair now").click();
    visit.tab("Merkle").wait_text(&format!("{} compares what it holds with", nodes[0]));
    page.assert_no_errors();
}
