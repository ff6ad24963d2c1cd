//! Which functions a first picture runs, and which may therefore come later.

use std::collections::BTreeSet;

use anyhow::Result;
use walrus::ir::{Const, GlobalSet, Instr, Value};
use walrus::{ConstExpr, ValType};

use crate::divide::parse;
use crate::plan::Graph;

/// What every name begins with under which [`watched`] exports what it has seen; the function's number follows.
pub const SEEN: &str = "ran:";
/// Instructions in a function that is worth a stub of its own.
const WORTH: u64 = 16;

/// The module with a global for each function, exported as [`SEEN`] and a number from 0, which is 1 once it has run.
///
/// # Errors
/// The module does not parse.
pub fn watched(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = parse(wasm)?;
    let ids: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for (number, id) in ids.into_iter().enumerate() {
        let global = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        module.exports.add(&format!("{SEEN}{number}"), global);
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let entry = function.entry_block();
        let mark = [Instr::Const(Const { value: Value::I32(1) }), Instr::GlobalSet(GlobalSet { global })];
        let marked = mark.map(|instr| (instr, walrus::ir::InstrLocId::default()));
        function.block_mut(entry).instrs.splice(0..0, marked);
    }
    Ok(module.emit_wasm())
}

/// The lasting names of functions that may come later, in order, given the numbers of those that `ran`: functions that
/// something else begins with or calls, and that are big enough. What only they reach needs no name.
///
/// A name stands for all functions that have it, so none that a function has which ran.
///
/// # Errors
/// The module does not parse, or is none that can be divided.
pub fn later(wasm: &[u8], ran: &BTreeSet<usize>) -> Result<BTreeSet<String>> {
    let module = parse(wasm)?;
    let graph = Graph::of(&module)?;
    let locals: Vec<usize> = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
    let needed: BTreeSet<&str> =
        ran.iter().filter_map(|number| Some(graph.names.get(locals.get(*number)?)?.as_str())).collect();
    let worth: BTreeSet<usize> = module
        .funcs
        .iter_local()
        .filter(|(_, function)| function.size() >= WORTH)
        .map(|(id, _)| id.index())
        .filter(|id| graph.names.get(id).is_some_and(|name| !needed.contains(name.as_str())))
        .collect();
    let kept = graph.kept(|id| worth.contains(&id));
    let called = kept.iter().flat_map(|id| graph.called(*id)).chain(graph.slots.keys().copied());
    Ok(called.filter(|id| worth.contains(id)).filter_map(|id| graph.names.get(&id).cloned()).collect())
}
