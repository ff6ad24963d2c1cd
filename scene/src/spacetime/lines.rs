//! The lines of the diagram: a message slants from where and when it was sent to where and when it arrives.

use super::Chart;
use crate::mark::{Anchor, Area, Ink, Lettering, Mark, Point, Stroke, Thing, arrowhead, cross};
use crate::messages::form;
use crate::ring::Layer;
use crate::scale::Scale;
use crate::{View, text};
use ringside_core::order::by_number;
use ringside_core::{Kind, Time};
use ringside_sim::{MessageId, MessageRecord, Op, OpOutcome, What};

/// More lines of other messages than this are not drawn; the diagram says how many there are.
const OTHERS: usize = 300;
/// So many messages before and after the moment are looked at for these.
const LOOKED_AT: usize = 1_500;

pub(super) fn draw(view: &View<'_>, chart: &Chart, layer: &mut Layer) {
    let op = view.op();
    let trace = view.trace();
    let marked = |id: MessageId| {
        view.selection.message == Some(id) || view.selection.hover == Some(Thing::Message(id))
    };
    let within = others(view, chart);
    let mut own: Vec<MessageId> = op.map_or_else(Vec::new, |op| op.sent.clone());
    own.extend(view.selection.message.iter().filter(|id| !own.contains(id)).copied().collect::<Vec<_>>());
    let mut drawn: usize = 0;
    let mut folded: usize = 0;
    for id in within.shown.iter().filter(|id| !own.contains(id)) {
        let record = trace.message(*id);
        let ends = [Some(record.sent), record.fate.map(|fate| fate.at)];
        if ends.into_iter().flatten().any(|at| chart.scale.hides(at)) {
            folded += 1;
            continue;
        }
        if let Some(line) = Line::of(view, chart, trace.message(*id)) {
            drawn += 1;
            line.draw(*id, trace.message(*id).envelope.message.kind(), marked(*id), marked(*id), layer);
        }
    }
    // What is selected lies above the rest.
    for id in own {
        if let Some(line) = Line::of(view, chart, trace.message(id)) {
            drawn += 1;
            line.draw(id, trace.message(id).envelope.message.kind(), true, marked(id), layer);
        }
    }
    let mut words = Words { chart, taken: Vec::new() };
    operations(view, chart, &mut words, layer);
    let left_out = within.all.saturating_sub(drawn + folded);
    if left_out > 0 {
        let messages = if left_out == 1 { " more message" } else { " more messages" };
        let told = [&left_out.to_string(), messages].concat();
        let lettering = Lettering::plain(12.0).halo().anchor(Anchor::End);
        // Above the first lane, where the words of its client leave room.
        let mut right = chart.scale.right;
        while let Some((_, from, _)) = words.taken.iter().find(|(lane, from, to)| {
            (lane - chart.top).abs() < 1.0
                && *from < right + 4.0
                && right - lettering.width(&told) < *to + 4.0
        }) {
            right = from - 8.0;
        }
        if right - lettering.width(&told) > chart.scale.left {
            layer.marks.push(Mark::text(Point::new(right, 8.0), told, lettering, Ink::Muted));
        }
    }
}

/// The messages of a window.
struct Within {
    /// How many there are.
    all: usize,
    /// Those that are drawn if they have lanes, in the order of sending.
    shown: Vec<MessageId>,
}

/// Which messages of the window are drawn where there are too many: requests before what nodes say to each other
/// for ever, and of each the nearest to the moment. Looks at a bounded number of messages, however long the run is.
fn others(view: &View<'_>, chart: &Chart) -> Within {
    let messages = &view.trace().messages;
    let begin = messages.partition_point(|message| message.sent < chart.scale.from);
    let end = messages.partition_point(|message| message.sent <= chart.scale.to);
    let here = messages.partition_point(|message| message.sent_at <= view.position).clamp(begin, end);
    let earlier = |id: &&MessageId| (id.0 as usize) < begin;
    let mut near: Vec<MessageId> = view.snapshot.under_way.iter().filter(earlier).copied().collect();
    let events = &view.trace().events;
    let first = events.partition_point(|event| event.at < chart.scale.from);
    for event in events[first..].iter().take(LOOKED_AT).take_while(|event| event.at <= chart.scale.to) {
        if let What::Delivered(id) | What::Lost(id, _) = event.what
            && (id.0 as usize) < begin
        {
            near.push(id);
        }
    }
    by_number(&mut near, |id| u64::from(id.0));
    near.dedup();
    let all = end - begin + near.len();
    let (from, to) = (here.saturating_sub(LOOKED_AT).max(begin), (here + LOOKED_AT).min(end));
    near.extend((from..to).filter_map(|at| u32::try_from(at).ok()).map(MessageId));
    if near.len() > OTHERS {
        let rank = |id: &MessageId| {
            let background =
                matches!(view.trace().message(*id).envelope.message.kind(), Kind::Gossip | Kind::Merkle);
            (u64::from(background) << 32) | (id.0 as usize).abs_diff(here) as u64
        };
        by_number(&mut near, rank);
        near.truncate(OTHERS);
        by_number(&mut near, |id| u64::from(id.0));
    }
    Within { all, shown: near }
}

