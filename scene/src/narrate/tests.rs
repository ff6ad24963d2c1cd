//! Every kind of event is told, in whole sentences.

use super::*;
use crate::testing::{Run, any, delete, get, ms, put, setup, walk};
use ringside_core::{Config, Kind, Note, Quorum, ReadRepair, Span};
use ringside_sim::{ConfigChange, LinkChange, Matcher, Setup};
use std::collections::BTreeSet;

/// Runs in which everything happens that can happen.
fn runs() -> Vec<Run> {
    let [a, b, c, far, other] = walk()[..] else { panic!("five nodes") };
    let all = Matcher::default();
    let change = LinkChange { from: a, to: b, delay: None, loss: None, cut: Some(true) };
    let set = ConfigChange { r: Some(1), timeout: Some(Span::from_millis(50)), ..ConfigChange::default() };
    let faults = vec![
        (1, put("w1", a, "milk")),
        (30, Act::Hold(any(Kind::Write))),
        (31, put("w2", far, "tea")),
        (60, Act::Release(any(Kind::Write))),
        (90, Act::Drop { matcher: any(Kind::Write), count: 2 }),
        (91, put("w3", a, "eggs")),
        (400, get("r1", b)),
        (430, delete("d1", c)),
        (450, Act::Link(change)),
        (460, Act::Partition(vec![vec![a, b], vec![c]])),
        (470, put("w4", a, "rye")),
        (480, Act::Heal),
        (900, Act::Crash(b)),
        (901, put("w5", b, "oat")),
        (1_000, put("w6", a, "fig")),
        (1_002, Act::Crash(a)),
        (1_003, get("r2", c)),
        (3_000, Act::Restart(a)),
        (3_001, Act::Restart(b)),
        (3_100, Act::Set(set)),
        (3_200, get("r3", other)),
        (3_400, Act::Hold(all)),
        (3_401, put("w7", c, "nut")),
        (3_900, Act::Release(all)),
        (4_000, Act::Note),
    ];
    let small = Config { n: 1, r: 1, w: 1, ..Config::bare() };
    let blocking = Config { r: 1, w: 1, read_repair: ReadRepair::Blocking, ..Config::bare() };
    let repair = vec![
        (1, Act::Drop { matcher: any(Kind::Write), count: 2 }),
        (2, put("w1", a, "milk")),
        (500, get("r1", a)),
        (900, Act::Drop { matcher: any(Kind::Repair), count: 2 }),
    ];
    let often = Some(Span::from_millis(400));
    let compares = Config { read_repair: ReadRepair::Off, w: 1, anti_entropy: often, ..Config::bare() };
    let compared = vec![
        (1, Act::Drop { matcher: any(Kind::Write), count: 4 }),
        (2, put("w1", a, "milk")),
        (3, put("w2", b, "eggs")),
        (4, Act::Drop { matcher: any(Kind::Merkle), count: 1 }),
        (5, Act::Repair(a)),
        (1_500, Act::Set(ConfigChange { anti_entropy: Some(None), ..ConfigChange::default() })),
    ];
    vec![
        Run::of(setup(), faults),
        slow_wrong_and_doubled(),
        Run::of(Setup { config: small, ..setup() }, vec![(1, put("w1", a, "milk")), (2, get("r1", b))]),
        Run::of(Setup { config: blocking, ..setup() }, repair),
        Run::of(Setup { config: compares, ..setup() }, compared),
        forgetting(),
    ]
}

