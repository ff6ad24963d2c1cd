//! Acts of an operator that nothing came of, with the reason: a run tells of them, since nothing else of it shows.

use crate::act::Act;
use crate::setup::Setup;
use crate::trace::{Trace, What};
use ringside_core::{NodeId, Note, Time, Unwilling};

/// An act that nothing came of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// When that was known.
    pub at: Time,
    /// What was asked, in words: `replace B by F`.
    pub act: String,
    /// Why.
    pub why: Unwilling,
}

/// All of them, in order.
#[must_use]
pub fn refusals(setup: &Setup, trace: &Trace) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for event in &trace.events {
        let why = |note: &Note| if let Note::Refused { why } = note { Some(*why) } else { None };
        let refused = event.notes.iter().filter_map(why);
        refusals.extend(refused.map(|why| Refusal {
            at: event.at,
            act: asked(setup, trace, &event.what),
            why,
        }));
    }
    refusals
}

/// What is refused in such an event. Where it is no act, it is a leave: all others have left meanwhile.
fn asked(setup: &Setup, trace: &Trace, what: &What) -> String {
    let name = |node: &NodeId| setup.name(*node);
    match what {
        What::Act { act: Act::Join(node), .. } => format!("join {}", name(node)),
        What::Act { act: Act::Abort(node), .. } => format!("abort {}", name(node)),
        What::Act { act: Act::Replace { dead, new }, .. } => {
            format!("replace {} by {}", name(dead), name(new))
        }
        What::Act { act: Act::Leave(node), .. } | What::Woke(node, _) => format!("leave {}", name(node)),
        What::Delivered(id) => format!("leave {}", name(&trace.message(*id).envelope.to)),
        What::Act { .. } | What::Asked(..) | What::Took(..) => "leave".to_owned(),
        What::Waits(_) | What::Lost(..) | What::GaveUp(_) => "leave".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Recording;
    use crate::scenario::Scenario;
    use crate::snapshot::NodeState;

    fn run(steps: &str) -> (Recording, Vec<(String, Unwilling)>) {
        let text = format!("ringside = 1\n[cluster]\nnodes = 3\ngossip = \"100ms\"\n{steps}");
        let mut recording = Recording::new(Scenario::parse(&text).unwrap());
        recording.run_to_end();
        let refusals = refusals(recording.setup(), recording.trace());
        let refusals = refusals.into_iter().map(|refusal| (refusal.act, refusal.why)).collect();
        (recording, refusals)
    }

    fn step(at: &str, what: &str) -> String {
        format!("[[step]]\nat = \"{at}\"\n{what}\n")
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_told() {
        let replace = step("1s", "replace = { dead = \"B\", new = \"F\" }");
        assert_eq!(run(&replace).1, [("replace B by F".to_owned(), Unwilling::IsUp)]);
        let crash = step("1ms", "crash = \"B\"");
        assert_eq!(run(&[&crash[..], &replace].concat()).1, []);
        let leave = step("1s", "leave = \"B\"");
        assert_eq!(run(&[&crash[..], &leave].concat()).1, [("leave B".to_owned(), Unwilling::IsDown)]);
        let abort = step("1s", "abort = \"B\"");
        assert_eq!(run(&abort).1, [("abort B".to_owned(), Unwilling::NothingUnderWay)]);
        let join = step("1s", "join = \"B\"");
        assert_eq!(run(&join).1, [("join B".to_owned(), Unwilling::IsMember)]);
    }

    #[test]
    fn who_is_no_member_cannot_be_replaced() {
        let steps = [
            step("1ms", "hold = { kind = \"transfer\" }"),
            step("2ms", "join = \"F\""),
            step("1s", "crash = \"F\""),
            step("2s", "replace = { dead = \"F\", new = \"G\" }"),
            step("3s", "release = {}"),
            step("3s", "abort = \"F\""),
            step("4s", "join = \"G\""),
        ];
        let (recording, refused) = run(&steps.concat());
        assert_eq!(refused, [("replace F by G".to_owned(), Unwilling::DeadIsNoMember)]);
        let end = recording.snapshot(recording.len());
        let states: Vec<NodeState> = end.nodes.iter().skip(3).map(|node| node.state).collect();
        assert_eq!(states, [NodeState::Down, NodeState::Up], "as the refusal says: abort, then join");
    }

    #[test]
    fn of_all_who_leave_the_last_one_stays() {
        let leave = |at: &str| ["A", "B", "C"].map(|node| step(at, &format!("leave = \"{node}\""))).concat();
        let (recording, refused) = run(&leave("1s"));
        assert_eq!(refused.iter().map(|(_, why)| *why).collect::<Vec<_>>(), [Unwilling::IsLast]);
        let end = recording.snapshot(recording.len());
        let stays = end.nodes.iter().filter(|node| node.state == NodeState::Up).count();
        let left = end.nodes.iter().filter(|node| node.state == NodeState::Left).count();
        assert_eq!((stays, left), (1, 2));
        assert!(
            recording.ended() < Time::ZERO + ringside_core::Span::from_secs(60),
            "it does not wait for ever"
        );
        // Who knows that the others are leaving is refused at once.
        let others = ["A", "B"].map(|node| step("1s", &format!("leave = \"{node}\""))).concat();
        let held = step("1ms", "hold = { kind = \"transfer\" }");
        let late = [step("3s", "leave = \"C\""), step("4s", "release = {}")].concat();
        let (_, refused) = run(&[held, others, late].concat());
        assert_eq!(refused, [("leave C".to_owned(), Unwilling::IsLast)]);
    }
}
