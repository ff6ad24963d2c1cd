use super::*;
use crate::config::{Detector, Quorum};
use crate::version::Siblings;
use alloc::vec;
use message::Kind;
use outbox::{Outcome, Refusal};

/// A sloppy quorum whose nodes believe down what the tests say.
fn sloppy(r: u32, w: u32) -> Config {
    Config {
        r,
        w,
        quorum: Quorum::Sloppy,
        hinted_handoff: true,
        gossip: Some(Span::from_secs(1)),
        failure_detector: Detector::Timeout(Span::from_secs(1)),
        ..Config::bare()
    }
}

/// All nodes but these.
fn founders(without: &[NodeId]) -> Founders {
    let names = (0..).map(NodeId).zip(["A", "B", "C", "D", "E"]);
    let members: Vec<(NodeId, &str)> = names.filter(|(node, _)| !without.contains(node)).collect();
    Founders::named(Arc::new(Ring::new(Placement::Random, 8, 0, &members)), &members)
}

impl Bench {
    /// A second passes, in which the `at`-th node of the walk hears of all others but these.
    fn silence(&mut self, at: usize, down: &[usize]) {
        self.now = Now::at(self.now.mono + Span::from_secs(1));
        self.hears(at, down);
    }

    /// The `at`-th node of the walk hears of all others but these.
    fn hears(&mut self, at: usize, down: &[usize]) {
        let down: Vec<NodeId> = down.iter().map(|at| self.list[*at]).collect();
        let me = self.list[at];
        let up = self.list.iter().filter(|node| **node != me && !down.contains(node));
        let news: Vec<(NodeId, bool)> = up.map(|node| (*node, false)).collect();
        let mut out = Outbox::new();
        let node = &mut self.nodes[me.index()];
        node.detector.settle(self.now.mono, &mut out);
        node.detector.hear(self.now.mono, &node.config, &news, &mut out);
    }

    /// For whom the `at`-th node of the walk keeps what.
    fn hints(&self, at: usize) -> Vec<(NodeId, Vec<&str>)> {
        let hints = self.nodes[self.list[at].index()].disk().hints.iter();
        hints.map(|(owner, _, hint)| (owner, hint.versions.values().map(Value::as_str).collect())).collect()
    }

    fn sent(&self, kind: Kind) -> Vec<NodeId> {
        self.wire
            .iter()
            .filter(|envelope| envelope.message.kind() == kind)
            .map(|envelope| envelope.to)
            .collect()
    }

    fn first(&self, kind: Kind) -> &Envelope {
        self.wire.iter().find(|envelope| envelope.message.kind() == kind).expect("one is on its way")
    }

    fn noted(&self, wanted: impl Fn(&Note) -> bool) -> usize {
        self.notes.iter().filter(|(_, note)| wanted(note)).count()
    }
}

#[test]
fn a_fallback_stands_in_for_who_is_believed_down() {
    let mut bench = Bench::new(&sloppy(2, 3));
    bench.silence(0, &[1]);
    bench.ask(0, 1, put("milk", None));
    assert_eq!(bench.sent(Kind::Write), [bench.list[3], bench.list[2]], "in the order of the slots");
    bench.deliver(Kind::Write, 3);
    assert_eq!(bench.hints(3), [(bench.list[1], vec!["milk"])]);
    assert!(bench.stored(3).is_empty(), "a hint is no data of the holder");
    bench.deliver_from(Kind::WriteAck, 3);
    bench.deliver(Kind::Write, 2);
    bench.deliver_from(Kind::WriteAck, 2);
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))), "the fallback's ack counts");
    assert_eq!(bench.answers[0].1.replies, [bench.list[0], bench.list[3], bench.list[2]]);
}