/// What happens to nodes, disks, clocks and single messages.
fn slow_wrong_and_doubled() -> Run {
    let [a, b, c, far, _] = walk()[..] else { panic!("five nodes") };
    let all = Matcher::default();
    let reads = ringside_sim::Ratio { numerator: 1, denominator: 2 };
    let lasts = Span::from_millis(50);
    let load = ringside_sim::Workload { clients: 2, rate: 100, keys: 3, zipf: Some(990), reads, lasts };
    let broken = vec![
        (1, Act::Pause(b)),
        (2, put("w1", a, "milk")),
        (3, get("r1", b)),
        (100, Act::Resume(b)),
        (200, Act::Resume(b)),
        (210, Act::Slow { node: c, factor: 3 }),
        (220, Act::Slow { node: c, factor: 1 }),
        (230, Act::Skew { node: a, by: -20_000 }),
        (231, Act::Skew { node: a, by: 20_000 }),
        (232, Act::Drift { node: a, millionths: 100 }),
        (233, Act::Drift { node: a, millionths: -100 }),
        (234, Act::Drift { node: a, millionths: 0 }),
        (235, Act::Replay { matcher: any(Kind::Repair), count: 1 }),
        (240, Act::Replay { matcher: any(Kind::Write), count: 1 }),
        (250, Act::Replay { matcher: any(Kind::Write), count: 2 }),
        (260, Act::Duplicate { matcher: all, count: 2 }),
        (259, Act::ToMessage { message: ringside_sim::MessageId(0), deed: ringside_sim::Deed::Drop }),
        (261, Act::Drop { matcher: Matcher { to: Some(c), ..any(Kind::Write) }, count: 2 }),
        (262, Act::Corrupt { matcher: any(Kind::WriteAck), count: 1 }),
        (270, put("w2", far, "tea")),
        (300, Act::Workload(load)),
        (900, Act::RestartOld(b)),
        (901, Act::Wipe(c)),
        (902, Act::Crash(c)),
    ];
    let lazy = Setup { sync: Some(Span::from_secs(10)), ..setup() };
    Run::of(lazy, broken)
}

/// Deleted keys that are forgotten, once somebody no longer refuses.
fn forgetting() -> Run {
    let [a, b, c, ..] = walk()[..] else { panic!("five nodes") };
    let tombstones = ringside_core::Tombstones::AllReplicas;
    let config = Config { r: 1, w: 1, read_repair: ReadRepair::Off, tombstones, ..Config::bare() };
    let to = Matcher { kind: Some(Kind::Write), from: None, to: Some(c) };
    let grace = Some(ringside_core::Tombstones::Grace(Span::from_millis(100)));
    let acts = vec![
        (1, put("w1", a, "milk")),
        (10, Act::Drop { matcher: to, count: 1 }),
        (20, delete("d1", a)),
        (1_000, Act::Repair(a)),
        (1_001, Act::Drop { matcher: any(Kind::Collect), count: 1 }),
        (6_000, put("w2", a, "tea")),
        (6_010, delete("d2", b)),
        (6_100, Act::Set(ConfigChange { tombstones: grace, ..ConfigChange::default() })),
        (7_000, Act::Note),
    ];
    Run::of(Setup { config, ..setup() }, acts)
}

fn kind_of(event: &Event) -> String {
    let debug = format!("{:?}", event.what);
    let name: String = debug.chars().take_while(char::is_ascii_alphabetic).collect();
    if name == "Act" {
        debug.split("act: ").nth(1).unwrap_or("").chars().take_while(char::is_ascii_alphabetic).collect()
    } else {
        name
    }
}

#[test]
fn every_event_is_told_in_whole_sentences() {
    let (mut kinds, mut notes) = (BTreeSet::new(), BTreeSet::new());
    for run in runs() {
        for position in 0..=run.end() {
            let told = run.at(position, sentence);
            for text in [&told.lead, &told.rest] {
                let ends = text.is_empty() || text.ends_with(['.', '”', '!']);
                assert!(ends, "{text:?} at {position} is no whole sentence");
                for wrong in ["  ", " .", "..", " ,", "nothing (", "1 acks", "1 answers", "strong"] {
                    assert!(!text.contains(wrong), "{wrong:?} in {text:?}");
                }
            }
            assert!(!told.lead.is_empty() && told.lead.ends_with('.'), "{told:?}");
            if let Some(event) = run.at(position, |view| latest(view).cloned()) {
                kinds.insert(kind_of(&event));
                notes.extend(event.notes.iter().map(|note: &Note| {
                    format!("{note:?}").chars().take_while(char::is_ascii_alphabetic).collect::<String>()
                }));
            }
        }
    }
    for kind in [
        "Operation",
        "Crash",
        "Restart",
        "Partition",
        "Link",
        "Heal",
        "Hold",
        "Release",
        "Drop",
        "Set",
        "Repair",
        "Note",
    ] {
        assert!(kinds.contains(kind), "the runs show {kind}: {kinds:?}");
    }
    for kind in ["Delivered", "Lost", "Woke", "GaveUp"] {
        assert!(kinds.contains(kind), "the runs show {kind}: {kinds:?}");
    }
    for note in [
        "Coordinates",
        "Forwards",
        "Minted",
        "Stored",
        "Counted",
        "Answered",
        "CountedLate",
        "Repairs",
        "Repaired",
        "Finished",
        "ExchangeBegins",
        "HashesCompared",
        "KeysCompared",
        "KeysSent",
        "Synchronised",
        "ExchangeEnded",
        "CollectionBegins",
        "CollectionRefused",
        "Collected",
        "Ignored",
    ] {
        assert!(notes.contains(note), "the runs show {note}: {notes:?}");
    }
}

