//! The overlap strip: the replicas twice, who acknowledged the last put and who answered this get, and what the two
//! have in common. From the run, not from arithmetic.

use crate::mark::{Anchor, Ink, Lettering, Mark, Point};
use crate::quorum::Progress;
use crate::{Size, View};
use ringside_core::NodeId;
use ringside_sim::{Op, OpOutcome};

/// A put and a get of the same key, and who took part.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap<'a> {
    /// The last put or delete that had completed when the get began.
    pub put: &'a Op,
    /// The get.
    pub get: &'a Op,
    /// The replicas in the order of the preference list.
    pub cells: Vec<Cell>,
}

/// One replica's part in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The replica.
    pub node: NodeId,
    /// Its ack counted for the put.
    pub acked: bool,
    /// Its answer counted for the get.
    pub answered: bool,
}

impl<'a> Overlap<'a> {
    /// The overlap for the selected request, where that is a get, or for the latest get of its key; none where no
    /// get has begun, or no put had completed before it.
    #[must_use]
    pub fn of(view: &View<'a>) -> Option<Self> {
        let key = view.key()?;
        let selected = view.op().filter(|op| !op.kind.is_write() && op.key == *key);
        let get = selected
            .or_else(|| view.begun().iter().rev().find(|op| !op.kind.is_write() && op.key == *key))?;
        let completed = |op: &&Op| {
            let end = op.end_by(get.start_at);
            op.kind.is_write() && op.key == *key && end.is_some_and(|end| end.outcome == OpOutcome::Ok)
        };
        let ended = |op: &&Op| op.end.as_ref().map_or(0, |end| end.position);
        let put = view.trace().ops.iter().filter(completed).max_by_key(ended)?;
        let progress = Progress::outline(view, get)?;
        let acks = &put.end.as_ref()?.replies;
        let answers = progress.counted();
        let mut nodes: Vec<NodeId> = progress.slots.iter().map(|slot| slot.node).collect();
        // Where N has changed between the two, the put may have had other replicas.
        nodes.extend(acks.iter().filter(|node| !progress.slots.iter().any(|slot| slot.node == **node)));
        let cell =
            |node: NodeId| Cell { node, acked: acks.contains(&node), answered: answers.contains(&node) };
        Some(Self { put, get, cells: nodes.into_iter().map(cell).collect() })
    }

    /// The replicas that did both.
    pub fn shared(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.cells.iter().filter(|cell| cell.acked && cell.answered).map(|cell| cell.node)
    }

    /// The overlap as a sentence.
    #[must_use]
    pub fn told(&self, view: &View<'_>) -> String {
        let shared: Vec<NodeId> = self.shared().collect();
        let names = crate::text::nodes(view, &shared);
        let last = [" acknowledged the last ", self.put.kind.name()].concat();
        match (shared.len(), self.get.end_by(view.position)) {
            (0, None) => ["So far, nobody who", &last, " has answered this get."].concat(),
            (0, Some(_)) => ["Nobody who", &last, " answered this get."].concat(),
            (1, _) => [&names, &last, " and answered this get."].concat(),
            _ => [&names, &last, " and answered this get: each knows of it."].concat(),
        }
    }
}

/// The strip, from the left edge: a row for the put, a row for the get, and bars between the common ones.
#[must_use]
pub fn marks(view: &View<'_>, size: Size) -> Vec<Mark> {
    let Some(overlap) = Overlap::of(view) else { return Vec::new() };
    let mut marks = Vec::new();
    let (left, cell) = (104.0, 26.0);
    let room = (size.width - left - 4.0) / overlap.cells.len().max(1) as f64;
    let step = room.min(46.0);
    let (top, bottom) = (size.height * 0.27, size.height * 0.73);
    let names = [(&overlap.put.id, " acked", top), (&overlap.get.id, " answered", bottom)];
    for (id, word, y) in names {
        let told = [crate::text::clipped_before(id, 6).as_str(), word].concat();
        let lettering = Lettering::plain(12.0).anchor(Anchor::Start);
        marks.push(Mark::text(Point::new(2.0, y), told, lettering, Ink::Muted));
    }
    for (at, part) in overlap.cells.iter().enumerate() {
        let x = left + step * (at as f64 + 0.5);
        if part.acked && part.answered {
            marks.push(Mark::line(Point::new(x, top), Point::new(x, bottom)).line_of(Ink::Text, 4.0));
        }
        for (y, took_part) in [(top, part.acked), (bottom, part.answered)] {
            let half = (cell / 2.0_f64).min(step / 2.0 - 2.0);
            let corners = [(-half, -10.0), (half, -10.0), (half, 10.0), (-half, 10.0)];
            let corners = corners.map(|(right, down)| Point::new(x + right, y + down));
            let (fill, ink) = if took_part {
                (Ink::Answer(part.node), Ink::OnAnswer(part.node))
            } else {
                (Ink::Ground, Ink::Muted)
            };
            marks.push(
                Mark::polygon(&corners)
                    .fill(fill)
                    .line_of(if took_part { Ink::Text } else { Ink::Muted }, 1.2),
            );
            let name = crate::text::clipped(view.name(part.node), 3);
            marks.push(Mark::text(Point::new(x, y), name, Lettering::plain(12.0).bold(), ink));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, get, put, setup, stale_read, walk};

    #[test]
    fn it_shows_who_did_both_and_who_did_neither() {
        let walk = walk();
        let run = stale_read(Vec::new());
        run.at(run.end(), |view| {
            let overlap = Overlap::of(view).unwrap();
            assert_eq!(overlap.shared().count(), 0);
            assert_eq!(overlap.cells[0], Cell { node: walk[0], acked: true, answered: false });
            assert_eq!(overlap.cells[1], Cell { node: walk[1], acked: false, answered: true });
            assert_eq!(overlap.told(view), "Nobody who acknowledged the last put answered this get.");
            assert!(!marks(view, Size { width: 250.0, height: 70.0 }).is_empty());
        });
    }

    #[test]
    fn with_overlapping_quorums_somebody_did_both() {
        let walk = walk();
        let run = Run::of(setup(), vec![(1, put("w1", walk[0], "milk")), (500, get("r1", walk[2]))]);
        run.at(run.end(), |view| assert!(Overlap::of(view).unwrap().shared().count() >= 1));
        run.at(1, |view| assert_eq!(Overlap::of(view), None));
    }
}
