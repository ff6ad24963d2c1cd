use super::*;
use crate::explore::draw;
use crate::scenario::BUILTIN;
use proptest::prelude::*;
use ringside_core::Time;

#[track_caller]
fn comes_back(scenario: &Scenario, what: &str) {
    let file = scenario.to_toml();
    match Scenario::parse(&file) {
        Ok(back) => assert_eq!(back, *scenario, "{what}:\n{file}"),
        Err(error) => panic!("{what}: {error}\n{file}"),
    }
}

#[test]
fn every_built_in_scenario_comes_back() {
    for (name, file) in BUILTIN {
        comes_back(&Scenario::parse(file).unwrap(), name);
    }
}

#[test]
fn every_random_scenario_comes_back() {
    for seed in 0..2_000 {
        comes_back(&draw::scenario(seed), &format!("seed {seed}"));
    }
}

#[test]
fn a_file_is_as_a_person_would_write_it() {
    let file = "\
ringside = 1
title = \"A title\"
about = \"\"\"
Two lines with a \"quote\",
and a \\\\ backslash.
\"\"\"
seed = 7
until = \"1.5ms\"

[cluster]
nodes = 3
vnodes = 4
partitioning = { partitions = 8 }
zones = { A = \"eu\", C = \"us east\" }
timeout = \"90s\"
sync = \"2s\"

[network]
delay = { write = \"40ms\", read = \"pareto 1ms 1.5\" }
loss = \"1%\"

[[step]]
at = \"1ms\"
put = { key = \"cart\", value = \"milk\" }

[[step]]
after = \"op1\"
plus = \"250us\"
put = { id = \"w2\", key = \"cart\", value = \"tea\", client = \"bob\", context = \"none\" }
say = \"Bob writes.\"

[[step]]
at = \"0ms\"
restart = { node = \"B\", disk = \"old\" }

[[step]]
at = \"1m\"
set = { r = 1, read_repair = \"off\" }

[[step]]
at = \"1h\"
get = { key = \"cart\" }

[[expect]]
op = \"op2\"
values = []
at = \"2h\"

[[expect]]
hints = 0
";
    assert_eq!(Scenario::parse(file).unwrap().to_toml(), file);
}

#[test]
fn operations_keep_their_names_whatever_they_are() {
    for names in [["op2", "op1", "op3"], ["op1", "op3", "op2"], ["x", "op1", "op01"], ["op3", "op2", "op1"]] {
        let mut scenario = Scenario::default();
        for name in names {
            let file =
                format!("ringside = 1\n[[step]]\nat = \"1ms\"\nget = {{ id = \"{name}\", key = \"k\" }}");
            scenario.steps.extend(Scenario::parse(&file).unwrap().steps);
        }
        comes_back(&scenario, &names.join(" "));
    }
}

#[test]
fn what_is_done_by_hand_becomes_steps() {
    let scenario = Scenario { until: Some(Span::from_secs(1)), ..Scenario::default() };
    assert_eq!(scenario.with_acts(&[]), scenario);
    let acts = [Placed { after: 3, at: Time::from_micros(1_250), act: Act::Crash(NodeId(2)) }];
    let file = scenario.with_acts(&acts).to_toml();
    assert_eq!(file, "ringside = 1\n\n[[step]]\nat = \"1.25ms\"\ncrash = \"C\"\n");
}

proptest! {
    #[test]
    fn any_text_comes_back(title in any::<String>(), about in "(\\PC|[\"\\\\\n\r\t\u{0}\u{7f}])*", name in "[^#\\pC]{0,9}x") {
        let mut scenario = Scenario { title: title.clone(), about, ..Scenario::default() };
        scenario.setup.names = vec![name, "other".to_owned()];
        scenario.setup.zones = vec![(NodeId(0), "a \"zone\"".to_owned())];
        let step = Step { when: When::At(Time::ZERO), act: Act::Note, say: Some(title) };
        scenario.steps.push(step);
        comes_back(&scenario, "text");
    }

    #[test]
    fn any_time_comes_back(micros in 0..86_400_000_000_u64) {
        let scenario = Scenario { until: Some(Span::from_micros(micros)), ..Scenario::default() };
        comes_back(&scenario, "time");
    }
}
