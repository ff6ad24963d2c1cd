//! What a run starts from: sizes, settings, network.

use super::Draw;
use crate::delay::Delays;
use crate::names::node_name;
use crate::setup::{Network, Ratio, Setup};
use ringside_core::ring::Placement;
use ringside_core::{
    Config, Counters, Detector, NodeId, PendingAcks, Quorum, ReadRepair, Span, StreamFrom, Tombstones,
    Versions,
};

impl Draw {
    pub(super) fn setup(&mut self, seed: u64) -> Setup {
        self.nodes = if self.rng.below(50) == 0 { self.small(10, 64) } else { self.small(1, 9) };
        let n = self.small(1, 5);
        // N may be lowered below what it begins with; R and W never ask for more than it is then.
        self.n = if self.rng.below(3) == 0 { self.small(1, n) } else { n };
        let (r, w) = (self.small(1, self.n), self.small(1, self.n));
        let read_repair = match self.rng.below(3) {
            0 => ReadRepair::Async,
            1 => ReadRepair::Blocking,
            _ => ReadRepair::Off,
        };
        let timeout = Span::from_millis(u64::from(self.small(20, 250)));
        let often = Span::from_millis(u64::from(self.small(50, 500)));
        let anti_entropy = (self.rng.below(2) == 0).then_some(often);
        let delay = if self.rng.below(2) == 0 {
            Delays::all(self.delay())
        } else {
            let (write, ack, read, reply) = (self.delay(), self.delay(), self.delay(), self.delay());
            Delays { write, ack, read, reply, other: self.delay() }
        };
        let (gossip, failure_detector) = self.gossip();
        self.disks = self.rng.below(6) == 0;
        let duplicate = if self.rng.below(3) == 0 { self.loss() } else { Ratio::ZERO };
        // Every other cluster that gossips changes its members.
        self.changes = gossip.is_some() && self.rng.below(2) == 0;
        self.joiners = if self.changes { self.small(0, 3) } else { 0 };
        let loss = if self.rng.below(2) == 0 { Ratio::ZERO } else { self.loss() };
        Setup {
            seed,
            names: (0..self.nodes + self.joiners).map(node_name).collect(),
            joiners: self.joiners,
            placement: self.placement(),
            vnodes: self.small(1, 16),
            zones: self.zones(),
            config: self.settings(&Config {
                n,
                r,
                w,
                read_repair,
                timeout,
                anti_entropy,
                gossip,
                failure_detector,
                ..Config::bare()
            }),
            network: Network { delay, loss, duplicate },
            sync: (self.rng.below(8) == 0).then(|| Span::from_millis(u64::from(self.small(1, 400)))),
        }
    }

    pub(super) fn placement(&mut self) -> Placement {
        match self.rng.below(6) {
            0 | 1 => Placement::Even,
            2 => Placement::Partitions(self.small(self.nodes + self.joiners, 128)),
            _ => Placement::Random,
        }
    }

    /// Three of four clusters have none; else each node is in one of three, or in none that has a name.
    pub(super) fn zones(&mut self) -> Vec<(NodeId, String)> {
        if self.rng.below(4) > 0 {
            return Vec::new();
        }
        let mut zones = Vec::new();
        for node in 0..self.nodes + self.joiners {
            if let Some(zone) = ["eu", "us", "asia"].get(self.small(0, 3) as usize) {
                zones.push((NodeId(node), (*zone).to_owned()));
            }
        }
        zones
    }

    /// Half of the clusters gossip, and in some of them nodes are believed down rashly.
    pub(super) fn gossip(&mut self) -> (Option<Span>, Detector) {
        let gossip = (self.rng.below(2) == 0).then(|| Span::from_millis(u64::from(self.small(20, 300))));
        let detector = self.detector();
        (gossip, detector)
    }

    /// Versions and hints.
    pub(super) fn settings(&mut self, others: &Config) -> Config {
        let config = self.versions(others);
        let config = self.hints(&config);
        if !self.changes {
            return config;
        }
        let stream_from = if self.rng.below(20) == 0 { StreamFrom::Any } else { StreamFrom::Giver };
        let pending_acks = if self.rng.below(20) == 0 { PendingAcks::Count } else { PendingAcks::Extra };
        Config { stream_from, pending_acks, ..config }
    }

    /// Mostly the rules that never err.
    pub(super) fn versions(&mut self, others: &Config) -> Config {
        let versions = match self.rng.below(10) {
            0 => Versions::Plain,
            1 => Versions::LastWriteWins,
            _ => Versions::Dotted,
        };
        let clock_limit = if self.rng.below(10) == 0 { self.small(1, 4) } else { 0 };
        let tombstones = self.tombstones();
        let counters = if self.rng.below(20) == 0 { Counters::PerKey } else { Counters::PerActor };
        Config { versions, clock_limit, counters, tombstones, ..others.clone() }
    }

    /// Half of the clusters forget what is deleted, some of them before the news of it can have come round.
    pub(super) fn tombstones(&mut self) -> Tombstones {
        match self.rng.below(4) {
            0 => Tombstones::Grace(Span::from_millis(u64::from(self.small(1, 500)))),
            1 => Tombstones::AllReplicas,
            _ => Tombstones::Keep,
        }
    }

    /// Sloppy or strict, with hints or without, and sometimes with a window so short that they expire.
    pub(super) fn hints(&mut self, config: &Config) -> Config {
        let quorum = if self.rng.below(4) == 0 { Quorum::Sloppy } else { Quorum::Strict };
        let hinted_handoff = quorum == Quorum::Sloppy || self.rng.below(2) == 0;
        let short = self.rng.below(5) == 0;
        let hint_window =
            if short { Span::from_millis(u64::from(self.small(1, 500))) } else { config.hint_window };
        Config { quorum, hinted_handoff, hint_window, ..config.clone() }
    }
}
