//! A node's own randomness: which peer to gossip with, and when. It is given its seed, so the same seed draws the same.

/// A stream of random numbers (SplitMix64; Steele, Lea and Flood, 2014).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 to `bound` − 1, each equally likely; 0 when `bound` is 0.
    ///
    /// One draw, by multiplication: the bias is below `bound` / 2^64.
    pub const fn below(&mut self, bound: u64) -> u64 {
        let wide = self.bits() as u128 * bound as u128;
        #[allow(clippy::cast_possible_truncation, reason = "the upper half of a 128-bit product has 64 bits")]
        let upper = (wide >> 64) as u64;
        upper
    }
}
