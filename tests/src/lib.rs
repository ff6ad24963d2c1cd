//! What the tests of Ringside share.
//!
//! `browser` drives Chromium; its module page is the handbook for end-to-end tests.

#[cfg(not(target_arch = "wasm32"))]
pub mod browser;
