//! The versions of a key as a graph: which write had seen which, who holds what, and what is lost.
//!
//! A line leads from a version down to each that had seen it, directly and not only by way of another. What nothing has
//! overtaken is an open end: one of several siblings. Who saw what is the simulator's own record of truth, so the graph is
//! right even where the nodes' clocks err (last-write-wins, cut clocks).

use crate::mark::{Anchor, Ink, Lettering, Mark, Point, Shape, Stroke};
use crate::{Size, View, text};
use ringside_core::{Dot, Key, NodeId};
use ringside_sim::causality::WriteId;
use ringside_sim::trace::OpKind;
use ringside_sim::{NodeSnapshot, Op};
use std::collections::BTreeMap;

/// The last so many writes are drawn.
pub const MOST_VERSIONS: usize = 24;

/// The versions of one key at the view's position.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions {
    /// In the order in which they were written; parents come before their children.
    pub shown: Vec<Version>,
    /// Earlier ones that are not shown.
    pub earlier: usize,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The operation that wrote it.
    pub op: String,
    /// The value; none for a tombstone.
    pub value: Option<String>,
    /// Its name.
    pub dot: Dot,
    /// The clock that its client carried, what it had seen: the highest counter of each node, in the order of the nodes.
    pub clock: Vec<(NodeId, u64)>,
    /// Which versions it overtook directly, by their place in [`Versions::shown`].
    pub parents: Vec<usize>,
    /// The longest way to a version without parents.
    pub generation: usize,
    /// Who stores it now.
    pub held_by: Vec<NodeId>,
    /// Who keeps it now as a hint for somebody else.
    pub hinted_by: Vec<NodeId>,
    /// What has become of it.
    pub standing: Standing,
}

/// What has become of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A later write has seen it.
    Overtaken,
    /// Nothing has seen it yet, and somebody has it.
    Tip,
    /// Nothing has seen it, and nobody has it any more.
    Lost,
}

impl Versions {
    /// The versions of `key`.
    #[must_use]
    pub fn of(view: &View<'_>, key: &Key) -> Self {
        let written = |op: &&Op| op.key == *key && op.dot.is_some_and(|(_, since)| since <= view.position);
        let ops: Vec<&Op> = view.begun().iter().filter(written).collect();
        let earlier = ops.len().saturating_sub(MOST_VERSIONS);
        let ops = &ops[earlier..];
        let (held, hinted) = holders(view, key);
        let mut shown: Vec<Version> = Vec::with_capacity(ops.len());
        for (at, op) in ops.iter().enumerate() {
            let (Some((dot, _)), Some(write)) = (op.dot, op.write) else { continue };
            let saw = |other: &Op, of: &Op| other.write.is_some_and(|write| of.saw.contains(write));
            let seen: Vec<usize> = (0..at).filter(|before| saw(ops[*before], op)).collect();
            let direct = |one: &usize| !seen.iter().any(|other| other != one && saw(ops[*one], ops[*other]));
            let parents: Vec<usize> = seen.iter().copied().filter(direct).collect();
            let generation = parents.iter().map(|parent| shown[*parent].generation + 1).max().unwrap_or(0);
            let (held_by, hinted_by) = (who(&held, write), who(&hinted, write));
            let standing = if ops[at + 1..].iter().any(|later| later.saw.contains(write)) {
                Standing::Overtaken
            } else if held_by.is_empty() && hinted_by.is_empty() {
                Standing::Lost
            } else {
                Standing::Tip
            };
            let value =
                if let OpKind::Put(value) = &op.kind { Some(value.as_str().to_owned()) } else { None };
            shown.push(Version {
                op: op.id.clone(),
                value,
                dot,
                clock: clock(op),
                parents,
                generation,
                held_by,
                hinted_by,
                standing,
            });
        }
        Self { shown, earlier }
    }

