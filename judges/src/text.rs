//! Scenarios as the text of files, for the editor of the page.

use ringside_core::{Span, Time};
use ringside_sim::trace::What;
use ringside_sim::{Placed, Recording, Scenario, share};
use std::sync::Arc;

/// The text of a file that does what was done: the scenario, and what was done by hand as steps. Both come as bytes of
/// `Scenario::to_bytes` and `share::acts_to_bytes`.
///
/// # Errors
/// The bytes are no scenario or no acts on it.
pub(crate) fn write(scenario: &[u8], acts: &[u8]) -> Result<String, share::Damaged> {
    let scenario = Scenario::from_encoded(scenario)?;
    let acts = share::acts_from_bytes(acts, &scenario)?;
    Ok(as_steps(scenario, acts).to_toml())
}

/// The scenario with what was done by hand as steps. A step comes before the messages of its moment; what was done after
/// one of these comes a microsecond later.
fn as_steps(scenario: Scenario, mut acts: Vec<Placed>) -> Scenario {
    let Some(last) = acts.last() else { return scenario };
    let end = last.after;
    let mut recording = Recording::with_acts(Arc::new(scenario.clone()), acts.clone());
    recording.run_on(end);
    let trace = recording.trace();
    let mut earliest = Time::ZERO;
    for placed in &mut acts {
        let before = usize::try_from(placed.after).ok().and_then(|after| after.checked_sub(1));
        let event = before.and_then(|at| trace.events.get(at));
        let ties =
            event.is_some_and(|event| event.at == placed.at && !matches!(event.what, What::Act { .. }));
        let at = if ties { placed.at + Span::from_micros(1) } else { placed.at };
        earliest = earliest.max(at);
        placed.at = earliest;
    }
    let mut scenario = scenario.with_acts(&acts);
    // They were about another run.
    scenario.expectations.clear();
    scenario
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::NodeId;
    use ringside_sim::scenario::builtin;
    use ringside_sim::{Act, Op};

    /// What every client heard, and when.
    fn heard(recording: &Recording) -> Vec<(String, String)> {
        let told = |op: &Op| (op.id.clone(), format!("{:?}", op.end));
        recording.trace().ops.iter().map(told).collect()
    }

    #[test]
    fn what_was_done_by_hand_is_steps_of_a_run_that_comes_to_the_same() {
        let scenario = Scenario::parse(builtin("read-repair").unwrap()).unwrap();
        let mut recording = Recording::new(scenario);
        recording.run_to_end();
        for position in 1..recording.len() {
            let at = recording.trace().time_of(position);
            let mut run = recording.branch(position, at, Act::Crash(NodeId(1))).unwrap();
            run = run.branch(position + 1, at, Act::Partition(vec![vec![NodeId(0)]])).unwrap();
            run.run_to_end();
            let text = write(&run.scenario().to_bytes(), &share::acts_to_bytes(run.acts())).unwrap();
            let mut again = Recording::new(Scenario::parse(&text).unwrap());
            again.run_to_end();
            assert_eq!(heard(&again), heard(&run), "after {position} events:\n{text}");
        }
    }

    #[test]
    fn a_run_by_itself_is_the_scenario_with_what_it_expects() {
        let scenario = Scenario::parse(builtin("siblings").unwrap()).unwrap();
        let text = write(&scenario.to_bytes(), &share::acts_to_bytes(&[])).unwrap();
        assert_eq!(Scenario::parse(&text).unwrap(), scenario);
        assert!(!scenario.expectations.is_empty());
    }
}
