//! A lesson on the page: where its stops stand in the run, which one it has come to, and how to go on. All of it follows
//! from the run and the clock; nothing else is kept, so stepping, scrubbing and branching need not know of lessons.

use super::Session;
use ringside_core::{Key, Span};
use ringside_sim::lesson::{Lesson, Spot, Stop, Way};
use ringside_sim::{Act, When};
use std::ops::Range;

impl Session {
    /// The lesson that the run on the page belongs to.
    pub(crate) fn lesson(&self) -> Option<&Lesson> {
        self.recording().scenario().lesson.as_ref()
    }

    /// Where its stops stand in this run.
    pub(crate) fn spots(&self) -> Vec<Option<Spot>> {
        self.lesson().map(|lesson| lesson.spots(self.recording())).unwrap_or_default()
    }

    /// How many of its stops the clock has come to: the last of them is the step that the visitor is at.
    pub(crate) fn lesson_step(&self) -> usize {
        let last = self.spots().iter().rposition(|spot| spot.is_some_and(|spot| self.has_reached(spot)));
        last.map_or(0, |last| last + 1)
    }

    /// The stop at whose very moment the clock stands.
    pub(crate) fn stop_here(&self) -> Option<&Stop> {
        let number = self.lesson_step().checked_sub(1)?;
        let spot = self.spots().get(number).copied().flatten()?;
        let here = spot.position == self.position() && spot.at == self.time();
        self.lesson()?.stops.get(number).filter(|_| here)
    }

    fn has_reached(&self, spot: Spot) -> bool {
        spot.position <= self.position() && spot.at <= self.time()
    }

    /// The first stop that the clock comes to on its way to `now`, in simulated µs.
    pub(super) fn stop_on_the_way(&self, now: f64) -> Option<(usize, Spot)> {
        let ahead = |spot: &Spot| !self.has_reached(*spot) && spot.at.as_micros() as f64 <= now;
        let spots = self.spots();
        let mut known = spots.iter().enumerate().filter_map(|(number, spot)| Some((number, (*spot)?)));
        known.find(|(_, spot)| ahead(spot))
    }

    /// Plays on to the next stop. Where it plays already, or nothing is to move, it is there at once.
    pub(crate) fn next_stop(&mut self, still: bool) {
        let step = self.lesson_step();
        let jump = still || self.playing;
        let ahead = |spots: &[Option<Spot>]| spots.iter().skip(step).any(Option::is_some);
        if jump {
            self.run_until(ahead);
        }
        let next = self.spots().iter().skip(step).position(Option::is_some).map(|ahead| step + ahead);
        match next {
            Some(number) if jump => self.go_to_stop(number),
            None if self.at_end() => {
                self.playing = false;
                self.status = "This is the end of the lesson.".to_owned();
            }
            None if jump => self.go_to_end(),
            Some(_) | None => self.play(),
        }
    }

    /// Back to where this step began, or, from there, to the one before it.
    pub(crate) fn previous_stop(&mut self) {
        let (step, spots) = (self.lesson_step(), self.spots());
        let is_past = |spot: &Spot| spot.position < self.position() || spot.at < self.time();
        let before = (0..step).rev().find(|number| spots[*number].as_ref().is_some_and(is_past));
        match before {
            Some(number) => self.go_to_stop(number),
            None => self.go_to_start(),
        }
    }

    /// Is it not known yet where this stop, or where none is said the next one, stands, so that the run has to go on first?
    pub(crate) fn is_far(&self, number: Option<usize>) -> bool {
        let spots = self.spots();
        let unknown = match number {
            Some(number) => spots.get(number).is_some_and(Option::is_none),
            None => spots.iter().skip(self.lesson_step()).all(Option::is_none),
        };
        unknown && !self.recording().finished() && self.recording().len() > Self::AT_ONCE
    }

    /// Events that are run at most while a visitor waits.
    const FARTHEST: u64 = 200_000;

    /// Runs on until it is known where stops stand, as far as a visitor may be kept waiting.
    fn run_until(&mut self, known: impl Fn(&[Option<Spot>]) -> bool) {
        while !known(&self.spots()) && self.recording().len() < Self::FARTHEST && self.run_on(Self::AT_ONCE) {
        }
    }

    /// To a stop, and stays there.
    pub(crate) fn go_to_stop(&mut self, number: usize) {
        self.run_until(|spots| spots.get(number).is_none_or(Option::is_some));
        let Some(Some(spot)) = self.spots().get(number).copied() else { return };
        self.go_to(spot.position);
        self.pause_at(number, spot);
    }

    pub(super) fn pause_at(&mut self, number: usize, spot: Spot) {
        self.playing = false;
        let branch = self.branch_mut();
        (branch.position, branch.now) = (spot.position, spot.at.as_micros() as f64);
        let Some(lesson) = self.lesson() else { return };
        let stop = &lesson.stops[number];
        let what = match (&stop.question, &stop.task) {
            (Some(_), _) => " There is a question.",
            (None, Some(_)) => " There is something to do.",
            (None, None) => "",
        };
        self.status = format!("Step {} of {}: {}.{what}", number + 1, lesson.stops.len(), stop.name);
    }

