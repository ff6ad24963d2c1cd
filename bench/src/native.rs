//! What needs no browser: going anywhere in a long run.

use crate::runs;
use crate::table::{Table, quantile};
use ringside_sim::Recording;
use std::time::Instant;

/// Positions that are gone to.
const SEEKS: u64 = 400;

/// Goes to positions all over a run of 100,000 events.
pub(crate) fn seeks(table: &mut Table) {
    let mut recording = Recording::new(runs::small());
    let began = Instant::now();
    recording.run(100_000);
    let per_event = began.elapsed().as_secs_f64() * 1e6 / recording.len() as f64;
    eprintln!("  {} events, {per_event:.1} µs each", recording.len());
    let mut took = Vec::new();
    for seek in 0..SEEKS {
        // Steps of a fraction of the whole that repeats late: near and far, in no order.
        let position = seek * 61_803 % recording.len();
        let began = Instant::now();
        let snapshot = recording.snapshot(position);
        assert_eq!(snapshot.position, position);
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    table.add("seek in 100,000 events, native, p95", quantile(&took, 0.95), Some(50.0));
    large(table);
}

/// What a thousand nodes cost: told only, the page's figures hold it to its budget.
fn large(table: &mut Table) {
    let began = Instant::now();
    let mut recording = Recording::new(runs::large());
    table.add("start of 1,000 × 256, native", began.elapsed().as_secs_f64() * 1e3, None);
    let began = Instant::now();
    recording.run(2_000);
    table.add("its first 2,000 events, native", began.elapsed().as_secs_f64() * 1e3, None);
    let began = Instant::now();
    recording.run(20_000);
    table.add("the next 20,000, native", began.elapsed().as_secs_f64() * 1e3, None);
    let mut took = Vec::new();
    for seek in 0..50 {
        let position = seek * 61_803 % recording.len();
        let began = Instant::now();
        assert_eq!(recording.snapshot(position).position, position);
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    table.add("seek in it, native, median", quantile(&took, 0.5), None);
    table.add("seek in it, native, p95", quantile(&took, 0.95), None);
}
