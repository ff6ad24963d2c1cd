//! Messages under way. Each is a dot on a curve, exactly where it is at this moment: the part of its way is
//! (now − sent) / (due − sent), so that scrubbing and playing show the same. The dot's form tells the kind.

use crate::View;
use crate::layout::Layout;
use crate::mark::{Area, Ink, Lettering, Mark, Point, Shape, Stroke, Thing, cross};
use crate::text;
use ringside_core::order::by_number;
use ringside_core::{Kind, NodeId, RequestId, Time};
use ringside_sim::{MessageId, MessageRecord};
use std::collections::BTreeMap;

/// More messages under way than this are bundled by link.
pub const MOST: usize = 200;

/// A message's curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Where it begins, at the sender's rim.
    pub from: Point,
    /// What it bends towards.
    pub control: Point,
    /// Where it ends, at the receiver's rim.
    pub to: Point,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stand {
    /// On its way, at this part of it, 0 to 1.
    Moving(f64),
    /// Held back at its sender.
    Held,
    /// Lost at this part of its way; how much of it is still to be seen, 1 to 0.
    Lost(f64, f64),
    /// Delivered, or not sent yet.
    Absent,
}

impl Course {
    /// From node to node. There and back take different curves, both of which keep clear of the words in the
    /// middle.
    #[must_use]
    pub fn new(layout: &Layout, from: NodeId, to: NodeId, coordinator: Option<NodeId>) -> Self {
        let (start, end) = (layout.node(from), layout.node(to));
        let length = start.distance(end).max(1.0);
        let (along_x, along_y) = ((end.x - start.x) / length, (end.y - start.y) / length);
        // The signed distance of the straight line from the middle of the ring.
        let off = (start.x - layout.centre.x) * along_y - (start.y - layout.centre.y) * along_x;
        // Straight through the middle, each direction keeps to its own side.
        let outwards = if off.abs() < 1.0 { 1.0 } else { off.signum() };
        let clear = layout.orbit * 0.36;
        // There and back must not lie on one another.
        let least = (length * 0.10).max(16.0) + if from < to { 0.0 } else { (length * 0.07).max(12.0) };
        // A line that passes the words in the middle bends round them; any other bends inwards, away from the discs
        // between its ends.
        let bend = if off.abs() - least < clear { least.max(clear - off.abs()) } else { -least };
        let middle = start.towards(end, 0.5);
        // The middle of a curve lies half as far out as its control point.
        let control = middle.moved(along_y * outwards * bend * 2.0, -along_x * outwards * bend * 2.0);
        let trim = |node: NodeId, at: Point| {
            at.towards(control, layout.rim(node, coordinator) / at.distance(control))
        };
        Self { from: trim(from, start), control, to: trim(to, end) }
    }

    /// The point at this part of the way, 0 to 1.
    #[must_use]
    pub fn at(&self, part: f64) -> Point {
        self.from.towards(self.control, part).towards(self.control.towards(self.to, part), part)
    }

    /// The piece from its beginning to this part of the way.
    #[must_use]
    pub fn until(&self, part: f64) -> Self {
        Self { from: self.from, control: self.from.towards(self.control, part), to: self.at(part) }
    }

    /// The whole curve, to be stroked.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        Mark::new(Shape::Curve { from: self.from, control: self.control, to: self.to })
    }
}

impl Stand {
    /// Where `message` is for this view.
    #[must_use]
    pub fn of(view: &View<'_>, message: &MessageRecord) -> Self {
        if message.sent_at > view.position {
            return Self::Absent;
        }
        match message.fate.filter(|fate| fate.position <= view.position) {
            None => match message.way(view.position) {
                None => Self::Held,
                Some(travel) => Self::Moving(part(travel.from, travel.due, view.now)),
            },
            Some(fate) if fate.lost.is_some() => {
                let way = message.travel.map(|travel| (travel.from, travel.due));
                let (place, fading) = way.map_or((0.1, 1_000), |(from, due)| {
                    (part(from, due, fate.at), due.since(from).as_micros().max(1_000))
                });
                let gone = view.now.since(fate.at).as_micros() as f64 / fading as f64;
                if gone < 1.0 { Self::Lost(place.clamp(0.1, 0.9), 1.0 - gone) } else { Self::Absent }
            }
            Some(_) => Self::Absent,
        }
    }
}

/// How much of the way from `from` to `due` is behind at `now`: 0 to 1.
#[must_use]
pub fn part(from: Time, due: Time, now: Time) -> f64 {
    let whole = due.since(from).as_micros();
    if whole == 0 {
        return if now < due { 0.0 } else { 1.0 };
    }
    (now.since(from).as_micros() as f64 / whole as f64).min(1.0)
}

