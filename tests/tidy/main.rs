//! House rules that no compiler checks: which package may know which, how long a file may be, what must not be left
//! in the text.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// What each package may depend on, of our own and of what touches a browser. The arrows of `ARCHITECTURE.md`:
/// core ← sim ← scene ← web, core ← sim ← judges, and core ← sim ← cli.
const ARROWS: [(&str, &[&str]); 8] = [
    ("core", &[]),
    ("sim", &["ringside-core"]),
    ("scene", &["ringside-core", "ringside-sim"]),
    ("judges", &["ringside-core", "ringside-sim", "js-sys", "wasm-bindgen"]),
    ("web", &["ringside-core", "ringside-sim", "ringside-scene", "yew", "web-sys", "js-sys", "wasm-bindgen"]),
    ("cli", &["ringside-core", "ringside-sim", "ringside-scene"]),
    ("split", &[]),
    ("xtask", &[]),
];
/// Our own packages and what touches a browser: the rest is nobody's arrow.
const WATCHED: [&str; 10] = [
    "ringside-core",
    "ringside-sim",
    "ringside-scene",
    "ringside-judges",
    "ringside-web",
    "ringside",
    "yew",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
];
/// Lines of a Rust file.
const LONGEST: usize = 600;
/// What is not part of the project.
const SKIPPED: [&str; 5] = [".git", "target", "dist", "screenshots", "node_modules"];

#[test]
fn packages_know_only_those_below_them() {
    let mut wrong = Vec::new();
    for (package, allowed) in ARROWS {
        let folder = root().join(package);
        for name in dependencies(&read(&folder.join("Cargo.toml"))) {
            if WATCHED.contains(&name.as_str()) && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{package}/Cargo.toml depends on {name}"));
            }
        }
        for file in files(&folder.join("src")).filter(|file| is_rust(file)) {
            for (number, line) in read(&file).lines().enumerate() {
                // A package's own program uses its own library.
                let own = format!("ringside-{package}");
                let known = WATCHED.iter().filter(|name| !allowed.contains(name) && **name != own);
                for name in known.filter(|name| uses(line, name)) {
                    let file = file.strip_prefix(root()).expect("it is inside").display();
                    wrong.push(format!("{file}:{}: uses {name}", number + 1));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_rust_file_is_too_long_to_read() {
    let long: Vec<_> = files(&root())
        .filter(|file| is_rust(file))
        .map(|file| (read(&file).lines().count(), file))
        .filter(|(lines, _)| *lines > LONGEST)
        .collect();
    assert_eq!(long, Vec::<(usize, PathBuf)>::new(), "at most {LONGEST} lines");
}

#[test]
fn nothing_unfinished_or_private_is_left_in_the_text() {
    // Written in two halves, so that this file may be searched, too.
    let banned = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("/wo", "rk/"), concat!("sha", "red/")];
    let mut found = Vec::new();
    for file in files(&root()) {
        // What is no text is a picture.
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{}: {word}", file.display(), number + 1));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn wasm_bindgen_is_pinned() {
    let manifest = read(&root().join("Cargo.toml"));
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("wasm-bindgen = \""))
        .and_then(|rest| rest.strip_suffix('"'))
        .expect("the workspace names a version of wasm-bindgen");
    let exact = version.strip_prefix('=').expect("its command line only works with the very same version");
    let lock = read(&root().join("Cargo.lock"));
    assert!(lock.contains(&format!("name = \"wasm-bindgen\"\nversion = \"{exact}\"\n")), "{exact} is locked");
}

#[test]
fn the_rules_can_fail() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nyew = \"1\"\nserde.workspace = true\n\
                    [dependencies.web-sys]\nversion = \"1\"\n[dev-dependencies]\njs-sys = { path = \"\" }\n[lints]\na = 1\n";
    assert_eq!(dependencies(manifest), ["yew", "serde", "web-sys", "js-sys"]);
    assert!(uses("use ringside_sim::World;", "ringside-sim"));
    assert!(uses("    web_sys::window()", "web-sys"));
    assert!(!uses("use ringside_simple::World;", "ringside-sim"));
    assert!(!uses("/// See `ringside_sim::World`.", "ringside-sim"));
}

/// The names of all dependencies in the text of a manifest, those for tests and for one target included.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            inside = section.ends_with("dependencies");
            if let Some((table, name)) = section.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                names.push(name.to_owned());
            }
        } else if inside && let Some((name, _)) = line.split_once(['.', ' ', '=']) {
            names.push(name.trim_matches('"').to_owned());
        }
    }
    names
}

/// Whether a line of code names a path into the package `name`.
fn uses(line: &str, name: &str) -> bool {
    let code = line.trim_start();
    !code.starts_with("//")
        && code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name.replace('-', "_"))
        && code.contains(&format!("{}::", name.replace('-', "_")))
}

fn is_rust(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_owned()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All files below a folder that are part of the project, in a fixed order.
fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut waiting = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if SKIPPED.iter().any(|name| entry.file_name() == *name) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found.into_iter()
}