    /// Each version in a sentence.
    pub fn sentences<'a>(&'a self, view: &'a View<'_>) -> impl Iterator<Item = String> + 'a {
        self.shown.iter().map(|version| {
            let fate = match version.standing {
                Standing::Overtaken => "overtaken",
                Standing::Tip => "not overtaken",
                Standing::Lost => "lost",
            };
            let mut said =
                [version.told(), " (", &text::dot(view, version.dot), "), by ", &version.op].concat();
            if !version.parents.is_empty() {
                let parents = version.parents.iter().map(|parent| text::dot(view, self.shown[*parent].dot));
                said.push_str(", after ");
                said.push_str(&text::list(parents.collect()));
            }
            said.push_str(": ");
            said.push_str(fate);
            said.push_str("; ");
            said.push_str(&version.where_it_is(view));
            said.push('.');
            said
        })
    }
}

impl Version {
    fn told(&self) -> &str {
        self.value.as_deref().unwrap_or("deleted")
    }

    fn where_it_is(&self, view: &View<'_>) -> String {
        match (&*self.held_by, &*self.hinted_by) {
            ([], []) => "nobody has it".to_owned(),
            (held, []) => ["at ", &text::nodes(view, held)].concat(),
            ([], hinted) => ["a hint at ", &text::nodes(view, hinted)].concat(),
            (held, hinted) => {
                ["at ", &text::nodes(view, held), ", a hint at ", &text::nodes(view, hinted)].concat()
            }
        }
    }

    /// What stands below it in the graph.
    fn below(&self, view: &View<'_>) -> Option<String> {
        match self.standing {
            Standing::Lost => Some("lost update".to_owned()),
            Standing::Overtaken if self.held_by.is_empty() && self.hinted_by.is_empty() => None,
            Standing::Overtaken => Some(["still ", &self.where_it_is(view)].concat()),
            Standing::Tip => Some(self.where_it_is(view)),
        }
    }
}

fn clock(op: &Op) -> Vec<(NodeId, u64)> {
    let mut clock: BTreeMap<NodeId, u64> = BTreeMap::new();
    let context = op.carried.iter().flat_map(|context| context.vector().iter());
    for dot in context {
        let counter = clock.entry(dot.actor.node).or_default();
        *counter = dot.counter.max(*counter);
    }
    clock.into_iter().collect()
}

type Holders = BTreeMap<WriteId, Vec<NodeId>>;

fn holders(view: &View<'_>, key: &Key) -> (Holders, Holders) {
    let (mut held, mut hinted) = (Holders::new(), Holders::new());
    let note = |holders: &mut Holders, node: &NodeSnapshot, version| {
        if let Some(write) = view.trace().write_of(version) {
            let nodes = holders.entry(write).or_default();
            if nodes.last() != Some(&node.id) {
                nodes.push(node.id);
            }
        }
    };
    for node in &view.snapshot.nodes {
        for version in node.store.get(key).iter().flat_map(|siblings| siblings.versions()) {
            note(&mut held, node, version);
        }
        for version in node.hints.of_key(key).flat_map(|(_, hint)| hint.versions.versions()) {
            note(&mut hinted, node, version);
        }
    }
    (held, hinted)
}

fn who(holders: &Holders, write: WriteId) -> Vec<NodeId> {
    holders.get(&write).cloned().unwrap_or_default()
}

const ROW: f64 = 86.0;
const BOX: f64 = 46.0;
/// What is told below a box.
const TOLD: f64 = 17.0;
const GAP: f64 = 10.0;
const CELL: f64 = 17.0;
/// Between the dot and the clock.
const APART: f64 = 6.0;
/// More cells than this do not fit; the others are counted.
const MOST_CELLS: usize = 6;