/// Losses that are looked at: those before these have faded long since.
const LOSSES: usize = 256;

/// The messages that are somewhere between two nodes, or held, in the order of sending.
#[must_use]
pub fn under_way(view: &View<'_>) -> Vec<(MessageId, Stand)> {
    let lost = &view.trace().lost;
    let by_now =
        |id: &MessageId| view.trace().message(*id).fate.is_some_and(|fate| fate.position <= view.position);
    let recent = &lost[..lost.partition_point(by_now)];
    let recent = &recent[recent.len().saturating_sub(LOSSES)..];
    let stand = |id: &MessageId| {
        let stand = Stand::of(view, view.trace().message(*id));
        (stand != Stand::Absent).then_some((*id, stand))
    };
    let mut found: Vec<_> = view.snapshot.under_way.iter().chain(recent).filter_map(stand).collect();
    by_number(&mut found, |(id, _)| u64::from(id.0));
    found
}

/// Draws what is under way.
pub(crate) fn draw(view: &View<'_>, layout: &Layout, marks: &mut Vec<Mark>, areas: &mut Vec<Area>) {
    let op = view.op();
    let coordinator = coordinator(view);
    let moving = under_way(view);
    let chosen = op.map(|op| op.request);
    let crowded = moving.len() > MOST;
    if crowded {
        bundle(view, layout, &moving, marks);
    }
    for (id, stand) in moving {
        let message = view.trace().message(id);
        let course = Course::new(layout, message.envelope.from, message.envelope.to, coordinator);
        let selected = chosen.is_some() && message.envelope.message.request() == chosen;
        if crowded && !selected && !marked(view, id) {
            continue;
        }
        let at = one(
            (view, layout),
            message,
            &course,
            stand,
            Emphasis { selected, marked: marked(view, id) },
            marks,
        );
        areas.push(Area { thing: Thing::Message(id), from: at, to: at, reach: 14.0 });
    }
}

/// The coordinator of the selected request, where its gauge stands.
pub(crate) fn coordinator(view: &View<'_>) -> Option<NodeId> {
    let begun = view.op()?.coordinator.filter(|(_, since)| *since <= view.position);
    begun.map(|(node, _)| node)
}

fn marked(view: &View<'_>, id: MessageId) -> bool {
    view.selection.message == Some(id) || view.selection.hover == Some(Thing::Message(id))
}

#[derive(Clone, Copy)]
struct Emphasis {
    /// Is it of the selected request?
    selected: bool,
    /// Is it selected itself, or pointed at?
    marked: bool,
}

