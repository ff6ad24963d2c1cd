//! A tiny module, made by hand, is divided.

use std::collections::BTreeSet;

use walrus::ir::Value;
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind,
    GlobalKind, ImportKind, Module, RefType, TableId, ValType,
};

use crate::data::MARK;
use crate::{NET, divide, later, watched};

/// Adds a function of one number that calls others in turn, and is `size` instructions longer than that takes.
fn add(module: &mut Module, name: &str, calls: &[FunctionId], size: usize) -> FunctionId {
    let arg = module.locals.add(ValType::I32);
    let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
    let mut body = function.name(name.to_owned()).func_body();
    body.local_get(arg);
    for called in calls {
        body.call(*called);
    }
    for _ in 0..size {
        body.unop(walrus::ir::UnaryOp::I32Clz);
    }
    function.finish(vec![arg], &mut module.funcs)
}

/// `start`, which is exported, calls `soon` and `late`; `late` calls `helper`, `soon` and an import; `event` is only in the
/// table, at 3, and calls `helper`. `soon` uses a global.
fn whole() -> Vec<u8> {
    let mut module = Module::default();
    let memory = module.memories.add_local(false, false, 1, None, None);
    module.exports.add("memory", memory);
    let nothing = module.types.add(&[], &[]);
    let (net, _) = module.add_import_func("glue", &format!("{NET}0a1b"), nothing);
    let number = module.types.add(&[ValType::I32], &[ValType::I32]);
    let (log, _) = module.add_import_func("glue", "log", number);
    let table = module.tables.add_local(false, 4, Some(4), RefType::FUNCREF);
    let global = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(7)));

    let soon = add(&mut module, "a[1f]::soon", &[], 0);
    let body = module.funcs.get_mut(soon).kind.unwrap_local_mut().builder_mut();
    body.func_body().global_set(global).global_get(global);
    let helper = add(&mut module, "a[1f]::helper", &[], 100);
    let late = add(&mut module, "a[1f]::late", &[helper, soon, log], 100);
    let event = add(&mut module, "a[1f]::event", &[helper], 100);
    let start = add(&mut module, "a[1f]::start", &[soon, late], 0);
    module.exports.add("start", start);
    let mut whole = FunctionBuilder::new(&mut module.types, &[], &[]);
    whole.func_body().call(net);
    let whole = whole.finish(Vec::new(), &mut module.funcs);
    module.exports.add("whole", whole);

    let kind = ElementKind::Active { table, offset: ConstExpr::Value(Value::I32(3)) };
    let segment = module.elements.add(kind, ElementItems::Functions(vec![event]));
    module.tables.get_mut(table).elem_segments.insert(segment);
    module.emit_wasm()
}

fn parts(later: &[&str]) -> (Module, Module) {
    let parts = divide(&whole(), &later.iter().copied().collect()).expect("it can be divided");
    let read = |wasm: &[u8]| Module::from_buffer(wasm).expect("a half is a module");
    (read(&parts.first), read(&parts.rest))
}

fn names(module: &Module) -> BTreeSet<&str> {
    let names = module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.as_deref());
    names.map(|name| name.rsplit("::").next().unwrap_or(name)).collect()
}

fn table(module: &Module) -> TableId {
    module.tables.main_function_table().expect("one at most").expect("one")
}

/// What the segments of a module put where.
fn slots(module: &Module) -> Vec<(i32, Vec<String>)> {
    let segments = module.elements.iter().map(|segment| {
        let (ElementKind::Active { offset, .. }, ElementItems::Functions(functions)) =
            (&segment.kind, &segment.items)
        else {
            panic!("{segment:?}");
        };
        let ConstExpr::Value(Value::I32(offset)) = offset else { panic!("{offset:?}") };
        let name = |id: &FunctionId| module.funcs.get(*id).name.clone().unwrap_or_default();
        (*offset, functions.iter().map(name).collect())
    });
    segments.collect()
}

#[test]
fn what_is_listed_goes_with_all_that_only_it_reaches() {
    let (first, rest) = parts(&["a::late", "a::event"]);
    // Stubs of the two, but none of `helper`, which nothing in the first module calls.
    assert_eq!(names(&first), BTreeSet::from(["soon", "late", "event", "start", "ready"]));
    assert_eq!(names(&rest), BTreeSet::from(["late", "event", "helper"]));
    let size =
        |name: &str| first.funcs.get(first.funcs.by_name(name).expect(name)).kind.unwrap_local().size();
    assert!(size("a[1f]::late") < 10 && size("a[1f]::event") < 10, "they are stubs");
}

#[test]
fn the_rest_fills_the_slots_that_stubs_call() {
    let (first, rest) = parts(&["a::late", "a::event"]);
    assert_eq!(slots(&first), [(3, vec!["a[1f]::event".to_owned()])], "the stub, to begin with");
    // Beside it, in a slot added for it, what is called by name.
    assert_eq!(slots(&rest), [(3, vec!["a[1f]::event".to_owned(), "a[1f]::late".to_owned()])]);
    for module in [&first, &rest] {
        let table = module.tables.get(table(module));
        assert_eq!((table.initial, table.maximum), (5, Some(5)));
    }
}

