//! The ring's picture, in layers by how often they change. From the bottom up: [`band`] (ring, size, palette), [`crowd`]
//! (condition of the nodes), [`still`] (position, selection) and [`moving`] (every frame).

use crate::mark::{Anchor, Area, Ink, Lettering, Mark, Point, Stroke, Thing};
use crate::palette::{Pattern, pattern};
use crate::{Layout, Size, View, messages, quorum, reach, text, walk};
use ringside_core::NodeId;
use ringside_sim::NodeState;

/// A layer: what to paint, and what can be pointed at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// From the bottom up.
    pub marks: Vec<Mark>,
    /// From the bottom up; a later one lies above.
    pub areas: Vec<Area>,
}

/// The geometry for a view and a size.
#[must_use]
pub fn layout(view: &View<'_>, size: Size) -> Layout {
    Layout::new(size, view.setup().names.len() as u32)
}

/// The ownership band: changes only with the ring and the size.
#[must_use]
pub fn band(view: &View<'_>, layout: &Layout) -> Layer {
    let plan = &view.snapshot.plan;
    Layer { marks: crate::band::marks(plan, view.setup(), layout), areas: Vec::new() }
}

/// Past so many nodes they are dots, and only those that matter just now stand out.
pub const CROWD: u32 = 200;

/// The nodes as dots, where there are too many for discs; nothing else. Changes with what condition they are in.
#[must_use]
pub fn crowd(view: &View<'_>, layout: &Layout) -> Layer {
    let mut layer = Layer::default();
    if layout.nodes <= CROWD {
        return layer;
    }
    let radius = layout.disc.clamp(0.8, 4.0);
    for node in view.setup().nodes() {
        let dot = Mark::circle(layout.node(node), radius);
        layer.marks.push(if view.is_up(node) {
            dot.fill(Ink::Node(node))
        } else {
            dot.line_of(Ink::Muted, 0.6)
        });
    }
    layer
}

/// A number that changes when [`band`] or [`crowd`] do, besides with run, size and palette.
#[must_use]
pub fn shape(view: &View<'_>) -> u64 {
    let plan = &view.snapshot.plan;
    let moves = plan.moves().len() as u64;
    let begin = u64::from(plan.epoch()).wrapping_mul(1 << 32).wrapping_add(moves);
    view.snapshot.nodes.iter().fold(begin, |sum, node| {
        // One of the primes by which numbers are scattered.
        sum.wrapping_mul(0x0100_0000_01b3).wrapping_add(node.state as u64 + 1)
    })
}

/// Of a crowd, those that are drawn and named one by one: selected, pointed at, parties of the request, and what is not
/// simply up, as far as that can be told apart.
fn apart(view: &View<'_>, node: NodeId, parties: &[NodeId], downs: usize) -> bool {
    /// More that are not up than these are seen as dots without a fill.
    const MOST: usize = 40;
    view.selection.node == Some(node)
        || view.selection.hover == Some(Thing::Node(node))
        || parties.contains(&node)
        || (downs <= MOST && view.state(node) != NodeState::Up)
}

/// Nodes, the key's walk, the gauge, trails and the words in the middle: changes with position and selection.
#[must_use]
pub fn still(view: &View<'_>, layout: &Layout) -> Layer {
    let mut layer = Layer::default();
    let Layer { marks, areas } = &mut layer;
    let hovered = match view.selection.hover {
        Some(Thing::Node(node)) => Some(node),
        _ => None,
    };
    for node in
        view.selection.node.iter().chain(hovered.iter().filter(|node| view.selection.node != Some(**node)))
    {
        walk::spokes(view, layout, *node, marks);
    }
    reach::draw(view, layout, marks);
    let op = view.op();
    if let Some(op) = op {
        messages::trails(view, layout, op.request, marks);
    }
    walk::draw(view, layout, marks, areas);
    let crowded = layout.nodes > CROWD;
    let parties = if crowded { parties(view) } else { Vec::new() };
    let downs = view.snapshot.nodes.iter().filter(|node| node.state != NodeState::Up).count();
    let alone = Layout { disc: 7.0, ..*layout };
    let rumour = view.selection.rumour.filter(|_| layout.nodes <= 24);
    let heard = rumour.map(|rumour| rumour.beside(view)).unwrap_or_default();
    let heard = |of: NodeId| heard.iter().find(|(node, _)| *node == of).map(|(_, words)| words.as_str());
    for node in view.setup().nodes() {
        let at = layout.node(node);
        // Of a crowd what is pointed at is the nearest.
        let reach = if crowded { layout.disc.max(3.0) } else { layout.disc.max(12.0) };
        areas.push(Area { thing: Thing::Node(node), from: at, to: at, reach });
        if !crowded {
            disc(view, layout, (node, heard(node)), marks);
        } else if apart(view, node, &parties, downs) {
            disc(view, &alone, (node, None), marks);
        }
    }
    if let Some(op) = op {
        quorum::draw(view, layout, op, marks);
    }
    layer
}

