//! The member map: what a node knows of every member of the cluster, itself included (Dynamo §4.8).
//!
//! State: [`Members`], what each of them says of itself and the [plan](Plan), are on the disk; [`Membership`], the
//! heartbeats, lives as long as the node. Invariant: both only grow, each entry to the greater of two in a fixed total
//! order, so merging is associative, commutative and idempotent: in which order gossip comes, how often, and what of it is
//! lost makes no difference in the end. Equal plans make equal rings.

mod members;

pub use members::Members;

use super::plan::{Plan, Rank};
use crate::config::Config;
use crate::id::NodeId;
use crate::order;
use crate::ring::{self, Ring};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What a member says of itself. The later word wins: the order is that of the stamps, and a node never uses one twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// When it said so.
    pub stamp: Stamp,
    /// The epoch of the plan that it follows.
    pub epoch: u32,
    /// The plan for whose change under way it has received all that it gets by it.
    pub complete: Option<Rank>,
    /// What its operator wants of it.
    pub wish: Option<Wish>,
    /// How many tokens it has. Where they lie follows from its name.
    pub tokens: u32,
    /// Its zone.
    pub zone: u32,
    /// Its name.
    pub name: Arc<str>,
}

/// When a member said something of itself: the later boot counts, then the higher number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// How many times it had started before.
    pub boot: u32,
    /// How many times it had changed its word since.
    pub count: u32,
}

/// What an operator told a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wish {
    /// The boot of the node when it was told. What was wished up to the boot with which a node was removed is over.
    pub boot: u32,
    /// What.
    pub want: Want,
}

/// What an operator wants of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// To become a member.
    Join,
    /// To be a member no more.
    Leave,
    /// To take the place of a member that is dead.
    Replace {
        /// Whose place.
        dead: NodeId,
    },
}

/// A member's part in the cluster. Whether it is believed up is another question, and not gossiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It has its ranges of the ring.
    Up,
    /// It is to become a member.
    Joining,
    /// It is to be a member no more.
    Leaving,
    /// It is no member.
    Left,
}

/// A sign of life: the higher boot is the later one, then the higher heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pulse {
    /// How many times it had started before.
    pub boot: u32,
    /// How many rounds it has gossiped since it started.
    pub heartbeat: u32,
}

/// What every node is told when it starts on an empty disk: who founded the cluster, the ring that they form, and its own
/// name. Nodes share all of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Founders {
    members: Members,
    /// Those that are no founders, and may join.
    others: Arc<BTreeMap<NodeId, Arc<Member>>>,
    plan: Arc<Plan>,
}

/// What a node knows of the members besides what is on its disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Membership {
    plan: Arc<Plan>,
    pulses: Arc<BTreeMap<NodeId, Pulse>>,
    /// Which start of the node this is.
    boot: u32,
    /// Did it start on an empty disk that was not its first?
    forgetful: bool,
    /// Who has told it since it started that there is no newer plan than the one it has.
    heard: BTreeSet<NodeId>,
    /// Is anything wished of anybody? None where that has to be looked for again.
    wished: Option<bool>,
    /// The latest epoch that others have been asked for.
    chased: u32,
}

/// How much a node knows of one member: a line of a digest. By default nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// Of whom.
    pub node: NodeId,
    /// Its last sign of life.
    pub pulse: Pulse,
    /// When it said last of itself what is known of it; none if nothing is.
    pub version: Option<Stamp>,
}

/// What one node tells another one of a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Of whom.
    pub node: NodeId,
    /// Its last sign of life.
    pub pulse: Pulse,
    /// What it says of itself, where the other one has not heard the last of it.
    pub member: Option<Arc<Member>>,
}

/// What was new in some facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Learnt {
    /// Whose pulse advanced, and whether to a newer boot.
    pub(super) advanced: Vec<(NodeId, bool)>,
    /// Whose last word was not known, in the order of the facts.
    pub(super) members: Vec<NodeId>,
    /// The plan that was followed before, where there is a newer one.
    pub(super) plan: Option<Arc<Plan>>,
}

impl Founders {
    /// As [`Founders::new`], of nodes that are all in one zone, with three replicas of a key.
    #[must_use]
    pub fn named(ring: Arc<Ring>, names: &[(NodeId, &str)]) -> Self {
        let founder = |&(node, name): &(NodeId, _)| ring::Member { node, name, zone: 0 };
        let founders: Vec<ring::Member<'_>> = names.iter().map(founder).collect();
        Self::new(ring, &founders, Config::default().n)
    }

    /// The founders of a cluster, who form this ring, with so many replicas of a key; and the nodes that may join them: those
    /// that are named here and are no members of the ring.
    #[must_use]
    pub fn new(ring: Arc<Ring>, nodes: &[ring::Member<'_>], replicas: u32) -> Self {
        let tokens = ring.vnodes();
        let entry = |node: &ring::Member<'_>| {
            let (zone, name) = (node.zone, Arc::from(node.name));
            let (stamp, epoch, complete, wish) = (Stamp::default(), 0, None, None);
            (node.node, Arc::new(Member { stamp, epoch, complete, wish, tokens, zone, name }))
        };
        let founder = |(node, _): &(NodeId, _)| ring.members().binary_search(node).is_ok();
        let founders = order::inserted(nodes.iter().map(entry).filter(founder));
        let others = order::inserted(nodes.iter().map(entry).filter(|other| !founder(other)));
        let plan = Arc::new(Plan::founded(ring, replicas));
        let members = Members { map: Arc::new(founders), plan: Some(Arc::clone(&plan)) };
        Self { members, others: Arc::new(others), plan }
    }

