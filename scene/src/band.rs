//! The ownership band: which node owns which part of the ring. Arcs while there are few tokens, one decision a pixel
//! when there are more tokens than pixels, so that the work is bounded by what can be seen.

use crate::layout::{Layout, clockwise, direction};
use crate::mark::{Ink, Lettering, Mark, Point, Shape};
use crate::palette::{Pattern, pattern};
use ringside_core::node::plan::{Move, Plan};
use ringside_core::{NodeId, Ring};
use ringside_sim::Setup;
use std::f64::consts::TAU;

/// A piece of the band: who owns it, where it begins and how far it goes, in radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The primary owner.
    pub node: NodeId,
    /// Where it begins.
    pub start: f64,
    /// How far it goes, clockwise.
    pub sweep: f64,
}

/// The gap between two pieces, in pixels.
const GAP: f64 = 2.0;

/// The pieces of the band on a circle of `pixels` pixels, clockwise. Neighbours of one node are one piece.
#[must_use]
pub fn pieces(ring: &Ring, pixels: u32) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |piece: Piece| match pieces.last_mut() {
        Some(last) if last.node == piece.node => last.sweep += piece.sweep,
        _ => pieces.push(piece),
    };
    if ring.tokens().len() * 2 <= pixels as usize {
        for range in ring.ranges() {
            let start = direction(range.start);
            let whole = range.start == range.end;
            let sweep = if whole { TAU } else { clockwise(start, direction(range.end)) };
            add(Piece { node: range.node, start, sweep });
        }
    } else {
        let step = u64::MAX / u64::from(pixels);
        for pixel in 0..pixels {
            // What a pixel shows is the owner of its middle.
            if let Some(node) = ring.owner(u64::from(pixel) * step + step / 2) {
                let width = TAU / f64::from(pixels);
                add(Piece { node, start: f64::from(pixel) * width, sweep: width });
            }
        }
    }
    close(&mut pieces);
    pieces
}

/// Joins the last piece with the first where both are of one node.
fn close(pieces: &mut Vec<Piece>) {
    if let [first, .., last] = pieces.as_mut_slice()
        && first.node == last.node
    {
        first.start = last.start;
        first.sweep += last.sweep;
        pieces.pop();
    }
}

/// The band as marks: to be drawn again only when ring, size or palette change.
#[must_use]
pub fn marks(plan: &Plan, setup: &Setup, layout: &Layout) -> Vec<Mark> {
    let (ring, moves) = (plan.ring(), plan.moves());
    let pixels = (layout.band_outer * TAU) as u32;
    let pieces = pieces(ring, pixels);
    let middle = f64::midpoint(layout.band_inner, layout.band_outer);
    let mut marks = Vec::with_capacity(pieces.len());
    let lone = pieces.len() == 1;
    for piece in &pieces {
        // Slivers keep most of their width: a gap must never hide an owner.
        let length = piece.sweep * middle;
        let gap = if lone { 0.0 } else { GAP.min(length * 0.3) / middle };
        let (start, sweep) = (piece.start + gap / 2.0, piece.sweep - gap);
        let (inner, outer) = (layout.band_inner, layout.band_outer);
        let arc = Shape::Arc { centre: layout.centre, inner, outer, start, sweep };
        marks.push(Mark::new(arc).fill(Ink::Node(piece.node)));
        textured(&mut marks, layout, piece);
        let owner = setup.name(piece.node);
        let to = receiver(moves, piece).map(|to| [owner, "→", setup.name(to)].concat());
        // Both names only where they lie along the band; elsewhere the hatch outside tells who gets it.
        if !to.is_some_and(|both| letter(&mut marks, layout, piece, &both)) {
            letter(&mut marks, layout, piece, owner);
        }
    }
    moving(moves, layout, &mut marks);
    marks
}

/// The ranges that a change of the members moves: outside of the band, hatched in the hue of whoever gets them.
fn moving(moves: &[Move], layout: &Layout, marks: &mut Vec<Mark>) {
    let (inner, outer) = (layout.band_outer + 1.5, layout.band_outer + 7.5);
    let mut pieces: Vec<Piece> = Vec::new();
    for moved in moves {
        let start = direction(moved.start);
        let sweep = clockwise(start, direction(moved.end));
        match pieces.last_mut() {
            // What is less than a pixel away goes with its neighbour.
            Some(piece)
                if piece.node == moved.to && clockwise(piece.start + piece.sweep, start) * outer < 1.0 =>
            {
                piece.sweep = clockwise(piece.start, start) + sweep;
            }
            _ => pieces.push(Piece { node: moved.to, start, sweep }),
        }
    }
    for Piece { node, start, sweep } in pieces {
        let centre = layout.centre;
        let lines = (sweep * outer / 4.0).max(1.0) as u32;
        for line in 0..lines {
            let angle = start + sweep * (f64::from(line) + 0.5) / f64::from(lines);
            let tilt = 1.5 / outer;
            let hatch = Mark::line(centre.polar(inner, angle - tilt), centre.polar(outer, angle + tilt));
            marks.push(hatch.line_of(Ink::Node(node), 2.2));
        }
        marks.push(Mark::arc(centre, outer + 0.8, start, sweep).line_of(Ink::Text, 1.0));
    }
}

