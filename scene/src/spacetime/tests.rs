//! What the diagram promises.

use super::*;
use crate::testing::{Run, get, ms, put, setup, walk};
use ringside_core::{Config, Quorum};
use ringside_sim::{Act, Setup};

const SIZE: Size = Size { width: 1_000.0, height: 180.0 };

#[test]
fn the_client_comes_first_then_the_coordinator_then_the_replicas_then_the_rest() {
    let walk = walk();
    let run = Run::of(setup(), vec![(1, put("w1", walk[1], "milk")), (30, get("r1", walk[2]))]);
    run.at(1, |view| {
        let chart = Chart::new(view, SIZE, window(view));
        let order = [walk[1], walk[0], walk[2]].map(Lane::Node);
        assert_eq!(chart.lanes[0], Lane::Client("alice".into()));
        assert_eq!(chart.lanes[1..4], order);
        assert_eq!(chart.lanes.len(), 6, "a client and five nodes");
        assert_eq!(chart.hidden, 0);
    });
}

#[test]
fn a_fallback_has_its_lane_before_those_that_take_no_part() {
    let walk = walk();
    let config = Config { quorum: Quorum::Sloppy, w: 3, ..Config::bare() };
    let acts = vec![(0, Act::Crash(walk[1])), (1, put("w1", walk[0], "milk"))];
    let run = Run::of(Setup { config, ..setup() }, acts);
    run.at(run.end(), |view| {
        let chart = Chart::new(view, Size { width: 1_000.0, height: 200.0 }, window(view));
        let lanes: Vec<NodeId> = chart
            .lanes
            .iter()
            .filter_map(|lane| if let Lane::Node(node) = lane { Some(*node) } else { None })
            .collect();
        assert_eq!(lanes[..4], walk[..4], "the coordinator, both other replicas, and who stands in");
    });
}

#[test]
fn the_window_holds_every_message_of_the_request() {
    let walk = walk();
    let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk"))]);
    run.at(2, |view| {
        let (from, to) = window(view);
        assert!(from <= ms(1) && to >= ms(7), "{from} to {to}");
        let chart = Chart::new(view, SIZE, (from, to));
        let lines = still(view, &chart).areas;
        let messages = lines.iter().filter(|area| matches!(area.thing, Thing::Message(_))).count();
        assert_eq!(messages, view.trace().messages.len());
        for area in &lines {
            for point in [area.from, area.to] {
                assert!(point.x >= 0.0 && point.x <= SIZE.width && point.y >= 0.0 && point.y <= SIZE.height);
            }
        }
    });
}

#[test]
fn without_a_request_a_long_run_is_shown_by_pages() {
    let gossip = Some(Span::from_millis(50));
    let config = Config { gossip, ..Config::bare() };
    let run = Run::of(Setup { config, ..setup() }, vec![(5_000, Act::Note)]);
    let mut pages = Vec::new();
    for position in 1..run.end() {
        run.at(position, |view| {
            let (from, to) = window(view);
            assert!(from <= view.now && view.now <= to, "{position}: {from} to {to}");
            let within = view.trace().events.iter().filter(|event| from < event.at && event.at < to).count();
            assert!(within as u64 <= PAGE, "{position}: {within} events from {from} to {to}");
            pages.push((from, to));
        });
    }
    pages.dedup();
    assert_eq!(pages.len() as u64, (run.end() - 1).div_ceil(PAGE), "it stands still between two turns");
    assert_eq!(pages.first().map(|page| page.0), Some(Time::ZERO));
    assert_eq!(pages.last().map(|page| page.1), Some(run.recording.ended()));
}

#[test]
fn nodes_without_room_are_counted() {
    let names = (0..40).map(ringside_sim::names::node_name).collect();
    let walk = walk();
    let run = Run::of(Setup { names, ..setup() }, vec![(1, put("w1", walk[0], "milk"))]);
    run.at(1, |view| {
        let chart = Chart::new(view, SIZE, window(view));
        assert_eq!(chart.lanes.len() + chart.hidden as usize, 41);
        assert!(chart.hidden > 0 && chart.step >= LEAST_STEP);
    });
}

#[test]
fn clients_without_a_lane_are_counted() {
    let walk = walk();
    let of = |client: &str, number: usize| {
        let Act::Operation(mut operation) = put(&["w", &number.to_string()].concat(), walk[0], "milk") else {
            unreachable!("a put is an operation")
        };
        client.clone_into(&mut operation.client);
        (1, Act::Operation(operation))
    };
    let names = ["alice", "bob", "carol", "dave", "erin", "frank", "alice"];
    let run = Run::of(setup(), names.into_iter().zip(1..).map(|(client, at)| of(client, at)).collect());
    run.at(run.end(), |view| {
        let chart = Chart::new(view, Size { width: 1_000.0, height: 400.0 }, window(view));
        let lanes = chart.lanes.iter().filter(|lane| matches!(lane, Lane::Client(_))).count();
        assert_eq!((lanes, chart.clients), (4, 2));
        let told = |mark: &Mark| matches!(&mark.shape, crate::mark::Shape::Text { text, .. } if text == "+ 2 clients");
        assert!(still(view, &chart).marks.iter().any(told));
    });
}

#[test]
fn ticks_that_would_round_to_the_same_say_all_their_digits() {
    let told = [8_000_000, 8_000_500, 8_001_000, 500_000].map(|micros| exactly(Time::from_micros(micros)));
    assert_eq!(told, ["8 s", "8.0005 s", "8.001 s", "0.5 s"]);
}