#[test]
fn strict_keeps_the_hint_and_does_not_count_it() {
    let mut bench = Bench::new(&Config { quorum: Quorum::Strict, ..sloppy(2, 2) });
    bench.silence(0, &[1]);
    bench.ask(0, 1, put("milk", None));
    bench.deliver(Kind::Write, 3);
    assert_eq!(bench.hints(3), [(bench.list[1], vec!["milk"])]);
    bench.deliver_from(Kind::WriteAck, 3);
    assert_eq!(bench.outcome(1), None, "one of two, and the fallback is none of them");
    bench.deliver(Kind::Write, 2);
    bench.deliver_from(Kind::WriteAck, 2);
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))));
    bench.ask(0, 2, Ask::Get);
    assert_eq!(bench.sent(Kind::Read), [bench.list[2]], "a strict get asks no fallback");
}

#[test]
fn too_few_that_are_up_refuse_before_anything_is_stored() {
    for (quorum, down, have) in [(Quorum::Strict, vec![1, 2], 1), (Quorum::Sloppy, vec![1, 2, 3, 4], 1)] {
        let mut bench = Bench::new(&Config { quorum, ..sloppy(2, 2) });
        bench.silence(0, &down);
        bench.ask(0, 1, put("milk", None));
        let refusal = Refusal::TooFewNodes { have, need: 2 };
        assert_eq!(bench.outcome(1), Some(&Outcome::Refused(refusal)), "{quorum:?}");
        assert!(bench.stored(0).is_empty() && bench.wire.is_empty());
        // Nobody to pass it on to is the same.
        bench.silence(4, &[0, 1, 2]);
        let strict = quorum == Quorum::Strict;
        if strict {
            bench.ask(4, 2, Ask::Get);
            let refusal = Refusal::TooFewNodes { have: 0, need: 2 };
            assert_eq!(bench.outcome(2), Some(&Outcome::Refused(refusal)));
        }
    }
}

#[test]
fn a_request_goes_to_the_first_node_of_the_walk_that_is_up() {
    let mut bench = Bench::new(&sloppy(2, 2));
    bench.silence(4, &[0, 1]);
    bench.ask(4, 1, put("milk", None));
    assert_eq!(bench.sent(Kind::Forward), [], "with two down it is among the first three itself");
    bench.silence(4, &[0]);
    bench.ask(4, 2, put("eggs", None));
    assert_eq!(bench.sent(Kind::Forward), [bench.list[1]]);
}

#[test]
fn a_get_asks_fallbacks_which_answer_from_their_hints_and_are_not_repaired() {
    let mut bench = Bench::new(&sloppy(3, 3));
    bench.silence(0, &[1]);
    bench.ask(0, 1, put("milk", None));
    bench.deliver_all();
    bench.silence(2, &[0, 1]);
    bench.ask(2, 2, Ask::Get);
    assert_eq!(bench.sent(Kind::Read), [bench.list[3], bench.list[4]]);
    bench.deliver(Kind::Read, 3);
    bench.deliver_from(Kind::ReadReply, 3);
    bench.deliver(Kind::Read, 4);
    bench.deliver_from(Kind::ReadReply, 4);
    assert_eq!(bench.found(2), ["milk"]);
    assert_eq!(bench.sent(Kind::Repair), [], "the fifth node holds nothing, and is no replica");
}

#[test]
fn at_half_the_time_limit_silent_slots_go_to_the_next_fallback() {
    let mut bench = Bench::new(&sloppy(2, 3));
    bench.ask(0, 1, put("milk", None));
    bench.deliver(Kind::Write, 1);
    bench.deliver_from(Kind::WriteAck, 1);
    let (due, wake) = bench.nodes[bench.list[0].index()].next_wake().unwrap();
    assert_eq!((due.as_micros(), wake), (125_000, Wake::HalfTime(RequestId(1))));
    bench.pass(Span::from_millis(125));
    let late = bench.wire.iter().position(|envelope| envelope.to == bench.list[2]).unwrap();
    let late = bench.wire.remove(late);
    assert_eq!(bench.sent(Kind::Write), [bench.list[3]]);
    bench.deliver(Kind::Write, 3);
    bench.deliver_from(Kind::WriteAck, 3);
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))));
    bench.handle(late.to, Input::Delivered(late));
    bench.deliver_from(Kind::WriteAck, 2);
    assert_eq!(bench.noted(|note| matches!(note, Note::NotCounted { .. } | Note::CountedLate { .. })), 0);
    assert_eq!(bench.ignored(), [Ignored::NoSuchRequest], "every slot has counted, once");
}

