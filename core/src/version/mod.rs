//! Versions: which write is this, and what had its writer seen (Dynamo §4.4; dotted version vector sets after
//! Preguiça, Baquero and others, 2012).

mod context;
mod dot;
mod siblings;
mod vector;

pub use context::Context;
pub use dot::Dot;
pub use siblings::{Content, Siblings, Version};
pub use vector::VersionVector;

#[cfg(test)]
mod tests;
