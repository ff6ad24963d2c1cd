//! What the tests of Ringside share.
//!
//! [`random`] draws whole scenarios from a seed. `browser` drives Chromium; its module page is the handbook for
//! end-to-end tests.

#[cfg(not(target_arch = "wasm32"))]
pub mod browser;
pub mod random;
