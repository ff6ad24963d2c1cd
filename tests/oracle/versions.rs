//! Known answers about versions: Dynamo's worked example, the examples of the dotted version vector set library, and
//! two clients that write in turns.

use ringside_core::{Actor, Config, Content, Dot, NodeId, RequestId, Rules, Siblings, Time, Value};
use ringside_core::{VersionVector, Versions, Write};

/// The replicas of the examples: Dynamo's Sx, Sy, Sz, and dvvset's a, b, c.
const X: Actor = Actor { node: NodeId(0), boot: 0 };
const Y: Actor = Actor { node: NodeId(1), boot: 0 };
const Z: Actor = Actor { node: NodeId(2), boot: 0 };
const W: Actor = Actor { node: NodeId(3), boot: 0 };
const V: Actor = Actor { node: NodeId(4), boot: 0 };

fn nothing() -> VersionVector {
    VersionVector::new()
}

fn clock(entries: &[(Actor, u64)]) -> VersionVector {
    entries.iter().map(|&(actor, counter)| Dot { actor, counter }).collect()
}

/// `held` after a put at `actor`, whose `counter`-th write it is.
fn put(held: &Siblings, (actor, counter): (Actor, u64), seen: &VersionVector, value: &str) -> Siblings {
    let mut held = held.clone();
    held.put(Dot { actor, counter }, seen, Content::Value(Value::new(value)));
    held
}

fn merge(a: &Siblings, b: &Siblings) -> Siblings {
    let mut all = a.clone();
    all.merge(b);
    let mut other_way = b.clone();
    other_way.merge(a);
    assert_eq!(all, other_way);
    all
}

fn values(held: &Siblings) -> Vec<&str> {
    held.values().map(Value::as_str).collect()
}

#[test]
fn dynamo_s_example_of_five_versions() {
    let d1 = put(&Siblings::new(), (X, 1), &nothing(), "D1");
    assert_eq!(d1.clock(), &clock(&[(X, 1)]));

    let d2 = put(&d1, (X, 2), d1.clock(), "D2");
    assert_eq!((d2.clock(), values(&d2)), (&clock(&[(X, 2)]), vec!["D2"]));
    assert!(d2.descends(&d1) && !d1.descends(&d2), "D2 overwrites D1");

    let d3 = put(&d2, (Y, 1), d2.clock(), "D3");
    let d4 = put(&d2, (Z, 1), d2.clock(), "D4");
    assert_eq!(d3.clock(), &clock(&[(X, 2), (Y, 1)]));
    assert_eq!(d4.clock(), &clock(&[(X, 2), (Z, 1)]));
    assert!(!d3.descends(&d4) && !d4.descends(&d3));

    let read = merge(&d3, &d4);
    assert_eq!(values(&read), ["D3", "D4"], "both must be kept and shown to the client");
    assert_eq!(read.clock(), &clock(&[(X, 2), (Y, 1), (Z, 1)]));
    assert_eq!(values(&merge(&read, &merge(&d1, &d2))), ["D3", "D4"], "what both saw does not come back");

    let d5 = put(&read, (X, 3), read.clock(), "D5");
    assert_eq!(d5.clock(), &clock(&[(X, 3), (Y, 1), (Z, 1)]));
    assert_eq!(values(&d5), ["D5"]);
    for earlier in [&d1, &d2, &d3, &d4, &read] {
        assert!(d5.descends(earlier));
        assert_eq!(merge(earlier, &d5), d5);
    }
}

