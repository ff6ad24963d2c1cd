//! The views of the cluster as a whole: versions, hash trees, beliefs. Each shows what a headless run of the same
//! scenario says.

use super::visit::{Visit, native, seen};
use ringside_core::NodeId;
use ringside_scene::exchange::Compared;
use ringside_scene::inspect::matrix;
use ringside_scene::rumour::Rumour;
use ringside_scene::versions::Versions;
use ringside_tests::browser::keys;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_versions_of_a_key_are_those_of_the_headless_run() {
    let visit = Visit::to("#s=siblings");
    let recording = native("siblings");
    visit.to_end();
    let panel = visit.tab("Versions");
    let key = recording.trace().ops[0].key.clone();
    panel.wait_text(key.as_str());
    let expected: Vec<String> =
        seen(&recording, recording.len(), |view| Versions::of(view, &key).sentences(view).collect());
    assert!(expected.len() > 2 && expected.iter().any(|said| said.contains("overtaken;")), "{expected:?}");
    for said in &expected {
        panel.wait_text(said);
    }
    panel.get("image", "Versions of the key").wait();

    visit.page.button("To start").click();
    panel.wait_text("Nothing has been written");
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_story_of_a_lesson_shows_the_view_that_it_is_about() {
    for (lesson, view, image) in [
        ("merkle-trees", "Merkle", "Two hash trees"),
        ("siblings", "Versions", "Versions of the key"),
        ("who-says-it-is-down", "Members", ""),
    ] {
        let visit = Visit::to(&format!("#s={lesson}&stage=story"));
        visit.to_end();
        let exhibit = visit.page.region(view);
        if image.is_empty() {
            exhibit.wait_text("in truth");
        } else {
            exhibit.get("image", image).wait();
        }
        visit.page.assert_no_errors();
    }
    let visit = Visit::to("#s=overlap&stage=story");
    assert!(!visit.page.region("Claims").exists());
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn an_update_that_is_lost_is_said_to_be_lost() {
    let visit = Visit::to("#s=late-clock");
    visit.to_end();
    visit.tab("Versions").wait_text(": lost; nobody has it");
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn an_exchange_is_shown_tree_against_tree_with_its_cost() {
    let visit = Visit::to("#s=merkle-trees");
    let recording = native("merkle-trees");
    let panel = visit.tab("Merkle");
    panel.wait_text("Anti-entropy is off");
    visit.wait_moment("all of it is known", |now| now.of == recording.len());
    visit.to_end();
    let (told, copied) = seen(&recording, recording.len(), |view| {
        let compared = Compared::of(view).expect("C asked for exchanges");
        (compared.told(view), compared.sent.iter().map(|key| key.as_str().to_owned()).collect::<Vec<_>>())
    });
    assert!(told[1].contains("copied"), "{told:?}");
    told.iter().for_each(|said| panel.wait_text(said));
    for key in copied {
        assert!(["apples", "bread", "cheese"].contains(&key.as_str()), "{key}");
        panel.wait_text(&key);
    }
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn beliefs_that_are_not_true_are_outlined_beside_the_truth() {
    let visit = Visit::to("#s=who-says-it-is-down&at=6s");
    let recording = native("who-says-it-is-down");
    let panel = visit.tab("Members");
    let position = visit.moment().event;
    let differ = seen(&recording, position, |view| matrix(view).expect("nodes gossip").differ);
    assert_eq!(differ, 8, "B takes the four others for down, and each of them B");
    panel.wait_text("8 beliefs are not true");
    let outlined = "return document.querySelectorAll('.matrix .differs').length";
    assert_eq!(visit.page.execute(outlined, &[]), 8);
    visit.to_end();
    panel.wait_text("Everybody’s beliefs are true.");

    let of = NodeId(1);
    panel.get("button", "News of B").click();
    let position = visit.moment().event;
    let rumour = seen(&recording, position, |view| Rumour::newest(view, of)).expect("it gossips");
    for at in [position, position - 1] {
        visit.page.slider("Timeline").set_value(&at.to_string());
        visit.wait_moment("at an event", |now| now.event == at);
        for sentence in seen(&recording, at, |view| rumour.told(view)) {
            panel.wait_text(&sentence);
        }
    }
    assert_eq!(panel.get("button", "News of B").attribute("aria-pressed").as_deref(), Some("true"));
    assert_eq!(visit.page.accessibility_violations(), Vec::<String>::new());
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_message_that_is_selected_is_told_in_its_tab() {
    let visit = Visit::to("#s=one-put-three-copies");
    let panel = visit.tab("Message");
    panel.wait_text("No message selected");
    // The first step is a sentence; the second one the put.
    visit.move_by("Step forward");
    visit.move_by("Step forward");
    visit.page.region("Ring").press(keys::DOWN);
    visit.tab("Message").wait_text("write from");
    visit.page.assert_no_errors();
}
