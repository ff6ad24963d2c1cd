//! The page that trunk has built: where its wasm is, and putting two modules in its place.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::divide::Parts;

/// What `Trunk.toml` has in the page for the address of its wasm.
const NAMED: &str = " data-wasm=\"";
/// What the modules may contain: what trunk tells the same program, in `index.html`.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A built page in its folder.
#[derive(Debug)]
pub struct Page {
    folder: PathBuf,
    html: String,
    /// The file name of its wasm.
    wasm: String,
}

impl Page {
    /// Finds the wasm of the page in a folder.
    ///
    /// # Errors
    /// There is no page, or it names no wasm.
    pub fn open(folder: &Path) -> Result<Self> {
        let html = read(&folder.join("index.html"))?;
        let html = String::from_utf8(html).context("index.html is no text")?;
        let address = html.split_once(NAMED).and_then(|(_, after)| after.split_once('"'));
        let (address, _) = address.context("index.html names no wasm: see pattern_script in Trunk.toml")?;
        ensure!(!html.contains(" data-rest="), "the page is split already");
        let wasm = address.rsplit('/').next().unwrap_or(address).to_owned();
        Ok(Self { folder: folder.to_owned(), html, wasm })
    }

    /// The wasm, with the names that it was built with.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn wasm(&self) -> Result<Vec<u8>> {
        read(&self.folder.join(&self.wasm))
    }

    /// Puts another wasm in its place.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn replace(&self, wasm: &[u8]) -> Result<()> {
        write(&self.folder.join(&self.wasm), wasm)
    }

    /// Puts two modules in its place, without names, and tells the page of them. Their own names hold a hash of both:
    /// nobody may have the one of this build and the other of another.
    ///
    /// # Errors
    /// A file cannot be read or written, or `wasm-opt` does not run.
    pub fn put(self, parts: &Parts) -> Result<()> {
        let stem =
            self.wasm.strip_suffix("_bg.wasm").context("the wasm is not named as wasm-bindgen does")?;
        let stem = stem.rsplit_once('-').map_or(stem, |(stem, _)| stem);
        let mut hasher = DefaultHasher::new();
        (&parts.first, &parts.rest).hash(&mut hasher);
        let first = format!("{stem}-{:016x}_bg.wasm", hasher.finish());
        let rest = format!("{stem}-{:016x}_rest.wasm", hasher.finish());
        self.pack(&parts.first, &first)?;
        self.pack(&parts.rest, &rest)?;
        fs::remove_file(self.folder.join(&self.wasm))?;
        let told = format!(" data-rest=\"./{rest}\"{NAMED}");
        let html = self.html.replacen(NAMED, &told, 1).replace(&self.wasm, &first);
        write(&self.folder.join("index.html"), html.as_bytes())
    }

    /// Writes a module without names, small again after the division, and with like functions beside each other, which
    /// compresses better. Its control flow is taken apart and put together anew, which takes 2 kB off what is loaded.
    fn pack(&self, wasm: &[u8], name: &str) -> Result<()> {
        let file = self.folder.join(name);
        write(&file, wasm)?;
        let mut command = Command::new("wasm-opt");
        command
            .args(FEATURES)
            .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--one-caller-inline-max-function-size", "120"])
            .args(["--low-memory-unused", "--reorder-functions-by-name"])
            .arg(&file)
            .arg(OsStr::new("-o"))
            .arg(&file);
        let status = command.status().context("wasm-opt does not run; cargo xtask tools gets it")?;
        ensure!(status.success(), "wasm-opt does not take {name}");
        Ok(())
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| file.display().to_string())
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes).with_context(|| file.display().to_string())
}
