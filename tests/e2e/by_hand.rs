//! What is done by hand has a control of its own, with a name of its own, on every stage that asks for it.

use super::visit::{Visit, native, text};
use ringside_core::{Kind, NodeId, Span, Time};
use ringside_sim::{Act, ConfigChange, Matcher, Recording};
use ringside_tests::browser::keys;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn no_two_controls_have_the_same_name() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request("cart", "milk");
    visit.ask("Put");
    for (does, before, after) in
        [("Crash", "up", "down"), ("Restart", "down", "up"), ("Pause node", "up", "paused")]
    {
        visit.unfold();
        visit.select_node("B", before);
        for role in ["button", "combobox", "slider", "textbox"] {
            let mut seen = BTreeSet::new();
            let twice: Vec<String> =
                page.all(role).names().into_iter().filter(|name| !seen.insert(name.clone())).collect();
            assert_eq!(twice, Vec::<String>::new(), "{role}, with B {before}");
        }
        visit.act_on_node(does, "B", [before, after]);
    }
    page.button("Resume node").wait();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_page_says_the_digest_that_the_command_line_says_and_copies_it() {
    let visit = Visit::to("#s=stale-read");
    let page = &visit.page;
    for name in ["stale-read", "sandbox", "hinted-handoff"] {
        visit.anew(&format!("#s={name}"));
        visit.to_end();
        page.button("More").click();
        let digest = format!("{:016x}", native(name).digest());
        page.wait_until(
            "the digest",
            &format!("document.querySelector('.digest').textContent.includes('{digest}')"),
        );
        let said = text(&page.execute("return document.querySelector('.digest').textContent", &[]));
        assert!(!said.contains("so far"), "{said}");
        if name == "sandbox" {
            assert_eq!(page.accessibility_violations(), Vec::<String>::new());
        }
        page.cdp(
            "Browser.grantPermissions",
            &json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
        );
        page.button("Copy digest").click();
        page.status().wait_text(&format!("Copied: the digest {digest}."));
    }
    page.assert_no_errors();
}

