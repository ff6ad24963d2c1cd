//! Who can reach whom: the walls of a partition, and the links that are cut, slow or lossy, on the ring's drawing.

use crate::layout::Layout;
use crate::mark::{self, Ink, Lettering, Mark, Shape, Stroke};
use crate::{View, text};
use ringside_core::NodeId;
use ringside_sim::{LinkState, NodeSnapshot};
use std::f64::consts::TAU;

/// Past so many walls or links a picture shows nothing any more; sentences say it.
const MOST: usize = 48;

/// Draws what stands between nodes.
pub(crate) fn draw(view: &View<'_>, layout: &Layout, marks: &mut Vec<Mark>) {
    walls(view, layout, marks);
    links(view, layout, marks);
}

/// A wall between any two neighbours on different sides.
fn walls(view: &View<'_>, layout: &Layout, marks: &mut Vec<Mark>) {
    let count = layout.nodes;
    let side = |at: u32| view.snapshot.side(NodeId(at % count));
    let between: Vec<f64> = (0..count)
        .filter(|at| side(*at) != side(at + 1))
        .map(|at| TAU * (f64::from(at) + 0.5) / f64::from(count))
        .collect();
    if between.is_empty() || between.len() > MOST {
        return;
    }
    let stroke = Stroke::dashed(Ink::Text, 2.5);
    let end = |angle: f64| layout.centre.polar(layout.band_inner - 3.0, angle);
    // Two sides that are each in one piece have one wall, which bends towards the middle and leaves the words free.
    if let [one, other] = between[..] {
        let (middle, sweep) = ((one + other) / 2.0, other - one);
        let smaller = if sweep > TAU / 2.0 { middle + TAU / 2.0 } else { middle };
        let control = layout.centre.polar(layout.orbit * 0.4, smaller);
        let curve = Shape::Curve { from: end(one), control, to: end(other) };
        marks.push(Mark::new(curve).stroke(stroke));
        return;
    }
    for angle in between {
        let inner = layout.centre.polar(layout.orbit * 0.45, angle);
        marks.push(Mark::line(inner, end(angle)).stroke(stroke));
    }
}

/// The links of which something is changed.
fn links(view: &View<'_>, layout: &Layout, marks: &mut Vec<Mark>) {
    let changed: Vec<_> = view.snapshot.changed_links().take(MOST + 1).collect();
    if changed.len() > MOST {
        return;
    }
    for ((from, to), state) in &changed {
        let both = changed.iter().any(|(ends, other)| *ends == (*to, *from) && other == state);
        if both && from > to {
            continue;
        }
        let (one, other) = (layout.node(*from), layout.node(*to));
        let part = (layout.disc + 5.0) / one.distance(other).max(1.0);
        let (start, tip) = (one.towards(other, part), other.towards(one, part));
        marks.push(Mark::line(start, tip).stroke(Stroke::dashed(Ink::Muted, 1.4)));
        marks.push(mark::arrowhead(start, tip, 8.0, Ink::Muted));
        if both {
            marks.push(mark::arrowhead(tip, start, 8.0, Ink::Muted));
        }
        // Not in the middle of the ring, where the words stand.
        let at = start.towards(tip, 0.3);
        if state.cut {
            marks.extend(mark::cross(at, 5.0, Ink::Text, 1.0));
        } else {
            let lettering = Lettering::plain(layout.small).halo();
            marks.push(Mark::text(at, state_words(state), lettering, Ink::Text));
        }
    }
}

/// What is changed of a link, in a few words: `cut`, `1/2 lost`, `slow`.
#[must_use]
pub fn state_words(state: &LinkState) -> String {
    if state.cut {
        return "cut".to_owned();
    }
    let mut words = Vec::new();
    if let Some(loss) = state.loss {
        words.push([&loss.numerator.to_string(), "/", &loss.denominator.to_string(), " lost"].concat());
    }
    if state.delay.is_some() {
        words.push("slow".to_owned());
    }
    words.join(", ")
}

/// Does the other one run, and does the network keep the two from reaching each other, at least one way?
#[must_use]
pub fn is_cut_off(view: &View<'_>, node: NodeId, other: NodeId) -> bool {
    let snapshot = view.snapshot;
    let runs = || snapshot.nodes.get(other.index()).is_some_and(NodeSnapshot::runs);
    (!snapshot.passes(node, other) || !snapshot.passes(other, node)) && runs()
}

