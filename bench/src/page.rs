//! What the page costs, measured in headless Chromium.
//!
//! The page knows nothing of it. Before the page's own script runs, `requestAnimationFrame` is replaced by one that
//! asks for two callbacks: the page's, and another right after it in the same frame. From the beginning of the first to
//! the beginning of the second lies all that the page does in a frame, the rendering of its elements included, which is
//! a microtask of the first. What the browser then does with it (layout, raster) is not in the figure.

use crate::runs;
use crate::table::{Table, quantile};
use ringside_sim::Scenario;
use ringside_tests::browser::{Browser, Site, dist};
use serde_json::{Value, json};

/// Frames that are measured.
const FRAMES: u64 = 300;

const HOOK: &str = "(() => {
  const native = window.requestAnimationFrame.bind(window);
  const taken = window.framesTaken = [];
  window.requestAnimationFrame = (callback) => {
    let began = 0;
    const asked = native((now) => { began = performance.now(); callback(now); });
    native(() => { if (began) taken.push(performance.now() - began); });
    return asked;
  };
})()";

/// Plays a run as fast as life and measures its frames: the median and the 99th percentile.
pub(crate) fn frames(table: &mut Table, what: &str, scenario: &Scenario, budgets: [f64; 2]) {
    let site = Site::start(&dist(), &[]);
    let page = open(&site, scenario);
    page.slider("Speed").set_value("60");
    page.button("Play").click();
    page.button("Pause").wait();
    // The first frames find everything to be done for the first time.
    frames_taken(&page, 30);
    let profile = std::env::var_os("RINGSIDE_PROFILE");
    if profile.is_some() {
        page.cdp("Profiler.enable", &json!({}));
        page.cdp("Profiler.start", &json!({}));
    }
    let took = frames_taken(&page, FRAMES);
    if let Some(file) = profile {
        let ended = page.cdp("Profiler.stop", &json!({}));
        std::fs::write(&file, ended["profile"].to_string()).unwrap_or_else(|error| panic!("{error}"));
    }
    table.add(format!("{what}: frame, median"), quantile(&took, 0.5), Some(budgets[0]));
    table.add(format!("{what}: frame, p99"), quantile(&took, 0.99), Some(budgets[1]));
    table.add(format!("{what}: frame, longest"), quantile(&took, 1.0), None);
    page.assert_no_errors();
}

/// Drags the timeline all over a run of 100,000 events: the slider's event, all that follows from it at once, and the
/// frame that shows it.
pub(crate) fn seeks(table: &mut Table) {
    const SCRIPT: &str = "const done = arguments[arguments.length - 1], slider = document.querySelector('[aria-label=Timeline]');
      const took = [], length = Number(slider.max);
      const turn = () => new Promise((go) => { const both = new MessageChannel(); both.port1.onmessage = go; both.port2.postMessage(0); });
      (async () => {
        for (let seek = 1; seek <= 60; seek++) {
          await new Promise((go) => requestAnimationFrame(go));
          await turn();
          const began = performance.now();
          slider.value = seek * 61803 % Math.min(length, 100000);
          slider.dispatchEvent(new InputEvent('input', {bubbles: true}));
          await turn();
          const at_once = performance.now() - began, frames = window.framesTaken.length;
          while (window.framesTaken.length === frames) await new Promise((go) => setTimeout(go, 0));
          took.push(at_once + window.framesTaken[frames]);
        }
        done(took);
      })();";
    let site = Site::start(&dist(), &[]);
    let page = open(&site, &runs::small());
    for _ in 0..40 {
        page.press("");
        let length = page.execute("return Number(document.querySelector('[aria-label=Timeline]').max)", &[]);
        if length.as_f64().is_some_and(|length| length >= 100_000.0) {
            break;
        }
        frames_taken(&page, 30);
    }
    let took = numbers(&page.execute_async(SCRIPT, &[]));
    table.add("seek in 100,000 events, page, median", quantile(&took, 0.5), None);
    table.add("seek in 100,000 events, page, p95", quantile(&took, 0.95), Some(50.0));
    page.assert_no_errors();
}

fn open(site: &Site, scenario: &Scenario) -> Browser {
    let page = Browser::start();
    page.cdp("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": HOOK }));
    page.open(&site.url(&runs::fragment(scenario)));
    page
}

/// Waits for so many frames from now on, and gives what each took, in milliseconds.
fn frames_taken(page: &Browser, count: u64) -> Vec<f64> {
    let script = "const [count, done] = arguments;
      window.framesTaken.length = 0;
      (function look() { window.framesTaken.length >= count ? done(window.framesTaken.slice(0, count)) : setTimeout(look, 20); })();";
    numbers(&page.execute_async(script, &[json!(count)]))
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().map(|all| all.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}
