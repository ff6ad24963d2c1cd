//! `ringside run` walks lessons.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Exit status, text, and the JSON's `lesson`.
fn run(file: &str) -> (Option<i32>, String, Value) {
    let ringside = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_ringside")).args(args).output().expect("it was built for this test")
    };
    let text = ringside(&["run", file]);
    let json = ringside(&["run", file, "--json"]);
    assert_eq!(text.status.code(), json.status.code());
    let report: Value = serde_json::from_slice(&json.stdout).expect("the output is JSON");
    (text.status.code(), String::from_utf8(text.stdout).expect("it is text"), report["lesson"].clone())
}

#[test]
fn a_lesson_is_reported_stop_by_stop() {
    let file = format!("{}/../static/scenarios/stale-read.toml", env!("CARGO_MANIFEST_DIR"));
    let (status, text, lesson) = run(&file);
    assert_eq!(status, Some(0));
    let stops = lesson.as_array().expect("a list");
    let brief: Vec<_> = stops.iter().map(|stop| (&stop["stop"], &stop["name"], &stop["done"])).collect();
    assert_eq!(brief[1], (&json!(2), &json!("Bob asks"), &json!(null)), "it only asks a question");
    assert_eq!(brief[2], (&json!(3), &json!("A stale read"), &json!(true)));
    assert_eq!(stops[2]["at_ms"], json!(25));
    assert!(
        text.contains("done    25 ms") && text.ends_with("The lesson can be walked: 4 stops.\n"),
        "{text}"
    );
}

#[test]
fn a_lesson_whose_act_comes_to_nothing_fails() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-use.toml");
    let head = "ringside = 1\n[[step]]\nat = \"1ms\"\nget = { key = \"k\" }\n[lesson]\nnumber = 1\n[[lesson.stop]]\n";
    let stop = "at = \"1ms\"\nname = \"Put\"\nsay = \"s\"\nact = \"a\"\ndo = [{ put = { id = \"w\", key = \"k\", value = \"v\" } }]\n";
    let done = "done = { op = \"w\", outcome = \"failed\" }\n[[lesson.stop]]\nat = \"1h\"\nname = \"Far\"\nsay = \"s\"\n";
    std::fs::write(&path, [head, stop, done].concat()).expect("the folder for tests can be written to");
    let (status, text, lesson) = run(path.to_str().expect("the path is text"));
    assert_eq!(status, Some(1));
    assert_eq!((&lesson[0]["done"], &lesson[1]["at_ms"]), (&json!(false), &json!(null)));
    assert!(text.contains("FAILED  1 ms") && text.contains("FAILED  never"), "{text}");
    assert!(
        text.contains("No claim is broken") && text.ends_with("2 of 2 stops of the lesson failed.\n"),
        "{text}"
    );
}

#[test]
fn a_scenario_without_a_lesson_has_none() {
    let file = format!("{}/../static/scenarios/sandbox.toml", env!("CARGO_MANIFEST_DIR"));
    let (status, text, lesson) = run(&file);
    assert_eq!((status, lesson), (Some(0), json!([])));
    assert!(!text.contains("esson"), "{text}");
}