/// The graph, as wide as said and as high as it takes.
#[must_use]
pub fn graph(view: &View<'_>, versions: &Versions, width: f64) -> (Vec<Mark>, Size) {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for (at, version) in versions.shown.iter().enumerate() {
        rows.resize_with(rows.len().max(version.generation + 1), Vec::new);
        rows[version.generation].push(at);
    }
    let mut places = BTreeMap::new();
    for (row, members) in rows.iter().enumerate() {
        let each = ((width - GAP) / members.len() as f64 - GAP).clamp(24.0, 190.0);
        let whole = (each + GAP) * members.len() as f64 - GAP;
        for (column, at) in members.iter().enumerate() {
            let left = (width - whole) / 2.0 + (each + GAP) * column as f64;
            places.insert(*at, (Point::new(left, 6.0 + ROW * row as f64), each));
        }
    }
    let mut marks = Vec::new();
    for (at, version) in versions.shown.iter().enumerate() {
        for parent in &version.parents {
            let ((from, from_width), (to, to_width)) = (places[parent], places[&at]);
            let told = if versions.shown[*parent].below(view).is_some() { TOLD } else { 0.0 };
            let (from, to) = (from.moved(from_width / 2.0, BOX + told), to.moved(to_width / 2.0, 0.0));
            let control = Point::new(to.x, f64::midpoint(from.y, to.y) - 6.0);
            marks.push(Mark::new(Shape::Curve { from, control, to }).stroke(Stroke::solid(Ink::Muted, 1.4)));
        }
    }
    for (at, version) in versions.shown.iter().enumerate() {
        let (place, width) = places[&at];
        draw(view, version, place, width, &mut marks);
    }
    (marks, Size { width, height: 6.0 + ROW * rows.len() as f64 })
}

fn draw(view: &View<'_>, version: &Version, place: Point, width: f64, marks: &mut Vec<Mark>) {
    let corner = |x: f64, y: f64| place.moved(x, y);
    let frame = Mark::polygon(&[corner(0.0, 0.0), corner(width, 0.0), corner(width, BOX), corner(0.0, BOX)]);
    let stroke = match version.standing {
        Standing::Tip => Stroke::solid(Ink::Text, 2.0),
        Standing::Overtaken => Stroke::solid(Ink::Hair, 1.2),
        Standing::Lost => Stroke::dashed(Ink::Muted, 1.4),
    };
    marks.push(frame.fill(Ink::Ground).stroke(stroke));
    let letters = Lettering::plain(13.0).mono().anchor(Anchor::Start);
    let ink = if version.standing == Standing::Tip { Ink::Text } else { Ink::Muted };
    let room = ((width - 12.0) / letters.width("m")).max(1.0) as usize;
    let told = text::clipped(version.told(), room);
    if version.standing == Standing::Lost {
        let end = letters.width(&told).min(width - 12.0);
        marks.push(Mark::line(corner(6.0, 13.0), corner(6.0 + end, 13.0)).line_of(Ink::Muted, 1.4));
    }
    marks.push(Mark::text(corner(6.0, 13.0), told, letters, ink));
    cells(version, corner(6.0, 23.0), width - 12.0, marks);
    let Some(below) = version.below(view) else { return };
    let letters = Lettering::plain(11.0).anchor(Anchor::Middle).halo();
    let room = (width + GAP) / letters.width("n");
    marks.push(Mark::text(
        corner(width / 2.0, BOX + 9.0),
        text::clipped(&below, room.max(3.0) as usize),
        letters,
        Ink::Muted,
    ));
}

/// Its dot, outlined, and a little apart the clock that its put carried: a cell for each node in it, in the order of the
/// nodes, with its counter.
fn cells(version: &Version, place: Point, width: f64, marks: &mut Vec<Mark>) {
    let fit = (((width - APART) / CELL) as usize).clamp(2, MOST_CELLS) - 1;
    let dot = (version.dot.actor.node, version.dot.counter);
    cell(place, dot, Stroke::solid(Ink::Text, 2.0), marks);
    let place = place.moved(CELL + APART, 0.0);
    for (at, part) in version.clock.iter().take(fit).enumerate() {
        cell(place.moved(CELL * at as f64, 0.0), *part, Stroke::solid(Ink::Rim, 0.8), marks);
    }
    if version.clock.len() > fit {
        let more = ["+", &(version.clock.len() - fit).to_string()].concat();
        let at = place.moved(CELL * fit as f64 + 2.0, CELL / 2.0);
        marks.push(Mark::text(at, more, Lettering::plain(11.0).anchor(Anchor::Start), Ink::Muted));
    }
}

