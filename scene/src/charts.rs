//! How long requests take and how fresh gets are: measured over the run so far, beside what the WARS model predicts.

use crate::mark::{Anchor, Ink, Lettering, Mark, Point, Stroke};
use crate::scale::Scale;
use crate::{Size, View};
use ringside_core::order::by_number;
use ringside_core::{Span, Time};
use ringside_sim::{Op, OpOutcome};

/// The percentiles that are told, in thousandths.
pub const PERCENTILES: [u32; 4] = [500, 900, 990, 999];
/// Gets are told apart by how long after the last put of their key had been acknowledged they began: up to each of
/// these, in µs.
pub const SINCE: [u64; 4] = [1_000, 10_000, 100_000, u64::MAX];
/// Of so many writes of a key before a get the last one is looked for that had been acknowledged.
const LOOKED_AT: usize = 64;

/// What a run has shown by a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// How long each put and delete took that succeeded, in µs, ascending.
    pub puts: Vec<u64>,
    /// How long each get took that succeeded, in µs, ascending.
    pub gets: Vec<u64>,
    /// For each get with an acknowledged put before it: how long before, in µs, and whether the get knew of that put.
    pub gaps: Vec<(u64, bool)>,
}

/// What the model says: each list ascending, in µs, at even steps of probability from 0 to 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    /// How long a put takes.
    pub puts: Vec<f64>,
    /// How long a get takes.
    pub gets: Vec<f64>,
    /// After how long a get is fresh.
    pub waits: Vec<f64>,
}

/// Gets that began about as long after a put.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fresh {
    /// How many.
    pub gets: usize,
    /// How many of them knew of the put.
    pub fresh: usize,
    /// The part that the model says, 0 to 1; none where nothing is predicted.
    pub predicted: Option<f64>,
}

impl Measured {
    /// Measures the requests that had ended at the view's position.
    #[must_use]
    pub fn of(view: &View<'_>) -> Self {
        let mut measured = Self::default();
        let ended = |op: &&Op| op.end_by(view.position).is_some_and(|end| end.outcome == OpOutcome::Ok);
        let begun = view.begun();
        for (at, op) in begun.iter().enumerate().filter(|(_, op)| ended(op)) {
            let Some(end) = &op.end else { continue };
            let took = end.at.since(op.start).as_micros();
            if op.kind.is_write() {
                measured.puts.push(took);
                continue;
            }
            measured.gets.push(took);
            let acknowledged =
                |write: &&Op| write.end_by(op.start_at).is_some_and(|end| end.outcome == OpOutcome::Ok);
            let writes =
                begun[..at].iter().rev().filter(|write| write.kind.is_write() && write.key == op.key);
            let last = writes.take(LOOKED_AT).filter(acknowledged);
            let last = last.max_by_key(|write| write.end.as_ref().map(|end| end.position));
            if let Some(((write, (dot, _)), returned)) =
                last.and_then(|write| Some((write, write.dot?))).zip(end.returned.as_ref())
                && let Some(before) = &write.end
            {
                measured.gaps.push((op.start.since(before.at).as_micros(), returned.clock().covers(dot)));
            }
        }
        by_number(&mut measured.puts, |took| *took);
        by_number(&mut measured.gets, |took| *took);
        measured
    }

    /// How fresh gets are that began up to [`SINCE`] after a put, but later than the one before.
    #[must_use]
    pub fn fresh(&self, predicted: Option<&Predicted>) -> [Fresh; SINCE.len()] {
        let mut from = 0;
        SINCE.map(|to| {
            let within: Vec<(u64, bool)> =
                self.gaps.iter().filter(|(gap, _)| (from..to).contains(gap)).copied().collect();
            from = to;
            let told = predicted.filter(|_| !within.is_empty()).map(|predicted| {
                let each = within.iter().map(|(gap, _)| predicted.fresh_after(*gap)).sum::<f64>();
                each / within.len() as f64
            });
            Fresh {
                gets: within.len(),
                fresh: within.iter().filter(|(_, fresh)| *fresh).count(),
                predicted: told,
            }
        })
    }
}

impl Predicted {
    /// Reads what the judges send: three lists of equal length, one after another.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Self {
        let mut lists = numbers.chunks((numbers.len() / 3).max(1)).map(<[f64]>::to_vec);
        let mut next = || lists.next().unwrap_or_default();
        Self { puts: next(), gets: next(), waits: next() }
    }

    /// How likely a get is fresh that begins so many µs after a put was acknowledged, 0 to 1.
    #[must_use]
    pub fn fresh_after(&self, micros: u64) -> f64 {
        let within = self.waits.partition_point(|wait| *wait <= micros as f64);
        within as f64 / self.waits.len().max(1) as f64
    }
}

/// The value of which so many thousandths are not above it, by nearest rank; none without any.
#[must_use]
pub fn percentile(sorted: &[u64], thousandths: u32) -> Option<Span> {
    let rank = (sorted.len() * thousandths as usize).div_ceil(1_000).max(1);
    sorted.get(rank - 1).map(|micros| Span::from_micros(*micros))
}

