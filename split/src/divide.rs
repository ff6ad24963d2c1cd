//! Dividing a module. Both halves begin as the whole, parsed twice from the same bytes, so what has the same index is
//! the same thing in both; each then loses what the other has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use walrus::ir::{UnaryOp, Value};
use walrus::{
    ConstExpr, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportKind, ImportedFunction, Module, ModuleConfig, ValType, passes,
};

use crate::data::Late;
use crate::plan::{Plan, function_table};

/// How the name of the import begins that a stub calls when the rest is not there yet: the page's `ringsideRest`, as
/// wasm-bindgen writes it.
pub const NET: &str = "__wbg_ringsideRest_";

/// The module that the rest imports from: the exports of the first, handed over by `static/boot.js`.
const FIRST: &str = "";

/// The two halves, with their names for people and tools still in them.
#[derive(Debug)]
pub struct Parts {
    /// What the page starts with.
    pub first: Vec<u8>,
    /// What fills the slots of the table.
    pub rest: Vec<u8>,
    /// How many functions are in the rest.
    pub moved: usize,
    /// How many of them have a stub.
    pub stubs: usize,
    /// How many functions the rest imports.
    pub shared: usize,
}

/// Divides a module: functions with the names in `later` (see [`lasting`](crate::lasting)) go to the rest, with all that
/// only they reach; but what is exported or begins the module stays. Marked bytes go, too (see `web/build.rs`).
///
/// # Errors
/// The module does not parse, lacks the import [`NET`], or has tables that this does not know how to divide.
pub fn divide(wasm: &[u8], later: &BTreeSet<&str>) -> Result<Parts> {
    let mut first = parse(wasm)?;
    let mut rest = parse(wasm)?;
    let mut plan = Plan::of(&first, later)?;
    let late = Late::take(&mut first)?;
    plan.memories.extend(late.iter().map(Late::memory));
    let names = Names::of(&mut first, &plan)?;
    leave_stubs(&mut first, &plan)?;
    take_out(&mut rest, &plan, &names)?;
    if let Some(late) = late {
        late.put(&mut rest)?;
    }
    passes::gc::run(&mut first);
    passes::gc::run(&mut rest);
    Ok(Parts {
        first: first.emit_wasm(),
        rest: rest.emit_wasm(),
        moved: plan.moved.len(),
        stubs: plan.slots.len(),
        shared: plan.shared.len(),
    })
}

pub(crate) fn parse(wasm: &[u8]) -> Result<Module> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_synthetic_names_for_anonymous_items(false);
    config.parse(wasm).context("this is no wasm that can be read")
}

/// Under which names the first module exports what the rest imports, by the index in the module.
#[derive(Debug, Default)]
struct Names {
    functions: BTreeMap<usize, String>,
    globals: BTreeMap<usize, String>,
    tables: BTreeMap<usize, String>,
    memories: BTreeMap<usize, String>,
}

impl Names {
    /// Exports it all from the first module.
    fn of(first: &mut Module, plan: &Plan) -> Result<Self> {
        // Numbers are what no name of wasm-bindgen begins with.
        let numbered =
            |export: &walrus::Export| export.name.starts_with(|letter: char| letter.is_ascii_digit());
        ensure!(!first.exports.iter().any(numbered), "the module has exports with numbers for names");
        let mut names = Self::default();
        let mut next = 0_u32;
        let mut export =
            |wanted: &BTreeSet<usize>, names: &mut BTreeMap<usize, String>, index, item: ExportItem| {
                if wanted.contains(&index) {
                    let name = next.to_string();
                    next += 1;
                    first.exports.add(&name, item);
                    names.insert(index, name);
                }
            };
        for id in first.funcs.iter().map(|function| function.id()) {
            export(&plan.shared, &mut names.functions, id.index(), id.into());
        }
        for id in first.globals.iter().map(|global| global.id()) {
            export(&plan.globals, &mut names.globals, id.index(), id.into());
        }
        for id in first.tables.iter().map(|table| table.id()) {
            export(&plan.tables, &mut names.tables, id.index(), id.into());
        }
        for id in first.memories.iter().map(|memory| memory.id()) {
            export(&plan.memories, &mut names.memories, id.index(), id.into());
        }
        Ok(names)
    }
}

/// Puts a stub in the place of every function that moves.
fn leave_stubs(first: &mut Module, plan: &Plan) -> Result<()> {
    let table = function_table(first)?;
    let grown = first.tables.get_mut(table);
    grown.initial = plan.table_size;
    grown.maximum = grown.maximum.map(|maximum| maximum.max(plan.table_size));
    let ready = ready(first)?;
    let moved: Vec<FunctionId> = first
        .funcs
        .iter()
        .map(|function| function.id())
        .filter(|id| plan.moved.contains(&id.index()))
        .collect();
    for id in moved {
        let ty = first.funcs.get(id).ty();
        let (params, results) = first.types.params_results(ty);
        let (params, results) = (params.to_vec(), results.to_vec());
        let args: Vec<_> = params.iter().map(|ty| first.locals.add(*ty)).collect();
        let mut stub = FunctionBuilder::new(&mut first.types, &params, &results);
        let mut body = stub.func_body();
        match plan.slots.get(&id.index()).and_then(|slots| slots.first()) {
            Some(slot) => {
                body.call(ready);
                for arg in &args {
                    body.local_get(*arg);
                }
                body.i32_const(slot.cast_signed()).call_indirect(ty, table);
            }
            // Only moved functions call it: it goes with the next collection of garbage.
            None => {
                body.unreachable();
            }
        }
        first.funcs.get_mut(id).kind = FunctionKind::Local(stub.local_func(args));
    }
    Ok(())
}

