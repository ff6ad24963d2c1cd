//! The key's walk: from its position clockwise to its Nth distinct node, the deciding tokens badged 1 … N.

use crate::View;
use crate::layout::{Layout, clockwise, direction};
use crate::mark::{Area, Ink, Lettering, Mark, Point, Thing};
use crate::text::clipped;
use ringside_core::order::by_number;
use ringside_core::ring::Token;
use ringside_core::{Key, NodeId, hash};
use std::f64::consts::TAU;

/// Radius of a badge, in pixels.
const BADGE: f64 = 8.5;

/// The tokens that decide who holds `key`, in the order of the walk: as many as N, or as there are nodes.
#[must_use]
pub fn deciding(view: &View<'_>, key: &Key) -> Vec<Token> {
    let n = view.snapshot.config.n as usize;
    view.snapshot.plan.ring().walk(hash::position(key)).take(n).collect()
}

/// Draws the walk of the view's key, outside the band.
pub(crate) fn draw(view: &View<'_>, layout: &Layout, marks: &mut Vec<Mark>, areas: &mut Vec<Area>) {
    let Some(key) = view.key() else { return };
    let start = direction(hash::position(key));
    let tokens = deciding(view, key);
    let path = layout.band_outer + 11.0;
    let turns: Vec<f64> = tokens.iter().map(|token| clockwise(start, direction(token.position))).collect();
    let places = spread(&turns, (BADGE * 2.0 + 2.0) / path);
    let sweep = turns.iter().chain(&places).copied().fold(0.0, f64::max).min(TAU);
    marks.push(Mark::arc(layout.centre, path, start, sweep).line_of(Ink::Text, 1.5));
    let tick = |radius: f64| layout.centre.polar(radius, start);
    marks.push(Mark::line(tick(layout.band_inner - 3.0), tick(path + 6.0)).line_of(Ink::Text, 2.0));
    for (at, (turn, place)) in turns.iter().zip(&places).enumerate() {
        let badge = layout.centre.polar(path, start + place);
        let token = layout.centre.polar(layout.band_outer - 1.0, start + turn);
        marks.push(Mark::line(badge, token).line_of(Ink::Text, 1.2));
        marks.push(Mark::circle(badge, BADGE).fill(Ink::Ground).line_of(Ink::Text, 1.4));
        let lettering = Lettering::plain(if at < 9 { 11.5 } else { 10.0 }).bold();
        marks.push(Mark::text(badge, (at + 1).to_string(), lettering, Ink::Text));
    }
    label(layout, start, key, marks, areas);
}

/// Moves badges clockwise until they are `least` apart, from each other and from the key's tick. Radians. With zones a
/// later badge may lie before an earlier one.
fn spread(turns: &[f64], least: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..turns.len()).collect();
    // A turn is not negative, and the bits of such numbers are in their order.
    by_number(&mut order, |at| turns[*at].to_bits());
    let mut before = 0.0_f64;
    let mut places = turns.to_vec();
    for at in order {
        before = turns[at].max(before + least);
        places[at] = before;
    }
    places
}

/// The key's name, at its tick but on the side the walk does not take.
fn label(layout: &Layout, start: f64, key: &Key, marks: &mut Vec<Mark>, areas: &mut Vec<Area>) {
    let lettering = Lettering::plain(layout.small).bold().mono().halo();
    let mut text = clipped(key.as_str(), 18);
    let mut half = lettering.width(&text) / 2.0;
    let (mut at, pushed) = place(layout, lettering, start, half);
    if pushed {
        text = shortened(layout, lettering, start, key);
        half = lettering.width(&text) / 2.0;
        at = place(layout, lettering, start, half).0;
    }
    marks.push(Mark::text(at, text, lettering, Ink::Text));
    let (from, to) = (at.moved(-half, 0.0), at.moved(half, 0.0));
    areas.push(Area { thing: Thing::Key(key.clone()), from, to, reach: 14.0 });
}

/// The middle of a name at a key's tick, and whether the window's edge pushes it from there.
fn place(layout: &Layout, lettering: Lettering, start: f64, half: f64) -> (Point, bool) {
    let (sin, cos) = (libm::sin(start), libm::cos(start));
    let out = layout.band_outer + 17.0 + lettering.size * 0.6 + half * sin.abs();
    let back = half * cos.abs() + 3.0;
    let at = layout.centre.polar(out, start).moved(-cos * back, -sin * back);
    let within = |place: f64, room: f64, half: f64| place.min(room - half - 2.0).max(half + 2.0);
    let held = Point::new(
        within(at.x, layout.size.width, half),
        within(at.y, layout.size.height, lettering.size * 0.6),
    );
    (held, held != at)
}

/// As much of a name as the window's edge does not push over the band; at least a few letters.
#[inline(never)]
fn shortened(layout: &Layout, lettering: Lettering, start: f64, key: &Key) -> String {
    let mut text = String::new();
    for most in [18, 9, 7, 5] {
        text = clipped(key.as_str(), most);
        let half = lettering.width(&text) / 2.0;
        let (at, _) = place(layout, lettering, start, half);
        let nearest = Point::new(
            layout.centre.x.clamp(at.x - half, at.x + half),
            layout.centre.y.clamp(at.y - lettering.size * 0.5, at.y + lettering.size * 0.5),
        );
        if nearest.distance(layout.centre) >= layout.band_outer + 2.0 {
            break;
        }
    }
    text
}

/// Draws lines from a node to its tokens: the discs are not the positions on the ring.
pub(crate) fn spokes(view: &View<'_>, layout: &Layout, node: NodeId, marks: &mut Vec<Mark>) {
    /// More lines than this are a smear, not a picture.
    const MOST: usize = 128;
    let hub = layout.node(node);
    for token in view.snapshot.plan.ring().tokens_of(node).take(MOST) {
        let tip = layout.centre.polar(layout.band_inner - 1.0, direction(token.position));
        let from = hub.towards(tip, layout.disc / hub.distance(tip).max(layout.disc));
        marks.push(Mark::line(from, tip).line_of(Ink::Muted, 1.0).faded(0.7));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_keep_their_distance_and_their_order() {
        let places = spread(&[0.01, 0.02, 0.9, 0.91], 0.1);
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 0.1 - 1e-12));
        let turned = spread(&[0.9, 0.02, 0.91, 0.01], 0.1);
        assert_eq!(turned, [places[2], places[1], places[3], places[0]], "whatever their order on the list");
        assert!(places[0] >= 0.1 && (places[2] - 0.9).abs() < 1e-12, "those far apart stay where they are");
    }
}
