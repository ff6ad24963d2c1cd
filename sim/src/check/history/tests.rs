//! The sweep over frontiers against the definition, word for word, on random histories.

use super::*;
use crate::check::Verdict;
use crate::check::story::Story;
use crate::check::{Claim, Judgement};
use crate::rng::{Purpose, Rng};

const NODES: [&str; 2] = ["A", "B"];
const CLIENTS: [&str; 2] = ["alice", "bob"];

/// Up to five puts, each of which has seen some of those before it, and three gets that return up to two of them.
fn random(dice: &mut Rng) -> Story {
    let mut story = Story::new();
    let pick = |dice: &mut Rng, from: [&'static str; 2]| from[usize::from(dice.below(2) == 1)];
    let puts = 1 + dice.below(5);
    let id = |number| format!("w{number}");
    for number in 0..puts {
        let seen: Vec<String> = (0..number).filter(|_| dice.below(3) == 0).map(id).collect();
        let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
        let start = 1 + number * 4;
        let (client, via) = (pick(dice, CLIENTS), pick(dice, NODES));
        let name = id(number);
        let told = story.put(&name, client, via, &name).sees(&seen).at(start, start + 1 + dice.below(8));
        if dice.below(4) == 0 { told.unknown() } else { told.ok() }
    }
    for number in 0..3 {
        let start = 2 + dice.below(30);
        let first = dice.below(puts);
        let mut returned = vec![id(first)];
        let second = dice.below(puts);
        if !story.related(&id(first), &id(second)) {
            returned.push(id(second));
        }
        returned.truncate(usize::try_from(dice.below(3)).unwrap());
        let returned: Vec<&str> = returned.iter().map(String::as_str).collect();
        let (client, via) = (pick(dice, CLIENTS), pick(dice, NODES));
        story.get(&format!("r{number}"), client, via).at(start, start + 1).returns(&returned);
    }
    story
}

/// Does `get` miss `write`: is it neither returned, nor seen by something returned?
fn misses(ops: &[Op], get: &Op, write: &Op) -> bool {
    let versions = get.end.as_ref().and_then(|end| end.returned.as_ref()).map_or(&[][..], Siblings::versions);
    let dot = write.dot.unwrap().0;
    !versions.iter().any(|version| {
        let of = ops.iter().find(|op| op.dot.is_some_and(|minted| minted.0 == version.dot)).unwrap();
        version.dot == dot || of.saw.contains(write.write.unwrap())
    })
}

fn ended_before(op: &Op, later: &Op) -> bool {
    op.end.as_ref().is_some_and(|end| end.outcome == OpOutcome::Ok && end.position < later.start_at)
}

/// What the contract's words say of the three claims about gets.
fn broken(ops: &[Op]) -> [bool; 3] {
    let (puts, gets): (Vec<&Op>, Vec<&Op>) = ops.iter().partition(|op| op.kind.is_write());
    let misses_one = |own: bool| {
        gets.iter().any(|get| {
            let due = |put: &&&Op| ended_before(put, get) && (!own || put.client == get.client);
            puts.iter().filter(due).any(|put| misses(ops, get, put))
        })
    };
    let goes_back = gets.iter().any(|get| {
        let earlier = gets.iter().filter(|one| one.client == get.client && ended_before(one, get));
        let returned = earlier.flat_map(|one| one.end.iter().filter_map(|end| end.returned.as_ref()));
        let dots = returned.flat_map(|returned| returned.versions().iter().map(|version| version.dot));
        let mut writes =
            dots.filter_map(|dot| puts.iter().find(|put| put.dot.is_some_and(|own| own.0 == dot)));
        writes.any(|write| misses(ops, get, write))
    });
    [misses_one(false), misses_one(true), goes_back]
}

#[test]
fn it_agrees_with_the_definition() {
    let mut dice = Rng::new(1, Purpose::Scenario);
    let mut seen = [[0, 0]; 3];
    for number in 0..5_000 {
        let story = random(&mut dice);
        let judged: Vec<Judgement> = story.all();
        let expected = broken(story.ops());
        let claims = [Claim::FreshReads, Claim::ReadYourWrites, Claim::MonotonicReads];
        for (at, claim) in claims.into_iter().enumerate() {
            let judgement = judged.iter().find(|judgement| judgement.claim == claim).unwrap();
            let is_broken = judgement.verdict == Verdict::Broken;
            assert_eq!(is_broken, expected[at], "story {number}: {} {}", claim.name(), judgement.why);
            seen[at][usize::from(is_broken)] += 1;
        }
    }
    assert!(seen.as_flattened().iter().all(|times| *times >= 300), "both verdicts are well tried: {seen:?}");
}
