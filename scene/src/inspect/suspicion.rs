//! How sure one node was, over time, that another is down: phi as a line, with the limit that convicts.

use crate::mark::{Anchor, Ink, Lettering, Mark, Point, Stroke};
use crate::scale::Scale;
use crate::{Size, View};
use ringside_core::config::Detector;
use ringside_core::{NodeId, Span, Time};
use ringside_sim::{Cursor, NodeState};

/// Events that are gone through again for it, at most.
const EVENTS: u64 = 1_500;
/// Points of the line.
const POINTS: u32 = 120;

/// The opinion of one node about another, over the last stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// Whose opinion.
    pub believer: NodeId,
    /// About whom.
    pub of: NodeId,
    /// Moments, and phi then; a gap where the believer was down.
    pub line: Vec<(Time, Option<f64>)>,
    /// The phi that convicts; none where a fixed silence does.
    pub limit: Option<f64>,
}

impl Suspicion {
    /// The most suspicious node's opinion of `of`; none where nobody has one.
    #[must_use]
    pub fn of(view: &View<'_>, of: NodeId) -> Option<Self> {
        let phi = |snapshot: &ringside_sim::Snapshot, believer: NodeId, now: Time| {
            let node = snapshot.nodes.get(believer.index()).filter(|node| node.state == NodeState::Up)?;
            node.mind.as_ref()?.detector.phi_thousandths(now, of).map(|phi| phi as f64 / 1_000.0)
        };
        let others = view.setup().nodes().filter(|node| *node != of);
        let opinion = |believer: NodeId| phi(view.snapshot, believer, view.now).map(|phi| (believer, phi));
        let (believer, _) = others.filter_map(opinion).max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        let limit = match view.snapshot.config.failure_detector {
            Detector::Phi { thousandths } => Some(f64::from(thousandths) / 1_000.0),
            Detector::Timeout(_) | Detector::Off => None,
        };
        let interval = view.snapshot.config.gossip.unwrap_or(Span::from_secs(1));
        let recent = view.trace().time_of(view.position.saturating_sub(EVENTS));
        let from = recent.max(view.now - interval.times(25));
        let step = (view.now.since(from).as_micros() / u64::from(POINTS)).max(1);
        let mut cursor = Cursor::default();
        let mut line = Vec::new();
        let mut at = from;
        while at <= view.now {
            let position = view.recording.position_at(at).min(view.position);
            let snapshot = view.recording.snapshot_from(&mut cursor, position);
            line.push((at, phi(&snapshot, believer, at)));
            at += Span::from_micros(step);
        }
        line.push((view.now, phi(view.snapshot, believer, view.now)));
        Some(Self { believer, of, line, limit })
    }

    /// In words.
    #[must_use]
    pub fn told(&self, view: &View<'_>) -> String {
        let now = self.line.last().and_then(|(_, phi)| *phi).unwrap_or(0.0);
        let tenths = (now * 10.0) as u64;
        let phi = [(tenths / 10).to_string(), ".".to_owned(), (tenths % 10).to_string()].concat();
        let names = (view.name(self.believer), view.name(self.of));
        if tenths == 0 {
            return ["Nobody doubts ", names.1, "."].concat();
        }
        let head = [names.0, " doubts ", names.1, " most: its phi is ", &phi].concat();
        match self.limit {
            Some(limit) if now >= limit => {
                [&head, ", past the ", &(limit as u64).to_string(), " that convicts."].concat()
            }
            Some(limit) => [&head, "; at ", &(limit as u64).to_string(), " it is suspected."].concat(),
            None => [&head, "; here a fixed silence decides."].concat(),
        }
    }

    /// The line, and the limit across it.
    #[must_use]
    pub fn marks(&self, size: Size) -> Vec<Mark> {
        let (first, last) = (
            self.line.first().map_or(Time::ZERO, |point| point.0),
            self.line.last().map_or(Time::ZERO, |point| point.0),
        );
        let scale = Scale::new(first, last, 30.0, size.width - 34.0);
        let (top, bottom) = (22.0, size.height - 22.0);
        let highest = self.line.iter().filter_map(|(_, phi)| *phi).fold(self.limit.unwrap_or(1.0), f64::max);
        let most = (highest * 1.15).min(self.limit.unwrap_or(f64::MAX) * 2.5).max(1.0);
        let y = |phi: f64| bottom + (top - bottom) * (phi / most).min(1.0);
        let small = Lettering::plain(12.0);
        let title = if self.limit.is_some() { "Phi over time; dashed: suspected" } else { "Phi over time" };
        let lettering = small.anchor(Anchor::Start);
        let mut marks = vec![Mark::text(Point::new(scale.left, 7.0), title, lettering, Ink::Muted)];
        let base = Mark::line(Point::new(scale.left, bottom), Point::new(scale.right, bottom));
        marks.push(base.line_of(Ink::Muted, 1.0));
        marks.push(Mark::text(
            Point::new(scale.left - 6.0, bottom),
            "0",
            small.anchor(Anchor::End),
            Ink::Muted,
        ));
        for tick in scale.ticks(76.0) {
            let at = Point::new(scale.x(tick), bottom);
            marks.push(Mark::line(at, at.moved(0.0, 4.0)).line_of(Ink::Muted, 1.0));
            marks.push(Mark::text(at.moved(0.0, 13.0), tick.to_string(), small, Ink::Muted));
        }
        if let Some(limit) = self.limit {
            let line = Mark::line(Point::new(scale.left, y(limit)), Point::new(scale.right, y(limit)));
            marks.push(line.stroke(Stroke::dashed(Ink::Text, 1.2)));
            let at = Point::new(scale.left - 6.0, y(limit));
            marks.push(Mark::text(at, (limit as u64).to_string(), small.anchor(Anchor::End), Ink::Text));
        }
        for points in self.line.split(|(_, phi)| phi.is_none()) {
            let place = |(at, phi): &(Time, Option<f64>)| phi.map(|phi| Point::new(scale.x(*at), y(phi)));
            let points: Vec<Point> = points.iter().filter_map(place).collect();
            if points.len() > 1 {
                marks.push(Mark::path(&points).line_of(Ink::Text, 1.8));
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, setup};
    use ringside_core::Config;
    use ringside_sim::{Act, Setup};

    #[test]
    fn phi_of_a_dead_node_rises_past_the_limit() {
        let config = Config { gossip: Some(Span::from_secs(1)), ..Config::default() };
        let acts = vec![(5_000, Act::Crash(NodeId(1))), (60_000, Act::Note)];
        let run = Run::of(Setup { config, ..setup() }, acts);
        let at = run.recording.position_at(Time::from_micros(40_000_000));
        run.at(at, |view| {
            let suspicion = Suspicion::of(view, NodeId(1)).unwrap();
            assert!(suspicion.told(view).ends_with("past the 8 that convicts."), "{}", suspicion.told(view));
            let phis: Vec<f64> = suspicion.line.iter().filter_map(|(_, phi)| *phi).collect();
            assert!(phis.windows(2).all(|pair| pair[1] >= pair[0] - 1e-9), "it only rises: {phis:?}");
            assert!(!suspicion.marks(Size { width: 300.0, height: 110.0 }).is_empty());
            let other = Suspicion::of(view, NodeId(0)).unwrap();
            assert!(other.told(view).contains("at 8 it is suspected"), "{}", other.told(view));
        });
    }
}
