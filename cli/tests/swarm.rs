//! `ringside swarm`, as a person runs it.

use std::process::{Command, Output};

fn swarm(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside")).arg("swarm").args(args).output().expect("the command starts")
}

#[test]
fn a_clean_swarm_says_what_it_has_tried() {
    let ran = swarm(&["--seeds", "0..30", "--jobs", "2", "--json"]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stdout));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("it is JSON");
    assert_eq!((&report["seeds"], &report["clean"]), (&30.into(), &30.into()));
    assert_eq!(report["broken"], serde_json::json!([]));
    assert!(report["faults"]["put"].as_u64().is_some_and(|puts| puts > 0), "{report}");
    assert!(
        report["simulated_s"].as_f64().is_some_and(|seconds| seconds > 30.0),
        "each lasts a while: {report}"
    );
    assert!(ran.stderr.is_empty(), "no progress bar where there is no terminal");
}

#[test]
fn shards_find_what_the_whole_finds() {
    let count = |args: &[&str]| {
        let ran = swarm(args);
        let report: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("it is JSON");
        report["faults"]["put"].as_u64().expect("there are puts")
    };
    let part = |shard: &str| count(&["--seeds", "0..20", "--shard", shard, "--json"]);
    assert_eq!(part("0/2") + part("1/2"), count(&["--seeds", "0..20", "--json"]));
}

#[test]
fn bad_usage_is_refused_before_anything_runs() {
    let ran = swarm(&["--seeds", "7"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).starts_with("error: --seeds 7 is no range"));
}
