//! The member map: what a node knows of every member of the cluster, itself included (Dynamo §4.8).
//!
//! State: [`Members`], the facts that only an operator's deliberate act changes, are on the disk; [`Membership`], the
//! heartbeats and the ring that follows from the members, lives as long as the node. Invariant: both only grow, each entry
//! to the greater of two in a fixed total order, so merging is associative, commutative and idempotent: in which order
//! gossip comes, how often, and what of it is lost makes no difference in the end. Equal members make equal rings.

use crate::id::NodeId;
use crate::order;
use crate::ring::{self, Change, Ring};
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Bound;

/// What an operator's acts have made of a member. The later act wins: the order is that of the fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The number of the act that last changed it: 0 for founders, then one higher with every act in the cluster.
    pub epoch: u32,
    /// Its part in the cluster.
    pub status: Status,
    /// How many tokens it has. Where they lie follows from its name.
    pub tokens: u32,
    /// The number of its zone.
    pub zone: u32,
    /// Its name.
    pub name: Arc<str>,
}

/// A member's part in the cluster. Whether it is believed up is another question, and not gossiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It has its ranges of the ring.
    Up,
}

/// A sign of life: the higher boot is the later one, then the higher heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pulse {
    /// How many times it had started before.
    pub boot: u32,
    /// How many rounds it has gossiped since it started.
    pub heartbeat: u32,
}

/// The members that a node knows, by [`NodeId`]. Shared until changed, so a copy costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members {
    map: Arc<BTreeMap<NodeId, Arc<Member>>>,
}

/// What every node is told when it starts on an empty disk: who founded the cluster, and the ring that they form. Nodes
/// share both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Founders {
    members: Members,
    ring: Arc<Ring>,
}

/// What a node knows of the members besides what is on its disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Membership {
    founders: Founders,
    ring: Arc<Ring>,
    pulses: Arc<BTreeMap<NodeId, Pulse>>,
}

/// How much a node knows of one member: a line of a digest. By default nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// Of whom.
    pub node: NodeId,
    /// Its last sign of life.
    pub pulse: Pulse,
    /// Epoch and status, which tell what an operator's acts have made of it; none if it is not known as a member.
    pub version: Option<(u32, Status)>,
}

/// What one node tells another one of a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Of whom.
    pub node: NodeId,
    /// Its last sign of life.
    pub pulse: Pulse,
    /// What the acts have made of it, where the other one has not heard of the last of them.
    pub member: Option<Arc<Member>>,
}

/// What was new in some facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Learnt {
    /// Whose pulse advanced, and whether to a newer boot.
    pub(super) advanced: Vec<(NodeId, bool)>,
    /// Of whom an act was not known, in the order of the facts.
    pub(super) members: Vec<NodeId>,
}

impl Members {
    /// What is known of a member.
    #[must_use]
    pub fn get(&self, node: NodeId) -> Option<&Member> {
        self.map.get(&node).map(Arc::as_ref)
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Member)> {
        self.map.iter().map(|(node, member)| (*node, member.as_ref()))
    }

    /// Their ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.map.keys().copied()
    }

    /// The ids in a range, in order.
    pub(super) fn range(&self, ids: (Bound<NodeId>, Bound<NodeId>)) -> impl Iterator<Item = NodeId> + '_ {
        self.map.range(ids).map(|(node, _)| *node)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// None?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The number of the last act that is known of: 0 where there has been none.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.map.values().map(|member| member.epoch).max().unwrap_or_default()
    }

    /// Takes in what is newer. Tells whether anything was.
    pub fn merge(&mut self, others: &Self) -> bool {
        if Arc::ptr_eq(&self.map, &others.map) {
            return false;
        }
        let mut changed = false;
        for (node, member) in others.map.iter() {
            changed |= self.merge_one(*node, member);
        }
        changed
    }

    pub(super) fn merge_one(&mut self, node: NodeId, member: &Arc<Member>) -> bool {
        if self.map.get(&node).is_some_and(|known| known >= member) {
            return false;
        }
        Arc::make_mut(&mut self.map).insert(node, Arc::clone(member));
        true
    }

    /// The ring of these members: that of the founders after the acts since, in their order. Equal members make equal
    /// rings.
    fn ring(&self, founders: &Ring) -> Ring {
        let known = |node: &NodeId| founders.members().binary_search(node).is_ok();
        let mut later: Vec<(NodeId, &Member)> = self.iter().filter(|(node, _)| !known(node)).collect();
        order::by_number(&mut later, |(_, member)| u64::from(member.epoch));
        let mut log = Vec::new();
        for (node, member) in later {
            log.push(Change::Join(ring::Member { node, name: &member.name, zone: member.zone }));
        }
        founders.after(&log)
    }
}

