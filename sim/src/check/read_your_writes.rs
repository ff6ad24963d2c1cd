//! `read-your-writes`: for each get that ended `ok`, every write of the key that the same client had acknowledged
//! before it began is returned, or overtaken by something returned.

use super::history::{Due, History, Missed, grouped};
use super::words::{content, count, quoted, returned_instead, were, who};
use super::{Claim, Finding};

pub(super) fn judge(history: &History<'_>) -> Finding {
    let dues = history.acknowledged().map(|(op, end)| Due { write: op, by: op, since: end.position });
    let mut dues = grouped(dues, |due| (&due.write.key, &due.write.client));
    let (mut judged, mut first) = (0, None::<Missed<'_>>);
    for (of, gets) in grouped(history.gets(), |get| (&get.op.key, &get.op.client)) {
        let Some(dues) = dues.remove(&of) else { continue };
        let written = dues.iter().map(|due| due.since).min().unwrap_or(u64::MAX);
        judged += gets.iter().filter(|get| written < get.op.start_at).count();
        let missed = history.first_missed(dues, gets);
        first = first.into_iter().chain(missed).min_by_key(|missed| missed.get.end.position);
    }
    match first {
        Some(missed) => broken(history, &missed),
        None if judged == 0 => Finding::nothing(
            Claim::ReadYourWrites,
            "No client got a key after a put or delete of its own to it.",
        ),
        None => {
            let why = format!(
                "{} of keys that the client had written before {} judged: each returned the client's own writes, or \
                 what overtook them.",
                count(judged, "get", "gets"),
                were(judged)
            );
            Finding::holds(Claim::ReadYourWrites, why)
        }
    }
}

fn broken(history: &History<'_>, missed: &Missed<'_>) -> Finding {
    let Missed { get, due } = *missed;
    let acknowledged = history.end(due.write).map_or(due.write.start, |end| end.at);
    let why = format!(
        "{} wrote {} to {}, acknowledged at {acknowledged}. The same client's {} began at {} through {}, and {}.",
        who(history.setup, due.write),
        content(due.write),
        quoted(due.write.key.as_str()),
        get.op.id,
        get.op.start,
        history.setup.name(get.op.via),
        returned_instead(history, get, due.write),
    );
    Finding::broken(Claim::ReadYourWrites, &[due.write, get.op], get.end.replies.clone(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Verdict;
    use crate::check::story::Story;

    #[test]
    fn a_client_that_finds_its_write_or_what_overtook_it_is_served() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.get("r1", "alice", "B").at(4, 5).returns(&["w1"]);
        story.put("w2", "bob", "B", "eggs").sees(&["w1"]).at(6, 7).ok();
        story.get("r2", "alice", "B").at(8, 9).returns(&["w2"]);
        let judged = story.judged(Claim::ReadYourWrites);
        assert_eq!(judged.verdict, Verdict::Holds, "{}", judged.why);
        assert!(judged.why.starts_with("2 gets of keys"), "{}", judged.why);
    }

    #[test]
    fn a_client_that_misses_its_own_write_is_not() {
        let mut story = Story::new();
        story.put("w0", "bob", "A", "eggs").at(1, 2).ok();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.get("r1", "alice", "B").at(4, 5).returns(&["w0"]);
        let judged = story.judged(Claim::ReadYourWrites);
        assert_eq!(judged.verdict, Verdict::Broken);
        assert_eq!(judged.ops, ["w1", "r1"]);
        assert!(
            judged.why.contains("The same client's r1 began at 4 ms through B, and returned w0's \"eggs\""),
            "{}",
            judged.why
        );
    }

    #[test]
    fn the_writes_of_others_and_of_other_keys_are_not_its_own() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).ok();
        story.get("r1", "bob", "B").at(4, 5).returns(&[]);
        story.get("r2", "alice", "B").key("list").at(4, 5).returns(&[]);
        let judged = story.judged(Claim::ReadYourWrites);
        assert_eq!(judged.verdict, Verdict::NotApplicable, "{}", judged.why);
    }

    #[test]
    fn a_write_of_its_own_that_is_unknown_is_not_due() {
        let mut story = Story::new();
        story.put("w1", "alice", "A", "milk").at(1, 3).unknown();
        story.get("r1", "alice", "B").at(4, 5).returns(&[]);
        assert_eq!(story.judged(Claim::ReadYourWrites).verdict, Verdict::NotApplicable);
    }
}
