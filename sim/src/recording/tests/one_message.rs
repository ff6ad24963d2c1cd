//! What is done by hand to one message.

use super::*;
use crate::act::Deed;
use crate::trace::{Loss, MessageId, MessageRecord};

/// Two puts, and where both have sent their writes and nothing has arrived.
fn two_puts() -> (Recording, u64) {
    let mut scenario = Scenario { setup: Setup::bare(), ..Scenario::default() };
    let first = scenario.setup.ring().preference(&Key::new("cart"), 1)[0].0;
    scenario.setup.network.delay = Delays::all(Delay::Uniform { low: MILLI, high: MILLI.times(9) });
    scenario.steps = vec![at(1, put("w1", "alice", first, "milk")), at(1, put("w2", "bob", first, "eggs"))];
    let run = run(scenario);
    let here = run.position_at(Time::ZERO + MILLI);
    (run, here)
}

const MILLI: Span = Span::from_millis(1);

fn by_hand(run: &Recording, position: u64, message: u32, deed: Deed) -> Result<Recording, String> {
    let act = Act::ToMessage { message: MessageId(message), deed };
    let at = run.trace().time_of(position);
    run.branch(position, at, act).map(|mut run| {
        run.run_to_end();
        run
    })
}

fn message(run: &Recording, number: u32) -> &MessageRecord {
    run.trace().message(MessageId(number))
}

fn writes(run: &Recording) -> usize {
    run.trace().messages.iter().take_while(|message| message.sent == Time::ZERO + MILLI).count()
}

/// Where a message meets its end.
fn end(run: &Recording, number: u32) -> u64 {
    message(run, number).fate.unwrap().position
}

#[test]
fn the_later_of_two_writes_can_be_the_first_to_arrive() {
    let (run, here) = two_puts();
    assert_eq!(writes(&run), 4, "two puts, and two other replicas of each");
    let later =
        (2..4).find(|later| message(&run, *later).envelope.to == message(&run, 0).envelope.to).unwrap();
    for (one, other) in [(0, later), (later, 0)] {
        let swapped = by_hand(&run, here, one, Deed::Deliver).unwrap();
        assert_eq!(end(&swapped, one), here + 2, "the act, and then at once the message");
        assert!(end(&swapped, one) < end(&swapped, other));
        assert_eq!(message(&swapped, one).fate.unwrap().at, Time::ZERO + MILLI);
        assert_eq!(message(&swapped, other).travel, message(&run, other).travel, "others take their time");
        assert_eq!(swapped.digest_at(swapped.len()), swapped.digest(), "also after going back");
        // Before the act it was on the way that it would have taken; since then it is at its end.
        let way = |position| message(&swapped, one).way(position).unwrap().due;
        assert_eq!(way(here), message(&run, one).travel.unwrap().due);
        assert_eq!(way(here + 1), Time::ZERO + MILLI);
    }
}

#[test]
fn one_message_is_dropped_held_released_and_doubled() {
    let (run, here) = two_puts();
    let dropped = by_hand(&run, here, 0, Deed::Drop).unwrap();
    let fate = message(&dropped, 0).fate.unwrap();
    assert_eq!((fate.lost, fate.position), (Some(Loss::Dropped), here + 1));
    assert_eq!(message(&dropped, 1).travel, message(&run, 1).travel);

    let held = by_hand(&run, here, 0, Deed::Hold).unwrap();
    assert_eq!(message(&held, 0).fate, None, "nobody has released it");
    assert_eq!(message(&held, 0).way(here).map(|way| way.due), message(&run, 0).travel.map(|way| way.due));
    assert_eq!(message(&held, 0).way(here + 1), None);
    for (released, why) in [
        (by_hand(&held, here + 1, 0, Deed::Release).unwrap(), "by its number"),
        (held.branch(here + 1, Time::ZERO, Act::Release(Matcher::default())).unwrap(), "with all others"),
        (by_hand(&held, here + 1, 0, Deed::Deliver).unwrap(), "delivered, which ends the hold"),
    ] {
        let mut released = released;
        released.run_to_end();
        assert!(message(&released, 0).fate.is_some_and(|fate| fate.lost.is_none()), "{why}");
    }
    let acks = Matcher { kind: Some(Kind::WriteAck), ..Matcher::default() };
    let mut others = held.branch(here + 1, Time::ZERO, Act::Release(acks)).unwrap();
    others.run_to_end();
    assert_eq!(message(&others, 0).fate, None, "a release of others leaves it where it is");

    let doubled = by_hand(&run, here, 0, Deed::Duplicate).unwrap();
    let copies: Vec<_> =
        doubled.trace().messages.iter().filter(|message| message.copy_of.is_some()).collect();
    assert_eq!(copies.len(), 1);
    assert_eq!((copies[0].copy_of, &copies[0].envelope), (Some(MessageId(0)), &message(&run, 0).envelope));
}

#[test]
fn a_message_that_is_not_there_is_refused_and_in_a_link_left_alone() {
    let (run, here) = two_puts();
    let refused =
        |run: &Recording, position, message, deed| by_hand(run, position, message, deed).unwrap_err();
    for (position, message) in [(run.len(), 0), (0, 0), (here, 99), (here, u32::MAX)] {
        let why = refused(&run, position, message, Deed::Drop);
        assert!(why.contains(&format!("Message {message} is not under way here")), "{why}");
    }
    assert!(refused(&run, here, 0, Deed::Release).contains("is not held"));
    let held = by_hand(&run, here, 0, Deed::Hold).unwrap();
    assert!(refused(&held, here + 1, 0, Deed::Hold).contains("is held already"));

    let act = Act::ToMessage { message: MessageId(99), deed: Deed::Deliver };
    let placed = Placed { after: here, at: Time::ZERO + MILLI, act };
    let mut read = Recording::with_acts(Arc::new(run.scenario().clone()), vec![placed]);
    read.run_to_end();
    assert_eq!(
        read.trace().messages,
        run.trace()
            .messages
            .iter()
            .cloned()
            .map(|mut message| {
                // One event more has happened; all else is as it was.
                let later = |position: &mut u64| *position += u64::from(*position > here);
                later(&mut message.sent_at);
                message.travel.iter_mut().for_each(|travel| later(&mut travel.from_at));
                message.fate.iter_mut().for_each(|fate| later(&mut fate.position));
                message
            })
            .collect::<Vec<_>>()
    );
}

#[test]
fn chance_takes_no_message_that_is_delivered_by_hand_but_a_cut_link_does() {
    let (run, here) = two_puts();
    let mut lossy = run.scenario().clone();
    lossy.setup.network.loss = Ratio { numerator: 1, denominator: 1 };
    let lost = self::run(lossy);
    assert_eq!(message(&lost, 0).fate.unwrap().lost, Some(Loss::Chance));
    let saved = by_hand(&lost, here, 0, Deed::Deliver).unwrap();
    assert_eq!(message(&saved, 0).fate.unwrap().lost, None);
    let to = message(&run, 0).envelope.to;
    let cut = run.branch(here, Time::ZERO, Act::Partition(vec![vec![to]])).unwrap();
    let tried = by_hand(&cut, here + 1, 0, Deed::Deliver).unwrap();
    assert_eq!(message(&tried, 0).fate.unwrap().lost, Some(Loss::Cut));
}