impl Founders {
    /// As [`Founders::new`], of nodes that are all in one zone.
    #[must_use]
    pub fn named(ring: Arc<Ring>, names: &[(NodeId, &str)]) -> Self {
        let founder = |&(node, name): &(NodeId, _)| ring::Member { node, name, zone: 0 };
        let founders: Vec<ring::Member<'_>> = names.iter().map(founder).collect();
        Self::new(ring, &founders)
    }

    /// The founders of a cluster, and the ring that they form.
    #[must_use]
    pub fn new(ring: Arc<Ring>, founders: &[ring::Member<'_>]) -> Self {
        let tokens = ring.vnodes();
        let founder = |founder: &ring::Member<'_>| {
            let (zone, name) = (founder.zone, Arc::from(founder.name));
            (founder.node, Arc::new(Member { epoch: 0, status: Status::Up, tokens, zone, name }))
        };
        let map = order::inserted(founders.iter().map(founder));
        Self { members: Members { map: Arc::new(map) }, ring }
    }

    /// The ring that they form.
    #[must_use]
    pub const fn ring(&self) -> &Arc<Ring> {
        &self.ring
    }

    /// Who they are.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }
}

impl Membership {
    /// Starts with what the disk knows, and the founders.
    pub(super) fn new(me: NodeId, boot: u32, founders: Founders, members: &mut Members) -> Self {
        members.merge(&founders.members);
        let pulses = order::inserted([(me, Pulse { boot, heartbeat: 0 })]);
        let mut membership = Self { ring: Arc::clone(&founders.ring), founders, pulses: Arc::new(pulses) };
        membership.follow(members);
        membership
    }

    /// The ring as this node sees it.
    #[must_use]
    pub const fn ring(&self) -> &Arc<Ring> {
        &self.ring
    }

    /// The last sign of life of a member that has reached this node; boot 0 and heartbeat 0 where none has.
    #[must_use]
    pub fn pulse(&self, node: NodeId) -> Pulse {
        self.pulses.get(&node).copied().unwrap_or_default()
    }

    /// Of how many members a sign of life has reached it, itself included.
    #[must_use]
    pub fn heard_of(&self) -> usize {
        self.pulses.len()
    }

    /// Counts a round of its own.
    pub(super) fn beat(&mut self, me: NodeId) {
        let pulse = Arc::make_mut(&mut self.pulses).entry(me).or_default();
        pulse.heartbeat = pulse.heartbeat.saturating_add(1);
    }

    /// How much is known of a member.
    pub(super) fn known(&self, members: &Members, node: NodeId) -> Known {
        let version = members.get(node).map(|member| (member.epoch, member.status));
        Known { node, pulse: self.pulse(node), version }
    }

    /// What is known of a member beyond what another node knows; none if nothing is.
    pub(super) fn beyond(&self, members: &Members, theirs: &Known) -> Option<Fact> {
        let mine = self.known(members, theirs.node);
        let member = members.map.get(&theirs.node).filter(|_| mine.version > theirs.version).cloned();
        (member.is_some() || mine.pulse > theirs.pulse).then_some(Fact {
            node: mine.node,
            pulse: mine.pulse,
            member,
        })
    }

    /// Does another node know something of this member that is not known here?
    pub(super) fn lacks(&self, members: &Members, theirs: &Known) -> bool {
        let mine = self.known(members, theirs.node);
        theirs.pulse > mine.pulse || theirs.version > mine.version
    }

    /// Takes in what is newer. The ring is made anew only if the members changed. Of itself a node knows best how often
    /// it has started and how long it has lived.
    pub(super) fn learn(&mut self, me: NodeId, members: &mut Members, facts: &[Fact]) -> Learnt {
        let mut learnt = Learnt::default();
        for fact in facts {
            if fact.member.as_ref().is_some_and(|member| members.merge_one(fact.node, member)) {
                learnt.members.push(fact.node);
            }
            let before = self.pulse(fact.node);
            if fact.node == me || fact.pulse <= before {
                continue;
            }
            Arc::make_mut(&mut self.pulses).insert(fact.node, fact.pulse);
            // Nobody has an opinion of who is no member, or not yet.
            if members.get(fact.node).is_some() {
                learnt.advanced.push((fact.node, fact.pulse.boot > before.boot));
            }
        }
        if !learnt.members.is_empty() {
            self.follow(members);
        }
        learnt
    }

    fn follow(&mut self, members: &Members) {
        if *members == self.founders.members {
            self.ring = Arc::clone(&self.founders.ring);
        } else {
            let ring = members.ring(&self.founders.ring);
            if ring != *self.ring {
                self.ring = Arc::new(ring);
            }
        }
    }
}
