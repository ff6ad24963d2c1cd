//! The cards say what the run did.

use super::*;
use crate::testing::{Run, get, key as cart, ms, put, setup, walk};
use ringside_sim::Act;

fn run() -> Run {
    let walk = walk();
    let acts = vec![
        (0, Act::Crash(walk[2])),
        (1, put("w1", walk[0], "milk")),
        (600, get("r1", walk[1])),
        (1_500, Act::Crash(walk[0])),
        (1_501, Act::Restart(walk[0])),
        (1_502, put("w2", walk[0], "tea")),
    ];
    Run::of(setup(), acts)
}

#[test]
fn a_request_card_follows_the_request() {
    let (run, walk) = (run(), walk());
    let card = |at| {
        let position = run.recording.position_at(ms(at));
        run.at(position, |view| request(view, view.trace().op_named("w1").unwrap()))
    };
    let answers = |card: &RequestCard| card.rows.iter().map(|row| row.answer.clone()).collect::<Vec<_>>();
    assert_eq!(card(1).told, "under way");
    assert_eq!(answers(&card(1)), ["stored, coordinates", "awaited", "down"]);
    let ended = card(7);
    assert_eq!((ended.title.as_str(), ended.told.as_str()), ("put cart = milk", "ok after 6 ms"));
    assert_eq!(
        ended.rows[1],
        ReplicaRow {
            node: walk[1],
            rank: 2,
            answer: "ack".into(),
            after: Some("6 ms".into()),
            counted: true
        }
    );
    assert_eq!(answers(&card(500))[2], "no answer in time");
    assert_eq!(ended.context.as_deref(), Some("none"));
}

#[test]
fn a_get_shows_which_versions_it_met() {
    let run = run();
    let position = run.recording.position_at(ms(1_400));
    run.at(position, |view| {
        let card = request(view, view.trace().op_named("r1").unwrap());
        let name = view.name(walk()[0]);
        assert_eq!(card.returned, Some(format!("milk ({name}:1)")));
        let answers: Vec<&str> = card.rows.iter().map(|row| row.answer.as_str()).collect();
        assert_eq!(answers[..2], [format!("{name}:1"), format!("{name}:1, coordinates")]);
    });
}

#[test]
fn node_and_key_show_what_is_stored_and_a_restart_primes_the_names() {
    let (run, walk) = (run(), walk());
    run.at(run.end(), |view| {
        let card = node(view, walk[0]).unwrap();
        let name = view.name(walk[0]);
        assert_eq!(card.versions, format!("up to {name}′:1"));
        assert_eq!(card.stored, [(cart(), format!("tea ({name}′:1)"))]);
        let card = key(view, &cart());
        assert_eq!(card.rows.len(), 3);
        assert!(!card.rows[2].up && card.rows[2].versions.is_empty());
        assert_eq!(card.rows[0].versions[0].seen, [format!("{name}:1")]);
        assert_eq!(card.position.len(), 16);
        assert_eq!(node(view, NodeId(99)), None);
    });
}

#[test]
fn a_message_card_says_where_it_is() {
    let run = run();
    run.at(2, |view| {
        let told = message(view, MessageId(0)).unwrap();
        assert!(told.told.starts_with("under way, arrives at 5 ms"), "{told:?}");
        assert_eq!(message(view, MessageId(90)), None);
    });
    run.at(run.end(), |view| assert_eq!(message(view, MessageId(0)).unwrap().told, "arrived at 5 ms"));
}

#[test]
fn a_node_believes_of_the_others_what_their_heartbeats_say() {
    let mut gossiping = setup();
    gossiping.config.gossip = Some(Span::from_millis(100));
    let limit = Span::from_millis(500);
    gossiping.config.failure_detector = ringside_core::Detector::Timeout(limit);
    let (a, b) = (NodeId(0), NodeId(1));
    let run = Run::of(gossiping, vec![(1_000, Act::Crash(b)), (3_000, Act::Note)]);
    let rows = run.at(run.end(), |view| beliefs(view, a));
    let opinions: Vec<(&str, &str)> = rows.iter().map(|row| (row.name.as_str(), row.opinion)).collect();
    assert_eq!(opinions, [("A", "itself"), ("B", "down"), ("C", "up"), ("D", "up"), ("E", "up")]);
    let silence = |row: &BeliefRow| row.silence.clone();
    assert!(silence(&rows[1]).unwrap().ends_with(" of 500 ms"), "{rows:?}");
    assert_eq!((silence(&rows[0]), rows[0].phi.clone()), (None, None));
    assert!(rows[1].heartbeat.starts_with("B:"), "{rows:?}");
    assert_eq!(run.at(run.end(), |view| beliefs(view, b)), [], "who is down believes nothing");

    let silent = Run::of(setup(), vec![(1, Act::Note)]);
    assert_eq!(silent.at(silent.end(), |view| beliefs(view, a)), []);
}
