use super::*;
use crate::act::{Carried, ConfigChange, Matcher, Operation, OperationKind};
use crate::delay::{Delay, Delays};
use crate::rng::{Purpose, Rng};
use crate::scenario::{Step, When};
use crate::setup::{Ratio, Setup};
use crate::snapshot::NodeState;
use crate::trace::OpOutcome;
use ringside_core::{Config, Key, Kind, NodeId, Value};

fn operation(id: &str, client: &str, via: u32, kind: OperationKind) -> Act {
    let key = Key::new("cart");
    Act::Operation(Operation { id: id.into(), client: client.into(), via: NodeId(via), key, kind })
}

fn put(id: &str, client: &str, via: u32, value: &str) -> Act {
    let context = Carried::Session;
    operation(id, client, via, OperationKind::Put { value: Value::new(value), context })
}

fn get(id: &str, client: &str, via: u32) -> Act {
    operation(id, client, via, OperationKind::Get)
}

fn at(millis: u64, act: Act) -> Step {
    Step { when: When::At(Time::ZERO + Span::from_millis(millis)), act, say: None }
}

fn run(scenario: Scenario) -> Recording {
    let mut recording = Recording::new(scenario);
    recording.run_to_end();
    recording
}

/// Requests, faults and settings over five nodes and a lossy network with random delays, drawn from a seed.
fn busy(seed: u64) -> Scenario {
    let mut rng = Rng::new(seed, Purpose::Delay);
    let mut scenario = Scenario::default();
    scenario.setup.seed = seed;
    scenario.setup.network.delay = Delays::all(Delay::Exponential { mean: Span::from_millis(3) });
    scenario.setup.network.loss = Ratio { numerator: 1, denominator: 20 };
    for number in 0..40_u64 {
        let node = u32::try_from(rng.below(5)).unwrap();
        let id = format!("w{number}");
        let act = match rng.below(9) {
            0..3 => put(&id, "alice", node, &id),
            3..5 => get(&id, "bob", node),
            5 => Act::Crash(NodeId(node)),
            6 => Act::Restart(NodeId(node)),
            7 => Act::Hold(Matcher { kind: Some(Kind::Write), to: Some(NodeId(node)), from: None }),
            _ => Act::Release(Matcher::default()),
        };
        scenario.steps.push(at(rng.below(200), act));
    }
    scenario
}

#[test]
fn a_put_is_acknowledged_at_w_and_a_get_finds_it() {
    let mut scenario = Scenario::default();
    scenario.steps = vec![at(1, put("w1", "alice", 0, "milk")), at(20, get("r1", "bob", 3))];
    let recording = run(scenario);
    let end = |id: &str| recording.trace().op_named(id).unwrap().end.clone().unwrap();
    assert_eq!((end("w1").outcome, end("w1").replies.len()), (OpOutcome::Ok, 2));
    let returned = end("r1").returned.unwrap();
    assert_eq!(returned.values().map(Value::as_str).collect::<Vec<_>>(), ["milk"]);
    let holders = recording.snapshot(recording.len()).nodes;
    assert_eq!(holders.iter().filter(|node| !node.store.is_empty()).count(), 3, "all N hold it in the end");
}

#[test]
fn without_acknowledgements_a_put_is_unknown_and_a_later_get_repairs() {
    let mut scenario = Scenario { setup: Setup::bare(), ..Scenario::default() };
    let list = scenario.setup.ring().preference(&Key::new("cart"), 3);
    let count = 2;
    scenario.steps = vec![
        at(0, Act::Drop { matcher: Matcher { kind: Some(Kind::Write), ..Matcher::default() }, count }),
        at(1, put("w1", "alice", list[0].0, "milk")),
        at(900, get("r1", "bob", list[0].0)),
    ];
    let recording = run(scenario);
    let end = |id: &str| recording.trace().op_named(id).unwrap().end.clone().unwrap();
    assert_eq!(end("w1").outcome, OpOutcome::Unknown);
    assert_eq!(end("w1").error.as_deref(), Some("unavailable: 1 of 2 acks"));
    assert_eq!(end("r1").outcome, OpOutcome::Ok);
    let snapshot = recording.snapshot(recording.len());
    assert!(list.iter().all(|node| snapshot.nodes[node.index()].store.get(&Key::new("cart")).is_some()));
}

