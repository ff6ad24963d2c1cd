//! The bench of the judges: the run that they were last asked about.
//!
//! A page asks about the same run again and again, further on each time. So the run is kept, and goes on from where it
//! was; it is begun anew when its scenario or what was done by hand is another one.

use ringside_sim::check::{self, Breach, Judged};
use ringside_sim::{Recording, Scenario, share};
use std::sync::Arc;

/// Keeps one run.
#[derive(Debug, Default)]
pub(crate) struct Bench(Option<Case>);

#[derive(Debug)]
struct Case {
    /// As they came.
    scenario: Vec<u8>,
    acts: Vec<u8>,
    recording: Recording,
    /// What is broken by a position.
    breaches: Option<(u64, Vec<Breach>)>,
}

impl Bench {
    /// Judges a run, given as bytes of `Scenario::to_bytes` and `share::acts_to_bytes`: every claim at `position`, and
    /// what is broken as far as the first `length` events go.
    ///
    /// # Errors
    /// The bytes are no scenario or no acts on it.
    pub(crate) fn judge(
        &mut self,
        scenario: &[u8],
        acts: &[u8],
        length: u64,
        position: u64,
    ) -> Result<Judged, share::Damaged> {
        let kept = self.0.take().filter(|case| case.scenario == scenario && case.acts == acts);
        let case = self.0.insert(match kept {
            Some(case) => case,
            None => Case::new(scenario, acts)?,
        });
        let recording = &mut case.recording;
        recording.run_on(length.saturating_sub(recording.len()));
        let breaches = case.breaches.take().filter(|(of, _)| *of == length);
        let (_, breaches) =
            case.breaches.insert(breaches.unwrap_or_else(|| (length, check::breaches(recording, length))));
        let tasks = check::lesson::done(recording, position);
        Ok(Judged { judgements: recording.judge(position), breaches: breaches.clone(), tasks })
    }
}

impl Case {
    fn new(scenario: &[u8], acts: &[u8]) -> Result<Self, share::Damaged> {
        let read = Scenario::from_encoded(scenario)?;
        let by_hand = share::acts_from_bytes(acts, &read)?;
        let recording = Recording::with_acts(Arc::new(read), by_hand);
        Ok(Self { scenario: scenario.to_vec(), acts: acts.to_vec(), recording, breaches: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::NodeId;
    use ringside_sim::Act;
    use ringside_sim::scenario::{BUILTIN, builtin};

    fn run(text: &str) -> Recording {
        let mut recording = Recording::new(Scenario::parse(text).unwrap());
        recording.run_to_end();
        recording
    }

    fn judged(bench: &mut Bench, of: &Recording, position: u64) -> Judged {
        let (scenario, acts) = (of.scenario().to_bytes(), share::acts_to_bytes(of.acts()));
        bench.judge(&scenario, &acts, of.len(), position).unwrap()
    }

    #[test]
    fn the_bench_says_what_the_recording_says_at_every_position() {
        let mut bench = Bench::default();
        for (name, text) in BUILTIN {
            let recording = run(text);
            for position in (0..=recording.len()).rev().step_by(7) {
                let judged = judged(&mut bench, &recording, position);
                assert_eq!(judged.judgements, recording.judge(position), "{name} at {position}");
                assert_eq!(judged.breaches, check::breaches(&recording, recording.len()), "{name}");
                assert_eq!(judged.tasks, check::lesson::done(&recording, position), "{name} at {position}");
            }
        }
    }

    #[test]
    fn what_was_done_by_hand_is_judged_too() {
        let first = run(builtin("not-linearizable").unwrap());
        let mut bench = Bench::default();
        let before = judged(&mut bench, &first, first.len());
        let at = first.trace().time_of(3);
        let mut branch = first.branch(3, at, Act::Crash(NodeId(0))).unwrap();
        branch.run_to_end();
        assert_eq!(judged(&mut bench, &branch, branch.len()).judgements, branch.judge(branch.len()));
        assert_eq!(judged(&mut bench, &first, first.len()), before, "and the first run is as it was");
    }

    #[test]
    fn a_run_that_goes_on_is_judged_as_far_as_it_is_known() {
        let mut known = Recording::new(Scenario::parse(builtin("not-linearizable").unwrap()).unwrap());
        let mut bench = Bench::default();
        while !known.run(5) {
            assert_eq!(judged(&mut bench, &known, known.len()).judgements, known.judge(known.len()));
        }
    }

    #[test]
    fn a_run_that_never_comes_to_rest_is_over_after_an_hour() {
        let held = "ringside = 1\n[[step]]\nat = \"0s\"\nhold = {}\n\
                    [[step]]\nat = \"1ms\"\nput = { key = \"cart\", value = \"milk\" }\n";
        let recording = run(held);
        let judged = judged(&mut Bench::default(), &recording, recording.len());
        assert_eq!(judged.judgements, recording.judge(recording.len()));
        let of = |claim| judged.judgements.iter().find(|judged| judged.claim == claim).unwrap();
        assert_eq!(of(check::Claim::Convergence).verdict, check::Verdict::Broken);
    }

    #[test]
    fn other_bytes_are_refused_and_do_no_harm() {
        let recording = run(builtin("sandbox").unwrap());
        let mut bench = Bench::default();
        assert!(bench.judge(&[1, 2, 3], &[0], 10, 10).is_err());
        assert!(bench.judge(&recording.scenario().to_bytes(), &[9], 10, 10).is_err());
        assert_eq!(judged(&mut bench, &recording, 0).judgements, recording.judge(0));
    }
}
