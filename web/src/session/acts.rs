//! What somebody does by hand, and the branches that come of it.

use super::branch::{self, Branch};
use super::{Asked, Session};
use ringside_core::Time;
use ringside_sim::{Act, Operation, Recording};

impl Session {
    /// A request of the visitor's own client where the clock stands.
    #[cfg(test)]
    pub(crate) fn ask(&mut self, asked: Asked) {
        self.ask_as(Self::CLIENT, asked);
    }

    /// A request where the clock stands, of the client of this name.
    pub(crate) fn ask_as(&mut self, client: &str, asked: Asked) {
        let recording = self.recording();
        let first = self.snapshot().plan.ring().preference(&asked.key, 1).first().copied();
        let Some(via) = asked.via.or(first) else {
            return;
        };
        let id = recording.next_op_id();
        let operation = Operation { id, client: client.to_owned(), via, key: asked.key, kind: asked.kind };
        self.act(Act::Operation(operation));
    }

    /// Does something where the clock stands. What would have followed is kept as another branch.
    pub(crate) fn act(&mut self, act: Act) {
        let label = branch::label(self.recording(), &act);
        let (position, now) = (self.position(), self.time());
        let at = now.max(self.recording().trace().time_of(position));
        match self.recording().branch(position, at, act) {
            Err(why) => self.status = why,
            Ok(recording) => self.take_branch(recording, position, at, &label, 1),
        }
    }

    /// Goes on with a run that differs from the one on the page by the last `done` acts, which were done here.
    pub(super) fn take_branch(
        &mut self,
        mut recording: Recording,
        position: u64,
        at: Time,
        label: &str,
        done: u64,
    ) {
        while recording.len() < position + done && !recording.run(1) {}
        let after = (position + done).min(recording.len());
        self.generation += 1;
        // One Undo takes back all of it.
        let at_once = done == 1 && recording.setup() == self.recording().setup();
        if position < self.recording().len() || !at_once {
            let old = self.branch();
            let parent = branch::Parent {
                id: old.id,
                position,
                now: old.now,
                acts: recording.acts().len(),
                changes: old.changes,
            };
            let id = self.next_id;
            self.next_id += 1;
            let name = format!("{at}: {label}");
            self.branches.push(Branch { parent: Some(parent), ..Branch::new(id, name, recording) });
            self.current = self.branches.len() - 1;
            self.status = "The earlier run is kept as a branch.".to_owned();
        } else {
            let branch = self.branch_mut();
            branch.recording = recording;
            branch.changes += 1;
            self.status.clear();
        }
        let time = self.recording().trace().time_of(after).max(at);
        let branch = self.branch_mut();
        branch.position = after;
        branch.now = time.as_micros() as f64;
        self.begin();
    }

    /// Takes back what was last done by hand, and says so.
    pub(crate) fn undo(&mut self) {
        self.playing = false;
        let branch = self.branch();
        let acts = branch.recording.acts().len();
        if let Some(parent) = branch.parent.filter(|parent| parent.acts == acts)
            && let Some(at) = self
                .branches
                .iter()
                .position(|other| other.id == parent.id && other.changes == parent.changes)
        {
            let gone = self.branches.remove(self.current);
            self.current = at - usize::from(at > self.current);
            self.generation += 1;
            let branch = self.branch_mut();
            (branch.position, branch.now) = (parent.position, parent.now);
            self.status = format!("Undone: {}.", gone.name);
            return;
        }
        let last = branch.recording.acts().last().map(|placed| (placed.after, placed.at, placed.act.clone()));
        match (last, branch.recording.undo()) {
            (Some((after, at, act)), Some(recording)) => {
                let label = branch::label(&recording, &act);
                let branch = self.branch_mut();
                branch.recording = recording;
                branch.changes += 1;
                (branch.position, branch.now) = (after, at.as_micros() as f64);
                self.generation += 1;
                self.begin();
                let len = self.recording().len();
                let branch = self.branch_mut();
                branch.position = branch.position.min(len);
                self.status = format!("Undone: {label}.");
            }
            _ => self.status = "Nothing to undo: nothing was done by hand.".to_owned(),
        }
    }

    /// Goes back to what was opened, untouched. Runs that were changed by hand are kept.
    pub(crate) fn start_over(&mut self) {
        self.playing = false;
        let untouched = |branch: &Branch| {
            branch.recording.acts().is_empty() && *branch.recording.scenario() == self.opened
        };
        if let Some(at) = self.branches.iter().position(untouched) {
            self.current = at;
        } else {
            let recording = Recording::new(self.opened.clone());
            self.add_branch("started over".to_owned(), recording);
        }
        self.generation += 1;
        self.begin();
        let branch = self.branch_mut();
        (branch.position, branch.now) = (0, 0.0);
        self.status = "Started over: nothing has happened yet.".to_owned();
    }

    /// Puts another of the kept runs on the page, where it was left.
    pub(crate) fn choose_branch(&mut self, id: u32) {
        if let Some(at) = self.branches.iter().position(|branch| branch.id == id) {
            self.playing = false;
            self.current = at;
            self.generation += 1;
            self.begin();
            self.status = format!("On branch “{}”.", self.branch().name);
        }
    }

    pub(super) fn add_branch(&mut self, name: String, recording: Recording) {
        let id = self.next_id;
        self.next_id += 1;
        self.branches.push(Branch::new(id, name, recording));
        self.current = self.branches.len() - 1;
    }
}
