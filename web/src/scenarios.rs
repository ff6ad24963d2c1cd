//! The scenarios that can be opened by name. The build has read their files, so that the page carries no reader of them.
//!
//! All but the one that a first visit opens come with the rest of the page's wasm (see `split/`).

use ringside_sim::Scenario;
use std::hint::black_box;
use std::ops::Range;
use std::sync::OnceLock;

/// Name, title, and where in the later bytes the scenario is, as `Scenario::to_bytes` writes it.
type Built = (&'static str, &'static str, Range<usize>);

include!(concat!(env!("OUT_DIR"), "/built.rs"));

/// Waits until the later bytes are there; none where the page is in one piece.
static WAIT: OnceLock<fn()> = OnceLock::new();

/// Scenarios other than the first are read only after `wait` has returned.
pub fn come_later(wait: fn()) {
    WAIT.get_or_init(|| wait);
}

/// Name and title of each, in the order of the list.
pub(crate) fn all() -> Vec<(String, String)> {
    BUILT.iter().map(|(name, title, _)| ((*name).to_owned(), (*title).to_owned())).collect()
}

/// The built-in scenario of that name; none if there is no such one.
pub(crate) fn open(name: &str) -> Option<Scenario> {
    let (_, _, place) = BUILT.iter().find(|(known, _, _)| *known == name)?;
    if name == FIRST {
        return Scenario::from_encoded(FIRST_BYTES).ok();
    }
    if let Some(wait) = WAIT.get() {
        wait();
    }
    // What a compiler takes for known is not there when the page starts.
    let later = black_box(LATER).get(LATER_BEGINS..)?;
    Scenario::from_encoded(later.get(place.clone())?).ok()
}

/// What the page falls back to: five nodes, nothing done.
pub(crate) fn empty() -> Scenario {
    Scenario { title: "Sandbox".to_owned(), ..Scenario::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_opens() {
        for (name, text) in ringside_sim::scenario::BUILTIN {
            assert_eq!(open(name), Scenario::parse(text).ok(), "{name}");
        }
        assert!(all().iter().any(|(name, _)| name == "sandbox"));
        assert!(open(FIRST).is_some());
        assert_eq!(open("no-such-scenario"), None);
    }
}
