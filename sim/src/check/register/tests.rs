//! The checker against an exhaustive search for an order (after Wing and Gong, 1993), on random small histories.

use super::*;

/// Tries every order: next may come any call that began before every call left out has ended. A write that never
/// ended may also be left out for good.
fn some_order(calls: &[Call], left: &mut Vec<usize>, holds: Option<usize>) -> bool {
    if left.iter().all(|at| calls[*at].end.is_none()) {
        return true;
    }
    let first_end = left.iter().map(|at| calls[*at].ended()).min().unwrap_or(u64::MAX);
    for place in 0..left.len() {
        let at = left[place];
        let holds_then = match calls[at].did {
            _ if calls[at].start > first_end => continue,
            Did::Read(of) if of != holds => continue,
            Did::Read(_) => holds,
            Did::Write => Some(at),
        };
        left.remove(place);
        let found = some_order(calls, left, holds_then);
        left.insert(place, at);
        if found {
            return true;
        }
    }
    false
}

fn linearizable(calls: &[Call]) -> bool {
    some_order(calls, &mut (0..calls.len()).collect(), None)
}

/// A small generator of its own, so that the histories are the same for ever (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// Up to seven calls; the shorter they are against the whole time, the fewer overlap.
fn history(dice: &mut Dice) -> Vec<Call> {
    let number = 1 + dice.below(7);
    let (span, longest) = (1 + dice.below(20), 1 + dice.below(12));
    let kinds: Vec<bool> = (0..number).map(|_| dice.below(2) == 0).collect();
    let writes: Vec<usize> = (0..kinds.len()).filter(|at| kinds[*at]).collect();
    let call = |is_write: &bool| {
        let start = 2 + 2 * dice.below(span);
        let end = Some(start + 1 + 2 * dice.below(longest));
        let read = usize::try_from(dice.below(writes.len() as u64 + 1)).unwrap();
        match is_write {
            true if dice.below(4) == 0 => Call { start, end: None, did: Did::Write },
            true => Call { start, end, did: Did::Write },
            false => Call { start, end, did: Did::Read(writes.get(read).copied()) },
        }
    };
    kinds.iter().map(call).collect()
}

/// What a conflict states must be so.
fn is_true(calls: &[Call], conflict: Conflict) -> bool {
    let of = |at: usize| match calls[at].did {
        Did::Write => Some(at),
        Did::Read(of) => of,
    };
    let precedes = |a: usize, b: usize| calls[a].end.is_some_and(|end| end < calls[b].start);
    match conflict {
        Conflict::FromTheFuture { read } => of(read).is_some_and(|write| precedes(read, write)),
        Conflict::Circle { x, y, x_first, y_first: (c, d) } => {
            x != Some(y)
                && x.is_none() == x_first.is_none()
                && x_first.is_none_or(|(a, b)| (of(a), of(b)) == (x, Some(y)) && precedes(a, b))
                && (of(c), of(d)) == (Some(y), x)
                && precedes(c, d)
        }
    }
}

#[test]
fn it_agrees_with_trying_every_order() {
    let mut dice = Dice(1);
    let (mut good, mut bad) = (0, 0);
    for number in 0..60_000 {
        let calls = history(&mut dice);
        let first = conflict(&calls);
        let found = first.map(|(_, conflict)| conflict);
        assert_eq!(found.is_none(), linearizable(&calls), "history {number}: {calls:?} {found:?}");
        assert!(
            found.is_none_or(|conflict| is_true(&calls, conflict)),
            "history {number}: {calls:?} {found:?}"
        );
        if let Some((at, _)) = first {
            let known = |at| linearizable(&until(&calls, at));
            assert!(known(at - 1) && !known(at), "history {number}: {calls:?} first shows at {at}");
        }
        if found.is_none() {
            good += 1;
        } else {
            bad += 1;
        }
    }
    assert!(good >= 10_000 && bad >= 10_000, "both verdicts are well tried: {good} and {bad}");
}

#[test]
fn a_write_that_never_ended_may_take_effect_late_but_only_once() {
    let write = Call { start: 2, end: None, did: Did::Write };
    let read = |start, of| Call { start, end: Some(start + 1), did: Did::Read(of) };
    assert_eq!(conflict(&[write, read(4, None), read(6, Some(0))]), None);
    let back = [write, read(4, None), read(6, Some(0)), read(8, None)];
    let circle = Conflict::Circle { x: None, y: 0, x_first: None, y_first: (2, 3) };
    assert_eq!(conflict(&back), Some((9, circle)));
}

#[test]
fn the_conflict_that_shows_first_is_named() {
    let write = |start| Call { start, end: Some(start + 1), did: Did::Write };
    let read = |start, of| Call { start, end: Some(start + 1), did: Did::Read(of) };
    let calls = [write(2), write(4), read(6, Some(0)), read(8, Some(0)), read(10, None)];
    let circle = Conflict::Circle { x: Some(0), y: 1, x_first: Some((0, 1)), y_first: (1, 2) };
    assert_eq!(conflict(&calls), Some((7, circle)));
}