    /// The key of the next request of the scenario, where the lesson asks for nodes to be selected: it is about that one.
    #[inline(never)]
    pub(crate) fn key_ahead(&self) -> Option<Key> {
        let stop = self.lesson()?.stops.get(self.lesson_step().checked_sub(1)?)?;
        stop.task.as_ref().filter(|task| matches!(task.way, Way::Select(_)))?;
        let now = self.time();
        self.opened.steps.iter().find_map(|step| {
            if let (When::At(at), Act::Operation(operation)) = (&step.when, &step.act)
                && *at > now
            {
                Some(operation.key.clone())
            } else {
                None
            }
        })
    }

    /// Does at a stop what it asks for, as a visitor would; then plays on. Where nothing is to move, it shows the answer to
    /// what was asked.
    pub(crate) fn do_task(&mut self, number: usize, still: bool) {
        let way = self.lesson().and_then(|lesson| Some(lesson.stops.get(number)?.task.as_ref()?.way.clone()));
        let Some(way) = way else { return };
        self.go_to_stop(number);
        match way {
            Way::Deeds(deeds) => {
                let before = self.asked();
                for deed in deeds {
                    if deed.plus > Span::ZERO {
                        self.go_to_time(self.time() + deed.plus);
                    }
                    let act = deed.act(self.recording());
                    self.act(act);
                }
                self.playing = !still && !self.at_end();
                if still {
                    self.see_answers(before..self.asked());
                }
            }
            Way::Vnodes(vnodes) => {
                self.set_vnodes(vnodes);
                let said = self.status.clone();
                self.go_to_stop(number);
                self.status = said;
            }
            Way::Select(_) => {}
        }
    }

    /// How many requests there have been so far.
    fn asked(&self) -> usize {
        let ops = &self.recording().trace().ops;
        ops.partition_point(|op| op.start_at <= self.position())
    }

    /// Goes to where these requests are answered, unless the next stop comes before.
    #[inline(never)]
    fn see_answers(&mut self, asked: Range<usize>) {
        let answered = |session: &Self| {
            let ops = session.recording().trace().ops.get(asked.clone())?;
            ops.iter()
                .map(|op| Some(op.end.as_ref()?.position))
                .collect::<Option<Vec<u64>>>()?
                .into_iter()
                .max()
        };
        let step = self.lesson_step();
        while answered(self).is_none()
            && self.recording().len() < Self::FARTHEST
            && self.run_on(Self::AT_ONCE)
        {}
        let next = self.spots().iter().skip(step).find_map(|spot| *spot);
        if let Some(position) = answered(self)
            && next.is_none_or(|next| position < next.position)
        {
            let said = self.outcome_between(self.position(), position);
            self.go_to(position);
            self.status = said.unwrap_or_default();
        }
    }

    /// Is what a stop asks for done, as far as the judges have said? None where it asks for nothing, or for what they do not
    /// see.
    pub(crate) fn task_done(&self, number: usize) -> Option<bool> {
        self.known.tasks(self.generation).get(number).copied().flatten()
    }

