//! Where a tag stands at a segment of the gauge: off the band, off the words in the middle, off other tags.

use crate::layout::Layout;
use crate::mark::{Ink, Lettering, Mark, Point};

/// Where words stand: their middle, half their width, half their height.
pub(super) struct Label {
    at: Point,
    half: f64,
    tall: f64,
}

impl Label {
    /// About where the words in the middle of the ring are, which are these lines under a heading, round `at`.
    pub(super) fn of_words<'a>(layout: &Layout, at: Point, lines: impl Iterator<Item = &'a str>) -> Self {
        let lettering = Lettering::plain(layout.small);
        let half = lines.map(|line| lettering.width(line) / 2.0).fold(0.0, f64::max);
        Self { at, half, tall: layout.small * 2.8 }
    }

    /// How far these words reach into those, in pixels.
    fn hides(&self, other: &Self) -> f64 {
        let aside = self.half + other.half + 3.0 - (self.at.x - other.at.x).abs();
        let above = self.tall + other.tall + 1.0 - (self.at.y - other.at.y).abs();
        aside.min(above).max(0.0)
    }

    /// How far they reach out of a circle.
    fn out_of(&self, centre: Point, radius: f64) -> f64 {
        let (aside, above) = ((self.at.x - centre.x).abs(), (self.at.y - centre.y).abs());
        (libm::hypot(aside + self.half, above + self.tall) - radius).max(0.0)
    }
}

/// A tag at its segment: in the middle of it, or so far aside that it stays off the band and off other words. Where it
/// cannot, it is left out: the inspector has the same, and half a tag says nothing.
pub(super) fn beside(
    layout: &Layout,
    tag: &str,
    (hub, radius): (Point, f64),
    (start, sweep): (f64, f64),
    taken: &mut Vec<Label>,
    marks: &mut Vec<Mark>,
) {
    /// Places that are tried on each side of the middle.
    const TRIES: i32 = 6;
    /// Pixels of it that other words may hide.
    const HIDDEN: f64 = 5.0;
    let lettering = Lettering::plain(12.0).mono().bold().halo();
    let half = lettering.width(tag) / 2.0;
    let mut best: Option<(f64, f64, Label)> = None;
    for turn in -TRIES..=TRIES {
        let off = f64::from(turn) / f64::from(TRIES);
        let angle = start + sweep * (0.5 + off * 0.45);
        let at = hub.polar(radius + 10.0, angle).moved(libm::sin(angle) * (half - 4.0), 0.0);
        let label = Label { at, half, tall: 6.5 };
        let hidden: f64 = taken.iter().map(|other| label.hides(other)).sum();
        let cost = label.out_of(layout.centre, layout.band_inner - 2.0) + hidden + off.abs();
        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
            best = Some((cost, hidden, label));
        }
    }
    if let Some((_, _, label)) = best.filter(|(_, hidden, _)| *hidden <= HIDDEN) {
        marks.push(Mark::text(label.at, tag, lettering, Ink::Text));
        taken.push(label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Size;
    use ringside_core::NodeId;
    use std::f64::consts::TAU;

    #[test]
    fn short_tags_stay_off_the_band_and_off_each_other() {
        for side in [300.0, 350.0, 500.0, 700.0] {
            let layout = Layout::new(Size { width: side, height: side }, 5);
            for node in 0..5 {
                let place = layout.gauge(NodeId(node));
                let (mut taken, mut marks) = (Vec::new(), Vec::new());
                for segment in 0..3 {
                    let (start, sweep) = (TAU * f64::from(segment) / 3.0, TAU / 3.0);
                    beside(
                        &layout,
                        "D:1",
                        (place.centre, place.outer),
                        (start, sweep),
                        &mut taken,
                        &mut marks,
                    );
                }
                assert_eq!(marks.len(), 3);
                for (at, label) in taken.iter().enumerate() {
                    let out = label.out_of(layout.centre, layout.band_inner);
                    assert!(out <= 4.0, "{side}, node {node}, tag {at} is {out} px over the band");
                    let hidden: f64 = taken[..at].iter().map(|other| label.hides(other)).sum();
                    assert!(hidden == 0.0, "{side}, node {node}, tag {at} lies over another");
                }
            }
        }
    }
}
