//! Known answers about staleness: `ringside predict` against formulas, published figures and independent runs.
//!
//! A probability is compared within five standard deviations of the binomial distribution at the number of trials, plus
//! what the known answer is rounded by and, where it comes from a Monte Carlo of its own, that one's five. A right
//! model fails one check with a probability below one in a million; seeds are fixed, so a check that holds, holds.

use ringside_core::Span;
use ringside_sim::predict::{Coordinator, Latency, Model, Prediction, Waits};

const TRIALS: u32 = 100_000;
/// Where many models are held to one formula.
const FEW: u32 = 10_000;

fn model((n, r, w): (u32, u32, u32), latency: &str, coordinator: Coordinator) -> Model {
    let latency = Latency::parse(latency).expect("the tests write what can be read");
    Model::new(n, r, w, latency, coordinator).expect("a quorum")
}

fn predict(numbers: (u32, u32, u32), latency: &str, coordinator: Coordinator) -> Prediction {
    Prediction::of(model(numbers, latency, coordinator), TRIALS, 42)
}

/// Five standard deviations of the share of `trials` in which something of this probability happens.
fn five_sigma(p: f64, trials: usize) -> f64 {
    5.0 * (p * (1.0 - p) / trials as f64).sqrt()
}

/// `slack` is for a known answer that is itself rounded or measured.
fn assert_share(what: &str, measured: f64, trials: usize, expected: f64, slack: f64) {
    let bound = five_sigma(expected, trials) + slack;
    assert!(
        (measured - expected).abs() <= bound,
        "{what}: {measured:.5}, expected {expected:.5} ± {bound:.5}"
    );
}

fn assert_fresh(what: &str, prediction: &Prediction, at: Span, expected: f64, slack: f64) {
    let waits = prediction.waits();
    assert_share(&format!("{what}, t = {at}"), waits.within(at), waits.trials(), expected, slack);
}

fn choose(of: u32, some: u32) -> f64 {
    (0..some).map(|i| (f64::from(of) - f64::from(i)) / f64::from(some - i)).product()
}

/// C(N−W, R) / C(N, R): the chance that R random replicas are none of the W that have the write.
fn misses(n: u32, r: u32, w: u32) -> f64 {
    if r > n - w { 0.0 } else { choose(n - w, r) / choose(n, r) }
}

#[test]
fn quorums_of_random_replicas_miss_a_write_as_combinatorics_says() {
    for ((n, r, w), expected) in [((3, 1, 1), 2.0 / 3.0), ((3, 1, 2), 1.0 / 3.0), ((3, 2, 1), 1.0 / 3.0)] {
        assert!((misses(n, r, w) - expected).abs() < 1e-12);
    }
    // Reads take no time, and writes so long that it does not show: exactly W replicas have it when it commits. Which
    // ones is left to chance, so a read that asks any R asks random ones.
    for n in 1..=7 {
        for (r, w) in (1..=n).flat_map(|r| (1..=n).map(move |w| (r, w))) {
            let model = model((n, r, w), "0ms,write=exponential 100s", Coordinator::Outside);
            let prediction = Prediction::of(model, FEW, 42);
            assert_fresh(&format!("{n} {r} {w}"), &prediction, Span::ZERO, 1.0 - misses(n, r, w), 0.0);
            if r + w > n {
                assert_eq!(prediction.waits().quantile(1_000), Some(Span::ZERO), "R + W > N is always fresh");
            }
        }
    }
}

/// The first thing to get right: exact at every moment, without fits and tails.
#[test]
fn with_exponential_writes_and_nothing_else_staleness_decays_at_r_times_the_rate() {
    let known: [((u32, u32, u32), [f64; 4]); 2] =
        [((3, 1, 1), [0.6667, 0.4044, 0.2453, 0.0902]), ((3, 2, 1), [0.3333, 0.1226, 0.0451, 0.0061])];
    for ((n, r, w), stale) in known {
        // Rate 1 a second, so that the µs of the model do not show.
        let prediction = predict((n, r, w), "0ms,write=exponential 1s", Coordinator::Outside);
        for (millis, rounded) in [0_u32, 500, 1_000, 2_000].into_iter().zip(stale) {
            let exact = misses(n, r, w) * (-f64::from(r) * f64::from(millis) / 1e3).exp();
            assert!((exact - rounded).abs() < 5.1e-5, "the formula gives the known figure {rounded}");
            let at = Span::from_millis(millis.into());
            assert_fresh(&format!("{n} {r} {w}"), &prediction, at, 1.0 - exact, 0.0);
        }
    }
}

/// Of (3, 1, 1) above, a part of 2/3 e^−t is stale: q of the reads are fresh from t = ln(2/3 / (1 − q)) seconds on.
#[test]
fn the_moment_from_which_so_many_are_fresh_is_where_the_formula_has_it() {
    let prediction = predict((3, 1, 1), "0ms,write=exponential 1s", Coordinator::Outside);
    for (thousandths, q) in [(500, 0.5), (990, 0.99), (999, 0.999)] {
        let at = prediction.waits().quantile(thousandths).expect("it is reached").as_micros() as f64 / 1e6;
        // A quantile is off by as much as moves the share by five standard deviations of it.
        let bound = five_sigma(q, TRIALS as usize);
        let moment = |q: f64| (2.0 / 3.0 / (1.0 - q)).ln();
        assert!(
            (moment(q - bound)..=moment(q + bound)).contains(&at),
            "{q}: {at} s, expected {} s",
            moment(q)
        );
    }
}

