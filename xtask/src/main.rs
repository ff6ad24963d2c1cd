//! Builds, serves and tests Ringside.
fn main() {}
