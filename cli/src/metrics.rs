//! What a run cost: messages, bytes, repairs, waiting.

use ringside_core::{Kind, Note};
use ringside_sim::hints::HintTally;
use ringside_sim::{OpOutcome, Recording, Snapshot, Trace};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

use crate::wire::encoded_bytes;

/// Everything counted.
#[derive(Debug, Serialize)]
pub(crate) struct Metrics {
    /// Messages sent, by kind.
    pub(crate) messages: BTreeMap<&'static str, u64>,
    /// Their bytes, see [`encoded_bytes`], by kind.
    pub(crate) bytes: BTreeMap<&'static str, u64>,
    pub(crate) merkle: Merkle,
    hints: Hints,
    /// Replicas that read repair found behind, each time it did.
    pub(crate) read_repairs: u64,
    detector: Detector,
    tombstones: Tombstones,
    membership: Membership,
    /// How long clients waited for puts and deletes, and for gets, that ended `ok`.
    pub(crate) latency_ms: Latencies,
}

/// What anti-entropy compared and copied.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Merkle {
    /// Exchanges begun.
    pub(crate) exchanges: u64,
    /// Hashes of one tree that were compared with those of another.
    pub(crate) hashes: u64,
    /// Keys in buckets that differed.
    pub(crate) keys_compared: u64,
    /// Keys whose versions were sent.
    pub(crate) keys_sent: u64,
}

/// What the members' failure detectors decided, each time that one of them did.
#[derive(Debug, Default, Serialize)]
struct Detector {
    /// A member was believed up and is no longer.
    suspected: u64,
    /// A member was believed down and is believed up again.
    trusted: u64,
    /// Of these, how many had started anew in between; the others had run all along, paused or cut off.
    restarted: u64,
}

/// What became of deletes under `gc = "grace"` and `"all-replicas"`.
#[derive(Debug, Default, Serialize)]
struct Tombstones {
    /// Each time that a first owner asked all members whether one may go.
    asked: u64,
    /// Each time that a member did not confirm it.
    refused: u64,
    /// Each time that a node forgot one.
    collected: u64,
}

/// What changes of the members, and of N, cost.
#[derive(Debug, Default, Serialize)]
struct Membership {
    /// Changes begun by the member that writes the plan.
    begun: u64,
    /// Changes given up.
    aborted: u64,
    /// Keys that came in batches to owners to be.
    keys_moved: u64,
    /// Keys that were written to an owner of before and came to one of after.
    keys_handed_on: u64,
    /// Keys that former owners dropped.
    keys_dropped: u64,
}

/// What became of hints: stored is the sum of all others.
#[derive(Debug, Serialize)]
struct Hints {
    stored: u64,
    delivered: u64,
    superseded: u64,
    expired: u64,
    lost: u64,
    held: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Latencies {
    pub(crate) put: Latency,
    pub(crate) get: Latency,
}

/// Percentiles by nearest rank, in ms; null where nothing ended `ok`.
#[derive(Debug, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50: Json,
    p90: Json,
    pub(crate) p99: Json,
    p999: Json,
    pub(crate) max: Json,
}

/// Microseconds as milliseconds, a whole number where they are whole.
pub(crate) fn ms(micros: u64) -> Json {
    if micros.is_multiple_of(1_000) {
        Json::from(micros / 1_000)
    } else {
        Json::from(micros as f64 / 1_000.0)
    }
}

impl Metrics {
    pub(crate) fn of(recording: &Recording, end: &Snapshot) -> Self {
        let trace = recording.trace();
        let zero = || Kind::ALL.map(|kind| (kind.name(), 0)).into_iter().collect::<BTreeMap<_, _>>();
        let (mut messages, mut bytes) = (zero(), zero());
        for record in &trace.messages {
            let message = &record.envelope.message;
            let kind = message.kind().name();
            *messages.entry(kind).or_default() += 1;
            *bytes.entry(kind).or_default() += encoded_bytes(message);
        }
        let read_repairs = notes(trace).map(|note| u64::from(matches!(note, Note::Repairs { .. }))).sum();
        let latency_ms = Latencies { put: Latency::of(trace, true), get: Latency::of(trace, false) };
        let (merkle, hints) = (Merkle::of(trace), Hints::of(trace, end));
        let (detector, tombstones) = (Detector::of(trace), Tombstones::of(trace));
        let membership = Membership::of(trace);
        Self { messages, bytes, merkle, hints, read_repairs, detector, tombstones, membership, latency_ms }
    }
}

