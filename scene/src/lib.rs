//! What to draw of a Ringside run, and what to say of it: pure functions from a run, a position and a moment to
//! [`Mark`]s and sentences. No browser, no clock, no state: the same view gives the same picture, on a canvas, in an
//! SVG file and in a test.
//!
//! Floats are allowed here, since nothing of it goes back into the run; trigonometry goes through `libm`, so that a
//! figure is the same on every machine.

pub mod band;
pub mod charts;
pub mod exchange;
pub mod explain;
pub mod hit;
pub mod inspect;
pub mod layout;
pub mod mark;
pub mod messages;
pub mod narrate;
pub mod next;
pub mod overlap;
pub mod palette;
pub mod quorum;
pub mod reach;
pub mod ring;
pub mod rumour;
pub mod scale;
pub mod spacetime;
pub mod staleness;
pub mod svg;
#[cfg(test)]
mod testing;
pub mod text;
pub mod versions;
pub mod walk;
pub mod why;

pub use layout::Layout;
pub use mark::{Area, Ink, Mark, Point, Shape, Thing};
pub use palette::{Hues, Palette, Rgb, Theme};

use ringside_core::{Key, NodeId, RequestId, Time};
use ringside_sim::{Act, MessageId, NodeState, Op, Recording, Setup, Snapshot, Trace, What};

/// A run at one position and one moment, and what of it is selected.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The run.
    pub recording: &'a Recording,
    /// The world at `position`.
    pub snapshot: &'a Snapshot,
    /// How many events have happened.
    pub position: u64,
    /// The moment shown: between the event that led to `position` and the next one.
    pub now: Time,
    /// What is selected.
    pub selection: &'a Selection,
}

/// What is selected or under the pointer. One selection serves every view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// A request. None means the latest one that has begun.
    pub request: Option<RequestId>,
    /// A node.
    pub node: Option<NodeId>,
    /// A key. None means that of the request.
    pub key: Option<Key>,
    /// A message.
    pub message: Option<MessageId>,
    /// A piece of news that goes round.
    pub rumour: Option<rumour::Rumour>,
    /// What the pointer or the focus is on.
    pub hover: Option<Thing>,
}

/// Width and height of a drawing, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl<'a> View<'a> {
    /// What the run started from.
    #[must_use]
    pub fn setup(&self) -> &'a Setup {
        self.recording.setup()
    }

    /// All that has been run, also beyond the position.
    #[must_use]
    pub fn trace(&self) -> &'a Trace {
        self.recording.trace()
    }

    /// The name of a node.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &'a str {
        self.setup().name(node)
    }

    /// Is the node up at this position?
    #[must_use]
    pub fn is_up(&self, node: NodeId) -> bool {
        matches!(self.state(node), NodeState::Up | NodeState::Joining | NodeState::Leaving)
    }

    /// The condition of the node at this position; one that there is not counts as down.
    #[must_use]
    pub fn state(&self, node: NodeId) -> NodeState {
        self.snapshot.nodes.get(node.index()).map_or(NodeState::Down, |node| node.state)
    }

    /// The word for the condition of the node: as in JSON, but that who joins only later has not left yet.
    #[must_use]
    pub fn condition(&self, node: NodeId) -> &'static str {
        let state = self.state(node);
        let brings = |act: &Act| matches!(act, Act::Join(new) | Act::Replace { new, .. } if *new == node);
        let came = || {
            let acts = self.trace().acts().take_while(|(position, _)| *position <= self.position);
            acts.map(|(_, event)| event)
                .any(|event| matches!(&event.what, What::Act { act, .. } if brings(act)))
        };
        if state == NodeState::Left && !self.setup().founding().any(|founder| founder == node) && !came() {
            return "not joined yet";
        }
        state.name()
    }

    /// The selected request; where none is selected, or the selected one has not begun, the latest that has begun. One that
    /// waits for its answer comes before those of a workload, which come and go around it.
    #[must_use]
    pub fn op(&self) -> Option<&'a Op> {
        let selected = self.selection.request.and_then(|request| self.trace().op(request));
        let waits = |op: &&Op| op.end_by(self.position).is_none() && !op.is_of_workload();
        selected.filter(|op| op.start_at <= self.position).or_else(|| {
            let last = self.begun().last()?;
            let waiting = || self.begun().iter().rev().take(Self::AROUND).find(waits);
            if last.is_of_workload() { waiting().or(Some(last)) } else { Some(last) }
        })
    }

    /// Among so many requests one that waits is looked for: more are hardly under way at a time.
    const AROUND: usize = 256;

    /// The operations that have begun, in the order of invocation.
    #[must_use]
    pub fn begun(&self) -> &'a [Op] {
        let ops = &self.trace().ops;
        &ops[..ops.partition_point(|op| op.start_at <= self.position)]
    }

    /// The selected key; where none is selected, that of the selected request.
    #[must_use]
    pub fn key(&self) -> Option<&'a Key>
    where
        Self: 'a,
    {
        match &self.selection.key {
            Some(key) => Some(key),
            None => self.op().map(|op| &op.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Selection;
    use crate::testing::{Run, ms};
    use ringside_sim::{Recording, Scenario, scenario};

    #[test]
    fn what_waits_for_its_answer_is_shown_among_the_requests_of_a_workload() {
        let file = scenario::builtin("a-node-joins").expect("it is built in");
        let mut recording = Recording::new(Scenario::parse(file).expect("it is right"));
        recording.run_to_end();
        let run = Run { recording, selection: Selection::default() };
        let shown = |millis| {
            let position = run.recording.position_at(ms(millis));
            run.at(position, |view| view.op().map(|op| (op.id.clone(), op.is_of_workload())))
        };
        assert_eq!(shown(920), Some(("w1".to_owned(), false)), "Alice waits for the slow copies");
        assert!(shown(450).expect("there is a load").1);
        assert!(shown(2_900).expect("there is a load").1, "she has had her answer for long");
    }
}
