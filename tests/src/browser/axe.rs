//! The accessibility checker axe-core, run inside the page.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::page::Browser;
use super::root;

/// Runs every rule on the whole page; see [`Browser::accessibility_violations`].
#[track_caller]
pub(super) fn run(browser: &Browser) -> Vec<String> {
    let file = std::env::var_os("RINGSIDE_AXE")
        .map_or_else(|| root().join("target").join("axe.min.js"), PathBuf::from);
    let source = fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; cargo xtask tools gets it", file.display()));
    // Past the page's policy, which allows no foreign script.
    browser.cdp("Runtime.evaluate", &json!({"expression": source}));
    let script = "const done = arguments[0];
        axe.run(document, {resultTypes: ['violations']}).then(
          (result) => done(result.violations.map((violation) =>
            `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)),
          (error) => done(`axe-core failed: ${error}`));";
    let answer = browser.execute_async(script, &[]);
    let Some(found) = answer.as_array() else { panic!("{answer}") };
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
