//! The transport: play, pause, step both ways, jump, scrub.

use super::Session;
use super::clock;
use super::units::Unit;
use ringside_core::RequestId;
use ringside_sim::What;

impl Session {
    /// Starts the clock. At the end of the run nodes go on gossiping and comparing for as long as it runs; where nothing is
    /// left to happen, it says so instead.
    pub(crate) fn play(&mut self) {
        let end = self.at_end();
        if end && !self.go_beyond(1) {
            self.status = "This is the end of the run: there is nothing left to play.".to_owned();
            return;
        }
        self.playing = true;
        self.heading = None;
        self.status = "Playing.".to_owned();
        if end {
            self.beyond = Some(self.generation);
            self.status = "Playing on past the end: nodes gossip and compare as before.".to_owned();
        }
    }

    /// Stops the clock where it stands.
    pub(crate) fn pause(&mut self) {
        if self.playing {
            self.playing = false;
            self.status = format!("Paused at {}.", self.time());
        }
    }

    /// Moves the clock on by a frame, if it runs. Tells whether anything changed.
    pub(crate) fn frame(&mut self, frame_ms: f64) -> bool {
        if !self.playing {
            return false;
        }
        let (before, now) = (self.position(), self.now());
        let recording = self.recording();
        let advanced = clock::advance(now, frame_ms, self.speed, |now| {
            let position = recording.position_at(ringside_core::Time::from_micros(now as u64));
            (position < recording.len()).then(|| {
                let time = |position| recording.trace().time_of(position).as_micros() as f64;
                (time(position), time(position + 1))
            })
        });
        let reached = recording.position_at(ringside_core::Time::from_micros(advanced.now as u64));
        let finished = recording.finished();
        self.shortened = advanced.shortened;
        let stop = self.stop_on_the_way(advanced.now);
        let branch = self.branch_mut();
        branch.now = advanced.now;
        branch.position = reached.max(before);
        let breach = self.breach_between(before, self.position());
        let said = breach.or_else(|| self.outcome_between(before, self.position()));
        if let Some(said) = &said {
            self.status.clone_from(said);
        }
        if let Some((number, spot)) = stop {
            // What broke on the way may not have been heard yet.
            let last = number.checked_sub(1).and_then(|last| self.spots()[last]);
            let broken = self.breach_between(last.map_or(0, |last| last.position), spot.position);
            self.pause_at(number, spot);
            if let Some(said) = broken.or(said) {
                self.status = [&said, " ", &self.status].concat();
            }
            return true;
        }
        if advanced.at_end && finished && !(self.beyond == Some(self.generation) && self.go_beyond(1)) {
            self.playing = false;
            self.status = format!("The run is over at {}: nothing is left to happen.", self.time());
        }
        true
    }

    /// One step forward.
    pub(crate) fn step_forward(&mut self, unit: Unit) {
        self.playing = false;
        let position = self.position();
        let there = |session: &Self| unit.forward(session.recording().trace(), position);
        let ahead = self.recording().len() + self.at_once();
        // Requests do not come by themselves.
        while unit != Unit::Request && there(self).is_none() && self.recording().len() < ahead {
            if !self.one_more() {
                break;
            }
        }
        match there(self) {
            Some(to) => self.go_to(to),
            None if self.at_end() => self.status = "This is the end of the run.".to_owned(),
            None => {
                self.go_to(self.recording().len());
                self.status = format!("No {} follows: this is the end of the run.", unit.name());
            }
        }
    }

    /// One step back.
    pub(crate) fn step_back(&mut self, unit: Unit) {
        self.playing = false;
        let position = self.position();
        match unit.back(self.recording().trace(), position) {
            Some(to) => self.go_to(to),
            None if position == 0 && self.now() <= 0.0 => {
                self.status = "This is the beginning: nothing has happened yet.".to_owned();
            }
            None => self.go_to_start(),
        }
    }

    /// To the beginning.
    pub(crate) fn go_to_start(&mut self) {
        self.go_to(0);
        self.status = "At the beginning: nothing has happened yet.".to_owned();
    }

    /// To the end of the run, as far as it is known.
    pub(crate) fn go_to_end(&mut self) {
        self.go_to(self.recording().len());
        if self.recording().finished() && self.position() == 0 {
            self.status = "Nothing is to happen yet: put or get something.".to_owned();
            return;
        }
        let over = if self.recording().finished() { "The run is over" } else { "As far as the run is known" };
        self.status = format!("{over}: event {}, {}.", self.position(), self.time());
    }

    /// To where `position` events have happened, and stops there.
    pub(crate) fn go_to(&mut self, position: u64) {
        self.playing = false;
        self.heading = None;
        let position = position.min(self.recording().len());
        let now = self.recording().trace().time_of(position).as_micros() as f64;
        let branch = self.branch_mut();
        (branch.position, branch.now) = (position, now);
        self.status.clear();
    }

    /// The last outcome that a client got after position `before` and up to `after`, as a sentence.
    pub(super) fn outcome_between(&self, before: u64, after: u64) -> Option<String> {
        if before == after {
            return None;
        }
        let trace = self.recording().trace();
        let between = usize::try_from(before).ok()?..usize::try_from(after).ok()?;
        let events = trace.events.get(between)?.iter().rev();
        let ended = |request: &RequestId| {
            let op = trace.op(*request)?;
            let end = op.end.as_ref().filter(|end| before < end.position && end.position <= after)?;
            let took = end.at.since(op.start);
            Some(format!("{} {} {}: {} after {took}.", op.id, op.kind.name(), op.key, end.outcome.name()))
        };
        let mut requests = events.flat_map(|event| {
            let at_once = match &event.what {
                What::GaveUp(request) | What::Asked(_, request) => Some(request),
                What::Act { request, .. } => request.as_ref(),
                What::Delivered(_) | What::Waits(_) | What::Took(..) | What::Lost(..) | What::Woke(..) => {
                    None
                }
            };
            event.answers.iter().map(|(request, _)| request).chain(at_once)
        });
        requests.find_map(ended)
    }
}
