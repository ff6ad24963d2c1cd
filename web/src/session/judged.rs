//! What the judges say of the run on the page. They sit elsewhere and answer later, so the session keeps what they last
//! said, and knows what to ask them next.

use super::Session;
use ringside_sim::{Breach, Judged, Judgement, share};

/// A state of the run on the page; the verdicts of equal moments are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    generation: u64,
    length: u64,
    /// Requests that have ended, and, unless it plays, events that have happened: while it plays, to judge once for
    /// each answer is enough.
    ended: usize,
    position: u64,
    /// Is the run over?
    over: bool,
}

/// What to ask the judges: see the crate `judges`.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Which state of the run it is about.
    pub(crate) moment: Moment,
    /// The scenario, as bytes.
    pub(crate) scenario: Vec<u8>,
    /// What was done by hand, as bytes.
    pub(crate) acts: Vec<u8>,
    /// Events of the run that are known.
    pub(crate) length: u64,
    /// Events that have happened.
    pub(crate) position: u64,
}

/// What is known from the judges.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What was last answered; none before the first answer.
    moment: Option<Moment>,
    /// Nothing where nobody could be asked.
    judged: Judged,
    /// Why nobody could be asked.
    silence: Option<String>,
}

impl Known {
    /// What is done of the lesson's tasks in the run of that generation.
    pub(super) fn tasks(&self, generation: u64) -> &[Option<bool>] {
        if self.moment.is_some_and(|moment| moment.generation == generation) {
            &self.judged.tasks
        } else {
            &[]
        }
    }
}

impl Session {
    fn moment(&self) -> Moment {
        Moment {
            generation: self.generation,
            length: self.recording().len(),
            ended: self.ended_requests(),
            position: if self.playing() { 0 } else { self.position() },
            over: self.at_end(),
        }
    }

    /// Do the judges have their say about where the clock stands?
    pub(crate) fn is_judged(&self) -> bool {
        self.known.moment == Some(self.moment())
    }

    /// What to ask the judges; none where they have answered.
    pub(crate) fn question(&self) -> Option<Question> {
        let recording = self.recording();
        (!self.is_judged()).then(|| Question {
            moment: self.moment(),
            scenario: recording.scenario().to_bytes(),
            acts: share::acts_to_bytes(recording.acts()),
            length: recording.len(),
            position: self.position(),
        })
    }

    /// Takes what the judges say of a moment, or why nobody could be asked. What they say of a run that is no longer on the
    /// page is left out.
    pub(crate) fn answer(&mut self, moment: Moment, answer: Result<Judged, String>) {
        if moment.generation == self.generation {
            let (judged, silence) = match answer {
                Ok(judged) => (judged, None),
                Err(why) => (Judged::default(), Some(why)),
            };
            self.known = Known { moment: Some(moment), judged, silence };
        }
    }

    /// Why nobody has judged the run; none where somebody has, or may yet.
    pub(crate) fn unjudged(&self) -> Option<&str> {
        self.known.silence.as_deref()
    }

    /// Forgets that nobody could be asked, so that the page asks again.
    pub(crate) fn ask_judges_again(&mut self) {
        self.known = Known::default();
    }

    /// What the judges last said, and whether the run was over then.
    pub(crate) fn judgements(&self) -> (&[Judgement], bool) {
        (&self.known.judged.judgements, self.known.moment.is_some_and(|moment| moment.over))
    }

    /// A property that breaks after position `before` and up to `after`, as a sentence.
    pub(super) fn breach_between(&self, before: u64, after: u64) -> Option<String> {
        self.known.moment.filter(|moment| moment.generation == self.generation)?;
        let mut breaches = self.known.judged.breaches.iter();
        let Breach { claim, .. } = breaches.find(|breach| (before + 1..=after).contains(&breach.position))?;
        Some(format!("The property {} is broken; it stands below the inspector why.", claim.name()))
    }
}