/// Who has a part in the selected request: whom it was put to, its coordinator, the replicas and their fallbacks.
fn parties(view: &View<'_>) -> Vec<NodeId> {
    let Some(op) = view.op() else { return Vec::new() };
    let progress = quorum::Progress::outline(view, op);
    let slots = progress.iter().flat_map(|progress| &progress.slots);
    let slots = slots.flat_map(|slot| slot.fallback.into_iter().chain([slot.node]));
    let coordinator = op.coordinator.filter(|(_, since)| *since <= view.position).map(|(node, _)| node);
    slots.chain(coordinator).chain([op.via]).collect()
}

/// The messages under way: changes with every moment.
#[must_use]
pub fn moving(view: &View<'_>, layout: &Layout) -> Layer {
    let mut layer = Layer::default();
    messages::draw(view, layout, &mut layer.marks, &mut layer.areas);
    layer
}

fn disc(view: &View<'_>, layout: &Layout, (node, heard): (NodeId, Option<&str>), marks: &mut Vec<Mark>) {
    let at = layout.node(node);
    let radius = layout.disc;
    let up = view.is_up(node);
    let selected = view.selection.node == Some(node);
    if selected {
        marks.push(Mark::circle(at, radius + 4.0).fill(Ink::Ground).line_of(Ink::Text, 2.4));
    } else if let Some(selected) = view.selection.node
        && reach::is_cut_off(view, selected, node)
    {
        marks.push(Mark::circle(at, radius + 4.0).stroke(Stroke::dashed(Ink::Muted, 1.6)));
    } else if view.state(node).is_moving() {
        marks.push(Mark::circle(at, radius + 4.0).stroke(Stroke::dashed(Ink::Text, 1.4)));
    }
    let absent = view.state(node) == NodeState::Left;
    if absent {
        marks.push(Mark::circle(at, radius).fill(Ink::Ground).stroke(Stroke::dashed(Ink::Muted, 1.4)));
    } else if up {
        marks.push(Mark::circle(at, radius).fill(Ink::Node(node)).line_of(Ink::Rim, 1.3));
        texture(layout, node, marks);
    } else {
        // The hue stays, as a ring between two thin lines: a pale hue alone would not show on a light page.
        let wide = (radius * 0.16).clamp(0.8, 3.5);
        marks.push(Mark::circle(at, radius).fill(Ink::Ground).line_of(Ink::Rim, 1.0));
        marks.push(Mark::circle(at, radius - wide / 2.0 - 0.5).line_of(Ink::Node(node), wide));
    }
    let name = view.name(node);
    let inside = Lettering::plain((radius * 0.78).clamp(12.0, 18.0)).bold();
    let fits = layout.lettered() && inside.width(name) <= radius * 1.75;
    if fits {
        let ink = if up { Ink::OnNode(node) } else { Ink::Muted };
        let place = if up || absent { at } else { at.moved(radius * 0.14, radius * 0.1) };
        marks.push(Mark::text(place, name, inside, ink));
    }
    if !up && !absent && layout.lettered() {
        let reach = radius * 0.56;
        let slash = Mark::line(at.moved(-reach * 1.1, reach * 0.45), at.moved(reach * 0.3, -reach * 1.1));
        marks.push(slash.line_of(Ink::Text, 1.6));
    }
    beside(view, layout, (node, fits, heard), marks);
}

/// What stands above or below a disc: its name where that does not fit inside, its zone, that it is down or paused, the
/// hints that it keeps, and when it heard of the news that is selected.
fn beside(
    view: &View<'_>,
    layout: &Layout,
    (node, named, heard): (NodeId, bool, Option<&str>),
    marks: &mut Vec<Mark>,
) {
    let pointed = view.selection.hover == Some(Thing::Node(node)) || view.selection.node == Some(node);
    let mut words = Vec::new();
    let pointed = pointed || layout.nodes > CROWD;
    if !named && (layout.nodes <= 24 || pointed) {
        words.push(view.name(node));
    }
    if let Some(zone) = view.setup().zone(node)
        && (layout.nodes <= 24 || pointed)
    {
        words.push(zone);
    }
    let normal = view.is_up(node) && !view.state(node).is_moving();
    if !normal && (layout.nodes <= 24 || pointed) {
        words.push(view.condition(node));
    } else if layout.nodes <= 24
        && let Some(selected) = view.selection.node
        && reach::is_cut_off(view, selected, node)
    {
        words.push("cut off");
    }
    let hints = hints(view, layout, node);
    words.extend(hints.as_deref());
    words.extend(heard);
    if words.is_empty() {
        return;
    }
    let lettering = Lettering::plain(layout.small).halo().anchor(Anchor::Middle);
    // On the side away from the words in the middle.
    let side = if layout.node(node).y < layout.centre.y { -1.0 } else { 1.0 };
    let mut at = layout.node(node).moved(0.0, side * (layout.disc + 3.0 + layout.small / 2.0));
    // Not into the band, where there is room enough within it.
    let (told, off) = (words.join(" · "), at.y - layout.centre.y);
    let room = libm::sqrt((layout.band_inner * layout.band_inner - off * off).max(0.0));
    let room = room - lettering.width(&told) / 2.0 - 3.0;
    if room > 0.0 {
        at.x = at.x.clamp(layout.centre.x - room, layout.centre.x + room);
    }
    // Who is not there yet needs no word that lies over somebody who is.
    if view.state(node) == NodeState::Left
        && lies_over_another(view, layout, node, at, lettering.width(&told))
    {
        return;
    }
    marks.push(Mark::text(at, told, lettering, Ink::Muted));
}

