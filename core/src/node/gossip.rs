//! Gossip: every so often a node tells its heartbeat and what it knows of the members, and hears what others know
//! (Dynamo §4.8; Demers and others, 1987: anti-entropy by push and pull).
//!
//! State: when the next round comes, and of whom there is news. Invariant: only the exchanges go on for ever, nothing else
//! does; a message that is lost costs the round it belonged to, and no more.
//!
//! A round counts this node's heartbeat up and begins an exchange with one random member that is believed up, one time in
//! ten also with one that is believed down, so that a partition that ends is noticed; who believes nobody up asks one of
//! the others every time. An exchange is three messages: a *digest* of what is known; an *answer* with what the digest
//! lacks and what the answerer lacks; and an *update* with that.
//!
//! A digest has at most [`MAX_LINES`] lines. Up to so many members it names all of them. Beyond, it names this node,
//! up to [`MAX_NEWS`] members of whom there is news (a new boot, or an operator's act; told for some rounds after it came),
//! and the others in turn, so that each is compared every members ÷ 64 rounds, about; an answer then also tells news
//! that the digest does not name. So news spreads as fast as ever, heartbeats come more rarely, and phi, which knows
//! their rhythm, waits longer.

use super::membership::{Fact, Known, Learnt, Members, Membership};
use super::message::Message;
use super::note::Note;
use super::plan::{Plan, Rank};
use super::{Turn, Wake};
use crate::config::Config;
use crate::id::NodeId;
use crate::mutant::Mutant;
use crate::order;
use crate::random::Random;
use crate::time::{Span, Time};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Bound;

/// The most lines of a digest.
pub const MAX_LINES: usize = 64;
/// The most lines of a digest that are there because they are news.
pub const MAX_NEWS: usize = 32;
/// One round in so many also asks a member that is believed down.
const ASK_DEAD: u64 = 10;

/// One of the three messages of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    /// This is how much I know.
    Digest {
        /// Of the members.
        lines: Vec<Known>,
        /// The plan that I follow.
        rank: Rank,
    },
    /// This you lack; and this is how much I know of those of whom you know more.
    Answer {
        /// What the digest lacks.
        facts: Vec<Fact>,
        /// Where the digest is ahead.
        lacks: Vec<Known>,
        /// The plan that I follow.
        rank: Rank,
        /// It itself, where it is newer than that of the digest.
        plan: Option<Arc<Plan>>,
    },
    /// And this you lacked.
    Update {
        /// Of the members.
        facts: Vec<Fact>,
        /// The plan that I follow, where it is newer.
        plan: Option<Arc<Plan>>,
    },
}

/// The rounds of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Gossip {
    /// When the next round comes; none without gossip.
    next: Option<Time>,
    /// Where the last digest that could not name everybody ended.
    cursor: NodeId,
    /// Members of whom there is news, and for how many rounds more it is told.
    news: BTreeMap<NodeId, u32>,
}

/// The member map, on disk and off it.
pub(super) struct View<'a> {
    pub(super) membership: &'a mut Membership,
    pub(super) members: &'a mut Members,
}

impl Gossip {
    /// The first round comes at a random moment of the first interval, so that nodes are out of step.
    pub(super) fn new(now: Time, config: &Config, random: &mut Random) -> Self {
        let mut gossip = Self::default();
        gossip.configure(now, config, random);
        gossip
    }

    /// The interval is another one: the next round comes at a random moment of it.
    pub(super) fn configure(&mut self, now: Time, config: &Config, random: &mut Random) {
        self.next = config.gossip.map(|interval| {
            let offset = random.below(interval.as_micros()) + 1;
            now + Span::from_micros(offset)
        });
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        self.next.map(|at| (at, Wake::Gossip))
    }

    /// When the next round comes; none without gossip.
    #[must_use]
    pub const fn next_round(&self) -> Option<Time> {
        self.next
    }

    /// Begins a round, if it is time.
    pub(super) fn on_woke(&mut self, turn: &mut Turn<'_>, view: &mut View<'_>, random: &mut Random) {
        let Some(interval) = turn.config.gossip else { return };
        if self.next.is_none_or(|next| turn.now.mono < next) {
            return;
        }
        self.next = Some(turn.now.mono + interval);
        view.membership.beat(turn.me);
        // Who has left is asked as rarely as who is believed down: on an empty disk it may take itself for a member.
        let there = |member: &NodeId| turn.up(*member) && !view.members.gone(*member);
        let others = view.members.ids().filter(|member| *member != turn.me);
        let (up, down): (Vec<NodeId>, Vec<NodeId>) = others.partition(there);
        let also_down = random.below(ASK_DEAD) == 0;
        let peers = [any(&up, random), any(&down, random).filter(|_| also_down || up.is_empty())];
        for to in peers.into_iter().flatten() {
            self.ask(turn, view, to);
        }
        self.news.retain(|_, rounds| {
            *rounds -= 1;
            *rounds > 0
        });
    }

    /// Begins an exchange with this node.
    pub(super) fn ask(&mut self, turn: &mut Turn<'_>, view: &View<'_>, to: NodeId) {
        let (lines, rank) = (self.digest(turn.me, view), view.membership.plan().rank());
        turn.out.send(turn.me, to, Message::Gossip(Exchange::Digest { lines, rank }));
    }

