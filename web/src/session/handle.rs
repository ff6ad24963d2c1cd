//! How the page holds a session: shared, outside the virtual DOM, with one listener that hears of changes.

use super::Session;
use crate::paint::after_a_frame;
use ringside_sim::{Placed, Scenario, Setup};
use std::cell::{Cell, Ref, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

/// While playing, the page hears of changes at most this often, in milliseconds.
const PUBLISH_MS: f64 = 100.0;
/// Events that are run between two looks at the clock.
const BATCH: u64 = 4;
/// While nothing but the clock moves the page, its panels hear of that in so many turns, one a frame: all in one frame
/// would be too much for it.
pub(crate) const TURNS: usize = 3;

/// The last revision that the panels of each turn are to show.
pub(crate) type Revisions = [u64; TURNS];

/// Told the last revisions whenever one of them is new.
pub(crate) type Listener = Box<dyn Fn(Revisions)>;

/// A shared session. Two handles are equal if they hold the same one.
#[derive(Clone)]
pub(crate) struct Handle(Rc<Shared>);

struct Shared {
    session: RefCell<Session>,
    revisions: Cell<Revisions>,
    /// The turn of which the panels hear next; [`TURNS`] when all have heard.
    turn: Cell<usize>,
    /// When the page last heard, and whether something has changed since.
    published: Cell<f64>,
    stale: Cell<bool>,
    listener: RefCell<Option<Listener>>,
    /// Changes that are put off until the page has said that it is busy; what is asked for meanwhile waits its turn.
    waiting: RefCell<VecDeque<Change>>,
}

type Change = Box<dyn FnOnce(&mut Session)>;

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("revisions", &self.0.revisions.get()).finish_non_exhaustive()
    }
}

const LAID_OUT: &str = "Busy: a large ring is laid out …";

/// Is its ring one that takes longer than a frame to lay out?
fn is_big(setup: &Setup) -> bool {
    setup.names.len() as u64 * u64::from(setup.vnodes) > Handle::BIG
}

impl Handle {
    /// Opens a scenario in which this was done by hand.
    pub(crate) fn with_acts(scenario: Scenario, acts: Vec<Placed>) -> Self {
        Self(Rc::new(Shared {
            session: RefCell::new(Session::with_acts(scenario, acts)),
            revisions: Cell::default(),
            turn: Cell::new(TURNS),
            published: Cell::new(0.0),
            stale: Cell::new(false),
            listener: RefCell::default(),
            waiting: RefCell::default(),
        }))
    }

