//! The expectations of a scenario file: what must be true of a run, and was it?

use super::words::{list, nodes, quoted, values};
use super::{Claim, Judgement, Verdict};
use crate::hints::held;
use crate::recording::Recording;
use crate::scenario::{Expectation, Expected};
use crate::setup::Setup;
use crate::snapshot::Snapshot;
use crate::trace::{Hinted, Op, OpOutcome};
use ringside_core::order::by_number;
use ringside_core::{Key, NodeId};

/// What became of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationResult {
    /// What was expected, in one sentence without its full stop.
    pub what: String,
    /// Was it so?
    pub holds: bool,
    /// What was the case instead, or the same, in sentences.
    pub why: String,
}

/// Every expectation of the scenario, in file order, judged as far as the recording has been run: at its own time, or
/// at the end.
#[must_use]
pub fn expect(recording: &Recording) -> Vec<ExpectationResult> {
    let mut judges = Judges { recording, at: None };
    recording
        .scenario()
        .expectations
        .iter()
        .map(|expectation| one(recording, &mut judges, expectation))
        .collect()
}

/// What the judges last said: expectations mostly ask for several claims at one moment, and judging takes a while.
struct Judges<'a> {
    recording: &'a Recording,
    at: Option<(u64, Vec<Judgement>)>,
}

impl Judges<'_> {
    fn at(&mut self, position: u64) -> &[Judgement] {
        let recording = self.recording;
        let kept = self.at.take().filter(|(of, _)| *of == position);
        &self.at.insert(kept.unwrap_or_else(|| (position, recording.judge(position)))).1
    }
}

fn one(recording: &Recording, judges: &mut Judges<'_>, expectation: &Expectation) -> ExpectationResult {
    let position = expectation.at.map_or(recording.len(), |at| recording.position_at(at));
    let mut result = subject(recording, judges, &expectation.what, position);
    if let Some(at) = expectation.at {
        result.what = format!("at {at}, {}", result.what);
    }
    result
}

/// What must be so at a position: is it?
#[must_use]
pub fn at(recording: &Recording, what: &Expected, position: u64) -> ExpectationResult {
    subject(recording, &mut Judges { recording, at: None }, what, position)
}

fn subject(
    recording: &Recording,
    judges: &mut Judges<'_>,
    what: &Expected,
    position: u64,
) -> ExpectationResult {
    match what {
        Expected::Operation { id, outcome, values, replies, hinted } => {
            let wanted = Wanted {
                outcome: *outcome,
                values: values.as_deref(),
                replies: replies.as_deref(),
                hinted: hinted.as_deref(),
            };
            operation(recording, position, id, wanted)
        }
        Expected::Claim { claim, verdict } => judged(judges.at(position), *claim, *verdict),
        Expected::Stored { key, node, values } => {
            let name = recording.setup().name(*node);
            stored(&recording.snapshot(position), name, *node, key, values)
        }
        Expected::Hints(expected) => hints(&recording.snapshot(position), *expected),
    }
}

/// What is expected of an operation.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    outcome: Option<OpOutcome>,
    values: Option<&'a [String]>,
    replies: Option<&'a [NodeId]>,
    hinted: Option<&'a [Hinted]>,
}