#[test]
fn a_put_is_told_from_its_beginning_to_its_end() {
    let [a, b, c, ..] = walk()[..] else { panic!("five nodes") };
    let run = Run::of(setup(), vec![(1, put("w1", a, "milk"))]);
    let leads: Vec<String> = (0..=run.end()).map(|position| run.at(position, sentence).whole()).collect();
    let name = |node| run.recording.setup().name(node);
    let (a, b, c) = (name(a), name(b), name(c));
    let expected = [
        "5 nodes are up. Every key has 3 replicas, and nothing has happened yet.".to_owned(),
        format!(
            "Alice asks {a} to put cart = milk. {a} coordinates: the replicas of cart are {a}, {b} and {c}. It \
             stores the write as {a}:1, which is the first of 2 acks it needs, and sends it to {b} and {c}."
        ),
        format!(
            "{b} stores cart = milk ({a}:1). It merges what {a} sent into what it had, and sends an ack."
        ),
        format!(
            "{c} stores cart = milk ({a}:1). It merges what {a} sent into what it had, and sends an ack."
        ),
        format!("Alice hears “ok”. The ack from {b} is number 2 of 2."),
        format!(
            "{c}’s ack reaches {a}. Alice already has the answer; this late one only shows who holds what. All 3 \
             replicas of cart have the write."
        ),
    ];
    assert_eq!(leads, expected);
}

#[test]
fn a_hint_is_not_told_to_be_a_copy_of_the_replica() {
    let walk = walk();
    let config = Config { quorum: Quorum::Sloppy, hinted_handoff: true, w: 3, ..Config::bare() };
    let run =
        Run::of(Setup { config, ..setup() }, vec![(0, Act::Crash(walk[1])), (1, put("w1", walk[0], "milk"))]);
    let told: Vec<String> = (0..=run.end()).map(|position| run.at(position, sentence).whole()).collect();
    let names = [0, 1, 2, 3].map(|at| run.recording.setup().name(walk[at]));
    let last = format!(
        "That was the last answer: {} and {} hold it, and {} keeps a hint for {}.",
        names[0], names[2], names[3], names[1]
    );
    assert!(told.iter().any(|told| told.ends_with(&last)), "{told:#?}");
    assert!(!told.iter().any(|told| told.contains("have the write")), "{told:#?}");
}

#[test]
fn what_is_of_another_request_than_the_one_that_is_drawn_is_named() {
    let walk = walk();
    let acts = vec![(1, put("w1", walk[0], "milk")), (3, get("r1", walk[1]))];
    let run = Run::of(setup(), acts);
    let told = |position| run.at(position, |view| sentence(view).whole());
    let all: Vec<String> = (0..=run.end()).map(told).collect();
    assert!(all.iter().any(|told| told.ends_with("That was w1; the ring shows r1.")), "{all:?}");
    let begun = run.recording.trace().op_named("r1").expect("it is asked").start_at;
    let before = &all[..usize::try_from(begun).expect("few")];
    assert!(before.iter().all(|told| !told.contains("the ring shows")), "{before:?}");
}

#[test]
fn lists_name_what_the_drawing_shows() {
    let [a, b, ..] = walk()[..] else { panic!("five nodes") };
    let run = Run::of(setup(), vec![(1, put("w1", a, "milk")), (20, Act::Crash(b))]);
    run.between(1, ms(2), |view| {
        let (sentences, all) = under_way(view, 1);
        assert_eq!((sentences.len(), all), (1, 2));
        assert!(sentences[0].1.ends_with("arrives in 3 ms."), "{sentences:?}");
        assert_eq!(requests(view).len(), 1);
    });
    run.at(run.end(), |view| {
        let told: Vec<String> = nodes(view).into_iter().map(|(_, told)| told).collect();
        let name = view.name(b);
        assert!(told.contains(&format!("{name} is down and holds 1 key.")), "{told:?}");
        assert!(requests(view)[0].ends_with("ok after 6 ms."), "{:?}", requests(view));
    });
}

