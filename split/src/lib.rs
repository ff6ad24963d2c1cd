//! Splits one linked wasm module into two that share a memory and a table: the first, which a page starts with, and
//! the rest, which it fetches when its first picture stands.
//!
//! Every function keeps its place in the first module, so no call is rewritten. One that moves leaves a stub of the
//! same type behind: it makes sure that the rest is there, then calls through a slot of the table. The rest, once
//! instantiated with the exports of the first, fills these slots. Globals stay in the first module, and so do data, but for
//! bytes that the page marks as such that come later; moved code reaches them, and the functions that stayed, as imports.
//!
//! What may come later is a list of names, `later.txt`, made by watching which functions a first picture runs. A
//! function that is not on it stays in the first module, so new code is never late by surprise; one that is on it and
//! is needed at once after all still works: its stub has the rest fetched and waits.

mod data;
mod divide;
mod learn;
mod names;
mod page;
mod plan;
#[cfg(test)]
mod tests;
mod uses;

pub use divide::{NET, Parts, divide};
pub use learn::{SEEN, later, watched};
pub use names::lasting;
pub use page::Page;