/// `update_test` of `dvvset.erl`. There a node's values carry no dot of their own: `{a, 3, [v5, v2]}` lists the
/// newest first, here each has its dot.
#[test]
fn dvvset_updates() {
    let a0 = put(&Siblings::new(), (X, 1), &nothing(), "v1");
    let a1 = put(&a0, (X, 2), a0.clock(), "v2");
    let a2 = put(&a1, (Y, 1), a1.clock(), "v3");
    let a3 = put(&a1, (Y, 1), a0.clock(), "v4");
    let a4 = put(&a1, (X, 3), a0.clock(), "v5");
    assert_eq!((a0.clock(), values(&a0)), (&clock(&[(X, 1)]), vec!["v1"]));
    assert_eq!((a1.clock(), values(&a1)), (&clock(&[(X, 2)]), vec!["v2"]));
    assert_eq!((a2.clock(), values(&a2)), (&clock(&[(X, 2), (Y, 1)]), vec!["v3"]));
    assert_eq!((a3.clock(), values(&a3)), (&clock(&[(X, 2), (Y, 1)]), vec!["v2", "v4"]));
    assert_eq!((a4.clock(), values(&a4)), (&clock(&[(X, 3)]), vec!["v2", "v5"]));
}

#[test]
fn a_context_drops_only_the_sibling_it_covers() {
    let first = put(&Siblings::new(), (X, 1), &nothing(), "v1");
    let both = put(&first, (X, 2), &nothing(), "v2");
    assert_eq!((both.clock(), values(&both)), (&clock(&[(X, 2)]), vec!["v1", "v2"]));
    let after = put(&both, (X, 3), first.clock(), "v3");
    assert_eq!((after.clock(), values(&after)), (&clock(&[(X, 3)]), vec!["v2", "v3"]));
}

/// `sync_test` of `dvvset.erl`. Its `{a, 1, []}`, a write that was met and overwritten, needs here the write at another
/// node that overwrote it.
#[test]
fn dvvset_merges() {
    let v1 = put(&Siblings::new(), (X, 1), &nothing(), "v1");
    let w = put(&v1, (Z, 1), v1.clock(), "over v1");
    let z = put(&v1, (X, 2), &nothing(), "v2");
    assert_eq!((w.clock().get(X), values(&w)), (1, vec!["over v1"]));
    let merged = merge(&w, &z);
    assert_eq!((merged.clock(), values(&merged)), (&clock(&[(X, 2), (Z, 1)]), vec!["v2", "over v1"]));

    let a1 = put(&v1, (X, 2), v1.clock(), "v2");
    assert_eq!(merge(&v1, &a1), a1);
    let at_b = put(&a1, (Y, 1), a1.clock(), "v3");
    let at_c = put(&at_b, (Z, 1), a1.clock(), "v3");
    let merged = merge(&at_c, &at_b);
    assert_eq!((merged.clock(), values(&merged)), (&clock(&[(X, 2), (Y, 1), (Z, 1)]), vec!["v3", "v3"]));

    let y = put(&Siblings::new(), (Y, 1), &nothing(), "v2");
    let merged = merge(&v1, &y);
    assert_eq!((merged.clock(), values(&merged)), (&clock(&[(X, 1), (Y, 1)]), vec!["v1", "v2"]));
}

/// `event_test` of `dvvset.erl`.
#[test]
fn dvvset_events() {
    let first = put(&Siblings::new(), (X, 1), &nothing(), "v1");
    let again = put(&first, (X, 2), &nothing(), "v2");
    assert_eq!((again.clock(), values(&again)), (&clock(&[(X, 2)]), vec!["v1", "v2"]));
    let elsewhere = put(&first, (Y, 1), &nothing(), "v2");
    assert_eq!((elsewhere.clock(), values(&elsewhere)), (&clock(&[(X, 1), (Y, 1)]), vec!["v1", "v2"]));
}

