use super::*;
use crate::version::{Content, Dot, VersionVector};
use alloc::vec;
use message::Kind;
use outbox::{Outcome, Refusal};

#[test]
fn the_client_hears_at_w_and_the_rest_still_arrives() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    assert_eq!(bench.outcome(1), None, "its own store is one acknowledgement, W is two");
    bench.deliver(Kind::Write, 1);
    bench.deliver_from(Kind::WriteAck, 1);
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))));
    assert_eq!(bench.answers[0].1.replies, [bench.list[0], bench.list[1]]);
    bench.deliver_all();
    assert_eq!(
        (bench.stored(0), bench.stored(1), bench.stored(2)),
        (vec!["milk"], vec!["milk"], vec!["milk"])
    );
    let late = Note::CountedLate { request: RequestId(1), from: bench.list[2] };
    assert!(bench.notes.contains(&(bench.list[0], late)));
    assert_eq!(bench.nodes[bench.list[0].index()].next_wake(), None, "nothing is left to wait for");
}

#[test]
fn a_duplicated_acknowledgement_counts_once() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 3);
    bench.ask(0, 1, put("milk", None));
    bench.deliver(Kind::Write, 1);
    let again = bench.wire.iter().find(|e| e.message.kind() == Kind::WriteAck).cloned().unwrap();
    bench.deliver_from(Kind::WriteAck, 1);
    bench.handle(again.to, Input::Delivered(again.clone()));
    assert_eq!(bench.outcome(1), None, "two of three, however often one of them says so");
    assert_eq!(bench.ignored(), [Ignored::NotAwaited]);
    bench.pass(Span::from_millis(250));
    assert_eq!(bench.outcome(1), Some(&Outcome::TimedOut { have: 2, need: 3 }));
    bench.handle(again.to, Input::Delivered(again));
    assert_eq!(bench.ignored(), [Ignored::NotAwaited, Ignored::NoSuchRequest]);
}

#[test]
fn an_answer_of_a_node_that_was_not_asked_counts_for_nothing() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    let (from, to) = (bench.list[4], bench.list[0]);
    let message = Message::WriteAck { request: RequestId(1) };
    bench.handle(to, Input::Delivered(Envelope { from, to, epoch: 0, message }));
    assert_eq!((bench.outcome(1), bench.ignored()), (None, vec![Ignored::NotAwaited]));
}

#[test]
fn the_time_limit_leaves_what_is_stored() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    let (due, wake) = bench.nodes[bench.list[0].index()].next_wake().unwrap();
    assert_eq!((due.as_micros(), wake), (250_000, Wake::TimeLimit(RequestId(1))));
    bench.pass(Span::from_micros(249_999));
    assert_eq!(bench.outcome(1), None);
    bench.pass(Span::from_micros(1));
    assert_eq!(bench.outcome(1), Some(&Outcome::TimedOut { have: 1, need: 2 }));
    assert_eq!(bench.stored(0), ["milk"], "nothing is rolled back");
}

#[test]
fn a_node_that_is_no_replica_forwards_once() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(4, 1, put("milk", None));
    assert_eq!(bench.wire.len(), 1);
    let astray = bench.wire[0].clone();
    bench.deliver_all();
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))));
    assert_eq!(bench.answers[0].1.replies[0], bench.list[0], "the first replica coordinates");
    let stranger = bench.list[3];
    bench.handle(stranger, Input::Delivered(Envelope { to: stranger, ..astray }));
    assert_eq!((bench.ignored(), bench.wire.len()), (vec![Ignored::ForwardedTwice], 0));
}

#[test]
fn a_request_that_is_under_way_is_not_begun_again() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(3, 1, put("milk", None));
    let twice = bench.wire[0].clone();
    bench.deliver(Kind::Forward, 0);
    bench.handle(twice.to, Input::Delivered(twice));
    assert_eq!(bench.ignored(), [Ignored::UnderWay]);
    assert_eq!(bench.nodes[bench.list[0].index()].minted(), 1);
}

#[test]
fn a_put_that_is_forwarded_twice_is_done_once_also_after_it_ended_and_after_a_restart() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(3, 1, put("milk", None));
    let twice = bench.wire[0].clone();
    bench.deliver_all();
    assert!(bench.nodes[bench.list[0].index()].coordinator().pending().next().is_none(), "it has ended");
    bench.handle(twice.to, Input::Delivered(twice.clone()));
    assert_eq!((bench.ignored(), bench.wire.len()), (vec![Ignored::TakenBefore], 0));
    assert_eq!(bench.nodes[bench.list[0].index()].minted(), 1);
    let again = &mut bench.nodes[twice.to.index()];
    let (ring, disk) = (Arc::clone(again.ring()), again.disk().clone());
    let start = Start { id: twice.to, boot: 1, ..Start::default() };
    *again = Node::new(start, again.config().clone(), Founders::named(ring, &[]), disk);
    bench.handle(twice.to, Input::Delivered(twice.clone()));
    assert_eq!(bench.nodes[twice.to.index()].minted(), 0);
}

