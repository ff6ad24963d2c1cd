//! Versions: which write is this, and what had its writer seen (Dynamo §4.4; dotted version vector sets after
//! Preguiça, Baquero and others, 2012).

mod context;
mod dot;
mod last_write_wins;
mod per_key;
mod plain;
mod rules;
mod siblings;
mod truncated;
mod vector;

pub use context::Context;
pub use dot::Dot;
pub use rules::Rules;
pub use siblings::{Content, Siblings, Version, Write};
pub use vector::VersionVector;

#[cfg(test)]
mod tests;
