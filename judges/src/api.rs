//! What the page and scripts may call: `read(bytes)`, `write(scenario, acts)`,
//! `judge(scenario, acts, length, position)`, `predict(scenario, n, r, w)`, `digestOf(toml)` and
//! `run(toml)`.

use crate::bench::Bench;
use crate::text;
use js_sys::Error;
use ringside_core::Span;
use ringside_sim::predict::{Coordinator, Latency, Model, Prediction, Waits};
use ringside_sim::trace::OpKind;
use ringside_sim::{Delays, Op, Recording, Scenario};
use serde::Serialize;
use std::cell::RefCell;
use std::fmt::Display;
use wasm_bindgen::prelude::*;

/// Trials of a prediction: enough for its 99.9 %.
const TRIALS: u32 = 20_000;
/// Steps of probability.
const STEPS: u32 = 200;

/// What `run` returns.
#[derive(Debug, Serialize)]
struct Ran<'a> {
    digest: String,
    events: f64,
    ops: Vec<RanOp<'a>>,
}

/// One operation, in the words of `ringside run --json`.
#[derive(Debug, Serialize)]
struct RanOp<'a> {
    id: &'a str,
    client: &'a str,
    kind: &'static str,
    key: &'a str,
    via: &'a str,
    coordinator: Option<&'a str>,
    start_ms: f64,
    end_ms: Option<f64>,
    outcome: Option<&'static str>,
    values: Vec<&'a str>,
    replies: Vec<&'a str>,
    error: Option<&'a str>,
}

/// Reads a scenario file, and gives it back in the form of `Scenario::from_encoded`.
///
/// # Errors
/// A JavaScript `Error` with `line:column: message` where the scenario is not right.
#[wasm_bindgen]
pub fn read(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let read = Scenario::from_bytes(bytes).map(|scenario| scenario.to_bytes());
    read.map_err(thrown)
}

/// The text of a scenario file: the scenario, and what was done by hand as its last steps. Given as for [`judge`].
///
/// # Errors
/// A JavaScript `Error` where the bytes are no scenario or no acts on it.
#[wasm_bindgen]
pub fn write(scenario: &[u8], acts: &[u8]) -> Result<String, JsValue> {
    text::write(scenario, acts).map_err(thrown)
}

thread_local! {
    /// The one bench of this wasm.
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Judges a run, given as bytes of `Scenario::to_bytes` and `share::acts_to_bytes`: every claim after `position` events,
/// and what is broken after `length`. Gives bytes for `Judged::from_bytes`.
///
/// # Errors
/// A JavaScript `Error` where the bytes are no scenario or no acts on it.
#[wasm_bindgen]
pub fn judge(scenario: &[u8], acts: &[u8], length: f64, position: f64) -> Result<Vec<u8>, JsValue> {
    BENCH.with_borrow_mut(|bench| {
        let judged = bench.judge(scenario, acts, length as u64, position as u64);
        judged.map(|judged| judged.to_bytes()).map_err(thrown)
    })
}

/// What the WARS model says of a scenario's links with so many replicas, answers and acknowledgements: how long puts
/// take, how long gets take, and after how long gets are fresh, each as `STEPS` + 1 times in µs at even steps of
/// probability; endless where nobody knows.
///
/// # Errors
/// A JavaScript `Error` where the bytes are no scenario, or the numbers are out of range.
#[wasm_bindgen]
pub fn predict(scenario: &[u8], n: u32, r: u32, w: u32) -> Result<Vec<f64>, JsValue> {
    let delays = Scenario::from_encoded(scenario).map_err(thrown)?.setup.network.delay;
    let Delays { write, ack, read, reply, .. } = delays;
    let latency = Latency { write, ack, read, reply, far: Span::ZERO };
    let model = Model::new(n, r, w, latency, Coordinator::Replica).map_err(thrown)?;
    let prediction = Prediction::of(model, TRIALS, 0);
    let steps = |waits: &Waits| -> Vec<f64> {
        let step =
            |at: u32| waits.quantile(at * 1_000 / STEPS).map_or(f64::INFINITY, |at| at.as_micros() as f64);
        (0..=STEPS).map(step).collect()
    };
    Ok([prediction.writes(), prediction.reads(), prediction.waits()].map(steps).concat())
}

/// The fingerprint of a scenario's whole run, as 16 hex digits: the same as `ringside digest` prints.
///
/// # Errors
/// A JavaScript `Error` with `line:column: message` where the scenario is not right.
#[wasm_bindgen(js_name = digestOf)]
pub fn digest_of(toml: &str) -> Result<String, JsValue> {
    ran(toml).map(|recording| format!("{:016x}", recording.digest()))
}

/// Runs a scenario to its end: `{ digest, events, ops }`.
///
/// # Errors
/// A JavaScript `Error` with `line:column: message` where the scenario is not right.
#[wasm_bindgen]
pub fn run(toml: &str) -> Result<JsValue, JsValue> {
    let recording = ran(toml)?;
    let ran = Ran {
        digest: format!("{:016x}", recording.digest()),
        events: recording.len() as f64,
        ops: recording.trace().ops.iter().map(|op| told(&recording, op)).collect(),
    };
    serde_wasm_bindgen::to_value(&ran).map_err(JsValue::from)
}

fn thrown(error: impl Display) -> JsValue {
    Error::new(&error.to_string()).into()
}

fn ran(toml: &str) -> Result<Recording, JsValue> {
    let scenario = Scenario::from_bytes(toml.as_bytes()).map_err(thrown)?;
    let mut recording = Recording::new(scenario);
    recording.run_to_end();
    Ok(recording)
}

fn told<'a>(recording: &'a Recording, op: &'a Op) -> RanOp<'a> {
    let setup = recording.setup();
    let millis = |time: ringside_core::Time| time.as_micros() as f64 / 1_000.0;
    let end = op.end.as_ref();
    let returned = end.and_then(|end| end.returned.as_ref()).filter(|_| matches!(op.kind, OpKind::Get));
    let mut values: Vec<&str> =
        returned.map(|found| found.values().map(ringside_core::Value::as_str).collect()).unwrap_or_default();
    values.sort_unstable();
    RanOp {
        id: &op.id,
        client: &op.client,
        kind: op.kind.name(),
        key: op.key.as_str(),
        via: setup.name(op.via),
        coordinator: op.coordinator.map(|(node, _)| setup.name(node)),
        start_ms: millis(op.start),
        end_ms: end.map(|end| millis(end.at)),
        outcome: end.map(|end| end.outcome.name()),
        values,
        replies: end
            .map(|end| end.replies.iter().map(|node| setup.name(*node)).collect())
            .unwrap_or_default(),
        error: end.and_then(|end| end.error.as_deref()),
    }
}
