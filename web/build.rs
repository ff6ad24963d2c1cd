//! Reads the built-in scenarios and writes them down as bytes, so that the page carries no reader of files.

use ringside_sim::Scenario;
use ringside_sim::scenario::BUILTIN;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo names the folder"));
    let mut list = String::from("static BUILT: &[Built] = &[\n");
    for (name, text) in BUILTIN {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}.toml:{error}"));
        let file = out.join(format!("{name}.bin"));
        fs::write(&file, scenario.to_bytes()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let title = if scenario.title.is_empty() { name } else { scenario.title.as_str() };
        writeln!(list, "    ({name:?}, {title:?}, include_bytes!({file:?})),")
            .expect("a text takes everything");
    }
    list.push_str("];\n");
    fs::write(out.join("built.rs"), list).unwrap_or_else(|error| panic!("built.rs: {error}"));
}
