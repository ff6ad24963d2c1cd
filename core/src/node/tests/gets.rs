use super::*;
use alloc::vec;
use message::Kind;
use outbox::Outcome;

/// A cluster in which only the first replica has heard of the put.
fn one_replica_knows(read_repair: ReadRepair) -> Bench {
    let mut bench = Bench::with(read_repair, 2, 1);
    bench.ask(0, 1, put("milk", None));
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    bench
}

#[test]
fn nothing_found_is_an_answer() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(2, 1, Ask::Get);
    assert_eq!(bench.outcome(1), None);
    bench.deliver_all();
    assert_eq!(bench.found(1), Vec::<&str>::new());
    assert!(!bench.notes.iter().any(|(_, note)| matches!(note, Note::Repairs { .. })));
}

#[test]
fn a_get_answers_at_r_with_all_replies_merged_and_then_repairs_who_lags() {
    let mut bench = one_replica_knows(ReadRepair::Async);
    bench.ask(1, 2, Ask::Get);
    bench.deliver(Kind::Read, 0);
    bench.deliver_from(Kind::ReadReply, 0);
    assert_eq!(bench.found(2), ["milk"]);
    assert_eq!((bench.stored(1), bench.stored(2)), (vec![], vec![]), "repair waits for the other replies");
    bench.deliver_all();
    assert_eq!((bench.stored(1), bench.stored(2)), (vec!["milk"], vec!["milk"]));
    assert!(
        bench.notes.contains(&(bench.list[1], Note::Repaired { request: RequestId(2), from: bench.list[2] }))
    );
}

#[test]
fn at_the_time_limit_those_that_answered_are_repaired() {
    let mut bench = one_replica_knows(ReadRepair::Async);
    bench.ask(1, 2, Ask::Get);
    bench.deliver(Kind::Read, 0);
    bench.deliver_from(Kind::ReadReply, 0);
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    assert_eq!(
        (bench.stored(1), bench.stored(2)),
        (vec!["milk"], vec![]),
        "a silent replica may hold anything"
    );
    let silent = vec![bench.list[2]];
    assert!(bench.notes.contains(&(bench.list[1], Note::Finished { request: RequestId(2), silent })));
}

#[test]
fn without_read_repair_replicas_stay_as_they_are() {
    let mut bench = one_replica_knows(ReadRepair::Off);
    bench.ask(1, 2, Ask::Get);
    bench.deliver_all();
    assert_eq!((bench.stored(1), bench.stored(2)), (vec![], vec![]));
}

#[test]
fn fewer_than_r_replies_are_no_answer() {
    let mut bench = Bench::with(ReadRepair::Async, 3, 1);
    bench.ask(0, 1, Ask::Get);
    bench.deliver(Kind::Read, 1);
    bench.deliver_from(Kind::ReadReply, 1);
    bench.pass(Span::from_millis(250));
    assert_eq!(bench.outcome(1), Some(&Outcome::TimedOut { have: 2, need: 3 }));
}

#[test]
fn concurrent_writes_are_all_returned_and_a_put_with_their_context_replaces_them() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    bench.ask(1, 2, put("eggs", None));
    bench.deliver_all();
    bench.ask(2, 3, Ask::Get);
    bench.deliver_all();
    let mut found = bench.found(3);
    found.sort_unstable();
    assert_eq!(found, ["eggs", "milk"]);
    bench.ask(2, 4, put("both", bench.context(3)));
    bench.deliver_all();
    assert_eq!(bench.stored(0), ["both"]);
    assert_eq!(bench.stored(1), ["both"]);
}

#[test]
fn a_reply_to_another_request_counts_for_nothing() {
    let mut bench = Bench::with(ReadRepair::Async, 2, 2);
    bench.ask(0, 1, put("milk", None));
    let (from, to) = (bench.list[1], bench.list[0]);
    let versions = crate::version::Siblings::new();
    let message = Message::ReadReply { request: RequestId(1), versions };
    bench.handle(to, Input::Delivered(Envelope { from, to, epoch: 0, message }));
    assert_eq!((bench.outcome(1), bench.ignored()), (None, vec![Ignored::NotAwaited]));
}