    /// The next message of an exchange has come. Tells what was new in it.
    #[inline(never)]
    pub(super) fn on_message(
        &mut self,
        turn: &mut Turn<'_>,
        view: &mut View<'_>,
        from: NodeId,
        exchange: Exchange,
    ) -> Learnt {
        match exchange {
            Exchange::Digest { lines, rank } => {
                if rank <= view.membership.plan().rank() {
                    view.membership.heard_from(from);
                }
                let answer = self.answer(turn.me, view, &lines, rank);
                turn.out.send(turn.me, from, Message::Gossip(answer));
                Learnt::default()
            }
            Exchange::Answer { facts, lacks, rank, plan } => {
                let learnt = self.learn(turn, view, &facts, plan);
                view.membership.heard_from(from);
                let facts: Vec<Fact> =
                    lacks.iter().filter_map(|line| view.membership.beyond(view.members, line)).collect();
                let plan = newer(view, rank);
                if !facts.is_empty() || plan.is_some() {
                    turn.out.send(turn.me, from, Message::Gossip(Exchange::Update { facts, plan }));
                }
                learnt
            }
            Exchange::Update { facts, plan } => {
                let learnt = self.learn(turn, view, &facts, plan);
                view.membership.heard_from(from);
                learnt
            }
        }
    }

    #[inline(never)]
    fn learn(
        &mut self,
        turn: &mut Turn<'_>,
        view: &mut View<'_>,
        facts: &[Fact],
        plan: Option<Arc<Plan>>,
    ) -> Learnt {
        let mut heeded = Vec::new();
        let facts = if turn.config.health.is(Mutant::IgnoresBoots) {
            let ahead = |fact: &&Fact| fact.pulse.heartbeat > view.membership.pulse(fact.node).heartbeat;
            heeded.extend(facts.iter().filter(ahead).cloned());
            &heeded
        } else {
            facts
        };
        let mut learnt = view.membership.learn(turn.me, view.members, facts);
        learnt.plan = plan.and_then(|plan| view.membership.adopt(view.members, &plan));
        let restarted = learnt.advanced.iter().filter(|(_, restarted)| *restarted).map(|(member, _)| *member);
        let news = restarted.chain(learnt.members.iter().copied());
        // A rumour has reached everybody after some log n rounds; twice as many make that all but certain, and the turns
        // of the digests see to the rest.
        let rounds = 2 * view.members.len().ilog2() + 4;
        self.news.extend(news.map(|member| (member, rounds)));
        if !learnt.advanced.is_empty() || !learnt.members.is_empty() {
            let advanced = learnt.advanced.iter().map(|(member, _)| *member).collect();
            turn.out.note(Note::Learned { advanced, members: learnt.members.clone() });
        }
        learnt
    }

    fn digest(&mut self, me: NodeId, view: &View<'_>) -> Vec<Known> {
        let known = |node| view.membership.known(view.members, node);
        if view.members.len() <= MAX_LINES {
            return view.members.ids().map(known).collect();
        }
        let mut named: BTreeSet<NodeId> = order::inserted(self.news.keys().copied().take(MAX_NEWS));
        named.insert(me);
        for member in view.members.after(self.cursor) {
            if named.len() == MAX_LINES {
                break;
            }
            named.insert(member);
            self.cursor = member;
        }
        named.into_iter().map(known).collect()
    }

    #[inline(never)]
    fn answer(&self, me: NodeId, view: &View<'_>, lines: &[Known], theirs: Rank) -> Exchange {
        let membership = &*view.membership;
        let mut facts: Vec<Fact> =
            lines.iter().filter_map(|line| membership.beyond(view.members, line)).collect();
        let named: BTreeSet<NodeId> = order::inserted(lines.iter().map(|line| line.node));
        let unnamed = |node: &NodeId| !named.contains(node);
        let tell = |node: NodeId| membership.beyond(view.members, &Known { node, ..Known::default() });
        if lines.len() < MAX_LINES {
            // It names everybody that the other one knows.
            facts.extend(view.members.ids().filter(unnamed).filter_map(tell));
        } else {
            let news = self.news.keys().copied().take(MAX_NEWS).filter(|node| *node != me);
            facts.extend(core::iter::once(me).chain(news).filter(unnamed).filter_map(tell));
        }
        let lacks = lines.iter().filter(|line| membership.lacks(view.members, line));
        let lacks = lacks.map(|line| membership.known(view.members, line.node)).collect();
        Exchange::Answer { facts, lacks, rank: membership.plan().rank(), plan: newer(view, theirs) }
    }
}

/// The plan of this node, where it is newer than another one's.
fn newer(view: &View<'_>, theirs: Rank) -> Option<Arc<Plan>> {
    Some(view.membership.plan()).filter(|plan| plan.rank() > theirs).map(Arc::clone)
}

impl Members {
    /// All ids, from the one after `cursor` on, round to it.
    fn after(&self, cursor: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let (later, earlier) = (Bound::Excluded(cursor), Bound::Included(cursor));
        self.range((later, Bound::Unbounded)).chain(self.range((Bound::Unbounded, earlier)))
    }
}

/// How far apart the heartbeats of a member are expected: an interval, or as many as digests take to name everybody. None
/// without gossip.
pub(super) fn rhythm(config: &Config, members: &Members) -> Option<Span> {
    config.gossip.map(|interval| interval.times(members.len().div_ceil(MAX_LINES) as u64))
}

/// One of them, each equally likely; none of none. One draw.
fn any(members: &[NodeId], random: &mut Random) -> Option<NodeId> {
    let at = random.below(members.len() as u64);
    usize::try_from(at).ok().and_then(|at| members.get(at)).copied()
}
