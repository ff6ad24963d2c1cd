//! A recording: a scenario plus what was done by hand. It is the whole truth of a run, small enough for a link.
//!
//! Going anywhere in a run is the nearest checkpoint plus a replay. An act in the past makes another recording, a
//! branch; the earlier one keeps its future.

mod admit;

pub use admit::{check_key, check_value};

use crate::act::Act;
use crate::check::{self, Evidence, Judgement};
use crate::scenario::Scenario;
use crate::setup::Setup;
use crate::snapshot::Snapshot;
use crate::trace::Trace;
use crate::world::{Pictured, World};
use ringside_core::{Ring, Span, Time};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The fewest events between two checkpoints. There are more where checkpoints are big and there has been room for
/// [`ROOM`] things in them: then all of them together take no more room than the trace does.
const CHECKPOINT_EVERY: u64 = 128;
/// Things in checkpoints that are not too many, however short the run is.
const ROOM: u64 = 300_000;
/// A run that is not quiet ends so long after the last thing that was done in it.
const LONGEST_WAIT: Span = Span::from_secs(3_600);

/// An act by hand, and where in the run it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placed {
    /// After so many events.
    pub after: u64,
    /// At this time.
    pub at: Time,
    /// What was done.
    pub act: Act,
}

/// A world that goes along with a viewer: going on from where it is costs no more than what happens there. It belongs
/// to one recording, which may grow meanwhile.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    at: Option<World>,
    /// What was last looked at.
    last: Pictured,
}

/// A world to go on from.
#[derive(Clone, Debug)]
struct Checkpoint {
    world: Arc<World>,
    /// The things in it and in all before it, about.
    kept: u64,
}

/// A run that can be gone through in both directions.
#[derive(Clone, Debug)]
pub struct Recording {
    scenario: Arc<Scenario>,
    acts: Vec<Placed>,
    trace: Trace,
    checkpoints: Vec<Checkpoint>,
    /// The world after the last event of `trace`.
    head: World,
    finished: bool,
}