/// The nodes that run and that `node` cannot reach, or cannot be reached from, because of the network.
#[must_use]
pub fn cut_off(view: &View<'_>, node: NodeId) -> Vec<NodeId> {
    view.setup().nodes().filter(|other| is_cut_off(view, node, *other)).collect()
}

/// Whom a node is cut off from, as words: `cut off from A and B`; none where it is cut off from nobody.
#[must_use]
pub fn cut_off_words(view: &View<'_>, node: NodeId) -> Option<String> {
    /// So many are named.
    const NAMED: usize = 6;
    let nodes = cut_off(view, node);
    if nodes.is_empty() {
        return None;
    }
    let names = if nodes.len() > NAMED {
        [&nodes.len().to_string(), " nodes"].concat()
    } else {
        text::nodes(view, &nodes)
    };
    Some(["cut off from ", &names].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;
    use crate::testing::{Run, setup};
    use ringside_sim::{Act, LinkChange, Ratio};

    const SIZE: Size = Size { width: 600.0, height: 600.0 };

    fn drawn(acts: Vec<(u64, Act)>) -> Vec<Mark> {
        let run = Run::of(setup(), acts);
        run.at(run.end(), |view| {
            let mut marks = Vec::new();
            draw(view, &Layout::new(SIZE, 5), &mut marks);
            marks
        })
    }

    fn change(from: u32, to: u32, cut: Option<bool>, loss: Option<Ratio>) -> Act {
        Act::Link(LinkChange { from: NodeId(from), to: NodeId(to), delay: None, loss, cut })
    }

    #[test]
    fn a_side_in_one_piece_has_one_wall_and_a_scattered_one_has_several() {
        assert_eq!(drawn(vec![]), []);
        let one = drawn(vec![(1, Act::Partition(vec![vec![NodeId(0), NodeId(1)]]))]);
        assert!(matches!(one[..], [Mark { shape: Shape::Curve { .. }, .. }]), "{one:?}");
        let scattered = drawn(vec![(1, Act::Partition(vec![vec![NodeId(0), NodeId(2)]]))]);
        assert_eq!(scattered.len(), 4);
        let all = drawn(vec![(1, Act::Partition(vec![(0..5).map(NodeId).collect()]))]);
        assert_eq!(all, [], "all are on one side");
        let healed = drawn(vec![(1, Act::Partition(vec![vec![NodeId(0)]])), (2, Act::Heal)]);
        assert_eq!(healed, []);
    }

    #[test]
    fn a_changed_link_says_what_and_which_way() {
        let half = Some(Ratio::new(1, 2));
        let texts = |marks: &[Mark]| {
            let text = |mark: &Mark| {
                let Shape::Text { text, .. } = &mark.shape else { return None };
                Some(text.clone())
            };
            marks.iter().filter_map(text).collect::<Vec<_>>()
        };
        let heads = |marks: &[Mark]| {
            marks.iter().filter(|mark| matches!(mark.shape, Shape::Path { closed: true, .. })).count()
        };
        let one_way = drawn(vec![(1, change(0, 2, None, half))]);
        assert_eq!((texts(&one_way), heads(&one_way)), (vec!["1/2 lost".to_owned()], 1));
        let both = drawn(vec![(1, change(0, 2, None, half)), (1, change(2, 0, None, half))]);
        assert_eq!((texts(&both).len(), heads(&both)), (1, 2));
        let cut = drawn(vec![(1, change(0, 2, Some(true), None))]);
        assert_eq!((texts(&cut).len(), heads(&cut)), (0, 1));
        let mended = drawn(vec![(1, change(0, 2, Some(true), None)), (2, change(0, 2, Some(false), None))]);
        assert_eq!(mended, []);
    }

    #[test]
    fn a_node_names_those_it_is_cut_off_from() {
        let split = Act::Partition(vec![vec![NodeId(0), NodeId(1)]]);
        let run = Run::of(
            setup(),
            vec![(1, Act::Crash(NodeId(4))), (2, split), (3, change(2, 3, Some(true), None))],
        );
        run.at(run.end(), |view| {
            let words = |node: u32| cut_off_words(view, NodeId(node));
            assert_eq!(words(0).as_deref(), Some("cut off from C and D"), "E is down, not cut off");
            assert_eq!(words(3).as_deref(), Some("cut off from A, B and C"), "one way is enough");
        });
        run.at(1, |view| assert_eq!(cut_off_words(view, NodeId(0)), None));
    }
}
