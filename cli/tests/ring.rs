//! `ringside ring` as a user runs it: output, exit status, errors.

use serde_json::Value;
use std::process::{Command, Output};

fn ringside(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(args)
        .output()
        .expect("the binary was built for this test")
}

fn json(args: &[&str]) -> Value {
    let output = ringside(args);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

#[test]
fn the_balance_has_every_promised_field() {
    let report = json(&["ring", "--nodes", "5", "--vnodes", "16", "--seeds", "200", "--json"]);
    assert_eq!((&report["nodes"], &report["vnodes"]), (&Value::from(5), &Value::from(16)));
    assert_eq!(report["partitioning"], "tokens");
    let number = |value: &Value| value.as_f64().unwrap();
    // E[max/mean] is 1.30, rounded, and its deviation from ring to ring 0.13: five standard errors are 0.05.
    assert!((number(&report["share"]["max_over_mean"]) - 1.30).abs() < 0.06, "{report}");
    assert!((number(&report["share"]["cv"]) - (4.0_f64 / 81.0).sqrt()).abs() < 0.03, "{report}");
    assert!((0.3..1.0).contains(&number(&report["share"]["min_over_mean"])), "{report}");
    assert!((number(&report["moved_on_join"]) - 1.0 / 6.0).abs() < 0.02, "{report}");
}

#[test]
fn fixed_partitions_are_reported_as_scenarios_write_them() {
    let report = json(&["ring", "--nodes", "5", "--partitions", "64", "--json"]);
    assert_eq!(report["partitioning"], serde_json::json!({ "partitions": 64 }));
    assert_eq!((&report["nodes"], &report["vnodes"]), (&Value::from(5), &Value::Null));
    let share = report["share"]["max_over_mean"].as_f64().unwrap();
    assert!((1.0 / share - 0.985).abs() < 0.001, "{report}");
    assert_eq!(report["moved_on_join"].as_f64(), Some(10.0 / 64.0));
    let place = json(&["ring", "--partitions", "16", "--key", "cart", "--json"]);
    // The key lies in partition 15: that and partition 0 are both A's, and the list has it once.
    assert_eq!(place["preference"], serde_json::json!(["A", "B", "C"]));
}

#[test]
fn a_key_has_a_position_a_preference_list_and_fallbacks() {
    let place = json(&["ring", "--key", "cart", "--json"]);
    let expected = serde_json::json!({
        "key": "cart", "position": "e0a5aa3bac58015d", "preference": ["D", "B", "C"], "fallbacks": ["E", "A"]
    });
    assert_eq!(place, expected, "the ring of salt 0 is the same for ever");
    let table = String::from_utf8(ringside(&["ring", "--key", "cart"]).stdout).unwrap();
    assert!(table.contains("preference  D B C\n"), "{table}");
}

#[test]
fn bad_usage_is_one_line_on_stderr_and_status_2() {
    for args in [
        &[][..],
        &["rign"],
        &["ring", "--nodes", "0"],
        &["ring", "--nodes"],
        &["ring", "--partitions", "4"],
        &["ring", "--no-such-option"],
        &["ring", "stray"],
    ] {
        let Output { status, stdout, stderr } = ringside(args);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{args:?}");
        assert!(
            stdout.is_empty() && stderr.starts_with("error: ") && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
}

#[test]
fn help_is_no_error() {
    for args in [&["--help"][..], &["-h"], &["ring", "--help"], &["--version"]] {
        let output = ringside(args);
        assert!(output.status.success() && !output.stdout.is_empty(), "{output:?}");
    }
}
