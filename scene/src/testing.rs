//! Small runs for the tests of this crate.

use crate::{Selection, View};
use ringside_core::{Config, Key, Kind, NodeId, Span, Time, Value};
use ringside_sim::{
    Act, Carried, Delay, Delays, Network, Operation, OperationKind, Recording, Scenario, Setup, Snapshot,
    Step, When,
};

/// A run that has ended, and pictures of it.
pub(crate) struct Run {
    pub(crate) recording: Recording,
    pub(crate) selection: Selection,
}

impl Run {
    /// Runs these acts, each at its millisecond, on `setup`.
    pub(crate) fn of(setup: Setup, acts: Vec<(u64, Act)>) -> Self {
        let step = |(at, act)| Step { when: When::At(ms(at)), act, say: None };
        let steps = acts.into_iter().map(step).collect();
        let mut recording = Recording::new(Scenario { setup, steps, ..Scenario::default() });
        recording.run_to_end();
        Self { recording, selection: Selection::default() }
    }

    /// The view after `position` events, at the moment of the last of them.
    pub(crate) fn at<T>(&self, position: u64, look: impl FnOnce(&View<'_>) -> T) -> T {
        self.between(position, self.recording.trace().time_of(position), look)
    }

    /// The view after `position` events, at another moment.
    pub(crate) fn between<T>(&self, position: u64, now: Time, look: impl FnOnce(&View<'_>) -> T) -> T {
        let snapshot: Snapshot = self.recording.snapshot(position);
        let selection = &self.selection;
        look(&View { recording: &self.recording, snapshot: &snapshot, position, now, selection })
    }

    pub(crate) fn end(&self) -> u64 {
        self.recording.len()
    }
}

/// With R = W = 1 and the writes lost, a put is only at its coordinator, and another node answers the get; then come
/// these acts.
pub(crate) fn stale_read(then: Vec<(u64, Act)>) -> Run {
    let walk = walk();
    let config = Config { r: 1, w: 1, ..Config::bare() };
    let mut acts = vec![
        (0, Act::Drop { matcher: any(Kind::Write), count: 2 }),
        (1, put("w1", walk[0], "milk")),
        (500, get("r1", walk[1])),
    ];
    acts.extend(then);
    Run::of(Setup { config, ..setup() }, acts)
}

pub(crate) fn ms(millis: u64) -> Time {
    Time::from_micros(millis * 1_000)
}

/// The default cluster; every message takes a different, known time.
pub(crate) fn setup() -> Setup {
    let fixed = |millis| Delay::Fixed(Span::from_millis(millis));
    let delay = Delays { write: fixed(4), ack: fixed(2), read: fixed(3), reply: fixed(5), other: fixed(1) };
    Setup { network: Network { delay, ..Network::default() }, ..Setup::bare() }
}

pub(crate) fn key() -> Key {
    Key::new("cart")
}

/// The nodes of the walk from [`key`], all of them.
pub(crate) fn walk() -> Vec<NodeId> {
    setup().ring().preference(&key(), 5)
}

pub(crate) fn put(id: &str, via: NodeId, value: &str) -> Act {
    let kind = OperationKind::Put { value: Value::new(value), context: Carried::Session };
    Act::Operation(Operation { id: id.into(), client: "alice".into(), via, key: key(), kind })
}

pub(crate) fn get(id: &str, via: NodeId) -> Act {
    Act::Operation(Operation {
        id: id.into(),
        client: "bob".into(),
        via,
        key: key(),
        kind: OperationKind::Get,
    })
}

pub(crate) fn delete(id: &str, via: NodeId) -> Act {
    let kind = OperationKind::Delete { context: Carried::Session };
    Act::Operation(Operation { id: id.into(), client: "alice".into(), via, key: key(), kind })
}

pub(crate) fn any(kind: Kind) -> ringside_sim::Matcher {
    ringside_sim::Matcher { kind: Some(kind), ..Default::default() }
}
