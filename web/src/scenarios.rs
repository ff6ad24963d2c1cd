//! The scenarios that can be opened by name.

use ringside_sim::Scenario;
use ringside_sim::scenario::{BUILTIN, builtin};

/// What a first visit opens.
pub(crate) const FIRST: &str = "one-put-three-copies";

/// Name and title of each, in the order of the list.
pub(crate) fn all() -> Vec<(String, String)> {
    let titled = |&(name, text): &(&str, &str)| {
        let title = Scenario::parse(text).map(|scenario| scenario.title).unwrap_or_default();
        (name.to_owned(), if title.is_empty() { name.to_owned() } else { title })
    };
    BUILTIN.iter().map(titled).collect()
}

/// The built-in scenario of that name; none if there is no such one.
pub(crate) fn open(name: &str) -> Option<Scenario> {
    Scenario::parse(builtin(name)?).ok()
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
        for (name, _) in BUILTIN {
            assert!(open(name).is_some(), "{name}");
        }
        assert!(all().iter().any(|(name, _)| name == "sandbox"));
        assert!(open(FIRST).is_some());
        assert_eq!(open("no-such-scenario"), None);
    }
}
