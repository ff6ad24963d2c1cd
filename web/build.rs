//! Reads the built-in scenarios and writes them down as bytes, so that the page carries no reader of files.
//!
//! The one that a first visit opens stands by itself. The others are in one row of bytes behind a mark, by which
//! `split/` finds them in the page's wasm: they come with the rest of it.

use ringside_sim::Scenario;
use ringside_sim::scenario::BUILTIN;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What a first visit opens: a lesson, shortened.
const FIRST: &str = "stale-read";
/// What the row begins with, followed by its length in bytes as a `u32` in little endian; `split/src/data.rs` looks
/// for it.
const MARK: &[u8; 16] = b"\xffringside-later:";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo names the folder"));
    let (mut first, mut row) = (Vec::new(), Vec::new());
    let mut list = String::new();
    for (name, text) in BUILTIN {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}.toml:{error}"));
        let title = if scenario.title.is_empty() { name } else { scenario.title.as_str() };
        let number = scenario.lesson.as_ref().map_or(0, |lesson| lesson.number);
        let bytes = scenario.to_bytes();
        let begin = row.len();
        if *name == FIRST {
            first = bytes;
        } else {
            row.extend(bytes);
        }
        writeln!(list, "    ({name:?}, {title:?}, {number}, {begin}..{}),", row.len())
            .expect("a text takes everything");
    }
    // Zeros at the end would not be in the module, and look like a row cut short.
    row.push(0xff);
    assert!(!first.is_empty(), "there is no scenario {FIRST}");
    let length = u32::try_from(row.len()).expect("a page has fewer bytes").to_le_bytes();
    row.splice(0..0, MARK.iter().copied().chain(length));
    let rust = format!(
        "/// What a first visit opens.\n\
         pub(crate) const FIRST: &str = {FIRST:?};\n\
         static BUILT: &[Built] = &[\n{list}];\n\
         static FIRST_BYTES: &[u8] = include_bytes!({:?});\n\
         static LATER: &[u8] = include_bytes!({:?});\n\
         const LATER_BEGINS: usize = {};\n",
        write(&out, "first.bin", &first),
        write(&out, "later.bin", &row),
        MARK.len() + length.len(),
    );
    write(&out, "built.rs", rust.as_bytes());
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    file
}