    /// Goes to where a first visit begins: one stop before the first question of the lesson or, where nothing is to move, to
    /// that question.
    pub(crate) fn begin_shortened(&mut self, still: bool) {
        let Some(lesson) = self.lesson() else { return };
        let question = lesson.stops.iter().position(|stop| stop.question.is_some()).unwrap_or(0);
        let begin = if still { Some(question) } else { question.checked_sub(1) };
        if let Some(number) = begin {
            self.go_to_stop(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_sim::check::lesson::walk;
    use ringside_sim::scenario::BUILTIN;
    use ringside_sim::{Recording, Scenario};

    fn lessons() -> impl Iterator<Item = (&'static str, Scenario)> {
        let read = |(name, file): &(&'static str, &str)| (*name, Scenario::parse(file).expect("it is right"));
        BUILTIN.iter().map(read).filter(|(_, scenario)| scenario.lesson.is_some())
    }

    /// Plays until the clock stops by itself.
    fn play(session: &mut Session) {
        session.play();
        for _ in 0..1_000_000 {
            session.run_on(Session::AT_ONCE);
            if !session.frame(100.0) {
                return;
            }
        }
        panic!("it plays for ever: {}", session.status());
    }

    #[test]
    fn where_nodes_are_to_be_selected_the_ring_shows_the_key_that_comes() {
        let (_, scenario) = lessons().next().expect("there are lessons");
        let mut session = Session::new(scenario);
        let mut ahead = Vec::new();
        for number in 0..4 {
            session.go_to_stop(number);
            ahead.push(session.key_ahead());
        }
        assert_eq!(ahead, [None, None, Some(Key::new("list")), None]);
    }

    #[test]
    fn playing_pauses_at_each_stop_and_goes_on_from_there() {
        for (name, scenario) in lessons() {
            let spots = scenario.lesson.as_ref().expect("it is a lesson").spots(&{
                let mut recording = Recording::new(scenario.clone());
                recording.run_to_end();
                recording
            });
            let mut session = Session::new(scenario);
            for (number, spot) in spots.iter().enumerate() {
                // A stop that waits for what is done by hand is not on the way without it.
                let Some(spot) = spot else { continue };
                play(&mut session);
                assert_eq!((session.position(), session.time()), (spot.position, spot.at), "{name}");
                assert_eq!(session.lesson_step(), number + 1, "{name}");
                assert!(session.status().contains(&format!("Step {} of ", number + 1)), "{name}");
            }
            play(&mut session);
            assert!(session.at_end(), "{name}: {}", session.status());
        }
    }

    #[test]
    fn the_walk_on_the_page_is_the_walk_of_the_command_line() {
        for (name, scenario) in lessons() {
            let (walked, run) = walk(&scenario);
            let mut session = Session::new(scenario);
            for (number, walked) in walked.iter().enumerate() {
                session.next_stop(true);
                assert_eq!(session.lesson_step(), number + 1, "{name}: {}", session.status());
                assert_eq!(Some(session.time()), walked.at, "{name}");
                session.do_task(number, true);
            }
            while session.run_on(Session::AT_ONCE) {}
            assert_eq!(session.recording().acts(), run.acts(), "{name}");
            assert_eq!(session.recording().digest(), run.digest(), "{name}");
        }
    }

    #[test]
    fn where_nothing_moves_what_is_done_for_the_visitor_shows_its_answer() {
        for (name, scenario) in lessons() {
            let lesson = scenario.lesson.clone().expect("it is a lesson");
            let mut session = Session::new(scenario);
            for (number, stop) in lesson.stops.iter().enumerate() {
                session.next_stop(true);
                let asked = session.asked();
                session.do_task(number, true);
                assert_eq!(session.lesson_step(), number + 1, "{name}");
                let Some(Way::Deeds(deeds)) = stop.task.as_ref().map(|task| &task.way) else { continue };
                if !deeds.iter().any(|deed| matches!(deed.act, Act::Operation(_))) {
                    continue;
                }
                let op = session.recording().trace().ops.get(asked).expect("it was asked");
                let answered = op.end.as_ref().map(|end| end.position);
                let next = session.spots().get(number + 1).copied().flatten().map(|spot| spot.position);
                let shown = answered.is_some_and(|end| end <= session.position());
                assert!(shown || next <= answered, "{name}, stop {number}: {answered:?}, {next:?}");
            }
        }
    }

    #[test]
    fn a_stop_behind_much_that_is_not_known_yet_is_far() {
        let file = ringside_sim::scenario::builtin("stale-read").expect("it is built in");
        let mut scenario = Scenario::parse(file).expect("it is right");
        let far = ringside_core::Time::from_micros(20_000_000);
        let act = Act::Workload(ringside_sim::Workload {
            clients: 2,
            rate: 100,
            keys: 3,
            zipf: None,
            reads: ringside_sim::Ratio::ZERO,
            lasts: Span::from_secs(30),
        });
        let begin = ringside_core::Time::from_micros(100_000);
        scenario.steps.push(ringside_sim::Step { when: When::At(begin), act, say: None });
        let stops = &mut scenario.lesson.as_mut().expect("it is a lesson").stops;
        let last = stops.len() - 1;
        stops[last].when = When::At(far);
        let mut session = Session::new(scenario);
        session.run_on(1);
        assert!(!session.is_far(None) && !session.is_far(Some(0)) && session.is_far(Some(last)));
        session.go_to_stop(last - 1);
        assert!(session.is_far(None), "the next one is");
        session.go_to_stop(last);
        assert_eq!((session.time(), session.is_far(Some(last))), (far, false));
    }

    #[test]
    fn steps_go_back_the_way_they_came() {
        let file = ringside_sim::scenario::builtin("stale-read").expect("it is built in");
        let mut session = Session::new(Scenario::parse(file).expect("it is right"));
        session.begin_shortened(true);
        assert_eq!(session.lesson_step(), 2, "at the question");
        session.next_stop(true);
        session.do_task(2, true);
        assert_eq!((session.lesson_step(), session.recording().acts().len()), (3, 2));
        session.previous_stop();
        assert_eq!(session.lesson_step(), 3, "where the step began, before what was done there");
        assert_eq!(session.recording().acts().len(), 2, "the branch stays");
        session.previous_stop();
        session.previous_stop();
        session.previous_stop();
        assert_eq!((session.lesson_step(), session.position()), (0, 0));
        for step in [1, 2, 3, 4] {
            session.next_stop(true);
            assert_eq!(session.lesson_step(), step);
        }
        session.next_stop(true);
        assert!(session.at_end());
        session.next_stop(true);
        assert_eq!(session.status(), "This is the end of the lesson.");
    }
}
