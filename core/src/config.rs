//! What a cluster is set to. Each field states its unit, its default and what it changes.

use crate::mutant::Health;
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
    /// Whose answers count. Default [`Quorum::Sloppy`].
    pub quorum: Quorum,
    /// How versions are compared. Default [`Versions::Dotted`].
    pub versions: Versions,
    /// Entries kept in a version vector; 0, the default, keeps all (Dynamo §4.4, "clock truncation").
    pub clock_limit: u32,
    /// What a dot's counter counts. Default [`Counters::PerActor`].
    pub counters: Counters,
    /// What a get does about replicas that lag behind its answer. Default [`ReadRepair::Async`].
    pub read_repair: ReadRepair,
    /// Is a write for a replica that is not up kept as a hint by another node (Dynamo §4.6)? Default yes.
    pub hinted_handoff: bool,
    /// How long a hint is kept before it expires. Default 3 h.
    pub hint_window: Span,
    /// How often a node compares its replicas with those of a peer (Dynamo §4.7); none: never. Default 10 s.
    pub anti_entropy: Option<Span>,
    /// How often a node gossips (Dynamo §4.8); none: never. Default 1 s.
    pub gossip: Option<Span>,
    /// When a node believes another one down. Default a phi of 8.
    pub failure_detector: Detector,
    /// When tombstones are collected. Default [`Tombstones::Keep`].
    pub tombstones: Tombstones,
    /// What the acknowledgement of an owner counts for that does not have its range yet. Default [`PendingAcks::Extra`].
    pub pending_acks: PendingAcks,
    /// Which replica a range on the move is copied from. Default [`StreamFrom::Giver`].
    pub stream_from: StreamFrom,
    /// How long a coordinator collects answers before it gives up. Default 250 ms.
    pub timeout: Span,
    /// Sound, except in tests that break nodes on purpose.
    pub health: Health,
}

/// Whose answers count towards R and W.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quorum {
    /// Only those of the preference list.
    Strict,
    /// Those of the first N nodes on the walk that are believed up (Dynamo §4.6).
    Sloppy,
}

/// How the versions of a key are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Versions {
    /// Each sibling with its own dot (Preguiça, Baquero and others, 2012).
    Dotted,
    /// One version vector for all siblings, as Dynamo §4.4 has it: it cannot tell them apart.
    Plain,
    /// The highest wall-clock time of a coordinator, ties by actor.
    LastWriteWins,
}

/// What the counter of a dot counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counters {
    /// All writes of an actor: a dot is never minted twice.
    PerActor,
    /// The actor's writes of one key, as far as the key is still there: unsafe, it starts again after a collection.
    PerKey,
}

/// When a node believes another one down. An opinion of its own, from heartbeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detector {
    /// Phi accrual (Hayashibara and others, 2004), exponential model: down once phi exceeds this many thousandths.
    Phi {
        /// The limit, in thousandths: 8,000 stands for phi 8.
        thousandths: u32,
    },
    /// No heartbeat for this long.
    Timeout(Span),
    /// Never: every member counts as up.
    Off,
}

/// When the tombstone of a deleted key is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tombstones {
    /// Never.
    Keep,
    /// After this time, whoever has seen it: a replica that was away for longer brings the old value back.
    Grace(Span),
    /// Once every owner has confirmed it and no hint for the key is known anywhere.
    AllReplicas,
}

/// What the acknowledgement of an owner counts for that is still receiving its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PendingAcks {
    /// Nothing: it is waited for besides the W of the present owners.
    Extra,
    /// One of the W: unsafe, the range it completes may lack the write.
    Count,
}

/// Which replica a range on the move is copied from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamFrom {
    /// The one that gives it up.
    Giver,
    /// Any: unsafe, it may lack what the giver had acknowledged.
    Any,
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
    /// A sloppy quorum without hinted handoff.
    Handoff,
    /// A time limit of zero would fail every request at once.
    Timeout,
}

impl Config {
    /// The most replicas a key can have.
    pub const MAX_N: u32 = 16;

    /// The defaults but for what acts in the background: strict quorums, no hints, no anti-entropy, no gossip. What
    /// happens then is what requests make happen, and nothing else.
    #[must_use]
    pub fn bare() -> Self {
        Self {
            quorum: Quorum::Strict,
            hinted_handoff: false,
            anti_entropy: None,
            gossip: None,
            failure_detector: Detector::Off,
            ..Self::default()
        }
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// The first setting that is out of bounds, in the order N, R, W, hinted handoff, time limit.
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
        if self.quorum == Quorum::Sloppy && !self.hinted_handoff {
            return Err(ConfigError::Handoff);
        }
        if self.timeout == Span::ZERO {
            return Err(ConfigError::Timeout);
        }
        Ok(())
    }
}

impl Default for Config {
    /// The documented defaults: every mechanism is on.
    fn default() -> Self {
        Self {
            n: 3,
            r: 2,
            w: 2,
            quorum: Quorum::Sloppy,
            versions: Versions::Dotted,
            clock_limit: 0,
            counters: Counters::PerActor,
            read_repair: ReadRepair::Async,
            hinted_handoff: true,
            hint_window: Span::from_secs(3 * 3_600),
            anti_entropy: Some(Span::from_secs(10)),
            gossip: Some(Span::from_secs(1)),
            failure_detector: Detector::Phi { thousandths: 8_000 },
            tombstones: Tombstones::Keep,
            pending_acks: PendingAcks::Extra,
            stream_from: StreamFrom::Giver,
            timeout: Span::from_millis(250),
            health: Health::SOUND,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::N(n) => write!(f, "n = {n} is not from 1 to {}", Config::MAX_N),
            Self::R { r, n } => write!(f, "r = {r} is not from 1 to n = {n}"),
            Self::W { w, n } => write!(f, "w = {w} is not from 1 to n = {n}"),
            Self::Handoff => f.write_str(
                "hinted_handoff = false does not go with quorum = \"sloppy\": a fallback's answer counts only \
                 because the fallback keeps the write for the replica it stands in for",
            ),
            Self::Timeout => f.write_str("timeout is zero; a coordinator needs some time, such as \"250ms\""),
        }
    }
}

impl core::error::Error for ConfigError {}

/// As scenario files write it, about: `phi 8`, `timeout 500 ms`, `off`.
impl fmt::Display for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Phi { thousandths } if thousandths % 1_000 == 0 => write!(f, "phi {}", thousandths / 1_000),
            Self::Phi { thousandths } => write!(f, "phi {}.{:03}", thousandths / 1_000, thousandths % 1_000),
            Self::Timeout(limit) => write!(f, "timeout {limit}"),
            Self::Off => f.write_str("off"),
        }
    }
}

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
        let hintless = Config { hinted_handoff: false, ..good.clone() };
        assert_eq!(hintless.validate(), Err(ConfigError::Handoff));
        assert_eq!(Config { quorum: Quorum::Strict, ..hintless }.validate(), Ok(()));
        assert_eq!(Config::bare().validate(), Ok(()));
        assert_eq!(Config { timeout: Span::ZERO, ..good }.validate(), Err(ConfigError::Timeout));
    }
}
