//! Lessons: each can be walked by keyboard alone, and what the page then says is done is what `ringside run` says is.

use super::visit::{Visit, native, text};
use ringside_sim::check::lesson::walk;
use ringside_sim::lesson::{Lesson, Stop};
use ringside_sim::scenario::BUILTIN;
use ringside_sim::{Recording, Scenario};
use ringside_tests::browser::keys;

/// More tab stops than a story has.
const MOST_STOPS: usize = 80;

/// Every built-in lesson: its name and what it is.
fn lessons() -> Vec<(&'static str, Scenario, Lesson)> {
    let read = |(name, file): &(&'static str, &str)| {
        let scenario = Scenario::parse(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let lesson = scenario.lesson.clone()?;
        Some((*name, scenario, lesson))
    };
    BUILTIN.iter().filter_map(read).collect()
}

/// Moves the focus with Tab, or with Shift and Tab, until a button of that name has it.
#[track_caller]
fn tab_to(visit: &Visit, name: &str) {
    let back = [keys::SHIFT, keys::TAB].concat();
    // What a step shows is redrawn around the focus; so it is looked for both ways, then once more.
    for key in [keys::TAB, &back, keys::TAB] {
        for _ in 0..MOST_STOPS {
            if visit.page.focused() == ("button".to_owned(), name.to_owned()) {
                return;
            }
            visit.page.press(key);
        }
    }
    panic!("no Tab leads to {name}; the focus is on {:?}", visit.page.focused());
}

fn step_name(lesson: &Lesson, number: usize, stop: &Stop, done: bool) -> String {
    let done = if done { ", done" } else { "" };
    format!("Step {} of {}: {}{done}", number + 1, lesson.stops.len(), stop.name)
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn every_lesson_can_be_walked_by_keyboard_alone() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    // Steps are there at once.
    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    for (name, scenario, lesson) in lessons() {
        visit.anew(&format!("#s={name}&stage=story"));
        let panel = page.region("Lesson");
        let count = lesson.stops.len();
        let puzzle = name.starts_with("puzzle-");
        let what = if puzzle { "Puzzle".to_owned() } else { format!("Lesson {} of ", lesson.number) };
        panel.wait_text(&what);
        for (number, stop) in lesson.stops.iter().enumerate() {
            match number % 3 {
                0 => page.press(keys::PAGE_DOWN),
                turn => {
                    tab_to(&visit, "Next");
                    page.press(if turn == 1 { keys::ENTER } else { keys::SPACE });
                }
            }
            panel.wait_text(&format!("step {} of {count}", number + 1));
            panel.wait_text(&stop.name);
            page.status().wait_text(&format!("Step {} of {count}: {}", number + 1, stop.name));
            if let Some(question) = &stop.question {
                let answer = &question.choices[question.answer as usize - 1];
                let wrong = &question.choices[question.answer as usize % question.choices.len()];
                assert!(!panel.text().contains(&question.because), "{name}: predict first");
                tab_to(&visit, wrong);
                page.press(keys::ENTER);
                panel.wait_text(&format!("It is: {answer}."));
                tab_to(&visit, answer);
                page.press(keys::SPACE);
                panel.wait_text("Right.");
                page.status().wait_text("Right.");
            }
            if stop.task.is_some() {
                tab_to(&visit, "Do it for me");
                page.press(keys::ENTER);
                page.next_frame();
            }
        }
        page.press(keys::PAGE_DOWN);
        visit.wait_moment("the end of the run", |now| now.event == now.of);
        let (walked, run) = walk(&scenario);
        let end = visit.moment();
        assert_eq!(end.of, run.len(), "{name}: the walk on the page is the walk of the command line");
        page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
        for ((number, stop), walked) in lesson.stops.iter().enumerate().zip(&walked) {
            assert_ne!(walked.done, Some(false), "{name}, {}: {}", stop.name, walked.why);
            panel.get("button", &step_name(&lesson, number, stop, walked.done == Some(true))).wait();
        }
        assert_eq!(page.accessibility_violations(), Vec::<String>::new(), "{name}");
        assert_eq!(page.all("status").count(), 1, "{name}");
        page.assert_no_errors();
    }
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_is_done_is_what_the_command_line_says_at_every_step() {
    let visit = Visit::to("#s=stale-read");
    let page = &visit.page;
    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    for (name, scenario, lesson) in lessons() {
        visit.anew(&format!("#s={name}"));
        let panel = page.region("Lesson");
        // With nothing done by hand, nothing is done, whatever has happened.
        visit.to_end();
        page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
        let mut bare = Recording::new(scenario.clone());
        bare.run_to_end();
        let said = ringside_sim::check::lesson::done(&bare, bare.len());
        for ((number, stop), done) in lesson.stops.iter().enumerate().zip(said) {
            panel.get("button", &step_name(&lesson, number, stop, done == Some(true))).wait();
        }
        page.assert_no_errors();
    }
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_first_visit_plays_to_the_question_of_lesson_four_and_stops_there() {
    let visit = Visit::to("");
    let page = &visit.page;
    page.combobox("Scenario").wait_value("stale-read");
    let lesson = native("stale-read").scenario().lesson.clone().expect("it is a lesson");
    let (number, stop) = (0..).zip(&lesson.stops).find(|(_, stop)| stop.question.is_some()).expect("it asks");
    let question = stop.question.as_ref().expect("it asks");
    page.status().wait_text(&format!("Step {} of {}", number + 1, lesson.stops.len()));
    page.button("Play").wait();
    page.region("Lesson").wait_text(&question.ask);
    assert!(!page.region("Inspector").exists(), "it is a story");

    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    visit.anew("");
    page.region("Lesson").wait_text(&question.ask);
    let there = visit.moment();
    page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
    page.next_frame();
    page.button("Play").wait();
    assert_eq!(visit.moment(), there, "nothing moves by itself");
    // Whoever wants to see more gets more, also after loading it anew.
    page.button("Explore").click();
    page.region("Inspector").wait();
    page.reload();
    page.region("Inspector").wait();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn playing_pauses_at_stops_and_page_keys_turn_anywhere() {
    let visit = Visit::to("#s=stale-read");
    let page = &visit.page;
    let panel = page.region("Lesson");
    panel.wait_text("4 steps");
    // Three ways on: play, Next, and Next again while it plays.
    page.button("Play").click();
    page.status().wait_text("Step 1 of 4: Milk.");
    page.button("Play").wait();
    page.button("Next").click();
    page.status().wait_text("Step 2 of 4: Bob asks. There is a question.");
    page.button("Play").wait();
    // So slowly that it does not come there by itself.
    let slowest = page.slider("Speed").attribute("min").expect("a range has a beginning");
    page.slider("Speed").set_value(&slowest);
    page.button("Next").click();
    page.button("Pause").wait();
    page.button("Next").click();
    page.status().wait_text("Step 3 of 4: A stale read. There is something to do.");
    // Wherever the focus is, in a slider and in a field, too.
    page.slider("Timeline").press(keys::PAGE_UP);
    page.status().wait_text("Step 2 of 4");
    page.slider("R").press(keys::PAGE_UP);
    page.status().wait_text("Step 1 of 4");
    assert_eq!(page.slider("R").value(), "1");
    page.textbox("Key").press(keys::PAGE_UP);
    page.status().wait_text("At the beginning");
    panel.get("button", "Step 3 of 4: A stale read").click();
    page.status().wait_text("Step 3 of 4");
    assert_eq!(visit.moment().time, "25 ms");
    page.button("Back").click();
    page.status().wait_text("Step 2 of 4");

    // A lesson blocks nothing: beyond its last stop, and in runs without one, everything goes on as ever.
    visit.to_end();
    panel.wait_text("step 4 of 4");
    assert!(
        text(&panel.eval("return this.querySelector('.following').textContent")).starts_with("Next lesson: ")
    );
    visit.anew("#s=sandbox");
    assert!(!page.region("Lesson").exists());
    page.slider("N").press(keys::PAGE_DOWN);
    page.slider("N").wait_value("2");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_a_visitor_does_alone_counts_too() {
    let visit = Visit::to("#s=read-repair");
    let page = &visit.page;
    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    let panel = page.region("Lesson");
    for step in 1..=2 {
        page.button("Next").click();
        page.status().wait_text(&format!("Step {step} of 4"));
    }
    panel.wait_text("Your turn:");
    visit.type_request("cart", "");
    visit.ask("Get");
    let begun = visit.moment();
    assert!(!panel.get("button", "Step 2 of 4: One replica lags, done").exists(), "nobody has answered yet");
    page.button("Next").click();
    page.status().wait_text("Step 3 of 4");
    assert_ne!(visit.moment(), begun);
    panel.get("button", "Step 2 of 4: One replica lags, done").wait();
    let lesson = native("read-repair").scenario().lesson.clone().expect("it is a lesson");
    panel.wait_text(&lesson.stops[1].task.as_ref().expect("it asks for something").then);
    page.button("Undo").click();
    panel.get("button", "Step 2 of 4: One replica lags").wait();
    page.assert_no_errors();
}