/// A message's line on paper.
struct Line {
    from: Point,
    /// Where it is or ends as far as it has come.
    reached: Point,
    /// Where it ends, as far as the run knows.
    to: Point,
    /// Has any of it happened?
    begun: bool,
    /// Has it ended?
    over: bool,
    lost: bool,
    held: bool,
    /// Does its end lie in the window?
    ends: bool,
}

impl Line {
    fn of(view: &View<'_>, chart: &Chart, record: &MessageRecord) -> Option<Self> {
        let (from_y, to_y) = (chart.node(record.envelope.from)?, chart.node(record.envelope.to)?);
        let travel = record.way(view.position).or(record.travel);
        let due = travel.map(|travel| travel.due);
        // A message that is held goes along its sender's lane until it is released.
        let start = travel.map_or(record.sent, |travel| travel.from);
        let end = record.fate.map(|fate| fate.at).or(due).unwrap_or(view.recording.ended());
        if !chart.scale.meets(record.sent, end.max(due.unwrap_or(end))) {
            return None;
        }
        let slope = |at: Time| match due {
            Some(due) => from_y + (to_y - from_y) * crate::messages::part(start, due, at),
            None => from_y,
        };
        let place = |at: Time| clip(chart, at, slope);
        let lost = record.fate.is_some_and(|fate| fate.lost.is_some());
        let over = record.fate.is_some_and(|fate| fate.position <= view.position);
        // Lost at once: a short line still shows that something was sent.
        let end = if lost && end <= start { due.map_or(end, |due| start + due.since(start)) } else { end };
        let begun = record.sent_at <= view.position;
        let reached = if over { end } else { view.now.min(end) };
        Some(Self {
            from: place(start),
            reached: if begun { place(reached.max(start)) } else { place(start) },
            to: place(end),
            begun,
            over,
            lost,
            held: record.way(view.position).is_none(),
            ends: chart.scale.meets(end, end),
        })
    }

    fn draw(&self, id: MessageId, kind: Kind, own: bool, marked: bool, layer: &mut Layer) {
        let answer = matches!(
            kind,
            Kind::WriteAck | Kind::ReadReply | Kind::RepairAck | Kind::HintAck | Kind::CollectAck
        );
        let width = if marked { 2.6 } else { 1.6 };
        let stroke = |ink| if answer { Stroke::dashed(ink, width) } else { Stroke::solid(ink, width) };
        let (ink, opacity) = if own { (Ink::Text, 1.0) } else { (Ink::Muted, 0.4) };
        let grey = if own { 0.4 } else { 0.2 };
        let marks = &mut layer.marks;
        if self.held && self.begun && !self.over {
            return self.waits(id, kind, layer);
        }
        if !self.over {
            marks.push(Mark::line(self.reached, self.to).stroke(stroke(Ink::Muted)).faded(grey));
        }
        if self.begun {
            marks.push(Mark::line(self.from, self.reached).stroke(stroke(ink)).faded(opacity));
        }
        let (ink, opacity) = if self.over { (ink, opacity) } else { (Ink::Muted, grey) };
        if self.lost {
            marks.extend(cross(self.to, 4.5, ink, opacity));
        } else if self.ends {
            marks.push(arrowhead(self.from, self.to, 9.0, ink).faded(opacity));
        }
        if self.begun && !self.over && own {
            form(kind, self.reached, 0.0, 5.0, Ink::Text, marks);
        }
        layer.areas.push(Area { thing: Thing::Message(id), from: self.from, to: self.to, reach: 6.0 });
    }
}

impl Line {
    /// A message that is held back: it waits on its sender's lane, and where it goes is not drawn yet.
    fn waits(&self, id: MessageId, kind: Kind, layer: &mut Layer) {
        let bar =
            |x: f64| Mark::line(self.from.moved(x, -5.0), self.from.moved(x, 5.0)).line_of(Ink::Text, 2.0);
        form(kind, self.from, 0.0, 5.0, Ink::Text, &mut layer.marks);
        layer.marks.extend([bar(10.0), bar(14.5)]);
        layer.areas.push(Area { thing: Thing::Message(id), from: self.from, to: self.from, reach: 10.0 });
    }
}