fn operation(recording: &Recording, position: u64, id: &str, of: Wanted<'_>) -> ExpectationResult {
    let Wanted { outcome, values: expected, replies, hinted } = of;
    let setup = recording.setup();
    let mut wanted = Vec::new();
    wanted.extend(outcome.map(|outcome| format!("ends {}", outcome.name())));
    wanted.extend(expected.map(|values| format!("returns {}", shown(values))));
    wanted.extend(replies.map(|replies| format!("counts the answers of {}", nodes(setup, &sorted(replies)))));
    wanted.extend(hinted.map(|hinted| format!("leaves {}", hints_of(setup, hinted))));
    let what = format!("{id} {}", list(&wanted));
    let op = recording.trace().op_named(id).filter(|op| op.start_at <= position);
    let Some(op) = op else {
        return ExpectationResult { what, holds: false, why: format!("{id} has not begun.") };
    };
    let Some(end) = op.end_by(position) else {
        return ExpectationResult { what, holds: false, why: format!("{id} is still under way.") };
    };
    let returned = end.returned.as_ref().filter(|_| !op.kind.is_write()).map(values).unwrap_or_default();
    let mut did = vec![format!("ended {}", end.outcome.name())];
    did.extend(expected.map(|_| format!("returned {}", shown(&returned))));
    did.extend(replies.map(|_| format!("counted the answers of {}", nodes(setup, &sorted(&end.replies)))));
    let left = left(op, position);
    did.extend(hinted.map(|_| format!("left {}", hints_of(setup, &left))));
    let error = end.error.as_ref().map(|error| format!(" The client was told: {error}.")).unwrap_or_default();
    let holds = outcome.is_none_or(|outcome| outcome == end.outcome)
        && expected.is_none_or(|expected| in_order(expected) == returned)
        && replies.is_none_or(|replies| sorted(replies) == sorted(&end.replies))
        && hinted.is_none_or(|hinted| *hinted == left);
    ExpectationResult { what, holds, why: format!("{id} {} at {}.{error}", list(&did), end.at) }
}

fn judged(judgements: &[Judgement], claim: Claim, verdict: Verdict) -> ExpectationResult {
    let judgement = judgements.iter().find(|judgement| judgement.claim == claim);
    let what = match verdict {
        Verdict::Holds | Verdict::NotApplicable => format!("{} {}", claim.name(), verb(verdict)),
        Verdict::Broken => format!("{} is broken", claim.name()),
    };
    let (holds, why) = judgement.map_or((false, String::new()), |judgement| {
        let holds = judgement.verdict == verdict;
        let found = format!("{} {}. {}", claim.name(), verb(judgement.verdict), judgement.why);
        (holds, if holds { judgement.why.clone() } else { found })
    });
    ExpectationResult { what, holds, why }
}

const fn verb(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Broken => "is broken",
        Verdict::NotApplicable => "is not applicable",
    }
}

fn stored(
    snapshot: &Snapshot,
    name: &str,
    node: NodeId,
    key: &Key,
    expected: &[String],
) -> ExpectationResult {
    let kept = snapshot.nodes.get(node.index()).and_then(|node| node.store.get(key));
    let found = kept.map(values).unwrap_or_default();
    let key = quoted(key.as_str());
    let what = format!("{name} stores {} for {key}", shown(expected));
    let why = format!("{name} stores {} for {key}.", shown(&found));
    ExpectationResult { what, holds: in_order(expected) == found, why }
}

fn hints(snapshot: &Snapshot, expected: u64) -> ExpectationResult {
    let what = format!("the number of hints held is {expected}");
    let held = held(snapshot);
    let each = snapshot.nodes.iter().filter(|node| !node.hints.is_empty());
    let each: Vec<String> = each.map(|node| format!("{} by {}", node.hints.len(), node.name)).collect();
    let by = if each.is_empty() { String::new() } else { format!(": {}", list(&each)) };
    ExpectationResult {
        what,
        holds: held == expected,
        why: format!("The number of hints held is {held}{by}."),
    }
}

/// The hints that an operation has left behind so far, sorted, each once.
#[must_use]
pub fn left(op: &Op, position: u64) -> Vec<Hinted> {
    let stored = op.hinted.iter().filter(|(_, since)| *since <= position);
    let mut left: Vec<Hinted> = stored.map(|(hinted, _)| *hinted).collect();
    by_number(&mut left, |hint| u64::from(hint.holder.0) << 32 | u64::from(hint.owner.0));
    left.dedup();
    left
}

/// `a hint on D for B`, `no hint`.
fn hints_of(setup: &Setup, hints: &[Hinted]) -> String {
    let each = hints
        .iter()
        .map(|hint| format!("a hint on {} for {}", setup.name(hint.holder), setup.name(hint.owner)));
    let each: Vec<String> = each.collect();
    if each.is_empty() { "no hint".to_owned() } else { list(&each) }
}

fn shown(values: &[String]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    list(&quoted)
}

