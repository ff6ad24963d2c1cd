//! Randomness that replays for ever: own generator, own sampling, one stream a purpose.

use crate::setup::Ratio;
use ringside_core::NodeId;
use ringside_core::hash::Fingerprint;
use ringside_core::random::Random;
use std::hash::{Hash, Hasher};

/// A stream of random numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rng {
    random: Random,
}

/// What a stream is for. A new draw for one purpose shifts no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// How long messages take.
    Delay,
    /// Which messages are lost.
    Loss,
    /// What a random scenario is made of.
    Scenario,
    /// What a random scenario has besides: see [`crate::explore::draw`].
    More,
    /// What a random scenario about deletes is made of: see [`crate::explore::draw`].
    Deletes,
    /// What a random scenario about changes of the members is made of: see [`crate::explore::draw`].
    Churn,
    /// When gossip falls silent in a random scenario: see [`crate::explore::draw`].
    Silence,
    /// Which messages the network duplicates, and what becomes of the copies.
    Copy,
    /// What the requests of a workload are, by its number in the run.
    Workload(u32),
    /// What a prediction draws.
    Prediction,
}

impl Rng {
    /// The stream of a run's seed for one purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut mixed = Fingerprint::default();
        mixed.write_u64(seed);
        mixed.write_u64(match purpose {
            Purpose::Delay => 1,
            Purpose::Loss => 2,
            Purpose::Scenario => 3,
            Purpose::Copy => 4,
            Purpose::Workload(_) => 5,
            Purpose::More => 6,
            Purpose::Deletes => 7,
            Purpose::Churn => 8,
            Purpose::Silence => 9,
            Purpose::Prediction => 32,
        });
        if let Purpose::Workload(number) = purpose {
            mixed.write_u64(u64::from(number));
        }
        Self { random: Random::new(mixed.finish()) }
    }

    /// The seed of a node's own randomness, from one start to the next.
    #[must_use]
    pub fn of_node(seed: u64, node: NodeId, boot: u32) -> u64 {
        let mut mixed = Fingerprint::default();
        (seed, node, boot).hash(&mut mixed);
        mixed.finish()
    }

    /// 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.random.bits()
    }

    /// A whole number from 0 to `bound` − 1, each equally likely; 0 when `bound` is 0. One draw.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    /// True with this chance. Draws once whatever the chance, so that changing it shifts nothing.
    pub const fn chance(&mut self, ratio: Ratio) -> bool {
        self.below(ratio.denominator as u64) < ratio.numerator as u64
    }

    /// A number above 0 and up to 1, in steps of 2^-53.
    pub fn unit(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let steps = ((self.bits() >> 11) + 1) as f64;
        steps / 9_007_199_254_740_992.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_have_streams_of_their_own() {
        assert_ne!(Rng::new(7, Purpose::Delay).bits(), Rng::new(7, Purpose::Loss).bits());
        assert_eq!(Rng::new(7, Purpose::Delay).bits(), Rng::new(7, Purpose::Delay).bits());
    }

    #[test]
    fn a_chance_comes_as_often_as_it_says() {
        let mut rng = Rng::new(1, Purpose::Loss);
        let quarter = Ratio { numerator: 1, denominator: 4 };
        let hits = (0..40_000).filter(|_| rng.chance(quarter)).count();
        // Binomial: mean 10,000, standard deviation 86.6; six of them.
        assert!((9_480..=10_520).contains(&hits), "{hits} of 40,000");
        assert!((0..1_000).all(|_| !rng.chance(Ratio::ZERO)));
    }

    #[test]
    fn unit_numbers_stay_above_zero_and_reach_one_at_most() {
        let mut rng = Rng::new(2, Purpose::Delay);
        let draws: Vec<f64> = (0..10_000).map(|_| rng.unit()).collect();
        assert!(draws.iter().all(|draw| *draw > 0.0 && *draw <= 1.0));
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        // Uniform: standard deviation of the mean 0.0029; six of them.
        assert!((mean - 0.5).abs() < 0.018, "{mean}");
    }
}