fn notes(trace: &Trace) -> impl Iterator<Item = &Note> {
    trace.events.iter().flat_map(|event| &event.notes)
}

impl Detector {
    fn of(trace: &Trace) -> Self {
        let mut sum = Self::default();
        for note in notes(trace) {
            if let Note::Suspects { .. } = note {
                sum.suspected += 1;
            } else if let Note::Trusts { restarted, .. } = note {
                sum.trusted += 1;
                sum.restarted += u64::from(*restarted);
            }
        }
        sum
    }
}

impl Tombstones {
    fn of(trace: &Trace) -> Self {
        let mut sum = Self::default();
        for note in notes(trace) {
            sum.asked += u64::from(matches!(note, Note::CollectionBegins { .. }));
            sum.refused += u64::from(matches!(note, Note::CollectionRefused { .. }));
            sum.collected += u64::from(matches!(note, Note::Collected { .. }));
        }
        sum
    }
}

impl Membership {
    fn of(trace: &Trace) -> Self {
        let mut sum = Self::default();
        for note in notes(trace) {
            sum.begun += u64::from(matches!(note, Note::ChangeBegun { .. }));
            sum.aborted += u64::from(matches!(note, Note::ChangeAborted { .. }));
            if let Note::BatchReceived { keys, .. } = note {
                sum.keys_moved += u64::from(*keys);
            } else if let Note::OwedReceived { keys, .. } = note {
                sum.keys_handed_on += u64::from(*keys);
            } else if let Note::RangeDropped { keys, .. } = note {
                sum.keys_dropped += keys.len() as u64;
            }
        }
        sum
    }
}

impl Hints {
    fn of(trace: &Trace, end: &Snapshot) -> Self {
        let HintTally { stored, delivered, superseded, expired, lost, held } = HintTally::of(trace, end);
        Self { stored, delivered, superseded, expired, lost, held }
    }
}

impl Merkle {
    fn of(trace: &Trace) -> Self {
        let mut sum = Self::default();
        for note in notes(trace) {
            if let Note::ExchangeBegins { .. } = note {
                sum.exchanges += 1;
            } else if let Note::HashesCompared { equal, different, .. } = note {
                sum.hashes += u64::from(*equal) + u64::from(*different);
            } else if let Note::KeysCompared { equal, different, .. } = note {
                sum.keys_compared += u64::from(*equal) + u64::from(*different);
            } else if let Note::KeysSent { keys, .. } = note {
                sum.keys_sent += keys.len() as u64;
            }
        }
        sum
    }
}

impl Latency {
    fn of(trace: &Trace, writes: bool) -> Self {
        let ended = trace.ops.iter().filter(|op| op.kind.is_write() == writes);
        let took = ended.filter_map(|op| {
            let end = op.end.as_ref().filter(|end| end.outcome == OpOutcome::Ok)?;
            Some(end.at.since(op.start).as_micros())
        });
        let mut took: Vec<u64> = took.collect();
        took.sort_unstable();
        let rank = |per_mille: usize| {
            let rank = (took.len() * per_mille).div_ceil(1_000).max(1);
            took.get(rank - 1).map_or(Json::Null, |micros| ms(*micros))
        };
        Self { p50: rank(500), p90: rank(900), p99: rank(990), p999: rank(999), max: rank(1_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_milliseconds_are_whole_numbers() {
        assert_eq!(ms(5_000), Json::from(5));
        assert_eq!(ms(5_300), Json::from(5.3));
    }
}
