//! The timeline: how busy each stretch of the run is, and what is worth jumping to.

use crate::mark::{Ink, Mark, Point};
use crate::scale::Scale;
use crate::{View, narrate};
use ringside_core::Time;
use ringside_core::order::by_number;
use ringside_sim::{Act, OpOutcome, What};

/// Something worth jumping to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// When.
    pub at: Time,
    /// The position that shows it.
    pub position: u64,
    /// What it is.
    pub kind: MarkerKind,
    /// A sentence about it.
    pub told: String,
}

/// What a marker marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// A request begins.
    Request,
    /// A fault, or its end: a crash, a partition, a hold, …
    Fault,
    /// A step with words of its own.
    Says,
    /// A request failed.
    Failed,
    /// Playing pauses here: a stop of the lesson.
    Stop,
}

/// How many events fall into each of `pixels` equal stretches of the scale's window.
#[must_use]
pub fn density(view: &View<'_>, scale: &Scale, pixels: usize) -> Vec<u32> {
    let mut counts = vec![0; pixels];
    let whole = scale.to.since(scale.from).as_micros().max(1);
    for event in &view.trace().events {
        if scale.meets(event.at, event.at) {
            let past = u128::from(event.at.since(scale.from).as_micros());
            let at = (past * pixels as u128 / u128::from(whole)) as usize;
            if let Some(count) = counts.get_mut(at.min(pixels.saturating_sub(1))) {
                *count += 1;
            }
        }
    }
    counts
}

/// What is worth jumping to, in the order of time. All of the run that is known, also beyond the position.
#[must_use]
pub fn markers(view: &View<'_>) -> Vec<Marker> {
    let steps = &view.recording.scenario().steps;
    let mut markers = Vec::new();
    for (position, event) in view.trace().acts() {
        let What::Act { step, act, .. } = &event.what else { continue };
        let says = step.and_then(|step| steps.get(step as usize)?.say.as_deref());
        let kind = match (says, act) {
            (Some(_), _) => MarkerKind::Says,
            (None, Act::Operation(_)) => MarkerKind::Request,
            (None, Act::Note) => continue,
            (None, _) => MarkerKind::Fault,
        };
        let told = says.map_or_else(|| narrate::line(view, position), str::to_owned);
        markers.push(Marker { at: event.at, position, kind, told });
    }
    for op in &view.trace().ops {
        if let Some(end) = op.end.as_ref().filter(|end| end.outcome == OpOutcome::Failed) {
            let told = narrate::line(view, end.position);
            markers.push(Marker { at: end.at, position: end.position, kind: MarkerKind::Failed, told });
        }
    }
    if let Some(lesson) = &view.recording.scenario().lesson {
        for (stop, spot) in lesson.stops.iter().zip(lesson.spots(view.recording)) {
            let Some(spot) = spot else { continue };
            let told = stop.name.clone();
            markers.push(Marker { at: spot.at, position: spot.position, kind: MarkerKind::Stop, told });
        }
    }
    by_number(&mut markers, |marker| marker.position);
    markers
}

/// The density as upright lines on a base at `base`, at most `height` pixels high, and the markers above them.
#[must_use]
pub fn marks(view: &View<'_>, scale: &Scale, base: f64, height: f64) -> Vec<Mark> {
    let mut marks = Vec::new();
    let pixels = (scale.right - scale.left).max(1.0) as usize;
    let counts = density(view, scale, pixels / 2);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let x = scale.left + at as f64 * 2.0 + 1.0;
        let tall = height * (0.3 + 0.7 * libm::sqrt(f64::from(*count) / f64::from(most)));
        let line = Mark::line(Point::new(x, base), Point::new(x, base - tall));
        marks.push(line.line_of(Ink::Muted, 1.0).faded(0.6));
    }
    for marker in markers(view) {
        let at = Point::new(scale.x(marker.at), base - height - 4.0);
        if !scale.meets(marker.at, marker.at) {
            continue;
        }
        marks.push(match marker.kind {
            MarkerKind::Request => continue,
            MarkerKind::Says => Mark::circle(at, 2.6).fill(Ink::Text),
            MarkerKind::Failed => Mark::circle(at, 2.6).fill(Ink::Alarm),
            MarkerKind::Stop => Mark::circle(at, 3.4).fill(Ink::Ground).line_of(Ink::Text, 1.3),
            MarkerKind::Fault => {
                let corners =
                    [at.moved(0.0, -3.4), at.moved(3.4, 0.0), at.moved(0.0, 3.4), at.moved(-3.4, 0.0)];
                Mark::polygon(&corners).fill(Ink::Ground).line_of(Ink::Text, 1.3)
            }
        });
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, ms, put, setup, walk};
    use ringside_sim::{Recording, Scenario};

    #[test]
    fn every_event_is_counted_once_and_faults_are_marked() {
        let walk = walk();
        let acts =
            vec![(1, put("w1", walk[0], "milk")), (20, Act::Crash(walk[0])), (30, put("w2", walk[0], "tea"))];
        let run = Run::of(setup(), acts);
        run.at(run.end(), |view| {
            let scale = Scale::new(Time::ZERO, view.recording.ended(), 0.0, 100.0);
            assert_eq!(u64::from(density(view, &scale, 100).iter().sum::<u32>()), run.end());
            let kinds: Vec<MarkerKind> = markers(view).iter().map(|marker| marker.kind).collect();
            assert_eq!(kinds[..3], [MarkerKind::Request, MarkerKind::Fault, MarkerKind::Request]);
            assert_eq!(markers(view)[1].at, ms(20));
            assert!(markers(view)[1].told.ends_with("crashes."));
        });
    }

    #[test]
    fn stops_of_a_lesson_are_marked_where_they_stand() {
        let file = ringside_sim::scenario::builtin("stale-read").expect("it is built in");
        let mut recording = Recording::new(Scenario::parse(file).expect("it is right"));
        recording.run_to_end();
        let view = View {
            recording: &recording,
            snapshot: &recording.snapshot(0),
            position: 0,
            now: Time::ZERO,
            selection: &crate::Selection::default(),
        };
        let stops: Vec<Marker> =
            markers(&view).into_iter().filter(|marker| marker.kind == MarkerKind::Stop).collect();
        assert_eq!(stops.len(), recording.scenario().lesson.as_ref().map_or(0, |lesson| lesson.stops.len()));
        assert_eq!((stops[1].at, stops[1].told.as_str()), (ms(23), "Bob asks"));
        assert_eq!(stops[1].position, recording.position_at(ms(23)));
    }
}