/// Would words of this width, around `at`, lie over the disc or the gauge of another node than theirs?
#[inline(never)]
fn lies_over_another(view: &View<'_>, layout: &Layout, theirs: NodeId, at: Point, width: f64) -> bool {
    let coordinator = messages::coordinator(view);
    view.setup().nodes().filter(|other| *other != theirs).any(|other| {
        let disc = layout.node(other);
        let (x, y) = ((disc.x - at.x).abs() - width / 2.0, (disc.y - at.y).abs() - layout.small / 2.0);
        let reach = if coordinator == Some(other) { layout.disc * 2.0 } else { layout.disc };
        libm::hypot(x.max(0.0), y.max(0.0)) < reach
    })
}

/// What it keeps for others. A coordinator says so on its gauge.
#[inline(never)]
fn hints(view: &View<'_>, layout: &Layout, node: NodeId) -> Option<String> {
    let kept = &view.snapshot.nodes.get(node.index())?.hints;
    let coordinates = view
        .op()
        .and_then(|op| op.coordinator)
        .is_some_and(|(coordinator, since)| coordinator == node && since <= view.position);
    if kept.is_empty() || layout.nodes > 24 || coordinates {
        return None;
    }
    let many = if kept.len() == 1 { "hint".to_owned() } else { [&kept.len().to_string(), " hints"].concat() };
    let owners: Vec<NodeId> = kept.owners().collect();
    Some(if owners.len() > 2 { many } else { [&many, " for ", &text::nodes(view, &owners)].concat() })
}

/// The pattern of a node whose hue is another's, too; the middle stays free for the letter.
fn texture(layout: &Layout, node: NodeId, marks: &mut Vec<Mark>) {
    let (kind, at, radius) = (pattern(node), layout.node(node), layout.disc);
    let ink = Ink::OnNode(node);
    if kind == Pattern::Plain || radius < 5.0 {
        return;
    }
    let step = (radius / 3.0).max(3.0);
    let lines = (radius / step) as i32;
    for line in -lines..=lines {
        let off = f64::from(line) * step;
        let half = libm::sqrt((radius * radius - off * off).max(0.0)) - 1.4;
        if half < 1.0 {
            continue;
        }
        if kind == Pattern::Dots {
            for dot in -lines..=lines {
                let along = f64::from(dot) * step;
                if along.abs() < half {
                    marks.push(Mark::circle(at.moved(along, off), 1.2).fill(ink));
                }
            }
            continue;
        }
        marks.push(Mark::line(at.moved(off, -half), at.moved(off, half)).line_of(ink, 1.1));
        if kind == Pattern::Grid {
            marks.push(Mark::line(at.moved(-half, off), at.moved(half, off)).line_of(ink, 1.1));
        }
    }
    if layout.lettered() {
        marks.push(Mark::circle(at, radius * 0.62).fill(Ink::Node(node)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Selection;
    use crate::mark::Shape;
    use crate::testing::Run;
    use ringside_sim::{Recording, Scenario, scenario};

    #[test]
    fn who_keeps_a_hint_says_for_whom_until_it_is_home() {
        let file = scenario::builtin("hinted-handoff").expect("it is built in");
        let mut recording = Recording::new(Scenario::parse(file).expect("it is right"));
        recording.run_to_end();
        let run = Run { recording, selection: Selection::default() };
        let size = Size { width: 600.0, height: 600.0 };
        let told = |position: u64| {
            run.at(position, |view| {
                let kept = view.snapshot.nodes.iter().filter(|node| !node.hints.is_empty()).count();
                let marks = still(view, &layout(view, size)).marks;
                let said =
                    |mark: &&Mark| matches!(&mark.shape, Shape::Text { text, .. } if text == "hint for C");
                (kept, marks.iter().filter(said).count())
            })
        };
        assert!((0..=run.end()).all(|position| told(position).0 == told(position).1));
        assert!((0..=run.end()).any(|position| told(position) == (1, 1)));
        assert_eq!(told(run.end()), (0, 0), "it has come home");
    }

    #[test]
    fn that_a_node_has_not_joined_yet_is_not_written_over_others() {
        let file = scenario::builtin("a-node-joins").expect("it is built in");
        let run = Run {
            recording: Recording::new(Scenario::parse(file).expect("it is right")),
            selection: Selection::default(),
        };
        let told = |width: f64| {
            let size = Size { width, height: width };
            run.at(0, |view| {
                let marks = still(view, &layout(view, size)).marks;
                let said = |mark: &&Mark| matches!(&mark.shape, Shape::Text { text, .. } if text == "not joined yet");
                marks.iter().filter(said).count()
            })
        };
        assert_eq!((told(700.0), told(350.0)), (2, 0), "on a phone the others are too near");
    }
}
