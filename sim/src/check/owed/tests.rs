use super::*;
use crate::act::ConfigChange;
use crate::check::story::Story;
use ringside_core::{NodeId, Span};

fn owed(story: &Story) -> Vec<&'static str> {
    let judged = story.all().into_iter();
    judged.filter(|judgement| judgement.owed).map(|judgement| judgement.claim.name()).collect()
}

const ALWAYS: [&str; 5] =
    ["no-lost-writes", "causal-siblings", "unique-dots", "hint-conservation", "no-resurrection"];
const FRESH: [&str; 7] = [
    "fresh-reads",
    "read-your-writes",
    "no-lost-writes",
    "causal-siblings",
    "unique-dots",
    "hint-conservation",
    "no-resurrection",
];
const FORWARD: [&str; 8] = [
    "fresh-reads",
    "read-your-writes",
    "monotonic-reads",
    "no-lost-writes",
    "causal-siblings",
    "unique-dots",
    "hint-conservation",
    "no-resurrection",
];

fn quorum(r: u32, w: u32, read_repair: ReadRepair) -> Story {
    let mut story = Story::new();
    story.config(Config { r, w, read_repair, ..Config::bare() });
    story
}

#[test]
fn overlapping_quorums_owe_fresh_reads_and_no_more() {
    assert_eq!(owed(&quorum(2, 2, ReadRepair::Async)), FRESH);
    assert_eq!(owed(&quorum(1, 3, ReadRepair::Off)), FRESH);
    assert_eq!(owed(&quorum(1, 2, ReadRepair::Blocking)), ALWAYS);
}

#[test]
fn blocking_read_repair_adds_the_rest_for_one_writer_a_key() {
    let mut story = quorum(2, 2, ReadRepair::Blocking);
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.put("w2", "alice", "B", "eggs").sees(&["w1"]).at(3, 4).ok();
    story.put("w3", "bob", "B", "eggs").key("list").at(3, 4).ok();
    assert_eq!(owed(&story), [&FORWARD[..3], &["linearizable"], &FORWARD[3..]].concat());
    story.put("w4", "bob", "B", "tea").sees(&["w1", "w2"]).at(5, 6).ok();
    assert_eq!(owed(&story), FORWARD);
}

#[test]
fn a_write_that_is_unknown_or_blind_is_no_register_any_more() {
    let mut story = quorum(2, 2, ReadRepair::Blocking);
    story.put("w1", "alice", "A", "milk").at(1, 2).unknown();
    assert_eq!(owed(&story), FORWARD);
    let mut story = quorum(2, 2, ReadRepair::Blocking);
    story.put("w1", "alice", "A", "milk").at(1, 2).ok();
    story.put("w2", "alice", "B", "eggs").at(3, 4).ok();
    assert_eq!(owed(&story), FORWARD);
}

#[test]
fn a_setting_that_was_ever_too_low_voids_the_promise() {
    let mut story = quorum(2, 2, ReadRepair::Blocking);
    story.set(3, ConfigChange { r: Some(1), ..ConfigChange::default() });
    story.set(5, ConfigChange { r: Some(2), ..ConfigChange::default() });
    assert_eq!(owed(&story), ALWAYS);
    let before: Vec<bool> = story.all_at(2).iter().map(|judgement| judgement.owed).collect();
    assert_eq!(before.iter().filter(|owed| **owed).count(), 9, "at position 2 nothing had been lowered yet");
}

#[test]
fn gossip_owes_one_ring() {
    let mut story = quorum(1, 1, ReadRepair::Async);
    story.set(3, ConfigChange { gossip: Some(Some(Span::from_secs(1))), ..ConfigChange::default() });
    assert_eq!(owed(&story), [&ALWAYS[..4], &["ring-agreement", "no-resurrection"]].concat());
}