impl Recording {
    /// A run of which nothing has happened yet.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self::with_acts(Arc::new(scenario), Vec::new())
    }

    /// A run of which nothing has happened yet, with these acts by hand to come: those of another recording of the
    /// scenario, or what [`crate::share::acts_from_bytes`] has read.
    #[must_use]
    pub fn with_acts(scenario: Arc<Scenario>, acts: Vec<Placed>) -> Self {
        let mut head = World::new(Arc::clone(&scenario));
        if acts.iter().any(|placed| matches!(placed.act, Act::Replay { .. })) {
            head.remember_messages();
        }
        Self {
            scenario,
            acts,
            trace: Trace::default(),
            checkpoints: vec![Checkpoint { world: Arc::new(head.clone()), kept: 0 }],
            head,
            finished: false,
        }
    }

    /// What it is a run of.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What it started from.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.scenario.setup
    }

    /// What was done by hand, in order.
    #[must_use]
    pub fn acts(&self) -> &[Placed] {
        &self.acts
    }

    /// Everything that has been run so far. For a viewer who has gone back, that includes the future.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The ring that all nodes began with.
    #[must_use]
    pub fn ring(&self) -> &Ring {
        self.head.ring()
    }

    /// Events run so far: the highest position there is.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.head.position()
    }

    /// Has nothing happened yet?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Is the run over?
    #[must_use]
    pub const fn finished(&self) -> bool {
        self.finished
    }

    /// What goes on after the last event so far, as a clause; none where it is quiet.
    pub(crate) fn unrest(&self) -> Option<&'static str> {
        self.head.unrest()
    }

    /// The fingerprint of all events so far, the same on every machine.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.head.digest()
    }

    /// When the run ended; so far, when the last event happened.
    #[must_use]
    pub fn ended(&self) -> Time {
        match self.scenario.until {
            Some(until) if self.finished && self.acts.is_empty() => Time::ZERO + until,
            Some(_) | None => self.head.now(),
        }
    }

    /// Runs on by at most `max_events` events. True when the run is over.
    pub fn run(&mut self, max_events: u64) -> bool {
        for _ in 0..max_events {
            if self.finished || self.over() || !self.advance() {
                self.finished = true;
                return true;
            }
        }
        self.finished
    }

    /// As [`Recording::run`], also when it is quiet: nodes go on gossiping for as long as someone watches. Then the run is
    /// over only when it is quiet again.
    pub fn run_on(&mut self, max_events: u64) {
        let went_on = (0..max_events).all(|_| self.advance());
        self.finished = !went_on || self.over() || self.is_past();
    }

    /// Does nothing come before the latest moment at which the run ends?
    #[inline(never)]
    fn is_past(&self) -> bool {
        let by_hand = self.acts.last().is_some_and(|placed| placed.after >= self.len());
        !by_hand && self.head.next_at().is_none_or(|at| at > self.end_at())
    }

    /// Is it quiet, and nothing to come by hand? Where a scenario says "until", that alone ends it.
    fn over(&self) -> bool {
        let by_hand = || self.acts.last().is_some_and(|placed| placed.after >= self.len());
        self.scenario.until.is_none() && !by_hand() && self.head.quiet()
    }

    /// Runs on until it is over. A scenario ends by itself, at the latest an hour after its last step.
    pub fn run_to_end(&mut self) {
        while !self.run(u64::MAX) {}
    }

    fn advance(&mut self) -> bool {
        let end_at = self.end_at();
        if !step(&mut self.head, &self.acts, end_at, Some(&mut self.trace)) {
            return false;
        }
        let here = self.head.position();
        if here.is_multiple_of(CHECKPOINT_EVERY) {
            let last = self.checkpoints.last().expect("the beginning is kept");
            let since = here - last.world.position();
            let (size, kept) = (self.head.size_after(since), last.kept);
            if since >= size || kept + size <= ROOM {
                self.checkpoints.push(Checkpoint { world: Arc::new(self.head.clone()), kept: kept + size });
            }
        }
        true
    }

    /// No event after this moment happens. What is done by hand keeps a run going beyond the scenario's own end.
    fn end_at(&self) -> Time {
        let last_act = self.acts.last().map_or(Time::ZERO, |placed| placed.at);
        match self.scenario.until {
            Some(until) if self.acts.is_empty() => Time::ZERO + until,
            Some(_) | None => self.head.last_step().max(last_act) + LONGEST_WAIT,
        }
    }

    /// The world at a position; the last one there is if the position lies beyond.
    fn world(&self, position: u64) -> World {
        let mut at = None;
        self.go(&mut at, position);
        at.expect("it has gone there")
    }

    /// Takes a world to a position: from where it is, or from a checkpoint where that is nearer.
    fn go<'a>(&self, at: &'a mut Option<World>, position: u64) -> &'a World {
        let position = position.min(self.len());
        let nearest = &*self.checkpoints[self.checkpoints_until(position) - 1].world;
        let near = at.take().filter(|world| (nearest.position()..=position).contains(&world.position()));
        let world = at.insert(near.unwrap_or_else(|| nearest.clone()));
        while world.position() < position {
            let moved = step(world, &self.acts, self.end_at(), None);
            assert!(moved, "a replay goes as far as the run went");
        }
        world
    }

    /// How many checkpoints there are up to a position; the beginning is one.
    fn checkpoints_until(&self, position: u64) -> usize {
        self.checkpoints.partition_point(|checkpoint| checkpoint.world.position() <= position)
    }

    /// How many events are run again for something that is done by hand at this position: those since the checkpoint that
    /// the new run goes on from.
    #[must_use]
    pub fn run_again(&self, position: u64) -> u64 {
        position - self.checkpoints[self.checkpoints_until(position) - 1].world.position()
    }

    /// A picture of the world at a position.
    #[must_use]
    pub fn snapshot(&self, position: u64) -> Snapshot {
        self.snapshot_from(&mut Cursor::default(), position)
    }

    /// The same, for a viewer who looks at many positions, mostly one after another.
    #[must_use]
    pub fn snapshot_from(&self, cursor: &mut Cursor, position: u64) -> Snapshot {
        let world = if position >= self.len() { &self.head } else { self.go(&mut cursor.at, position) };
        let mut snapshot = world.snapshot_after(&mut cursor.last);
        // A run that has no end of its own has one all the same; without it no judge would ever look at the state.
        let last = self.finished && self.scenario.until.is_none() && snapshot.position == self.len();
        snapshot.over |= last;
        snapshot
    }

    /// The fingerprint of the events up to a position.
    #[must_use]
    pub fn digest_at(&self, position: u64) -> u64 {
        self.world(position).digest()
    }

    /// How many events had happened at a time, those of that very moment included.
    #[must_use]
    pub fn position_at(&self, time: Time) -> u64 {
        let before = self.trace.events.partition_point(|event| event.at <= time);
        u64::try_from(before).expect("a run has fewer than 2^64 events")
    }

    /// Every claim, judged at a position.
    #[must_use]
    pub fn judge(&self, position: u64) -> Vec<Judgement> {
        let snapshot = self.snapshot(position);
        let (setup, trace) = (self.setup(), &self.trace);
        check::judge(Evidence { setup, trace, position: snapshot.position, snapshot: &snapshot })
    }

    /// Another run, the same up to `position`, in which then, at `at`, something is done by hand. What was done by
    /// hand later than that is not part of it. `at` is moved to between the events that stand around it.
    ///
    /// # Errors
    /// What is wrong with the act: a node that does not exist, an operation's name that is taken, a key or value
    /// that is too long, a message that is not there any more.
    pub fn branch(&self, position: u64, at: Time, act: Act) -> Result<Self, String> {
        let position = position.min(self.len());
        self.admit(position, &act)?;
        let world = self.world(position);
        if let Act::ToMessage { message, deed } = act {
            world.admits(message, deed)?;
        }
        let latest = world.next_at().unwrap_or(Time::from_micros(u64::MAX));
        let at = at.min(latest).max(world.now());
        let mut acts: Vec<Placed> =
            self.acts.iter().filter(|placed| placed.after < position).cloned().collect();
        acts.push(Placed { after: position, at, act });
        Ok(self.with_other_acts(acts, position, position + 1))
    }

    /// The run without what was last done by hand; none if nothing was.
    #[must_use]
    pub fn undo(&self) -> Option<Self> {
        let (last, before) = self.acts.split_last()?;
        Some(self.with_other_acts(before.to_vec(), last.after, last.after))
    }

    /// The run with other acts by hand, which are the same up to the position `same`, run on to `position`. What is the same is
    /// not run again: it goes on from the last checkpoint there.
    fn with_other_acts(&self, acts: Vec<Placed>, same: u64, position: u64) -> Self {
        let mut recording =
            self.begun(&acts, same).unwrap_or_else(|| Self::with_acts(Arc::clone(&self.scenario), acts));
        recording.run_on(position.saturating_sub(recording.len()));
        recording
    }

    /// The same run up to the last checkpoint before `same`, with these acts. None where it has to begin anew: a
    /// replay needs what was sent before it, and with fewer acts a run may end earlier.
    fn begun(&self, acts: &[Placed], same: u64) -> Option<Self> {
        let checkpoints = &self.checkpoints[..self.checkpoints_until(same)];
        let head = &checkpoints.last()?.world;
        let replays = acts.iter().any(|placed| matches!(placed.act, Act::Replay { .. }));
        if replays && !head.remembers_messages() {
            return None;
        }
        let recording = Self {
            scenario: Arc::clone(&self.scenario),
            acts: acts.to_vec(),
            trace: self.trace.until(head.position())?,
            checkpoints: checkpoints.to_vec(),
            head: World::clone(head),
            finished: false,
        };
        (recording.head.now() <= recording.end_at()).then_some(recording)
    }

    /// The first name of the form `op1`, `op2`, … that no operation of the run has.
    #[must_use]
    pub fn next_op_id(&self) -> String {
        let mut taken = BTreeSet::new();
        taken.extend(self.operations(u64::MAX));
        let mut numbered = (1_u64..).map(|number| format!("op{number}"));
        numbered.find(|id| !taken.contains(id.as_str())).expect("there are more numbers than operations")
    }

    /// Is an operation of the run called so, also one that is still to come?
    #[must_use]
    pub fn is_taken(&self, id: &str) -> bool {
        self.operations(u64::MAX).any(|taken| taken == id)
    }

    /// The names of the operations of the scenario, and of those done by hand before `position`.
    fn operations(&self, position: u64) -> impl Iterator<Item = &str> {
        let by_hand = self.acts.iter().filter(move |placed| placed.after < position);
        let acts = self.scenario.steps.iter().map(|step| &step.act).chain(by_hand.map(|placed| &placed.act));
        acts.filter_map(|act| if let Act::Operation(operation) = act { Some(&*operation.id) } else { None })
    }
}

/// One event of a run: what was done by hand at this point, else what comes next by itself.
fn step(world: &mut World, acts: &[Placed], end_at: Time, log: Option<&mut Trace>) -> bool {
    let at_hand = acts.partition_point(|placed| placed.after < world.position());
    if let Some(placed) = acts.get(at_hand).filter(|placed| placed.after == world.position()) {
        world.act(placed.at, placed.act.clone(), log);
        return true;
    }
    world.next_at().is_some_and(|at| at <= end_at) && world.step(log)
}

#[cfg(test)]
mod tests;
