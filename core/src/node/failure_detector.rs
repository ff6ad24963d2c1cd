//! Failure detection: whom this node believes up, from heartbeats as they advance, by whatever path they come.
//!
//! State: one opinion a member. Invariant: an opinion is this node's own; nobody is told of it. Opinions are brought up
//! to date at the beginning of every turn, and its `next_wake` names the moment of the next conviction, so
//! its note stands at that very moment and no node wakes to find nothing.
//!
//! *Phi accrual* (Hayashibara and others, 2004) with gaps taken as exponentially distributed: a silence of t has
//! phi = t ÷ (mean gap · ln 10), so phi X is reached after X · ln 10 · mean gap: for phi 8, 18.42 mean gaps. The mean is
//! that of the last 64 to 127 gaps; until there are any, a gap is taken to be what gossip makes of it, one interval in
//! clusters whose digests name everybody; and so is the first gap itself, which began before this node listened. A gap
//! that ended a conviction was an outage, not a rhythm, and does not count. A newer boot begins afresh. Who comes to judge
//! more than an interval late has stood still itself: it convicts nobody, and listens anew (so CASSANDRA-9183).

use super::Wake;
use super::by_id::ById;
use super::note::Note;
use super::outbox::Outbox;
use crate::config::{Config, Detector};
use crate::id::NodeId;
use crate::time::{Span, Time};
use alloc::sync::Arc;

/// ln 10 in billionths: 2.302585093 (the next digit is a zero).
const LN_10: u128 = 2_302_585_093;
const BILLION: u128 = 1_000_000_000;
/// Gaps in one half of the window.
const HALF: u32 = 64;

/// What a node believes of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FailureDetector {
    /// What a gap is taken to be before there is one. None while there is nothing to judge by, and
    /// then every member counts as up.
    interval: Option<Span>,
    opinions: Arc<ById<Opinion>>,
    /// The first moment at which an opinion changes by time alone.
    next: Option<Time>,
}

/// The opinion about one member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Opinion {
    up: bool,
    /// When its heartbeat last advanced here, or when this node began to listen, or did so again after a pause.
    heard: Time,
    /// The silence that convicts it.
    limit: Span,
    gaps: Gaps,
}

/// A window of the last gaps, as two sums: a few bytes, whatever its length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Gaps {
    /// The sum of the 64 gaps before those of `sum`; none before there were as many.
    before: Option<Span>,
    sum: Span,
    /// Below 64.
    count: u32,
}

impl FailureDetector {
    /// Begins to listen at `now`, and believes everybody up. `rhythm` is what a gap between two heartbeats is taken to be
    /// before there is one; none without gossip.
    pub(super) fn new(
        now: Time,
        config: &Config,
        rhythm: Option<Span>,
        members: impl Iterator<Item = NodeId>,
    ) -> Self {
        let interval = listens(config, rhythm);
        let mut detector = Self { interval, opinions: Arc::default(), next: None };
        if let Some(interval) = detector.interval {
            let opinions = Arc::make_mut(&mut detector.opinions);
            for member in members {
                opinions.get_or_insert_with(member, || Opinion::new(now, config.failure_detector, interval));
            }
        }
        detector.plan();
        detector
    }

    /// Is this member believed up, as of the beginning of the turn? Whoever is not watched counts as up.
    #[must_use]
    pub fn up(&self, member: NodeId) -> bool {
        self.opinions.get(member).is_none_or(|opinion| opinion.up)
    }

    /// Is this member believed up at `now`, where nothing has been heard since the last turn?
    #[must_use]
    pub fn believes_up(&self, now: Time, member: NodeId) -> bool {
        self.opinions.get(member).is_none_or(|opinion| opinion.up && now.since(opinion.heard) < opinion.limit)
    }

