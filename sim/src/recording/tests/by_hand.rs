//! Faults and workloads by hand.

use super::*;
use crate::act::NetworkChange;
use crate::trace::MessageRecord;
use crate::workload::Workload;

#[test]
fn a_replay_by_hand_sends_what_was_sent_before_it() {
    let mut scenario = Scenario::default();
    scenario.steps = vec![at(1, put("w1", "alice", 0, "milk"))];
    let run = run(scenario);
    let replay = Act::Replay { matcher: Matcher { kind: Some(Kind::Write), ..Matcher::default() }, count: 2 };
    let mut again = run.branch(run.len(), run.ended(), replay).unwrap();
    again.run_to_end();
    let copies: Vec<_> = again.trace().messages.iter().filter(|message| message.copy_of.is_some()).collect();
    assert_eq!(copies.len(), 2);
    for copy in copies {
        let first = again.trace().message(copy.copy_of.unwrap());
        assert_eq!(copy.envelope, first.envelope);
        assert!(copy.fate.is_some_and(|fate| fate.lost.is_none()));
    }
    let middle = run.len() + 2;
    assert_eq!(again.digest_at(again.len()), again.digest(), "also after going back");
    assert_ne!(again.digest_at(middle), again.digest());
}

#[test]
fn workloads_by_hand_are_numbered_after_those_of_the_scenario() {
    let reads = Ratio { numerator: 1, denominator: 2 };
    let load =
        Workload { clients: 2, rate: 100, keys: 3, zipf: Some(990), reads, lasts: Span::from_millis(100) };
    let mut scenario = Scenario::default();
    scenario.steps = vec![at(1, Act::Workload(load))];
    let first = run(scenario);
    assert_eq!(first.trace().ops.len(), 10);
    assert!(first.trace().op_named("load1-10").is_some());
    let mut more = first.branch(3, Time::from_micros(2_000), Act::Workload(load)).unwrap();
    more.run_to_end();
    assert_eq!(more.trace().ops.len(), 20);
    assert!(more.trace().op_named("load2-10").is_some());
    let taken = more.branch(more.len(), more.ended(), put("load2-10", "alice", 0, "milk"));
    assert!(taken.unwrap_err().contains("one that workloads give"));
    let bad = Workload { rate: 0, ..load };
    assert!(more.branch(0, Time::ZERO, Act::Workload(bad)).is_err());
}

#[test]
fn a_wrong_clock_and_a_slow_node_outlive_a_restart_and_what_waits_is_counted() {
    let node = NodeId(1);
    let mut scenario = Scenario::default();
    scenario.steps = vec![
        at(1, Act::Skew { node, by: -500 }),
        at(1, Act::Slow { node, factor: 4 }),
        at(2, Act::Crash(node)),
        at(3, Act::Restart(node)),
        at(4, Act::Pause(node)),
        at(5, get("r1", "bob", 1)),
        at(6, Act::Note),
    ];
    let run = run(scenario);
    let then = run.snapshot(run.position_at(Time::from_micros(6_000)));
    let node = &then.nodes[1];
    assert_eq!((node.state, node.waiting, node.slow), (NodeState::Paused, 1, 4));
    assert_eq!(node.wall(then.at), Time::from_micros(5_500));
    assert_eq!(then.nodes[0].wall(then.at), then.at);
    let end = run.trace().op_named("r1").and_then(|op| op.end.as_ref()).unwrap();
    assert_eq!(end.outcome, OpOutcome::Failed, "its client gives up");
}

#[test]
fn what_is_not_synced_is_counted_until_the_sync() {
    let mut scenario = Scenario::default();
    scenario.setup.sync = Some(Span::from_millis(100));
    scenario.steps = vec![at(10, put("w1", "alice", 0, "milk")), at(100, Act::Note)];
    let run = run(scenario);
    let unsynced = |millis: u64| {
        let then = run.snapshot(run.position_at(Time::from_micros(millis * 1_000)));
        then.nodes.iter().map(|node| node.unsynced()).sum::<u64>()
    };
    assert_eq!((unsynced(9), unsynced(99), unsynced(100)), (0, 3, 0));
}

#[test]
fn workloads_stop_when_told_and_others_begin_after_them() {
    let load = Workload {
        clients: 2,
        rate: 100,
        keys: 3,
        zipf: None,
        reads: Ratio::ZERO,
        lasts: Span::from_secs(1),
    };
    let mut scenario = Scenario::default();
    scenario.steps = vec![
        at(1, Act::Workload(load)),
        at(21, Act::StopWorkloads),
        at(40, Act::Workload(Workload { lasts: Span::from_millis(20), ..load })),
        Step { when: When::After { op: "load1-50".into(), plus: Span::ZERO }, act: Act::Note, say: None },
    ];
    let run = run(scenario);
    let ops = &run.trace().ops;
    let names: Vec<&str> = ops.iter().map(|op| op.id.as_str()).collect();
    assert_eq!(
        names,
        ["load1-1", "load1-2", "load2-1", "load2-2"],
        "a step comes before a request of its moment"
    );
    assert!(ops.iter().all(|op| op.end.is_some()), "what was under way goes on");
    assert!(run.ended() < Time::from_micros(30_000_000), "it is quiet though a step waits in vain");
    let then = |millis: u64| run.snapshot(run.position_at(Time::from_micros(millis * 1_000))).loads;
    assert_eq!([then(5), then(30), then(45), then(100)], [1, 0, 1, 0]);
}

#[test]
fn a_change_of_the_network_is_in_force_from_its_moment_on() {
    let all = Some(Ratio { numerator: 1, denominator: 1 });
    let mut scenario = Scenario { setup: Setup::bare(), ..Scenario::default() };
    let change = |loss, duplicate| {
        Act::Network(NetworkChange { delay: Some(Delay::Fixed(Span::from_millis(3))), loss, duplicate })
    };
    scenario.steps = vec![
        at(1, put("w0", "alice", 0, "milk")),
        at(100, change(None, all)),
        at(101, put("w1", "alice", 0, "tea")),
        at(200, change(all, Some(Ratio::ZERO))),
        at(201, put("w2", "alice", 0, "bread")),
    ];
    let run = run(scenario);
    let sent = |from: u64, to: u64| {
        let within = move |at: Time| (from * 1_000..to * 1_000).contains(&at.as_micros());
        run.trace().messages.iter().filter(move |message| within(message.sent))
    };
    assert!(sent(0, 100).all(|message| message.copy_of.is_none()));
    let copies = sent(100, 200).filter(|message| message.copy_of.is_some()).count();
    assert!(copies > 0 && copies * 2 == sent(100, 200).count(), "each message is sent twice");
    let lasts = |message: &MessageRecord| message.travel.map(|travel| travel.due.since(travel.from));
    assert!(sent(100, 300).all(|message| lasts(message) == Some(Span::from_millis(3))));
    let lost = |message: &MessageRecord| message.fate.is_some_and(|fate| fate.lost.is_some());
    assert!(sent(200, 900).count() > 0);
    assert!(sent(200, 900).all(|message| message.copy_of.is_none() && lost(message)));
    let then = run.snapshot(run.len());
    assert_eq!((Some(then.network.loss), then.network.duplicate), (all, Ratio::ZERO));
    assert_eq!(run.digest_at(run.len()), run.digest(), "also after going back");
}