/// `less_test` of `dvvset.erl`.
#[test]
fn dvvset_order() {
    let less = |one: &Siblings, other: &Siblings| other.descends(one) && !one.descends(other);
    let a = put(&Siblings::new(), (X, 1), &nothing(), "v1");
    let b = put(&Siblings::new(), (X, 2), a.clock(), "v2");
    let b2 = put(&Siblings::new(), (Y, 1), a.clock(), "v2");
    let b3 = put(&Siblings::new(), (V, 1), a.clock(), "v2");
    let c = put(&a, (Z, 1), b.clock(), "v3");
    let d = put(&b2, (W, 1), c.clock(), "v4");
    for (one, other) in [(&a, &b), (&a, &c), (&b, &c), (&b, &d), (&b2, &d), (&a, &d)] {
        assert!(less(one, other));
    }
    for (one, other) in [(&b2, &c), (&b, &b2), (&b2, &b), (&a, &a), (&c, &c), (&d, &b2), (&b3, &d)] {
        assert!(!less(one, other));
    }
}

/// A server that keeps to other rules than dotted ones.
struct Server {
    rules: Rules,
    held: Siblings,
}

impl Server {
    fn new(config: &Config) -> Self {
        Self { rules: Rules::of(config), held: Siblings::new() }
    }

    fn put(&mut self, (actor, counter): (Actor, u64), seen: &VersionVector, value: &str) -> VersionVector {
        let dot = Dot { actor, counter };
        let write = Write { dot, request: RequestId(0), wall: Time::from_micros(counter) };
        self.rules.put(&mut self.held, write, seen, Content::Value(Value::new(value)));
        self.held.clock().clone()
    }

    fn take(&mut self, other: &Self) {
        self.rules.merge(&mut self.held, &other.held);
    }
}

/// As Dynamo told it, with one version vector a server. What it shows does not need dots.
#[test]
fn dynamo_s_example_with_plain_version_vectors() {
    let plain = Config { versions: Versions::Plain, ..Config::bare() };
    let [mut sx, mut sy, mut sz] = [(); 3].map(|()| Server::new(&plain));
    let d1 = sx.put((X, 1), &nothing(), "D1");
    let d2 = sx.put((X, 2), &d1, "D2");
    assert_eq!((&d2, values(&sx.held)), (&clock(&[(X, 2)]), vec!["D2"]));
    sy.take(&sx);
    sz.take(&sx);
    assert_eq!(sy.put((Y, 1), &d2, "D3"), clock(&[(X, 2), (Y, 1)]));
    assert_eq!(sz.put((Z, 1), &d2, "D4"), clock(&[(X, 2), (Z, 1)]));
    sx.take(&sy);
    sx.take(&sz);
    assert_eq!(values(&sx.held), ["D3", "D4"]);
    let read = sx.held.clock().clone();
    assert_eq!(sx.put((X, 3), &read, "D5"), clock(&[(X, 3), (Y, 1), (Z, 1)]));
    assert_eq!(values(&sx.held), ["D5"]);
}

/// Each client brings what its own last put was answered with: it has seen its own last write and, of the other's,
/// all but the last.
#[test]
fn two_clients_in_turns_make_two_siblings_with_dots_and_101_without() {
    let plain = Config { versions: Versions::Plain, ..Config::bare() };
    for (config, left) in [(plain, 101), (Config::bare(), 2)] {
        let mut server = Server::new(&config);
        let mut contexts = [nothing(), nothing()];
        for counter in 1..=101 {
            let client = usize::from(counter % 2 == 0);
            contexts[client] = server.put((X, counter), &contexts[client], &format!("write {counter}"));
        }
        assert_eq!(server.held.versions().len(), left, "{:?}", config.versions);
    }
}

/// Each client brings what its own last put was answered with: it has seen its own last write and, of the other's,
/// all but the last.
#[test]
fn two_clients_in_turns_make_two_siblings_however_long_they_go_on() {
    let mut held = Siblings::new();
    let mut contexts = [nothing(), nothing()];
    for counter in 1..=101 {
        let client = usize::from(counter % 2 == 0);
        held = put(&held, (X, counter), &contexts[client], &format!("write {counter}"));
        contexts[client] = held.clock().clone();
        assert_eq!(held.versions().len(), if counter == 1 { 1 } else { 2 });
    }
    assert_eq!(values(&held), ["write 100", "write 101"]);
}
