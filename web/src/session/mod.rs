//! What the page plays: a run with its branches, a position in it, a clock. It lives outside the virtual DOM, knows
//! no browser, and is changed only by the methods here; the page reads it when its revision has changed.

mod acts;
mod branch;
mod by_hand;
pub(crate) mod clock;
mod handle;
mod heading;
mod judged;
mod kept;
mod lecture;
mod lesson;
mod play;
mod rescale;
mod settings;
mod single;
pub(crate) mod units;

pub(crate) use branch::Branch;
pub(crate) use handle::{Handle, Revisions};
pub(crate) use judged::Question;
pub(crate) use settings::Quorum;

use clock::Speed;
use heading::Heading;
use judged::Known;
use ringside_core::order::by_number;
use ringside_core::{Key, NodeId, RequestId, Time};
use ringside_scene::{Selection, Thing};
use ringside_sim::{Act, Carried, Cursor, MessageId, OperationKind, Placed, Recording, Scenario, Snapshot};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// The run on the page, and everything that can be done with it.
#[derive(Debug)]
pub(crate) struct Session {
    /// What was opened; `Start over` goes back to it.
    opened: Scenario,
    /// The runs that are kept; never empty.
    branches: Vec<Branch>,
    /// Which of them is on the page.
    current: usize,
    /// The number of the next branch.
    next_id: u32,
    /// Does the clock run?
    playing: bool,
    speed: Speed,
    /// Is the clock running through a quiet gap faster than the speed says?
    shortened: bool,
    /// What the last control did, or the last thing worth saying while playing.
    status: String,
    /// What could not be opened: it is said louder than what a control did.
    notice: String,
    /// Counts what makes a picture of an earlier moment worthless: another run at the same position.
    generation: u64,
    /// What the judges last said.
    known: Known,
    /// Where the clock is to go once the run is known that far.
    heading: Option<Heading>,
    /// The run that goes on past its end while the clock runs, by its generation.
    beyond: Option<u64>,
    /// The last pictures asked for, by generation and position.
    snapshots: RefCell<VecDeque<(u64, u64, Rc<Snapshot>)>>,
    /// Where nothing happens for long, as far as somebody has asked.
    gaps: RefCell<kept::Gaps>,
    /// The world that goes along with the clock, and the generation that it is of.
    cursor: RefCell<(u64, Cursor)>,
}

/// What a visitor asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The key.
    pub(crate) key: Key,
    /// Whom to ask; none for the first node of the key's preference list.
    pub(crate) via: Option<NodeId>,
    /// What.
    pub(crate) kind: OperationKind,
}

impl Asked {
    /// The context of a visitor's writes: all that this client has seen of the key.
    pub(crate) const CONTEXT: Carried = Carried::Session;
}

impl Session {
    /// Opens a scenario at its beginning.
    #[cfg(test)]
    pub(crate) fn new(scenario: Scenario) -> Self {
        Self::with_acts(scenario, Vec::new())
    }

    /// Opens a scenario in which this was done by hand, at its beginning.
    pub(crate) fn with_acts(scenario: Scenario, acts: Vec<Placed>) -> Self {
        let recording = Recording::with_acts(Arc::new(scenario.clone()), acts);
        let first = Branch::new(0, "first run".to_owned(), recording);
        let mut session = Self {
            opened: scenario,
            branches: vec![first],
            current: 0,
            next_id: 1,
            playing: false,
            speed: Speed::for_hop(1_000.0),
            shortened: false,
            status: String::new(),
            notice: String::new(),
            generation: 0,
            known: Known::default(),
            heading: None,
            beyond: None,
            snapshots: RefCell::default(),
            gaps: RefCell::default(),
            cursor: RefCell::default(),
        };
        session.begin();
        session.speed = Speed::for_hop(session.median_hop());
        session
    }

    /// Who asks when a visitor does, unless another client is chosen.
    pub(crate) const CLIENT: &str = "client";

    /// Events that are run at once when something new begins, so that short runs are whole when they are first drawn.
    const AT_ONCE: u64 = 2_000;
    /// In clusters of more nodes than these fewer events are, since each takes longer.
    const SMALL: u64 = 32;

    /// Runs on as far as a visitor does not notice.
    fn begin(&mut self) {
        self.run_on(self.at_once());
    }

    /// Events that are run without a visitor noticing.
    fn at_once(&self) -> u64 {
        let nodes = self.recording().setup().names.len() as u64;
        Self::AT_ONCE * Self::SMALL / nodes.max(Self::SMALL)
    }

    /// The run on the page.
    pub(crate) fn recording(&self) -> &Recording {
        &self.branch().recording
    }

