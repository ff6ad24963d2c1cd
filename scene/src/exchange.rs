//! An anti-entropy exchange as two hash trees face to face: the way down to the keys that differ, what lies beside it
//! folded, and what it cost.
//!
//! Everything shown has been said in a message of the exchange, so the picture grows as the exchange goes on.

use crate::mark::{Anchor, Ink, Lettering, Mark, Point, Stroke};
use crate::{Size, View, text};
use ringside_core::merkle::{self, Tree};
use ringside_core::node::anti_entropy::{Comparison, ExchangeId};
use ringside_core::{Key, Message, NodeId, Note};
use std::collections::{BTreeMap, BTreeSet};

/// Differing buckets beyond these are counted, not drawn.
pub const MOST_BUCKETS: usize = 6;
/// Keys of a bucket beyond these are counted, not drawn.
const MOST_KEYS: usize = 3;

/// What is known of an exchange at the view's position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Who began it, and with whom.
    pub between: [NodeId; 2],
    /// Has it ended?
    pub ended: bool,
    /// Hashes compared.
    pub hashes: u32,
    /// Of each level from the root on: how many hashes were equal, and how many differed.
    pub levels: Vec<(u32, u32)>,
    /// Keys compared.
    pub keys_compared: u32,
    /// Keys whose versions were sent, either way.
    pub sent: BTreeSet<Key>,
    /// The buckets that differ, with the keys that were named in them.
    pub buckets: BTreeMap<u32, BTreeSet<Key>>,
    /// How many keys a comparison of everything would have looked at: those that the two share.
    pub shared: usize,
}

impl Compared {
    /// The last exchange that has begun; of the selected node, where one is selected and has taken part in one.
    #[must_use]
    pub fn of(view: &View<'_>) -> Option<Self> {
        let happened = usize::try_from(view.position).unwrap_or(usize::MAX);
        let events = &view.trace().events[..happened.min(view.trace().events.len())];
        let begins = |note: &Note| {
            if let Note::ExchangeBegins { exchange, with } = note { Some((*exchange, *with)) } else { None }
        };
        let begun = || {
            let events = events.iter().enumerate().rev();
            events
                .flat_map(|(at, event)| event.notes.iter().rev().filter_map(begins).map(move |one| (at, one)))
        };
        let selected = view.selection.node;
        let of_node = |(_, (exchange, with)): &(usize, (ExchangeId, NodeId))| {
            selected.is_some_and(|node| exchange.by.node == node || *with == node)
        };
        let (at, (exchange, with)) = begun().find(of_node).or_else(|| begun().next())?;
        let mut compared = Self {
            between: [exchange.by.node, with],
            ended: false,
            hashes: 0,
            levels: Vec::new(),
            keys_compared: 0,
            sent: BTreeSet::new(),
            buckets: BTreeMap::new(),
            shared: shared(view, [exchange.by.node, with]),
        };
        // Nothing of it is said before it begins, and a run may be long by then.
        for note in events[at..].iter().flat_map(|event| &event.notes) {
            compared.note(exchange, note);
        }
        let messages = &view.trace().messages;
        let before = messages.partition_point(|message| message.sent_at <= at as u64);
        let sent = messages.partition_point(|message| message.sent_at <= view.position);
        for message in &messages[before..sent] {
            if let Message::Merkle { exchange: of, comparison } = &message.envelope.message
                && *of == exchange
            {
                compared.message(comparison);
            }
        }
        Some(compared)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other note is about an exchange")]
    fn note(&mut self, exchange: ExchangeId, note: &Note) {
        match note {
            Note::HashesCompared { exchange: of, level, equal, different, .. } if *of == exchange => {
                let level = *level as usize;
                self.levels.resize(self.levels.len().max(level + 1), (0, 0));
                let counts = &mut self.levels[level];
                *counts = (counts.0 + equal, counts.1 + different);
                self.hashes += equal + different;
            }
            Note::KeysCompared { exchange: of, equal, different, .. } if *of == exchange => {
                self.keys_compared += equal + different;
            }
            Note::KeysSent { exchange: of, keys, .. } if *of == exchange => {
                self.sent.extend(keys.iter().cloned());
            }
            Note::ExchangeEnded { exchange: of, .. } if *of == exchange => self.ended = true,
            _ => {}
        }
    }

    fn message(&mut self, comparison: &Comparison) {
        if let Comparison::Keys { buckets, keys } = comparison {
            for bucket in buckets {
                self.buckets.entry(u32::from(*bucket)).or_default();
            }
            self.name(keys.iter().map(|(key, ..)| key));
        }
        if let Comparison::Versions { versions, wanted, .. } = comparison {
            self.name(versions.iter().map(|(key, _)| key).chain(wanted));
        }
    }

    fn name<'a>(&mut self, keys: impl Iterator<Item = &'a Key>) {
        for key in keys {
            self.buckets.entry(u32::from(merkle::bucket(key))).or_default().insert(key.clone());
        }
    }

