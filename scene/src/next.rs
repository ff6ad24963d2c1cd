//! What can happen next where the clock stands: messages that may arrive in any order, timers that will go off, and
//! steps of the scenario.

use crate::messages::{Stand, under_way};
use crate::{View, text};
use ringside_core::order::by_number;
use ringside_core::{NodeId, Time, Wake};
use ringside_sim::{MessageId, NodeState, What, When};

/// Everything that can happen next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// The messages that are held or under way: those that are held first, the others as they would arrive.
    pub messages: Vec<Carried>,
    /// What is sure to come unless something comes before it, by time: timers of nodes, and steps.
    pub sure: Vec<Sure>,
}

/// A message that is held or under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Which.
    pub id: MessageId,
    /// What it is and between whom, as in `ack B → D`.
    pub told: String,
    /// When it comes to the end of its way; none while it is held.
    pub due: Option<Time>,
}

/// Something that comes at its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sure {
    /// When.
    pub at: Time,
    /// What, as in `D: gossip round`.
    pub told: String,
}

impl Next {
    /// What can happen next in this view.
    #[must_use]
    pub fn of(view: &View<'_>) -> Self {
        let mut messages: Vec<Carried> = under_way(view).iter().filter_map(|at| carried(view, at)).collect();
        by_number(&mut messages, |message| message.due.map_or(0, |due| due.as_micros() + 1));
        let timers = view.snapshot.nodes.iter().filter_map(|node| {
            let (at, wake) = node.wake?;
            Some(Sure { at, told: [&node.name, ": ", &timer(view, wake)].concat() })
        });
        let mut sure: Vec<Sure> = timers.collect();
        sure.extend(step(view));
        by_number(&mut sure, |sure| sure.at.as_micros());
        Self { messages, sure }
    }
}

fn carried(view: &View<'_>, (id, stand): &(MessageId, Stand)) -> Option<Carried> {
    let message = view.trace().message(*id);
    let envelope = &message.envelope;
    let due = match stand {
        Stand::Held => None,
        Stand::Moving(_) => Some(message.way(view.position)?.due),
        Stand::Lost(..) | Stand::Absent => return None,
    };
    // What has reached a node that is paused is not on its way any more.
    let waits = view.state(envelope.to) == NodeState::Paused && due.is_some_and(|due| due <= view.now);
    let kind = text::kind(envelope.message.kind());
    let told = [kind, " ", view.name(envelope.from), " → ", view.name(envelope.to)].concat();
    (!waits).then_some(Carried { id: *id, told, due })
}

/// The next step of the scenario that has a moment of its own.
fn step(view: &View<'_>) -> Option<Sure> {
    let done = usize::try_from(view.position).ok()?;
    let happened = view.trace().events.get(..done)?;
    let last = happened
        .iter()
        .rev()
        .find_map(|event| if let What::Act { step, .. } = event.what { step } else { None });
    let now = view.trace().time_of(view.position);
    let to_come = |at: Time, index: u32| at > now || (at == now && last.is_none_or(|last| index > last));
    let steps = (0..).zip(&view.recording.scenario().steps).filter_map(|(index, step)| match step.when {
        When::At(at) if to_come(at, index) => Some((at, step)),
        When::At(_) | When::After { .. } => None,
    });
    let (at, step) = steps.min_by_key(|(at, _)| *at)?;
    Some(Sure { at, told: ["the scenario: ", step.act.name()].concat() })
}

/// What a node is woken for, in a few words.
#[must_use]
pub fn timer(view: &View<'_>, wake: Wake) -> String {
    let of = |request| view.trace().op(request).map_or("a request", |op| &op.id);
    match wake {
        Wake::HalfTime(request) => ["half the time limit of ", of(request)].concat(),
        Wake::TimeLimit(request) => ["the time limit of ", of(request)].concat(),
        Wake::Gossip => "gossip round".to_owned(),
        Wake::Silence => "somebody is silent for too long".to_owned(),
        Wake::Handoff(owner) => ["hints go home to ", view.name(owner)].concat(),
        Wake::HintExpiry => "a hint expires".to_owned(),
        Wake::AntiEntropy => "compares its replicas".to_owned(),
        Wake::Collection => "a tombstone is due".to_owned(),
        Wake::Transfer => "sends a range once more".to_owned(),
    }
}

/// The nodes that run, and so can crash.
#[must_use]
pub fn running(view: &View<'_>) -> Vec<NodeId> {
    view.snapshot.nodes.iter().filter(|node| node.runs()).map(|node| node.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Selection;
    use ringside_sim::{Recording, Scenario};

    fn view_at<T>(run: &Recording, position: u64, look: impl FnOnce(&View<'_>) -> T) -> T {
        let (snapshot, selection) = (run.snapshot(position), Selection::default());
        let now = run.trace().time_of(position);
        look(&View { recording: run, snapshot: &snapshot, position, now, selection: &selection })
    }

    fn run(name: &str) -> Recording {
        let mut run =
            Recording::new(Scenario::parse(ringside_sim::scenario::builtin(name).unwrap()).unwrap());
        run.run_to_end();
        run
    }

    #[test]
    fn what_happens_was_among_what_could() {
        for name in ["stale-read", "unknown", "hinted-handoff", "sandbox", "read-repair"] {
            let run = run(name);
            for position in 0..run.len() {
                let next = view_at(&run, position, Next::of);
                let event = &run.trace().events[position as usize];
                let told = |sure: &Sure| sure.at == event.at;
                let foretold = match event.what {
                    What::Delivered(id) | What::Lost(id, _) | What::Waits(id) => {
                        let first = next.messages.iter().find(|message| message.due.is_some());
                        let there = next.messages.iter().any(|message| message.id == id);
                        there && first.is_some_and(|first| first.due == Some(event.at))
                    }
                    What::Woke(..) => next.sure.iter().any(told),
                    What::Act { .. } | What::Asked(..) | What::Took(..) | What::GaveUp(_) => true,
                };
                assert!(foretold, "{name}, {position}: {event:?} was not in {next:?}");
            }
        }
    }

    #[test]
    fn messages_that_are_held_stand_first_and_the_others_as_they_would_arrive() {
        let run = run("stale-read");
        let mut held = 0;
        for position in 0..run.len() {
            let next = view_at(&run, position, Next::of);
            let dues: Vec<Option<Time>> = next.messages.iter().map(|message| message.due).collect();
            assert!(dues.is_sorted(), "{dues:?}");
            held += dues.iter().filter(|due| due.is_none()).count();
        }
        assert!(held > 0, "the scenario holds a write");
    }
}
