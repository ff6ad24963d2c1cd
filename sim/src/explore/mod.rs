//! Looking for runs that break a claim: scenarios drawn from seeds, held to what they owe, and made small where they fail.

pub mod draw;
pub mod examine;
pub mod rest;
pub mod shrink;

pub use examine::{Break, Examined, examine};
pub use shrink::{shrink, shrink_while};
