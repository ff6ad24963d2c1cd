//! How long messages take. With `zipf` the only file in which floats meet the simulation: logarithms and powers come from `libm`,
//! which gives the same bits everywhere, and leave as whole microseconds.
//!
//! The presets are the fits that Bailis and others published for LinkedIn and Yammer ("Probabilistically Bounded
//! Staleness", VLDB 2012, table 3).

use crate::rng::Rng;
use ringside_core::{Kind, Span};

/// How long a message takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    /// Always the same.
    Fixed(Span),
    /// Anything from `low` to `high`, each µs equally likely.
    Uniform {
        /// The least.
        low: Span,
        /// The most.
        high: Span,
    },
    /// Exponential with this mean.
    Exponential {
        /// The mean.
        mean: Span,
    },
    /// Pareto: at least `min`, with a tail that is the heavier the smaller alpha is.
    Pareto {
        /// The least.
        min: Span,
        /// Alpha in thousandths, above 0.
        alpha_thousandths: u32,
    },
    /// A published fit of a real system.
    Preset(Preset),
}

/// A published fit of a real system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// `lnkd-ssd`: LinkedIn's store on solid-state disks.
    LnkdSsd,
    /// `lnkd-disk`: the same on spinning disks, where writes take longer.
    LnkdDisk,
    /// `ymmr`: Yammer's Riak cluster.
    Ymmr,
}

/// How long each leg of a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delays {
    /// `write`
    pub write: Delay,
    /// `write-ack`
    pub ack: Delay,
    /// `read`
    pub read: Delay,
    /// `read-reply`
    pub reply: Delay,
    /// All other messages.
    pub other: Delay,
}

impl Preset {
    /// Its name in scenarios.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LnkdSsd => "lnkd-ssd",
            Self::LnkdDisk => "lnkd-disk",
            Self::Ymmr => "ymmr",
        }
    }

    /// (share of the Pareto part, its least in ms, its alpha, rate of the exponential part a ms)
    const fn fit(self, write: bool) -> (f64, f64, f64, f64) {
        match (self, write) {
            (Self::LnkdSsd, _) | (Self::LnkdDisk, false) => (0.9122, 0.235, 10.0, 1.66),
            (Self::LnkdDisk, true) => (0.38, 1.05, 1.51, 0.183),
            (Self::Ymmr, true) => (0.939, 3.0, 3.35, 0.0028),
            (Self::Ymmr, false) => (0.982, 1.5, 3.8, 0.0217),
        }
    }
}

impl Delay {
    /// No message takes longer: one hour. What is drawn above it is cut there.
    pub const LONGEST: Span = Span::from_secs(3_600);

    /// Has it draws that are cut at [`Delay::LONGEST`], however rarely?
    #[must_use]
    pub const fn has_tail(&self) -> bool {
        !matches!(self, Self::Fixed(_) | Self::Uniform { .. })
    }

    /// Draws how long one message takes, at most one hour. `write` tells whether it is a write: some presets have a
    /// slower leg for it.
    pub fn sample(&self, write: bool, rng: &mut Rng) -> Span {
        match *self {
            Self::Fixed(span) => span.min(Self::LONGEST),
            Self::Uniform { low, high } => {
                let width = high.as_micros().saturating_sub(low.as_micros());
                Span::from_micros(low.as_micros() + rng.below(width + 1)).min(Self::LONGEST)
            }
            Self::Exponential { mean } => micros(micros_of(mean) * -libm::log(rng.unit())),
            Self::Pareto { min, alpha_thousandths } => {
                micros(micros_of(min) * libm::pow(rng.unit(), -1_000.0 / f64::from(alpha_thousandths)))
            }
            Self::Preset(preset) => {
                let (share, least, alpha, rate) = preset.fit(write);
                let millis = if rng.unit() <= share {
                    least * libm::pow(rng.unit(), -1.0 / alpha)
                } else {
                    -libm::log(rng.unit()) / rate
                };
                micros(millis * 1_000.0)
            }
        }
    }

