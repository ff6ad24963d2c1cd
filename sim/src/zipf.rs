//! Drawing ranks by Zipf's law: rank k comes with a weight of k to the power of minus the exponent.
//!
//! By rejection-inversion (Hörmann and Derflinger, 1996), which needs neither a table nor a sum over all ranks. Besides
//! `delay`, the only file in which floats meet the simulation: logarithms and powers come from `libm`, which gives the same
//! bits everywhere, and leave as a whole rank.

use crate::rng::Rng;

/// A law over the ranks from 1 to some number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Zipf {
    ranks: u32,
    exponent: f64,
    /// The integral of the weights from the first half rank, and to the last one.
    first: f64,
    last: f64,
    /// So far below a rank nothing is rejected.
    safe: f64,
}

impl Zipf {
    /// The law over the ranks from 1 to `ranks`, which is at least 1, with an exponent in thousandths, above 0.
    pub(crate) fn new(ranks: u32, thousandths: u32) -> Self {
        let exponent = f64::from(thousandths) / 1_000.0;
        let law = Self { ranks, exponent, first: 0.0, last: 0.0, safe: 0.0 };
        Self {
            first: law.integral(1.5) - 1.0,
            last: law.integral(f64::from(ranks) + 0.5),
            safe: 2.0 - law.inverse(law.integral(2.5) - law.weight(2.0)),
            ..law
        }
    }

    /// Draws a rank: 1 is the most frequent.
    pub(crate) fn draw(&self, rng: &mut Rng) -> u32 {
        loop {
            let area = self.last + rng.unit() * (self.first - self.last);
            let at = self.inverse(area);
            let rank = (at + 0.5).clamp(1.0, f64::from(self.ranks));
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it lies between 1 and a u32, and the fraction is to be cut"
            )]
            let rank = rank as u32;
            let whole = f64::from(rank);
            if whole - at <= self.safe || area >= self.integral(whole + 0.5) - self.weight(whole) {
                return rank;
            }
        }
    }

    fn weight(&self, at: f64) -> f64 {
        libm::exp(-self.exponent * libm::log(at))
    }

    /// The integral of the weight from 1.
    fn integral(&self, at: f64) -> f64 {
        let log = libm::log(at);
        exp_ratio((1.0 - self.exponent) * log) * log
    }

    fn inverse(&self, area: f64) -> f64 {
        let scaled = (area * (1.0 - self.exponent)).max(-1.0);
        libm::exp(log_ratio(scaled) * area)
    }
}

/// (e^x − 1) / x, also where x is next to nothing.
fn exp_ratio(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::expm1(x) / x } else { 1.0 + x / 2.0 }
}

/// ln(1 + x) / x, also where x is next to nothing.
fn log_ratio(x: f64) -> f64 {
    if x.abs() > 1e-8 { libm::log1p(x) / x } else { 1.0 - x / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn ranks_come_as_often_as_their_weight_says() {
        const DRAWS: u32 = 100_000;
        for thousandths in [500_u32, 990, 1_000, 1_500, 3_000] {
            let (ranks, exponent) = (20_u32, f64::from(thousandths) / 1_000.0);
            let law = Zipf::new(ranks, thousandths);
            let mut rng = Rng::new(u64::from(thousandths), Purpose::Workload(1));
            let mut hits = [0_u32; 21];
            for _ in 0..DRAWS {
                hits[law.draw(&mut rng) as usize] += 1;
            }
            let weight = |rank: u32| libm::pow(f64::from(rank), -exponent);
            let whole: f64 = (1..=ranks).map(weight).sum();
            for rank in 1..=ranks {
                let share = weight(rank) / whole;
                // Binomial: six standard deviations.
                let (mean, spread) =
                    (f64::from(DRAWS) * share, (f64::from(DRAWS) * share * (1.0 - share)).sqrt());
                let off = (f64::from(hits[rank as usize]) - mean).abs();
                assert!(off <= 6.0 * spread, "exponent {exponent}, rank {rank}: {off} off {mean}");
            }
        }
    }

    #[test]
    fn one_rank_and_a_million_stay_in_their_bounds() {
        let mut rng = Rng::new(3, Purpose::Workload(1));
        assert!((0..100).all(|_| Zipf::new(1, 990).draw(&mut rng) == 1));
        for thousandths in [1, 1_000, 10_000] {
            let law = Zipf::new(1_000_000, thousandths);
            assert!((0..10_000).all(|_| (1..=1_000_000).contains(&law.draw(&mut rng))));
        }
    }
}
