//! What a node does about its store as a whole: trees and collections follow it, and are given what they need of it.

use super::anti_entropy::{AntiEntropy, Ownership, Sides};
use super::disk::Disk;
use super::membership::Want;
use super::outbox::Outbox;
use super::tombstones::{Collection, Held};
use super::{Node, Turn};
use crate::id::{Key, NodeId};
use crate::mutant::Mutant;
use crate::random::Random;
use crate::time::Now;
use alloc::vec::Vec;

impl Node {
    /// Whatever depends on the store learns what changed in it.
    pub(super) fn follow_store(&mut self, now: Now, out: &mut Outbox) {
        let changed = self.disk.keys.take_changed();
        let Self { actor, config, membership, disk, anti_entropy, collection, .. } = self;
        let ownership = Ownership { me: actor.node, ring: membership.ring(), n: config.n };
        let fallen_behind = config.health.is(Mutant::TreesFallBehind);
        anti_entropy.follow(ownership, &disk.keys, if fallen_behind { &[] } else { &changed }, config.health);
        collection.follow(now.mono, config, ownership, &disk.keys, &changed);
        self.owe(now, &changed, out);
    }

    pub(super) fn collect(
        &mut self,
        now: Now,
        out: &mut Outbox,
        act: impl FnOnce(&mut Collection, &mut Turn<'_>, &mut Held<'_>),
    ) {
        let Self { actor, config, disk, membership, detector, coordinator, collection, .. } = self;
        let mut turn = Turn { me: actor.node, now, config, ring: membership.ring(), detector, out };
        let place = Ownership { me: actor.node, ring: membership.ring(), n: config.n };
        let Disk { keys, hints, owed, members: known, .. } = disk;
        let heeds_hints = !config.health.is(Mutant::CollectsDespiteHints);
        let plan = membership.plan();
        let joins = |node: &NodeId| matches!(known.wish(*node), Some(Want::Join | Want::Replace { .. }));
        let joining: Vec<NodeId> =
            if membership.wished() { known.ids().filter(joins).collect() } else { Vec::new() };
        let (written, pending) = coordinator.written();
        let busy = |key: &Key| {
            let hinted = heeds_hints && hints.of_key(key).next().is_some();
            // Without gossip debts wait, and nobody may count on them.
            let moves = !plan.moving(key).is_empty() || (config.gossip.is_some() && owed.has(key));
            hinted || moves || pending.values().any(|pending| pending.key() == key)
        };
        let mut held = Held { place, store: keys, written, actor: *actor, joining: &joining, busy: &busy };
        act(collection, &mut turn, &mut held);
    }

    pub(super) fn anti_entropy(
        &mut self,
        now: Now,
        out: &mut Outbox,
        act: impl FnOnce(&mut AntiEntropy, &mut Turn<'_>, &mut Sides<'_>, &mut Random),
    ) {
        // An exchange looks at the trees, so that they must be those of what an earlier mechanism left in the store.
        self.follow_store(now, out);
        let Self { actor, minted, config, random, disk, membership, detector, anti_entropy, .. } = self;
        let mut turn = Turn { me: actor.node, now, config, ring: membership.ring(), detector, out };
        let place = Ownership { me: actor.node, ring: membership.ring(), n: config.n };
        let mut sides = Sides { place, store: &mut disk.keys, actor: *actor, minted: *minted };
        act(anti_entropy, &mut turn, &mut sides, random);
    }
}