#[test]
fn with_blocking_repair_nobody_is_said_to_have_an_answer_before_it_comes() {
    for run in runs() {
        for position in 0..=run.end() {
            run.at(position, |view| {
                let told = sentence(view).whole();
                for op in view.begun().iter().filter(|op| op.end_by(position).is_none()) {
                    let others = view.begun().iter().filter(|other| other.client == op.client).count();
                    let early = [op.client.as_str(), " already has"].concat();
                    assert!(others > 1 || !told.contains(&early), "{told}");
                }
            });
        }
    }
}

#[test]
fn gossip_and_opinions_are_told() {
    let mut gossiping = setup();
    gossiping.config.gossip = Some(Span::from_millis(100));
    gossiping.config.failure_detector = ringside_core::Detector::Phi { thousandths: 2_000 };
    let acts = vec![(1_000, Act::Crash(NodeId(1))), (3_000, Act::Restart(NodeId(1))), (5_000, Act::Note)];
    let run = Run::of(gossiping, acts);
    let told: Vec<String> =
        (1..=run.end()).map(|position| run.at(position, |view| sentence(view).whole())).collect();
    for part in [
        " gossips with ",
        " sees how much ",
        " learns newer heartbeats of ",
        "One round in ten also asks a node that is believed down",
        "A believes B down. Nothing new was heard for ",
        ": so long a silence has phi 2, the limit. This is its own opinion: it tells nobody.",
        "A hears of a newer start and believes B up again.",
    ] {
        assert!(told.iter().any(|sentence| sentence.contains(part)), "{part}");
    }
}

#[test]
fn an_exchange_is_told_level_by_level() {
    let [a, b, ..] = walk()[..] else { panic!("five nodes") };
    let config = Config { r: 1, w: 1, read_repair: ReadRepair::Off, ..Config::bare() };
    let acts = vec![
        (1, Act::Drop { matcher: any(Kind::Write), count: 2 }),
        (2, put("w1", a, "milk")),
        (300, Act::Link(LinkChange { from: a, to: walk()[2], delay: None, loss: None, cut: Some(true) })),
        (400, Act::Crash(walk()[2])),
        (500, Act::Repair(a)),
    ];
    let run = Run::of(Setup { config, ..setup() }, acts);
    let told: Vec<String> = (0..=run.end()).map(|position| run.at(position, sentence).whole()).collect();
    let name = |node| run.recording.setup().name(node);
    let (a, b) = (name(a), name(b));
    let expected = [
        format!(
            "{a} is told to compare what it holds with its peers. It sends each of them the root of the hash tree over the keys that the two share."
        ),
        format!(
            "The roots of {a} and {b} differ. {b} answers with the hashes one level below. An operator has asked for it."
        ),
        format!(
            "{a} finds 1 branch of 16 different, at level 1. All below the others is alike and need not be looked at. It answers with the hashes below."
        ),
        format!(
            "{b} finds 1 bucket of 16 different, at level 4. All below the others is alike and need not be looked at. It answers with the keys in them, and their versions by hash."
        ),
        format!("1 key differs between {b} and {a}. It sends what it holds of cart."),
        format!("{b} merges what {a} holds of cart into what it had. That ends the comparison."),
    ];
    for sentence in expected {
        assert!(told.contains(&sentence), "{sentence}\n{told:#?}");
    }
}

#[test]
fn a_collection_is_told_from_the_question_to_the_end() {
    let run = forgetting();
    let told: Vec<String> = (0..=run.end()).map(|position| run.at(position, sentence).whole()).collect();
    for part in [
        " asks all members whether the tombstone of cart may go. It may once every owner has exactly this one",
        " does not let the tombstone of cart go. It has something else for the key, a hint, or a request under way.",
        " does not let the tombstone of cart go. D keeps it, and will ask again later.",
        " lets the tombstone of cart go, for its part, and says so to D.",
        "D forgets cart, and that it was deleted. All members have agreed. It tells the other owners to do the same.",
        " forgets cart, and that it was deleted. All owners had confirmed that they have it.",
        " has heard that the tombstone of cart may go.",
        " forgets cart, and that it was deleted. The time for that has come, by its own clock.",
    ] {
        assert!(told.iter().any(|sentence| sentence.contains(part)), "{part}\n{told:#?}");
    }
}
