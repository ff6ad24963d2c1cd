//! Calls the wasm of the judges, which `static/boot.js` fetches when it is first wanted and runs in a worker.

use crate::session::Question;
use js_sys::{Error, Float64Array, Promise, Uint8Array};
use ringside_sim::{Judged, Scenario};
use std::fmt::Display;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = ringsideJudges, catch)]
    fn call_read(name: &str, file: &Uint8Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = ringsideJudges, catch)]
    fn call_write(name: &str, scenario: &Uint8Array, acts: &Uint8Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = ringsideJudges, catch)]
    fn call_judge(
        name: &str,
        scenario: &Uint8Array,
        acts: &Uint8Array,
        length: f64,
        position: f64,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = ringsideJudges, catch)]
    fn call_predict(name: &str, scenario: &Uint8Array, n: u32, r: u32, w: u32) -> Result<Promise, JsValue>;
}

/// What the WARS model says of a scenario, as `ringside_scene::charts::Predicted` reads it.
///
/// # Errors
/// There is nobody to ask.
pub(crate) async fn predict(scenario: &[u8], n: u32, r: u32, w: u32) -> Result<Vec<f64>, String> {
    let numbers = answer(call_predict("predict", &Uint8Array::from(scenario), n, r, w)).await?;
    Ok(Float64Array::new(&numbers).to_vec())
}

/// The scenario that a file says.
///
/// # Errors
/// What is wrong with it, and where; or that there is nobody to read it.
pub(crate) async fn read(file: &Uint8Array) -> Result<Scenario, String> {
    let read = bytes(call_read("read", file)).await?;
    Scenario::from_encoded(&read).map_err(told)
}

/// What the judges say of a run.
///
/// # Errors
/// There is nobody to judge.
pub(crate) async fn judge(question: &Question) -> Result<Judged, String> {
    // Copies: a view of this wasm's memory would take all of it along to the worker.
    let (scenario, acts) = (Uint8Array::from(&*question.scenario), Uint8Array::from(&*question.acts));
    let (length, position) = (question.length as f64, question.position as f64);
    let judged = bytes(call_judge("judge", &scenario, &acts, length, position)).await?;
    Judged::from_bytes(&judged).map_err(told)
}

/// The text of a file that says the scenario, with what was done by hand as steps; both are bytes.
///
/// # Errors
/// There is nobody to write it.
pub(crate) async fn write(scenario: &[u8], acts: &[u8]) -> Result<String, String> {
    let (scenario, acts) = (Uint8Array::from(scenario), Uint8Array::from(acts));
    let text = answer(call_write("write", &scenario, &acts)).await?;
    Ok(text.as_string().unwrap_or_default())
}

async fn bytes(called: Result<Promise, JsValue>) -> Result<Vec<u8>, String> {
    answer(called).await.map(|bytes| Uint8Array::new(&bytes).to_vec())
}

async fn answer(called: Result<Promise, JsValue>) -> Result<JsValue, String> {
    let answer = match called {
        Ok(promise) => JsFuture::from(promise).await,
        Err(thrown) => Err(thrown),
    };
    answer
        .map_err(|thrown| thrown.dyn_ref::<Error>().map_or_else(String::new, |error| error.message().into()))
}

fn told(error: impl Display) -> String {
    error.to_string()
}
