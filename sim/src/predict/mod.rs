//! How stale reads are and how long requests take, predicted without running the protocol: the WARS model of Bailis and
//! others, "Probabilistically Bounded Staleness for Practical Partial Quorums" (VLDB 2012), by Monte Carlo.
//!
//! A trial is one write and one read that begins a while after the write has been acknowledged. It draws for each of the
//! N replicas how long the write takes to it (W), its acknowledgement (A), a read request (R) and its reply (S). The
//! write commits at the W-th smallest of W + A. The read takes the first R replies in order of R + S, and is fresh if
//! one of these replicas had the write when it was asked: R + commit + t ≥ W. Reads go to all N; nothing fails,
//! nothing is repaired and there are no hints.
//!
//! State: three waiting times a trial. Invariant: a trial is fresh at every t from some moment on, its *wait*, so one
//! set of trials answers for all moments, and the answers never go down as t grows.

mod latency;
mod trial;

pub use latency::Latency;

use crate::rng::{Purpose, Rng};
use ringside_core::order::by_number;
use ringside_core::{Config, Span};

/// Who coordinates an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Coordinator {
    /// A node that is not a replica, so that every leg takes time: the model as published.
    #[default]
    Outside,
    /// A random replica, each operation its own. Its legs to itself take no time: it has its own write, and reads its
    /// own copy, before anyone else does. This is what the simulated store does.
    Replica,
}

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Model {
    n: u32,
    r: u32,
    w: u32,
    latency: Latency,
    coordinator: Coordinator,
}

/// Trials of a [`Model`], as many as were run so far.
#[derive(Clone, Debug)]
pub struct Trials {
    model: Model,
    rng: Rng,
    waits: Vec<u64>,
    reads: Vec<u64>,
    writes: Vec<u64>,
}

/// What the trials say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// After which time each trial's read is fresh, ascending.
    waits: Waits,
    /// How long each trial's read took, ascending.
    reads: Waits,
    /// How long each trial's write took, ascending.
    writes: Waits,
}

/// Waiting times in ascending order, one a trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits(Vec<u64>);

/// The wait of a read whose replicas have a write that was cut at [`crate::Delay::LONGEST`]: nobody knows when it came.
const NEVER: u64 = u64::MAX;

impl Model {
    /// The most replicas.
    pub const MAX_N: u32 = Config::MAX_N;

    /// A model of `n` replicas, of which a read waits for `r` and a write for `w`.
    ///
    /// # Errors
    /// What is wrong with the numbers, and what would be right: `n` is 1 to [`Model::MAX_N`], `r` and `w` are 1 to `n`.
    pub fn new(n: u32, r: u32, w: u32, latency: Latency, coordinator: Coordinator) -> Result<Self, String> {
        if !(1..=Self::MAX_N).contains(&n) {
            return Err(format!("n = {n}: there are 1 to {} replicas", Self::MAX_N));
        }
        if !(1..=n).contains(&r) {
            return Err(format!("r = {r}: a read waits for 1 to n = {n} replies"));
        }
        if !(1..=n).contains(&w) {
            return Err(format!("w = {w}: a write waits for 1 to n = {n} acknowledgements"));
        }
        Ok(Self { n, r, w, latency, coordinator })
    }
}

impl Trials {
    /// The most trials: at 24 bytes each they take 240 MB.
    pub const MAX: u32 = 10_000_000;

    /// No trials yet. The same seed gives the same trials, on every machine.
    #[must_use]
    pub fn new(model: Model, seed: u64) -> Self {
        let rng = Rng::new(seed, Purpose::Prediction);
        Self { model, rng, waits: Vec::new(), reads: Vec::new(), writes: Vec::new() }
    }

    /// Runs `count` more, but never more than [`Trials::MAX`] in all.
    pub fn run(&mut self, count: u32) {
        for _ in 0..count.min(Self::MAX - self.count()) {
            let trial = self.model.trial(&mut self.rng);
            self.waits.push(trial.wait);
            self.reads.push(trial.read);
            self.writes.push(trial.commit);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.waits.len()).unwrap_or(u32::MAX)
    }

    /// What they say. Without any trial nothing is ever fresh.
    #[must_use]
    pub fn prediction(self) -> Prediction {
        let Self { waits, reads, writes, .. } = self;
        Prediction { waits: Waits::new(waits), reads: Waits::new(reads), writes: Waits::new(writes) }
    }
}

impl Prediction {
    /// Runs that many trials, at most [`Trials::MAX`].
    #[must_use]
    pub fn of(model: Model, trials: u32, seed: u64) -> Self {
        let mut run = Trials::new(model, seed);
        run.run(trials);
        run.prediction()
    }

    /// How long after a write's acknowledgement a read must begin to be fresh.
    #[must_use]
    pub const fn waits(&self) -> &Waits {
        &self.waits
    }

    /// How long a read takes.
    #[must_use]
    pub const fn reads(&self) -> &Waits {
        &self.reads
    }

    /// How long a write takes until it is acknowledged.
    #[must_use]
    pub const fn writes(&self) -> &Waits {
        &self.writes
    }
}

impl Waits {
    fn new(mut micros: Vec<u64>) -> Self {
        by_number(&mut micros, |micros| *micros);
        Self(micros)
    }

    /// How many trials there were.
    #[must_use]
    pub const fn trials(&self) -> usize {
        self.0.len()
    }

    /// The part of the trials, 0 to 1, that waited no longer than this: of [`Prediction::waits`] the probability that a
    /// read is fresh which begins so long after the write. 0 without any trial.
    #[must_use]
    pub fn within(&self, time: Span) -> f64 {
        let within = self.0.partition_point(|micros| *micros <= time.as_micros());
        #[allow(clippy::cast_precision_loss, reason = "at most ten million trials")]
        let part = within as f64 / self.0.len().max(1) as f64;
        part
    }

    /// How long the waiting is of which so many thousandths of the trials were not longer, by nearest rank: 999 stands
    /// for 99.9 %. None without any trial, or where it lies beyond [`crate::Delay::LONGEST`], at which delays are cut.
    #[must_use]
    pub fn quantile(&self, thousandths: u32) -> Option<Span> {
        let rank = (self.0.len() * thousandths as usize).div_ceil(1_000).max(1);
        self.0.get(rank - 1).filter(|micros| **micros != NEVER).map(|micros| Span::from_micros(*micros))
    }
}

#[cfg(test)]
mod tests;