    /// Those whom it does not believe up at `now`, in the order of their ids.
    pub fn suspected(&self, now: Time) -> impl Iterator<Item = NodeId> + '_ {
        let suspected = move |opinion: &Opinion| !opinion.up || now.since(opinion.heard) >= opinion.limit;
        self.opinions.iter().filter(move |(_, opinion)| suspected(opinion)).map(|(member, _)| member)
    }

    /// When the heartbeat of this member last advanced here, or when this node began to listen. None where everybody
    /// counts as up.
    #[must_use]
    pub fn heard(&self, member: NodeId) -> Option<Time> {
        self.opinions.get(member).map(|opinion| opinion.heard)
    }

    /// The silence that convicts this member at present. None where everybody counts as up.
    #[must_use]
    pub fn limit(&self, member: NodeId) -> Option<Span> {
        self.opinions.get(member).map(|opinion| opinion.limit)
    }

    /// The mean gap between its heartbeats, rounded down to whole microseconds.
    #[must_use]
    pub fn mean_gap(&self, member: NodeId) -> Option<Span> {
        let (sum, count) = self.opinions.get(member)?.gaps.total(self.interval?);
        Some(Span::from_micros(sum.as_micros() / u64::from(count)))
    }

    /// Phi of the silence of this member at `now`, in thousandths, whatever kind of detector decides. None where
    /// everybody counts as up.
    #[must_use]
    pub fn phi_thousandths(&self, now: Time, member: NodeId) -> Option<u64> {
        let opinion = self.opinions.get(member)?;
        let (sum, count) = opinion.gaps.total(self.interval?);
        let silence = u128::from(now.since(opinion.heard).as_micros());
        let mean_by_count = (u128::from(sum.as_micros()) * LN_10).max(1);
        let phi = silence * u128::from(count) * 1_000 * BILLION / mean_by_count;
        Some(u64::try_from(phi).unwrap_or(u64::MAX))
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        self.next.map(|at| (at, Wake::Silence))
    }

    /// The settings may have changed: opinions follow the new limits, and where there was nothing to judge by before,
    /// listening begins now.
    pub(super) fn configure(
        &mut self,
        now: Time,
        config: &Config,
        rhythm: Option<Span>,
        members: impl Iterator<Item = NodeId>,
    ) {
        let interval = listens(config, rhythm);
        if interval.is_none() || self.interval.is_none() {
            *self = Self::new(now, config, rhythm, members);
            return;
        }
        self.interval = interval;
        let interval = interval.unwrap_or_default();
        for (_, opinion) in Arc::make_mut(&mut self.opinions).iter_mut() {
            opinion.limit = opinion.gaps.limit(config.failure_detector, interval);
        }
        self.plan();
    }

    /// Keeps an opinion about this member from now on, if there is none yet.
    pub(super) fn watch(&mut self, now: Time, config: &Config, member: NodeId) {
        let Some(interval) = self.interval else { return };
        let opinions = Arc::make_mut(&mut self.opinions);
        opinions.get_or_insert_with(member, || Opinion::new(now, config.failure_detector, interval));
        self.plan();
    }

    /// The heartbeats of these members advanced; with each, whether it has a newer boot.
    pub(super) fn hear(&mut self, now: Time, config: &Config, news: &[(NodeId, bool)], out: &mut Outbox) {
        let Some(interval) = self.interval else { return };
        let opinions = Arc::make_mut(&mut self.opinions);
        let mut next = self.next;
        for &(member, restarted) in news {
            let opinion = || Opinion::new(now, config.failure_detector, interval);
            let opinion = opinions.get_or_insert_with(member, opinion);
            let elapsed = now.since(opinion.heard);
            if !opinion.up {
                let limit = opinion.limit;
                out.note(Note::Trusts { member, elapsed, limit, restarted });
            }
            if restarted {
                opinion.gaps = Gaps::default();
            } else if opinion.up {
                let first = opinion.gaps.is_empty();
                opinion.gaps.add(if first { interval } else { elapsed });
            }
            // Only where the first one that was due is heard of are all the others asked who is first now.
            if opinion.up && Some(opinion.heard + opinion.limit) == self.next {
                next = None;
            }
            opinion.up = true;
            opinion.heard = now;
            opinion.limit = opinion.gaps.limit(config.failure_detector, interval);
            next = next.map(|next| next.min(now + opinion.limit));
        }
        self.next = next;
        if next.is_none() {
            self.plan();
        }
    }

    /// Convicts those who have been silent for too long, unless it was this node that stood still.
    pub(super) fn settle(&mut self, now: Time, out: &mut Outbox) {
        let Some(next) = self.next.filter(|next| *next <= now) else { return };
        let stood_still = self.interval.is_some_and(|interval| now.since(next) > interval);
        for (member, opinion) in Arc::make_mut(&mut self.opinions).iter_mut() {
            let (elapsed, limit) = (now.since(opinion.heard), opinion.limit);
            if opinion.up && stood_still {
                opinion.heard = now;
            } else if opinion.up && elapsed >= limit {
                opinion.up = false;
                out.note(Note::Suspects { member, elapsed, limit });
            }
        }
        self.plan();
    }

    fn plan(&mut self) {
        let due = |opinion: &Opinion| opinion.up.then(|| opinion.heard + opinion.limit);
        self.next = self.opinions.iter().filter_map(|(_, opinion)| due(opinion)).min();
    }
}

impl Opinion {
    fn new(now: Time, detector: Detector, interval: Span) -> Self {
        let gaps = Gaps::default();
        Self { up: true, heard: now, limit: gaps.limit(detector, interval), gaps }
    }
}

impl Gaps {
    const fn is_empty(&self) -> bool {
        self.before.is_none() && self.count == 0
    }

    fn add(&mut self, gap: Span) {
        self.sum = self.sum + gap;
        self.count += 1;
        if self.count == HALF {
            *self = Self { before: Some(self.sum), sum: Span::ZERO, count: 0 };
        }
    }

    /// The sum of the gaps, and how many they are; before the first one, one of `interval`.
    fn total(&self, interval: Span) -> (Span, u32) {
        match self.before {
            None if self.count == 0 => (interval, 1),
            None => (self.sum, self.count),
            Some(before) => (before + self.sum, HALF + self.count),
        }
    }

    /// The silence that convicts, rounded up to whole microseconds, so that phi has reached its limit then.
    fn limit(&self, detector: Detector, interval: Span) -> Span {
        match detector {
            Detector::Off => Span::from_micros(u64::MAX),
            Detector::Timeout(limit) => limit,
            Detector::Phi { thousandths } => {
                let (sum, count) = self.total(interval);
                let means = u128::from(sum.as_micros()) * u128::from(thousandths) * LN_10;
                let limit = means.div_ceil(u128::from(count) * 1_000 * BILLION);
                Span::from_micros(u64::try_from(limit).unwrap_or(u64::MAX))
            }
        }
    }
}

/// The rhythm of heartbeats, if there are any and a detector that heeds them.
fn listens(config: &Config, rhythm: Option<Span>) -> Option<Span> {
    rhythm.filter(|_| config.failure_detector != Detector::Off)
}

#[cfg(test)]
mod tests;