    /// The branch on the page.
    pub(crate) fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }

    /// All runs that are kept, in the order they began.
    pub(crate) fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Those of them that are worth a look: all but those in which nothing happened before they were left for another one.
    #[inline(never)]
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Branch> {
        let left = |id| self.branches.iter().any(|other| other.fork().is_some_and(|fork| fork.from == id));
        let shown = self.branch().id;
        self.branches.iter().filter(move |branch| {
            branch.id == shown || branch.fork().is_none() || !branch.is_empty() || !left(branch.id)
        })
    }

    /// How many events have happened where the clock stands.
    pub(crate) fn position(&self) -> u64 {
        self.branch().position
    }

    /// Where the clock stands, in simulated µs with a fraction, between two events while playing.
    pub(crate) fn now(&self) -> f64 {
        self.branch().now
    }

    /// Where the clock stands, in whole µs.
    pub(crate) fn time(&self) -> Time {
        Time::from_micros(self.now() as u64)
    }

    /// Does the clock run?
    pub(crate) const fn playing(&self) -> bool {
        self.playing
    }

    /// How fast.
    pub(crate) const fn speed(&self) -> Speed {
        self.speed
    }

    /// Sets how fast.
    pub(crate) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
    }

    /// Is a quiet gap being run through faster than the speed says?
    pub(crate) const fn shortened(&self) -> bool {
        self.shortened && self.playing
    }

    /// What the last control did, or what was last worth saying.
    pub(crate) fn status(&self) -> &str {
        &self.status
    }

    /// Says that what was asked for could not be had.
    #[inline(never)]
    pub(crate) fn warn(&mut self, notice: &str) {
        notice.clone_into(&mut self.notice);
        self.say(notice);
    }

    /// Is that what is said still?
    pub(crate) fn warns(&self) -> bool {
        !self.notice.is_empty() && self.notice == self.status
    }

    /// Says something that the session itself cannot know.
    pub(crate) fn say(&mut self, status: impl Into<String>) {
        self.status = status.into();
    }

    /// The key that the scenario's first request is about.
    pub(crate) fn first_key(&self) -> &str {
        let mut keys = self.opened.steps.iter().filter_map(|step| {
            if let Act::Operation(operation) = &step.act { Some(operation.key.as_str()) } else { None }
        });
        keys.next().unwrap_or("cart")
    }

    /// A number that changes whenever the run on the page is another one.
    pub(crate) const fn generation(&self) -> u64 {
        self.generation
    }

    /// The world where the clock stands.
    pub(crate) fn snapshot(&self) -> Rc<Snapshot> {
        self.snapshot_at(self.position())
    }

    /// The world at a position; the last few asked for are kept.
    pub(crate) fn snapshot_at(&self, position: u64) -> Rc<Snapshot> {
        let mut kept = self.snapshots.borrow_mut();
        let wanted = (self.generation, position);
        if let Some((_, _, found)) = kept.iter().find(|(generation, at, _)| (*generation, *at) == wanted) {
            return Rc::clone(found);
        }
        let mut cursor = self.cursor.borrow_mut();
        if cursor.0 != self.generation {
            *cursor = (self.generation, Cursor::default());
        }
        let snapshot = Rc::new(self.recording().snapshot_from(&mut cursor.1, position));
        if kept.len() == Self::KEPT {
            kept.pop_front();
        }
        kept.push_back((self.generation, position, Rc::clone(&snapshot)));
        snapshot
    }

    /// Pictures that are kept: where the clock stands, and what an animation on the way there shows.
    const KEPT: usize = 4;

    /// What of a selection exists in the run on the page: another run may have fewer nodes, requests and messages.
    pub(crate) fn existing(&self, selection: &Selection) -> Selection {
        let (setup, trace) = (self.recording().setup(), self.recording().trace());
        let node = |node: &NodeId| node.index() < setup.names.len();
        let message = |id: &MessageId| (id.0 as usize) < trace.messages.len();
        let request = |request: &RequestId| trace.op(*request).is_some();
        let mut selection = selection.clone();
        selection.node = selection.node.filter(node);
        selection.message = selection.message.filter(message);
        selection.request = selection.request.filter(request);
        selection.rumour = selection.rumour.filter(|rumour| node(&rumour.of));
        selection.hover = selection.hover.filter(|thing| match thing {
            Thing::Node(id) => node(id),
            Thing::Message(id) => message(id),
            Thing::Request(id) => request(id),
            Thing::Key(_) => true,
        });
        selection
    }

    /// Is there nothing after where the clock stands?
    pub(crate) fn at_end(&self) -> bool {
        self.recording().finished() && self.position() == self.recording().len()
    }

    /// How many requests have ended where the clock stands.
    pub(crate) fn ended_requests(&self) -> usize {
        let ops = &self.recording().trace().ops;
        ops.iter().filter(|op| op.end_by(self.position()).is_some()).count()
    }

    /// Runs on for at most `events` events beyond what is known. Tells whether there was anything to run.
    pub(crate) fn run_on(&mut self, events: u64) -> bool {
        let recording = &mut self.branch_mut().recording;
        if recording.finished() {
            return false;
        }
        recording.run(events);
        true
    }

    /// Runs on for so many events past the end of the run, in which nothing is left to be done but what nodes always do.
    /// Tells whether anything happened.
    #[inline(never)]
    fn go_beyond(&mut self, events: u64) -> bool {
        let before = self.recording().len();
        self.branch_mut().recording.run_on(events);
        self.recording().len() > before
    }

    /// Runs on by an event, past the end, too. False where nothing is left to happen.
    #[inline(never)]
    fn one_more(&mut self) -> bool {
        self.run_on(1) || self.go_beyond(1)
    }

    /// The median simulated µs that a message of this run is under way.
    fn median_hop(&self) -> f64 {
        let mut hops: Vec<u64> = self
            .recording()
            .trace()
            .messages
            .iter()
            .filter_map(|message| message.travel.map(|travel| travel.due.since(travel.from).as_micros()))
            .collect();
        by_number(&mut hops, |micros| *micros);
        hops.get(hops.len() / 2).map_or(1_000.0, |&hop| hop as f64)
    }
}

#[cfg(test)]
mod tests;
