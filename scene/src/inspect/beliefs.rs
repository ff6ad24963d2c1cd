//! What a node believes of the others: rows of a table.

use crate::{View, text};
use ringside_core::NodeId;
use ringside_sim::snapshot::Belief;

/// What a node believes of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeliefRow {
    /// Of whom.
    pub member: NodeId,
    /// Its name.
    pub name: String,
    /// `up`, `down`, or `itself`.
    pub opinion: &'static str,
    /// The last heartbeat that has come: `B:12`, after a restart `B′:3`; `none yet`.
    pub heartbeat: String,
    /// `1.2 s of 18.421 s`: for how long nothing new has come, and what convicts. None of itself, and without a detector.
    pub silence: Option<String>,
    /// Phi of that silence, with at most three decimals.
    pub phi: Option<String>,
}

/// What `node` believes of each member at the view's moment, in their order; nothing while it is down, and where nodes do
/// not gossip.
#[must_use]
pub fn beliefs(view: &View<'_>, node: NodeId) -> Vec<BeliefRow> {
    let Some(snapshot) = view.snapshot.nodes.get(node.index()) else { return Vec::new() };
    if view.snapshot.config.gossip.is_none() {
        return Vec::new();
    }
    let row = |belief: Belief| BeliefRow {
        member: belief.member,
        name: view.name(belief.member).to_owned(),
        opinion: match belief.up {
            _ if belief.member == node => "itself",
            true => "up",
            false => "down",
        },
        heartbeat: if belief.pulse == ringside_core::Pulse::default() {
            "none yet".to_owned()
        } else {
            text::pulse(view, belief.member, belief.pulse)
        },
        silence: belief
            .silence
            .map(|(silence, limit)| [&silence.to_string(), " of ", &limit.to_string()].concat()),
        phi: belief.phi_thousandths.map(|phi| text::thousandths(u32::try_from(phi).unwrap_or(u32::MAX))),
    };
    snapshot.beliefs(view.now).map(row).collect()
}
