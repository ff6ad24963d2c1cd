//! The simulated store against `ringside predict`: the protocol as it runs, message by message, must be as stale and as
//! slow as the model says of a coordinator that is a random replica. Neither knows of the other, so each checks both.
//!
//! Each key is put once and then read at several moments after the put's acknowledgement, each operation through a random
//! replica of the key. Nothing repairs, hints or fails, so that what one get does leaves all others alone; keys are
//! independent trials. Shares of the store and of the model are compared within five standard deviations of their
//! difference, both being binomial.

use ringside_core::config::{Detector, Quorum};
use ringside_core::{Config, Key, NodeId, ReadRepair, Span, Time, Value};
use ringside_sim::predict::{Coordinator, Latency, Model, Prediction, Waits};
use ringside_sim::rng::{Purpose, Rng};
use ringside_sim::{
    Act, Carried, Delays, Network, Operation, OperationKind, Scenario, Setup, Step, Trace, When, World,
};
use std::sync::Arc;

/// Keys, each put once.
const KEYS: u32 = 4_000;
const TRIALS: u32 = 100_000;
/// In ms after the acknowledgement.
const MOMENTS: [u64; 4] = [0, 1, 5, 10];

/// A put of each key, and a get of it at each moment after.
fn scenario((r, w): (u32, u32), latency: &Latency) -> Scenario {
    let config = Config {
        n: 3,
        r,
        w,
        quorum: Quorum::Strict,
        read_repair: ReadRepair::Off,
        hinted_handoff: false,
        anti_entropy: None,
        gossip: None,
        failure_detector: Detector::Off,
        // Nobody gives up on the tail of a delay.
        timeout: Span::from_secs(3_600),
        ..Config::bare()
    };
    let Latency { write, ack, read, reply, .. } = *latency;
    let delay = Delays { write, ack, read, reply, ..Delays::default() };
    let setup = Setup { seed: 11, config, network: Network { delay, ..Network::default() }, ..Setup::bare() };
    let (ring, mut random) = (setup.ring(), Rng::new(11, Purpose::Scenario));
    let mut steps = Vec::new();
    for number in 0..KEYS {
        let key = Key::new(&format!("key{number}"));
        let replicas = ring.preference(&key, 3);
        let mut step = |when: When, id: String, kind: OperationKind| {
            let via: NodeId = replicas[random.below(3) as usize];
            let operation = Operation { id, client: "client".into(), via, key: key.clone(), kind };
            steps.push(Step { when, act: Act::Operation(operation), say: None });
        };
        let put = format!("w{number}");
        let value = OperationKind::Put { value: Value::new("new"), context: Carried::Nothing };
        step(When::At(Time::from_micros(u64::from(number) * 1_000)), put.clone(), value);
        for millis in MOMENTS {
            let when = When::After { op: put.clone(), plus: Span::from_millis(millis) };
            step(when, format!("r{number}-{millis}"), OperationKind::Get);
        }
    }
    Scenario { setup, steps, ..Scenario::default() }
}

fn run(scenario: Scenario) -> Trace {
    let (mut world, mut trace) = (World::new(Arc::new(scenario)), Trace::default());
    while world.step(Some(&mut trace)) {}
    trace
}

fn assert_same_share(what: &str, of_store: f64, of_model: f64) {
    let both = f64::from(KEYS) + f64::from(TRIALS);
    let pooled = (of_store * f64::from(KEYS) + of_model * f64::from(TRIALS)) / both;
    let variance = pooled * (1.0 - pooled) * (1.0 / f64::from(KEYS) + 1.0 / f64::from(TRIALS));
    let bound = 5.0 * variance.sqrt();
    assert!(
        (of_store - of_model).abs() <= bound,
        "{what}: {of_store:.4} in the store, {of_model:.4} in the model, which may differ by {bound:.4}"
    );
}

/// The share of operations that took no longer than the model's median, and its 99th percentile.
fn assert_same_latency(what: &str, took: &[Span], model: &Waits) {
    assert_eq!(took.len(), KEYS as usize, "{what}: all have ended");
    for thousandths in [500, 990] {
        let limit = model.quantile(thousandths).expect("delays end");
        let within = took.iter().filter(|took| **took <= limit).count() as f64 / f64::from(KEYS);
        assert_same_share(&format!("{what} within {limit}"), within, model.within(limit));
    }
}

fn check(numbers: (u32, u32), latency: &str) {
    let legs = Latency::parse(latency).expect("the tests write what can be read");
    let trace = run(scenario(numbers, &legs));
    let (r, w) = numbers;
    let model = Model::new(3, r, w, legs, Coordinator::Replica).expect("a quorum");
    let prediction = Prediction::of(model, TRIALS, 12);
    let what = format!("{latency}, R = {r}, W = {w}");
    let took = |suffix: &str, writes: bool| -> Vec<Span> {
        let ops = trace.ops.iter().filter(|op| op.kind.is_write() == writes && op.id.ends_with(suffix));
        ops.filter_map(|op| Some(op.end.as_ref()?.at.since(op.start))).collect()
    };
    assert_same_latency(&format!("{what}, put"), &took("", true), prediction.writes());
    for millis in MOMENTS {
        let suffix = format!("-{millis}");
        let gets = trace.ops.iter().filter(|op| op.id.ends_with(&suffix));
        let found = gets.filter(|get| {
            let returned = get.end.as_ref().and_then(|end| end.returned.as_ref());
            returned.expect("a get is answered").values().count() == 1
        });
        let fresh = found.count() as f64 / f64::from(KEYS);
        let at = Span::from_millis(millis);
        assert_same_share(&format!("{what}, fresh at {at}"), fresh, prediction.waits().within(at));
        assert_same_latency(&format!("{what}, get at {at}"), &took(&suffix, false), prediction.reads());
    }
}

#[test]
fn with_one_and_one_the_store_is_as_stale_as_the_model() {
    check((1, 1), "lnkd-disk");
}

#[test]
fn with_a_longer_write_quorum_the_store_is_as_stale_as_the_model() {
    check((1, 2), "lnkd-disk");
}

#[test]
fn with_a_longer_read_quorum_the_store_is_as_stale_as_the_model() {
    check((2, 1), "lnkd-disk");
}

#[test]
fn with_other_delays_the_store_is_as_stale_as_the_model() {
    check((2, 1), "exponential 2ms,write=exponential 8ms");
    check((1, 2), "uniform 1ms 9ms,ack=pareto 1ms 1.5");
}

#[test]
fn with_overlapping_quorums_neither_is_ever_stale() {
    check((2, 2), "lnkd-disk");
}
