//! The state of the network: partition, links, slow nodes, holds, and what is to happen to the next message.

use crate::act::{LinkChange, Matcher};
use crate::delay::Delay;
use crate::setup::{self, Ratio};
use ringside_core::few::Few;
use ringside_core::{Kind, NodeId};

/// What stands between nodes at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Links {
    /// The group of each node named in the partition; all others form one more group.
    groups: Few<NodeId, u32>,
    changes: Few<(NodeId, NodeId), LinkState>,
    holds: Vec<Matcher>,
    /// What is to happen to the next so many messages that match.
    next: Vec<(Trick, Matcher, u32)>,
    /// How many times as long messages from and to a node take, where that has ever been more than once.
    slow: Few<NodeId, u32>,
}

/// What is done to the next message that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trick {
    Drop,
    Duplicate,
    Corrupt,
}

/// What has been changed of a link, one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LinkState {
    /// How long messages take on it, where that is not what the network says.
    pub delay: Option<Delay>,
    /// How many are lost on it, where that is not what the network says.
    pub loss: Option<Ratio>,
    /// Does nothing pass at all?
    pub cut: bool,
}

impl Links {
    pub(crate) fn partition(&mut self, groups: &[Vec<NodeId>]) {
        self.groups.clear();
        for (group, nodes) in (1..).zip(groups) {
            for node in nodes {
                *self.groups.entry(*node, group) = group;
            }
        }
    }

    pub(crate) fn change(&mut self, change: &LinkChange) {
        let link = self.changes.entry((change.from, change.to), LinkState::default());
        link.delay = change.delay.or(link.delay);
        link.loss = change.loss.or(link.loss);
        link.cut = change.cut.unwrap_or(link.cut);
    }

    pub(crate) fn heal(&mut self) {
        self.groups.clear();
        self.changes.clear();
    }

    /// The group of a node in the partition: 0 for that of all which are in no other.
    pub(crate) fn group(&self, node: NodeId) -> u32 {
        self.groups.get(&node).copied().unwrap_or(0)
    }

    /// The links of which something is changed, by their ends.
    pub(crate) fn changed(&self) -> impl Iterator<Item = &((NodeId, NodeId), LinkState)> {
        self.changes.iter().filter(|(_, link)| *link != LinkState::default())
    }

    /// Does nothing pass from one to the other?
    pub(crate) fn cut(&self, from: NodeId, to: NodeId) -> bool {
        self.group(from) != self.group(to) || self.changes.get(&(from, to)).is_some_and(|link| link.cut)
    }

    pub(crate) fn delay(&self, network: &setup::Network, kind: Kind, from: NodeId, to: NodeId) -> Delay {
        let changed = self.changes.get(&(from, to)).and_then(|link| link.delay);
        changed.unwrap_or_else(|| network.delay.of(kind))
    }

    pub(crate) fn loss(&self, network: &setup::Network, from: NodeId, to: NodeId) -> Ratio {
        let changed = self.changes.get(&(from, to)).and_then(|link| link.loss);
        changed.unwrap_or(network.loss)
    }

    pub(crate) fn hold(&mut self, matcher: Matcher) {
        if !self.holds.contains(&matcher) {
            self.holds.push(matcher);
        }
    }

    pub(crate) fn release(&mut self, matcher: Matcher) {
        self.holds.retain(|hold| !matcher.covers(hold));
    }

    /// The holds that no release has ended yet.
    pub(crate) fn in_force(&self) -> &[Matcher] {
        &self.holds
    }

    pub(crate) fn holds(&self, kind: Kind, from: NodeId, to: NodeId) -> bool {
        self.holds.iter().any(|hold| hold.matches(kind, from, to))
    }

    pub(crate) fn play(&mut self, trick: Trick, matcher: Matcher, count: u32) {
        if count > 0 {
            self.next.push((trick, matcher, count));
        }
    }

    /// Does this happen to this message? Then it happens to one message fewer.
    pub(crate) fn takes(&mut self, trick: Trick, kind: Kind, from: NodeId, to: NodeId) -> bool {
        let meant = |(wanted, matcher, _): &(Trick, Matcher, u32)| {
            *wanted == trick && matcher.matches(kind, from, to)
        };
        let Some(at) = self.next.iter().position(meant) else { return false };
        self.next[at].2 -= 1;
        if self.next[at].2 == 0 {
            self.next.remove(at);
        }
        true
    }

    /// Is something held, or may more than `most` messages still be lost or spoilt on purpose?
    pub(crate) fn meddles(&self, most: u32) -> bool {
        let spoils = self.next.iter().filter(|(trick, ..)| *trick != Trick::Duplicate);
        let spoilt = spoils.fold(0_u32, |sum, (.., count)| sum.saturating_add(*count));
        !self.holds.is_empty() || spoilt > most
    }

    pub(crate) fn slow(&mut self, node: NodeId, factor: u32) {
        *self.slow.entry(node, factor) = factor;
    }

    /// How many times as long messages take on this link as they would.
    pub(crate) fn factor(&self, from: NodeId, to: NodeId) -> u64 {
        u64::from(self.slowness(from)) * u64::from(self.slowness(to))
    }

    pub(crate) fn slowness(&self, node: NodeId) -> u32 {
        self.slow.get(&node).copied().unwrap_or(1)
    }
}