    /// The middle of what it draws, for choosing a speed at which a hop can be followed; a preset's is rounded.
    #[must_use]
    pub fn median(&self) -> Span {
        match *self {
            Self::Fixed(span) => span,
            Self::Uniform { low, high } => {
                Span::from_micros((low.as_micros() / 2).saturating_add(high.as_micros() / 2))
            }
            Self::Exponential { mean } => micros(micros_of(mean) * core::f64::consts::LN_2),
            Self::Pareto { min, alpha_thousandths } => {
                micros(micros_of(min) * libm::pow(2.0, 1_000.0 / f64::from(alpha_thousandths)))
            }
            Self::Preset(Preset::LnkdSsd | Preset::LnkdDisk) => Span::from_micros(250),
            Self::Preset(Preset::Ymmr) => Span::from_micros(1_800),
        }
    }
}

impl Delays {
    /// The same for every leg.
    #[must_use]
    pub const fn all(delay: Delay) -> Self {
        Self { write: delay, ack: delay, read: delay, reply: delay, other: delay }
    }

    /// That of one kind of message.
    #[must_use]
    pub const fn of(&self, kind: Kind) -> Delay {
        match kind {
            Kind::Write => self.write,
            Kind::WriteAck => self.ack,
            Kind::Read => self.read,
            Kind::ReadReply => self.reply,
            Kind::Forward
            | Kind::Repair
            | Kind::RepairAck
            | Kind::Hint
            | Kind::HintAck
            | Kind::Gossip
            | Kind::Merkle
            | Kind::Collect
            | Kind::CollectAck
            | Kind::Transfer
            | Kind::TransferAck => self.other,
        }
    }
}

impl Default for Delays {
    /// One millisecond.
    fn default() -> Self {
        Self::all(Delay::Fixed(Span::from_millis(1)))
    }
}

fn micros_of(span: Span) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "scenario times stay below 2^53 µs, which is 285 years")]
    let micros = span.as_micros() as f64;
    micros
}

fn micros(micros: f64) -> Span {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float that is too large, negative or no number is cut to what fits"
    )]
    let whole = libm::round(micros) as u64;
    Span::from_micros(whole).min(Delay::LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn draws(delay: Delay, write: bool) -> Vec<u64> {
        let mut rng = Rng::new(3, Purpose::Delay);
        let mut draws: Vec<u64> = (0..20_001).map(|_| delay.sample(write, &mut rng).as_micros()).collect();
        draws.sort_unstable();
        draws
    }

    #[test]
    fn each_distribution_stays_in_its_bounds_and_has_its_median() {
        let (low, high) = (Span::from_millis(1), Span::from_millis(9));
        let cases = [
            (Delay::Fixed(low), 1_000, 1_000),
            (Delay::Uniform { low, high }, 1_000, 9_000),
            (Delay::Exponential { mean: Span::from_millis(5) }, 0, u64::MAX),
            (Delay::Pareto { min: low, alpha_thousandths: 1_500 }, 1_000, u64::MAX),
        ];
        for (delay, least, most) in cases {
            let draws = draws(delay, false);
            assert!(draws[0] >= least && draws[20_000] <= most, "{delay:?}");
            // The sample median of 20,001 draws is off by less than 5 % of it in each of these.
            let (median, expected) = (draws[10_000], delay.median().as_micros());
            assert!(median.abs_diff(expected) * 20 <= expected, "{delay:?}: {median} against {expected}");
        }
    }

    #[test]
    fn a_heavy_tail_is_cut_at_an_hour() {
        let tail = Delay::Pareto { min: Span::from_secs(10), alpha_thousandths: 10 };
        assert_eq!(draws(tail, false)[20_000], 3_600_000_000);
    }

    #[test]
    fn writes_to_spinning_disks_are_slower_than_reads() {
        let preset = Delay::Preset(Preset::LnkdDisk);
        assert!(draws(preset, true)[10_000] > 4 * draws(preset, false)[10_000]);
    }
}
