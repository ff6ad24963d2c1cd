//! `ringside-split`: see `cargo xtask build` and `cargo xtask learn`, which call it.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use ringside_split::{Page, divide, later, watched};

/// How it is called.
const USAGE: &str = "\
usage: ringside-split split FOLDER        the page in FOLDER, as trunk built it: its wasm becomes two
       ringside-split watch FOLDER WASM   its functions tell whether they have run; the wasm as it was goes to WASM
       ringside-split learn WASM RAN      what may come later, given a file with the numbers of those that ran";

fn main() -> Result<()> {
    let words: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let words: Vec<&Path> = words.iter().map(PathBuf::as_path).collect();
    match words[..] {
        [word, folder] if word.as_os_str() == "split" => split(folder),
        [word, folder, wasm] if word.as_os_str() == "watch" => {
            let page = Page::open(folder)?;
            fs::write(wasm, page.wasm()?).with_context(|| wasm.display().to_string())?;
            page.replace(&watched(&page.wasm()?)?)
        }
        [word, wasm, ran] if word.as_os_str() == "learn" => learn(wasm, ran),
        _ => bail!("{USAGE}"),
    }
}

/// The list of what may come later.
fn list() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("later.txt")
}

fn split(folder: &Path) -> Result<()> {
    let list = fs::read_to_string(list()).context("split/later.txt")?;
    let page = Page::open(folder)?;
    let parts = divide(&page.wasm()?, &list.lines().collect())?;
    println!(
        "{} functions come later; {} of them have stubs, and they call {} that stay",
        parts.moved, parts.stubs, parts.shared
    );
    page.put(&parts)
}

fn learn(wasm: &Path, ran: &Path) -> Result<()> {
    let numbers = fs::read_to_string(ran).with_context(|| ran.display().to_string())?;
    let ran: BTreeSet<usize> = numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let names = later(&fs::read(wasm).with_context(|| wasm.display().to_string())?, &ran)?;
    println!("{} functions ran; {} names of others may come later", ran.len(), names.len());
    let lines: String = names.iter().flat_map(|name| [name, "\n"]).collect();
    fs::write(list(), lines).context("split/later.txt")
}
