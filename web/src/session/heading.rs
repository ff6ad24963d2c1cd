//! Going where the run is not known yet: it is run on a slice a frame, so that no link, whatever it asks for, makes the
//! page hang.

use super::Session;
use ringside_core::Time;
use ringside_sim::Recording;

/// Slices of [`Session::AT_ONCE`] events that are run before the page is seen again.
const SLICES: u32 = 5;

/// Where the clock is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    to: To,
    /// The run that was meant: in another one it is void.
    generation: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Time(Time),
    Event(u64),
}

impl Session {
    /// To where `position` events have happened: past the end of the run, if that is not far; else to its end.
    pub(crate) fn go_to_event(&mut self, position: u64) {
        self.head_for(To::Event(position));
    }

    /// To a moment of the run, and stops there: past the end of the run, if that is not far; else to where it ends.
    pub(crate) fn go_to_time(&mut self, time: Time) {
        self.head_for(To::Time(time));
    }

    fn head_for(&mut self, to: To) {
        for _ in 0..SLICES {
            if self.knows(to) || !self.run_on(Self::AT_ONCE) {
                break;
            }
        }
        if self.recording().finished() {
            self.reach(to);
        }
        self.go_towards(to);
    }

    /// Goes on to where the clock was sent, as far as the run is known by now. Tells whether it was on its way.
    pub(super) fn head_on(&mut self) -> bool {
        let Some(heading) = self.heading.take() else { return false };
        if heading.generation == self.generation {
            self.go_towards(heading.to);
        }
        true
    }

    /// Runs on past the end of the run to what is asked for, as far as a visitor may be kept waiting.
    #[inline(never)]
    fn reach(&mut self, to: To) {
        let farthest = self.recording().len() + self.at_once();
        let short = |recording: &Recording| match to {
            To::Time(time) => recording.trace().time_of(recording.len()) < time,
            To::Event(position) => recording.len() < position && position <= farthest,
        };
        while self.recording().len() < farthest && short(self.recording()) && self.one_more() {}
    }

    #[inline(never)]
    fn say_end(&mut self, end: Time) {
        self.status = format!("Nothing happens after {end}: this is the end of the run.");
    }

    fn knows(&self, to: To) -> bool {
        let recording = self.recording();
        recording.finished()
            || match to {
                To::Time(time) => recording.ended() >= time,
                To::Event(position) => recording.len() >= position,
            }
    }

    fn go_towards(&mut self, to: To) {
        let there = self.knows(to);
        match to {
            To::Event(position) => self.go_to(position),
            To::Time(time) => {
                self.go_to(self.recording().position_at(time));
                let end = self.recording().ended();
                self.branch_mut().now = time.min(end).as_micros() as f64;
                if there && end < time {
                    self.say_end(end);
                }
            }
        }
        if !there {
            self.heading = Some(Heading { to, generation: self.generation });
            self.status = match to {
                To::Time(time) => format!("Busy: running on to {time}, and at {} so far.", self.time()),
                To::Event(to) => {
                    format!("Busy: running on to event {to}, and at {} so far.", self.position())
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_sim::{Act, Scenario, Setup, Step, When, Workload};

    /// A run of far more events than one look at it takes.
    fn long() -> Session {
        let reads = ringside_sim::Ratio { numerator: 1, denominator: 2 };
        let lasts = ringside_core::Span::from_secs(60);
        let load = Workload { clients: 2, rate: 100, keys: 3, zipf: None, reads, lasts };
        let step = Step { when: When::At(Time::ZERO), act: Act::Workload(load), say: None };
        Session::new(Scenario { setup: Setup::bare(), steps: vec![step], ..Scenario::default() })
    }

    #[test]
    fn a_far_moment_is_reached_in_slices_and_the_page_says_that_it_is_busy() {
        let mut session = long();
        let far = Time::from_micros(50_000_000);
        session.go_to_time(far);
        assert!(session.recording().len() <= Session::AT_ONCE * (u64::from(SLICES) + 1) + 1);
        assert!(session.status().starts_with("Busy: running on to 50 s"), "{}", session.status());
        let mut slices = 0;
        while session.heading.is_some() {
            session.run_on(1_000);
            session.head_on();
            slices += 1;
        }
        assert!(slices > 5);
        assert_eq!((session.time(), session.status()), (far, ""));
        assert!(!session.head_on(), "it has arrived");
    }

    #[test]
    fn whatever_else_is_done_ends_the_way_there() {
        let done: [fn(&mut Session); 4] =
            [Session::go_to_start, Session::play, Session::copy_branch, |session| session.act(Act::Note)];
        for other in done {
            let mut session = long();
            session.go_to_event(1_000_000);
            other(&mut session);
            let here = session.position();
            session.run_on(10_000);
            session.head_on();
            assert_eq!(session.position(), here);
        }
    }
}
