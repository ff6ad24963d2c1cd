//! The space-time diagram: a lane for each client and node, time to the right, a slanting line for each message.
//! The future that a viewer has already seen stays, in grey.

mod lines;
mod quiet;

use crate::mark::{Anchor, Area, Ink, Lettering, Mark, Point, Thing};
use crate::quorum::Progress;
use crate::ring::Layer;
use crate::scale::Scale;
use crate::text::{clipped, clipped_before};
use crate::{Size, View};
use ringside_core::{NodeId, Span, Time};
use ringside_sim::{Act, Op, What};

/// Who has a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A client, by its name.
    Client(String),
    /// A node.
    Node(NodeId),
}

/// Where the diagram's parts lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The room there is.
    pub size: Size,
    /// Time on its pixels.
    pub scale: Scale,
    /// The lanes, from the top.
    pub lanes: Vec<Lane>,
    /// Where the first lane lies, in pixels.
    pub top: f64,
    /// From lane to lane, in pixels.
    pub step: f64,
    /// How many nodes have no lane, for want of room.
    pub hidden: u32,
    /// Clients of the window that have no lane.
    pub clients: usize,
}

/// Lanes are at least this far apart, in pixels.
const LEAST_STEP: f64 = 17.0;
/// Names longer than this are cut at their lanes; the inspector has them whole.
const NAME: usize = 7;
/// The room for ticks below the lanes, in pixels.
const FOOT: f64 = 24.0;

/// The window of time to begin with: the selected request with some room; without one the whole run, or of a long one the
/// page that the moment is on.
#[must_use]
pub fn window(view: &View<'_>) -> (Time, Time) {
    let Some(op) = view.op() else { return page(view) };
    let mut last = op.end.as_ref().map_or(view.now, |end| end.at).max(view.now);
    for id in &op.sent {
        let message = view.trace().message(*id);
        let due = message.travel.map(|travel| travel.due);
        last = last.max(message.fate.map(|fate| fate.at).or(due).unwrap_or(last));
    }
    let room = Span::from_micros(last.since(op.start).as_micros() / 12 + 500);
    (op.start - room, last + room)
}

/// Events to a page where no request is selected: with more of them lines can no longer be told apart.
const PAGE: u64 = 120;

/// The events round the view's position, a page of them at a time, so that the diagram stands still between two turns.
fn page(view: &View<'_>) -> (Time, Time) {
    let events = &view.trace().events;
    let number = view.position.saturating_sub(1) / PAGE;
    let at = |page: u64| usize::try_from(page * PAGE).ok().and_then(|index| events.get(index));
    let from = at(number).filter(|_| number > 0).map_or(Time::ZERO, |event| event.at);
    let to = at(number + 1).map_or(view.recording.ended(), |event| event.at);
    (from, to.max(view.now))
}

impl Chart {
    /// The diagram of a view, for a window of time.
    #[must_use]
    pub fn new(view: &View<'_>, size: Size, (from, to): (Time, Time)) -> Self {
        let narrow = size.width < 700.0;
        let (left, right) =
            (if narrow { 76.0 } else { 116.0 }, size.width - if narrow { 14.0 } else { 36.0 });
        let scale = Scale::new(from, to, left, right.max(left + 10.0));
        let scale = scale.folded(quiet::folds(view, from, to), if narrow { 84.0 } else { 78.0 });
        let top = 24.0;
        let room = ((size.height - top - FOOT) / LEAST_STEP).max(2.0) as usize;
        let (mut lanes, clients) = order(view, &scale, room);
        lanes.truncate(room);
        let nodes = lanes.iter().filter(|lane| matches!(lane, Lane::Node(_))).count();
        let hidden = view.setup().names.len().saturating_sub(nodes);
        let gaps = lanes.len().max(1) as f64;
        let step = ((size.height - top - FOOT) / gaps).min(34.0);
        Self { size, scale, lanes, top, step, hidden: hidden as u32, clients }
    }

    /// Where a node's lane lies; none if it has none.
    #[must_use]
    pub fn node(&self, node: NodeId) -> Option<f64> {
        self.y(|lane| *lane == Lane::Node(node))
    }

    /// Where a client's lane lies; none if it has none.
    #[must_use]
    pub fn client(&self, name: &str) -> Option<f64> {
        self.y(|lane| matches!(lane, Lane::Client(client) if client == name))
    }

    fn y(&self, wanted: impl Fn(&Lane) -> bool) -> Option<f64> {
        self.lanes.iter().position(wanted).map(|at| self.top + self.step * at as f64)
    }

    fn bottom(&self) -> f64 {
        self.top + self.step * (self.lanes.len().max(1) - 1) as f64 + self.step * 0.5
    }
}

