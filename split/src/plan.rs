//! What goes where.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail, ensure};
use walrus::ir::Value;
use walrus::{ConstExpr, ElementItems, ElementKind, ExportItem, Module, TableId};

use crate::names::lasting;
use crate::uses::Uses;

/// Who calls whom in a module, and who can be called from outside it. Functions are named by their index in the module.
#[derive(Debug)]
pub(crate) struct Graph {
    /// What each function that is not imported refers to.
    pub(crate) uses: BTreeMap<usize, Uses>,
    /// The lasting names of those that have one.
    pub(crate) names: BTreeMap<usize, String>,
    /// Functions that must stay: exported, first to run, or with segments, which do not move.
    pub(crate) fixed: BTreeSet<usize>,
    /// Where functions lie in the table to begin with.
    pub(crate) slots: BTreeMap<usize, BTreeSet<u32>>,
}

impl Graph {
    /// Reads it off a module.
    ///
    /// # Errors
    /// The module has tables that this does not know how to divide.
    pub(crate) fn of(module: &Module) -> Result<Self> {
        let uses: BTreeMap<usize, Uses> =
            module.funcs.iter_local().map(|(id, function)| (id.index(), Uses::of(function))).collect();
        let names = module.funcs.iter_local().filter_map(|(id, _)| {
            let name = module.funcs.get(id).name.as_deref()?;
            Some((id.index(), lasting(name)))
        });
        let names = names.collect();
        let mut fixed: BTreeSet<usize> = module.start.iter().map(|id| id.index()).collect();
        fixed.extend(module.exports.iter().filter_map(|export| {
            let ExportItem::Function(id) = export.item else { return None };
            Some(id.index())
        }));
        fixed.extend(uses.iter().filter(|(_, uses)| uses.segments).map(|(id, _)| *id));
        Ok(Self { uses, names, fixed, slots: slots_of(module, function_table(module)?)? })
    }

    /// The functions that can be reached without going through one that `leaves`.
    pub(crate) fn kept(&self, leaves: impl Fn(usize) -> bool) -> BTreeSet<usize> {
        let leaves = |id: &usize| leaves(*id) && !self.fixed.contains(id);
        let mut open: Vec<usize> = self.fixed.iter().chain(self.slots.keys()).copied().collect();
        open.retain(|id| !leaves(id));
        let mut kept: BTreeSet<usize> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            for called in self.called(id).filter(|called| !leaves(called)) {
                if kept.insert(called) {
                    open.push(called);
                }
            }
        }
        kept
    }

    /// The functions that a function names, imports among them.
    pub(crate) fn called(&self, id: usize) -> impl Iterator<Item = usize> {
        self.uses.get(&id).into_iter().flat_map(|uses| uses.functions.iter().map(|id| id.index()))
    }
}

/// What goes where in the end.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) moved: BTreeSet<usize>,
    /// The slots of moved functions that the first module names: in its code, or in its table to begin with.
    pub(crate) slots: BTreeMap<usize, BTreeSet<u32>>,
    /// Functions that stay and that moved ones call.
    pub(crate) shared: BTreeSet<usize>,
    pub(crate) globals: BTreeSet<usize>,
    pub(crate) tables: BTreeSet<usize>,
    pub(crate) memories: BTreeSet<usize>,
    /// How many slots the table has in the end.
    pub(crate) table_size: u64,
}

impl Plan {
    /// Moves the functions with these lasting names, and what only they reach.
    pub(crate) fn of(module: &Module, later: &BTreeSet<&str>) -> Result<Self> {
        let graph = Graph::of(module)?;
        let kept = graph.kept(|id| graph.names.get(&id).is_some_and(|name| later.contains(name.as_str())));
        let moved: BTreeSet<usize> = graph.uses.keys().copied().filter(|id| !kept.contains(id)).collect();
        let table = function_table(module)?;
        let mut table_size = module.tables.get(table).initial;
        let mut slots = graph.slots.clone();
        slots.retain(|function, _| moved.contains(function));
        for id in kept.iter().flat_map(|id| graph.called(*id)).filter(|id| moved.contains(id)) {
            slots.entry(id).or_insert_with(|| {
                table_size += 1;
                BTreeSet::from([u32::try_from(table_size - 1).expect("a table has fewer slots")])
            });
        }
        let uses = || moved.iter().filter_map(|id| graph.uses.get(id));
        let mut tables: BTreeSet<usize> =
            uses().flat_map(|uses| uses.tables.iter().map(|id| id.index())).collect();
        tables.insert(table.index());
        Ok(Self {
            shared: moved.iter().flat_map(|id| graph.called(*id)).filter(|id| !moved.contains(id)).collect(),
            globals: uses().flat_map(|uses| uses.globals.iter().map(|id| id.index())).collect(),
            memories: uses().flat_map(|uses| uses.memories.iter().map(|id| id.index())).collect(),
            tables,
            slots,
            moved,
            table_size,
        })
    }
}

/// The one table of functions.
pub(crate) fn function_table(module: &Module) -> Result<TableId> {
    module.tables.main_function_table()?.context("the module has no table of functions")
}

/// Where functions lie in the table to begin with.
fn slots_of(module: &Module, table: TableId) -> Result<BTreeMap<usize, BTreeSet<u32>>> {
    let mut slots: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    for segment in module.elements.iter() {
        let ElementKind::Active { table: filled, offset } = &segment.kind else {
            bail!("a segment of functions is not put into a table at the start");
        };
        let (ConstExpr::Value(Value::I32(begin)), ElementItems::Functions(functions)) =
            (offset, &segment.items)
        else {
            bail!("a segment of functions is not at a fixed place");
        };
        ensure!(*filled == table, "there is a second table of functions");
        for (slot, function) in (begin.cast_unsigned()..).zip(functions) {
            slots.entry(function.index()).or_default().insert(slot);
        }
    }
    Ok(slots)
}
