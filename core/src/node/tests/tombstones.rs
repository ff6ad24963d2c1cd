//! When a deleted key is forgotten, and by whom.

use super::*;
use crate::config::Tombstones as Mode;
use crate::node::message::Kind;
use alloc::vec;

fn bench(tombstones: Mode) -> Bench {
    Bench::new(&Config { tombstones, read_repair: ReadRepair::Off, r: 1, w: 1, ..Config::bare() })
}

/// How many nodes of the walk hold anything for the key, by their places.
fn holders(bench: &Bench) -> Vec<usize> {
    (0..5).filter(|at| bench.nodes[bench.list[*at].index()].store().get(&cart()).is_some()).collect()
}

fn deleted(bench: &mut Bench) {
    bench.ask(0, 1, put("milk", None));
    bench.deliver_all();
    let context = bench.context(1);
    bench.ask(0, 2, Ask::Delete { context });
}

#[test]
fn kept_tombstones_stay() {
    let mut bench = bench(Mode::Keep);
    deleted(&mut bench);
    bench.deliver_all();
    (0..20).for_each(|_| bench.pass(Span::from_secs(3_600)));
    assert_eq!(holders(&bench), [0, 1, 2]);
    assert!(bench.nodes.iter().all(|node| node.next_wake().is_none() && node.collection().is_empty()));
}

#[test]
fn after_the_grace_period_each_forgets_by_its_own_clock_and_old_values_come_back() {
    let mut bench = bench(Mode::Grace(Span::from_secs(10)));
    deleted(&mut bench);
    // The third replica never hears of the delete, the second one two seconds late.
    bench.wire.retain(|envelope| envelope.to != bench.list[2] || envelope.message.kind() != Kind::Write);
    bench.pass(Span::from_secs(2));
    bench.deliver_all();
    bench.pass(Span::from_secs(8));
    assert_eq!(holders(&bench), [1, 2], "the first has waited for ten seconds");
    bench.pass(Span::from_secs(2));
    assert_eq!(holders(&bench), [2]);
    assert_eq!(bench.stored(2), ["milk"]);
    bench.handle(bench.list[2], Input::Repair);
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2], "the old value is copied back");
    assert_eq!(bench.stored(0), ["milk"]);
}

#[test]
fn a_collected_tombstone_that_a_slower_replica_brings_back_goes_at_once() {
    let mut bench = bench(Mode::Grace(Span::from_secs(10)));
    deleted(&mut bench);
    bench.pass(Span::from_secs(5));
    bench.deliver_all();
    bench.pass(Span::from_secs(5));
    assert_eq!(holders(&bench), [1, 2]);
    bench.handle(bench.list[1], Input::Repair);
    bench.deliver_all();
    assert_eq!(holders(&bench), [1, 2]);
    bench.pass(Span::from_secs(5));
    assert_eq!(holders(&bench), [0_usize; 0]);
    assert!(bench.nodes.iter().all(|node| node.collection().is_empty()));
}

#[test]
fn all_replicas_forget_once_all_have_confirmed() {
    let mut bench = bench(Mode::AllReplicas);
    deleted(&mut bench);
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2]);
    bench.pass(Span::from_millis(250));
    assert_eq!(bench.wire.len(), 4, "the first owner asks every other member");
    bench.deliver_all();
    assert_eq!(holders(&bench), [0_usize; 0]);
    let collected = bench.notes.iter().filter(|(_, note)| matches!(note, Note::Collected { .. })).count();
    assert_eq!(collected, 3);
    assert!(bench.nodes.iter().all(|node| node.next_wake().is_none()), "nothing is left to be done");
}

