use super::*;
use alloc::vec;
use message::Kind;
use outbox::Outcome;

/// R = W = 2, and the first replica alone has the put.
fn one_of_three() -> Bench {
    let mut bench = Bench::with(ReadRepair::Blocking, 2, 2);
    bench.ask(0, 1, put("milk", None));
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    bench
}

#[test]
fn the_answer_waits_until_n_minus_r_plus_1_hold_it() {
    let mut bench = one_of_three();
    bench.ask(0, 2, Ask::Get);
    bench.deliver(Kind::Read, 1);
    bench.deliver_from(Kind::ReadReply, 1);
    assert_eq!(bench.outcome(2), None, "one of the two that must hold it does");
    bench.deliver(Kind::Repair, 1);
    assert_eq!(bench.stored(1), ["milk"]);
    bench.deliver_from(Kind::RepairAck, 1);
    assert_eq!(bench.found(2), ["milk"]);
    // Whichever two replicas a later get hears, one of them holds it.
    bench.wire.clear();
    bench.ask(2, 3, Ask::Get);
    bench.deliver(Kind::Read, 1);
    bench.deliver_from(Kind::ReadReply, 1);
    bench.deliver_all();
    assert_eq!(bench.found(3), ["milk"]);
}

#[test]
fn a_coordinator_that_lags_repairs_itself_first() {
    let mut bench = one_of_three();
    bench.ask(1, 2, Ask::Get);
    bench.deliver(Kind::Read, 0);
    bench.deliver_from(Kind::ReadReply, 0);
    assert_eq!(bench.found(2), ["milk"]);
    assert_eq!(bench.stored(1), ["milk"], "it held it before it told the client");
}

#[test]
fn with_r_1_every_replica_must_hold_it() {
    let mut bench = Bench::with(ReadRepair::Blocking, 1, 1);
    bench.ask(0, 1, put("milk", None));
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    bench.ask(0, 2, Ask::Get);
    assert_eq!(bench.outcome(2), None);
    bench.deliver_all();
    assert_eq!(bench.found(2), ["milk"]);
    assert_eq!((bench.stored(1), bench.stored(2)), (vec!["milk"], vec!["milk"]));
}

#[test]
fn a_repair_that_is_not_acknowledged_leaves_the_get_without_an_answer() {
    let mut bench = one_of_three();
    bench.ask(0, 2, Ask::Get);
    bench.deliver(Kind::Read, 1);
    bench.deliver_from(Kind::ReadReply, 1);
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    assert_eq!(bench.outcome(2), Some(&Outcome::NotRepaired { have: 1, need: 2 }));
}

#[test]
fn a_late_reply_that_already_holds_it_counts() {
    let mut bench = Bench::with(ReadRepair::Blocking, 2, 2);
    bench.ask(0, 1, put("milk", None));
    bench.deliver(Kind::Write, 1);
    bench.wire.clear();
    bench.pass(Span::from_millis(250));
    bench.ask(0, 2, Ask::Get);
    bench.deliver(Kind::Read, 2);
    bench.deliver_from(Kind::ReadReply, 2);
    assert_eq!(bench.outcome(2), None);
    bench.deliver(Kind::Read, 1);
    bench.deliver_from(Kind::ReadReply, 1);
    assert_eq!(bench.found(2), ["milk"], "the third replica held it all along");
}

#[test]
fn a_replica_is_repaired_once_while_its_acknowledgement_may_come() {
    let mut bench = one_of_three();
    bench.ask(0, 2, Ask::Get);
    for replica in [1, 2] {
        bench.deliver(Kind::Read, replica);
        bench.deliver_from(Kind::ReadReply, replica);
    }
    bench.deliver(Kind::Repair, 1);
    bench.deliver_from(Kind::RepairAck, 1);
    assert_eq!(bench.found(2), ["milk"]);
    let repairs = bench.wire.iter().filter(|envelope| envelope.message.kind() == Kind::Repair).count();
    assert_eq!(repairs, 1, "the one to the third replica, which is on its way");
}
