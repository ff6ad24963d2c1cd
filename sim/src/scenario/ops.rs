//! The names of a scenario's operations: given or counted, used once, and known before any step is read, since steps
//! and expectations name them.

use super::read::{Item, Read, Table};
use super::text::{listed, meant, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// The three actions that are operations.
pub(super) const ACTIONS: [&str; 3] = ["put", "get", "delete"];

/// The operations of a scenario.
pub(super) struct Ops {
    /// By step; none where the step is no operation.
    by_step: Vec<Option<String>>,
    /// What each one is.
    kinds: BTreeMap<String, &'static str>,
}

impl Ops {
    /// Names the operations among the steps' actions, in file order: those without an `id` are `op1`, `op2`, …, past
    /// names that are taken.
    pub(super) fn name(actions: &[Item<'_>]) -> Read<Self> {
        let mut kinds = BTreeMap::new();
        let mut by_step = Vec::with_capacity(actions.len());
        for action in actions {
            let kind = ACTIONS.into_iter().find(|kind| *kind == action.name());
            let given = match kind {
                Some(_) => operation_table(action)?.get("id"),
                None => None,
            };
            let mut id = None;
            if let (Some(kind), Some(item)) = (kind, given) {
                let name = item.label()?;
                if name == "none" {
                    return Err(item.error(
                        "an operation cannot be called \"none\": that is what context = \"none\" says",
                    ));
                }
                if kinds.insert(name.to_owned(), kind).is_some() {
                    return Err(
                        item.error(format_args!("another operation is called {} already", quoted(name)))
                    );
                }
                id = Some(name.to_owned());
            }
            by_step.push((kind, id));
        }
        let mut next = 0_u32;
        let by_step = by_step.into_iter().map(|(kind, id)| {
            let kind = kind?;
            Some(id.unwrap_or_else(|| {
                loop {
                    next += 1;
                    let name = format!("op{next}");
                    if !kinds.contains_key(&name) {
                        kinds.insert(name.clone(), kind);
                        return name;
                    }
                }
            }))
        });
        let by_step = by_step.collect();
        Ok(Self { by_step, kinds })
    }

    /// The name of the operation that a step is.
    pub(super) fn of_step(&self, step: usize) -> Option<&str> {
        self.by_step.get(step)?.as_deref()
    }

    /// The operation that this names, and whether it is a put, a get or a delete.
    pub(super) fn resolve(&self, item: &Item<'_>) -> Read<(String, &'static str)> {
        let name = item.string("an operation's id, such as \"w1\"")?;
        if let Some((name, kind)) = self.kinds.get_key_value(name) {
            return Ok((name.clone(), kind));
        }
        let known = || self.kinds.keys().map(String::as_str);
        let hint = meant(name, known()).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        let all = if self.kinds.is_empty() { "there are none".to_owned() } else { listed(known()) };
        Err(item
            .error(format_args!("no operation is called {}; the operations are: {all}{hint}", quoted(name))))
    }

    /// Refuses operations that wait for each other. `waits` has, for each step that waits, its number, the operation
    /// it waits for, and where it says so.
    pub(super) fn check_order(&self, waits: &[(usize, String, Item<'_>)]) -> Read<()> {
        let waits_for: BTreeMap<&str, &str> =
            waits.iter().filter_map(|(step, op, _)| Some((self.of_step(*step)?, op.as_str()))).collect();
        let mut fine: BTreeSet<&str> = BTreeSet::new();
        for (step, _, item) in waits {
            let mut path = BTreeSet::new();
            let mut next = self.of_step(*step);
            while let Some(op) = next.filter(|op| !fine.contains(op)) {
                if !path.insert(op) {
                    let op = quoted(op);
                    return Err(item.error(format_args!(
                        "{op} would wait for itself to end; begin one of these operations with at = \"10ms\""
                    )));
                }
                next = waits_for.get(op).copied();
            }
            fine.append(&mut path);
        }
        Ok(())
    }
}

/// The table of an operation.
pub(super) fn operation_table<'t>(action: &Item<'t>) -> Read<Table<'t>> {
    let (keys, wanted): (&[&str], _) = match action.name() {
        "put" => {
            (&["id", "key", "value", "via", "client", "context"], "{ key = \"cart\", value = \"milk\" }")
        }
        "delete" => (&["id", "key", "via", "client", "context"], "{ key = \"cart\" }"),
        _ => (&["id", "key", "via", "client"], "{ key = \"cart\" }"),
    };
    action.table(keys, format_args!("a table such as {wanted}"))
}
