//! What files mean.

use crate::act::{Act, Carried, Deed, LinkChange, Matcher, Operation, OperationKind};
use crate::delay::{Delay, Delays, Preset};
use crate::scenario::{
    BUILTIN, Claim, Expected, Key, NodeId, OpOutcome, Scenario, Span, Time, Verdict, When, builtin,
};
use crate::setup::{Ratio, Setup};
use crate::trace::MessageId;
use ringside_core::ring::Placement;
use ringside_core::{Config, Counters, Detector, Kind, ReadRepair, Value, Versions, hash};

/// Reads a file that must be right, given without its first line.
pub(super) fn good(body: &str) -> Scenario {
    Scenario::parse(&format!("ringside = 1\n{body}")).unwrap_or_else(|error| panic!("{error}\n{body}"))
}

/// The acts of a file that must be right.
pub(super) fn acts(body: &str) -> Vec<Act> {
    good(body).steps.into_iter().map(|step| step.act).collect()
}

#[test]
fn an_almost_empty_file_is_the_documented_defaults() {
    assert_eq!(good(""), Scenario::default());
    assert_eq!(good("").setup.names, ["A", "B", "C", "D", "E"]);
}

#[test]
fn every_setting_is_read() {
    let scenario = good(
        r#"
        title = "T"
        about = "**A**"
        seed = 9223372036854775807
        until = "2s"
        cluster = { nodes = ["one", "two"], n = 5, r = 1, w = 4, vnodes = 16, partitioning = "even", read_repair = "off", timeout = "1.5ms", gossip = "200ms", failure_detector = "phi 8.25" }
        network = { delay = { write = "1ms", ack = "uniform 1ms 2ms", read = "exponential 5ms", reply = "pareto 1ms 1.5", other = "ymmr" }, loss = "1%" }
        "#,
    );
    assert_eq!((scenario.title.as_str(), scenario.about.as_str()), ("T", "**A**"));
    assert_eq!(scenario.until, Some(Span::from_secs(2)));
    let setup = scenario.setup;
    assert_eq!(setup.seed, 9_223_372_036_854_775_807);
    assert_eq!(
        (setup.names.join(" "), setup.vnodes, setup.placement),
        ("one two".into(), 16, Placement::Even)
    );
    let timeout = Span::from_micros(1_500);
    assert_eq!(
        setup.config,
        Config {
            n: 5,
            r: 1,
            w: 4,
            read_repair: ReadRepair::Off,
            timeout,
            gossip: Some(Span::from_millis(200)),
            failure_detector: Detector::Phi { thousandths: 8_250 },
            ..Config::default()
        }
    );
    assert_eq!(setup.network.loss, Ratio { numerator: 1, denominator: 100 });
    let ms = Span::from_millis;
    let delay = Delays {
        write: Delay::Fixed(ms(1)),
        ack: Delay::Uniform { low: ms(1), high: ms(2) },
        read: Delay::Exponential { mean: ms(5) },
        reply: Delay::Pareto { min: ms(1), alpha_thousandths: 1_500 },
        other: Delay::Preset(Preset::Ymmr),
    };
    assert_eq!(setup.network.delay, delay);
    let all = good("network.delay = \"lnkd-disk\"").setup.network.delay;
    assert_eq!(all, Delays::all(Delay::Preset(Preset::LnkdDisk)));
}

#[test]
fn how_versions_are_told_apart_is_read() {
    for (said, config) in [
        ("versions = \"plain\"", Config { versions: Versions::Plain, ..Config::default() }),
        ("versions = \"last-write-wins\"", Config { versions: Versions::LastWriteWins, ..Config::default() }),
        ("clock_limit = 3", Config { clock_limit: 3, ..Config::default() }),
        ("counters = \"per-key\"", Config { counters: Counters::PerKey, ..Config::default() }),
    ] {
        assert_eq!(good(&format!("[cluster]\n{said}")).setup.config, config, "{said}");
    }
    let limit = Act::Set(crate::act::ConfigChange { clock_limit: Some(0), ..Default::default() });
    assert_eq!(acts("[[step]]\nat = \"1ms\"\nset = { clock_limit = 0 }"), [limit]);
}

#[test]
fn what_is_said_as_the_documented_default_changes_nothing() {
    let said = good(
        r#"
        [cluster]
        nodes = 5
        n = 3
        r = 2
        w = 2
        vnodes = 8
        partitioning = "tokens"
        zones = {}
        quorum = "sloppy"
        versions = "dotted"
        clock_limit = 0
        counters = "per-actor"
        read_repair = "async"
        hinted_handoff = true
        hint_window = "3h"
        anti_entropy = "10s"
        gossip = "1s"
        failure_detector = "phi 8"
        tombstones = "keep"
        pending_acks = "extra"
        stream_from = "giver"
        sync = "every-write"
        timeout = "250ms"
        [network]
        delay = "1ms"
        loss = "0"
        duplicate = "0%"
        "#,
    );
    assert_eq!(said, good(""));
}

#[test]
fn what_acts_in_the_background_can_be_switched_off() {
    let said = good(
        r#"
        [cluster]
        quorum = "strict"
        hinted_handoff = false
        anti_entropy = "off"
        gossip = "off"
        failure_detector = "off"
        "#,
    );
    assert_eq!(said.setup, Setup::bare());
}

