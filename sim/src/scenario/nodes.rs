//! Which node a scenario means: by name, or by its place on a key's walk round the initial ring.

use super::read::{Item, Read};
use super::text::{listed, meant, quoted};
use crate::setup::Setup;
use ringside_core::order::by_number;
use ringside_core::{Key, NodeId, Ring, hash};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Finds nodes in a cluster.
pub(super) struct Nodes<'s> {
    setup: &'s Setup,
    by_name: BTreeMap<&'s str, NodeId>,
    /// Made when first needed: a big one takes a while.
    ring: OnceCell<Ring>,
}

impl<'s> Nodes<'s> {
    pub(super) fn new(setup: &'s Setup) -> Self {
        let by_name = setup.nodes().map(|node| (setup.name(node), node)).collect();
        Self { setup, by_name, ring: OnceCell::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.setup.names.len()
    }

    /// The first node of the key's preference list.
    pub(super) fn first_of(&self, key: &Key) -> NodeId {
        self.nth_of(key, 1).expect("a cluster has a node, and every walk meets it")
    }

    /// The node that a name, or `KEY#PLACE`, stands for.
    pub(super) fn resolve(&self, item: &Item<'_>) -> Read<NodeId> {
        let text =
            item.string("a node's name, such as \"A\", or a place on a key's walk, such as \"cart#1\"")?;
        if let Some(node) = self.by_name.get(text) {
            return Ok(*node);
        }
        let Some((key, place)) = text.rsplit_once('#') else { return Err(self.no_such_node(item, text)) };
        let nth = place.parse().ok().filter(|_| place.bytes().all(|byte| byte.is_ascii_digit()));
        let node =
            nth.filter(|_| key.len() <= Key::MAX_BYTES).and_then(|nth| self.nth_of(&Key::new(key), nth));
        node.ok_or_else(|| {
            let (text, nodes) = (quoted(text), self.setup.founding().count());
            item.error(format_args!("{text} is no place on a key's walk: this cluster has #1 to #{nodes}"))
        })
    }

    /// Nodes, sorted, each once.
    pub(super) fn resolve_all(&self, item: &Item<'_>, wanted: &str) -> Read<Vec<NodeId>> {
        let mut nodes = Vec::new();
        for element in item.list(wanted)? {
            let node = self.resolve(&element)?;
            if nodes.contains(&node) {
                let name = self.setup.name(node);
                return Err(element.error(format_args!("node {name} is in this list already")));
            }
            nodes.push(node);
        }
        by_number(&mut nodes, |node| node.0.into());
        Ok(nodes)
    }

    /// The name of a node.
    pub(super) fn name(&self, node: NodeId) -> &'s str {
        self.setup.name(node)
    }

    fn nth_of(&self, key: &Key, nth: usize) -> Option<NodeId> {
        let ring = self.ring.get_or_init(|| self.setup.ring());
        ring.walk(hash::position(key)).nth(nth.checked_sub(1)?).map(|token| token.node)
    }

    fn no_such_node(&self, item: &Item<'_>, text: &str) -> super::ScenarioError {
        let names = || self.setup.names.iter().map(String::as_str);
        let hint = meant(text, names()).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        item.error(format_args!("there is no node {}; the nodes are {}{hint}", quoted(text), listed(names())))
    }
}