    /// Looks at the session.
    pub(crate) fn read(&self) -> Ref<'_, Session> {
        self.0.session.borrow()
    }

    /// Changes the session; the page hears of it at once.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Session)) {
        change(&mut self.0.session.borrow_mut());
        self.publish();
    }

    /// As [`Handle::change`] for what nobody waits for: while the clock runs, the page hears of it with what that moves.
    pub(crate) fn change_by_and_by(&self, change: impl FnOnce(&mut Session)) {
        if self.read().playing() {
            change(&mut self.0.session.borrow_mut());
            self.0.stale.set(true);
        } else {
            self.change(change);
        }
    }

    /// Says that the page is busy, lets that be seen, and only then changes the session: for what takes longer than a
    /// frame.
    pub(crate) fn change_busily(&self, said: &str, change: Change) {
        self.0.session.borrow_mut().say(said);
        self.0.waiting.borrow_mut().push_back(change);
        self.publish();
        let handle = self.clone();
        // One frame shows the words, and the next begins when they have been shown.
        after_a_frame(move || after_a_frame(move || handle.catch_up()));
    }

    /// Does something by hand where the clock stands; where that takes long, the page says first that it is busy.
    pub(crate) fn act(&self, act: impl FnOnce(&mut Session) + 'static) {
        let slowly = self.read().acts_slowly();
        self.change_noticed(slowly, "Busy: the run is gone through up to here …", Box::new(act));
    }

    /// As [`Handle::act`], for what makes the run begin anew and come here again.
    pub(crate) fn act_anew(&self, act: impl FnOnce(&mut Session) + 'static) {
        let slowly = self.read().returns_slowly() || is_big(self.read().recording().setup());
        self.change_noticed(slowly, "Busy: the run begins anew and comes here again …", Box::new(act));
    }

    /// To the next stop of a lesson, or as far as there is one.
    pub(crate) fn next_stop(&self, still: bool) {
        let jumps = still || self.read().playing();
        let far = jumps && self.read().is_far(None);
        self.change_noticed(far, Self::ON_THE_WAY, Box::new(move |session| session.next_stop(still)));
    }

    /// To a stop of a lesson.
    pub(crate) fn go_to_stop(&self, number: usize) {
        let far = self.read().is_far(Some(number));
        self.change_noticed(far, Self::ON_THE_WAY, Box::new(move |session| session.go_to_stop(number)));
    }

    const ON_THE_WAY: &str = "Busy: running on to that step …";

    fn change_noticed(&self, slowly: bool, said: &str, change: Change) {
        if slowly {
            self.change_busily(said, change);
        } else {
            self.change(change);
        }
    }

    /// Does what was put off.
    fn catch_up(&self) {
        let next = self.0.waiting.borrow_mut().pop_front();
        if let Some(change) = next {
            self.change(change);
        }
    }

    /// Is something put off?
    pub(crate) fn busy(&self) -> bool {
        !self.0.waiting.borrow().is_empty()
    }

    /// Opens another scenario in place of everything that was there.
    pub(crate) fn open(&self, scenario: Scenario) {
        self.open_with(scenario, Vec::new(), Box::new(|_| {}));
    }

    /// As [`Handle::open`], with what was done by hand; `then` is what is done when it is open.
    pub(crate) fn open_with(&self, scenario: Scenario, acts: Vec<Placed>, then: Change) {
        let big = is_big(&scenario.setup);
        let open = move |session: &mut Session| {
            let generation = session.generation + 1;
            *session = Session::with_acts(scenario, acts);
            session.generation = generation;
            then(session);
        };
        self.change_noticed(big, LAID_OUT, Box::new(open));
    }

    /// Begins the run that is there anew: its ring is laid out again, too.
    pub(crate) fn begin_anew(&self, change: impl FnOnce(&mut Session) + 'static) {
        let big = is_big(self.read().recording().setup());
        self.change_noticed(big, LAID_OUT, Box::new(change));
    }

    /// Rings of more tokens take longer than a frame to lay out.
    pub(crate) const BIG: u64 = 4_096;

    /// One frame: `now_ms` is its time, `frame_ms` how long after the last one. Runs on until `out_of_time` says so, moves
    /// the clock, and lets the page hear of it at most ten times a second, panel after panel; at once when play stops.
    pub(crate) fn frame(&self, now_ms: f64, frame_ms: f64, out_of_time: impl Fn() -> bool) {
        let was_playing = self.read().playing();
        let mut changed = false;
        // Where the clock is faster than what is known grows, it goes to the end of that, which needs no replay.
        while self.0.session.borrow_mut().run_on(BATCH) {
            changed = true;
            if out_of_time() {
                break;
            }
        }
        changed |= self.0.session.borrow_mut().frame(frame_ms);
        changed |= self.0.session.borrow_mut().head_on();
        if changed {
            self.0.stale.set(true);
        }
        let turn = self.0.turn.get();
        if was_playing && !self.read().playing() {
            self.publish();
        } else if turn < TURNS {
            self.publish_to(turn..turn + 1);
        } else if self.0.stale.get() && now_ms - self.0.published.get() >= PUBLISH_MS {
            self.0.published.set(now_ms);
            self.0.stale.set(false);
            self.publish_to(0..1);
        }
    }

    /// Sets who hears of a new revision; none to hear no more.
    pub(crate) fn listen(&self, listener: Option<Listener>) {
        *self.0.listener.borrow_mut() = listener;
    }

    fn publish(&self) {
        self.0.stale.set(false);
        self.publish_to(0..TURNS);
    }

    /// Lets the panels of these turns hear of the session as it is.
    fn publish_to(&self, turns: std::ops::Range<usize>) {
        let mut revisions = self.0.revisions.get();
        let next = revisions.iter().max().map_or(0, |last| last + 1);
        self.0.turn.set(turns.end);
        revisions[turns].fill(next);
        self.0.revisions.set(revisions);
        if let Some(listener) = &*self.0.listener.borrow() {
            listener(revisions);
        }
    }
}