    /// The ring that they form.
    #[must_use]
    pub fn ring(&self) -> &Arc<Ring> {
        self.plan.ring()
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
        let Founders { members: founding, others, plan } = founders;
        let forgetful = boot > 0 && members.plan.is_none();
        members.merge(&founding);
        if let Some(own) = others.get(&me) {
            members.merge_one(me, own);
        }
        let plan = members.plan.as_ref().unwrap_or(&plan);
        let pulses = Arc::new(order::inserted([(me, Pulse { boot, heartbeat: 0 })]));
        let (plan, heard) = (Arc::clone(plan), BTreeSet::new());
        Self { plan, pulses, boot, forgetful, heard, wished: None, chased: 0 }
    }

    /// The ring as this node sees it.
    #[must_use]
    pub fn ring(&self) -> &Arc<Ring> {
        self.plan.ring()
    }

    /// The plan that this node follows.
    #[must_use]
    pub const fn plan(&self) -> &Arc<Plan> {
        &self.plan
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
        let version = members.get(node).map(|member| member.stamp);
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

    /// Takes in what is newer. Of itself a node knows best how often it has started, how long it has lived, and what it says;
    /// but where others remember a wish that a lost disk has forgotten, it stands.
    pub(super) fn learn(&mut self, me: NodeId, members: &mut Members, facts: &[Fact]) -> Learnt {
        let mut learnt = Learnt::default();
        for fact in facts {
            if fact.node == me {
                self.correct(me, members, fact);
                continue;
            }
            if fact.member.as_ref().is_some_and(|member| members.merge_one(fact.node, member)) {
                learnt.members.push(fact.node);
                self.wished = None;
            }
            let before = self.pulse(fact.node);
            if fact.pulse <= before {
                continue;
            }
            Arc::make_mut(&mut self.pulses).insert(fact.node, fact.pulse);
            // Nobody has an opinion of who is no member, or not yet.
            if members.get(fact.node).is_some() {
                learnt.advanced.push((fact.node, fact.pulse.boot > before.boot));
            }
        }
        learnt
    }

    /// Takes over a plan if it is newer. Gives the one that it follows.
    pub(super) fn adopt(&mut self, members: &mut Members, plan: &Arc<Plan>) -> Option<Arc<Plan>> {
        if !members.adopt(plan) {
            return None;
        }
        self.wished = None;
        Some(core::mem::replace(&mut self.plan, Arc::clone(plan)))
    }

    /// Looks whether anything is wished of anybody, if that may have changed.
    pub(super) fn look_for_wishes(&mut self, members: &Members) {
        self.wished.get_or_insert_with(|| members.ids().any(|node| members.wish(node).is_some()));
    }

    /// Is anything wished of anybody?
    pub(super) fn wished(&self) -> bool {
        self.wished != Some(false)
    }

    /// Is this epoch later than all that have been asked for? Then it counts as asked for.
    pub(super) fn chases(&mut self, epoch: u32) -> bool {
        let later = epoch > self.chased;
        self.chased = self.chased.max(epoch);
        later
    }

    /// Another node has told its plan, or how new it is, and that is no newer than this node's.
    pub(super) fn heard_from(&mut self, node: NodeId) {
        self.heard.insert(node);
    }

    /// Who has told it since it started that there is no newer plan.
    pub(super) const fn heard(&self) -> &BTreeSet<NodeId> {
        &self.heard
    }

    /// Which start of the node this is.
    pub(super) const fn boot(&self) -> u32 {
        self.boot
    }

    /// What this node says of itself changes.
    pub(super) fn say(&mut self, me: NodeId, members: &mut Members, change: impl FnOnce(&mut Member)) {
        let Some(known) = members.map.get(&me) else { return };
        let mut own = Member::clone(known);
        change(&mut own);
        if own != **known {
            own.stamp = own.stamp.next(self.boot);
            Arc::make_mut(&mut members.map).insert(me, Arc::new(own));
            self.wished = None;
        }
    }

    /// Others know a later word of this node than it knows itself: its disk was lost, or is an old one.
    fn correct(&mut self, me: NodeId, members: &mut Members, fact: &Fact) {
        let (Some(theirs), Some(known)) = (&fact.member, members.map.get(&me)) else { return };
        if theirs.stamp > known.stamp {
            let mut own = Member::clone(known);
            own.wish = if self.forgetful { own.wish.or(theirs.wish) } else { own.wish };
            own.stamp = theirs.stamp.next(self.boot);
            Arc::make_mut(&mut members.map).insert(me, Arc::new(own));
            self.wished = None;
        }
    }
}

impl Stamp {
    fn next(self, boot: u32) -> Self {
        let count = if self.boot >= boot { self.count + 1 } else { 1 };
        Self { boot: boot.max(self.boot), count }
    }
}