/// Adds the function that every stub calls first: it has the rest fetched, if that has not been seen to be there.
fn ready(first: &mut Module) -> Result<FunctionId> {
    let net = first.imports.iter().find_map(|import| {
        let ImportKind::Function(id) = import.kind else { return None };
        import.name.starts_with(NET).then_some(id)
    });
    let net = net.with_context(|| format!("the module does not import {NET}…"))?;
    let (params, results) = first.types.params_results(first.funcs.get(net).ty());
    ensure!(params.is_empty() && results.is_empty(), "{NET}… takes or gives something");
    let there = first.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
    let mut ready = FunctionBuilder::new(&mut first.types, &[], &[]);
    ready
        .name("ringside_split::ready".to_owned())
        .func_body()
        .global_get(there)
        .unop(UnaryOp::I32Eqz)
        .if_else(
            None,
            |fetch| {
                fetch.call(net).i32_const(1).global_set(there);
            },
            |_| {},
        );
    Ok(ready.finish(Vec::new(), &mut first.funcs))
}

/// Turns the whole into the rest: what stays is imported, and the slots are filled.
fn take_out(rest: &mut Module, plan: &Plan, names: &Names) -> Result<()> {
    rest.start = None;
    for id in rest.exports.iter().map(|export| export.id()).collect::<Vec<_>>() {
        rest.exports.delete(id);
    }
    for id in rest.elements.iter().map(|segment| segment.id()).collect::<Vec<_>>() {
        rest.elements.delete(id);
    }
    for table in rest.tables.iter_mut() {
        table.elem_segments.clear();
    }
    for id in rest.data.iter().map(|segment| segment.id()).collect::<Vec<_>>() {
        rest.data.delete(id);
    }
    for memory in rest.memories.iter_mut() {
        memory.data_segments.clear();
    }

    let by_index: BTreeMap<usize, FunctionId> =
        rest.funcs.iter().map(|function| (function.id().index(), function.id())).collect();
    for (index, name) in &names.functions {
        let id = by_index[index];
        let function = rest.funcs.get(id);
        if let FunctionKind::Import(import) = &function.kind {
            let import = rest.imports.get_mut(import.import);
            (import.module, import.name) = (FIRST.to_owned(), name.clone());
        } else {
            let ty = function.ty();
            let import = rest.imports.add(FIRST, name, id);
            rest.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
    }
    for id in rest.globals.iter().map(|global| global.id()).collect::<Vec<_>>() {
        if let Some(name) = names.globals.get(&id.index()) {
            let import = rest.imports.add(FIRST, name, id);
            rest.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
    }
    for id in rest.tables.iter().map(|table| table.id()).collect::<Vec<_>>() {
        if let Some(name) = names.tables.get(&id.index()) {
            let import = rest.imports.add(FIRST, name, id);
            rest.tables.get_mut(id).import = Some(import);
        }
    }
    for id in rest.memories.iter().map(|memory| memory.id()).collect::<Vec<_>>() {
        if let Some(name) = names.memories.get(&id.index()) {
            let import = rest.imports.add(FIRST, name, id);
            rest.memories.get_mut(id).import = Some(import);
        }
    }
    fill_slots(rest, plan, &by_index)
}

/// One segment for each row of neighbouring slots.
fn fill_slots(rest: &mut Module, plan: &Plan, by_index: &BTreeMap<usize, FunctionId>) -> Result<()> {
    let table = function_table(rest)?;
    let grown = rest.tables.get_mut(table);
    grown.initial = plan.table_size;
    grown.maximum = grown.maximum.map(|maximum| maximum.max(plan.table_size));
    let filled: BTreeMap<u32, FunctionId> = plan
        .slots
        .iter()
        .flat_map(|(function, slots)| slots.iter().map(|slot| (*slot, by_index[function])))
        .collect();
    let mut rows: Vec<(u32, Vec<FunctionId>)> = Vec::new();
    for (slot, function) in filled {
        match rows.last_mut() {
            Some((begin, row)) if *begin as usize + row.len() == slot as usize => row.push(function),
            _ => rows.push((slot, vec![function])),
        }
    }
    for (begin, row) in rows {
        let offset = ConstExpr::Value(Value::I32(begin.cast_signed()));
        let kind = ElementKind::Active { table, offset };
        let segment = rest.elements.add(kind, ElementItems::Functions(row));
        rest.tables.get_mut(table).elem_segments.insert(segment);
    }
    Ok(())
}
