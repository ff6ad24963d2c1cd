//! Staleness as curves: how likely a read is fresh that begins so long after a write was acknowledged. One panel shows
//! a few predictions on the same axes; panels side by side compare.
//!
//! Hue means a node everywhere, so curves differ by their line, whole or dashed.

use crate::Size;
use crate::mark::{Anchor, Ink, Lettering, Mark, Point, Stroke};
use crate::scale::Scale;
use ringside_core::{Span, Time};
use ringside_sim::predict::Prediction;

/// A curve.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// What it is of.
    pub prediction: &'a Prediction,
    /// What it is called, such as `R = 2, W = 1`.
    pub name: &'a str,
    /// Is its line dashed?
    pub dashed: bool,
}

/// Curves on the same axes.
#[derive(Clone, Copy, Debug)]
pub struct Panel<'a> {
    /// What they have in common.
    pub title: &'a str,
    /// The curves, which the legend names in this order.
    pub curves: &'a [Curve<'a>],
    /// The last moment shown; the first is that of the acknowledgement.
    pub until: Span,
    /// The least percentage shown, below 100; what is less likely lies on the lower edge.
    pub from_percent: u32,
}

/// Pixels left of the plot for the percentages, above it for the title, below it for the moments, right of it.
const MARGINS: (f64, f64, f64, f64) = (46.0, 30.0, 44.0, 24.0);
/// A point of a curve every so many pixels.
const STEP: f64 = 2.0;
const LETTERS: f64 = 12.0;

/// The panel, its top left corner at `at`.
#[must_use]
pub fn panel(panel: &Panel<'_>, at: Point, size: Size) -> Vec<Mark> {
    let (left, above, below, right) = MARGINS;
    let plot = Plot {
        scale: Scale::new(Time::ZERO, Time::ZERO + panel.until, at.x + left, at.x + size.width - right),
        top: at.y + above,
        bottom: at.y + size.height - below,
        from: f64::from(panel.from_percent.min(99)) / 100.0,
    };
    let title = Lettering::plain(LETTERS + 2.0).bold().anchor(Anchor::Start);
    let mut marks = vec![Mark::text(Point::new(plot.scale.left, at.y + 14.0), panel.title, title, Ink::Text)];
    plot.axes(panel, &mut marks);
    for (row, curve) in (1..).zip(panel.curves.iter().rev()) {
        marks.push(plot.curve(curve));
        plot.legend(curve, f64::from(row), &mut marks);
    }
    marks
}

struct Plot {
    scale: Scale,
    top: f64,
    bottom: f64,
    from: f64,
}

impl Plot {
    fn y(&self, p: f64) -> f64 {
        let part = ((p - self.from) / (1.0 - self.from)).clamp(0.0, 1.0);
        self.bottom + (self.top - self.bottom) * part
    }

    fn axes(&self, panel: &Panel<'_>, marks: &mut Vec<Mark>) {
        let letters = Lettering::plain(LETTERS);
        let (left, right) = (self.scale.left, self.scale.right);
        for percent in (panel.from_percent.div_ceil(10) * 10..=100).step_by(10) {
            let y = self.y(f64::from(percent) / 100.0);
            marks.push(Mark::line(Point::new(left, y), Point::new(right, y)).line_of(Ink::Hair, 1.0));
            let told = [&percent.to_string(), " %"].concat();
            marks.push(Mark::text(Point::new(left - 6.0, y), told, letters.anchor(Anchor::End), Ink::Muted));
        }
        for moment in self.scale.ticks(60.0) {
            let x = self.scale.x(moment);
            let (from, to) = (Point::new(x, self.bottom), Point::new(x, self.bottom + 4.0));
            marks.push(Mark::line(from, to).line_of(Ink::Muted, 1.0));
            marks.push(Mark::text(to.moved(0.0, 10.0), moment.to_string(), letters, Ink::Muted));
        }
        let middle = Point::new(f64::midpoint(left, right), self.bottom + 34.0);
        marks.push(Mark::text(middle, "after the write was acknowledged", letters, Ink::Muted));
    }

