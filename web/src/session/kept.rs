//! The runs that are kept: named, copied, removed.

use super::Session;
use super::branch::{Branch, Parent};
use super::clock::{self, Speed};

/// The longest name of a run, in characters.
const LONGEST_NAME: usize = 60;

/// Where a run left another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fork {
    /// The number of the run that it left.
    pub(crate) from: u32,
    /// The position at which it did.
    pub(crate) position: u64,
}

impl Branch {
    /// Where it left another run; none where it began by itself.
    pub(crate) fn fork(&self) -> Option<Fork> {
        self.parent.map(|parent| Fork { from: parent.id, position: parent.position })
    }
}

impl Session {
    /// Gives a run another name. One without any letters is left with the name it has.
    pub(crate) fn rename_branch(&mut self, id: u32, name: &str) {
        let name: String =
            name.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let Some(branch) = self.branches.iter_mut().find(|branch| branch.id == id) else { return };
        if name.is_empty() {
            self.status = format!("A run needs a name: this one stays “{}”.", branch.name);
        } else if branch.name != name {
            self.status = format!("“{}” is now called “{name}”.", branch.name);
            branch.name = name;
        }
    }

    /// Forgets a run. The last one stays; where the one on the page goes, the one that it left comes, else the first.
    pub(crate) fn remove_branch(&mut self, id: u32) {
        let Some(at) = self.branches.iter().position(|branch| branch.id == id) else { return };
        if self.branches.len() == 1 {
            self.status = "This is the only run there is.".to_owned();
            return;
        }
        let shown = self.branch().id;
        let gone = self.branches.remove(at);
        let wanted = if shown == id { gone.fork().map(|fork| fork.from) } else { Some(shown) };
        let there = self.branches.iter().position(|branch| Some(branch.id) == wanted);
        self.current = there.unwrap_or(0);
        if shown == id {
            self.playing = false;
            self.generation += 1;
            self.run_on(Self::AT_ONCE);
        }
        self.status = format!("Removed: {}.", gone.name);
    }

    /// Goes on with a copy of this run, where it stands; what is done from here on leaves the other one as it is.
    pub(crate) fn copy_branch(&mut self) {
        let id = self.next_id;
        self.next_id += 1;
        let old = self.branch();
        let acts = old.recording.acts().len();
        let parent = Parent { id: old.id, position: old.position, now: old.now, acts, changes: old.changes };
        let copy = Branch {
            id,
            name: format!("copy from {}", self.time()),
            parent: Some(parent),
            changes: 0,
            ..old.clone()
        };
        self.status = format!("This is a copy of “{}”, which is kept as it is.", old.name);
        self.branches.push(copy);
        self.current = self.branches.len() - 1;
        self.generation += 1;
    }

    /// The stretches of the run without any event that are run through faster than the speed says: the position before
    /// each, and how long it lasts in simulated µs.
    pub(crate) fn quiet_gaps(&self) -> Vec<(u64, u64)> {
        let events = &self.recording().trace().events;
        let mut known = self.gaps.borrow_mut();
        if (known.generation, known.speed) != (self.generation, Some(self.speed)) {
            *known = Gaps { generation: self.generation, speed: Some(self.speed), ..Gaps::default() };
        }
        // Only at what has been run since the last time.
        for (at, pair) in events.windows(2).enumerate().skip(known.seen) {
            let micros = pair[1].at.since(pair[0].at).as_micros();
            if clock::shortens(self.speed, micros as f64) {
                known.found.push((at as u64 + 1, micros));
            }
        }
        known.seen = events.len().saturating_sub(1);
        known.found.clone()
    }
}

/// The quiet gaps among the first events of a run.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    generation: u64,
    speed: Option<Speed>,
    /// Pairs of events that have been looked at.
    seen: usize,
    found: Vec<(u64, u64)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Asked;
    use ringside_core::{Key, Value};
    use ringside_sim::{OperationKind, Scenario};

    fn asked() -> Session {
        let mut session = Session::new(Scenario::default());
        let kind = OperationKind::Put { value: Value::new("milk"), context: Asked::CONTEXT };
        session.ask(Asked { key: Key::new("cart"), via: None, kind });
        session
    }

    #[test]
    fn a_copy_is_another_run_with_the_same_future_and_knows_where_it_forked() {
        let mut session = asked();
        let (first, digest) = (session.branch().id, session.recording().digest());
        let position = session.position();
        session.copy_branch();
        assert_ne!(session.branch().id, first);
        assert_eq!(session.branch().fork(), Some(Fork { from: first, position }));
        assert_eq!((session.recording().digest(), session.position()), (digest, position));
        session.undo();
        assert_eq!((session.branch().id, session.branches().len()), (first, 1));
    }

    #[test]
    fn runs_are_renamed_and_removed_and_the_last_one_stays() {
        let mut session = asked();
        let first = session.branch().id;
        session.copy_branch();
        let copy = session.branch().id;
        session.rename_branch(copy, "  what if?\n ");
        assert_eq!(session.branch().name, "what if?");
        session.rename_branch(copy, "   ");
        assert_eq!(session.branch().name, "what if?");
        assert!(session.status().contains("needs a name"));
        session.rename_branch(copy, &"é".repeat(200));
        assert_eq!(session.branch().name.chars().count(), LONGEST_NAME);
        session.remove_branch(copy);
        assert_eq!(session.branch().id, first, "the run that it left is on the page");
        session.remove_branch(first);
        assert_eq!(session.branches().len(), 1);
        session.copy_branch();
        session.remove_branch(first);
        assert_eq!(session.branches().len(), 1, "another one than that on the page");
        session.undo();
        assert_eq!(session.branches().len(), 1, "the run that it left is gone: the put is taken back");
        assert!(session.recording().trace().ops.is_empty());
    }

    #[test]
    fn quiet_is_what_takes_more_than_two_seconds_at_this_speed() {
        let mut session = asked();
        session.set_speed(Speed::new(Speed::MIN));
        let slow = session.quiet_gaps();
        assert!(!slow.is_empty());
        for (position, micros) in &slow {
            let time = |position| session.recording().trace().time_of(position);
            assert_eq!(time(position + 1).since(time(*position)).as_micros(), *micros);
        }
        session.set_speed(Speed::new(Speed::MAX));
        assert!(session.quiet_gaps().len() < slow.len());
    }
}