/// The sandbox with this done at its beginning, run to its end.
fn done(acts: Vec<Act>) -> Recording {
    let mut recording = native("sandbox");
    for (position, act) in (0..).zip(acts) {
        recording = recording.branch(position, Time::ZERO, act).expect("it can be done");
    }
    recording.run_to_end();
    recording
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn messages_are_held_by_kind_and_set_free() {
    let visit = Visit::unfolded("#s=sandbox");
    let page = &visit.page;
    page.combobox("Message kind").choose("write");
    page.combobox("To node").choose("C");
    page.button("Hold messages").click();
    page.get("list", "Held messages").wait_text("write from any node to C");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    let writes = Matcher { kind: Some(Kind::Write), from: None, to: Some(NodeId(2)) };
    page.button("Damage next").click();
    let headless = done(vec![Act::Hold(writes), Act::Corrupt { matcher: writes, count: 1 }]);
    visit.wait_moment("both are in the run", |now| now.of == headless.len());
    page.button("Release write from any node to C").click();
    page.get("list", "Held messages").wait_gone();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn limits_are_set_by_hand_and_rules_from_the_beginning() {
    let visit = Visit::unfolded("#s=sandbox");
    let page = &visit.page;
    for (name, value) in [
        ("Time limit", "1 s"),
        ("Hint window", "10 s"),
        ("Clock limit", "3 entries"),
        ("Pending acks", "count (unsafe)"),
        ("Stream from", "any (unsafe)"),
    ] {
        page.combobox(name).choose(value);
        page.status().wait_text(&format!("{name}: {value}"));
        page.combobox(name).wait_chosen(value);
    }
    let change = ConfigChange::default;
    let headless = done(vec![
        Act::Set(ConfigChange { timeout: Some(Span::from_secs(1)), ..change() }),
        Act::Set(ConfigChange { hint_window: Some(Span::from_secs(10)), ..change() }),
        Act::Set(ConfigChange { clock_limit: Some(3), ..change() }),
    ]);
    assert_eq!(headless.acts().len(), 3);
    page.combobox("Version rules").choose("last write wins");
    page.status()
        .wait_text("A new run with Version rules: last write wins; the old run is kept as a branch.");
    page.combobox("Placement").choose("64 partitions");
    page.combobox("Placement").wait_chosen("64 partitions");
    page.combobox("Version rules").wait_chosen("last write wins");
    page.button("Undo").click();
    page.combobox("Placement").wait_chosen("random tokens");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn two_clients_that_have_seen_nothing_of_each_other_leave_siblings() {
    let visit = Visit::unfolded("#s=sandbox");
    let page = &visit.page;
    page.combobox("Client").choose("alice");
    visit.type_request("cart", "milk");
    visit.ask("Put");
    visit.to_end();
    page.combobox("Client").choose("bob");
    visit.type_request("cart", "eggs");
    visit.ask("Put");
    visit.to_end();
    visit.type_request("cart", "tea");
    page.combobox("Context").choose("none");
    visit.ask("Put");
    visit.to_end();
    visit.ask("Get");
    visit.to_end();
    let request = visit.tab("Request");
    for part in ["bob", "milk", "eggs", "tea"] {
        request.wait_text(part);
    }
    page.assert_no_errors();
}

/// Goes to a step of a lesson, as a story.
fn at_step(visit: &Visit, name: &str, step: usize) {
    visit.anew(&format!("#s={name}&stage=story"));
    visit.page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    for step in 1..=step {
        visit.page.press(keys::PAGE_DOWN);
        visit.page.region("Lesson").wait_text(&format!("step {step} of "));
    }
    visit.page.region("Lesson").wait_text("Your turn:");
}

/// Goes on to the end, and waits until the judges say that what was asked for is done.
fn is_done(visit: &Visit) {
    let page = &visit.page;
    visit.to_end();
    page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
    page.wait_until("it is done", "document.querySelector('.lesson-steps .done')");
    assert!(!page.region("Inspector").exists(), "it is still a story");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_a_lesson_asks_for_is_done_by_hand_in_the_story() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let lesson = page.region("Lesson");
    let ring = page.region("Ring");

    at_step(&visit, "overlap", step_with_a_task("overlap"));
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.slider("R").set_value("2");
    page.status().wait_text("R is 2");
    is_done(&visit);

    at_step(&visit, "not-linearizable", step_with_a_task("not-linearizable"));
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.combobox("Message kind").choose("read-reply");
    page.combobox("From node").choose("B");
    page.combobox("To node").choose("C");
    page.button("Hold messages").press(keys::ENTER);
    page.get("list", "Held messages").wait_text("read-reply from B to C");
    is_done(&visit);

    at_step(&visit, "a-node-joins", step_with_a_task("a-node-joins"));
    lesson.get("button", "Join").press(keys::ENTER);
    ring.get("button", "Node F, joining").wait();
    is_done(&visit);

    at_step(&visit, "deleted-data-comes-back", step_with_a_task("deleted-data-comes-back"));
    page.combobox("Tombstones").choose("all replicas");
    is_done(&visit);

    at_step(&visit, "both-sides-say-ok", step_with_a_task("both-sides-say-ok"));
    page.combobox("Quorum").choose("strict");
    ring.get("button", "Partition").press(keys::ENTER);
    for name in ["A", "B", "C", "D", "E"] {
        let side = page.get("group", "One side of the partition").get("button", name);
        let wanted = matches!(name, "B" | "C");
        if (side.attribute("aria-pressed").as_deref() == Some("true")) != wanted {
            side.press(keys::SPACE);
        }
    }
    ring.get("button", "Cut").click();
    is_done(&visit);

    at_step(&visit, "unknown", step_with_a_task("unknown"));
    page.textbox("Key").fill("cart");
    lesson.get("button", "Get").click();
    is_done(&visit);
}

/// The number of the step that has something to do, from 1.
fn step_with_a_task(name: &str) -> usize {
    let run = native(name);
    let lesson = run.scenario().lesson.as_ref().expect("it is a lesson");
    lesson.stops.iter().position(|stop| stop.task.is_some()).expect("it asks for something") + 1
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_takes_long_is_said_to_be_busy_before_it_is_done() {
    let visit = Visit::unfolded("#s=sandbox");
    let page = &visit.page;
    let form = page.get("form", "Workload");
    form.get("textbox", "Requests/s").fill("80");
    form.get("button", "Start").click();
    visit.wait_moment("the run is long", |now| now.of > 3_000);
    page.execute(
        "window.said = [];
         const status = document.querySelector('[role=status]');
         new MutationObserver(() => said.push(status.textContent + document.querySelector('main').ariaBusy))
             .observe(status, {childList: true, characterData: true, subtree: true});",
        &[],
    );
    page.get("form", "New node").get("button", "Join").click();
    page.region("Ring").get("button", "Node F, not joined yet").wait_gone();
    assert!(!text(&page.execute("return said.join()", &[])).contains("Busy"), "a short way is not worth it");
    page.button("Undo").click();
    page.slider("Timeline").set_value("2900");
    visit.wait_moment("far on", |now| now.event == 2_900);
    page.get("form", "New node").get("button", "Join").click();
    page.region("Ring").get("button", "Node F, joining").wait();
    let said = text(&page.execute("return said.join()", &[]));
    assert!(said.contains("Busy: the run begins anew and comes here again …true"), "{said}");
    page.assert_no_errors();
}