/// The fourth node of the walk keeps a hint for the second, which it believes down.
fn holding() -> Bench {
    let mut bench = Bench::new(&sloppy(2, 2));
    bench.silence(0, &[1]);
    bench.hears(3, &[1]);
    bench.ask(0, 1, put("milk", None));
    bench.deliver_all();
    assert_eq!(bench.hints(3).len(), 1);
    bench
}

#[test]
fn a_hint_goes_home_when_its_owner_is_up_and_is_deleted_after_the_ack() {
    let mut bench = holding();
    bench.hears(3, &[]);
    bench.handle(bench.list[3], Input::Woke);
    assert_eq!(bench.sent(Kind::Hint), [bench.list[1]]);
    bench.deliver(Kind::Hint, 1);
    assert_eq!((bench.stored(1), bench.hints(3).len()), (vec!["milk"], 1), "not before the ack");
    let ack = bench.first(Kind::HintAck).clone();
    bench.deliver_all();
    assert!(bench.hints(3).is_empty());
    bench.handle(ack.to, Input::Delivered(ack));
    assert_eq!(bench.ignored(), [Ignored::NoSuchBatch]);
}

#[test]
fn a_hint_that_changes_on_its_way_is_not_deleted_by_the_ack() {
    let mut bench = holding();
    bench.hears(3, &[]);
    bench.handle(bench.list[3], Input::Woke);
    bench.deliver(Kind::Hint, 1);
    let ack = bench.first(Kind::HintAck).clone();
    bench.wire.clear();
    bench.ask(0, 2, put("eggs", None));
    bench.deliver(Kind::Write, 3);
    assert_eq!(bench.hints(3), [(bench.list[1], vec!["milk", "eggs"])], "merged");
    assert_eq!(bench.noted(|note| matches!(note, Note::HintStored { superseded: true, .. })), 1);
    bench.handle(ack.to, Input::Delivered(ack));
    assert_eq!(bench.hints(3).len(), 1, "the ack speaks of an earlier one");
    bench.deliver_all();
    assert_eq!((bench.hints(3).len(), bench.stored(1)), (0, vec!["milk", "eggs"]));
}

#[test]
fn a_lost_batch_is_sent_again_after_longer_and_longer_waits() {
    let mut bench = holding();
    bench.hears(3, &[]);
    let mut waits = Vec::new();
    for _ in 0..4 {
        let before = bench.now.mono;
        bench.handle(bench.list[3], Input::Woke);
        bench.wire.clear();
        let handoff = &bench.nodes[bench.list[3].index()].handoff;
        let disk = bench.nodes[bench.list[3].index()].disk();
        let (due, wake) = handoff.next_wake(disk, Span::from_secs(10_000)).unwrap();
        assert_eq!(wake, Wake::Handoff(bench.list[1]));
        waits.push(due.since(before).as_micros() / 1_000);
        bench.now = Now::at(due);
        let node = bench.list[3].index();
        let (now, config, mut out) = (bench.now.mono, bench.nodes[node].config.clone(), Outbox::new());
        bench.nodes[node].detector.hear(now, &config, &[(bench.list[1], false)], &mut out);
    }
    assert_eq!(waits, [250, 500, 1_000, 2_000]);
}

#[test]
fn hints_survive_a_crash_and_old_acks_mean_nothing_to_the_next_start() {
    let mut bench = holding();
    bench.hears(3, &[]);
    bench.handle(bench.list[3], Input::Woke);
    bench.deliver(Kind::Hint, 1);
    let old = bench.first(Kind::HintAck).clone();
    bench.wire.clear();
    let before = bench.nodes[bench.list[3].index()].clone();
    let start = Start { id: before.id(), boot: 1, at: bench.now.mono, ..Start::default() };
    let disk = before.disk().clone();
    bench.nodes[before.id().index()] = Node::new(start, before.config().clone(), founders(&[]), disk);
    assert_eq!(bench.hints(3).len(), 1);
    bench.handle(before.id(), Input::Woke);
    assert_eq!(bench.sent(Kind::Hint), [bench.list[1]], "it begins anew");
    bench.handle(old.to, Input::Delivered(old));
    assert_eq!(bench.hints(3).len(), 1, "that ack is of another start");
    bench.deliver_all();
    assert!(bench.hints(3).is_empty());
}

