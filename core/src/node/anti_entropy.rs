//! Anti-entropy: two replicas compare what they share, and copy only what differs (Dynamo §4.7).
//!
//! State: one hash tree for each peer, over the keys that both hold, and when the next exchange begins. An exchange goes
//! down the two trees, each node comparing in its turn: the roots, the children of what differs, level by level, then the
//! keys of buckets that differ, then the versions of keys that differ, in the direction in which they are missing, or in
//! both. Messages stand on their own: whoever gets one compares it with what is there by then. So a message that is lost
//! ends an exchange early, and one that comes twice, late or out of order does no harm.
//!
//! Trees are kept while anti-entropy is on, and from the first exchange on that somebody asks for.

mod exchange;
mod kept;

pub(super) use kept::Ownership;

use super::message::Kind;
use super::note::{Ignored, Note};
use super::store::Store;
use super::{Turn, Wake};
use crate::config::Config;
use crate::id::{Actor, Key, NodeId};
use crate::merkle::{Children, Tree};
use crate::mutant::Health;
use crate::random::Random;
use crate::time::{Span, Time};
use crate::version::{Siblings, VersionVector};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use exchange::With;
use kept::Kept;

/// Which exchange a message belongs to, for those who watch: no decision depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExchangeId {
    /// Who began it.
    pub by: Actor,
    /// How many that actor had begun then, this one included.
    pub number: u64,
    /// Did an operator ask for it?
    pub asked: bool,
}

/// One step of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The root of my tree for the two of us.
    Root(u128),
    /// The children of inner nodes that differ, at most [`MAX_NODES`] of these.
    Children {
        /// The level of the inner nodes, 0 for the root.
        level: u32,
        /// Each inner node's place in its level, and the hashes of its children.
        nodes: Vec<(u32, Children)>,
    },
    /// The keys in buckets that differ.
    Keys {
        /// The buckets; what stands below are all their keys.
        buckets: Vec<u16>,
        /// A key, the hash of its logical version, and its clock, which mostly tells who lags.
        keys: Vec<(Key, u128, VersionVector)>,
    },
    /// Versions of keys that differ, to be merged.
    Versions {
        /// At most [`MAX_KEYS_SENT`] keys, of about [`MAX_VALUE_BYTES`] of values.
        versions: Vec<(Key, Siblings)>,
        /// Keys whose versions are asked for.
        wanted: Vec<Key>,
        /// Is this the answer to such a message? It is not answered again.
        back: bool,
    },
}

/// Inner nodes in one message, 256 bytes each.
pub const MAX_NODES: usize = 64;
/// Keys in one message that compares keys, but for a single bucket with more.
pub const MAX_KEYS: usize = 256;
/// Keys whose versions are in one message.
pub const MAX_KEYS_SENT: usize = 64;
/// Bytes of values after which a message takes no more keys.
pub const MAX_VALUE_BYTES: usize = 65_536;

/// One time in so many an exchange does not heed who is believed up.
const ASK_DEAD: u64 = 10;

/// Anti-entropy as one node does it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AntiEntropy {
    next: Option<Time>,
    begun: u64,
    kept: Option<Kept>,
}

/// What a step of an exchange needs besides the turn.
pub(super) struct Sides<'a> {
    pub(super) place: Ownership<'a>,
    pub(super) store: &'a mut Store,
    /// Who this node mints as, and how many dots it has minted.
    pub(super) actor: Actor,
    pub(super) minted: u64,
}

impl AntiEntropy {
    pub(super) fn new(
        now: Time,
        config: &Config,
        place: Ownership<'_>,
        store: &Store,
        random: &mut Random,
    ) -> Self {
        let mut new = Self::default();
        new.configure(now, None, config, place, store, random);
        new
    }

    /// The trees, by peer: those that are not there are empty. None where they are not kept.
    #[must_use]
    pub fn trees(&self) -> Option<&BTreeMap<NodeId, Tree>> {
        self.kept.as_ref().map(|kept| &kept.trees)
    }

    /// When it next begins an exchange by itself.
    #[must_use]
    pub const fn next(&self) -> Option<Time> {
        self.next
    }

    pub(super) fn next_wake(&self) -> Option<(Time, Wake)> {
        self.next.map(|at| (at, Wake::AntiEntropy))
    }