fn in_order(values: &[String]) -> Vec<String> {
    let mut values: Vec<&str> = values.iter().map(String::as_str).collect();
    values.sort_unstable();
    values.into_iter().map(str::to_owned).collect()
}

fn sorted(nodes: &[NodeId]) -> Vec<NodeId> {
    let mut nodes = nodes.to_vec();
    by_number(&mut nodes, |node| node.0.into());
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const STORY: &str = r#"
ringside = 1
[cluster]
nodes = 3
vnodes = 1
partitioning = "even"
[network]
delay = "1ms"
[[step]]
at = "1ms"
put = { id = "w1", key = "cart", value = "milk", via = "A" }
[[step]]
at = "10ms"
get = { id = "r1", key = "cart", via = "B" }
[[expect]]
"#;

    fn result(expectation: &str) -> ExpectationResult {
        let mut recording = Recording::new(Scenario::parse(&format!("{STORY}{expectation}")).unwrap());
        recording.run_to_end();
        let mut results = expect(&recording);
        assert_eq!(results.len(), 1);
        results.remove(0)
    }

    #[test]
    fn each_subject_holds_where_it_is_so_and_says_what_was_so_where_not() {
        for (expectation, holds, why) in [
            ("op = \"w1\"\noutcome = \"ok\"", true, "w1 ended ok at 3 ms."),
            ("op = \"w1\"\noutcome = \"unknown\"", false, "w1 ended ok at 3 ms."),
            ("op = \"r1\"\nvalues = [\"milk\"]", true, "r1 ended ok and returned \"milk\" at 12 ms."),
            ("op = \"r1\"\nvalues = []", false, "r1 ended ok and returned \"milk\" at 12 ms."),
            (
                "op = \"r1\"\nreplies = [\"B\", \"A\"]",
                true,
                "r1 ended ok and counted the answers of A and B at 12 ms.",
            ),
            (
                "op = \"r1\"\nreplies = [\"B\"]",
                false,
                "r1 ended ok and counted the answers of A and B at 12 ms.",
            ),
            ("key = \"cart\"\nnode = \"C\"\nvalues = [\"milk\"]", true, "C stores \"milk\" for \"cart\"."),
            ("key = \"cart\"\nnode = \"C\"\nvalues = [\"eggs\"]", false, "C stores \"milk\" for \"cart\"."),
            ("key = \"list\"\nnode = \"C\"\nvalues = []", true, "C stores nothing for \"list\"."),
            ("hints = 0", true, "The number of hints held is 0."),
        ] {
            let result = result(expectation);
            assert_eq!((result.holds, result.why.as_str()), (holds, why), "{expectation}");
        }
    }

    #[test]
    fn a_claim_is_expected_by_its_verdict() {
        let good = result("claim = \"fresh-reads\"\nverdict = \"holds\"");
        assert!(
            good.holds && good.what == "fresh-reads holds" && good.why.starts_with("1 get was"),
            "{good:?}"
        );
        let bad = result("claim = \"fresh-reads\"\nverdict = \"broken\"");
        assert!(!bad.holds && bad.what == "fresh-reads is broken", "{bad:?}");
        assert!(bad.why.starts_with("fresh-reads holds. 1 get was"), "{bad:?}");
    }

    #[test]
    fn with_a_time_it_is_judged_then() {
        let early = result("op = \"w1\"\noutcome = \"ok\"\nat = \"2ms\"");
        assert_eq!((early.holds, early.what.as_str()), (false, "at 2 ms, w1 ends ok"));
        assert_eq!(early.why, "w1 is still under way.");
        assert!(result("op = \"w1\"\noutcome = \"ok\"\nat = \"3ms\"").holds);
        assert_eq!(result("op = \"r1\"\nvalues = []\nat = \"9ms\"").why, "r1 has not begun.");
        assert!(result("key = \"cart\"\nnode = \"A\"\nvalues = [\"milk\"]\nat = \"1ms\"").holds);
        assert!(result("key = \"cart\"\nnode = \"B\"\nvalues = []\nat = \"1ms\"").holds);
    }
}
