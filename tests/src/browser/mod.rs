//! Driving the built page in headless Chromium, in plain blocking calls.
//!
//! ```no_run
//! use ringside_tests::browser::{Browser, Site, dist};
//!
//! let site = Site::start(&dist(), &[]);
//! let page = Browser::start();
//! page.open(&site.url("#s=sandbox"));
//! page.slider("R").set_value("1");
//! page.textbox("Key").fill("cart");
//! page.region("Ring").get("button", "Node A, up").click();
//! page.button("Play").press(ringside_tests::browser::keys::ENTER);
//! page.button("Pause").wait();
//! page.wait_until("the status tells of the put", "document.querySelector('[role=status]').textContent != ''");
//! assert_eq!(page.accessibility_violations(), Vec::<String>::new());
//! page.assert_no_errors();
//! ```
//!
//! - **Finding**: by role and exact accessible name, both as Chromium's own accessibility tree has them: what a test
//!   finds is what a screen reader finds. A [`Locator`] is a description, looked up anew at each use, so it never
//!   goes stale when the page renders again. It has to match exactly one element.
//! - **Waiting**: every act waits until its element is there and can be acted on, up to [`PATIENCE`], from one
//!   animation frame to the next. No test sleeps. For anything else there is [`Browser::wait_until`].
//! - **Failing**: everything here panics, at the line of the test, with what was looked for and what was there
//!   instead. A browser that goes away in a panic leaves a screenshot and the console's errors in `target/e2e/`.
//!
//! What `cargo xtask test` sets, and what is taken without it: `RINGSIDE_DIST` (`dist/` in the root), `RINGSIDE_AXE`
//! (`target/axe.min.js`, where `cargo xtask tools` leaves a copy), `CHROMEDRIVER` (`chromedriver`), `CHROME` (what the driver finds).

#![allow(
    clippy::missing_panics_doc,
    reason = "a step that fails is a test that fails: every function of this module panics on failure, as it says above"
)]

mod axe;
mod driver;
pub mod keys;
mod locator;
mod page;
mod site;

pub use locator::{Bounds, Locator};
pub use page::{Browser, ConsoleEntry};
pub use site::Site;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long an act waits for its element, and a condition for its truth: far longer than any of them takes, even on
/// a busy machine with software rendering.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The root of the clone.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_owned()
}

/// The folder of the built page.
///
/// # Panics
/// When the page has not been built.
#[must_use]
pub fn dist() -> PathBuf {
    let folder = std::env::var_os("RINGSIDE_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
    assert!(
        folder.join("index.html").is_file(),
        "there is no page in {}; build it with: cargo xtask build",
        folder.display()
    );
    folder
}