    /// The settings are another; `before` is none at a start. Nodes begin out of step: the first exchange comes at a
    /// random moment of the first interval.
    pub(super) fn configure(
        &mut self,
        now: Time,
        before: Option<&Config>,
        config: &Config,
        place: Ownership<'_>,
        store: &Store,
        random: &mut Random,
    ) {
        let interval = |config: &Config| config.anti_entropy;
        if before.and_then(interval) != config.anti_entropy {
            let offset = |interval: Span| random.below(interval.as_micros().max(1));
            let first = config.anti_entropy.map(offset).map(Span::from_micros);
            self.next = first.map(|first| now + first);
        }
        if config.anti_entropy.is_some() {
            self.kept.get_or_insert_with(|| Kept::build(place, store));
        } else if before.and_then(interval).is_some() {
            self.kept = None;
        }
    }

    /// These keys of the store have changed, and perhaps what the node owns.
    pub(super) fn follow(&mut self, place: Ownership<'_>, store: &Store, changed: &[Key], health: Health) {
        if let Some(kept) = &mut self.kept {
            kept.follow(place, store, changed, health);
        }
    }

    /// Time has passed: where an exchange is due, one with a random peer that is believed up. Opinions may err for long,
    /// so one time in [`ASK_DEAD`], and where nobody seems up, any peer will do.
    pub(super) fn on_woke(&mut self, turn: &mut Turn<'_>, sides: &Sides<'_>, random: &mut Random) {
        let (Some(due), Some(interval)) = (self.next, turn.config.anti_entropy) else { return };
        let now = turn.now.mono;
        if due > now {
            return;
        }
        self.next = Some((due + interval).max(now + Span::from_micros(1)));
        let mut peers = self.peers(sides.place);
        let any = random.below(ASK_DEAD) == 0 || !peers.iter().any(|peer| turn.up(*peer));
        peers.retain(|peer| any || turn.up(*peer));
        let drawn = random.below(peers.len() as u64);
        if let Some(peer) = usize::try_from(drawn).ok().and_then(|at| peers.get(at)) {
            self.begin(turn, sides, *peer, false);
        }
    }

    /// An operator asks for an exchange with every peer, now.
    #[inline(never)]
    pub(super) fn on_repair(&mut self, turn: &mut Turn<'_>, sides: &Sides<'_>) {
        for peer in self.peers(sides.place) {
            self.begin(turn, sides, peer, true);
        }
    }

    fn peers(&self, place: Ownership<'_>) -> Vec<NodeId> {
        place.ring.peers(place.me, place.n)
    }

    #[inline(never)]
    fn begin(&mut self, turn: &mut Turn<'_>, sides: &Sides<'_>, peer: NodeId, asked: bool) {
        self.begun += 1;
        let exchange = ExchangeId { by: sides.actor, number: self.begun, asked };
        turn.out.note(Note::ExchangeBegins { exchange, with: peer });
        let root = self.kept(sides).trees.get(&peer).map_or(0, Tree::root);
        With { peer, exchange }.say(turn, Comparison::Root(root));
    }

    fn kept(&mut self, sides: &Sides<'_>) -> &Kept {
        self.kept.get_or_insert_with(|| Kept::build(sides.place, sides.store))
    }

    #[inline(never)]
    pub(super) fn on_message(
        &mut self,
        turn: &mut Turn<'_>,
        sides: &mut Sides<'_>,
        peer: NodeId,
        exchange: ExchangeId,
        comparison: Comparison,
    ) {
        let with = With { peer, exchange };
        if !self.peers(sides.place).contains(&peer) {
            // One of the two knows an older plan of the members: by this node's they have nothing in common.
            let why = Ignored::NotAnOwner;
            return turn.out.note(Note::Ignored { kind: Kind::Merkle, from: peer, request: None, why });
        }
        let kept = self.kept(sides);
        match comparison {
            Comparison::Root(theirs) => {
                let tree = kept.trees.get(&peer);
                let same = tree.map_or(0, Tree::root) == theirs;
                if with.compared(turn, 0, u32::from(same), u32::from(!same)) {
                    let children = tree.map_or([0; 16], |tree| tree.children(0, 0));
                    with.say(turn, Comparison::Children { level: 0, nodes: vec![(0, children)] });
                }
            }
            Comparison::Children { level, nodes } => {
                with.on_children(turn, kept, sides, level, &nodes);
            }
            Comparison::Keys { buckets, keys } => with.on_keys(turn, kept, sides, &buckets, &keys),
            Comparison::Versions { versions, wanted, back } => {
                with.on_versions(turn, sides, versions, wanted, back);
            }
        }
    }
}
