//! Why? The page's sentences are those of the same run natively; the list opens in place and closes with Esc.

use super::visit::{Visit, native};
use ringside_scene::{Selection, View, why};
use ringside_tests::browser::keys;

fn sentences(name: &str, position: u64, ask: impl FnOnce(&View<'_>) -> Vec<String>) -> Vec<String> {
    let run = native(name);
    let (snapshot, selection) = (run.snapshot(position), Selection::default());
    let now = run.trace().time_of(position);
    ask(&View { recording: &run, snapshot: &snapshot, position, now, selection: &selection })
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn an_event_and_an_answer_say_why_in_place() {
    let name = "stale-read";
    let visit = Visit::to(&format!("#s={name}"));
    let page = &visit.page;
    let run = native(name);
    let read = run.trace().op_named("r1").and_then(|op| op.end.as_ref()).expect("it ends").position;
    page.slider("Timeline").set_value(&read.to_string());
    visit.wait_moment("at the stale read", |now| now.event == read);

    let narration = page.region("Narration");
    let button = narration.get("button", "Why?");
    assert_eq!(button.attribute("aria-expanded").as_deref(), Some("false"));
    button.click();
    let list = narration.get("list", "Why this happened");
    list.wait();
    assert_eq!(button.attribute("aria-expanded").as_deref(), Some("true"));
    for said in sentences(name, read, why::event) {
        list.wait_text(&said);
    }
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    button.press(keys::ESCAPE);
    list.wait_gone();
    assert_eq!(page.focused(), ("button".to_owned(), "Why?".to_owned()));

    let tab = visit.tab("Request");
    tab.get("button", "Why?").click();
    let list = tab.get("list", "Why this answer");
    list.wait_text("w2 (D:2), a newer write");
    let told =
        sentences(name, read, |view| why::answer(view, view.trace().op_named("r1").expect("it is there")));
    for said in told {
        list.wait_text(&said);
    }
    tab.get("button", "Why?").click();
    list.wait_gone();
    page.assert_no_errors();
}