#[test]
fn the_rest_imports_what_stayed_and_brings_nothing_of_its_own() {
    let (first, rest) = parts(&["a::late", "a::event"]);
    assert!(rest.start.is_none() && rest.exports.iter().next().is_none());
    assert!(rest.data.iter().next().is_none() && rest.globals.iter().next().is_none());
    for import in rest.imports.iter() {
        assert_eq!(import.module, "");
        let export = first.exports.iter().find(|export| export.name == import.name).expect(&import.name);
        match (&import.kind, &export.item) {
            (ImportKind::Function(wanted), ExportItem::Function(given)) => {
                let (wanted, given) = (rest.funcs.get(*wanted), first.funcs.get(*given));
                assert_eq!(rest.types.get(wanted.ty()).params(), first.types.get(given.ty()).params());
                assert!(matches!(wanted.kind, FunctionKind::Import(_)));
            }
            (ImportKind::Table(_), ExportItem::Table(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    // `soon`, `log` and the table.
    assert_eq!(rest.imports.iter().count(), 3);
}

#[test]
fn globals_stay_and_are_shared() {
    // Called by `start`, which is exported and stays.
    let (first, rest) = parts(&["a::soon", "a::start"]);
    assert!(names(&first).contains("start") && names(&rest).contains("soon"));
    let globals: Vec<_> = rest.globals.iter().collect();
    let [global] = globals[..] else { panic!("{globals:?}") };
    assert!(matches!(global.kind, GlobalKind::Import(_)) && global.mutable);
}

#[test]
fn a_module_without_the_net_is_refused() {
    let error = divide(&Module::default().emit_wasm(), &BTreeSet::new()).expect_err("there is no table");
    assert!(error.to_string().contains("no table"), "{error}");
}

#[test]
fn what_did_not_run_and_is_called_may_come_later() {
    let whole = whole();
    let module = Module::from_buffer(&whole).expect("a module");
    let seen = Module::from_buffer(&watched(&whole).expect("it can be watched")).expect("a module");
    assert_eq!(seen.globals.iter().count(), 1 + module.funcs.iter_local().count());
    let number = |name: &str| {
        let mut names = module.funcs.iter_local().map(|(id, _)| module.funcs.get(id).name.as_deref());
        names.position(|found| found == Some(name)).expect(name)
    };
    let ran = BTreeSet::from([number("a[1f]::start"), number("a[1f]::soon")]);
    // `helper` goes with those that call it.
    let names = later(&whole, &ran).expect("it can be read");
    assert_eq!(names, BTreeSet::from(["a::event".to_owned(), "a::late".to_owned()]));
}

/// The module with two segments in which marked bytes lie between others.
fn marked() -> Vec<u8> {
    let mut module = Module::from_buffer(&whole()).expect("a module");
    let memory = module.memories.iter().next().expect("it has one").id();
    let before = [b"before", &MARK[..], &3_u32.to_le_bytes(), b"l"].concat();
    // Between the two is a zero.
    for (at, value) in [(100, before), (128, b"tafter".to_vec())] {
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(at)) };
        let segment = module.data.add(kind, value);
        module.memories.get_mut(memory).data_segments.insert(segment);
    }
    module.emit_wasm()
}

/// What a module has in its memory to begin with, and where.
fn data(module: &Module) -> Vec<(i32, &[u8])> {
    let segments = module.data.iter().map(|segment| {
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(at)), .. } = segment.kind else {
            panic!("{segment:?}");
        };
        (at, &segment.value[..])
    });
    segments.collect()
}

#[test]
fn marked_bytes_come_with_the_rest_and_to_the_same_place() {
    let parts = divide(&marked(), &BTreeSet::from(["a::late"])).expect("it can be divided");
    let read = |wasm: &[u8]| Module::from_buffer(wasm).expect("a half is a module");
    let (first, rest) = (read(&parts.first), read(&parts.rest));
    let stays = [b"before", &MARK[..], &3_u32.to_le_bytes()].concat();
    assert_eq!(data(&first), [(100, &stays[..]), (129, b"after")]);
    assert_eq!(data(&rest), [(126, &b"l"[..]), (128, &b"t"[..])]);
    assert!(rest.memories.iter().all(|memory| memory.import.is_some()));
}

#[test]
fn a_mark_that_promises_more_than_there_is_is_refused() {
    let mut module = Module::from_buffer(&marked()).expect("a module");
    let segment = module.data.iter().last().expect("it has two").id();
    module.data.get_mut(segment).value.clear();
    let error = divide(&module.emit_wasm(), &BTreeSet::new()).expect_err("it is cut short");
    assert!(error.to_string().contains("cut short"), "{error}");
}