/// The lanes: clients of the window, the coordinator, the other replicas in the order of the preference list, and
/// then of the rest as many as there is room for. And how many clients of the window have no lane.
fn order(view: &View<'_>, scale: &Scale, room: usize) -> (Vec<Lane>, usize) {
    /// More clients than these would push the nodes out of sight.
    const CLIENTS: usize = 4;
    let most = CLIENTS.min(room / 3).max(1);
    let mut lanes: Vec<Lane> = Vec::new();
    let mut add = |lane: Lane| {
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
    };
    let op = view.op();
    let mut clients: Vec<&str> = op.iter().map(|op| op.client.as_str()).collect();
    for op in lines::operations_within(view, scale) {
        let end = op.end.as_ref().map_or(view.recording.ended(), |end| end.at);
        if scale.meets(op.start, end) && !clients.contains(&op.client.as_str()) {
            clients.push(&op.client);
        }
    }
    let hidden = clients.len().saturating_sub(most);
    clients.truncate(most);
    for client in clients {
        add(Lane::Client(client.to_owned()));
    }
    if let Some(op) = op {
        for node in parties(view, op) {
            add(Lane::Node(node));
        }
    }
    for node in view.setup().nodes() {
        if lanes.len() >= room {
            break;
        }
        if !lanes.contains(&Lane::Node(node)) {
            lanes.push(Lane::Node(node));
        }
    }
    (lanes, hidden)
}

fn parties(view: &View<'_>, op: &Op) -> Vec<NodeId> {
    // Lanes must not jump when the coordinator is known: what the run will show is taken at once.
    let end = View { position: view.recording.len(), ..*view };
    match Progress::outline(&end, op) {
        Some(progress) => {
            let slots = progress.slots.iter().map(|slot| slot.node);
            let forwarded = (op.via != progress.coordinator).then_some(op.via);
            let fallbacks = progress.slots.iter().filter_map(|slot| slot.fallback);
            forwarded.into_iter().chain([progress.coordinator]).chain(slots).chain(fallbacks).collect()
        }
        None => vec![op.via],
    }
}

/// Lanes, names, ticks, faults and message lines: changes with position, selection and window.
#[must_use]
pub fn still(view: &View<'_>, chart: &Chart) -> Layer {
    let mut layer = Layer::default();
    ticks(chart, &mut layer.marks);
    lanes(view, chart, &mut layer);
    downs(view, chart, &mut layer.marks);
    // Lines that go on through a strip lie above it.
    quiet::draw(view, chart, &mut layer.marks);
    lines::draw(view, chart, &mut layer);
    layer
}

/// The playhead: changes with every moment.
#[must_use]
pub fn moving(view: &View<'_>, chart: &Chart) -> Layer {
    let mut layer = Layer::default();
    let x = chart.scale.x(view.now);
    if x >= chart.scale.left - 1.0 && x <= chart.scale.right + 1.0 {
        // Below the words of the first lane.
        let line = Mark::line(Point::new(x, chart.top - 4.0), Point::new(x, chart.bottom() + 4.0));
        layer.marks.push(line.line_of(Ink::Text, 2.0));
    }
    layer
}

fn ticks(chart: &Chart, marks: &mut Vec<Mark>) {
    let small = if chart.size.width < 700.0 { 14.0 } else { 12.0 };
    let bottom = chart.bottom();
    let ticks = chart.scale.ticks(if small > 13.0 { 76.0 } else { 88.0 });
    let alike = ticks.windows(2).any(|two| two[0].to_string() == two[1].to_string());
    for tick in ticks {
        let told = if alike { exactly(tick) } else { tick.to_string() };
        let x = chart.scale.x(tick);
        let line = Mark::line(Point::new(x, chart.top - 14.0), Point::new(x, bottom));
        marks.push(line.line_of(Ink::Hair, 1.0).faded(0.6));
        let at = Point::new(x, bottom + 11.0);
        let half = Lettering::plain(small).width(&told) / 2.0;
        // The names' side may say how many nodes have no lane.
        let covered = chart.hidden > 0 && x - half < chart.scale.left - 8.0;
        if x + half > chart.size.width || covered {
            continue;
        }
        marks.push(Mark::text(at, told, Lettering::plain(small), Ink::Muted));
    }
    // Above and below the names, where no word of a request stands.
    let without = [(chart.clients, " client", 8.0), (chart.hidden as usize, " node", bottom + 11.0)];
    for (count, of, y) in without.into_iter().filter(|(count, ..)| *count > 0) {
        let told = ["+ ", &count.to_string(), of, if count == 1 { "" } else { "s" }].concat();
        let at = Point::new(chart.scale.left - 12.0, y);
        marks.push(Mark::text(at, told, Lettering::plain(small).anchor(Anchor::End), Ink::Muted));
    }
}

/// In seconds with all their digits, where rounded ones would say the same of two ticks.
fn exactly(tick: Time) -> String {
    let (secs, micros) = (tick.as_micros() / 1_000_000, tick.as_micros() % 1_000_000);
    let digits = (1_000_000 + micros).to_string();
    let part = digits[1..].trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    [&secs.to_string(), point, part, " s"].concat()
}