#[test]
fn a_client_of_a_crashed_coordinator_loses_patience() {
    let mut scenario = Scenario::default();
    let coordinator = scenario.setup.ring().preference(&Key::new("cart"), 3)[0];
    scenario.steps = vec![
        at(1, put("w1", "alice", coordinator.0, "milk")),
        Step { when: When::At(Time::from_micros(1_500)), act: Act::Crash(coordinator), say: None },
        at(2, put("w2", "alice", coordinator.0, "eggs")),
        at(700, Act::Restart(coordinator)),
    ];
    let recording = run(scenario);
    let end = |id: &str| recording.trace().op_named(id).unwrap().end.clone().unwrap();
    assert_eq!(end("w1").error.as_deref(), Some("no answer within 500 ms"));
    assert_eq!((end("w1").outcome, end("w1").at), (OpOutcome::Unknown, Time::from_micros(501_000)));
    assert_eq!(end("w2").outcome, OpOutcome::Failed, "a refused connection certainly stored nothing");
    let node = &recording.snapshot(recording.len()).nodes[coordinator.index()];
    assert_eq!((node.state, node.actor.boot), (NodeState::Up, 1));
    assert!(node.store.get(&Key::new("cart")).is_some(), "what was stored survives the crash");
}

#[test]
fn a_step_after_an_operation_waits_for_its_end() {
    let mut scenario = Scenario::default();
    let plus = Span::from_millis(5);
    scenario.steps = vec![
        Step { when: When::After { op: "w1".into(), plus }, act: get("r1", "bob", 1), say: None },
        at(1, put("w1", "alice", 0, "milk")),
    ];
    let recording = run(scenario);
    let op = |id: &str| recording.trace().op_named(id).unwrap().clone();
    assert_eq!(op("r1").start, op("w1").end.unwrap().at + plus);
}

#[test]
fn held_messages_wait_for_a_release_that_covers_their_hold() {
    let mut scenario = Scenario::default();
    let hold = Matcher { kind: Some(Kind::Write), ..Matcher::default() };
    let narrower = Matcher { to: Some(NodeId(1)), ..hold };
    scenario.setup.config = Config { w: 3, ..Config::bare() };
    scenario.steps = vec![
        at(0, Act::Hold(hold)),
        at(1, put("w1", "alice", 0, "milk")),
        at(10, Act::Release(narrower)),
        at(20, Act::Release(Matcher::default())),
    ];
    let recording = run(scenario);
    let writes = recording.trace().messages.iter().filter(|m| m.envelope.message.kind() == Kind::Write);
    let left: Vec<u64> = writes.map(|message| message.travel.unwrap().from.as_micros()).collect();
    assert!(left.iter().all(|left| *left == 20_000) && left.len() >= 2, "{left:?}");
}

#[test]
fn seeking_equals_replaying_at_random_points_also_after_branching() {
    for seed in 0..20 {
        let whole = run(busy(seed));
        let mut rng = Rng::new(seed, Purpose::Loss);
        let position = rng.below(whole.len() + 1);
        let fresh = {
            let mut recording = Recording::new(busy(seed));
            recording.run(position);
            recording
        };
        assert_eq!(whole.digest_at(position), fresh.digest());
        let act = put("by hand", "carol", 2, "tea");
        let mut branch = whole.branch(position, whole.trace().time_of(position), act).unwrap();
        assert_eq!(branch.len(), position + 1);
        assert_eq!(branch.digest_at(position), whole.digest_at(position), "the same up to the branch");
        branch.run_to_end();
        let later = position + rng.below(branch.len() - position + 1);
        let mut again = Recording::with_acts(Arc::clone(&branch.scenario), branch.acts.clone());
        again.run(later);
        assert_eq!(branch.digest_at(later), again.digest());
        assert_eq!(branch.undo().unwrap().digest(), whole.digest_at(position));
    }
}

