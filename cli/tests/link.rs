//! `ringside link` and `ringside unlink` as a user runs them.

use ringside_sim::Scenario;
use ringside_sim::scenario::BUILTIN;
use std::path::PathBuf;
use std::process::{Command, Output};

fn ringside(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(args)
        .output()
        .expect("the binary was built for this test")
}

fn printed(args: &[&str]) -> String {
    let output = ringside(args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("the output is text")
}

fn file(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(name).display().to_string()
}

#[test]
fn every_built_in_scenario_goes_there_and_back() {
    for (name, text) in BUILTIN {
        let link = printed(&["link", &file(&format!("static/scenarios/{name}.toml"))]);
        assert!(link.starts_with("#v1.") && link.ends_with('\n') && link.len() < 100, "{link}");
        let back = printed(&["unlink", link.trim()]);
        assert_eq!(Scenario::parse(&back), Scenario::parse(text), "{name}:\n{back}");
        assert_eq!(printed(&["unlink", &format!("https://x.org/#s={name}&at=5ms")]), back);
    }
}

#[test]
fn a_scenario_of_one_s_own_is_carried_as_a_whole() {
    let own = file("tests/scenarios/zones/distinct-zones-come-first.toml");
    let link = printed(&["link", &own, "--base", "https://example.org/ringside/"]);
    assert!(link.starts_with("https://example.org/ringside/#v1.d."), "{link}");
    let text = std::fs::read_to_string(&own).expect("it is there");
    assert_eq!(Scenario::parse(&printed(&["unlink", link.trim()])), Scenario::parse(&text));
}

#[test]
fn bad_input_is_one_line_on_stderr_and_status_2() {
    for (args, part) in [
        (&["link"][..], "needs a FILE"),
        (&["link", "no-such-file.toml"], "there is no such file"),
        (&["link", "a.toml", "b.toml"], "'b.toml' means nothing"),
        (&["link", "a.toml", "--base", "http://x/#y"], "--base"),
        (&["unlink"], "needs a LINK"),
        (&["unlink", "#v1.p.AAAA"], "link: it is damaged; copy the whole link"),
        (&["unlink", "#v7.p.AAAA"], "link: it is of version 7"),
        (&["unlink", "hello"], "link: it is no link of Ringside"),
        (&["unlink", "#s=nothing"], "link: there is no built-in scenario \"nothing\""),
        (&["unlink", "#s=stale-read", "more"], "'more' means nothing"),
    ] {
        let Output { status, stdout, stderr } = ringside(args);
        let stderr = String::from_utf8(stderr).expect("messages are text");
        assert_eq!(status.code(), Some(2), "{args:?}");
        assert!(
            stdout.is_empty() && stderr.starts_with("error: ") && stderr.lines().count() == 1,
            "{stderr}"
        );
        assert!(stderr.contains(part), "{args:?}: {stderr}");
    }
}
