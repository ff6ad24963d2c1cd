//! Is a history of one register linearizable? In O(n log n) where it is, after Gibbons and Korach ("Testing Shared Memories",
//! 1997), because every read tells which write it read.
//!
//! A write and the reads of it form a **cluster**. In any order that a register allows, a cluster stands together:
//! the write, then its reads, and nothing of another cluster between them. So if one operation of a cluster X ended
//! before one of a cluster Y began, all of X comes before all of Y; and a history is linearizable exactly when no
//! read ended before its write began, and no two clusters must each come before the other. A cluster's **zone** spans
//! its first end and its last beginning. Where the first end comes first the zone is *forward*: the cluster owns the
//! whole span. Two clusters conflict exactly if two forward zones overlap, or a backward one lies inside a forward
//! one.

use ringside_core::order::by_number;

/// One operation on the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// When it began: an even number above 0, so that no beginning and no end fall together.
    pub(super) start: u64,
    /// When it had ended: an odd number above `start`. None for a write that takes effect at some time or never.
    pub(super) end: Option<u64>,
    /// What it did.
    pub(super) did: Did,
}

/// What an operation did to the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Did {
    /// It wrote something of its own.
    Write,
    /// It read what that call wrote; none for what was there in the beginning.
    Read(Option<usize>),
}

/// Why no order of a register explains the history. Numbers are places in the list of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// A read had ended before the write that it read began.
    FromTheFuture {
        /// The read.
        read: usize,
    },
    /// Two writes, each of which must come before the other.
    Circle {
        /// One write; none for what was there in the beginning, which comes before everything.
        x: Option<usize>,
        /// The other.
        y: usize,
        /// An operation of the first cluster that ended before one of the second began; none if `x` is none.
        x_first: Option<(usize, usize)>,
        /// An operation of the second cluster that ended before one of the first began.
        y_first: (usize, usize),
    },
}

/// A write with its reads.
#[derive(Clone, Debug)]
struct Cluster {
    write: Option<usize>,
    /// When the first of its calls ended; 0 in the cluster of the beginning.
    first_end: u64,
    /// When the last of its calls began.
    last_start: u64,
    /// Its calls, by their ends.
    calls: Vec<usize>,
}

/// The moment at which it was first certain that no order explains the history, and why; none if one does.
///
/// Once broken a history stays broken, so that moment is found by halving the ends.
pub(super) fn conflict(calls: &[Call]) -> Option<(u64, Conflict)> {
    any_conflict(calls)?;
    let mut ends: Vec<u64> = calls.iter().filter_map(|call| call.end).collect();
    ends.sort_unstable();
    let first = ends.partition_point(|end| any_conflict(&until(calls, *end)).is_none());
    let at = ends.get(first).copied()?;
    Some((at, any_conflict(&until(calls, at))?))
}

/// The history as it was known at a moment. A call that had not ended is a write that nothing has read, whatever it
/// will be.
fn until(calls: &[Call], at: u64) -> Vec<Call> {
    let known = |call: &Call| match call.end {
        Some(end) if end > at => Call { end: None, did: Did::Write, ..*call },
        Some(_) | None => *call,
    };
    calls.iter().map(known).collect()
}

fn any_conflict(calls: &[Call]) -> Option<Conflict> {
    let future = calls.iter().position(|call| match (call.did, call.end) {
        (Did::Read(Some(write)), Some(end)) => end < calls[write].start,
        (Did::Read(_) | Did::Write, _) => false,
    });
    let clusters = clusters(calls);
    let circle = || conflicting(&clusters).map(|(x, y)| circle(calls, x, y));
    future.map(|read| Conflict::FromTheFuture { read }).or_else(circle)
}

/// The clusters that something depends on: one whose write may never have happened, and that nothing read, is left
/// out, and so is the beginning if nothing read it.
fn clusters(calls: &[Call]) -> Vec<Cluster> {
    let none = Cluster { write: None, first_end: 0, last_start: 0, calls: Vec::new() };
    let mut all = vec![none.clone()];
    let mut of_write = vec![0; calls.len()];
    for (at, call) in calls.iter().enumerate() {
        if call.did == Did::Write {
            of_write[at] = all.len();
            all.push(Cluster { write: Some(at), first_end: u64::MAX, ..none.clone() });
        }
    }
    let mut by_end: Vec<usize> = (0..calls.len()).collect();
    by_number(&mut by_end, |at| calls[*at].ended());
    for at in by_end {
        let of = match calls[at].did {
            Did::Write => of_write[at],
            Did::Read(write) => write.map_or(0, |write| of_write[write]),
        };
        let cluster = &mut all[of];
        cluster.first_end = cluster.first_end.min(calls[at].ended());
        cluster.last_start = cluster.last_start.max(calls[at].start);
        cluster.calls.push(at);
    }
    all.retain(|cluster| !cluster.calls.is_empty() && cluster.first_end != u64::MAX);
    all
}

/// Two clusters that must each come before the other.
fn conflicting(clusters: &[Cluster]) -> Option<(&Cluster, &Cluster)> {
    let (mut forward, backward): (Vec<&Cluster>, Vec<&Cluster>) =
        clusters.iter().partition(|cluster| cluster.first_end < cluster.last_start);
    by_number(&mut forward, |cluster| cluster.first_end);
    let overlap = forward.windows(2).find(|pair| pair[1].first_end < pair[0].last_start);
    if let Some(pair) = overlap {
        return Some((pair[0], pair[1]));
    }
    backward.into_iter().find_map(|inner| {
        let earlier = forward.partition_point(|cluster| cluster.first_end < inner.last_start);
        let around = forward[earlier.checked_sub(1)?];
        (inner.first_end < around.last_start).then_some((around, inner))
    })
}

fn circle(calls: &[Call], x: &Cluster, y: &Cluster) -> Conflict {
    // At most one of the two is the beginning, and then it is called x.
    let (x, y) = if y.write.is_none() { (y, x) } else { (x, y) };
    let x_first = x.write.map(|_| before(calls, x, y));
    let y_first = before(calls, y, x);
    Conflict::Circle { x: x.write, y: y.write.expect("only one cluster is the beginning"), x_first, y_first }
}

/// An operation of `x` that ended before one of `y` began: the writes themselves where they will do, else the ones
/// that show it first.
fn before(calls: &[Call], x: &Cluster, y: &Cluster) -> (usize, usize) {
    let precedes = |a: usize, b: usize| calls[a].ended() < calls[b].start;
    let writes = x.write.zip(y.write).filter(|(a, b)| precedes(*a, *b));
    writes.unwrap_or_else(|| {
        let late = |b: &usize| x.first_end < calls[*b].start;
        let b = y.calls.iter().copied().find(late).expect("x comes before y");
        let a = x.write.filter(|write| precedes(*write, b)).unwrap_or(x.calls[0]);
        (a, b)
    })
}

impl Call {
    /// When it ended; the end of time if it never did.
    fn ended(&self) -> u64 {
        self.end.unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests;
