//! The names of a scenario's operations: given or counted, used once, and known before any step is read, since steps
//! and expectations name them.

use super::load;
use super::read::{Item, Read, Table};
use super::text::{listed, meant, quoted};
use crate::workload::{self, Workload};
use std::collections::{BTreeMap, BTreeSet};

/// The three actions that are operations.
pub(super) const ACTIONS: [&str; 3] = ["put", "get", "delete"];

/// The operations of a scenario.
pub(super) struct Ops {
    /// By step; none where the step is no operation.
    by_step: Vec<Option<String>>,
    /// What each one is.
    kinds: BTreeMap<String, &'static str>,
    /// The workloads, in file order, each with its step.
    loads: Vec<(usize, Workload)>,
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
                if workload::parse_name(name).is_some() {
                    let name = quoted(name);
                    return Err(item.error(format_args!(
                        "{name} is how requests of workloads are called; give the operation another id"
                    )));
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
        let mut loads = Vec::new();
        for (step, action) in actions.iter().enumerate().filter(|(_, action)| action.name() == "workload") {
            if !load::stops(action)? {
                loads.push((step, load::workload(action)?));
            }
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
        Ok(Self { by_step, kinds, loads })
    }

    /// Names the operations among further actions, whose names nothing else may use: those of a lesson. Without an `id` they
    /// are called as the next ones would be. Gives their names; none where an action is no operation.
    pub(super) fn extend(&mut self, actions: &[Item<'_>]) -> Read<Vec<Option<String>>> {
        let Self { kinds, .. } = Self::name(actions)?;
        let mut names = Vec::new();
        for action in actions {
            let Some(kind) = ACTIONS.into_iter().find(|kind| *kind == action.name()) else {
                names.push(None);
                continue;
            };
            let given = operation_table(action)?.get("id");
            let name = match &given {
                Some(item) => item.label()?.to_owned(),
                None => (1..)
                    .map(|number: u64| format!("op{number}"))
                    .find(|name| !self.kinds.contains_key(name) && !kinds.contains_key(name))
                    .unwrap_or_default(),
            };
            if let (Some(_), Some(item)) = (self.kinds.insert(name.clone(), kind), given) {
                return Err(item.error(format_args!("another operation is called {} already", quoted(&name))));
            }
            names.push(Some(name));
        }
        Ok(names)
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
        if workload::names_one_of(self.loads.iter().map(|(_, load)| load), name) {
            // Whether it is a get is drawn, so whatever may be said of one may be said of it.
            return Ok((name.to_owned(), "get"));
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
        let named = (0..).zip(&self.by_step).filter_map(|(step, op)| Some((op.as_deref()?, step)));
        let named: BTreeMap<&str, usize> = named.collect();
        let step_of = |op: &str| named.get(op).copied().or_else(|| self.load_of(op));
        let waits_for: BTreeMap<usize, usize> =
            waits.iter().filter_map(|(step, op, _)| Some((*step, step_of(op)?))).collect();
        let mut fine: BTreeSet<usize> = BTreeSet::new();
        for (step, op, item) in waits {
            let mut path = BTreeSet::new();
            let mut next = Some(*step);
            while let Some(step) = next.filter(|step| !fine.contains(step)) {
                if !path.insert(step) {
                    let op = quoted(self.of_step(step).unwrap_or(op));
                    return Err(item.error(format_args!(
                        "{op} would wait for itself to end; begin one of these operations with at = \"10ms\""
                    )));
                }
                next = waits_for.get(&step).copied();
            }
            fine.append(&mut path);
        }
        Ok(())
    }

    /// The step of the workload that an operation of this name comes from.
    fn load_of(&self, op: &str) -> Option<usize> {
        let (load, _) = workload::parse_name(op)?;
        let load = usize::try_from(load).ok()?.checked_sub(1)?;
        self.loads.get(load).map(|(step, _)| *step)
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
