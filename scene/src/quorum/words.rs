//! The words in the middle of the ring, and where they stand: clear of the discs and of the gauge.

use crate::layout::Layout;
use crate::mark::{Ink, Lettering, Mark, Point};
use ringside_core::NodeId;

/// The place of the words: a heading, below it two lines, and above it, where there is room, what was asked.
pub(super) struct Words {
    /// The middle of their block.
    pub(super) at: Point,
}

impl Words {
    /// In the very middle.
    pub(super) const fn alone(layout: &Layout) -> Self {
        Self { at: layout.centre }
    }

    /// In the middle, but on a small ring away from a gauge beside it. Whatever the words say at a moment, they stay where
    /// they are for as long as a request lasts.
    pub(super) fn beside(layout: &Layout, coordinator: NodeId) -> Self {
        let place = layout.node(coordinator);
        let (aside, down) = (place.x - layout.centre.x, place.y - layout.centre.y);
        if !layout.around || layout.nodes > FEW || layout.band_outer > SMALL || aside.abs() < down.abs() {
            return Self::alone(layout);
        }
        Self { at: layout.centre.moved(aside * -0.14, down * -0.6) }
    }
}

/// Up to this outer radius of the band the words have hardly more room than they need.
const SMALL: f64 = 170.0;
/// So many nodes leave room beside the middle.
const FEW: u32 = 5;

fn heading(layout: &Layout) -> f64 {
    if layout.band_outer > SMALL { 24.0 } else { 19.0 }
}

/// Draws them.
pub(super) fn centre(
    layout: &Layout,
    place: &Words,
    name: &str,
    heading_words: &str,
    lines: &[(String, bool)],
    marks: &mut Vec<Mark>,
) {
    let (big, step) = (heading(layout), layout.small + 4.0);
    let mut at = place.at.moved(0.0, -step * lines.len() as f64 / 2.0);
    if !name.is_empty() && layout.band_outer > SMALL {
        let above = at.moved(0.0, -(big + step) / 2.0);
        marks.push(Mark::text(above, name, Lettering::plain(layout.small).halo(), Ink::Muted));
    }
    if !heading_words.is_empty() {
        marks.push(Mark::text(at, heading_words, Lettering::plain(big).bold().halo(), Ink::Text));
    }
    at = at.moved(0.0, big / 2.0 + step / 2.0);
    for (line, failed) in lines {
        let ink = if *failed { Ink::Alarm } else { Ink::Muted };
        marks.push(Mark::text(at, line.as_str(), Lettering::plain(layout.small).halo(), ink));
        at = at.moved(0.0, step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;

    /// Half of the width of lines, in letters: "alice has the answer".
    const LETTERS: f64 = 10.0;

    /// How far words round `at` reach into the gauge and the discs, in pixels: a heading, and two lines below it.
    fn covers(layout: &Layout, at: Point, coordinator: NodeId) -> f64 {
        let (big, step) = (heading(layout), layout.small + 4.0);
        let half = Lettering::plain(layout.small).width("x") * 0.9 * LETTERS;
        let mut covered = 0.0;
        for node in (0..layout.nodes).map(NodeId) {
            let (place, reach) = (layout.node(node), layout.rim(node, Some(coordinator)) + 3.0);
            for (lower, half, tall) in [(-step, big * 1.4, big / 2.0), (big / 2.0, half, step)] {
                let aside = ((at.x - place.x).abs() - half).max(0.0);
                let above = ((at.y + lower - place.y).abs() - tall).max(0.0);
                covered += (reach - libm::hypot(aside, above)).max(0.0);
            }
        }
        covered
    }

    #[test]
    fn words_keep_off_the_gauge_of_a_small_ring_and_in_the_middle_of_a_large_one() {
        for side in [330.0, 350.0, 380.0, 400.0] {
            for (nodes, most) in [(3, 16.0), (4, 36.0), (5, 7.0), (6, 31.0)] {
                let layout = Layout::new(Size { width: side, height: side }, nodes);
                for node in (0..nodes).map(NodeId) {
                    let words = Words::beside(&layout, node);
                    let over = covers(&layout, words.at, node);
                    let middle = covers(&layout, layout.centre, node);
                    assert!(
                        over <= middle && over <= most,
                        "{side}, {node:?} of {nodes}: {over} px, {middle}"
                    );
                }
            }
        }
        let large = Layout::new(Size { width: 700.0, height: 700.0 }, 5);
        for node in (0..5).map(NodeId) {
            assert_eq!(Words::beside(&large, node).at, large.centre);
        }
    }
}
