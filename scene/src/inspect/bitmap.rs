//! Who believes whom down, in clusters too large for a table: a picture of squares, each of some believers and some of
//! whom they believe something, and the few who are most often wrongly judged in words.

use crate::mark::{Ink, Lettering, Mark, Point};
use crate::{Size, View, text};
use ringside_core::NodeId;
use ringside_core::order::by_number;

/// More nodes than this are not set as a table.
pub const MOST_IN_TABLE: usize = 50;
/// Squares in a row, at most.
const SQUARES: usize = 64;
/// Nodes that are told in words.
const TOLD: usize = 5;

/// The beliefs of a cluster, put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    /// How many nodes a square stands for, each way.
    pub each: usize,
    /// How many squares a side has.
    pub side: usize,
    /// Of each square, by rows of believers: how many beliefs in it are that somebody is down, …
    pub suspected: Vec<u32>,
    /// … and how many are not true.
    pub wrong: Vec<u32>,
    /// Beliefs that are not true.
    pub differ: u32,
    /// About whom how many are wrong, most first.
    pub about: Vec<(NodeId, u32)>,
}

impl Bitmap {
    /// The beliefs at the view's moment; none where nodes do not gossip, and so have none.
    #[must_use]
    pub fn of(view: &View<'_>) -> Option<Self> {
        view.snapshot.config.gossip?;
        let nodes = &view.snapshot.nodes;
        let each = nodes.len().div_ceil(SQUARES).max(1);
        let side = nodes.len().div_ceil(each);
        let mut map = Self {
            each,
            side,
            suspected: vec![0; side * side],
            wrong: vec![0; side * side],
            differ: 0,
            about: Vec::new(),
        };
        let up: Vec<bool> = view.setup().nodes().map(|node| view.is_up(node)).collect();
        let downs = up.iter().filter(|up| !**up).count();
        let mut about = vec![0_u32; nodes.len()];
        for (row, node) in nodes.iter().enumerate() {
            let Some(mind) = &node.mind else { continue };
            let mut down = vec![false; nodes.len()];
            for of in mind.detector.suspected(view.now) {
                if let Some(down) = down.get_mut(of.index()).filter(|_| of != node.id) {
                    *down = true;
                    map.suspected[row / each * side + of.index() / each] += 1;
                }
            }
            if downs == 0 && !down.contains(&true) {
                continue;
            }
            // Who is up and believed down, or is not up and believed so, is wrongly judged.
            for of in (0..nodes.len()).filter(|of| up[*of] == down[*of]) {
                if of != row {
                    map.wrong[row / each * side + of / each] += 1;
                    about[of] += 1;
                    map.differ += 1;
                }
            }
        }
        let mut most: Vec<(NodeId, u32)> =
            view.setup().nodes().zip(about).filter(|(_, wrong)| *wrong > 0).collect();
        by_number(&mut most, |(_, wrong)| u64::MAX - u64::from(*wrong));
        most.truncate(TOLD);
        map.about = most;
        Some(map)
    }

    /// Sentences: how many are wrong, and about whom.
    #[must_use]
    pub fn told(&self, view: &View<'_>) -> Vec<String> {
        let mut told = vec![match self.differ {
            0 => "Everybody’s beliefs are true.".to_owned(),
            1 => "One belief is not true.".to_owned(),
            more => [&more.to_string(), " beliefs are not true."].concat(),
        }];
        for (node, wrong) in &self.about {
            let (what, state) = if view.is_up(*node) {
                (" believe it down", "up")
            } else {
                (" believe it up", view.state(*node).name())
            };
            told.push([view.name(*node), " is ", state, "; ", &wrong.to_string(), what, "."].concat());
        }
        told
    }

    /// The picture: a row for each square of believers, the darker the more of those it stands for are believed down;
    /// framed where something of that is not so. Neighbours that look the same are one mark.
    #[must_use]
    pub fn marks(&self, view: &View<'_>, width: f64) -> (Vec<Mark>, Size) {
        let (left, top) = (1.0, 20.0);
        let edge = ((width - 2.0) / self.side as f64).min(12.0);
        let size = Size { width: width.max(1.0), height: top + edge * self.side as f64 + 2.0 };
        let label = Lettering::plain(12.0).anchor(crate::mark::Anchor::Start);
        let (first, last) = (view.setup().names.first(), view.setup().names.last());
        let ends = first.zip(last).map(|(first, last)| {
            [&text::clipped(first, 8), " to ", &text::clipped(last, 8), "; rows believe, of columns"].concat()
        });
        let whole = edge * self.side as f64;
        let square = |from: f64, to: f64, y: f64| {
            Mark::polygon(&[
                Point::new(from, y),
                Point::new(to, y),
                Point::new(to, y + edge),
                Point::new(from, y + edge),
            ])
        };
        let mut marks = vec![
            Mark::text(Point::new(left, 9.0), ends.unwrap_or_default(), label, Ink::Muted),
            Mark::polygon(&[
                Point::new(left, top),
                Point::new(left + whole, top),
                Point::new(left + whole, top + whole),
                Point::new(left, top + whole),
            ])
            .fill(Ink::Shade)
            .line_of(Ink::Muted, 1.0),
        ];
        let most = (self.each * self.each) as f64;
        for row in 0..self.side {
            let look = |column: usize| {
                let at = row * self.side + column;
                let part = (f64::from(self.suspected[at]) / most * 4.0).ceil() as u32;
                (part.min(4), self.wrong[at] > 0)
            };
            let y = top + edge * row as f64;
            let mut column = 0;
            while column < self.side {
                let (begin, seen) = (column, look(column));
                while column < self.side && look(column) == seen {
                    column += 1;
                }
                let (from, to) = (left + edge * begin as f64, left + edge * column as f64);
                if seen.0 > 0 {
                    marks.push(square(from, to, y).fill(Ink::Text).faded(0.25 + 0.15 * f64::from(seen.0)));
                }
                if seen.1 {
                    marks.push(
                        Mark::line(Point::new(from, y + edge - 0.8), Point::new(to, y + edge - 0.8))
                            .line_of(Ink::Text, 1.6),
                    );
                }
            }
        }
        (marks, size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, setup};
    use ringside_core::{Config, Span};
    use ringside_sim::{Act, Setup};

    #[test]
    fn sixty_nodes_are_squares_and_who_is_down_unnoticed_is_told() {
        let names: Vec<String> = (0..60).map(ringside_sim::names::node_name).collect();
        let config = Config { gossip: Some(Span::from_secs(1)), ..Config::default() };
        let run = Run::of(Setup { names, config, ..setup() }, vec![(5, Act::Crash(NodeId(7)))]);
        run.at(run.end().min(200), |view| {
            let map = Bitmap::of(view).unwrap();
            assert_eq!((map.side, map.each), (60, 1));
            assert_eq!(map.about, [(NodeId(7), 59)], "nobody has missed it yet");
            assert_eq!(map.differ, 59);
            assert_eq!(map.told(view)[1], "H is down; 59 believe it up.");
            let (marks, size) = map.marks(view, 300.0);
            assert!(marks.len() > 59 && size.height > 100.0);
        });
    }
}