fn cell(place: Point, (node, counter): (NodeId, u64), rim: Stroke, marks: &mut Vec<Mark>) {
    let (right, low) = (CELL - 2.0, CELL - 1.0);
    let corners = [(0.0, 0.0), (right, 0.0), (right, low), (0.0, low)].map(|(x, y)| place.moved(x, y));
    marks.push(Mark::polygon(&corners).fill(Ink::Node(node)).stroke(rim));
    let number = if counter > 99 { "…".to_owned() } else { counter.to_string() };
    let letters = Lettering::plain(11.0).bold();
    marks.push(Mark::text(place.moved(right / 2.0, low / 2.0), number, letters, Ink::OnNode(node)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, get, key, put, setup, walk};
    use ringside_core::Config;
    use ringside_core::config::Versions as Rules;
    use ringside_sim::{Act, Setup};

    fn by_another(id: &str, via: NodeId, value: &str) -> Act {
        let Act::Operation(mut operation) = put(id, via, value) else {
            unreachable!("a put is an operation")
        };
        operation.client = "bob".into();
        Act::Operation(operation)
    }

    #[test]
    fn siblings_are_open_ends_that_a_merge_joins() {
        let walk = walk();
        let acts = vec![
            (1, put("w1", walk[0], "milk")),
            (100, by_another("w2", walk[0], "eggs")),
            (200, get("r1", walk[0])),
            (300, by_another("w3", walk[0], "both")),
        ];
        let run = Run::of(setup(), acts);
        let at = |op: &str| run.recording.trace().op_named(op).unwrap().start_at;
        run.at(at("r1"), |view| {
            let versions = Versions::of(view, &key());
            let standing: Vec<_> = versions.shown.iter().map(|version| version.standing).collect();
            assert_eq!(standing, [Standing::Tip, Standing::Tip]);
        });
        run.at(run.end(), |view| {
            let versions = Versions::of(view, &key());
            assert_eq!(versions.shown[2].parents, [0, 1], "the get showed both, and the put carries that");
            assert_eq!((versions.shown[2].generation, versions.shown[2].standing), (1, Standing::Tip));
            assert_eq!(versions.shown[2].held_by.len(), 3);
            assert_eq!(versions.shown[0].standing, Standing::Overtaken);
            let (marks, size) = graph(view, &versions, 320.0);
            let lines = marks.iter().filter(|mark| matches!(mark.shape, Shape::Curve { .. })).count();
            assert_eq!((lines, size.height), (2, 6.0 + 2.0 * ROW));
            let sentences: Vec<_> = versions.sentences(view).collect();
            assert!(sentences[2].contains("both") && sentences[2].contains("after"), "{sentences:?}");
        });
    }

    #[test]
    fn what_the_last_write_wins_over_is_lost() {
        let walk = walk();
        let config = Config { versions: Rules::LastWriteWins, ..Config::bare() };
        let acts = vec![
            (1, Act::Skew { node: walk[0], by: 10_000_000 }),
            (2, put("w1", walk[0], "ahead")),
            (100, by_another("w2", walk[1], "late")),
        ];
        let run = Run::of(Setup { config, ..setup() }, acts);
        run.at(run.end(), |view| {
            let versions = Versions::of(view, &key());
            let standing: Vec<_> = versions.shown.iter().map(|version| version.standing).collect();
            assert_eq!(standing, [Standing::Tip, Standing::Lost]);
            let (marks, _) = graph(view, &versions, 320.0);
            let says = |mark: &Mark| matches!(&mark.shape, Shape::Text { text, .. } if text == "lost update");
            assert!(marks.iter().any(says));
        });
    }

    #[test]
    fn only_the_last_writes_are_drawn_and_the_others_counted() {
        let walk = walk();
        let acts = (0..30).map(|at| (1 + at * 50, put(&format!("w{at}"), walk[0], "v"))).collect();
        let run = Run::of(setup(), acts);
        run.at(run.end(), |view| {
            let versions = Versions::of(view, &key());
            assert_eq!((versions.shown.len(), versions.earlier), (MOST_VERSIONS, 6));
            assert_eq!(versions.shown.last().map(|version| version.generation), Some(MOST_VERSIONS - 1));
        });
    }
}