#[test]
fn an_owner_that_lacks_the_tombstone_keeps_it_from_going() {
    let mut bench = bench(Mode::AllReplicas);
    deleted(&mut bench);
    bench.wire.retain(|envelope| envelope.to != bench.list[2] || envelope.message.kind() != Kind::Write);
    bench.deliver_all();
    for _ in 0..9 {
        bench.pass(Span::from_secs(10));
        bench.deliver_all();
    }
    assert_eq!(holders(&bench), [0, 1, 2]);
    let refused: Vec<NodeId> = bench
        .notes
        .iter()
        .filter_map(|(_, note)| if let Note::CollectionRefused { by, .. } = note { Some(*by) } else { None })
        .collect();
    assert_eq!(refused, vec![bench.list[2]; 9]);
    bench.handle(bench.list[0], Input::Repair);
    bench.deliver_all();
    bench.pass(Span::from_secs(10));
    bench.deliver_all();
    assert_eq!(holders(&bench), [0_usize; 0]);
}

#[test]
fn lost_messages_are_made_up_for() {
    let mut bench = bench(Mode::AllReplicas);
    deleted(&mut bench);
    bench.deliver_all();
    bench.pass(Span::from_millis(250));
    bench.wire.pop();
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2], "one member has not answered");
    bench.pass(Span::from_millis(500));
    // All confirm, and then the second owner does not hear that it may go.
    while bench.wire.iter().any(|envelope| !dropping(envelope)) {
        let at = bench.wire.iter().position(|envelope| !dropping(envelope)).unwrap();
        let envelope = bench.wire.remove(at);
        bench.handle(envelope.to, Input::Delivered(envelope));
    }
    bench.wire.retain(|envelope| envelope.to != bench.list[1]);
    bench.deliver_all();
    assert_eq!(holders(&bench), [1]);
    bench.pass(Span::from_millis(250));
    bench.deliver_all();
    assert_eq!(holders(&bench), [0_usize; 0]);
}

fn dropping(envelope: &Envelope) -> bool {
    matches!(&envelope.message, Message::Collect { tombstone } if tombstone.drop)
}

#[test]
fn a_request_under_way_and_a_newer_write_keep_it_from_going() {
    let mut bench = bench(Mode::AllReplicas);
    deleted(&mut bench);
    bench.deliver_all();
    bench.pass(Span::from_millis(200));
    // A get that may still repair with what it found earlier.
    bench.ask(1, 3, Ask::Get);
    bench.pass(Span::from_millis(50));
    let asks = |envelope: &Envelope| envelope.message.kind() == Kind::Collect;
    let (asked, rest): (Vec<Envelope>, Vec<Envelope>) = bench.wire.drain(..).partition(asks);
    bench.wire = asked;
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2]);
    bench.wire = rest;
    bench.deliver_all();
    // Between the confirmation and the word to drop it, a new value comes.
    bench.pass(Span::from_secs(1));
    while !bench.wire.iter().any(dropping) {
        let envelope = bench.wire.remove(0);
        bench.handle(envelope.to, Input::Delivered(envelope));
    }
    bench.ask(2, 4, put("tea", None));
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2]);
    assert!((0..3).all(|at| bench.stored(at) == ["tea"]));
}

#[test]
fn a_hint_that_waits_anywhere_keeps_it_from_going() {
    let mut bench = bench(Mode::AllReplicas);
    bench.ask(0, 1, put("milk", None));
    let milk = bench.nodes[bench.list[0].index()].store().get(&cart()).cloned().unwrap();
    bench.deliver_all();
    let context = bench.context(1);
    bench.ask(0, 2, Ask::Delete { context });
    bench.deliver_all();
    let (from, to, hint_for) = (bench.list[0], bench.list[3], Some(bench.list[1]));
    let message = Message::Write { request: RequestId(1), key: cart(), versions: milk, hint_for };
    bench.handle(to, Input::Delivered(Envelope { from, to, epoch: 0, message }));
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    bench.wire.retain(|envelope| envelope.message.kind() != Kind::Hint);
    bench.deliver_all();
    assert_eq!(holders(&bench), [0, 1, 2]);
    let refused =
        |(_, note): &(NodeId, Note)| matches!(note, Note::CollectionRefused { by, .. } if *by == to);
    assert!(bench.notes.iter().any(refused), "the fallback still has the milk");
    for _ in 0..2 {
        bench.pass(Span::from_secs(10));
        bench.deliver_all();
    }
    assert_eq!(holders(&bench), [0_usize; 0], "the hint has come home, and found the tombstone");
}