#[test]
fn a_hint_expires_after_its_window_and_says_so() {
    let mut bench = holding();
    bench.pass(Span::from_secs(3 * 3_600));
    assert!(bench.hints(3).is_empty());
    assert_eq!(bench.noted(|note| matches!(note, Note::HintExpired { .. })), 1);
}

#[test]
fn a_batch_is_bounded() {
    let mut bench = Bench::new(&sloppy(2, 2));
    let (holder, owner) = (bench.list[3], bench.list[1]);
    let mut disk = Disk::default();
    for number in 0..100_u32 {
        let mut name = alloc::string::String::from("key");
        name.push(char::from_u32(0x4e00 + number).unwrap());
        disk.hints.put(owner, &Key::new(&name), Siblings::new(), Time::ZERO);
    }
    let start = Start { id: holder, ..Start::default() };
    bench.nodes[holder.index()] = Node::new(start, sloppy(2, 2), founders(&[]), disk);
    bench.handle(holder, Input::Woke);
    let sizes = |bench: &Bench| -> Vec<usize> {
        let size = |envelope: &Envelope| {
            if let Message::Hint { hints, .. } = &envelope.message { Some(hints.len()) } else { None }
        };
        bench.wire.iter().filter_map(size).collect()
    };
    assert_eq!(sizes(&bench), [batch::MAX_BATCH], "one batch at a time");
    bench.deliver(Kind::Hint, 1);
    bench.deliver_from(Kind::HintAck, 1);
    assert_eq!(sizes(&bench), [100 - batch::MAX_BATCH]);
}

#[test]
fn a_hint_for_who_has_left_the_ring_goes_to_who_owns_the_key_now() {
    let mut bench = holding();
    let (holder, owner) = (bench.list[3], bench.list[1]);
    let founders = founders(&[owner]);
    let ring = Arc::clone(founders.ring());
    let owners = ring.preference(&cart(), 3);
    assert!(owners.contains(&holder), "the first fallback is a replica once someone leaves");
    let hints = bench.nodes[holder.index()].disk().hints.clone();
    let disk = Disk { hints, ..Disk::default() };
    let start = Start { id: holder, boot: 1, at: bench.now.mono, ..Start::default() };
    bench.nodes[holder.index()] = Node::new(start, sloppy(2, 2), founders, disk);
    bench.handle(holder, Input::Woke);
    assert_eq!(bench.stored(3), ["milk"], "it owns the key itself now");
    let others: Vec<NodeId> = owners.into_iter().filter(|node| *node != holder).collect();
    let mut sent = bench.sent(Kind::Hint);
    sent.sort_unstable();
    let mut expected = others;
    expected.sort_unstable();
    assert_eq!(sent, expected);
    bench.deliver_all();
    assert!(bench.hints(3).is_empty());
}

#[test]
fn a_fallback_that_writes_twice_loses_neither_though_the_first_has_gone_home() {
    let mut bench = Bench::new(&sloppy(2, 2));
    bench.silence(3, &[0]);
    bench.ask(3, 1, put("milk", None));
    bench.deliver_all();
    assert!(matches!(bench.outcome(1), Some(Outcome::Stored(_))), "a fallback coordinates");
    assert_eq!(bench.hints(3), [(bench.list[0], vec!["milk"])], "its own write is a hint, too");
    bench.silence(3, &[]);
    bench.handle(bench.list[3], Input::Woke);
    bench.deliver_all();
    assert!(bench.hints(3).is_empty());
    bench.silence(3, &[0]);
    bench.ask(3, 2, put("eggs", None));
    bench.deliver_all();
    bench.silence(3, &[]);
    bench.handle(bench.list[3], Input::Woke);
    bench.deliver_all();
    for at in 0..3 {
        assert_eq!(bench.stored(at), ["milk", "eggs"], "neither client had seen the other");
    }
}