fn one(
    (view, layout): (&View<'_>, &Layout),
    message: &MessageRecord,
    course: &Course,
    stand: Stand,
    emphasis: Emphasis,
    marks: &mut Vec<Mark>,
) -> Point {
    let strong = emphasis.selected || emphasis.marked;
    let (ink, size) = if strong { (Ink::Text, 6.5) } else { (Ink::Muted, 4.5) };
    let kind = message.envelope.message.kind();
    match stand {
        Stand::Absent => course.from,
        Stand::Moving(part) => {
            let at = course.at(part);
            if strong {
                marks.push(course.mark().line_of(Ink::Muted, 1.0).faded(0.45));
                marks.push(course.until(part).mark().line_of(ink, 1.6));
            }
            form(kind, at, heading(course, part), size, ink, marks);
            if strong {
                label((view, layout), (course, at), &caption(view, message), marks);
            }
            at
        }
        Stand::Held => {
            let at = course.at(0.06);
            if strong {
                marks.push(course.mark().stroke(Stroke::dashed(Ink::Muted, 1.0)).faded(0.7));
            }
            form(kind, at, heading(course, 0.0), size, ink, marks);
            let beside = at.moved(size + 6.0, 0.0);
            for x in [0.0, 5.0] {
                let bar = Mark::line(beside.moved(x, -5.0), beside.moved(x, 5.0));
                marks.push(bar.line_of(Ink::Text, 2.2));
            }
            if strong {
                label((view, layout), (course, beside.moved(7.0, 0.0)), "held", marks);
            }
            at
        }
        Stand::Lost(part, left) => {
            let at = course.at(part);
            if strong {
                marks.push(course.until(part).mark().line_of(ink, 1.4).faded(left * 0.7));
            }
            marks.extend(cross(at, 5.0, ink, 0.25 + left * 0.75));
            at
        }
    }
}

/// What stands beside a dot: the kind, and for an answer to a get what it brings.
fn caption(view: &View<'_>, message: &MessageRecord) -> String {
    let mut told = text::kind(message.envelope.message.kind()).to_owned();
    if let ringside_core::Message::ReadReply { versions, .. } = &message.envelope.message {
        told.push_str(": ");
        told.push_str(&text::clipped(&text::dots(view, versions), 12));
    }
    told
}

/// Writes beside a dot what it is, where there is room for it; a label never lies over a node, the band or the words
/// in the middle, and is left out where it would.
fn label(
    (view, layout): (&View<'_>, &Layout),
    (course, at): (&Course, Point),
    told: &str,
    marks: &mut Vec<Mark>,
) {
    let lettering = Lettering::plain(13.0).halo();
    let half = lettering.width(told) / 2.0;
    let coordinator = coordinator(view);
    let beside = half + 12.0;
    let (near, far) = ([(1.0, 0.0), (0.0, 18.0), (0.0, -18.0)], [(1.0, 14.0), (1.0, -14.0), (1.0, 22.0)]);
    let places = near.into_iter().chain(far).flat_map(|(x, y)| [(x * beside, y), (-x * beside, y)]);
    let free = |place: &Point| {
        let nearest = |node: NodeId| {
            let disc = layout.node(node);
            let (x, y) =
                (((disc.x - place.x).abs() - half).max(0.0), ((disc.y - place.y).abs() - 8.0).max(0.0));
            libm::hypot(x, y)
        };
        let inside = layout.centre.distance(*place) + half * 0.8 < layout.band_inner;
        let words =
            (layout.centre.y - place.y).abs() > 40.0 || (layout.centre.x - place.x).abs() > half + 75.0;
        let over = |part: u32| {
            let point = course.at(f64::from(part) / 24.0);
            (point.x - place.x).abs() < half + 2.0 && (point.y - place.y).abs() < 8.0
        };
        !(0..=24).any(over)
            && inside
            && words
            && !marks.iter().any(|mark| mark.reaches_into(*place, half, 6.0))
            && (0..layout.nodes).map(NodeId).all(|node| nearest(node) > layout.rim(node, coordinator))
    };
    let place = places.map(|(x, y)| at.moved(x, y)).find(free);
    if let Some(place) = place {
        marks.push(Mark::text(place, told, lettering, Ink::Text));
    }
}

/// The direction of travel, in radians clockwise from twelve o'clock.
fn heading(course: &Course, part: f64) -> f64 {
    let (one, two) = (course.at((part - 0.02).max(0.0)), course.at((part + 0.02).min(1.0)));
    libm::atan2(two.x - one.x, one.y - two.y)
}

/// The dot: a write is filled, a read hollow, an ack a tick, a repair a diamond, a hint or a comparison a hollow one, a forwarded
/// request a square, gossip two small dots, one of them hollow.
pub(crate) fn form(kind: Kind, at: Point, heading: f64, size: f64, ink: Ink, marks: &mut Vec<Mark>) {
    let corner = |turn: f64, reach: f64| at.polar(size * reach, turn);
    let quarter = std::f64::consts::FRAC_PI_2;
    match kind {
        Kind::Write => marks.push(Mark::circle(at, size).fill(ink)),
        Kind::Read => marks.push(Mark::circle(at, size - 0.8).fill(Ink::Ground).line_of(ink, 1.8)),
        Kind::ReadReply => {
            marks.push(Mark::circle(at, size - 0.8).fill(Ink::Ground).line_of(ink, 1.8));
            marks.push(Mark::circle(at, size * 0.32).fill(ink));
        }
        Kind::WriteAck | Kind::RepairAck | Kind::HintAck | Kind::CollectAck | Kind::TransferAck => {
            marks.push(Mark::circle(at, size + 1.0).fill(Ink::Ground));
            let tick = [
                at.moved(-size * 0.75, 0.0),
                at.moved(-size * 0.2, size * 0.6),
                at.moved(size * 0.8, -size * 0.7),
            ];
            marks.push(Mark::path(&tick).line_of(ink, 2.4));
        }
        Kind::Repair => {
            let diamond = [0.0, 1.0, 2.0, 3.0].map(|at| corner(quarter * at, 1.2));
            marks.push(Mark::polygon(&diamond).fill(ink));
        }
        // Two dots, one of them hollow: what one knows and the other lacks.
        Kind::Gossip => {
            let (own, other) = (at.polar(size * 0.55, heading), at.polar(-size * 0.55, heading));
            marks.push(Mark::circle(other, size * 0.5).fill(Ink::Ground).line_of(ink, 1.4));
            marks.push(Mark::circle(own, size * 0.5).fill(ink));
        }
        Kind::Hint => {
            let diamond = [0.0, 1.0, 2.0, 3.0].map(|at| corner(quarter * at, 1.2));
            marks.push(Mark::polygon(&diamond).fill(Ink::Ground).line_of(ink, 1.8));
        }
        // An upright cross, as on a grave.
        Kind::Collect => {
            let (up, across) = (size * 1.1, size * 0.7);
            marks.push(Mark::line(at.moved(0.0, -up), at.moved(0.0, up)).line_of(ink, 2.4));
            let bar = at.moved(0.0, -size * 0.35);
            marks.push(Mark::line(bar.moved(-across, 0.0), bar.moved(across, 0.0)).line_of(ink, 2.4));
        }
        Kind::Merkle => {
            let diamond = [0.0, 1.0, 2.0, 3.0].map(|at| corner(quarter * at, 1.15));
            marks.push(Mark::polygon(&diamond).fill(Ink::Ground).line_of(ink, 1.6));
        }
        // A box of keys: a square with a hollow middle.
        Kind::Transfer => {
            let square = [0.5, 1.5, 2.5, 3.5].map(|at| corner(heading + quarter * at, 1.4));
            marks.push(Mark::polygon(&square).fill(ink));
            marks.push(Mark::circle(at, size * 0.45).fill(Ink::Ground));
        }
        Kind::Forward => {
            let square = [0.5, 1.5, 2.5, 3.5].map(|at| corner(heading + quarter * at, 1.25));
            marks.push(Mark::polygon(&square).fill(ink));
        }
    }
}

/// Too many to see one by one: a line for each link, as wide as it is busy, and how many there are.
#[inline(never)]
fn bundle(view: &View<'_>, layout: &Layout, moving: &[(MessageId, Stand)], marks: &mut Vec<Mark>) {
    let mut links: BTreeMap<(NodeId, NodeId), u32> = BTreeMap::new();
    for (id, _) in moving {
        let envelope = &view.trace().message(*id).envelope;
        *links.entry((envelope.from, envelope.to)).or_default() += 1;
    }
    for ((from, to), count) in &links {
        let course = Course::new(layout, *from, *to, None);
        let width = libm::sqrt(f64::from(*count)).min(7.0);
        marks.push(course.mark().line_of(Ink::Muted, width).faded(if links.len() <= 40 { 0.4 } else { 0.2 }));
    }
    let told = [moving.len().to_string().as_str(), " messages under way,"].concat();
    let at = layout.centre.moved(0.0, layout.orbit * 0.5);
    let lettering = Lettering::plain(layout.small).halo();
    marks.push(Mark::text(at, told, lettering, Ink::Text));
    marks.push(Mark::text(at.moved(0.0, layout.small + 3.0), "bundled by link", lettering, Ink::Text));
    // Where there is room, the number of each, the largest first.
    let mut taken =
        vec![(layout.centre, 80.0, 34.0), (at.moved(0.0, layout.small / 2.0), 80.0, layout.small + 3.0)];
    let mut links: Vec<_> = links.into_iter().collect();
    by_number(&mut links, |(_, count)| u64::from(u32::MAX - count));
    for ((from, to), count) in links {
        let at = Course::new(layout, from, to, None).at(0.5);
        let lettering = Lettering::plain(13.0).bold().halo();
        let told = count.to_string();
        let (wide, high) = (lettering.width(&told) / 2.0 + 2.0, 8.0);
        let free = |(other, far, tall): &(Point, f64, f64)| {
            (other.x - at.x).abs() > far + wide || (other.y - at.y).abs() > tall + high
        };
        if taken.iter().all(free) {
            marks.push(Mark::text(at, told, lettering, Ink::Text));
            taken.push((at, wide, high));
        }
    }
}

/// Faint lines of what the selected request has already delivered, and crosses where it lost something.
pub(crate) fn trails(view: &View<'_>, layout: &Layout, request: RequestId, marks: &mut Vec<Mark>) {
    let coordinator = coordinator(view);
    let Some(op) = view.trace().op(request) else { return };
    for id in &op.sent {
        let message = view.trace().message(*id);
        let Some(fate) = message.fate.filter(|fate| fate.position <= view.position) else { continue };
        let course = Course::new(layout, message.envelope.from, message.envelope.to, coordinator);
        if fate.lost.is_none() {
            marks.push(course.mark().line_of(Ink::Muted, 1.0).faded(0.5));
        } else {
            let way = message.travel.map_or(0.1, |travel| part(travel.from, travel.due, fate.at));
            let at = way.clamp(0.1, 0.9);
            marks.push(course.until(at).mark().line_of(Ink::Muted, 1.0).faded(0.5));
            marks.extend(cross(course.at(at), 4.0, Ink::Muted, 0.9));
        }
    }
}

#[cfg(test)]
mod tests;