    /// What it is about, and what it has cost, in sentences.
    #[must_use]
    pub fn told(&self, view: &View<'_>) -> Vec<String> {
        let [one, other] = self.between.map(|node| view.name(node));
        let mut told = vec![[one, " compares what it holds with ", other, "."].concat()];
        let count = |number: u64, what: &str| {
            [number.to_string().as_str(), " ", what, if number == 1 { "" } else { "s" }].concat()
        };
        let hashes = self.hashes;
        told.push(match (self.ended, self.sent.len() as u64) {
            (true, 0) if self.hashes <= 1 => {
                "The roots are equal, so everything below is: one hash was enough.".to_owned()
            }
            (ended, sent) => [
                if ended { "It took " } else { "So far it took " },
                &if hashes == 1 {
                    "1 hash".to_owned()
                } else {
                    [&self.hashes.to_string(), " hashes"].concat()
                },
                " and ",
                &count(self.keys_compared.into(), "key"),
                " compared, and copied ",
                &count(sent, "key"),
                ". Without the trees, ",
                &count(self.shared as u64, "key"),
                " would have had to be compared.",
            ]
            .concat(),
        });
        told
    }
}

/// How many keys the two hold that both own; what only one of them has counts, too.
fn shared(view: &View<'_>, between: [NodeId; 2]) -> usize {
    let nodes = between.iter().filter_map(|node| view.snapshot.nodes.get(node.index()));
    let keys: BTreeSet<&Key> = nodes.flat_map(|node| node.store.iter().map(|(key, _)| key)).collect();
    let n = view.snapshot.config.n;
    let both = |key: &&&Key| {
        let owners = view.recording.ring().preference(key, n);
        between.iter().all(|node| owners.contains(node))
    };
    keys.iter().filter(both).count()
}

const ROW: f64 = 44.0;
const TOP: f64 = 30.0;
const HALF: f64 = 5.0;

