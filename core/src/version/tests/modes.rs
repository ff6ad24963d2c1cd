//! The modes that err, each with the error it is there to show, and beside it the rules that do not make it.

use super::world::{World, Writes, acts};
use crate::config::{Config, Counters, Versions};
use crate::id::{Actor, NodeId, RequestId, Value};
use crate::time::Time;
use crate::version::{Content, Dot, Rules, Siblings, VersionVector, Write};
use alloc::vec::Vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn plain() -> Config {
    config(Versions::Plain, 0, Counters::PerActor)
}

fn latest() -> Config {
    config(Versions::LastWriteWins, 0, Counters::PerActor)
}

fn config(versions: Versions, clock_limit: u32, counters: Counters) -> Config {
    Config { versions, clock_limit, counters, ..Config::bare() }
}

const fn actor(node: u32) -> Actor {
    Actor { node: NodeId(node), boot: 0 }
}

/// A replica of one key: what it holds and how many dots it has minted.
struct Replica {
    rules: Rules,
    actor: Actor,
    minted: u64,
    held: Siblings,
}

impl Replica {
    fn new(config: &Config, node: u32) -> Self {
        Self { rules: Rules::of(config), actor: actor(node), minted: 0, held: Siblings::new() }
    }

    /// A put through it when its wall clock shows `wall` µs. Returns what the client is told.
    fn put(&mut self, wall: u64, seen: &VersionVector, value: &str) -> VersionVector {
        let content = if value.is_empty() { Content::Tombstone } else { Content::Value(Value::new(value)) };
        let dot = self.rules.mint(self.actor, self.minted, &self.held, seen);
        self.minted += 1;
        let write = Write { dot, request: RequestId(wall), wall: Time::from_micros(wall) };
        self.rules.put(&mut self.held, write, seen, content);
        self.held.clock().clone()
    }

    fn take(&mut self, other: &Self) {
        self.rules.merge(&mut self.held, &other.held);
    }

    fn values(&self) -> Vec<&str> {
        self.held.values().map(Value::as_str).collect()
    }
}

const NOTHING: fn() -> VersionVector = VersionVector::new;

#[test]
fn a_plain_vector_cannot_drop_what_a_client_has_seen_of_several() {
    let (all, unseen) = (["milk", "eggs", "milk and tea"], ["eggs", "milk and tea"]);
    for (config, left) in [(plain(), &all[..]), (Config::bare(), &unseen)] {
        let mut a = Replica::new(&config, 0);
        let seen = a.put(1, &NOTHING(), "milk");
        a.put(2, &NOTHING(), "eggs");
        a.put(3, &seen, "milk and tea");
        assert_eq!(a.values(), left, "{:?}", config.versions);
        let all = a.held.clock().clone();
        a.put(4, &all, "everything");
        assert_eq!(a.values(), ["everything"], "who has seen all replaces all");
    }
}

#[test]
fn a_late_clock_loses_an_acknowledged_write_under_last_write_wins_only() {
    for (config, left) in [(latest(), &["ahead"][..]), (Config::bare(), &["ahead", "later"])] {
        let (mut a, mut b) = (Replica::new(&config, 0), Replica::new(&config, 1));
        a.put(10_000_000, &NOTHING(), "ahead");
        b.take(&a);
        let told = b.put(5, &NOTHING(), "later");
        assert_eq!(b.values(), left);
        let own = Dot { actor: actor(1), counter: 1 };
        assert_eq!(
            told.covers(own),
            config.versions == Versions::Dotted,
            "nobody has seen what was pushed out"
        );
        b.put(10_000_001, &told, "after ten seconds");
        assert_eq!(b.values(), ["after ten seconds"]);
    }
}

#[test]
fn equal_times_are_decided_by_actor_and_then_by_count() {
    let (mut a, mut b) = (Replica::new(&latest(), 0), Replica::new(&latest(), 1));
    a.put(7, &NOTHING(), "a");
    b.put(7, &NOTHING(), "b");
    a.take(&b);
    b.take(&a);
    assert_eq!((a.values(), b.values()), (alloc::vec!["b"], alloc::vec!["b"]));
    b.put(7, &NOTHING(), "b again");
    assert_eq!(b.values(), ["b again"], "its own later write of the same microsecond");
}

#[test]
fn the_oldest_entries_go_first_and_those_of_one_time_by_actor() {
    let config = config(Versions::Dotted, 2, Counters::PerActor);
    let names = |held: &Siblings| held.clock().iter().map(|dot| dot.actor.node.0).collect::<Vec<_>>();
    let put = |node, wall, seen: &VersionVector, from: &Siblings| {
        let mut replica = Replica { held: from.clone(), ..Replica::new(&config, node) };
        replica.put(wall, seen, "value");
        replica.held
    };
    let one = put(2, 1, &NOTHING(), &Siblings::new());
    let two = put(1, 5, one.clock(), &one);
    assert_eq!(names(&two), [1, 2]);
    assert_eq!(names(&put(0, 9, two.clock(), &two)), [0, 1], "2 is the oldest, whatever its name");
    assert_eq!(names(&put(0, 1, two.clock(), &two)), [1, 2], "0 and 2 are equally old: the lower actor goes");
}

/// Five writes one after the other at five nodes, each having seen all before it; `back` still has the first.
fn chain(config: &Config) -> (Replica, Replica) {
    let mut back = Replica::new(config, 0);
    let mut seen = back.put(1, &NOTHING(), "first");
    let mut newest = Replica::new(config, 1);
    newest.take(&back);
    for node in 1..5 {
        let held = newest.held;
        newest = Replica { held, ..Replica::new(config, node) };
        seen = newest.put(u64::from(node) + 1, &seen, "next");
    }
    (back, newest)
}

