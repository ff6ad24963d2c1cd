//! `ringside run` and `ringside digest` as a user runs them: output, exit status, errors.

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn ringside(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(args)
        .output()
        .expect("the binary was built for this test")
}

fn builtin(name: &str) -> String {
    format!("{}/../static/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

/// A file of this test alone.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written to");
    path
}

fn path(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("the output is JSON: {output:?}"))
}

fn claim<'a>(report: &'a Value, name: &str) -> &'a Value {
    let claims = report["claims"].as_array().expect("a list");
    claims.iter().find(|claim| claim["claim"] == name).expect("every claim is judged")
}

/// The error of bad input: one line on standard error, nothing on standard output, status 2.
fn refused(args: &[&str]) -> String {
    let Output { status, stdout, stderr } = ringside(args);
    let stderr = String::from_utf8(stderr).expect("errors are text");
    assert_eq!(status.code(), Some(2), "{args:?}: {stderr}");
    assert!(stdout.is_empty(), "{args:?}");
    assert!(stderr.starts_with("error: ") && stderr.lines().count() == 1, "{args:?}: {stderr}");
    stderr
}

#[test]
fn overlapping_quorums_are_no_register_and_blocking_read_repair_makes_one() {
    let output = ringside(&["run", &builtin("not-linearizable"), "--json"]);
    assert_eq!(output.status.code(), Some(0), "its expectations hold");
    let report = json_of(&output);
    let linearizable = claim(&report, "linearizable");
    assert_eq!((&linearizable["verdict"], &linearizable["owed"]), (&json!("broken"), &json!(false)));
    let named: Vec<&str> =
        linearizable["witness"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(named[..3], ["w2", "r1", "r2"], "the put, the get that saw it, the get that missed it");
    assert_eq!(named.len(), 5, "and the two replicas that answered the last: {named:?}");
    assert_eq!(claim(&report, "fresh-reads")["verdict"], "holds");

    let report = json_of(&ringside(&["run", &builtin("not-linearizable-blocking"), "--json"]));
    let linearizable = claim(&report, "linearizable");
    assert_eq!((&linearizable["verdict"], &linearizable["owed"]), (&json!("holds"), &json!(true)));
    assert_eq!(linearizable["witness"], json!([]));
}

const ONE_OF_EACH: &str = r#"
ringside = 1
title = "One of each"
seed = 3
[cluster]
nodes = ["B", "A", "C"]
vnodes = 1
partitioning = "even"
timeout = "20ms"
[network]
delay = "1ms"
[[step]]
at = "1ms"
put = { id = "w1", key = "cart", value = "milk", via = "A", client = "alice" }
[[step]]
at = "10ms"
get = { id = "r1", key = "cart", via = "C", client = "alice" }
[[step]]
at = "20ms"
crash = "A"
[[step]]
at = "21ms"
restart = "A"
[[step]]
at = "30ms"
delete = { id = "d1", key = "cart", via = "A", client = "alice" }
[[step]]
at = "40ms"
get = { id = "r2", key = "cart", via = "B", client = "bob" }
[[step]]
at = "50ms"
crash = "C"
[[step]]
at = "51ms"
crash = "B"
[[step]]
at = "60ms"
put = { id = "w2", key = "cart", value = "eggs", via = "A", client = "bob" }
"#;

#[test]
fn the_report_says_what_happened_and_what_is_stored() {
    let file = file("one-of-each.toml", ONE_OF_EACH);
    let output = ringside(&["run", path(&file), "--json"]);
    assert_eq!(output.status.code(), Some(0), "no owed claim is broken");
    let report = json_of(&output);
    assert_eq!((&report["format"], &report["seed"]), (&json!(1), &json!(3)));
    let ops = report["ops"].as_array().unwrap();
    let first = json!({
        "id": "w1", "client": "alice", "kind": "put", "key": "cart", "via": "A", "coordinator": "A",
        "start_ms": 1, "end_ms": 3, "outcome": "ok", "values": [], "replies": ["A", "B"],
        "hinted": [], "error": null
    });
    assert_eq!(ops[0], first);
    assert_eq!((&ops[1]["values"], &ops[1]["end_ms"]), (&json!(["milk"]), &json!(12)));
    assert_eq!((&ops[2]["kind"], &ops[2]["values"]), (&json!("delete"), &json!([])));
    assert_eq!(
        (&ops[3]["outcome"], &ops[3]["values"]),
        (&json!("ok"), &json!([])),
        "a tombstone is no value"
    );
    assert_eq!((&ops[4]["outcome"], &ops[4]["end_ms"]), (&json!("unknown"), &json!(80)));
    assert_eq!(ops[4]["error"], "unavailable: 1 of 2 acks");

    let stored = json!([{ "value": null, "dot": "A′:1", "context": { "A": 1 }, "deleted": true }]);
    assert_eq!(report["keys"]["cart"]["C"], stored);
    let here = report["keys"]["cart"]["A"].as_array().unwrap();
    assert_eq!(here.last().unwrap()["value"], "eggs");
    let node = |name: &str| {
        report["nodes"].as_array().unwrap().iter().find(|node| node["name"] == name).unwrap().clone()
    };
    assert_eq!(node("C"), json!({ "name": "C", "state": "down", "keys": 1, "hints": 0, "tombstones": 1 }));
    assert_eq!(node("A")["state"], "up");

    let metrics = &report["metrics"];
    assert_eq!(metrics["messages"]["write"], 6, "three writes to two others each");
    assert_eq!(metrics["messages"]["read"], 4);
    assert!(metrics["bytes"]["write"].as_u64() > metrics["bytes"]["write-ack"].as_u64());
    assert_eq!(metrics["read_repairs"], 0);
    assert_eq!(metrics["latency_ms"]["put"]["p50"], 2);
    assert_eq!(metrics["latency_ms"]["get"]["max"], 2);
    assert_eq!(metrics["hints"]["held"], 0);
    assert_eq!(metrics["merkle"]["exchanges"], 0);
}

#[test]
fn every_mechanism_is_counted() {
    let metrics = |name: &str| json_of(&ringside(&["run", &builtin(name), "--json"]))["metrics"].clone();
    let suspected = metrics("who-says-it-is-down")["detector"].clone();
    assert_eq!(
        suspected,
        json!({ "suspected": 8, "trusted": 8, "restarted": 0 }),
        "the links into B are cut and mended"
    );
    let joined = metrics("a-node-joins")["membership"].clone();
    assert_eq!((&joined["begun"], &joined["aborted"]), (&json!(1), &json!(0)));
    assert!(joined["keys_moved"].as_u64() > Some(0) && joined["keys_dropped"].as_u64() > Some(0), "{joined}");
    assert!(metrics("stale-tombstone")["tombstones"]["collected"].as_u64() > Some(0));
}

#[test]
fn the_same_run_has_the_same_digest_and_another_seed_another() {
    let file = builtin("stale-read");
    let digest = String::from_utf8(ringside(&["digest", &file]).stdout).unwrap();
    assert!(digest.len() == 17 && digest.trim().bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    let run = |args: &[&str]| json_of(&ringside(&[&["run", &file, "--json"], args].concat()));
    assert_eq!(run(&[])["digest"], digest.trim());
    let other = run(&["--seed", "99"]);
    assert_eq!(other["seed"], 99);
    assert_ne!(other["digest"], digest.trim());
    let short = run(&["--until", "20ms"]);
    assert_eq!(short["ended_ms"], 20);
    assert_eq!(short["ops"].as_array().unwrap().len(), 2, "the gets come later");
}

#[test]
fn an_operation_that_the_end_cut_off_has_no_outcome() {
    let file = file("cut-off.toml", format!("{ONE_OF_EACH}\n"));
    let report = json_of(&ringside(&["run", path(&file), "--until", "11ms", "--json"]));
    let last = &report["ops"][1];
    assert_eq!((&last["id"], &last["end_ms"], &last["outcome"]), (&json!("r1"), &Value::Null, &Value::Null));
    assert_eq!(report["metrics"]["latency_ms"]["get"]["p50"], Value::Null);
}

#[test]
fn an_expectation_that_fails_is_status_1_and_says_what_was_so() {
    let expect =
        "\n[[expect]]\nop = \"r1\"\nvalues = [\"eggs\"]\n[[expect]]\nop = \"w1\"\noutcome = \"ok\"\n";
    let file = file("fails.toml", format!("{ONE_OF_EACH}{expect}"));
    let output = ringside(&["run", path(&file), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report = json_of(&output);
    assert_eq!(report["expect"][0]["what"], "r1 returns \"eggs\"");
    assert_eq!((&report["expect"][0]["holds"], &report["expect"][1]["holds"]), (&json!(false), &json!(true)));
    assert_eq!(report["expect"][0]["why"], "r1 ended ok and returned \"milk\" at 12 ms.");
    let text = String::from_utf8(ringside(&["run", path(&file)]).stdout).unwrap();
    assert!(
        text.contains("FAILED  r1 returns \"eggs\"") && text.ends_with("1 of 2 expectations failed.\n"),
        "{text}"
    );
}

#[test]
fn the_tables_show_operations_claims_and_nodes() {
    let output = ringside(&["run", &builtin("not-linearizable")]);
    let text = String::from_utf8(output.stdout).unwrap();
    for must_say in ["Operations\n", "linearizable      broken", "Expectations\n  holds", "Nodes at the end"]
    {
        assert!(text.contains(must_say), "{must_say}: {text}");
    }
    assert!(text.ends_with("All 7 expectations hold.\nThe lesson can be walked: 4 stops.\n"), "{text}");
}

#[test]
fn a_trace_is_one_json_object_a_line_for_every_event() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace.jsonl");
    let report = json_of(&ringside(&["run", &builtin("stale-read"), "--json", "--trace", path(&out)]));
    let lines = std::fs::read_to_string(&out).unwrap();
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json!(events.len()), report["events"]);
    assert_eq!((&events[0]["position"], &events[0]["event"]), (&json!(1), &json!("act")));
    assert_eq!((&events[0]["op"], &events[0]["act"]["value"]), (&json!("w1"), &json!("milk")));
    assert!(events.iter().any(|event| event["event"] == "delivered" && event["message"]["kind"] == "write"));
    let minted = events.iter().flat_map(|event| event["notes"].as_array().unwrap());
    assert_eq!(minted.filter(|note| note["note"] == "minted").count(), 2);
}

#[test]
fn a_trace_that_cannot_be_written_or_would_replace_the_scenario_is_refused() {
    let scenario = file("kept.toml", ONE_OF_EACH);
    assert!(
        refused(&["run", path(&scenario), "--trace", path(&scenario)]).contains("is the scenario itself")
    );
    assert_eq!(std::fs::read_to_string(&scenario).unwrap(), ONE_OF_EACH);
    assert!(
        refused(&["run", path(&scenario), "--trace", "/no/such/folder/t.jsonl"])
            .contains("cannot be written")
    );
}

#[test]
fn a_scenario_can_come_from_standard_input() {
    let run = |text: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ringside"))
            .args(["digest", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let file = file("piped.toml", ONE_OF_EACH);
    assert_eq!(run(ONE_OF_EACH).stdout, ringside(&["digest", path(&file)]).stdout);
    let bad = run("ringside = 1\nseeed = 1\n");
    let stderr = String::from_utf8(bad.stderr).unwrap();
    assert!(bad.status.code() == Some(2) && stderr.starts_with("error: -:2:1: "), "{stderr}");
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place_and_a_hint() {
    let bad = |name: &str, content: &[u8]| {
        let file = file(name, content);
        let trace = file.with_extension("jsonl");
        let message = refused(&["run", path(&file), "--json", "--trace", path(&trace)]);
        assert!(!trace.exists(), "nothing is written");
        assert_eq!(message, refused(&["digest", path(&file)]), "every command says the same");
        message.replace(path(&file), "FILE")
    };
    let misspelt = bad("misspelt.toml", b"ringside = 1\n[cluster]\nnodse = 5\n");
    assert!(misspelt.starts_with("error: FILE:3:1: ") && misspelt.contains("\"nodes\""), "{misspelt}");
    let step = "ringside = 1\n[cluster]\nnodes = 3\n[[step]]\nat = \"1ms\"\n";
    let missing = bad("missing-node.toml", format!("{step}crash = \"Q\"\n").as_bytes());
    assert!(missing.starts_with("error: FILE:6:9: ") && missing.contains("\"Q\""), "{missing}");
    let quorum = bad("quorum.toml", b"ringside = 1\n[cluster]\nn = 3\nr = 4\n");
    assert!(quorum.starts_with("error: FILE:4:5: ") && quorum.contains('3'), "{quorum}");
    let loss = bad("loss.toml", b"ringside = 1\n[network]\nloss = \"140%\"\n");
    assert!(loss.starts_with("error: FILE:3:8: ") && loss.contains("100"), "{loss}");
    let empty = bad("empty.toml", b"");
    assert!(empty.starts_with("error: FILE:") && empty.contains("ringside = 1"), "{empty}");
    let binary = bad("binary.toml", b"\x7fELF\x02\x01\x00\xff\xfe\x00");
    assert!(binary.starts_with("error: FILE:1:8: ") && binary.contains("UTF-8"), "{binary}");
    let large = bad("large.toml", &vec![b'#'; 2 * 1_048_576]);
    assert!(large.starts_with("error: FILE: ") && large.contains("1 MiB"), "{large}");
}

#[test]
fn what_is_no_file_is_said_with_a_hint() {
    let missing = refused(&["run", "no-such-file.toml"]);
    assert!(missing.starts_with("error: no-such-file.toml: there is no such file"), "{missing}");
    let named = refused(&["run", "stale-read"]);
    assert!(named.contains("static/scenarios/stale-read.toml"), "{named}");
    let folder = refused(&["run", env!("CARGO_TARGET_TMPDIR")]);
    assert!(folder.contains("this is a directory"), "{folder}");
    for args in [&["run"][..], &["digest"], &["run", "a.toml", "b.toml"], &["run", "a.toml", "--seed", "x"]] {
        assert!(refused(args).contains("ringside") || refused(args).contains("--seed"), "{args:?}");
    }
}

#[test]
fn a_reader_that_has_gone_does_not_change_the_verdict() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(["run", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built for this test");
    drop(child.stdout.take());
    let wrong = "ringside = 1\n[[step]]\nat = \"1ms\"\nget = { key = \"cart\" }\n[[expect]]\nop = \"op1\"\nvalues = [\"milk\"]\n";
    child.stdin.take().expect("it is piped").write_all(wrong.as_bytes()).expect("it reads its scenario");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &[][..]));
}
