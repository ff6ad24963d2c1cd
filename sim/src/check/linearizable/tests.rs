//! The witness and the words, on small histories by hand.

use super::*;
use crate::check::story::Story;
use crate::check::{Judgement, Verdict};

fn judged(story: &Story) -> Judgement {
    story.judged(Claim::Linearizable)
}

#[test]
fn a_get_may_miss_a_put_that_is_under_way_but_only_until_one_has_seen_it() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 30).ok();
    story.get("r0", "carol", "C").at(2, 3).returns(&[]);
    story.get("r1", "bob", "B").at(4, 6).returns(&["w1"]);
    story.get("r2", "carol", "C").at(5, 7).returns(&[]);
    let good = judged(&story);
    assert_eq!(good.verdict, Verdict::Holds, "{}", good.why);
    assert!(good.why.starts_with("3 gets of 1 key were judged"), "{}", good.why);
    story.get("r3", "carol", "C").at(8, 10).returns(&[]);
    story.get("r4", "carol", "C").at(11, 12).returns(&[]);
    let bad = judged(&story);
    assert_eq!((bad.verdict, bad.owed), (Verdict::Broken, false));
    assert_eq!(bad.ops, ["w1", "r1", "r3"]);
    assert_eq!(
        bad.why,
        "w1 (alice, through A) began to write \"milk\" to \"cart\" at 1 ms. r1 (bob, through B) returned w1's \
         \"milk\" at 6 ms. r3 (carol, through C) began at 8 ms, after r1 had ended, and returned nothing, as if \
         the key had never been written. A register never goes back. It was not promised here: without \
         blocking read repair a get may see a write that the next one misses."
    );
}

#[test]
fn an_older_value_after_a_newer_one_names_the_three_that_matter() {
    let mut story = Story::new();
    story.put("w0", "alice", "A", "eggs").at(1, 2).ok();
    story.put("w1", "alice", "A", "milk").sees(&["w0"]).at(3, 30).ok();
    story.get("r1", "bob", "B").at(4, 6).returns(&["w1"]);
    story.get("r2", "carol", "C").at(8, 10).returns(&["w0"]);
    let bad = judged(&story);
    assert_eq!((bad.verdict, bad.ops.join(" ")), (Verdict::Broken, "w1 r1 r2".to_owned()));
    assert!(
        bad.why
            .contains("and returned w0's \"eggs\", which is older: w0 had ended at 2 ms, before w1 began."),
        "{}",
        bad.why
    );
    assert_eq!(bad.nodes, [NodeId(2)], "who answered the get that went back");
}

#[test]
fn a_get_that_misses_a_put_which_had_ended_shows_it_alone() {
    let mut story = Story::new();
    story.put("w0", "alice", "A", "eggs").at(1, 2).ok();
    story.put("w1", "alice", "A", "milk").sees(&["w0"]).at(3, 4).ok();
    story.get("r1", "carol", "C").at(8, 10).returns(&["w0"]);
    let bad = judged(&story);
    assert_eq!(bad.ops, ["w1", "r1"]);
    assert!(
        bad.why.contains("It had ended at 4 ms. r1 (carol, through C) began at 8 ms, after w1 had ended")
    );
}

#[test]
fn two_gets_that_disagree_on_the_order_of_concurrent_puts() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 30).ok();
    story.put("w2", "bob", "B", "eggs").at(1, 30).ok();
    story.get("r1", "carol", "C").at(2, 3).returns(&["w1"]);
    story.get("r2", "carol", "C").at(4, 5).returns(&["w2"]);
    assert_eq!(judged(&story).verdict, Verdict::Holds);
    story.get("r3", "dave", "D").at(6, 7).returns(&["w1"]);
    let bad = judged(&story);
    assert_eq!(bad.ops, ["w1", "w2", "r1", "r2", "r3"]);
    assert!(
        bad.why.starts_with(
            "r1 (carol, through C), which returned w1's \"milk\", ended at 3 ms, before r2 (carol, through C), \
             which returned w2's \"eggs\", began at 4 ms: so w1 came before w2. But r2"
        ),
        "{}",
        bad.why
    );
}

#[test]
fn two_values_in_one_answer_are_not_a_registers() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.put("w2", "bob", "B", "eggs").at(1, 2).ok();
    story.get("r1", "carol", "C").at(3, 4).returns(&["w1", "w2"]);
    let bad = judged(&story);
    assert_eq!((bad.verdict, bad.ops.join(" ")), (Verdict::Broken, "w1 w2 r1".to_owned()));
    assert!(
        bad.why.contains("returned w1's \"milk\" and w2's \"eggs\" at 4 ms, side by side."),
        "{}",
        bad.why
    );
}

#[test]
fn a_tombstone_beside_a_value_is_not_seen() {
    let mut story = Story::new();
    story.delete("d1", "alice", "A").at(1, 2).ok();
    story.put("w1", "bob", "B", "milk").at(3, 4).ok();
    story.get("r1", "carol", "C").at(5, 6).returns(&["d1", "w1"]);
    assert_eq!(judged(&story).verdict, Verdict::Holds, "delete, put, get: milk");
    story.delete("d2", "alice", "A").at(7, 8).ok();
    story.get("r2", "carol", "C").at(9, 10).returns(&["d1", "w1", "d2"]);
    assert_eq!(judged(&story).verdict, Verdict::Broken, "the delete is over, and milk is still there");
}

#[test]
fn the_breach_that_showed_first_is_named_whatever_its_kind() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.get("r1", "carol", "C").at(3, 4).returns(&[]);
    story.put("w2", "bob", "B", "eggs").at(5, 6).ok();
    story.get("r2", "carol", "C").at(7, 8).returns(&["w1", "w2"]);
    assert_eq!(judged(&story).ops, ["w1", "r1"]);
    assert_eq!(story.judged_at(Claim::Linearizable, 3).verdict, Verdict::NotApplicable);
}

#[test]
fn a_delete_writes_absent_and_is_told_from_never_written() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.delete("d1", "alice", "A").sees(&["w1"]).at(3, 4).ok();
    story.get("r1", "carol", "C").at(5, 6).returns(&["d1"]);
    assert_eq!(judged(&story).verdict, Verdict::Holds);
    story.get("r2", "carol", "C").at(7, 8).returns(&[]);
    assert_eq!(judged(&story).ops, ["d1", "r2"]);
}

#[test]
fn an_unknown_put_may_take_effect_late_or_never_and_a_failed_one_never() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).unknown();
    story.get("r1", "carol", "C").at(3, 4).returns(&[]);
    assert_eq!(judged(&story).verdict, Verdict::Holds);
    story.get("r2", "carol", "C").at(5, 6).returns(&["w1"]);
    assert_eq!(judged(&story).verdict, Verdict::Holds);
    story.put("w2", "alice", "A", "eggs").at(7, 8).failed();
    story.get("r3", "carol", "C").at(9, 10).returns(&["w2"]);
    let bad = judged(&story);
    assert_eq!(bad.ops, ["w2", "r3"]);
    assert!(bad.why.contains("returned w2's \"eggs\" at 10 ms, but w2 had failed."), "{}", bad.why);
}

#[test]
fn keys_are_registers_of_their_own() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.get("r1", "carol", "C").key("list").at(3, 4).returns(&[]);
    assert_eq!(judged(&story).verdict, Verdict::Holds);
}

#[test]
fn without_an_answer_nobody_has_seen_an_order() {
    let mut story = Story::new();
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.get("r1", "carol", "C").at(3, 4).failed();
    assert_eq!(judged(&story).verdict, Verdict::NotApplicable);
}
