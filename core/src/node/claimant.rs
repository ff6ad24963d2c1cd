//! The claimant: the one member that decides which change of the members comes next (as in Riak).
//!
//! It is the member that has been one for longest. That follows from the plan, and not from who is believed up: while it
//! is down, changes wait, so that no two decide at once. Only where an operator says that it is dead, and that a node is
//! to take its place, the next one decides.
//!
//! State: none. Changes take effect one at a time: from the wishes, in the order of their nodes, the claimant puts one into
//! the plan; once every node that gets ranges by it has told that it has them all, the change takes effect, with the next
//! epoch; if its wish is withdrawn before, it is given up. Taking the place of a dead node comes first: a change that waits
//! for the dead one is given up for it, and begins again afterwards if it is still wished.

use super::Turn;
use super::membership::{Members, Membership, Want};
use super::note::Note;
use super::plan::{Change, Peer, Plan};
use crate::id::{Actor, NodeId};

/// The member that decides, as far as this is known; none where the cluster has no member.
#[must_use]
pub fn claimant(members: &Members) -> Option<NodeId> {
    let plan = members.plan()?;
    let dead = |node: NodeId| replaced(members).any(|dead| dead == node);
    let mut living = plan.members().iter().filter(|member| !dead(**member));
    // Where all are said to be dead, the first of them decides if it comes back.
    living.next().or(plan.members().first()).copied()
}

/// The next plan, if this node decides and something is to be decided. `n`: replicas of a key, as the settings say.
pub(super) fn decide(turn: &Turn<'_>, membership: &Membership, members: &Members, n: u32) -> Option<Plan> {
    if claimant(members) != Some(turn.me) || !knows(turn, membership) {
        return None;
    }
    let (plan, by) = (membership.plan(), Actor { node: turn.me, boot: membership.boot() });
    if n < plan.replicas() && plan.pending().is_none() {
        return Some(plan.lower(by, n));
    }
    let Some(change) = plan.pending() else {
        let change = next(members, plan, n)?;
        return Some(plan.begin(by, change));
    };
    if !still_wished(members, plan, change, n) {
        return Some(plan.abort(by));
    }
    let complete =
        |node: NodeId| members.get(node).is_some_and(|member| member.complete == Some(plan.rank()));
    let waits = plan.receivers().into_iter().any(|node| !complete(node));
    if !waits {
        return Some(plan.switch(by, |node| last_boot(membership, members, node)));
    }
    let needs = |dead: NodeId| {
        let moves = plan.moves().iter().filter(|moved| !complete(moved.to));
        change.node() == Some(dead)
            || moves.into_iter().any(|moved| moved.from == Some(dead) || moved.to == dead)
    };
    let replaces = matches!(change, Change::Replace { .. });
    (!replaces && replaced(members).any(needs)).then(|| plan.abort(by))
}

/// The members whose place others are to take.
fn replaced(members: &Members) -> impl Iterator<Item = NodeId> {
    members.ids().filter_map(|new| match members.wish(new) {
        Some(Want::Replace { dead }) => Some(dead),
        Some(Want::Join | Want::Leave) | None => None,
    })
}

/// The last start of a node that this one has heard of.
pub(super) fn last_boot(membership: &Membership, members: &Members, node: NodeId) -> u32 {
    members.get(node).map_or(0, |member| member.stamp.boot).max(membership.pulse(node).boot)
}

/// A node that has started anew may have lost or missed plans, also its own. It decides only after all that it believes up
/// have told it that they know none that is newer.
fn knows(turn: &Turn<'_>, membership: &Membership) -> bool {
    let mut others = membership.plan().members().iter().filter(|member| **member != turn.me).peekable();
    if membership.boot() == 0 || others.peek().is_none() {
        return true;
    }
    let heard = membership.heard();
    !heard.is_empty() && others.all(|member| heard.contains(member) || !turn.up(*member))
}

/// The first wish that can be granted.
fn next(members: &Members, plan: &Plan, n: u32) -> Option<Change> {
    // First whoever takes the place of a dead node: other changes may have to wait for that one.
    let replaces = |node: &NodeId| matches!(members.wish(*node), Some(Want::Replace { .. }));
    let nodes = members.ids().filter(replaces).chain(members.ids().filter(|node| !replaces(node)));
    let wished = nodes.into_iter().find_map(|node| wanted(members, node).filter(|change| fits(plan, change)));
    wished.or_else(|| (n > plan.replicas()).then_some(Change::Replicas(n)))
}

/// Could it be granted as the members are now? A wish that cannot waits until they are others.
fn fits(plan: &Plan, change: &Change) -> bool {
    let ring = plan.ring();
    match change {
        Change::Join(_) => ring.members().len() < ring.placement().most_members() as usize,
        Change::Leave(_) => plan.members().len() > 1,
        Change::Replace { .. } | Change::Replicas(_) => true,
    }
}

/// Is something wished of this node that could be granted as the members are now?
#[must_use]
pub fn grantable(members: &Members, node: NodeId) -> bool {
    let fits = |change: &Change| members.plan().is_none_or(|plan| fits(plan, change));
    wanted(members, node).as_ref().is_some_and(fits)
}

/// The change that is wished of a node.
fn wanted(members: &Members, node: NodeId) -> Option<Change> {
    let member = members.get(node)?;
    let peer = || Peer { node, name: member.name.clone(), zone: member.zone };
    Some(match members.wish(node)? {
        Want::Join => Change::Join(peer()),
        Want::Leave => Change::Leave(node),
        Want::Replace { dead } => Change::Replace { dead, new: peer() },
    })
}

fn still_wished(members: &Members, plan: &Plan, change: &Change, n: u32) -> bool {
    match change.node() {
        Some(node) => wanted(members, node).as_ref() == Some(change),
        None => *change == Change::Replicas(n) && n > plan.replicas(),
    }
}

/// What a plan says that the one before it did not.
#[inline(never)]
pub(super) fn tell(turn: &mut Turn<'_>, before: &Plan, plan: &Plan) {
    let mut news = plan.log()[before.log().len().min(plan.log().len())..].iter().peekable();
    if news.peek().is_none()
        && let Some(change) = before.pending()
        && plan.pending() != Some(change)
    {
        turn.out.note(Note::ChangeAborted { change: change.clone() });
    }
    for (epoch, change) in (before.epoch() + 1..).zip(news) {
        turn.out.note(Note::Switched { epoch, change: change.clone() });
    }
    if let Some(change) = plan.pending().filter(|_| before.pending() != plan.pending()) {
        let (change, epoch) = (change.clone(), plan.epoch() + 1);
        let begun_here = plan.rank().by.is_some_and(|by| by.node == turn.me);
        turn.out.note(if begun_here {
            Note::ChangeBegun { epoch, change, moves: plan.moves().to_vec() }
        } else {
            Note::ChangeHeard { epoch, change }
        });
    }
}