/// The two trees, as wide as said.
#[must_use]
pub fn trees(view: &View<'_>, compared: &Compared, width: f64) -> (Vec<Mark>, Size) {
    let rows = compared.buckets.len().clamp(1, MOST_BUCKETS);
    let size = Size { width, height: TOP + ROW * rows as f64 + 22.0 };
    let mut marks = Vec::new();
    let down = compared.buckets.keys().take(MOST_BUCKETS);
    // A node of each level lies in the middle of the buckets below it that are drawn.
    let mut places: Vec<BTreeMap<u32, f64>> = vec![BTreeMap::new(); Tree::DEPTH as usize + 1];
    for (row, bucket) in down.enumerate() {
        for level in 0..=Tree::DEPTH {
            let index = bucket >> (4 * (Tree::DEPTH - level));
            let y = TOP + ROW * (row as f64 + 0.5);
            let sum = places[level as usize].entry(index).or_insert(y);
            *sum = f64::midpoint(*sum, y);
        }
    }
    if compared.buckets.is_empty() {
        let levels = compared.levels.len().clamp(1, 5);
        for place in places.iter_mut().take(levels) {
            place.insert(0, TOP + ROW / 2.0);
        }
        places.truncate(levels);
    }
    let equal = compared.levels.first().is_some_and(|(equal, _)| *equal > 0);
    for (side, node) in compared.between.iter().enumerate() {
        let x = |level: usize| {
            let step = (width * 0.3) / f64::from(Tree::DEPTH);
            let off = 16.0 + step * level as f64;
            if side == 0 { off } else { width - off }
        };
        let anchor = if side == 0 { Anchor::Start } else { Anchor::End };
        let lettering = Lettering::plain(13.0).bold().anchor(anchor);
        let at = Point::new(if side == 0 { 6.0 } else { width - 6.0 }, 12.0);
        marks.push(Mark::text(at, view.name(*node), lettering, Ink::Text));
        tree(&places, compared, x, *node, &mut marks);
    }
    let middle = Lettering::plain(12.0);
    if equal {
        marks.push(Mark::text(Point::new(width / 2.0, TOP + ROW / 2.0), "= equal =", middle, Ink::Text));
    }
    for (row, (_, keys)) in compared.buckets.iter().take(MOST_BUCKETS).enumerate() {
        bucket(
            compared,
            keys,
            Point::new(width / 2.0, TOP + ROW * (row as f64 + 0.5)),
            width * 0.24,
            &mut marks,
        );
    }
    if compared.buckets.len() > MOST_BUCKETS {
        let more = [&(compared.buckets.len() - MOST_BUCKETS).to_string(), " more buckets differ"].concat();
        marks.push(Mark::text(Point::new(width / 2.0, size.height - 8.0), more, middle, Ink::Muted));
    }
    (marks, size)
}

/// One tree: the nodes that differ, thick lines between them, and beside each a fold for those that are equal.
fn tree(
    places: &[BTreeMap<u32, f64>],
    compared: &Compared,
    x: impl Fn(usize) -> f64,
    node: NodeId,
    marks: &mut Vec<Mark>,
) {
    for (level, nodes) in places.iter().enumerate() {
        for (index, y) in nodes {
            let above =
                level.checked_sub(1).and_then(|above| Some((above, places[above].get(&(index >> 4))?)));
            if let Some((above, parent)) = above {
                let (from, to) = (Point::new(x(above), *parent), Point::new(x(level), *y));
                marks.push(Mark::line(from, to).line_of(Ink::Text, 2.4));
            }
        }
    }
    let lowest = places.iter().filter_map(|nodes| nodes.values().next_back().copied()).fold(TOP, f64::max);
    for (level, nodes) in places.iter().enumerate() {
        for y in nodes.values() {
            let here = Point::new(x(level), *y);
            let corners = [(-HALF, -HALF), (HALF, -HALF), (HALF, HALF), (-HALF, HALF)];
            let corners = corners.map(|(right, down)| here.moved(right, down));
            marks.push(Mark::polygon(&corners).fill(Ink::Node(node)).stroke(Stroke::solid(Ink::Rim, 1.2)));
        }
        if let Some((equal, _)) = compared.levels.get(level).filter(|(equal, _)| level > 0 && *equal > 0) {
            // In a row of its own: it stands for all that is equal at this level, below whichever node.
            let here = Point::new(x(level), lowest + 19.0);
            let fold = [here.moved(-4.0, 4.0), here.moved(4.0, 4.0), here.moved(0.0, -4.0)];
            marks.push(Mark::polygon(&fold).fill(Ink::Shade).stroke(Stroke::solid(Ink::Muted, 1.0)));
            marks.push(Mark::text(
                here.moved(0.0, 11.0),
                equal.to_string(),
                Lettering::plain(10.0),
                Ink::Muted,
            ));
        }
    }
}

