//! The gauge shows what the run did.

use super::*;
use crate::Size;
use crate::testing::{Run, get, ms, put, setup, walk};
use ringside_sim::Act;

/// The fills of the gauge's segments, in their order; none for an empty one; and whether it is thin.
fn fills(run: &Run, at: u64) -> Vec<(Option<Ink>, bool)> {
    run.at(run.recording.position_at(ms(at)), |view| {
        let layout = crate::ring::layout(view, Size { width: 760.0, height: 560.0 });
        let progress = Progress::of(view, view.op().unwrap()).unwrap();
        let mut marks = Vec::new();
        segments(view, &layout, view.op().unwrap(), &progress, Vec::new(), &mut marks);
        let outer = layout.gauge(progress.coordinator).outer;
        let mut fills: Vec<(Option<Ink>, bool)> = Vec::new();
        for mark in &marks {
            let Shape::Arc { outer: reach, .. } = mark.shape else { continue };
            let hue = mark.fill.filter(|ink| *ink != Ink::Ground);
            if reach < outer {
                // A late answer lies thin on its empty segment.
                *fills.last_mut().expect("its segment comes first") = (hue, true);
            } else {
                fills.push((hue, false));
            }
        }
        fills
    })
}

#[test]
fn segments_fill_as_answers_arrive_and_late_ones_are_thinner() {
    let walk = walk();
    let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk"))]);
    let hue = |at: usize| Some(Ink::Answer(walk[at]));
    assert_eq!(fills(&run, 1), [(hue(0), false), (None, false), (None, false)]);
    assert_eq!(fills(&run, 6), fills(&run, 1), "an ack under way fills nothing");
    assert_eq!(
        fills(&run, 7),
        [(hue(0), false), (hue(1), false), (hue(2), true)],
        "both acks come in one moment"
    );
    run.at(run.end(), |view| {
        let progress = Progress::of(view, view.op().unwrap()).unwrap();
        assert_eq!((progress.have(), progress.need, progress.finished), (2, 2, true));
        assert_eq!(progress.counted(), walk[..2]);
    });
}

#[test]
fn a_time_out_leaves_gaps_and_a_crash_of_the_coordinator_ends_it() {
    let walk = walk();
    let down = vec![(0, Act::Crash(walk[1])), (0, Act::Crash(walk[2])), (1, put("w1", walk[0], "milk"))];
    let run = Run::of(setup(), down);
    assert_eq!(fills(&run, 400), [(Some(Ink::Answer(walk[0])), false), (None, false), (None, false)]);
    run.at(run.end(), |view| {
        let progress = Progress::of(view, view.op().unwrap()).unwrap();
        assert_eq!(progress.slots[1].answer, Answered::Silent);
        assert_eq!(outcome(view, view.op().unwrap(), &progress), ("alice does not know".to_owned(), false));
    });
    let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk")), (2, Act::Crash(walk[0]))]);
    run.at(run.recording.position_at(ms(3)), |view| {
        assert!(Progress::of(view, view.op().unwrap()).unwrap().crashed);
    });
}

#[test]
fn the_middle_names_the_request_where_there_is_room() {
    let run = Run::of(setup(), vec![(1, put("w1", walk()[0], "milk"))]);
    for (size, named) in [(700.0, true), (330.0, false)] {
        run.at(run.end(), |view| {
            let layout = crate::ring::layout(view, Size { width: size, height: size });
            let mut marks = Vec::new();
            draw(view, &layout, view.op().unwrap(), &mut marks);
            let said = |told: &str| {
                marks.iter().any(|mark| matches!(&mark.shape, Shape::Text { text, .. } if text == told))
            };
            assert_eq!(said("put cart"), named, "{size}");
            assert!(said("2 of 2"), "{size}");
        });
    }
}

#[test]
fn a_get_knows_what_each_replica_answered() {
    let walk = walk();
    let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk")), (500, get("r1", walk[1]))]);
    run.at(run.end(), |view| {
        let progress = Progress::of(view, view.op().unwrap()).unwrap();
        let dots: Vec<String> =
            progress.slots.iter().map(|slot| text::dots(view, slot.versions.as_ref().unwrap())).collect();
        assert_eq!(dots, vec![[view.name(walk[0]), ":1"].concat(); 3]);
        assert_eq!(outcome(view, view.op().unwrap(), &progress).0, "bob has “milk”");
    });
}
