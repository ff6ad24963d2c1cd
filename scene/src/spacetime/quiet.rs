//! Stretches of the diagram in which nothing happens: how long each is, in words, so that an empty space is no riddle.

use super::Chart;
use crate::mark::{Ink, Lettering, Mark, Point};
use crate::{View, text};
use ringside_core::Time;

/// A gap narrower than this many pixels speaks for itself, and has no room for words.
const NARROWEST: f64 = 320.0;

/// The gaps between events that are wide on paper, as far as the window shows them: from when to when.
fn gaps<'a>(view: &View<'a>, chart: &Chart) -> impl Iterator<Item = (Time, Time)> + 'a {
    let (from, to, scale) = (chart.scale.from, chart.scale.to, chart.scale);
    let events = &view.trace().events;
    let first = events.partition_point(|event| event.at < from).saturating_sub(1);
    let inside = events[first..].windows(2).map(|pair| (pair[0].at, pair[1].at));
    inside
        .take_while(move |(before, _)| *before <= to)
        .filter(move |(before, after)| scale.x((*after).min(to)) - scale.x((*before).max(from)) >= NARROWEST)
}

/// Writes above the lanes how long nothing happens.
pub(super) fn draw(view: &View<'_>, chart: &Chart, marks: &mut Vec<Mark>) {
    for (before, after) in gaps(view, chart) {
        let (left, right) =
            (chart.scale.x(before.max(chart.scale.from)), chart.scale.x(after.min(chart.scale.to)));
        let told = [&text::rounded(after.since(before)), " of quiet"].concat();
        let at = Point::new(left.midpoint(right), 9.0);
        marks.push(Mark::text(at, told, Lettering::plain(12.0).halo(), Ink::Muted));
    }
}

#[cfg(test)]
mod tests {
    use crate::Size;
    use crate::mark::Shape;
    use crate::spacetime::{Chart, still};
    use crate::testing::{Run, ms, put, setup, walk};

    #[test]
    fn a_wide_gap_says_how_long_it_is_and_a_narrow_one_does_not() {
        let node = walk()[0];
        let run = Run::of(setup(), vec![(10, put("w1", node, "milk")), (3_020, put("w2", node, "eggs"))]);
        let told = |from, to| {
            run.at(run.end(), |view| {
                let chart = Chart::new(view, Size { width: 1_000.0, height: 200.0 }, (ms(from), ms(to)));
                let marks = still(view, &chart).marks;
                let texts = marks.into_iter().filter_map(|mark| {
                    if let Shape::Text { text, .. } = mark.shape { Some(text) } else { None }
                });
                texts.filter(|text| text.ends_with("of quiet")).collect::<Vec<_>>()
            })
        };
        assert_eq!(told(0, 4_000).len(), 1, "{:?}", told(0, 4_000));
        assert!(told(0, 4_000)[0].contains(" s of quiet"));
        assert_eq!(told(0, 100_000), Vec::<String>::new());
    }
}
