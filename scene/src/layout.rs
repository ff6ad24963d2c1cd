//! Where things lie on the ring's drawing. The nodes stand evenly round the circle, whatever their tokens: the band
//! outside shows who owns what.

use crate::Size;
use crate::mark::Point;
use ringside_core::NodeId;
use std::f64::consts::TAU;

/// The ring's geometry for a size and a number of nodes. Pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The room there is.
    pub size: Size,
    /// The middle of everything.
    pub centre: Point,
    /// Outer radius of the ownership band.
    pub band_outer: f64,
    /// Inner radius of the ownership band.
    pub band_inner: f64,
    /// Radius of the circle on which the nodes stand.
    pub orbit: f64,
    /// Radius of a node's disc.
    pub disc: f64,
    /// Is there room for a gauge round a node? If not, it stands in the middle of the ring.
    pub around: bool,
    /// How many nodes there are, at least 1.
    pub nodes: u32,
    /// Size of small text.
    pub small: f64,
}

/// Where the quorum gauge of a request is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaugePlace {
    /// Its middle: the coordinator, or the middle of the ring where the nodes stand too close for a gauge.
    pub centre: Point,
    /// Inner radius of its segments.
    pub inner: f64,
    /// Outer radius of its segments.
    pub outer: f64,
}

/// Below this width the page is a phone's, and small text is 14 pixels high.
const NARROW: f64 = 700.0;
/// How far the gauge reaches beyond the disc, in pixels.
const GAUGE: f64 = 14.0;
/// From this disc radius on, the node's letter fits into it.
const LETTERED: f64 = 10.0;

impl Layout {
    /// The geometry for this room and this many nodes (0 counts as 1). It fits from 240 pixels on.
    #[must_use]
    pub fn new(size: Size, nodes: u32) -> Self {
        let nodes = nodes.max(1);
        let room = size.width.min(size.height).max(240.0) / 2.0;
        let margin = if room < 220.0 { 31.0 } else { 40.0 };
        let band_outer = room - margin;
        let scale = band_outer / 240.0;
        let band_inner = band_outer - (16.0 * scale).clamp(14.0, 22.0);
        let wanted = (23.0 * scale).clamp(16.0, 32.0);
        // A gauge round the coordinator, and a word below a disc; without a gauge there, the nodes may stand wider.
        let below = if room < 220.0 { 9.0 } else { 18.0 };
        let (with, without) = (band_inner - wanted - GAUGE - below, band_inner - wanted.min(16.0) - 19.0);
        let fits = |orbit: f64| wanted.min(chord(orbit, nodes) * 0.38);
        let disc = fits(with);
        let around = disc >= LETTERED && disc * 2.0 + GAUGE + 4.0 <= chord(with, nodes);
        let (orbit, disc) = if around { (with, disc) } else { (without, fits(without).min(16.0)) };
        let centre = Point::new(size.width / 2.0, size.height / 2.0);
        let small = if size.width < NARROW { 14.0 } else { 13.0 };
        Self { size, centre, band_outer, band_inner, orbit, disc, around, nodes, small }
    }

    /// The direction of a node: the first is at the top, the others follow clockwise.
    #[must_use]
    pub fn direction(&self, node: NodeId) -> f64 {
        TAU * f64::from(node.0) / f64::from(self.nodes)
    }

    /// Where a node stands.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Point {
        self.centre.polar(self.orbit, self.direction(node))
    }

    /// Is there room for letters in the discs?
    #[must_use]
    pub fn lettered(&self) -> bool {
        self.disc >= LETTERED
    }

    /// Where the gauge of a request goes that `coordinator` coordinates.
    #[must_use]
    pub fn gauge(&self, coordinator: NodeId) -> GaugePlace {
        if self.around {
            let (inner, outer) = (self.disc + GAUGE - 9.0, self.disc + GAUGE);
            return GaugePlace { centre: self.node(coordinator), inner, outer };
        }
        let outer = ((self.orbit - self.disc) * 0.86).min(110.0);
        GaugePlace { centre: self.centre, inner: outer - 10.0, outer }
    }

    /// How far from a node's middle a message begins and ends, when the gauge stands round `coordinator`.
    #[must_use]
    pub fn rim(&self, node: NodeId, coordinator: Option<NodeId>) -> f64 {
        let gauge = coordinator.filter(|coordinator| *coordinator == node).map(|node| self.gauge(node));
        match gauge {
            Some(gauge) if gauge.centre != self.centre => gauge.outer + 3.0,
            _ => self.disc + 2.0,
        }
    }
}

/// The direction of a position on the ring: position 0 is at the top.
#[must_use]
pub fn direction(position: u64) -> f64 {
    position as f64 / 18_446_744_073_709_551_616.0 * TAU
}

/// The angle from `from` clockwise to `to`, 0 to a whole turn.
#[must_use]
pub fn clockwise(from: f64, to: f64) -> f64 {
    let turn = libm::fmod(to - from, TAU);
    if turn < 0.0 { turn + TAU } else { turn }
}

/// The distance of neighbours among `count` points on a circle; endless for one.
fn chord(radius: f64, count: u32) -> f64 {
    if count < 2 { f64::INFINITY } else { 2.0 * radius * libm::sin(TAU / 2.0 / f64::from(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layouts() -> impl Iterator<Item = Layout> {
        let sizes = [(350.0, 350.0), (760.0, 560.0), (760.0, 760.0), (240.0, 240.0)];
        sizes.into_iter().flat_map(|(width, height)| {
            (1..=64).chain([1_024]).map(move |nodes| Layout::new(Size { width, height }, nodes))
        })
    }

    #[test]
    fn discs_never_overlap_each_other_or_the_band_and_all_fits() {
        for layout in layouts() {
            let room = layout.size.width.min(layout.size.height) / 2.0;
            assert!(layout.band_outer + 28.0 <= room, "badges and labels fit: {layout:?}");
            assert!(layout.disc > 0.0 && layout.orbit > 0.0, "{layout:?}");
            assert!(layout.orbit + layout.disc + 18.0 <= layout.band_inner, "a label fits below: {layout:?}");
            for node in 1..layout.nodes {
                let (one, two) = (layout.node(NodeId(node - 1)), layout.node(NodeId(node)));
                assert!(one.distance(two) >= 2.0 * layout.disc * 1.2, "{layout:?}");
            }
        }
    }

    #[test]
    fn the_gauge_touches_no_other_disc_and_not_the_band() {
        for layout in layouts() {
            let gauge = layout.gauge(NodeId(0));
            assert!(
                gauge.inner > 0.0 && gauge.centre.distance(layout.centre) + gauge.outer < layout.band_inner
            );
            for node in (0..layout.nodes).map(NodeId) {
                let distance = gauge.centre.distance(layout.node(node));
                assert!(distance < 1e-9 || distance >= gauge.outer + layout.disc, "{layout:?} {node:?}");
            }
        }
    }

    #[test]
    fn positions_go_clockwise_from_the_top() {
        let close = |one: f64, two: f64| (one - two).abs() < 1e-9;
        assert!(close(direction(0), 0.0) && close(direction(1 << 63), TAU / 2.0));
        assert!(close(clockwise(TAU * 0.9, TAU * 0.1), TAU * 0.2));
        let right = Point::new(0.0, 0.0).polar(10.0, direction(1 << 62));
        assert!(close(right.x, 10.0) && close(right.y, 0.0));
    }
}
