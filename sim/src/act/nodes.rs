//! Whom an act is about.

use super::Act;
use ringside_core::NodeId;

impl Act {
    /// The nodes that it names, in order, some perhaps twice.
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
        match self {
            Self::Operation(operation) => vec![operation.via],
            Self::Crash(node)
            | Self::Restart(node)
            | Self::Wipe(node)
            | Self::RestartOld(node)
            | Self::Repair(node)
            | Self::Join(node)
            | Self::Leave(node)
            | Self::Abort(node) => vec![*node],
            Self::Replace { dead, new } => vec![*dead, *new],
            Self::Partition(groups) => groups.concat(),
            Self::Link(change) => vec![change.from, change.to],
            Self::Pause(node) | Self::Resume(node) => vec![*node],
            Self::Slow { node, .. } | Self::Skew { node, .. } | Self::Drift { node, .. } => vec![*node],
            Self::Hold(matcher)
            | Self::Release(matcher)
            | Self::Drop { matcher, .. }
            | Self::Duplicate { matcher, .. }
            | Self::Replay { matcher, .. }
            | Self::Corrupt { matcher, .. } => matcher.from.into_iter().chain(matcher.to).collect(),
            Self::Workload(_)
            | Self::StopWorkloads
            | Self::Network(_)
            | Self::Heal
            | Self::Set(_)
            | Self::Note => Vec::new(),
            Self::ToMessage { .. } => Vec::new(),
        }
    }
}
