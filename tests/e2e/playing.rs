//! Play and pause: the clock runs, the status speaks of what matters, and less motion is motion enough.

use super::visit::{Visit, native};
use ringside_sim::{Claim, check};
use ringside_tests::browser::Browser;

/// Keeps every text that the status shows from now on.
const LISTEN: &str = "const status = document.querySelector('[role=status]');
    globalThis.heard = [status.textContent];
    new MutationObserver(() => {
      const now = document.querySelector('[role=status]').textContent;
      if (now !== heard.at(-1)) heard.push(now);
    }).observe(document.body, {subtree: true, childList: true, characterData: true});";

/// Sets the highest speed.
fn hurry(page: &Browser) {
    let fastest = page.slider("Speed").attribute("max").expect("a range has an end");
    page.slider("Speed").set_value(&fastest);
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn playing_runs_to_the_end_and_speaks_of_outcomes_only() {
    let visit = Visit::to("#s=a-replica-is-down");
    let page = &visit.page;
    page.button("Play").click();
    page.button("Pause").wait();
    let now = visit.wait_moment("the clock runs", |now| now.event > 0);
    page.button("Pause").click();
    page.button("Play").wait();
    page.status().wait_text("Paused at");
    let paused = visit.moment();
    assert!(paused.event >= now.event);

    page.execute(LISTEN, &[]);
    hurry(page);
    page.button("Play").click();
    let end = visit.wait_moment("the end", |now| now.event == now.of);
    page.button("Play").wait();
    page.status().wait_text("The run is over");
    assert_eq!(visit.moment(), end);
    let heard = page.execute("return heard", &[]);
    let heard: Vec<_> = heard.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect();
    assert!(heard.iter().all(|text| !text.trim().is_empty()), "never empty: {heard:?}");
    let ops = native("a-replica-is-down").trace().ops.len();
    assert!(heard.len() <= ops + 4, "start, outcomes, end; not every event: {heard:#?}");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_property_that_breaks_is_said_when_it_breaks() {
    let recording = native("not-linearizable");
    let breaches = check::breaches(&recording, recording.len());
    let place =
        breaches.iter().find(|breach| breach.claim == Claim::Linearizable).expect("the story breaks it");
    let visit = Visit::to("#s=not-linearizable");
    let page = &visit.page;
    page.slider("Timeline").set_value(&(place.position - 3).to_string());
    visit.wait_moment("just before", |now| now.event == place.position - 3);
    visit.wait_judged();
    page.button("Play").click();
    page.status().wait_text("linearizable is broken");
    // A stop of a lesson may have paused it there.
    page.execute("document.querySelector('button[aria-label=Pause]')?.click()", &[]);
    page.button("Play").wait();
    assert!(visit.moment().event >= place.position);
    assert_eq!(visit.verdict("linearizable"), "broken");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_request_can_be_made_while_it_plays() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    let whole = visit.moment().of;
    page.button("Play").click();
    visit.wait_moment("the clock runs", |now| now.event > 0);
    visit.type_request("basket", "bread");
    page.button("Put").click();
    visit.wait_moment("the run has the put", |now| now.of != whole);
    visit.tab("Request").wait_text("bread");
    visit.to_end();
    page.button("Play").wait();
    visit.tab("Request").wait_text("\nok");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn play_advances_with_reduced_motion() {
    let visit = Visit::to("");
    let page = &visit.page;
    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    // No lesson, whose stops would pause it.
    visit.anew("#s=not-linearizable-blocking");
    page.button("Play").click();
    visit.wait_moment("the clock runs", |now| now.event > 0);
    hurry(page);
    visit.wait_moment("the end", |now| now.event == now.of);
    page.button("Play").wait();
    let end = visit.moment();
    assert_eq!(visit.move_by("Step back").event, end.event - 1);
    page.assert_no_errors();
}