/// The point of a line at a moment, or where the line enters or leaves the window.
fn clip(chart: &Chart, at: Time, y: impl Fn(Time) -> f64) -> Point {
    let at = at.clamp(chart.scale.from, chart.scale.to);
    Point::new(chart.scale.x(at), y(at))
}

/// Operations that may begin or end in the window. A client gives up in the end, so those that began long before it are
/// over; the selected one is there always.
pub(super) fn operations_within<'a>(view: &View<'a>, scale: &Scale) -> impl Iterator<Item = &'a Op> {
    let ops = &view.trace().ops;
    let patience = view.snapshot.config.timeout.times(4);
    let begin = ops.partition_point(|op| op.start < scale.from - patience);
    let end = ops.partition_point(|op| op.start <= scale.to);
    let own = view.op().filter(|op| op.start < scale.from - patience);
    own.into_iter().chain(&ops[begin..end])
}

/// What clients ask and hear: between a client and a node no time passes, so that these lines are upright.
fn operations(view: &View<'_>, chart: &Chart, words: &mut Words<'_>, layer: &mut Layer) {
    let chosen = view.op().map(|op| op.request);
    for op in operations_within(view, &chart.scale) {
        let Some(lane) = chart.client(&op.client) else { continue };
        let own = Some(op.request) == chosen;
        if let Some(node) = chart.node(op.via).filter(|_| chart.scale.meets(op.start, op.start)) {
            let x = chart.scale.x(op.start);
            upright(layer, op, (x, lane, node), (op.start_at <= view.position, own), false);
            let what = [op.kind.name(), " ", &text::clipped(op.key.as_str(), 10)].concat();
            if own {
                words.add((x, lane), &what, Ink::Muted, true, layer);
            }
        }
        let Some(end) = op.end.as_ref().filter(|end| chart.scale.meets(end.at, end.at)) else { continue };
        let x = chart.scale.x(end.at);
        let from = op.coordinator.map_or(op.via, |(node, _)| node);
        let past = end.position <= view.position;
        if let Some(node) = chart.node(from).filter(|_| end.error.is_none() || end.returned.is_some()) {
            upright(layer, op, (x, node, lane), (past, own), true);
        }
        let ink = match end.outcome {
            OpOutcome::Failed if past => Ink::Alarm,
            _ if past && own => Ink::Text,
            OpOutcome::Ok | OpOutcome::Unknown | OpOutcome::Failed => Ink::Muted,
        };
        words.add((x, lane), end.outcome.name(), ink, own || ink == Ink::Alarm, layer);
    }
}

/// Words above the clients' lanes, kept apart.
struct Words<'a> {
    chart: &'a Chart,
    /// Lane and stretch of what stands there.
    taken: Vec<(f64, f64, f64)>,
}

impl Words<'_> {
    /// Writes a word at a place; if something stands there, beside it if the word must be seen, else not at all.
    fn add(&mut self, (x, lane): (f64, f64), told: &str, ink: Ink, must: bool, layer: &mut Layer) {
        let lettering = Lettering::plain(12.0).halo().anchor(Anchor::Start);
        let width = lettering.width(told) + 4.0;
        let mut left = (x + 4.0).min(self.chart.size.width - width);
        for (at, from, to) in &self.taken {
            if (at - lane).abs() < 1.0 && left < *to && left + width > *from {
                if !must {
                    return;
                }
                let after = to + 4.0;
                left = if after + width > self.chart.size.width { from - width } else { after };
            }
        }
        self.taken.push((lane, left, left + width));
        layer.marks.push(Mark::text(Point::new(left, lane - 10.0), told, lettering, ink));
    }
}

fn upright(
    layer: &mut Layer,
    op: &Op,
    (x, from, to): (f64, f64, f64),
    (past, own): (bool, bool),
    dashed: bool,
) {
    let (from, to) = (Point::new(x, from), Point::new(x, to));
    let (ink, opacity) = match (past, own) {
        (true, true) => (Ink::Text, 1.0),
        (false, true) | (true, false) => (Ink::Muted, 0.4),
        (false, false) => (Ink::Muted, 0.2),
    };
    layer.marks.push(Mark::line(from, to).stroke(Stroke { ink, width: 1.6, dashed }).faded(opacity));
    layer.marks.push(arrowhead(from, to, 9.0, ink).faded(opacity));
    layer.areas.push(Area { thing: Thing::Request(op.request), from, to, reach: 6.0 });
}