#[test]
fn every_action_is_read() {
    let node = NodeId;
    let matcher = Matcher { kind: Some(Kind::WriteAck), from: Some(node(0)), to: None };
    let link = LinkChange {
        from: node(0),
        to: node(1),
        delay: Some(Delay::Fixed(Span::from_millis(20))),
        loss: Some(Ratio { numerator: 1, denominator: 2 }),
        cut: Some(false),
    };
    for (action, act) in [
        ("crash = \"B\"", Act::Crash(node(1))),
        ("restart = \"B\"", Act::Restart(node(1))),
        ("restart = { node = \"C\", disk = \"kept\" }", Act::Restart(node(2))),
        (
            "partition = [[\"D\", \"A\"], [\"B\"]]",
            Act::Partition(vec![vec![node(0), node(3)], vec![node(1)]]),
        ),
        (
            "link = { from = \"A\", to = \"B\", delay = \"20ms\", loss = \"1/2\", cut = false }",
            Act::Link(link),
        ),
        ("heal = true", Act::Heal),
        ("hold = {}", Act::Hold(Matcher::default())),
        ("hold = { message = 0 }", Act::ToMessage { message: MessageId(0), deed: Deed::Hold }),
        ("deliver = { message = 17 }", Act::ToMessage { message: MessageId(17), deed: Deed::Deliver }),
        ("drop = { message = 3 }", Act::ToMessage { message: MessageId(3), deed: Deed::Drop }),
        ("hold = { kind = \"write-ack\", from = \"A\" }", Act::Hold(matcher)),
        ("release = { kind = \"write-ack\", from = \"A\" }", Act::Release(matcher)),
        ("drop = { kind = \"write-ack\", from = \"A\" }", Act::Drop { matcher, count: 1 }),
        ("drop = { count = 3 }", Act::Drop { matcher: Matcher::default(), count: 3 }),
        ("set = { r = 1 }", Act::Set(crate::act::ConfigChange { r: Some(1), ..Default::default() })),
        (
            "set = { anti_entropy = \"off\" }",
            Act::Set(crate::act::ConfigChange { anti_entropy: Some(None), ..Default::default() }),
        ),
        ("repair = \"C\"", Act::Repair(node(2))),
        ("note = true", Act::Note),
    ] {
        assert_eq!(acts(&format!("[[step]]\nat = \"1ms\"\n{action}")), [act], "{action}");
    }
}

#[test]
fn operations_have_names_clients_coordinators_and_contexts() {
    let scenario = good(
        r#"
        step = [
            { at = "1ms", get = { key = "cart" } },
            { at = "2ms", put = { id = "op2", key = "cart", value = "milk", via = "cart#2", client = "alice", context = "none" } },
            { after = "op1", plus = "5ms", delete = { key = "cart", via = "E", context = "op2" }, say = "Gone." },
        ]
        "#,
    );
    let walk: Vec<NodeId> =
        scenario.setup.ring().walk(hash::position(&Key::new("cart"))).map(|token| token.node).collect();
    let operation = |id: &str, client: &str, via, kind| {
        Act::Operation(Operation { id: id.into(), client: client.into(), via, key: Key::new("cart"), kind })
    };
    let put = OperationKind::Put { value: Value::new("milk"), context: Carried::Nothing };
    let delete = OperationKind::Delete { context: Carried::Of("op2".into()) };
    let acts: Vec<Act> = scenario.steps.iter().map(|step| step.act.clone()).collect();
    assert_eq!(acts[0], operation("op1", "client", walk[0], OperationKind::Get));
    assert_eq!(acts[1], operation("op2", "alice", walk[1], put));
    assert_eq!(acts[2], operation("op3", "client", NodeId(4), delete));
    assert_eq!(scenario.steps[2].when, When::After { op: "op1".into(), plus: Span::from_millis(5) });
    assert_eq!(scenario.steps[2].say.as_deref(), Some("Gone."));
}

#[test]
fn expectations_are_read() {
    let scenario = good(
        r#"
        step = [{ at = "1ms", get = { id = "r1", key = "a#b" } }]
        expect = [
            { op = "r1", outcome = "ok", values = ["b", "a"], replies = ["C", "A"], hinted = [], at = "3ms" },
            { claim = "linearizable", verdict = "broken" },
            { key = "cart", node = "A", values = [] },
            { hints = 3 },
        ]
        "#,
    );
    let whats: Vec<Expected> =
        scenario.expectations.iter().map(|expectation| expectation.what.clone()).collect();
    let operation = Expected::Operation {
        id: "r1".into(),
        outcome: Some(OpOutcome::Ok),
        values: Some(vec!["a".into(), "b".into()]),
        replies: Some(vec![NodeId(0), NodeId(2)]),
        hinted: Some(Vec::new()),
    };
    let stored = Expected::Stored { key: Key::new("cart"), node: NodeId(0), values: Vec::new() };
    let claim = Expected::Claim { claim: Claim::Linearizable, verdict: Verdict::Broken };
    assert_eq!(whats, [operation, claim, stored, Expected::Hints(3)]);
    assert_eq!(scenario.expectations[0].at, Some(Time::from_micros(3_000)));
    assert_eq!(scenario.expectations[1].at, None);
}

#[test]
fn every_built_in_scenario_is_right_and_has_a_title() {
    for (name, file) in BUILTIN {
        let scenario = Scenario::parse(file).unwrap_or_else(|error| panic!("{name}.toml:{error}"));
        assert!(!scenario.title.is_empty() && !scenario.about.is_empty(), "{name}");
        assert_eq!(builtin(name), Some(*file));
    }
    assert_eq!(builtin("no-such-scenario"), None);
}