#[test]
fn the_same_seed_gives_the_same_trace_and_another_seed_another() {
    assert_eq!(run(busy(3)).digest(), run(busy(3)).digest());
    let mut other = busy(3);
    other.setup.seed = 4;
    assert_ne!(run(busy(3)).digest(), run(other).digest());
}

#[test]
fn an_act_by_hand_is_checked() {
    let recording = run(Scenario::default());
    let refused = |act| recording.branch(0, Time::ZERO, act).unwrap_err();
    assert_eq!(refused(Act::Crash(NodeId(9))), "there is no node number 9; the cluster has 5");
    let mut long = Operation {
        id: "x".into(),
        client: "c".into(),
        via: NodeId(0),
        key: Key::new(&"k".repeat(257)),
        kind: OperationKind::Get,
    };
    assert_eq!(refused(Act::Operation(long.clone())), "a key has at most 256 bytes; this one has 257");
    long.key = Key::new("");
    assert_eq!(refused(Act::Operation(long)), "a key has at least one character");
}

#[test]
fn a_change_of_w_counts_from_the_next_request() {
    let mut scenario = Scenario::default();
    let replica = scenario.setup.ring().preference(&Key::new("cart"), 3)[0].0;
    scenario.steps = vec![
        at(1, put("w1", "alice", replica, "milk")),
        at(2, Act::Set(ConfigChange { w: Some(3), ..ConfigChange::default() })),
        at(20, put("w2", "alice", replica, "eggs")),
    ];
    let recording = run(scenario);
    let acks = |id: &str| recording.trace().op_named(id).unwrap().end.clone().unwrap().replies.len();
    assert_eq!((acks("w1"), acks("w2")), (2, 3));
}

#[test]
fn a_context_of_another_key_is_refused() {
    let mut scenario = Scenario::default();
    let context = Carried::Of("w1".into());
    let other = Operation {
        id: "w2".into(),
        client: "alice".into(),
        via: NodeId(0),
        key: Key::new("another"),
        kind: OperationKind::Put { value: Value::new("tea"), context },
    };
    scenario.steps = vec![at(1, put("w1", "alice", 0, "milk")), at(20, Act::Operation(other))];
    let recording = run(scenario);
    let end = recording.trace().op_named("w2").unwrap().end.clone().unwrap();
    assert_eq!(end.outcome, OpOutcome::Failed);
    assert_eq!(end.error.as_deref(), Some("refused: the context belongs to another key"));
}

#[test]
fn a_run_lasts_an_hour_beyond_the_last_step_even_if_that_step_waits_for_an_operation() {
    let mut scenario = Scenario::default();
    scenario.steps = vec![at(1, put("w1", "alice", 0, "milk"))];
    let when = When::After { op: "w1".into(), plus: Span::from_secs(2 * 3_600) };
    scenario.steps.push(Step { when, act: get("r1", "bob", 0), say: None });
    let recording = run(scenario);
    let end = recording.trace().op_named("r1").and_then(|op| op.end.as_ref());
    assert_eq!(end.map(|end| end.outcome), Some(OpOutcome::Ok), "two hours after w1");
}

#[test]
fn checkpoints_of_a_crowded_world_are_few_and_lead_to_the_same_places() {
    let mut scenario = Scenario::default();
    scenario.steps = (0..3_000).map(|number| at(1, put(&format!("w{number}"), "alice", 0, "milk"))).collect();
    let recording = run(scenario);
    let sizes: u64 = recording.checkpoints.iter().map(|checkpoint| checkpoint.world.size()).sum();
    let every = (recording.len() / CHECKPOINT_EVERY) as usize;
    assert!(recording.checkpoints.len() * 2 < every, "of {every} checkpoints not even half is kept");
    assert!(sizes <= recording.len() + ROOM, "{sizes} things in checkpoints of {} events", recording.len());
    let (mut digest, mut again) = (Vec::new(), World::new(Arc::new(recording.scenario().clone())));
    while again.position() < recording.len() {
        if again.position().is_multiple_of(2_500) {
            digest.push((again.position(), again.digest()));
        }
        assert!(again.step(None));
    }
    assert!(digest.iter().all(|(position, digest)| recording.digest_at(*position) == *digest));
}

mod by_hand;
mod going_on;
mod one_message;