/// An independent Monte Carlo of 10^6 trials, in tenths of a percent.
fn measured_elsewhere(per_cent: f64) -> (f64, f64) {
    let p = per_cent / 100.0;
    (p, 0.0005 + five_sigma(p, 1_000_000))
}

const MOMENTS: [u64; 4] = [0, 1, 5, 10];

fn assert_table(coordinator: Coordinator, table: [((u32, u32), [f64; 4]); 3]) {
    for ((r, w), fresh) in table {
        let prediction = predict((3, r, w), "lnkd-disk", coordinator);
        for (millis, per_cent) in MOMENTS.into_iter().zip(fresh) {
            let (p, slack) = measured_elsewhere(per_cent);
            let what = format!("{coordinator:?}, R = {r}, W = {w}");
            assert_fresh(&what, &prediction, Span::from_millis(millis), p, slack);
        }
    }
}

#[test]
fn lnkd_disk_is_as_fresh_as_published_and_as_run_elsewhere() {
    let table = [
        ((1, 1), [43.7, 58.4, 81.8, 92.6]),
        ((1, 2), [71.3, 77.2, 89.4, 95.6]),
        ((2, 1), [76.2, 86.9, 97.5, 99.6]),
    ];
    assert_table(Coordinator::Outside, table);
    // The paper has three digits.
    let prediction = predict((3, 1, 1), "lnkd-disk", Coordinator::Outside);
    for (millis, p) in [(0, 0.439), (10, 0.925)] {
        assert_fresh("the paper", &prediction, Span::from_millis(millis), p, 0.0005);
    }
}

#[test]
fn lnkd_disk_with_a_replica_as_coordinator_is_as_run_elsewhere() {
    let table = [
        ((1, 1), [33.3, 40.3, 81.0, 92.5]),
        ((1, 2), [69.5, 77.1, 90.0, 95.9]),
        ((2, 1), [67.6, 76.5, 97.4, 99.6]),
    ];
    assert_table(Coordinator::Replica, table);
    // Only the writer's own copy is there at once: one of three, exactly. Three in 10^5 of the legs round to 0 µs.
    let prediction = predict((3, 1, 1), "lnkd-disk", Coordinator::Replica);
    assert_fresh("only the writer's own", &prediction, Span::ZERO, 1.0 / 3.0, 1e-4);
}

#[test]
fn a_longer_read_quorum_is_not_a_longer_write_quorum() {
    let at_once = |r, w, coordinator| {
        let prediction = predict((3, r, w), "lnkd-disk", coordinator);
        (prediction.waits().within(Span::ZERO), prediction.waits().trials())
    };
    let clearly_above = |(high, trials): (f64, usize), (low, _): (f64, usize)| {
        // Both share their draws, which only helps; as if they did not:
        high - low > five_sigma(high, trials) + five_sigma(low, trials)
    };
    let outside = Coordinator::Outside;
    assert!(clearly_above(at_once(2, 1, outside), at_once(1, 2, outside)));
    let replica = Coordinator::Replica;
    assert!(clearly_above(at_once(1, 2, replica), at_once(2, 1, replica)), "the order turns round");
}

#[test]
fn exponential_legs_are_as_run_elsewhere() {
    // Every leg has rate 1 a second but the write, whose rate is 4, 1 or 0.1.
    for (mean, per_cent) in [("250ms", 94.3), ("1s", 75.2), ("10s", 42.0)] {
        let legs = format!("exponential 1s,write=exponential {mean}");
        let (p, slack) = measured_elsewhere(per_cent);
        assert_fresh(mean, &predict((3, 1, 1), &legs, Coordinator::Outside), Span::ZERO, p, slack);
    }
}

/// A published percentile lies between the percentiles of our trials whose ranks are five standard deviations away from
/// its own, or off by what it is rounded by: 0.005 ms.
fn assert_p999(what: &str, waits: &Waits, published_ms: f64) {
    let within = |ms: f64| waits.within(Span::from_micros((ms * 1e3).round() as u64));
    let bound = five_sigma(0.999, waits.trials());
    let (below, above) = (within(published_ms - 0.005), within(published_ms + 0.005));
    assert!(
        below <= 0.999 + bound && above >= 0.999 - bound,
        "{what}: {published_ms} ms is published as p99.9, and is ours of {below} to {above}; p99.9 is {:?}",
        waits.quantile(999)
    );
}

#[test]
fn latencies_at_the_tail_are_as_published() {
    for ((r, w), read, write) in [((1, 1), 0.66, 10.99), ((2, 2), 1.64, 20.96)] {
        let prediction = predict((3, r, w), "lnkd-disk", Coordinator::Outside);
        assert_p999(&format!("R = {r}, read"), prediction.reads(), read);
        assert_p999(&format!("W = {w}, write"), prediction.writes(), write);
    }
}