/// Who gets the middle of a piece by the change under way, if anybody does.
fn receiver(moves: &[Move], piece: &Piece) -> Option<NodeId> {
    let middle = piece.start + piece.sweep / 2.0;
    let within = |moved: &&Move| {
        let start = direction(moved.start);
        clockwise(start, middle) < clockwise(start, direction(moved.end))
    };
    moves.iter().find(within).map(|moved| moved.to)
}

/// A name in the middle of a piece, if it fits there. Does it?
fn letter(marks: &mut Vec<Mark>, layout: &Layout, piece: &Piece, name: &str) -> bool {
    let height = layout.band_outer - layout.band_inner;
    let lettering = Lettering::plain((height * 0.76).min(14.0)).bold();
    let middle = f64::midpoint(layout.band_inner, layout.band_outer);
    let angle = piece.start + piece.sweep / 2.0;
    let width = lettering.width(name);
    // Letters stand upright, so at three and nine o'clock a long name lies across the band.
    let across = width * libm::sin(angle).abs() + lettering.size * 0.7 * libm::cos(angle).abs();
    if piece.sweep * middle < width + 14.0 || across > height + 3.0 {
        return false;
    }
    let at = layout.centre.polar(middle, angle);
    if name.len() > 1 && sticks_out(layout, at, width, lettering.size) {
        return false;
    }
    if pattern(piece.node) != Pattern::Plain {
        marks.push(Mark::circle(at, height * 0.46).fill(Ink::Node(piece.node)));
    }
    marks.push(Mark::text(at, name, lettering, Ink::OnNode(piece.node)));
    true
}

/// Do the corners of a name of several letters lie beside the band?
#[inline(never)]
fn sticks_out(layout: &Layout, at: Point, width: f64, size: f64) -> bool {
    let (right, down) = (width / 2.0, size * 0.36);
    let corners = [(-right, -down), (right, -down), (right, down), (-right, down)];
    corners.into_iter().any(|(x, y)| {
        let from_middle = at.moved(x, y).distance(layout.centre);
        from_middle > layout.band_outer + 1.0 || from_middle < layout.band_inner - 1.0
    })
}

/// The pattern over a piece: strokes across the band, dots along its middle, or both kinds of strokes.
fn textured(marks: &mut Vec<Mark>, layout: &Layout, piece: &Piece) {
    let (inner, outer) = (layout.band_inner, layout.band_outer);
    let middle = f64::midpoint(inner, outer);
    let kind = pattern(piece.node);
    let ink = Ink::OnNode(piece.node);
    let count = (piece.sweep * middle / 7.0) as u32;
    if kind == Pattern::Plain || count == 0 {
        return;
    }
    for at in 0..count {
        let angle = piece.start + piece.sweep * (f64::from(at) + 0.5) / f64::from(count);
        let place = |radius: f64| layout.centre.polar(radius, angle);
        marks.push(match kind {
            Pattern::Dots => Mark::circle(place(middle), 1.6).fill(ink),
            Pattern::Plain | Pattern::Stripes | Pattern::Grid => {
                Mark::line(place(inner + 0.8), place(outer - 0.8)).line_of(ink, 1.2)
            }
        });
    }
    if kind == Pattern::Grid {
        let sweep = piece.sweep - GAP / middle;
        marks.push(Mark::arc(layout.centre, middle, piece.start, sweep.max(0.0)).line_of(ink, 1.2));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::ring::Placement;

    fn ring(nodes: u32, vnodes: u32) -> Ring {
        Setup { names: (0..nodes).map(ringside_sim::names::node_name).collect(), vnodes, ..Setup::bare() }
            .ring()
    }

    #[test]
    fn pieces_cover_the_circle_once_and_neighbours_differ() {
        for (nodes, vnodes) in [(1, 1), (2, 1), (5, 8), (64, 64), (1_024, 256)] {
            let pieces = pieces(&ring(nodes, vnodes), 1_500);
            let covered: f64 = pieces.iter().map(|piece| piece.sweep).sum();
            assert!((covered - TAU).abs() < 1e-6, "{nodes} nodes: {covered}");
            assert!(pieces.len() <= 1_500);
            assert!(pieces.windows(2).all(|pair| pair[0].node != pair[1].node));
        }
    }

    #[test]
    fn a_piece_shows_who_owns_the_keys_there() {
        let ring = ring(5, 8);
        for piece in pieces(&ring, 1_500) {
            let middle = (piece.start + piece.sweep / 2.0) / TAU;
            let position = (middle.fract() * 18_446_744_073_709_551_616.0) as u64;
            assert_eq!(ring.owner(position), Some(piece.node));
        }
    }

    #[test]
    fn an_empty_ring_has_no_band() {
        assert!(pieces(&Ring::new(Placement::Random, 8, 0, &[]), 1_500).is_empty());
    }
}
