//! What is done to nodes, to the network and to the settings, and how members come and go.

use super::Draw;
use crate::act::{Act, ConfigChange, LinkChange, Matcher};
use crate::scenario::{Step, When};
use ringside_core::order::by_number;
use ringside_core::{Kind, NodeId, Quorum, Time};

impl Draw {
    pub(super) fn node_fault(&mut self) -> Act {
        let node = self.node();
        match self.rng.below(18) {
            0..3 => Act::Crash(node),
            3..7 => Act::Restart(node),
            7 if self.disks => Act::Wipe(node),
            8 if self.disks => Act::RestartOld(node),
            7..10 => Act::Pause(node),
            10..13 => Act::Resume(node),
            13 => Act::Slow { node, factor: self.small(1, 20) },
            14 | 15 => Act::Repair(node),
            16 => Act::Skew { node, by: i64::from(self.small(0, 400_000)) - 200_000 },
            _ => Act::Drift { node, millionths: self.small(0, 200_000).cast_signed() - 100_000 },
        }
    }

    /// How those that are no members yet become such.
    pub(super) fn joins(&mut self) -> Vec<Step> {
        let step = |at, act| Step { when: When::At(Time::from_micros(at)), act, say: None };
        let mut steps = Vec::new();
        for joiner in 0..self.joiners {
            let (new, at) = (NodeId(self.nodes + joiner), self.rng.below(1_000_000));
            if self.rng.below(3) == 0 {
                let dead = self.node();
                steps.push(step(at, Act::Crash(dead)));
                steps.push(step(at, Act::Replace { dead, new }));
            } else {
                steps.push(step(at, Act::Join(new)));
            }
        }
        steps
    }

    /// A deliberate change of the members, wise or not.
    pub(super) fn change(&mut self) -> Act {
        let node = NodeId(self.small(0, self.nodes + self.joiners - 1));
        match self.rng.below(6) {
            0..3 => Act::Leave(node),
            3 | 4 if node.0 < self.nodes => Act::Join(node),
            3 | 4 => Act::Abort(node),
            _ => {
                let n = Some(self.small(self.n, 6));
                Act::Set(ConfigChange { n, ..ConfigChange::default() })
            }
        }
    }

    pub(super) fn network_fault(&mut self) -> Act {
        match self.rng.below(14) {
            0 => self.partition(),
            1 if self.nodes > 1 => {
                let from = self.node();
                let to = NodeId((from.0 + self.small(1, self.nodes - 1)) % self.nodes);
                let (delay, loss) = (Some(self.delay()), Some(self.loss()));
                Act::Link(LinkChange { from, to, delay, loss, cut: Some(self.rng.below(3) == 0) })
            }
            2 => Act::Heal,
            3 => Act::Hold(self.matcher()),
            4 => Act::Release(self.matcher()),
            5 => Act::Drop { matcher: self.matcher(), count: self.small(1, 3) },
            6 => {
                let most = self.n.min(3);
                let (r, w) = (Some(self.small(1, most)), Some(self.small(1, most)));
                Act::Set(ConfigChange { r, w, ..ConfigChange::default() })
            }
            7 => Act::Duplicate { matcher: self.matcher(), count: self.small(1, 5) },
            8 | 9 => Act::Replay { matcher: self.matcher(), count: self.small(1, 8) },
            10 => Act::Corrupt { matcher: self.matcher(), count: self.small(1, 3) },
            11 => {
                let quorum = if self.rng.below(4) == 0 { Quorum::Sloppy } else { Quorum::Strict };
                // A sloppy quorum goes with hints only.
                let hinted_handoff = Some(quorum == Quorum::Sloppy || self.rng.below(2) == 0);
                Act::Set(ConfigChange { quorum: Some(quorum), hinted_handoff, ..ConfigChange::default() })
            }
            12 => {
                let tombstones = Some(self.tombstones());
                Act::Set(ConfigChange { tombstones, ..ConfigChange::default() })
            }
            _ => Act::Release(Matcher::default()),
        }
    }

    /// Two groups, of one node and of up to two, as far as there are nodes.
    pub(super) fn partition(&mut self) -> Act {
        let lone = self.node();
        let mut pair = vec![self.node(), self.node()];
        pair.retain(|node| *node != lone);
        by_number(&mut pair, |node| node.0.into());
        pair.dedup();
        let groups = [vec![lone], pair];
        Act::Partition(groups.into_iter().filter(|group| !group.is_empty()).collect())
    }

    pub(super) fn matcher(&mut self) -> Matcher {
        let kinds = Kind::ALL;
        let at = usize::try_from(self.rng.below(16)).expect("a small number");
        let from = (self.rng.below(3) == 0).then(|| self.node());
        let to = (self.rng.below(2) == 0).then(|| self.node());
        Matcher { kind: kinds.get(at).copied(), from, to }
    }
}
