//! Stretches of the diagram in which nothing of a request happens: folded to a strip that says how long it is, so that what
//! does happen has the room.

use super::Chart;
use crate::mark::{Ink, Lettering, Mark, Point};
use crate::{View, text};
use ringside_core::{Kind, Note, Span, Time, Wake};
use ringside_sim::{Event, What};

/// A stretch is folded when it takes at least this part of what is drawn to scale: a third.
const LEAST: u64 = 3;
/// More than these would leave strips only.
const MOST: usize = 3;
/// Windows with more events than this are drawn to scale: there is hardly a quiet stretch in them, and to look for one takes
/// longer than a frame has.
const LOOKED_AT: usize = 10_000;

/// What is to be folded in the window: between two moments at which something is to be seen, with a margin on both sides.
pub(super) fn folds(view: &View<'_>, from: Time, to: Time) -> Vec<(Time, Time)> {
    let Some(told) = moments(view, from, to) else { return Vec::new() };
    let gap = |at: &usize| told[at + 1].since(told[*at]).as_micros();
    let mut drawn = to.since(from).as_micros();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < MOST {
        let widest = (0..told.len() - 1).filter(|at| !chosen.contains(at)).max_by_key(gap);
        let Some(widest) = widest.filter(|at| gap(at) * LEAST >= drawn) else { break };
        drawn -= gap(&widest);
        chosen.push(widest);
    }
    chosen.sort_unstable();
    let folds = chosen.into_iter().map(|at| {
        let margin = Span::from_micros((drawn / 12).min(gap(&at) / 8));
        (told[at] + margin, told[at + 1] - margin)
    });
    folds.collect()
}

/// The moments of the window at which something is to be seen, in order, at least one; none if there are too many.
fn moments(view: &View<'_>, from: Time, to: Time) -> Option<Vec<Time>> {
    let events = &view.trace().events;
    let first = events.partition_point(|event| event.at < from);
    let within = &events[first..events.partition_point(|event| event.at <= to)];
    if within.len() > LOOKED_AT {
        return None;
    }
    // Where no request is selected, gossip is what is to be seen; where one is, also what the viewer is at.
    let near = view.op().map(|op| {
        let over = op.end.as_ref().map_or(view.now, |end| end.at);
        Span::from_micros(over.since(op.start).as_micros() / 2)
    });
    let seen = |event: &&Event| match near {
        Some(near) => told(view, event) || (view.now - near..=view.now + near).contains(&event.at),
        None => true,
    };
    let mut moments = vec![view.now.clamp(from, to)];
    moments.extend(within.iter().filter(seen).map(|event| event.at));
    if let Some(id) = view.selection.message {
        let message = view.trace().message(id);
        let ends = [Some(message.sent), message.fate.map(|fate| fate.at)];
        moments.extend(ends.into_iter().flatten().filter(|at| (from..=to).contains(at)));
    }
    moments.sort_unstable();
    Some(moments)
}

/// Is it more than what nodes tell each other for ever?
fn told(view: &View<'_>, event: &Event) -> bool {
    let background = match &event.what {
        What::Delivered(id) | What::Lost(id, _) => {
            view.trace().message(*id).envelope.message.kind() == Kind::Gossip
        }
        What::Woke(_, wake) => *wake == Wake::Gossip,
        What::Act { .. } | What::Asked(..) | What::Waits(_) | What::Took(..) | What::GaveUp(_) => false,
    };
    !background || event.notes.iter().any(|note| !matches!(note, Note::Learned { .. } | Note::Ignored { .. }))
}

/// Strips over what is folded: how long it is, and how much happens in it.
pub(super) fn draw(view: &View<'_>, chart: &Chart, marks: &mut Vec<Mark>) {
    let events = &view.trace().events;
    let before = |time: Time| events.partition_point(|event| event.at < time);
    let (top, bottom) = (chart.top - 16.0, chart.bottom());
    for ((from, to), (left, right)) in chart.scale.folds() {
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let corners = corners.map(|(x, y)| Point::new(x, y));
        marks.push(Mark::polygon(&corners).fill(Ink::Ground));
        for edge in [left, right] {
            marks.push(Mark::path(&wave(edge, top, bottom)).line_of(Ink::Muted, 1.2));
        }
        let hidden = before(to) - before(from);
        let happens = match hidden {
            0 => "of quiet".to_owned(),
            1 => "1 event".to_owned(),
            more => [&more.to_string(), " events"].concat(),
        };
        let middle = Point::new(left.midpoint(right), top.midpoint(bottom));
        let size = if chart.size.width < 700.0 { 14.0 } else { 12.0 };
        let write = |down: f64, told: String| {
            Mark::text(middle.moved(0.0, down), told, Lettering::plain(size), Ink::Muted)
        };
        marks.push(write(-size * 0.65, text::rounded(to.since(from))));
        marks.push(write(size * 0.65, happens));
    }
}

/// The torn edge of a strip.
fn wave(x: f64, top: f64, bottom: f64) -> Vec<Point> {
    const STEP: f64 = 6.0;
    let teeth = ((bottom - top) / STEP).max(1.0) as u32;
    let point = |at: u32| {
        let off = if at.is_multiple_of(2) { -2.0 } else { 2.0 };
        Point::new(x + off, (top + f64::from(at) * STEP).min(bottom))
    };
    (0..=teeth).map(point).collect()
}

#[cfg(test)]
mod tests {
    use crate::Size;
    use crate::mark::Shape;
    use crate::spacetime::{Chart, still, window};
    use crate::testing::{Run, get, ms, put, setup, walk};
    use ringside_core::{Config, Span};
    use ringside_sim::Setup;

    const SIZE: Size = Size { width: 1_000.0, height: 200.0 };

    fn told(run: &Run, from: u64, to: u64) -> Vec<String> {
        run.at(run.end(), |view| {
            let chart = Chart::new(view, SIZE, (ms(from), ms(to)));
            let texts = still(view, &chart)
                .marks
                .into_iter()
                .filter_map(|mark| if let Shape::Text { text, .. } = mark.shape { Some(text) } else { None });
            texts.filter(|text| text.ends_with("of quiet") || text.ends_with("events")).collect()
        })
    }

    #[test]
    fn a_wide_gap_is_folded_and_a_narrow_one_is_not() {
        let node = walk()[0];
        let run = Run::of(setup(), vec![(10, put("w1", node, "milk")), (3_020, put("w2", node, "eggs"))]);
        assert_eq!(told(&run, 0, 3_040), ["of quiet"]);
        assert_eq!(told(&run, 0, 12), Vec::<String>::new());
    }

    #[test]
    fn gossip_is_folded_where_a_request_is_selected_but_what_is_near_the_moment_is_drawn() {
        let config = Config { gossip: Some(Span::from_millis(10)), ..Config::bare() };
        let nodes = walk();
        let acts =
            vec![(10, put("w1", nodes[0], "milk")), (30, get("r1", nodes[1])), (400, get("r2", nodes[1]))];
        let run = Run::of(Setup { config, ..setup() }, acts);
        let late = run.at(run.end(), |view| view.recording.position_at(ms(300)));
        run.at(late, |view| {
            let chart = Chart::new(view, SIZE, window(view));
            let folds: Vec<_> = chart.scale.folds().collect();
            assert_eq!(folds.len(), 1, "{folds:?}");
            let ((from, to), (left, right)) = folds[0];
            assert!(from > ms(32) && to < ms(300) && to > ms(280), "{from} to {to}");
            assert!(right - left < 80.0);
            assert!(chart.scale.x(view.now) < SIZE.width && chart.scale.x(view.now) > right);
        });
    }
}