    fn curve(&self, curve: &Curve<'_>) -> Mark {
        let waits = curve.prediction.waits();
        let steps = ((self.scale.right - self.scale.left) / STEP).max(1.0) as u32;
        let point = |step: u32| {
            let x =
                self.scale.left + (self.scale.right - self.scale.left) * f64::from(step) / f64::from(steps);
            let at = self.scale.time(x).since(Time::ZERO);
            Point::new(x, self.y(waits.within(at)))
        };
        let points: Vec<Point> = (0..=steps).map(point).collect();
        Mark::path(&points).stroke(stroke(curve))
    }

    /// In the lower right corner, which curves that rise leave free; rows count upwards.
    fn legend(&self, curve: &Curve<'_>, row: f64, marks: &mut Vec<Mark>) {
        let letters = Lettering::plain(LETTERS).anchor(Anchor::Start).halo();
        let at = Point::new(self.scale.right - 130.0, self.bottom - 18.0 * row);
        marks.push(Mark::line(at, at.moved(28.0, 0.0)).stroke(stroke(curve)));
        marks.push(Mark::text(at.moved(36.0, 0.0), curve.name, letters, Ink::Text));
    }
}

const fn stroke(curve: &Curve<'_>) -> Stroke {
    if curve.dashed { Stroke::dashed(Ink::Text, 2.0) } else { Stroke::solid(Ink::Text, 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::Shape;
    use ringside_sim::predict::{Coordinator, Latency, Model};

    #[test]
    fn a_curve_shows_the_prediction_at_its_moments() {
        // Whoever is not the writer's replica has the write after 10 ms, so that the curve is a step.
        let latency = Latency::parse("write=10ms").unwrap();
        let model = Model::new(3, 1, 1, latency, Coordinator::Replica).unwrap();
        let prediction = Prediction::of(model, 1_000, 0);
        let curves = [Curve { prediction: &prediction, name: "R = 1, W = 1", dashed: true }];
        let until = Span::from_millis(20);
        let marks = panel(
            &Panel { title: "a title", curves: &curves, until, from_percent: 0 },
            Point::new(100.0, 0.0),
            Size { width: 470.0, height: 174.0 },
        );
        let paths = marks.iter().filter_map(|mark| {
            let Shape::Path { points, .. } = &mark.shape else { return None };
            (points.len() > 2).then_some((points, mark.stroke?))
        });
        let [(points, stroke)] = paths.collect::<Vec<_>>()[..] else { panic!("one curve") };
        assert!(stroke.dashed);
        assert_eq!((points.len(), points[0].x), (201, 146.0), "400 pixels, from the left edge of the plot");
        let stale = 30.0 + 100.0 * (1.0 - prediction.waits().within(Span::ZERO));
        for point in points {
            let expected = if point.x < 346.0 { stale } else { 30.0 };
            assert!((point.y - expected).abs() < 1e-9, "{point:?}, expected {expected}");
        }
        let says = |word: &str| {
            marks.iter().any(|mark| matches!(&mark.shape, Shape::Text { text, .. } if text == word))
        };
        assert!(["a title", "R = 1, W = 1", "0 %", "100 %", "20 ms"].into_iter().all(says));
    }

    #[test]
    fn what_lies_below_the_axis_stays_on_it() {
        let model = Model::new(3, 1, 1, Latency::wan(), Coordinator::Outside).unwrap();
        let prediction = Prediction::of(model, 100, 0);
        let curves = [Curve { prediction: &prediction, name: "", dashed: false }];
        let shown = Panel { title: "", curves: &curves, until: Span::ZERO, from_percent: 200 };
        let size = Size { width: 20.0, height: 20.0 };
        for mark in panel(&shown, Point::default(), size) {
            let Shape::Path { points, .. } = mark.shape else { continue };
            assert!(points.iter().all(|point| point.x.is_finite() && point.y.is_finite()));
        }
    }
}