/// The keys of a bucket that differs: filled where a copy was sent, hollow where it only happens to lie here.
fn bucket(compared: &Compared, keys: &BTreeSet<Key>, middle: Point, width: f64, marks: &mut Vec<Mark>) {
    let letters = Lettering::plain(11.0).mono().anchor(Anchor::Start);
    let room = ((width - 12.0) / letters.width("m")).max(2.0) as usize;
    let rows = keys.len().min(MOST_KEYS);
    let top = middle.y - 13.0 * (rows.saturating_sub(1)) as f64 / 2.0;
    for (row, key) in keys.iter().take(MOST_KEYS).enumerate() {
        let at = Point::new(middle.x - width / 2.0 + 4.0, top + 13.0 * row as f64);
        let dot = Mark::circle(at, 3.5).stroke(Stroke::solid(Ink::Text, 1.2));
        marks.push(if compared.sent.contains(key) { dot.fill(Ink::Text) } else { dot.fill(Ink::Ground) });
        let name = if row + 1 == MOST_KEYS && keys.len() > MOST_KEYS {
            ["and ", &(keys.len() + 1 - MOST_KEYS).to_string(), " more"].concat()
        } else {
            text::clipped(key.as_str(), room)
        };
        marks.push(Mark::text(at.moved(8.0, 0.0), name, letters, Ink::Text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::Shape;
    use crate::testing::{Run, any, key, put, setup, walk};
    use ringside_core::{Config, Kind};
    use ringside_sim::{Act, Setup};

    fn run(lost: u32) -> Run {
        let walk = walk();
        let config = Config { w: 1, r: 1, ..Config::bare() };
        let mut acts = vec![(1, put("w1", walk[0], "milk")), (500, Act::Repair(walk[0]))];
        if lost > 0 {
            acts.insert(0, (0, Act::Drop { matcher: any(Kind::Write), count: lost }));
        }
        Run::of(Setup { config, ..setup() }, acts)
    }

    #[test]
    fn equal_trees_are_told_by_one_hash() {
        let run = run(0);
        run.at(run.end(), |view| {
            let compared = Compared::of(view).unwrap();
            assert_eq!((compared.hashes, compared.ended, compared.sent.len()), (1, true, 0));
            assert!(compared.told(view)[1].contains("one hash was enough"));
            let (marks, _) = trees(view, &compared, 320.0);
            let equal = |mark: &Mark| matches!(&mark.shape, Shape::Text { text, .. } if text == "= equal =");
            assert!(marks.iter().any(equal));
        });
    }

    #[test]
    fn a_key_that_differs_is_found_by_one_path_and_copied() {
        let mut run = run(2);
        // The repair compares with every peer; this is the one that has missed the put.
        run.selection.node = Some(walk()[1]);
        run.at(run.end(), |view| {
            let compared = Compared::of(view).unwrap();
            assert_eq!(compared.levels, [(0, 1), (15, 1), (15, 1), (15, 1), (15, 1)]);
            assert_eq!((compared.hashes, compared.keys_compared, compared.shared), (65, 1, 1));
            assert_eq!(compared.sent, BTreeSet::from([key()]));
            assert_eq!(compared.buckets.values().flatten().count(), 1);
            assert!(
                compared.told(view)[1].starts_with("It took 65 hashes and 1 key compared, and copied 1 key.")
            );
            let (marks, _) = trees(view, &compared, 320.0);
            let thick = |mark: &&Mark| mark.stroke.is_some_and(|stroke| stroke.width > 2.0);
            assert_eq!(marks.iter().filter(thick).count(), 8, "four steps down, on both sides");
        });
        let first = run
            .recording
            .trace()
            .events
            .iter()
            .position(|event| event.notes.iter().any(|note| matches!(note, Note::ExchangeBegins { .. })));
        run.at(first.unwrap() as u64, |view| assert_eq!(Compared::of(view), None));
        run.at(first.unwrap() as u64 + 1, |view| {
            let compared = Compared::of(view).unwrap();
            assert_eq!((compared.hashes, compared.ended), (0, false));
        });
    }
}
