//! What is wrong with files: each mistake at its place, with a hint.

use super::meaning::{acts, good};
use crate::scenario::Scenario;

/// A file that is wrong at the place marked ‸, and a part of what must be said about it.
pub(super) fn wrong(marked: &str, part: &str) {
    let at = marked.find('‸').expect("the place is marked");
    let before = &marked[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    let error = Scenario::parse(&marked.replacen('‸', "", 1)).expect_err(marked);
    assert!(error.message.contains(part), "{marked}\nsays: {error}\nbut not: {part}");
    assert!(!error.message.contains('\n'), "one line: {error}");
    let place = error.place.map(|(line, column)| (line as usize, column as usize));
    assert_eq!(place, Some((line, column)), "{marked}\nsays: {error}");
}

/// As [`wrong`], without the first line, which is right.
fn wrong_body(marked: &str, part: &str) {
    wrong(&format!("ringside = 1\n{marked}"), part);
}

#[test]
fn what_is_no_scenario_at_all_is_said_so() {
    wrong("‸", "missing \"ringside = 1\"");
    wrong("‸# nothing\n", "missing \"ringside = 1\"");
    wrong("‸[package]\nname = \"x\"", "missing \"ringside = 1\"");
    wrong("‸ringsied = 1", "unknown key \"ringsied\", did you mean \"ringside\"?");
    wrong("ringside = ‸2\nnew = 1", "another version of the format; this Ringside reads version 1");
    wrong("ringside = ‸\"1\"", "\"ringside\" must be 1");
    wrong("ringside = 1\nringside = ‸", "this is not TOML");
    wrong("ringside = 1\n‸ringside = 1", "\"ringside\" stands here a second time");
    wrong("ringside = 1\n[cluster‸", "unclosed table");
}

#[test]
fn binary_and_oversized_files_are_refused() {
    let error = Scenario::from_bytes(b"ringside = 1\ntitle = \"\xff\"").unwrap_err();
    assert_eq!(error.place, Some((2, 10)));
    assert!(error.message.contains("byte 22 is not UTF-8"), "{error}");
    let long = "#".repeat(Scenario::MAX_BYTES + 1);
    for error in [Scenario::parse(&long).unwrap_err(), Scenario::from_bytes(long.as_bytes()).unwrap_err()] {
        assert_eq!(error.place, None);
        assert!(
            error.message.contains("too long: a scenario has at most 1,048,576 bytes (1 MiB)"),
            "{error}"
        );
    }
    let fits = format!("ringside = 1\n#{}", "x".repeat(Scenario::MAX_BYTES - 14));
    assert_eq!(fits.len(), Scenario::MAX_BYTES);
    assert_eq!(Scenario::from_bytes(fits.as_bytes()), Ok(Scenario::default()));
}

#[test]
fn mistakes_at_the_top_have_a_place_and_a_hint() {
    for (marked, part) in [
        ("‸titel = \"x\"", "unknown key \"titel\", did you mean \"title\"?"),
        ("‸colour = 1", "the keys are ringside, title, about, seed"),
        ("title = ‸1", "\"title\" must be a text, not 1"),
        ("seed = ‸-1", "must be a whole number from 0 to 9,223,372,036,854,775,807, not -1"),
        ("seed = ‸9223372036854775808", "from 0 to"),
        ("until = ‸2", "\"until\" must be a duration, such as \"250ms\", not 2"),
        ("until = ‸\"2\"", "\"2\" is no duration"),
        ("until = ‸\"25h\"", "longer than 24h"),
        ("until = ‸10:00:00", "a date or time of day"),
        ("cluster = ‸5", "write [cluster]"),
        ("‸[step]\nat = \"1ms\"", "write [[step]], in two brackets"),
        ("step = [‸1]", "write [[step]]"),
        ("expect = ‸{}", "write [[expect]]"),
    ] {
        wrong_body(marked, part);
    }
}

#[test]
fn mistakes_in_the_cluster_have_a_place_and_a_hint() {
    for (marked, part) in [
        ("‸nodse = 5", "unknown key \"nodse\" in \"cluster\", did you mean \"nodes\"?"),
        ("n = 3\n‸delay = \"1ms\"", "unknown key \"delay\" in \"cluster\", the keys are nodes, n, r, w"),
        ("nodes = ‸0", "from 1 to 1,024, not 0"),
        ("nodes = ‸1025", "from 1 to 1,024, not 1025"),
        ("nodes = ‸2.5", "not 2.5"),
        ("nodes = ‸[]", "a cluster has 1 to 1,024 nodes, not 0"),
        ("nodes = [\"A\", ‸\"A\"]", "two nodes are named \"A\""),
        ("nodes = [\"A\", ‸1]", "each of \"nodes\" must be a node's name, not 1"),
        ("nodes = [\"A\", ‸\"a#1\"]", "cannot name a node"),
        ("nodes = [‸\"\"]", "cannot name a node"),
        ("n = ‸17", "from 1 to 16, not 17"),
        ("n = ‸0", "from 1 to 16, not 0"),
        ("r = ‸4", "r = 4 is more than n = 3: a get cannot wait for more replicas than a key has"),
        ("w = 2\nw = ‸x", "this is not TOML"),
        ("w = ‸4", "w = 4 is more than n = 3: a put cannot"),
        ("n = ‸1", "r = 2 is more than n = 1"),
        ("vnodes = ‸1025", "from 1 to 1,024, not 1025"),
        ("vnodes = ‸-8", "not -8"),
        ("partitioning = ‸\"evne\"", "must be \"tokens\" or \"even\", not \"evne\"; did you mean \"even\"?"),
        ("partitioning = { partitions = ‸65537 }", "from 1 to 65,536, not 65537"),
        ("partitioning = { partitions = ‸4 }", "4 partitions cannot give each of 5 nodes one"),
        ("partitioning = { ‸parts = 4 }", "unknown key \"parts\""),
        ("partitioning = ‸64", "must be \"tokens\", \"even\" or { partitions = 64 }, not 64"),
        ("read_repair = ‸\"sync\"", "\"async\" or \"blocking\" or \"off\""),
        ("timeout = ‸\"0ms\"", "must be longer than nothing"),
        ("quorum = ‸\"slopy\"", "\"sloppy\""),
        ("quorum = ‸1", "not 1"),
        ("hinted_handoff = ‸1", "must be true or false"),
        ("hint_window = ‸\"0s\"", "must be longer than nothing, such as \"3h\""),
        ("quorum = \"sloppy\"\nhinted_handoff = ‸false", "does not go with quorum = \"sloppy\""),
        (
            "versions = ‸\"vector\"",
            "\"versions\" must be \"dotted\" or \"plain\" or \"last-write-wins\", not \"vector\"",
        ),
        ("versions = ‸\"plian\"", "did you mean \"plain\"?"),
        ("clock_limit = ‸-1", "from 0 to 4,294,967,295, not -1"),
        ("counters = ‸1", "must be \"per-actor\" or \"per-key\", not 1"),
        ("anti_entropy = ‸\"often\"", "\"often\" is no duration"),
        ("anti_entropy = ‸\"1us\"", "shorter than 1ms"),
        ("gossip = ‸\"0.5ms\"", "shorter than 1ms"),
        ("gossip = ‸\"often\"", "\"often\" is no duration"),
        (
            "failure_detector = ‸\"phi\"",
            "\"phi\" is no failure detector; write \"phi 8\", \"timeout 500ms\" or \"off\"",
        ),
        ("failure_detector = ‸\"phi 0\"", "\"0\" is no limit for phi"),
        ("failure_detector = ‸\"phi 1.0001\"", "\"1.0001\" is no limit for phi"),
        ("failure_detector = ‸\"phi 1001\"", "\"1001\" is no limit for phi"),
        ("failure_detector = ‸\"timeout 5\"", "\"5\" is no duration"),
        ("failure_detector = ‸\"timeout 0s\"", "shorter than 1ms"),
        (
            "tombstones = ‸\"never\"",
            "\"keep\", \"all-replicas\" or a grace period, and \"never\" is no duration",
        ),
        ("tombstones = ‸\"1us\"", "shorter than 1ms"),
        ("pending_acks = ‸\"all\"", "\"extra\""),
        ("stream_from = ‸\"all\"", "\"giver\""),
        ("sync = ‸\"0s\"", "for every write, write \"every-write\""),
        ("sync = ‸\"never\"", "is no duration"),
        ("sync = ‸1", "must be \"every-write\", or an interval"),
        ("zones = ‸[]", "a table such as"),
        ("zones = { ‸F = \"eu\" }", "there is no node \"F\" to be in a zone; the nodes are A, B, C, D, E"),
        ("zones = { A = ‸\"\" }", "\"A\" must be a zone's name, such as \"eu\", not \"\""),
        ("zones = { A = ‸1 }", "a zone's name"),
    ] {
        wrong_body(&format!("[cluster]\n{marked}"), part);
    }
}

#[test]
fn mistakes_in_the_network_have_a_place_and_a_hint() {
    for (marked, part) in [
        ("loss = ‸\"140%\"", "\"140%\" is more than 100 %"),
        ("loss = ‸0.1", "\"loss\" must be a ratio, such as \"1/100\" or \"1%\", not 0.1"),
        ("loss = ‸\"1/0\"", "divides by zero"),
        ("duplicate = ‸\"2\"", "more than 100 %"),
        ("delay = ‸1", "must be a delay: \"1ms\", \"uniform 1ms 10ms\""),
        ("delay = ‸\"\"", "\"delay\": \"\" is no delay; write \"1ms\", \"uniform 1ms 10ms\""),
        ("delay = ‸\"1\"", "\"1\" is no duration"),
        ("delay = ‸\"unifrom 1ms 2ms\"", "did you mean \"uniform\"?"),
        ("delay = ‸\"uniform 1ms\"", "is no delay"),
        ("delay = ‸\"uniform 2ms 1ms\"", "write the shorter time first"),
        ("delay = ‸\"pareto 1ms 0\"", "no exponent for pareto"),
        ("delay = ‸\"pareto 1ms 1.2345\"", "at most three decimals"),
        ("delay = ‸\"2h\"", "no message takes longer than 1h"),
        ("delay = { write = ‸\"x\" }", "\"write\": \"x\" is no delay"),
        ("delay = { ‸writes = \"1ms\" }", "did you mean \"write\"?"),
    ] {
        wrong_body(&format!("[network]\n{marked}"), part);
    }
}

#[test]
fn mistakes_in_steps_have_a_place_and_a_hint() {
    for (marked, part) in [
        ("‸[[step]]\nget = { key = \"k\" }", "this step has no moment"),
        ("‸[[step]]\nat = \"1ms\"", "this step does nothing"),
        ("[[step]]\nat = \"1ms\"\n‸gte = { key = \"k\" }", "did you mean \"get\"?"),
        (
            "[[step]]\nat = \"1ms\"\nput = { key = \"k\", value = \"v\" }\nget = ‸{ key = \"k\" }",
            "\"put\" stands here besides \"get\"",
        ),
        (
            "[[step]]\nat = \"1ms\"\nafter = ‸\"w\"\nget = { id = \"w\", key = \"k\" }",
            "either \"at\" or \"after\"",
        ),
        ("[[step]]\nat = \"1ms\"\nplus = ‸\"1ms\"\nnote = true", "\"plus\" goes with \"after\""),
        (
            "[[step]]\nafter = ‸\"w9\"\nget = { id = \"w1\", key = \"k\" }",
            "no operation is called \"w9\"; the operations are: w1; did you",
        ),
        ("[[step]]\nafter = ‸\"w1\"\nnote = true", "the operations are: there are none"),
        ("[[step]]\nafter = ‸\"a\"\nget = { id = \"a\", key = \"k\" }", "\"a\" would wait for itself to end"),
        (
            "[[step]]\nafter = ‸\"b\"\nget = { id = \"a\", key = \"k\" }\n[[step]]\nafter = \"a\"\nget = { id = \"b\", key = \"k\" }",
            "would wait for itself",
        ),
        ("[[step]]\nat = ‸5\nnote = true", "\"at\" must be a duration"),
        ("[[step]]\nat = \"1ms\"\nsay = ‸5\nnote = true", "\"say\" must be a text"),
        ("[[step]]\nat = \"1ms\"\nnote = ‸false", "\"note\" must be true, not false"),
        ("[[step]]\nat = \"1ms\"\nheal = ‸1", "\"heal\" must be true, not 1"),
        ("[[step]]\nat = \"1ms\"\nworkload = ‸{}", "\"workload\" needs \"rate\": write rate = 100"),
        (
            "[[step]]\nafter = ‸\"load1-4\"\nworkload = { rate = 5, for = \"1s\" }",
            "\"load1-4\" would wait for itself to end",
        ),
        (
            "[[step]]\nafter = ‸\"load1-6\"\nnote = true\n[[step]]\nat = \"1ms\"\nworkload = { rate = 5, for = \"1s\" }",
            "no operation is called \"load1-6\"",
        ),
        (
            "[cluster]\ngossip = \"off\"\n[[step]]\nat = \"1ms\"\njoin = ‸\"F\"",
            "\"join\" needs gossip, by which nodes hear of it",
        ),
        ("[cluster]\ngossip = \"off\"\n[[step]]\nat = \"1ms\"\nleave = ‸\"A\"", "\"leave\" needs gossip"),
        ("[[step]]\nat = \"1ms\"\njoin = ‸\"\"", "cannot name a node"),
        ("[[step]]\nat = \"1ms\"\nleave = ‸\"F\"", "there is no node \"F\""),
        (
            "[[step]]\nat = \"1ms\"\nreplace = { dead = \"A\", new = ‸\"A\" }",
            "a node cannot take its own place",
        ),
    ] {
        wrong_body(marked, part);
    }
}

#[test]
fn mistakes_in_actions_have_a_place_and_a_hint() {
    let key = "k".repeat(257);
    let long_key = format!("get = {{ key = ‸\"{key}\" }}");
    let value = "v".repeat(65_537);
    let long_value = format!("put = {{ key = \"k\", value = ‸\"{value}\" }}");
    for (marked, part) in [
        ("get = ‸\"k\"", "\"get\" must be a table such as { key = \"cart\" }"),
        ("get = ‸{}", "\"get\" needs \"key\": write key = \"cart\""),
        ("put = ‸{ key = \"k\" }", "\"put\" needs \"value\": write value = \"milk\""),
        ("put = { key = \"k\", value = ‸1 }", "\"value\" must be a text, such as \"milk\", not 1"),
        ("put = { ‸kye = \"k\", value = \"v\" }", "did you mean \"key\"?"),
        ("get = { key = \"k\", ‸context = \"none\" }", "the keys are id, key, via, client"),
        ("get = { key = ‸\"\" }", "a key has at least one character"),
        (&long_key, "\"key\" is 257 bytes long; at most 256 are allowed"),
        (&long_value, "\"value\" is 65,537 bytes long; at most 65,536 are allowed"),
        ("get = { key = \"k\", via = ‸\"F\" }", "there is no node \"F\"; the nodes are A, B, C, D, E"),
        ("get = { key = \"k\", via = ‸\"k#0\" }", "this cluster has #1 to #5"),
        ("get = { key = \"k\", via = ‸\"k#6\" }", "this cluster has #1 to #5"),
        ("get = { key = \"k\", via = ‸\"k#+1\" }", "this cluster has #1 to #5"),
        ("get = { key = \"k\", client = ‸\"\" }", "a name without control characters"),
        ("get = { key = \"k\", id = ‸\"none\" }", "cannot be called \"none\""),
        ("delete = { key = \"k\", context = ‸\"w9\" }", "no operation is called \"w9\""),
        ("crash = ‸1", "a node's name, such as \"A\""),
        ("restart = ‸\"F\"", "there is no node \"F\""),
        ("restart = { node = \"A\", disk = ‸\"lost\" }", "\"kept\" or \"old\" or \"empty\""),
        ("wipe = ‸\"F\"", "there is no node \"F\""),
        ("set = { sync = ‸\"1s\" }", "cannot change while the cluster runs"),
        ("restart = ‸{ disk = \"kept\" }", "\"restart\" needs \"node\""),
        ("partition = ‸[]", "needs a group"),
        ("partition = [‸\"A\"]", "a list of groups"),
        ("partition = [[\"A\"], ‸[]]", "a group needs a node"),
        ("partition = [[\"A\"], [\"B\", ‸\"A\"]]", "node A is in a group already"),
        ("link = ‸{ from = \"A\", to = \"B\" }", "\"link\" changes nothing"),
        ("link = { from = \"A\", to = ‸\"A\", cut = true }", "no link to itself"),
        ("link = { from = \"A\", to = \"B\", loss = ‸\"140%\" }", "more than 100 %"),
        ("link = { from = \"A\", to = \"B\", cut = ‸\"yes\" }", "true or false"),
        ("hold = { kind = ‸\"wriet\" }", "there are no \"wriet\" messages; the kinds are write, write-ack"),
        ("deliver = { ‸from = \"A\" }", "unknown key \"from\""),
        ("deliver = ‸17", "a message's number, such as { message = 17 }"),
        ("drop = { message = 17, ‸count = 2 }", "unknown key \"count\""),
        ("hold = { ‸count = 1 }", "unknown key \"count\""),
        ("drop = { count = ‸0 }", "from 1 to 1,000,000, not 0"),
        ("get = { key = \"k\", id = ‸\"load1-1\" }", "how requests of workloads are called"),
        ("set = ‸{}", "\"set\" changes nothing"),
        ("set = { r = ‸4 }", "r = 4 is more than n = 3"),
        ("set = { n = 1, w = ‸2 }", "w = 2 is more than n = 1"),
        ("set = { vnodes = ‸4 }", "cannot change while the cluster runs"),
        (
            "set = { versions = ‸\"plain\" }",
            "\"versions\" cannot change while the cluster runs; n, r, w, clock_limit",
        ),
        ("set = { counters = ‸\"per-key\" }", "cannot change while the cluster runs"),
        ("set = { quorum = \"sloppy\", hinted_handoff = ‸false }", "does not go with quorum = \"sloppy\""),
    ] {
        wrong_body(&format!("[[step]]\nat = \"1ms\"\n{marked}"), part);
    }
}

#[test]
fn mistakes_in_faults_and_workloads_have_a_place_and_a_hint() {
    for (marked, part) in [
        ("duplicate = { count = ‸1000001 }", "from 1 to 1,000,000, not 1000001"),
        ("replay = { count = ‸1001 }", "from 1 to 1,000, not 1001"),
        ("corrupt = { ‸kid = \"write\" }", "did you mean \"kind\"?"),
        ("pause = ‸\"F\"", "there is no node \"F\""),
        ("resume = ‸true", "a node's name, such as \"A\""),
        ("workload = ‸\"end\"", "stop"),
        ("network = ‸{}", "\"network\" changes nothing"),
        ("network = { loss = ‸\"110%\" }", "ratio"),
        ("workload = ‸{ rate = 5 }", "needs \"for\": write for = \"2s\""),
        ("workload = { rate = ‸0, for = \"1s\" }", "from 1 to 1,000,000, not 0"),
        ("workload = { rate = 5, for = ‸\"0s\" }", "longer than nothing"),
        ("workload = { rate = 1000, for = ‸\"2000s\" }", "at most 1000000"),
        ("workload = { rate = 5, for = \"1s\", reads = ‸2 }", "a ratio"),
        ("workload = { rate = 5, for = \"1s\", zipf = ‸-1 }", "an exponent from 0.001 to 10"),
        ("workload = { rate = 5, for = \"1s\", zipf = ‸1e3 }", "an exponent from 0.001 to 10"),
        ("workload = { rate = 5, for = \"1s\", ‸key = \"cart\" }", "did you mean \"keys\"?"),
        ("slow = ‸\"A\"", "a table such as { node = \"A\", factor = 10 }"),
        ("slow = ‸{ node = \"A\" }", "needs \"factor\": write factor = 10"),
        ("slow = { node = \"A\", factor = ‸0 }", "from 1 to 1,000,000, not 0"),
        ("skew = { node = \"A\", by = ‸50 }", "a duration, such as \"200ms\" or \"-50ms\""),
        ("skew = { node = \"A\", by = ‸\"--50ms\" }", "is no duration"),
        ("skew = { node = \"A\", by = ‸\"25h\" }", "longer than 24h"),
        ("drift = { node = \"A\", rate = ‸\"1\" }", "\"1\" is no rate"),
        ("drift = { node = \"A\", rate = ‸\"-101%\" }", "from \"-100%\" to \"100%\""),
        ("drift = { node = \"A\", rate = ‸1 }", "a rate, such as \"100ppm\""),
    ] {
        wrong_body(&format!("[[step]]\nat = \"1ms\"\n{marked}"), part);
    }
}

#[test]
fn operations_have_names_of_their_own() {
    let two = "step = [{ at = \"1ms\", get = { id = \"r\", key = \"k\" } }, { at = \"2ms\", get = { id = ‸\"r\", key = \"k\" } }]";
    wrong_body(two, "another operation is called \"r\" already");
}

#[test]
fn changes_are_judged_in_the_order_of_time() {
    let changes = |first: &str, second: &str| {
        format!(
            "step = [{{ at = \"{first}\", set = {{ r = ‸5 }} }}, {{ at = \"{second}\", set = {{ n = 5 }} }}]"
        )
    };
    assert_eq!(acts(&changes("2ms", "1ms").replace('‸', "")).len(), 2);
    wrong_body(&changes("1ms", "2ms"), "r = 5 is more than n = 3");
    // A lower N lowers R and W, so that the next change is judged against what is then in force.
    assert_eq!(acts("step = [{ at = \"1ms\", set = { n = 1 } }]").len(), 1);
    wrong_body(
        "step = [{ at = \"1ms\", set = { n = 1 } }, { at = \"2ms\", set = { w = ‸2 } }]",
        "w = 2 is more than n = 1",
    );
}

#[test]
fn the_number_of_steps_is_limited() {
    let step = "[[step]]\nat = \"1ms\"\nnote = true\n";
    assert_eq!(good(&step.repeat(10_000)).steps.len(), 10_000);
    let marked = step.repeat(10_000) + "‸" + step;
    wrong_body(&marked, "there are 10001 of \"step\"; at most 10,000 are allowed");
}

#[test]
fn mistakes_in_expectations_have_a_place_and_a_hint() {
    let step = "[[step]]\nat = \"1ms\"\nput = { id = \"w1\", key = \"k\", value = \"v\" }\n";
    for (marked, part) in [
        ("‸[[expect]]", "this expectation is about nothing"),
        ("[[expect]]\nop = \"w1\"\nclaim = ‸\"linearizable\"", "\"claim\" stands here besides \"op\""),
        ("[[expect]]\nop = ‸\"w2\"\noutcome = \"ok\"", "no operation is called \"w2\""),
        ("‸[[expect]]\nop = \"w1\"", "expects nothing of the operation"),
        ("[[expect]]\nop = \"w1\"\noutcome = ‸\"okay\"", "\"ok\" or \"failed\" or \"unknown\""),
        ("[[expect]]\nop = \"w1\"\nvalues = ‸[\"v\"]", "\"w1\" is a put; only a get returns values"),
        ("[[expect]]\nop = \"w1\"\nverdict = ‸\"holds\"", "\"verdict\" does not go with \"op\""),
        ("[[expect]]\nop = \"w1\"\nreplies = [\"A\", ‸\"A\"]", "node A is in this list already"),
        ("[[expect]]\nop = \"w1\"\nhinted = [‸1]", "a table such as { holder = \"D\", owner = \"B\" }"),
        ("[[expect]]\nclaim = ‸\"linearisable\"\nverdict = \"holds\"", "did you mean \"linearizable\"?"),
        ("‸[[expect]]\nclaim = \"linearizable\"", "needs \"verdict\": write verdict = \"holds\""),
        ("[[expect]]\nclaim = \"linearizable\"\nverdict = ‸\"true\"", "\"holds\" or \"broken\""),
        ("‸[[expect]]\nkey = \"k\"\nvalues = []", "needs \"node\""),
        ("[[expect]]\nkey = \"k\"\nnode = ‸\"Z\"\nvalues = []", "there is no node \"Z\""),
        ("[[expect]]\nkey = \"k\"\nnode = \"A\"\nvalues = ‸\"v\"", "a list of texts"),
        ("[[expect]]\nhints = ‸-1", "-1"),
        ("[[expect]]\nhints = 0\nat = ‸\"x\"", "is no duration"),
        ("[[expect]]\n‸nodes = \"A\"", "did you mean \"node\"?"),
    ] {
        wrong_body(&format!("{step}{marked}"), part);
    }
}
