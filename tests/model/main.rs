//! Every interleaving of a put, a get and a crash, on the very nodes that run everywhere else (model checking with
//! stateright). What the simulator draws by chance is here enumerated: each message in flight may be delivered next, a
//! time limit may pass at any moment, and one node may crash and come back.
//!
//! A message that is never delivered again is a lost one, so loss needs no step of its own. Gossip, failure detector and
//! anti-entropy are off: they talk for ever.

#![cfg(not(target_arch = "wasm32"))]

mod cluster;

use cluster::{Cluster, State};
use ringside_core::{Config, ReadRepair};
use stateright::{Checker, HasDiscoveries, Model};

/// Visits every state, holds each to the properties, and gives their number. It is written down in each test: a change of
/// the protocol changes it, and one that nobody meant is worth a look.
fn states(model: Cluster) -> usize {
    let checker = model.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.is_done(), "every state was visited");
    checker.unique_state_count()
}

fn config(n: u32, r: u32, w: u32, read_repair: ReadRepair) -> Config {
    Config { n, r, w, read_repair, ..Config::bare() }
}

#[test]
fn two_replicas_with_a_crash() {
    let model = Cluster::new(2, config(2, 1, 2, ReadRepair::Async), true);
    assert_eq!(states(model), 742);
}

#[test]
fn three_replicas_with_overlapping_quorums() {
    let model = Cluster::new(3, config(3, 2, 2, ReadRepair::Off), false);
    assert_eq!(states(model), 1_822);
}

#[test]
fn three_replicas_with_a_crash_and_blocking_read_repair() {
    let model = Cluster::new(3, config(3, 2, 2, ReadRepair::Blocking), true);
    assert_eq!(states(model), 23_938);
}

#[test]
fn a_quorum_that_does_not_overlap_is_found_stale() {
    let model = Cluster::new(3, config(3, 1, 1, ReadRepair::Async), false);
    let checker = model.checker().spawn_bfs().join();
    let path = checker.discovery("a get that began after the put had ended finds it").expect("it is stale");
    let state: &State = path.last_state();
    assert!(state.stale(), "the counterexample ends with a get that misses the put");
}