#[test]
fn a_quorum_that_was_ever_sloppy_owes_no_overlap() {
    let mut story = Story::new();
    let sloppy = Config { quorum: Quorum::Sloppy, hinted_handoff: true, w: 3, r: 3, ..Config::bare() };
    story.config(sloppy);
    assert_eq!(owed(&story), ALWAYS);
    let mut story = quorum(2, 2, ReadRepair::Async);
    story.set(3, ConfigChange { quorum: Some(Quorum::Sloppy), ..ConfigChange::default() });
    story.set(5, ConfigChange { quorum: Some(Quorum::Strict), ..ConfigChange::default() });
    assert_eq!(owed(&story), ALWAYS);
}

#[test]
fn an_earlier_w_counts_against_a_later_r() {
    let mut story = quorum(3, 1, ReadRepair::Async);
    story.set(3, ConfigChange { r: Some(1), w: Some(3), ..ConfigChange::default() });
    assert_eq!(owed(&story), ALWAYS);
    let mut story = quorum(1, 3, ReadRepair::Async);
    story.set(3, ConfigChange { r: Some(3), w: Some(1), ..ConfigChange::default() });
    assert_eq!(owed(&story), FRESH);
}

#[test]
fn a_disk_that_lost_something_voids_what_is_read() {
    for act in [Act::Wipe(NodeId(1)), Act::RestartOld(NodeId(1))] {
        let mut story = quorum(2, 2, ReadRepair::Blocking);
        story.act(3, act);
        assert_eq!(owed(&story), ALWAYS);
        assert_eq!(story.all_at(2).iter().filter(|judgement| judgement.owed).count(), 9);
    }
    let mut story = quorum(2, 2, ReadRepair::Async);
    story.act(3, Act::Crash(NodeId(1)));
    assert_eq!(owed(&story), FRESH, "every write is synced");
    story.sync(Span::from_millis(10));
    assert_eq!(owed(&story), ALWAYS);
    assert!(story.judged_at(Claim::FreshReads, 2).owed, "the crash comes later");
}

#[test]
fn other_replicas_or_a_lower_r_void_what_depends_on_them() {
    let mut story = quorum(2, 2, ReadRepair::Async);
    story.set(3, ConfigChange { n: Some(2), ..ConfigChange::default() });
    assert_eq!(owed(&story), ALWAYS);
    let mut story = quorum(3, 2, ReadRepair::Blocking);
    story.set(3, ConfigChange { r: Some(2), ..ConfigChange::default() });
    assert_eq!(owed(&story), FRESH);
}

#[test]
fn versions_that_err_void_what_they_err_in() {
    let owes = |config: Config| {
        let mut story = quorum(2, 2, ReadRepair::Blocking);
        story.config(Config { r: 2, w: 2, read_repair: ReadRepair::Blocking, ..config });
        owed(&story)
    };
    let default = Config::bare;
    assert_eq!(
        owes(Config { versions: Versions::Plain, ..default() }),
        ["unique-dots", "hint-conservation", "no-resurrection"]
    );
    assert_eq!(
        owes(Config { versions: Versions::LastWriteWins, ..default() }),
        ["unique-dots", "hint-conservation", "no-resurrection"]
    );
    let reads = ["fresh-reads", "read-your-writes", "monotonic-reads", "linearizable"];
    assert_eq!(
        owes(Config { clock_limit: 3, ..default() }),
        [&reads[..3], &["unique-dots", "hint-conservation", "no-resurrection"]].concat()
    );
    assert_eq!(
        owes(Config { counters: Counters::PerKey, ..default() }),
        [&reads[..], &["hint-conservation", "no-resurrection"]].concat()
    );
    assert_eq!(
        owes(Config { stream_from: StreamFrom::Any, ..default() }),
        [&reads[..], &["unique-dots", "hint-conservation", "no-resurrection"]].concat()
    );
}

#[test]
fn a_limit_that_was_ever_set_voids_causality() {
    let mut story = quorum(1, 1, ReadRepair::Async);
    story.set(3, ConfigChange { clock_limit: Some(2), ..ConfigChange::default() });
    assert_eq!(owed(&story), ["unique-dots", "hint-conservation", "no-resurrection"]);
    assert!(story.judged_at(Claim::CausalSiblings, 2).owed);
}