#[test]
fn a_get_that_is_forwarded_twice_is_answered_twice() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(3, 1, Ask::Get);
    let twice = bench.wire[0].clone();
    bench.deliver_all();
    bench.handle(twice.to, Input::Delivered(twice));
    bench.deliver_all();
    assert_eq!(bench.answers.len(), 2);
}

#[test]
fn a_cluster_smaller_than_w_refuses_before_anything_is_stored() {
    let members = [(NodeId(0), "A"), (NodeId(1), "B")];
    let ring = Arc::new(Ring::new(Placement::Random, 8, 0, &members));
    let config = Config { w: 3, ..Config::bare() };
    let mut node = Node::new(Start::default(), config, Founders::named(ring, &members), Disk::default());
    let mut out = Outbox::new();
    let request = Request { id: RequestId(1), key: cart(), ask: put("milk", None) };
    node.handle(Now::default(), Input::Asked(request), &mut out);
    let refused = Outcome::Refused(Refusal::TooFewNodes { have: 2, need: 3 });
    let told = |item: &Out| matches!(item, Out::Reply(_, answer) if answer.outcome == refused);
    assert!(out.items().iter().any(told));
    assert!(node.store().is_empty());
}

#[test]
fn a_context_that_cannot_be_true_is_refused() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    bench.deliver_all();
    let refused = |bench: &Bench, id| match bench.outcome(id) {
        Some(Outcome::Refused(refusal)) => Some(*refusal),
        Some(
            Outcome::Stored(_) | Outcome::Found(_) | Outcome::TimedOut { .. } | Outcome::NotRepaired { .. },
        )
        | None => None,
    };
    let seen = bench.context(1).unwrap().vector().clone();
    bench.ask(0, 2, put("tea", Some(Context::new(Key::new("another"), seen))));
    assert_eq!(refused(&bench, 2), Some(Refusal::ContextOfAnotherKey));
    let actor = Actor { node: bench.list[0], boot: 0 };
    let future = [Dot { actor, counter: 2 }].into_iter().collect::<VersionVector>();
    bench.ask(0, 3, put("tea", Some(Context::new(cart(), future.clone()))));
    assert_eq!(refused(&bench, 3), Some(Refusal::ContextFromNowhere));
    let reborn = [Dot { actor: Actor { boot: 1, ..actor }, counter: 1 }].into_iter().collect();
    bench.ask(0, 4, put("tea", Some(Context::new(cart(), reborn))));
    assert_eq!(refused(&bench, 4), Some(Refusal::ContextFromNowhere));
    assert_eq!(bench.stored(0), ["milk"]);
    // Another coordinator cannot know; but its copy does not make the first one lose a write.
    bench.ask(1, 5, put("forged", Some(Context::new(cart(), future))));
    bench.deliver_all();
    assert!(bench.ignored().contains(&Ignored::ClaimsFutureWrites));
    bench.ask(0, 6, put("tea", bench.context(1)));
    assert_eq!(bench.stored(0), ["tea"], "the next dot is new, and its write is kept");
}

#[test]
fn a_delete_leaves_a_tombstone_that_no_older_value_passes() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    let early = bench.wire.iter().find(|e| e.to == bench.list[2]).cloned().unwrap();
    bench.deliver_all();
    bench.ask(1, 2, Ask::Delete { context: bench.context(1) });
    bench.deliver_all();
    bench.handle(early.to, Input::Delivered(early));
    for at in 0..3 {
        let kept = bench.nodes[bench.list[at].index()].store().get(&cart()).unwrap();
        assert_eq!(kept.versions().iter().map(|v| &v.content).collect::<Vec<_>>(), [&Content::Tombstone]);
    }
}

#[test]
fn a_restarted_node_mints_as_a_new_actor() {
    let config = Config { n: 1, r: 1, w: 1, ..Config::bare() };
    let mut bench = Bench::new(&config);
    bench.ask(0, 1, put("milk", None));
    let before = bench.nodes[bench.list[0].index()].clone();
    let disk = before.disk().clone();
    let after = Node::new(
        Start { id: before.id(), boot: 1, ..Start::default() },
        config,
        Founders::named(Arc::clone(before.ring()), &[]),
        disk,
    );
    bench.nodes[before.id().index()] = after;
    bench.ask(0, 2, put("eggs", None));
    let kept = bench.nodes[before.id().index()].store().get(&cart()).unwrap();
    let dots: Vec<(u32, u64)> = kept.versions().iter().map(|v| (v.dot.actor.boot, v.dot.counter)).collect();
    assert_eq!(dots, [(0, 1), (1, 1)]);
}