fn lanes(view: &View<'_>, chart: &Chart, layer: &mut Layer) {
    let left = chart.scale.left;
    let size = if chart.size.width < 700.0 { 14.0 } else { 13.0 };
    let bold = Lettering::plain(size).anchor(Anchor::End).bold();
    let widest = view.setup().names.iter().map(|name| bold.width(&clipped(name, NAME))).fold(0.0, f64::max);
    for (at, lane) in chart.lanes.iter().enumerate() {
        let y = chart.top + chart.step * at as f64;
        let line = Mark::line(Point::new(left, y), Point::new(chart.scale.right, y));
        layer.marks.push(line.line_of(Ink::Hair, 1.4));
        let lettering = Lettering::plain(size).anchor(Anchor::End);
        let place = Point::new(left - 12.0, y);
        match lane {
            Lane::Client(name) => {
                let most = ((left - 18.0) / lettering.width("x")).clamp(3.0, 12.0) as usize;
                layer.marks.push(Mark::text(place, clipped_before(name, most), lettering, Ink::Text));
            }
            Lane::Node(node) => {
                let name = clipped(view.name(*node), NAME);
                let dot = place.moved(-widest - 11.0, 0.0);
                let radius = (chart.step * 0.3).min(6.5);
                let circle = Mark::circle(dot, radius);
                layer.marks.push(if view.is_up(*node) {
                    circle.fill(Ink::Node(*node)).line_of(Ink::Rim, 1.2)
                } else {
                    circle.fill(Ink::Ground).line_of(Ink::Muted, 1.2)
                });
                layer.marks.push(Mark::text(place, name, bold, Ink::Text));
                let from = Point::new(8.0, y);
                let thing = Thing::Node(*node);
                layer.areas.push(Area { thing, from, to: place, reach: chart.step * 0.5 });
            }
        }
    }
}

/// Shades the lanes of nodes while they are down or paused.
fn downs(view: &View<'_>, chart: &Chart, marks: &mut Vec<Mark>) {
    let mut since: Vec<(NodeId, Time, &str)> = Vec::new();
    let mut spells: Vec<(NodeId, Time, &str, Time)> = Vec::new();
    for (_, event) in view.trace().acts() {
        let What::Act { act, .. } = &event.what else { continue };
        let Some((node, becomes)) = condition(act) else { continue };
        let now = since.iter().position(|(of, ..)| *of == node);
        // Who is down is not paused, and who is paused is not restarted; who is so already goes on being so.
        match (now.map(|at| since[at].2), becomes, act) {
            (None, None, _) | (Some("down"), Some(_), _) | (Some("paused"), Some("paused"), _) => continue,
            (Some("down"), None, Act::Resume(_)) | (Some("paused"), None, Act::Restart(_)) => continue,
            _ => {}
        }
        if let Some(at) = now {
            let (node, from, what) = since.swap_remove(at);
            spells.push((node, from, what, event.at));
        }
        since.extend(becomes.map(|what| (node, event.at, what)));
    }
    spells.extend(since.into_iter().map(|(node, from, what)| (node, from, what, chart.scale.to)));
    for (node, from, what, to) in spells {
        let Some(y) = chart.node(node) else { continue };
        if !chart.scale.meets(from, to) {
            continue;
        }
        let half = chart.step * 0.36;
        let within = |x: f64| x.clamp(chart.scale.left, chart.scale.right);
        let (left, right) = (within(chart.scale.x(from)), within(chart.scale.x(to)));
        let corners = [(left, -half), (right, -half), (right, half), (left, half)];
        let corners = corners.map(|(x, off)| Point::new(x, y + off));
        marks.push(Mark::polygon(&corners).fill(Ink::Shade));
        marks.push(Mark::line(Point::new(left, y), Point::new(right, y)).line_of(Ink::Hair, 1.4));
        // At the end of the stretch: at its beginning a message is often lost.
        let told = [what, " since ", &from.to_string()].concat();
        let lettering = Lettering::plain(12.0).halo().anchor(Anchor::End);
        if right - left > lettering.width(&told) + 16.0 {
            marks.push(Mark::text(Point::new(right - 8.0, y), told, lettering, Ink::Muted));
        }
    }
}

/// What an act makes of a node: `down`, `paused`, or none of them.
const fn condition(act: &Act) -> Option<(NodeId, Option<&'static str>)> {
    if let Act::Crash(node) = act {
        Some((*node, Some("down")))
    } else if let Act::Pause(node) = act {
        Some((*node, Some("paused")))
    } else if let Act::Resume(node) | Act::Restart(node) | Act::Wipe(node) | Act::RestartOld(node) = act {
        Some((*node, None))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
