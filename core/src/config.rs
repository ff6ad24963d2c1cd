//! What a cluster is set to. Each field states its unit, its default and what it changes.

use crate::time::Span;
use core::fmt;

/// Settings that every node of a cluster shares and that may change while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// Replicas of a key, 1 to [`Config::MAX_N`]. Default 3 (Dynamo §4.3).
    pub n: u32,
    /// Replies a get waits for, 1 to N. Default 2.
    pub r: u32,
    /// Acknowledgements a put waits for, 1 to N. Default 2.
    pub w: u32,
    /// What a get does about replicas that lag behind its answer. Default [`ReadRepair::Async`].
    pub read_repair: ReadRepair,
    /// How long a coordinator collects answers before it gives up. Default 250 ms.
    pub timeout: Span,
}

/// What a get does about replicas that lag behind what it returns (Dynamo §5, "read repair").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadRepair {
    /// Repair them after the client has its answer.
    Async,
    /// Answer once N − R + 1 replicas hold what is returned, so that no later get can miss it.
    Blocking,
    /// Leave them.
    Off,
}

/// A setting outside its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// N is zero or above [`Config::MAX_N`].
    N(u32),
    /// R is zero or above N.
    R {
        /// The refused R.
        r: u32,
        /// The N it must not exceed.
        n: u32,
    },
    /// W is zero or above N.
    W {
        /// The refused W.
        w: u32,
        /// The N it must not exceed.
        n: u32,
    },
    /// A time limit of zero would fail every request at once.
    Timeout,
}

impl Config {
    /// The most replicas a key can have.
    pub const MAX_N: u32 = 16;

    /// Checks every bound.
    ///
    /// # Errors
    /// The first setting that is out of bounds, in the order N, R, W, time limit.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let Self { n, r, w, .. } = *self;
        if n == 0 || n > Self::MAX_N {
            return Err(ConfigError::N(n));
        }
        if r == 0 || r > n {
            return Err(ConfigError::R { r, n });
        }
        if w == 0 || w > n {
            return Err(ConfigError::W { w, n });
        }
        if self.timeout == Span::ZERO {
            return Err(ConfigError::Timeout);
        }
        Ok(())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self { n: 3, r: 2, w: 2, read_repair: ReadRepair::Async, timeout: Span::from_millis(250) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::N(n) => write!(f, "n = {n} is not from 1 to {}", Config::MAX_N),
            Self::R { r, n } => write!(f, "r = {r} is not from 1 to n = {n}"),
            Self::W { w, n } => write!(f, "w = {w} is not from 1 to n = {n}"),
            Self::Timeout => f.write_str("timeout is zero; a coordinator needs some time, such as \"250ms\""),
        }
    }
}

impl core::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_each_bound_is_held() {
        let good = Config::default();
        assert_eq!(good.validate(), Ok(()));
        assert_eq!(Config { n: 0, ..good.clone() }.validate(), Err(ConfigError::N(0)));
        assert_eq!(Config { n: 17, ..good.clone() }.validate(), Err(ConfigError::N(17)));
        assert_eq!(Config { r: 4, ..good.clone() }.validate(), Err(ConfigError::R { r: 4, n: 3 }));
        assert_eq!(Config { w: 0, ..good.clone() }.validate(), Err(ConfigError::W { w: 0, n: 3 }));
        assert_eq!(Config { timeout: Span::ZERO, ..good }.validate(), Err(ConfigError::Timeout));
    }
}
