//! `fresh-reads`: for each get that ended `ok`, every write of the key that was acknowledged before it began is
//! returned, or overtaken by something returned.

use super::history::{Due, History, Missed, grouped};
use super::words::{content, count, quoted, returned_instead, were, who};
use super::{Claim, Finding};

pub(super) fn judge(history: &History<'_>) -> Finding {
    let gets = grouped(history.gets(), |get| &get.op.key);
    let judged = gets.values().map(Vec::len).sum();
    if judged == 0 {
        return Finding::nothing(Claim::FreshReads, "No get has ended ok, so there was no answer to judge.");
    }
    let dues = history.acknowledged().map(|(op, end)| Due { write: op, by: op, since: end.position });
    let mut dues = grouped(dues, |due| &due.write.key);
    let missed = gets.into_iter().filter_map(|(key, gets)| {
        let dues = dues.remove(key).unwrap_or_default();
        history.first_missed(dues, gets)
    });
    match missed.min_by_key(|missed| missed.get.end.position) {
        Some(missed) => broken(history, &missed),
        None => {
            let why = format!(
                "{} {} judged: every write that had been acknowledged before one began was returned by it, or \
                 overtaken by something it returned.",
                count(judged, "get", "gets"),
                were(judged)
            );
            Finding::holds(Claim::FreshReads, why)
        }
    }
}

fn broken(history: &History<'_>, missed: &Missed<'_>) -> Finding {
    let Missed { get, due } = *missed;
    let acknowledged = history.end(due.write).map_or(due.write.start, |end| end.at);
    let why = format!(
        "{} wrote {} to {}, acknowledged at {acknowledged}. {} began at {}, after that, and {}.",
        who(history.setup, due.write),
        content(due.write),
        quoted(due.write.key.as_str()),
        who(history.setup, get.op),
        get.op.start,
        returned_instead(history, get, due.write),
    );
    Finding::broken(Claim::FreshReads, &[due.write, get.op], get.end.replies.clone(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;

    #[test]
    fn a_get_that_returns_or_overtakes_every_earlier_write_is_fresh() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "B", "eggs").sees(&["w1"]).at(4, 6).ok();
        story.get("r1", "carol", "C").at(7, 8).returns(&["w2"]);
        let judged = story.judged(Claim::FreshReads);
        assert_eq!(judged.verdict, Verdict::Holds, "{}", judged.why);
        assert!(judged.why.starts_with("1 get was judged"), "{}", judged.why);
    }

    #[test]
    fn a_get_that_misses_an_acknowledged_write_breaks_it() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "B", "eggs").sees(&["w1"]).at(4, 6).ok();
        story.get("r1", "carol", "C").at(7, 8).returns(&["w1"]);
        let judged = story.judged(Claim::FreshReads);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, true));
        assert_eq!(judged.ops, ["w2", "r1"]);
        assert_eq!(
            judged.why,
            "w2 (bob, through B) wrote \"eggs\" to \"cart\", acknowledged at 6 ms. r1 (carol, through C) began at \
             7 ms, after that, and returned w1's \"milk\", but neither w2's \"eggs\" nor a write that had seen it. \
             It was promised here: R + W stayed above N, so every get meets the writes acknowledged before \
             it."
        );
    }

    #[test]
    fn a_concurrent_write_overtakes_nothing() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.put("w2", "bob", "B", "eggs").at(4, 6).ok();
        story.get("r1", "carol", "C").at(7, 8).returns(&["w2"]);
        assert_eq!(story.judged(Claim::FreshReads).ops, ["w1", "r1"]);
    }

    #[test]
    fn a_returned_tombstone_is_a_returned_write() {
        let mut story = Story::new();
        story.delete("d1", "alice", "A").at(1, 3).ok();
        story.get("r1", "carol", "C").at(7, 8).returns(&["d1"]);
        assert_eq!(story.judged(Claim::FreshReads).verdict, Verdict::Holds);
        story.get("r2", "carol", "C").at(9, 10).returns(&[]);
        let judged = story.judged(Claim::FreshReads);
        assert_eq!((judged.verdict, judged.ops), (Verdict::Broken, vec!["d1".to_owned(), "r2".to_owned()]));
    }

    #[test]
    fn a_write_that_was_not_acknowledged_before_the_get_began_is_not_due() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 6).ok();
        story.put("w2", "bob", "B", "eggs").at(1, 3).unknown();
        story.get("r1", "carol", "C").at(5, 8).returns(&[]);
        assert_eq!(story.judged(Claim::FreshReads).verdict, Verdict::Holds);
    }

    #[test]
    fn what_comes_after_the_position_has_not_happened() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.get("r1", "carol", "C").at(7, 8).returns(&[]);
        assert_eq!(story.judged_at(Claim::FreshReads, 7).verdict, Verdict::NotApplicable);
        assert_eq!(story.judged_at(Claim::FreshReads, 8).verdict, Verdict::Broken);
    }
}
