//! A dot is where the run says, at every moment.

use super::*;
use crate::Size;
use crate::testing::{Run, any, ms, put, setup, walk};
use ringside_sim::{Act, Setup};

fn micros(micros: u64) -> Time {
    Time::from_micros(micros)
}

#[test]
fn a_message_is_at_its_ends_exactly_when_it_leaves_and_when_it_arrives() {
    let walk = walk();
    let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk"))]);
    let stand = |now| run.between(1, now, |view| under_way(view)[0].1);
    assert_eq!(stand(ms(1)), Stand::Moving(0.0));
    assert_eq!(stand(ms(3)), Stand::Moving(0.5));
    assert_eq!(stand(micros(4_999)), Stand::Moving(3_999.0 / 4_000.0));
    assert_eq!(stand(ms(5)), Stand::Moving(1.0));
    run.at(1, |view| {
        let layout = crate::ring::layout(view, Size { width: 760.0, height: 560.0 });
        let course = Course::new(&layout, walk[0], walk[1], Some(walk[0]));
        assert_eq!((course.at(0.0), course.at(1.0)), (course.from, course.to));
        let gauge = layout.gauge(walk[0]);
        assert!(course.from.distance(gauge.centre) >= gauge.outer, "it leaves outside of the gauge");
        assert!((course.to.distance(layout.node(walk[1])) - layout.disc - 2.0).abs() < 1e-9);
    });
    run.at(0, |view| assert!(under_way(view).is_empty(), "nothing is sent yet"));
    run.at(run.end(), |view| assert!(under_way(view).is_empty(), "everything has arrived"));
}

#[test]
fn held_and_lost_messages_stay_where_they_are() {
    let walk = walk();
    let hold = Run::of(setup(), vec![(0, Act::Hold(any(Kind::Write))), (1, put("w1", walk[0], "milk"))]);
    hold.between(2, ms(30), |view| assert!(under_way(view).iter().all(|(_, stand)| *stand == Stand::Held)));
    let lost = Run::of(setup(), vec![(1, put("w1", walk[0], "milk")), (2, Act::Crash(walk[1]))]);
    let position = lost.recording.position_at(ms(5));
    let fading = |now| lost.between(position, now, |view| under_way(view)[0].1);
    let Stand::Lost(place, left) = fading(ms(5)) else { panic!("its receiver is down") };
    assert!((place - 0.9).abs() < 1e-9 && (left - 1.0).abs() < 1e-9);
    let Stand::Lost(_, later) = fading(ms(6)) else { panic!("it fades") };
    assert!(later < left);
}

#[test]
fn there_and_back_are_two_lines_and_both_keep_clear_of_the_words() {
    for nodes in 2..=24 {
        let layout = Layout::new(Size { width: 760.0, height: 560.0 }, nodes);
        for other in 1..nodes {
            let (forth, back) = (NodeId(0), NodeId(other));
            let (forth, back) =
                (Course::new(&layout, forth, back, None), Course::new(&layout, back, forth, None));
            assert!(forth.at(0.5).distance(back.at(0.5)) > 9.0, "{nodes} nodes, to {other}");
            for course in [forth, back] {
                let nearest = (0..=20).map(|at| course.at(f64::from(at) / 20.0).distance(layout.centre));
                let nearest = nearest.fold(f64::INFINITY, f64::min);
                assert!(nearest > layout.orbit * 0.3, "{nodes} nodes, to {other}: {nearest}");
            }
        }
    }
}

#[test]
fn a_crowd_is_bundled_and_counted() {
    let names = (0..60).map(ringside_sim::names::node_name).collect();
    let setup = Setup { names, ..setup() };
    let via = setup.ring().preference(&crate::testing::key(), 1)[0];
    let acts = (0..150).map(|at| (1, put(&format!("w{at}"), via, "x"))).collect();
    let run = Run::of(setup, acts);
    run.between(150, micros(1_500), |view| {
        let layer =
            crate::ring::moving(view, &crate::ring::layout(view, Size { width: 760.0, height: 560.0 }));
        let words: Vec<&str> = layer
            .marks
            .iter()
            .filter_map(
                |mark| if let Shape::Text { text, .. } = &mark.shape { Some(text.as_str()) } else { None },
            )
            .collect();
        assert!(words.contains(&"300 messages under way,"), "{words:?}");
        assert!(layer.marks.len() < 60, "{} marks", layer.marks.len());
    });
}

/// What [`under_way`] finds in a picture is what going through all messages finds.
#[test]
fn nothing_under_way_is_overlooked() {
    for name in ["stale-read", "hinted-handoff", "unknown", "both-sides-say-ok", "adding-nodes"] {
        let scenario = ringside_sim::scenario::builtin(name).unwrap();
        let mut recording = ringside_sim::Recording::new(ringside_sim::Scenario::parse(scenario).unwrap());
        recording.run(400);
        let run = Run { recording, selection: crate::Selection::default() };
        for position in 0..=run.end() {
            run.at(position, |view| {
                let all = (0..).map(MessageId).zip(&view.trace().messages);
                let slow = all.map(|(id, message)| (id, Stand::of(view, message)));
                let slow: Vec<_> = slow.filter(|(_, stand)| *stand != Stand::Absent).collect();
                assert_eq!(under_way(view), slow, "{name} at {position}");
            });
        }
    }
}
