//! The main job: put what one has typed, watch it being acknowledged, get it back, step back, change W, break a node.

use super::visit::{Visit, sandbox_nodes};
use serde_json::{Value, json};

/// What the visitor types. No built-in scenario and no default of the page has it.
const KEY: &str = "basket";
const VALUE: &str = "bread and butter";

/// The canvases of the ring, as one string: equal if and only if every pixel is.
fn picture(visit: &Visit) -> Value {
    visit.page.next_frame();
    visit
        .page
        .region("Ring")
        .eval("return [...this.querySelectorAll('canvas')].map((c) => c.toDataURL()).join()")
}

/// The line of a text that counts acknowledgements or replies, such as "1 of 2 acks".
fn count(text: &str) -> Option<&str> {
    text.lines().map(str::trim).find(|line| line.ends_with(" acks") || line.ends_with(" replies"))
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_put_is_watched_until_acknowledged_and_got_back() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    assert_eq!(visit.moment().of, 0, "nothing has happened in the sandbox");
    let before = picture(&visit);

    visit.type_request(KEY, VALUE);
    visit.ask("Put");
    let request = visit.tab("Request");
    request.wait_text(KEY);
    request.wait_text(VALUE);
    let texts = visit.step_until(&request, "\nok");
    let mut counts: Vec<_> = texts.iter().filter_map(|text| count(text)).collect();
    counts.dedup();
    assert_eq!(counts, ["1 of 2 acks", "2 of 2 acks"], "the gauge goes up to W, one by one");
    for text in &texts[..texts.len() - 1] {
        assert!(text.contains("under way"), "not acknowledged before the gauge has reached W: {text}");
    }
    page.status().wait_text("ok");
    assert_ne!(picture(&visit), before, "the drawing shows it");

    let acked = visit.moment();
    visit.ask("Get");
    request.wait_text("op2");
    let texts = visit.step_until(&request, "\nok");
    assert!(texts.last().is_some_and(|text| text.contains(VALUE)), "{texts:?}");
    assert!(texts.iter().filter_map(|text| count(text)).any(|line| line == "2 of 2 replies"), "{texts:?}");

    // Back by requests: to the acknowledgement, then to before everything.
    page.combobox("Step size").choose("request");
    let back = visit.move_by("Step back");
    assert_eq!(back.event, acked.event, "where the put was acknowledged");
    let back = visit.move_by("Step back");
    assert_eq!(back.event, 0);
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn stepping_back_and_scrubbing_show_what_was() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let nodes = sandbox_nodes(KEY);
    visit.type_request(KEY, VALUE);
    visit.ask("Put");
    let end = visit.to_end();
    let key = visit.tab("Key");
    let held_by = |copies: usize| {
        page.poll(|| match key.text() {
            text if text.matches(VALUE).count() == copies => Ok(()),
            text => Err(format!("{copies} replicas hold it: {text}")),
        });
    };
    held_by(3);
    for name in &nodes[..3] {
        assert!(key.get("rowheader", name).exists(), "{name} is a replica of {KEY}");
    }
    assert!(!key.get("rowheader", &nodes[3]).exists(), "{} is none", nodes[3]);

    let mut last = end.event;
    while last > 0 {
        let now = visit.move_by("Step back");
        assert_eq!(now.event, last - 1, "one event at a time");
        last = now.event;
    }
    held_by(0);

    for to in [end.of / 2, 1, end.of] {
        page.slider("Timeline").set_value(&to.to_string());
        let now = visit.wait_moment("the timeline", |now| now.event == to);
        assert_eq!(now.of, end.of, "looking changes nothing");
        page.slider("Timeline").wait_value(&to.to_string());
        let current = page.region("Event log").eval("return this.querySelectorAll('[aria-current]').length");
        assert_eq!(current, json!(1), "the log shows where the clock stands");
    }
    assert_eq!(visit.moment(), end);

    page.button("Undo").click();
    visit.wait_moment("Undo takes the put back", |now| now.of == 0);
    page.status().wait_text("Undone");
    page.button("Undo").click();
    page.status().wait_text("Nothing to undo");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_next_put_waits_for_a_w_that_was_changed() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request(KEY, "first");
    visit.ask("Put");
    // While the first put is under way: it goes on waiting for the W it began with.
    page.slider("W").set_value("3");
    page.status().wait_text("W is 3");
    let request = visit.tab("Request");
    let texts = visit.step_until(&request, "\nok");
    assert!(texts.last().is_some_and(|text| text.contains("2 of 2 acks")), "{texts:?}");

    visit.to_end();
    page.textbox("Value").fill("second");
    visit.ask("Put");
    request.wait_text("second");
    let texts = visit.step_until(&request, "\nok");
    let mut counts: Vec<_> = texts.iter().filter_map(|text| count(text)).collect();
    counts.dedup();
    assert_eq!(counts, ["1 of 3 acks", "2 of 3 acks", "3 of 3 acks"]);
    let two = texts.iter().find(|text| text.contains("2 of 3 acks")).expect("it was there");
    assert!(two.contains("under way"), "two are no longer enough: {two}");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_crashed_node_decides_outcomes_until_it_is_restarted() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let nodes = sandbox_nodes(KEY);
    let (first, second) = (&nodes[0], &nodes[1]);
    let request = visit.tab("Request");
    visit.type_request(KEY, VALUE);
    visit.ask("Put");
    visit.to_end();

    visit.select_node(first, "up");
    visit.act_on_node("Crash", first, ["up", "down"]);
    page.status().wait_text(&format!("{first} crashes"));

    // By way of the node that is down nothing is stored, and nothing is found.
    page.combobox("Coordinator").choose(first);
    for button in ["Put", "Get"] {
        visit.ask(button);
        visit.to_end();
        visit.tab("Request");
        request.wait_text("failed");
    }
    // By way of another replica two acknowledgements are there to be had: enough for W = 2. For W = 3 a fallback has to
    // stand in for the node that is down, and keeps the write as a hint.
    page.combobox("Coordinator").choose(second);
    visit.ask("Put");
    visit.to_end();
    request.wait_text("\nok");
    request.wait_text("2 of 2 acks");
    page.slider("W").set_value("3");
    page.status().wait_text("W is 3");
    visit.ask("Put");
    visit.to_end();
    request.wait_text("\nok");
    request.wait_text("3 of 3 acks");
    request.wait_text(&format!(" for {first}\tack"));

    visit.act_on_node("Restart", first, ["down", "up"]);
    visit.ask("Put");
    visit.to_end();
    request.wait_text("\nok");
    request.wait_text("3 of 3 acks");
    request.wait_text(&format!("\t{first}\tack"));

    // Undone one by one: the put, then the restart.
    page.button("Undo").click();
    page.status().wait_text("Undone:");
    page.status().wait_text("op6 put");
    page.region("Ring").get("button", &format!("Node {first}, up")).wait();
    page.button("Undo").click();
    page.status().wait_text("Undone: restart");
    page.region("Ring").get("button", &format!("Node {first}, down")).wait();

    page.button("Start over").click();
    let start = visit.wait_moment("Start over", |now| now.event == 0);
    assert_eq!(start.of, 0, "the sandbox is empty again");
    page.region("Ring").get("button", &format!("Node {first}, up")).wait();
    assert_eq!(page.slider("W").value(), "2");
    page.textbox("Key").wait_value(KEY);
    page.assert_no_errors();
}
