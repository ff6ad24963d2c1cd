//! Who believes what of whom, beside the truth: a matrix of words.

use crate::View;
use ringside_core::NodeId;
use ringside_sim::{NodeSnapshot, NodeState};
use std::collections::{BTreeMap, BTreeSet};

/// More nodes than this are not set as a table: then it shows those about whom somebody is wrong, and who is.
pub const MOST_IN_MATRIX: usize = 24;

/// Beliefs of members about members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Of whom: the columns, with what is true of each.
    pub truth: Vec<(NodeId, NodeState)>,
    /// Who believes: the rows, each with a cell for every column. Nodes that are down believe nothing and have none.
    pub rows: Vec<(NodeId, Vec<Cell>)>,
    /// Nodes that are in no column, for want of room.
    pub left_out: usize,
    /// How many cells of the whole cluster differ from the truth.
    pub differ: usize,
}

/// What one node believes of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The belief.
    pub belief: Word,
    /// Is it not so?
    pub wrong: bool,
}

/// A belief in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is the node itself.
    Itself,
    /// It counts as up.
    Up,
    /// It is believed down.
    Suspected,
    /// Nothing has been heard of it.
    Unknown,
}

impl Word {
    /// The word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Itself => "itself",
            Self::Up => "up",
            Self::Suspected => "suspected",
            Self::Unknown => "unknown",
        }
    }

    /// A sign that stands for it in a narrow cell.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Itself => "–",
            Self::Up => "●",
            Self::Suspected => "?",
            Self::Unknown => "",
        }
    }
}

/// The matrix at the view's moment; none where nodes do not gossip, and so have no beliefs.
#[must_use]
pub fn matrix(view: &View<'_>) -> Option<Matrix> {
    view.snapshot.config.gossip?;
    let nodes = &view.snapshot.nodes;
    let beliefs: Vec<(NodeId, BTreeMap<NodeId, Cell>)> =
        nodes.iter().filter(|node| node.mind.is_some()).map(|node| (node.id, beliefs(view, node))).collect();
    let wrong =
        |(_, cells): &(NodeId, BTreeMap<NodeId, Cell>)| cells.values().filter(|cell| cell.wrong).count();
    let differ = beliefs.iter().map(wrong).sum();
    let mut shown: BTreeSet<NodeId> = nodes.iter().map(|node| node.id).collect();
    if shown.len() > MOST_IN_MATRIX {
        shown = apart(view, &beliefs);
    }
    let truth: Vec<_> =
        nodes.iter().filter(|node| shown.contains(&node.id)).map(|node| (node.id, node.state)).collect();
    let unknown = Cell { belief: Word::Unknown, wrong: true };
    let row = |(believer, cells): &(NodeId, BTreeMap<NodeId, Cell>)| {
        (*believer, truth.iter().map(|(of, _)| cells.get(of).copied().unwrap_or(unknown)).collect())
    };
    let rows = beliefs.iter().filter(|(believer, _)| shown.contains(believer)).map(row).collect();
    Some(Matrix { rows, left_out: nodes.len() - truth.len(), truth, differ })
}

fn beliefs(view: &View<'_>, node: &NodeSnapshot) -> BTreeMap<NodeId, Cell> {
    let cell = |of: NodeId, up: bool| {
        let truly_up = view.state(of) == NodeState::Up;
        let belief = match up {
            _ if of == node.id => Word::Itself,
            true => Word::Up,
            false => Word::Suspected,
        };
        Cell { belief, wrong: of != node.id && up != truly_up }
    };
    node.beliefs(view.now).map(|belief| (belief.member, cell(belief.member, belief.up))).collect()
}

/// In a large cluster: the selected node, those about whom somebody is wrong, and who is; as far as there is room.
fn apart(view: &View<'_>, beliefs: &[(NodeId, BTreeMap<NodeId, Cell>)]) -> BTreeSet<NodeId> {
    let mut shown: BTreeSet<NodeId> = view.selection.node.into_iter().collect();
    let wrong = beliefs.iter().flat_map(|(believer, cells)| {
        cells.iter().filter(|(_, cell)| cell.wrong).flat_map(move |(of, _)| [*of, *believer])
    });
    for node in wrong.chain(view.snapshot.nodes.iter().map(|node| node.id)) {
        if shown.len() >= MOST_IN_MATRIX {
            break;
        }
        shown.insert(node);
    }
    shown
}