#[test]
fn a_truncated_clock_lets_an_ancestor_back_in() {
    let limited = config(Versions::Dotted, 3, Counters::PerActor);
    for (config, left) in [(limited, &["first", "next"][..]), (Config::bare(), &["next"])] {
        let (back, mut newest) = chain(&config);
        newest.take(&back);
        assert_eq!(newest.values(), left);
    }
}

#[test]
fn a_truncated_plain_clock_loses_a_concurrent_write() {
    let limited = config(Versions::Plain, 2, Counters::PerActor);
    for (config, left) in [(limited, &["over next"][..]), (plain(), &["blind", "next", "over next"])] {
        let [mut a, mut b, mut c] = [0, 1, 2].map(|node| Replica::new(&config, node));
        a.put(1, &NOTHING(), "blind");
        let seen = b.put(2, &NOTHING(), "first");
        c.take(&b);
        let seen = c.put(3, &seen, "next");
        // A holds both, and has forgotten its own write, the oldest: its clock looks as if it had only met the others.
        a.take(&c);
        assert_eq!(a.values(), ["blind", "next"]);
        c.put(4, &seen, "over next");
        a.take(&c);
        assert_eq!(a.values(), left);
    }
}

#[test]
fn a_counter_that_starts_again_lets_an_old_tombstone_kill_a_new_write() {
    let per_key = config(Versions::Dotted, 0, Counters::PerKey);
    for (config, left) in [(per_key, &[][..]), (Config::bare(), &["new"])] {
        let (mut a, mut away) = (Replica::new(&config, 0), Replica::new(&config, 1));
        let seen = a.put(1, &NOTHING(), "old");
        a.put(2, &seen, "");
        away.take(&a);
        // The tombstone is collected; the replica that is away still has it.
        a.held = Siblings::new();
        a.put(3, &NOTHING(), "new");
        assert_eq!(a.values(), ["new"]);
        let counter = a.held.versions()[0].dot.counter;
        assert_eq!(counter, if config.counters == Counters::PerKey { 1 } else { 3 });
        a.take(&away);
        assert_eq!(a.values(), left, "{:?}", config.counters);
    }
}

fn modes() -> impl Strategy<Value = Config> {
    let versions = prop_oneof![Just(Versions::Dotted), Just(Versions::Plain), Just(Versions::LastWriteWins)];
    (versions, 0..4u32).prop_map(|(versions, limit)| config(versions, limit, Counters::PerActor))
}

fn merged(rules: Rules, a: &Siblings, b: &Siblings) -> Siblings {
    let mut all = a.clone();
    rules.merge(&mut all, b);
    all
}

fn kept(held: &Siblings) -> Writes {
    held.versions().iter().map(|version| version.dot).collect()
}

proptest! {
    #[test]
    fn merging_is_commutative_and_idempotent_in_every_mode(
        config in modes(), acts in acts(), picks in any::<[Index; 2]>()
    ) {
        let rules = Rules::of(&config);
        let world = World::run_by(rules, &acts);
        let states = world.states();
        let [a, b] = picks.map(|pick| &states[pick.index(states.len())].held);
        prop_assert_eq!(merged(rules, a, b), merged(rules, b, a));
        prop_assert_eq!(&merged(rules, a, a), a);
        prop_assert_eq!(rules.descends(a, b), merged(rules, a, b) == *a);
    }

    #[test]
    fn the_latest_write_wins_in_any_order(acts in acts(), picks in any::<[Index; 3]>()) {
        let rules = Rules::of(&latest());
        let world = World::run_by(rules, &acts);
        let states = world.states();
        let [a, b, c] = picks.map(|pick| &states[pick.index(states.len())].held);
        let all = merged(rules, &merged(rules, a, b), c);
        prop_assert_eq!(&all, &merged(rules, a, &merged(rules, b, c)));
        let latest = [a, b, c].into_iter().flat_map(Siblings::versions).map(|version| version.wall).max();
        prop_assert_eq!(all.versions().first().map(|version| version.wall), latest);
    }

    /// Complete plain vectors pile up what is long overwritten, and lose nothing that nobody has seen.
    #[test]
    fn complete_plain_vectors_keep_all_that_nobody_has_seen(acts in acts()) {
        let world = World::run_by(Rules::of(&plain()), &acts);
        for state in world.states() {
            prop_assert!(kept(&state.held).is_superset(&world.maximal(&state.known)));
        }
    }

    #[test]
    fn a_limit_that_is_never_reached_changes_nothing(acts in acts()) {
        // A restart is an actor of its own, so there may be one for every act.
        let limited = config(Versions::Dotted, 64, Counters::PerActor);
        let (world, free) = (World::run_by(Rules::of(&limited), &acts), World::run(&acts));
        for (state, free) in world.states().into_iter().zip(free.states()) {
            prop_assert_eq!(kept(&state.held), kept(&free.held));
        }
    }

    #[test]
    fn no_clock_is_longer_than_its_limit(limit in 1..4u32, acts in acts()) {
        let config = config(Versions::Plain, limit, Counters::PerActor);
        for state in World::run_by(Rules::of(&config), &acts).states() {
            prop_assert!(state.held.clock().len() <= limit as usize);
        }
    }
}
