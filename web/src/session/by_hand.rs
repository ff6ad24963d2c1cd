//! What a visitor does that is more than one act: several at once, and nodes of new names.

use super::{Session, branch};
use ringside_core::{NodeId, Time};
use ringside_sim::names::node_name;
use ringside_sim::{Act, NodeState, Recording};
use std::sync::Arc;

/// Events that are run in about the time that a visitor notices.
const NOTICED: u64 = 2_000;
/// Events whose records are copied in that time.
const NOTICED_COPIES: u64 = 40_000;

impl Session {
    /// Does something done by hand where the clock stands take longer than the eye needs to notice?
    pub(crate) fn acts_slowly(&self) -> bool {
        let position = self.position();
        position > NOTICED_COPIES || self.recording().run_again(position) > NOTICED
    }

    /// The same of what makes the run begin anew and come here again.
    pub(crate) fn returns_slowly(&self) -> bool {
        self.position() > NOTICED
    }

    /// Where the clock stands: the position, and the moment of what is done there.
    fn here(&self) -> (u64, Time) {
        let position = self.position();
        (position, self.time().max(self.recording().trace().time_of(position)))
    }

    /// Does several things at one moment; one Undo takes them back. `label` says what they are together.
    pub(crate) fn act_all(&mut self, acts: Vec<Act>, label: &str) {
        let (position, at) = self.here();
        let mut recording: Option<Recording> = None;
        let mut done = 0;
        for act in acts {
            let next =
                recording.as_ref().unwrap_or_else(|| self.recording()).branch(position + done, at, act);
            match next {
                Ok(next) => recording = Some(next),
                Err(why) => return self.say(why),
            }
            done += 1;
        }
        if let Some(recording) = recording {
            self.take_branch(recording, position, at, label, done);
        }
    }

    /// The node that the scenario has for joining, if it is no member here; else the first name of the usual ones that no
    /// node has.
    pub(crate) fn next_name(&self) -> String {
        let setup = self.recording().setup();
        let snapshot = self.snapshot();
        let waits = |node: &NodeId| {
            snapshot.nodes.get(node.index()).is_some_and(|node| node.state == NodeState::Left)
        };
        if let Some(joiner) = setup.nodes().skip(setup.founding().count()).find(waits) {
            return setup.name(joiner).to_owned();
        }
        let names = &setup.names;
        (0..).map(node_name).find(|name| !names.contains(name)).unwrap_or_default()
    }

    /// A node of this name joins where the clock stands, or takes the place of one that is dead. Where it is a new name,
    /// the run goes on with one machine more.
    ///
    /// # Errors
    /// No node can be called so, or one that is called so is a member.
    pub(crate) fn welcome(&mut self, name: &str, dead: Option<NodeId>) -> Result<(), String> {
        let act = |new: NodeId| dead.map_or(Act::Join(new), |dead| Act::Replace { dead, new });
        let known = self.recording().setup().node(name);
        let state = known.and_then(|node| self.snapshot().nodes.get(node.index()).map(|node| node.state));
        if let (Some(node), Some(NodeState::Left)) = (known, state) {
            self.act(act(node));
            return Ok(());
        }
        let mut scenario = self.recording().scenario().clone();
        let new = scenario.setup.welcome(name)?;
        let (position, at) = self.here();
        let acts = self.recording().acts().iter().filter(|placed| placed.after < position).cloned().collect();
        let mut recording = Recording::with_acts(Arc::new(scenario), acts);
        recording.run_on(position);
        // A machine that does nothing changes nothing.
        debug_assert_eq!(recording.digest_at(position), self.recording().digest_at(position));
        let act = act(new);
        let label = branch::label(&recording, &act);
        let recording = recording.branch(position, at, act)?;
        self.take_branch(recording, position, at, &label, 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_sim::{LinkChange, Scenario};

    fn cut(from: u32, to: u32) -> Act {
        Act::Link(LinkChange { from: NodeId(from), to: NodeId(to), delay: None, loss: None, cut: Some(true) })
    }

    #[test]
    fn what_is_done_at_once_is_undone_at_once() {
        let mut session = Session::new(Scenario::default());
        let before = session.recording().digest();
        session.act_all(vec![cut(0, 1), cut(1, 0)], "a cut link");
        assert_eq!((session.position(), session.recording().acts().len()), (2, 2));
        assert_eq!(session.snapshot().changed_links().count(), 2);
        session.undo();
        assert_eq!((session.position(), session.recording().digest()), (0, before));
        assert_eq!(session.status(), "Undone: 0 ms: a cut link.");
    }

    #[test]
    fn it_is_known_before_an_act_whether_it_takes_long() {
        let mut session = Session::new(Scenario::default());
        session.act(Act::Workload(ringside_sim::Workload {
            clients: 2,
            rate: 100,
            keys: 3,
            zipf: None,
            reads: ringside_sim::Ratio { numerator: 1, denominator: 2 },
            lasts: ringside_core::Span::from_secs(80),
        }));
        assert!(!session.acts_slowly() && !session.returns_slowly());
        while session.recording().len() <= NOTICED_COPIES && session.run_on(Session::AT_ONCE) {}
        session.go_to_event(NOTICED + 1);
        assert!(session.returns_slowly());
        assert!(!session.acts_slowly(), "it goes on from a checkpoint near by");
        session.go_to_event(NOTICED_COPIES + 1);
        assert!(session.acts_slowly());
    }

    #[test]
    fn a_node_of_a_new_name_joins_a_run_that_is_as_it_was() {
        let mut session = Session::new(Scenario::default());
        session.go_to_time(Time::from_micros(1_500_000));
        session.act(Act::Repair(NodeId(1)));
        let position = session.position();
        let digest = session.recording().digest_at(position);
        assert_eq!(session.next_name(), "F");
        session.welcome("F", None).unwrap();
        assert_eq!(session.recording().setup().names.len(), 6);
        assert_eq!(session.recording().digest_at(position), digest, "what had happened is as it was");
        session.go_to_end();
        while session.run_on(10_000) {}
        session.go_to_end();
        assert!(session.snapshot().plan.ring().members().contains(&NodeId(5)), "it becomes a member");
        assert_eq!(session.next_name(), "G");

        assert_eq!(session.welcome("A", None), Err("there is a node A already".to_owned()));
        assert!(session.welcome("a#1", None).is_err() && session.welcome(" ", None).is_err());
        session.act(Act::Crash(NodeId(1)));
        session.welcome("G", Some(NodeId(1))).unwrap();
        while session.run_on(10_000) {}
        session.go_to_end();
        let members = session.snapshot();
        let members = members.plan.ring().members();
        assert!(members.contains(&NodeId(6)) && !members.contains(&NodeId(1)), "G stands in the place of B");
        session.undo();
        assert_eq!(session.recording().setup().names.len(), 6, "one Undo takes it back");
    }
}
