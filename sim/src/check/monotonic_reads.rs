//! `monotonic-reads`: for each get that ended `ok`, every write that an earlier get of the same client had returned
//! for the key is returned, or overtaken by something returned.

use super::history::{Due, History, Missed, grouped};
use super::words::{count, returned_instead, were, who, written};
use super::{Claim, Finding};

pub(super) fn judge(history: &History<'_>) -> Finding {
    let (mut judged, mut first) = (0, None::<Missed<'_>>);
    for gets in grouped(history.gets(), |get| (&get.op.key, &get.op.client)).into_values() {
        let answered = gets.iter().map(|get| get.end.position).min().unwrap_or(u64::MAX);
        judged += gets.iter().filter(|get| answered < get.op.start_at).count();
        let mut dues = Vec::new();
        for &get in &gets {
            let due = |write| Due { write, by: get.op, since: get.end.position };
            dues.extend(history.returned(get).map(due));
        }
        let missed = history.first_missed(dues, gets);
        first = first.into_iter().chain(missed).min_by_key(|missed| missed.get.end.position);
    }
    match first {
        Some(missed) => broken(history, &missed),
        None if judged == 0 => Finding::nothing(
            Claim::MonotonicReads,
            "No client got the same key again after an earlier answer.",
        ),
        None => {
            let why = format!(
                "{} of a key that the client had got before {} judged: each returned all that earlier ones had \
                 returned, or what overtook it.",
                count(judged, "get", "gets"),
                were(judged)
            );
            Finding::holds(Claim::MonotonicReads, why)
        }
    }
}

fn broken(history: &History<'_>, missed: &Missed<'_>) -> Finding {
    let Missed { get, due } = *missed;
    let answered = history.end(due.by).map_or(due.by.start, |end| end.at);
    let why = format!(
        "{} returned {} at {answered}. The same client's {} began at {} through {}, and {}.",
        who(history.setup, due.by),
        written(due.write),
        get.op.id,
        get.op.start,
        history.setup.name(get.op.via),
        returned_instead(history, get, due.write),
    );
    Finding::broken(Claim::MonotonicReads, &[due.write, due.by, get.op], get.end.replies.clone(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;

    #[test]
    fn a_client_that_sees_the_same_or_newer_goes_forward() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 30).ok();
        story.get("r1", "bob", "B").at(2, 3).returns(&["w1"]);
        story.put("w2", "bob", "B", "eggs").sees(&["w1"]).at(4, 30).ok();
        story.get("r2", "bob", "B").at(5, 6).returns(&["w1"]);
        story.get("r3", "bob", "B").at(7, 8).returns(&["w2"]);
        let judged = story.judged(Claim::MonotonicReads);
        assert_eq!(judged.verdict, Verdict::Holds, "{}", judged.why);
        assert!(judged.why.starts_with("2 gets of a key"), "{}", judged.why);
    }

    #[test]
    fn a_client_that_sees_less_than_before_goes_back() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 30).ok();
        story.get("r1", "bob", "B").at(2, 3).returns(&["w1"]);
        story.get("r2", "bob", "C").at(5, 6).returns(&[]);
        let judged = story.judged(Claim::MonotonicReads);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false));
        assert_eq!(judged.ops, ["w1", "r1", "r2"]);
        assert_eq!(
            judged.why,
            "r1 (bob, through B) returned w1's \"milk\" at 3 ms. The same client's r2 began at 5 ms through C, and \
             returned nothing. It was not promised here: without blocking read repair a get may see a write that \
             the next one misses."
        );
    }

    #[test]
    fn one_of_two_siblings_is_less_than_both() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 2).ok();
        story.put("w2", "alice", "A", "eggs").at(3, 4).ok();
        story.get("r1", "bob", "B").at(5, 6).returns(&["w1", "w2"]);
        story.get("r2", "bob", "C").at(7, 8).returns(&["w2"]);
        assert_eq!(story.judged(Claim::MonotonicReads).ops, ["w1", "r1", "r2"]);
    }

    #[test]
    fn gets_of_two_clients_or_at_one_time_are_not_compared() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 30).ok();
        story.get("r1", "bob", "B").at(2, 4).returns(&["w1"]);
        story.get("r2", "bob", "C").at(3, 5).returns(&[]);
        story.get("r3", "carol", "C").at(7, 8).returns(&[]);
        assert_eq!(story.judged(Claim::MonotonicReads).verdict, Verdict::NotApplicable);
    }
}