/// The same of a list at even steps of probability.
#[must_use]
pub fn predicted_percentile(steps: &[f64], thousandths: u32) -> Option<Span> {
    let last = steps.len().checked_sub(1)?;
    let at = (last * thousandths as usize).div_ceil(1_000);
    steps.get(at).filter(|micros| micros.is_finite()).map(|micros| Span::from_micros(*micros as u64))
}

/// How much of the requests had been answered after how long: a whole line as measured, a dashed one as predicted.
#[must_use]
pub fn latencies(title: &str, measured: &[u64], predicted: &[f64], size: Size) -> Vec<Mark> {
    let mut marks = Vec::new();
    let (top, bottom) = (22.0, size.height - 22.0);
    let longest = percentile(measured, 995).map_or(0, Span::as_micros);
    let longest = longest.max(predicted_percentile(predicted, 995).map_or(0, Span::as_micros)).max(1_000);
    let scale = Scale::new(Time::ZERO, Time::from_micros(longest + longest / 10), 44.0, size.width - 20.0);
    let small = Lettering::plain(12.0);
    let title_at = Point::new(scale.left, 9.0);
    marks.push(Mark::text(title_at, title, small.bold().anchor(Anchor::Start), Ink::Text));
    let y = |part: f64| bottom + (top - bottom) * part;
    for (part, told) in [(0.0, "0 %"), (0.5, "50 %"), (0.9, "90 %"), (1.0, "")] {
        let (from, to) = (Point::new(scale.left, y(part)), Point::new(scale.right, y(part)));
        marks.push(Mark::line(from, to).line_of(Ink::Hair, 1.0));
        marks.push(Mark::text(from.moved(-6.0, 0.0), told, small.anchor(Anchor::End), Ink::Muted));
    }
    for tick in scale.ticks(72.0) {
        let at = Point::new(scale.x(tick), bottom);
        marks.push(Mark::line(at, at.moved(0.0, 4.0)).line_of(Ink::Muted, 1.0));
        marks.push(Mark::text(at.moved(0.0, 13.0), tick.to_string(), small, Ink::Muted));
    }
    let within = |x: f64| scale.x(Time::from_micros(x as u64)).min(scale.right);
    if predicted.len() > 1 {
        let last = (predicted.len() - 1) as f64;
        let finite = predicted.iter().enumerate().filter(|(_, micros)| micros.is_finite());
        let points: Vec<Point> =
            finite.map(|(at, micros)| Point::new(within(*micros), y(at as f64 / last))).collect();
        marks.push(Mark::path(&points).stroke(Stroke::dashed(Ink::Text, 1.6)));
    }
    if !measured.is_empty() {
        let all = measured.len() as f64;
        // No more steps than there are pixels.
        let every = measured.len().div_ceil(200).max(1);
        let mut points = vec![Point::new(within(measured[0] as f64), y(0.0))];
        for (at, micros) in
            measured.iter().enumerate().filter(|(at, _)| at % every == 0 || at + 1 == measured.len())
        {
            let x = within(*micros as f64);
            points.extend([Point::new(x, y(at as f64 / all)), Point::new(x, y((at + 1) as f64 / all))]);
        }
        marks.push(Mark::path(&points).line_of(Ink::Text, 2.0));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, stale_read, walk};

    #[test]
    fn a_stale_get_is_measured_as_one() {
        let run = stale_read(vec![(600, get("r2", walk()[0]))]);
        run.at(run.end(), |view| {
            let measured = Measured::of(view);
            assert_eq!((measured.puts.len(), measured.gets.len()), (1, 2));
            let knew: Vec<bool> = measured.gaps.iter().map(|(_, fresh)| *fresh).collect();
            assert_eq!(knew, [false, true]);
            let predicted =
                Predicted { waits: vec![0.0, 1_000.0, f64::INFINITY, f64::INFINITY], ..Predicted::default() };
            let fresh = measured.fresh(Some(&predicted))[3];
            assert_eq!((fresh.gets, fresh.fresh, fresh.predicted), (2, 1, Some(0.5)));
            assert!(
                !latencies("Gets", &measured.gets, &[0.0, 5.0], Size { width: 300.0, height: 120.0 })
                    .is_empty()
            );
        });
        run.at(1, |view| assert_eq!(Measured::of(view), Measured::default(), "nothing has ended"));
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let micros: Vec<u64> = (1..=1_000).collect();
        assert_eq!(percentile(&micros, 500), Some(Span::from_micros(500)));
        assert_eq!(percentile(&micros, 999), Some(Span::from_micros(999)));
        assert_eq!(percentile(&[], 500), None);
        assert_eq!(predicted_percentile(&[0.0, 10.0, 20.0], 500), Some(Span::from_micros(10)));
        assert_eq!(predicted_percentile(&[0.0, f64::INFINITY], 999), None);
    }
}
