//! `ringside predict` as a user runs it: output, exit status, errors.

use serde_json::{Value, json};
use std::process::{Command, Output};

const BASIC: [&str; 9] = ["predict", "--n", "3", "--r", "1", "--w", "1", "--latency", "lnkd-disk"];

fn ringside(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(args)
        .output()
        .expect("the binary was built for this test")
}

fn report(more: &[&str]) -> Value {
    let output = ringside(&[&BASIC, more, &["--json"]].concat());
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "no bar where there is no terminal: {output:?}");
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

#[test]
fn the_report_has_every_promised_field_and_no_other() {
    let report = report(&["--at", "0ms,1.5ms,10ms", "--trials", "50000", "--seed", "3"]);
    for (field, expected) in [("n", 3), ("r", 1), ("w", 1), ("trials", 50_000)] {
        assert_eq!(report[field], expected, "{field}");
    }
    assert_eq!(report["latency"], "lnkd-disk");
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(&report), "fresh latency latency_ms n r t_ms trials w");
    assert_eq!(names(&report["t_ms"]), "p99 p999");
    assert_eq!(names(&report["latency_ms"]), "read write");
    let moments: Vec<&Value> =
        report["fresh"].as_array().unwrap().iter().map(|fresh| &fresh["t_ms"]).collect();
    assert_eq!(moments, [&json!(0), &json!(1.5), &json!(10)]);
    // Known answers: 43.7 % and 92.6 %; five standard deviations at 50,000 trials are 1.1 % and 0.6 %.
    let fresh = |at: usize| report["fresh"][at]["p"].as_f64().unwrap();
    assert!((fresh(0) - 0.437).abs() < 0.012 && (fresh(2) - 0.926).abs() < 0.007, "{report}");
    for side in ["read", "write"] {
        assert_eq!(names(&report["latency_ms"][side]), "p50 p99 p999");
        let took = |name: &str| report["latency_ms"][side][name].as_f64().unwrap();
        assert!(took("p50") < took("p99") && took("p99") < took("p999"), "{report}");
    }
}

#[test]
fn the_same_seed_says_the_same_and_what_is_not_reached_is_null() {
    assert_eq!(report(&["--trials", "1000", "--seed", "5"]), report(&["--seed", "5", "--trials", "1000"]));
    assert_ne!(report(&["--trials", "1000", "--seed", "5"]), report(&["--trials", "1000", "--seed", "6"]));
    let tail = ["--latency", "1ms,write=pareto 1m 0.1", "--coordinator", "replica", "--trials", "1000"];
    assert_eq!(report(&tail)["t_ms"], json!({ "p99": null, "p999": null }));
}

#[test]
fn the_tables_are_for_people() {
    let output = ringside(&[&BASIC[..], &["--trials", "1000"]].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["N = 3, R = 1, W = 1, latency lnkd-disk", "  t       fresh\n", "  read ", "  write "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let help = String::from_utf8(ringside(&["predict", "--help"]).stdout).unwrap();
    assert!(help.lines().all(|line| line.chars().count() <= 120), "{help}");
}

#[test]
fn bad_usage_is_one_line_on_stderr_and_status_2() {
    for more in [
        &["--r", "4"][..],
        &["--n", "0"],
        &["--latency", "lnkd"],
        &["--latency", "a\nb=1ms"],
        &["--coordinator", "client\n"],
        &["--at", "soon"],
        &["--trials", "1e6"],
        &["--seed", "-1"],
        &["--probes"],
    ] {
        let Output { status, stdout, stderr } = ringside(&[&BASIC, more].concat());
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{more:?}");
        assert!(
            stdout.is_empty() && stderr.starts_with("error: ") && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
}
