//! Runs every scenario file, those that visitors are offered and those here, one folder a mechanism, and holds each to
//! its own expectations.

#![cfg(not(target_arch = "wasm32"))]

use ringside_sim::check::expect::expect;
use ringside_sim::check::lesson::{done, walk};
use ringside_sim::explore::rest::unrest;
use ringside_sim::lesson::{Stop, Way};
use ringside_sim::scenario::BUILTIN;
use ringside_sim::{Recording, Scenario, What, When};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_scenario_does_what_it_says() {
    let files = all();
    assert!(files.len() > BUILTIN.len(), "those of the mechanisms are found, too");
    let wrong: Vec<String> = files.iter().flat_map(|file| mistakes(file)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_that_visitors_are_offered_is_built_in() {
    let known: BTreeSet<&str> = BUILTIN.iter().map(|(name, _)| *name).collect();
    let stems: Vec<String> = files(&root().join("static/scenarios"))
        .iter()
        .map(|file| file.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(known.len(), BUILTIN.len(), "names are unique");
    assert_eq!(stems.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn every_lesson_can_be_walked() {
    let mut numbers = BTreeSet::new();
    for (name, file) in BUILTIN {
        let scenario = Scenario::parse(file).unwrap_or_else(|error| panic!("{name}.toml:{error}"));
        let Some(lesson) = &scenario.lesson else { continue };
        assert!(numbers.insert(lesson.number), "{name}: another lesson has the number {}", lesson.number);
        let (walked, recording) = walk(&scenario);
        assert_eq!(walked.len(), lesson.stops.len(), "{name}");
        for stop in &walked {
            assert!(stop.at.is_some() && stop.done != Some(false), "{name}, {}: {}", stop.name, stop.why);
        }
        // What a page says of it where it has been walked to the end.
        let selects = |stop: &Stop| {
            stop.task.as_ref().is_some_and(|task| matches!(task.way, Way::Select(_)) && task.done.is_none())
        };
        let said = done(&recording, recording.len());
        for ((stop, walked), said) in lesson.stops.iter().zip(&walked).zip(said) {
            let by_record = walked.done.filter(|_| !selects(stop));
            assert_eq!(said, by_record, "{name}, {}", stop.name);
        }
        // With nothing done by hand nothing is done.
        let bare = run(scenario.clone());
        let idle = done(&bare, bare.len());
        for (stop, idle) in lesson.stops.iter().zip(idle) {
            assert_ne!(idle, Some(true), "{name}, {}: it is done before anyone does anything", stop.name);
        }
    }
    assert!(!numbers.is_empty(), "there are lessons");
}

#[test]
fn a_lesson_that_cannot_be_walked_is_noticed() {
    let file = "ringside = 1\n[[step]]\nat = \"1ms\"\nput = { key = \"k\", value = \"v\" }\n[lesson]\nnumber = 1\n\
        [[lesson.stop]]\nat = \"2ms\"\nname = \"a\"\nsay = \"a\"\nact = \"Get.\"\n\
        do = [{ get = { id = \"r\", key = \"k\" } }]\ndone = { op = \"r\", values = [\"w\"] }\n\
        [[lesson.stop]]\nat = \"9m\"\nname = \"b\"\nsay = \"b\"\n";
    let (walked, _) = walk(&Scenario::parse(file).expect("it is right"));
    assert_eq!((walked[0].done, walked[0].at.is_some()), (Some(false), true));
    assert!(walked[0].why.contains("returned \"v\""), "{}", walked[0].why);
    assert_eq!((walked[1].done, walked[1].at), (None, None));
}

#[test]
fn a_broken_expectation_is_noticed() {
    let text = "ringside = 1\n[[step]]\nat = \"1ms\"\nget = { id = \"r\", key = \"k\" }\n[[expect]]\nop = \"r\"\nvalues = [\"v\"]";
    let results = expect(&run(Scenario::parse(text).expect("it is right")));
    assert_eq!(results.iter().map(|result| result.holds).collect::<Vec<_>>(), [false]);
}

/// More events than any file needs; an hour of two nodes that do nothing but answer each other has some more.
const MOST_EVENTS: u64 = 1_000_000;

/// What a file promises and does not keep.
fn mistakes(file: &Path) -> Vec<String> {
    let name = file.strip_prefix(root()).expect("it is inside").display().to_string();
    let bytes = fs::read(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let scenario = match Scenario::from_bytes(&bytes) {
        Ok(scenario) => scenario,
        Err(error) => return vec![format!("{name}:{error}")],
    };
    let recording = run(scenario);
    let mut wrong = Vec::new();
    let kept = recording.scenario();
    if recording.len() > MOST_EVENTS {
        wrong.push(format!("{name}: {} events; do messages chase each other?", recording.len()));
    }
    if kept.expectations.is_empty() && !kept.steps.is_empty() {
        wrong.push(format!("{name}: expects nothing"));
    }
    let happened =
        |event: &ringside_sim::Event| if let What::Act { step, .. } = event.what { step } else { None };
    let happened: BTreeSet<u32> = recording.trace().events.iter().filter_map(happened).collect();
    for (number, step) in (0..).zip(&kept.steps) {
        if !happened.contains(&number) && kept.until.is_none() {
            let when = if let When::After { op, .. } = &step.when { op } else { "its time" };
            wrong.push(format!("{name}: step {} never happens, it waits for {when}", number + 1));
        }
    }
    wrong.extend(unrest(&recording).map(|why| format!("{name}: it does not come to rest: {why}")));
    for result in expect(&recording).iter().filter(|result| !result.holds) {
        wrong.push(format!("{name}: {} — but: {}", result.what, result.why));
    }
    wrong
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.run(MOST_EVENTS + 1);
    recording
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_owned()
}

fn all() -> Vec<PathBuf> {
    let mut all = files(&root().join("static/scenarios"));
    all.extend(files(&root().join("tests/scenarios")));
    all
}

/// Every scenario file in a folder and in those below, in a fixed order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    let toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    paths
        .iter()
        .flat_map(|path| if path.is_dir() { files(path) } else { vec![path.clone()] })
        .filter(toml)
        .collect()
}
