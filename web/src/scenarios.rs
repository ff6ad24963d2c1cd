//! The scenarios that can be opened by name. The build has read their files, so that the page carries no reader of them.

use ringside_sim::Scenario;

/// What a first visit opens.
pub(crate) const FIRST: &str = "one-put-three-copies";

/// Name, title, and the scenario as `Scenario::to_bytes` writes it.
type Built = (&'static str, &'static str, &'static [u8]);

include!(concat!(env!("OUT_DIR"), "/built.rs"));

/// Name and title of each, in the order of the list.
pub(crate) fn all() -> Vec<(String, String)> {
    BUILT.iter().map(|(name, title, _)| ((*name).to_owned(), (*title).to_owned())).collect()
}

/// The built-in scenario of that name; none if there is no such one.
pub(crate) fn open(name: &str) -> Option<Scenario> {
    let (_, _, bytes) = BUILT.iter().find(|(known, _, _)| *known == name)?;
    Scenario::from_encoded(bytes).ok()
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
