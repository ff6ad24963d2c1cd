//! The scenarios that can be opened by name. The build has read their files, so that the page carries no reader of them.
//!
//! All but the one that a first visit opens come with the rest of the page's wasm (see `split/`).

use ringside_core::order::by_number;
use ringside_sim::Scenario;
use std::hint::black_box;
use std::ops::Range;
use std::sync::OnceLock;

/// Name, title, the number among the lessons or 0, and where in the later bytes the scenario is, as
/// `Scenario::to_bytes` writes it.
type Built = (&'static str, &'static str, u32, Range<usize>);

include!(concat!(env!("OUT_DIR"), "/built.rs"));

/// Waits until the later bytes are there; none where the page is in one piece.
static WAIT: OnceLock<fn()> = OnceLock::new();

/// Scenarios other than the first are read only after `wait` has returned.
pub fn come_later(wait: fn()) {
    WAIT.get_or_init(|| wait);
}

/// The lessons up to this number go through what there is; those after it go deeper.
const LAST_OF_THE_COURSE: u32 = 16;
/// How the names of puzzles begin.
const PUZZLE: &str = "puzzle-";
/// The groups of the list, in its order.
const GROUPS: [&str; 5] = ["Lessons", "Deeper lessons", "Puzzles", "More runs", "Sandbox"];

/// One that can be opened, as the list has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name in links.
    pub(crate) name: &'static str,
    /// What it is called.
    pub(crate) title: &'static str,
    /// Its place among the lessons; 0 for what is no lesson.
    pub(crate) number: u32,
}

impl Entry {
    /// Its group, as a place in [`GROUPS`].
    fn group(&self) -> usize {
        match self.number {
            _ if self.is_puzzle() => 2,
            0 if self.name == "sandbox" => 4,
            0 => 3,
            number => usize::from(number > LAST_OF_THE_COURSE),
        }
    }

    /// Is there something to be found out, and no lesson to be told?
    pub(crate) fn is_puzzle(&self) -> bool {
        self.name.starts_with(PUZZLE)
    }

    /// Is it one of the lessons that are counted?
    fn is_lesson(&self) -> bool {
        self.number > 0 && !self.is_puzzle()
    }

    /// What the list says: `4 of 20 · A stale read`.
    fn label(&self, lessons: u32) -> String {
        if !self.is_lesson() {
            return self.title.to_owned();
        }
        [&self.number.to_string(), " of ", &lessons.to_string(), " · ", self.title].concat()
    }
}

/// All of them, lessons first, in the order of their numbers.
fn entries() -> Vec<Entry> {
    let mut all: Vec<Entry> =
        BUILT.iter().map(|(name, title, number, _)| Entry { name, title, number: *number }).collect();
    by_number(&mut all, |entry| (entry.group() as u64) << 32 | u64::from(entry.number));
    all
}

/// How many lessons there are.
fn lessons() -> u32 {
    entries().iter().filter(|entry| entry.is_lesson()).map(|entry| entry.number).max().unwrap_or(0)
}

/// What a scenario of that name is, where it has steps: `Lesson 4 of 20`, `Puzzle`; a file of one's own has no number.
pub(crate) fn place(name: Option<&str>) -> String {
    let entry = entries().into_iter().find(|entry| Some(entry.name) == name);
    match entry {
        Some(entry) if entry.is_lesson() => {
            ["Lesson ", &entry.number.to_string(), " of ", &lessons().to_string()].concat()
        }
        Some(entry) if entry.is_puzzle() => "Puzzle".to_owned(),
        Some(_) | None => "Lesson".to_owned(),
    }
}

/// The lesson, or the puzzle, after the one of this number.
pub(crate) fn lesson_after(number: u32) -> Option<Entry> {
    entries().into_iter().find(|entry| entry.number > number)
}

/// A group of the list: its name, and for each scenario in it its name in links and what the list says.
pub(crate) type Group = (&'static str, Vec<(String, String)>);

/// The list, by groups.
pub(crate) fn groups() -> Vec<Group> {
    let lessons = lessons();
    let mut groups: Vec<Group> = GROUPS.map(|name| (name, Vec::new())).into();
    for entry in entries() {
        groups[entry.group()].1.push((entry.name.to_owned(), entry.label(lessons)));
    }
    groups.retain(|(_, entries)| !entries.is_empty());
    groups
}

/// The built-in scenario of that name; none if there is no such one.
pub(crate) fn open(name: &str) -> Option<Scenario> {
    let (_, _, _, place) = BUILT.iter().find(|(known, ..)| *known == name)?;
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
        assert_eq!(open("no-such-scenario"), None);
        let first =
            open(FIRST).and_then(|scenario| scenario.lesson).expect("a first visit opens on a lesson");
        assert_eq!(first.number, 4);
        assert!(first.stops.iter().any(|stop| stop.question.is_some()), "which stops at its question");
    }

    #[test]
    fn the_list_has_all_of_them_once_and_lessons_in_order_first() {
        let groups = groups();
        assert_eq!(groups.first().map(|(name, _)| *name), Some("Lessons"));
        assert_eq!(groups.last().map(|(name, _)| *name), Some("Sandbox"));
        let all: Vec<&str> =
            groups.iter().flat_map(|(_, entries)| entries).map(|(name, _)| &**name).collect();
        assert_eq!(all.len(), BUILT.len());
        let label = |name: &str| {
            groups
                .iter()
                .flat_map(|(_, all)| all)
                .find(|(known, _)| known == name)
                .map(|(_, label)| label.clone())
        };
        assert_eq!(label("stale-read"), Some(format!("4 of {} · A stale read", lessons())));
        assert_eq!(label("sandbox").as_deref(), Some("Sandbox"));
        let all = entries();
        let numbers: Vec<u32> = all.iter().map(|entry| entry.number).filter(|number| *number > 0).collect();
        assert!(numbers.is_sorted(), "lessons, deeper ones, puzzles: {numbers:?}");
        for (at, number) in numbers.iter().enumerate() {
            assert_eq!(lesson_after(*number).map(|entry| entry.number), numbers.get(at + 1).copied());
        }
        assert_eq!(place(Some("stale-read")), format!("Lesson 4 of {}", lessons()));
        assert_eq!(place(None), "Lesson");
    }
}
