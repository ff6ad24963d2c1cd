//! The steps of a lecture: where a step of the scenario speaks.

use super::Session;
use ringside_sim::What;

impl Session {
    /// To the next step of the scenario that has something to say, or to the one before; then to the end or to the
    /// beginning. In a lesson the steps are its stops.
    pub(crate) fn go_to_words(&mut self, forward: bool) {
        if self.lesson().is_some() {
            return if forward { self.next_stop(true) } else { self.previous_stop() };
        }
        let here = self.position();
        let recording = self.recording();
        let steps = &recording.scenario().steps;
        let speaks = |what: &What| {
            let What::Act { step: Some(step), .. } = what else { return false };
            steps.get(*step as usize).is_some_and(|step| step.say.is_some())
        };
        let mut spoken = (1..).zip(&recording.trace().events).filter(|(_, event)| speaks(&event.what));
        let to = if forward {
            spoken.find(|(position, _)| *position > here)
        } else {
            spoken.take_while(|(position, _)| *position < here).last()
        };
        match to {
            Some((position, _)) => self.go_to(position),
            None if forward => self.go_to_end(),
            None => self.go_to_start(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_sim::Scenario;

    #[test]
    fn a_lecture_goes_from_words_to_words_and_back() {
        let text = "ringside = 1\n[[step]]\nat = \"1ms\"\nput = { key = \"k\", value = \"v\" }\nsay = \"One.\"\n\
                    [[step]]\nat = \"2ms\"\nget = { key = \"k\" }\n\
                    [[step]]\nat = \"90ms\"\ncrash = \"A\"\nsay = \"Two.\"\n\
                    [[step]]\nat = \"95ms\"\nget = { key = \"k\" }\n";
        let mut session = Session::new(Scenario::parse(text).unwrap());
        let mut places = Vec::new();
        for forward in [true, true, true, false, false, false] {
            session.go_to_words(forward);
            places.push((session.position(), session.time().as_micros() / 1_000));
        }
        let end = (session.recording().len(), places[2].1);
        assert_eq!(places[0], (1, 1));
        assert_eq!(places[1].1, 90);
        assert_eq!(places[2], end);
        assert_eq!(places[3..], [places[1], places[0], (0, 0)]);
    }
}
