//! The tools that are Rust programs: trunk and the wasm-bindgen command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Toolbox, is_version, on_path};
use crate::failure::Failure;
use crate::steps::run;

/// The version of trunk that `Trunk.toml` is written for; the next one needs a newer compiler.
const TRUNK: &str = "0.21.14";

/// A Rust program at one version.
#[derive(Debug)]
pub(super) struct Crate {
    /// Name on the registry.
    name: &'static str,
    /// The name of its folder in the cache.
    folder: &'static str,
    version: String,
    /// What it installs, without the extension of the platform.
    programs: &'static [&'static str],
    /// Why it is needed, after "it".
    why: &'static str,
    /// Address of its release archive for this platform, if there is one, and how many folders lie around the
    /// programs in it.
    archive: Option<(String, usize)>,
    /// Options of `cargo install` beside the version.
    options: &'static [&'static str],
}

/// Trunk, which puts the page together.
pub(super) fn trunk() -> Crate {
    let archive = platform("gnu").map(|platform| {
        let base = "https://github.com/trunk-rs/trunk/releases/download";
        (format!("{base}/v{TRUNK}/trunk-{platform}.tar.gz"), 0)
    });
    Crate {
        name: "trunk",
        folder: "trunk",
        version: TRUNK.to_owned(),
        programs: &["trunk"],
        why: "builds and serves the page",
        archive,
        // Not the default feature for updates. rustls: the machine need not have the headers of OpenSSL.
        options: &["--locked", "--no-default-features", "--features", "rustls"],
    }
}

/// The wasm-bindgen command line, at the version of the library: they only work together.
///
/// # Errors
/// When `Cargo.lock` does not name the library.
pub(super) fn wasm_bindgen(root: &Path) -> Result<Crate, Failure> {
    let file = root.join("Cargo.lock");
    let lock = fs::read_to_string(&file)
        .map_err(|error| Failure::unusable(format!("cannot read {}: {error}", file.display())))?;
    let version = locked(&lock, "wasm-bindgen")
        .ok_or_else(|| Failure::unusable(format!("{} does not name wasm-bindgen", file.display())))?;
    let archive = platform("musl").map(|platform| {
        let base = "https://github.com/wasm-bindgen/wasm-bindgen/releases/download";
        (format!("{base}/{version}/wasm-bindgen-{version}-{platform}.tar.gz"), 1)
    });
    Ok(Crate {
        name: "wasm-bindgen-cli",
        folder: "wasm-bindgen",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        why: "makes the glue between the page and its wasm, and runs the wasm tests",
        archive,
        // Without --locked: the lock file it is published with does not build with every compiler.
        options: &[],
    })
}

impl Crate {
    /// Makes the programs available to later commands.
    ///
    /// # Errors
    /// When none of the four ways works: see the module above.
    pub(super) fn ready(&self, tools: &mut Toolbox) -> Result<(), Failure> {
        let place = tools.place(self.folder, &self.version);
        let bin = place.join("bin");
        if tools.folders.contains(&bin) {
            return Ok(());
        }
        if self.programs.iter().all(|name| on_path(name).is_some_and(|file| is_version(&file, &self.version)))
        {
            println!("{} {}: on the search path", self.folder, self.version);
            return Ok(());
        }
        if !self.lies_in(&bin)
            && !tools.fill(&place, |draft| self.download(draft))
            && !tools.fill(&place, |draft| self.compile(draft))
        {
            let options = self.options.join(" ");
            let command = format!("cargo install {} --version {} {options}", self.name, self.version);
            return Err(Failure::missing(
                &format!("{} {}", self.folder, self.version),
                self.why,
                command.trim_end(),
            ));
        }
        println!("{} {}: in {}", self.folder, self.version, bin.display());
        tools.folders.push(bin);
        Ok(())
    }

    /// Whether all programs lie in `folder`, and say that they are of the right version.
    fn lies_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|name| is_version(&program(folder, name), &self.version))
    }

    /// Fetches the release archive. Short time limits: where its host cannot be reached, a build follows.
    fn download(&self, draft: &Path) -> bool {
        let Some((address, depth)) = &self.archive else { return false };
        let (archive, bin) = (draft.join("archive.tar.gz"), draft.join("bin"));
        if on_path("curl").is_none() || on_path("tar").is_none() || fs::create_dir_all(&bin).is_err() {
            return false;
        }
        let mut curl = Command::new("curl");
        curl.args([
            "--fail",
            "--location",
            "--silent",
            "--show-error",
            "--proto",
            "=https",
            "--connect-timeout",
            "5",
        ]);
        curl.args(["--max-time", "300", "--output"]).arg(&archive).arg(address).stdin(Stdio::null());
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(&archive).arg("-C").arg(&bin).arg(format!("--strip-components={depth}"));
        let good = run(curl).is_ok() && run(tar).is_ok() && self.lies_in(&bin);
        let _ = fs::remove_file(&archive);
        good
    }

    /// Builds from source.
    fn compile(&self, draft: &Path) -> bool {
        println!("{} {}: building it from source, once; this takes some minutes", self.folder, self.version);
        let mut command = Command::new("cargo");
        command.args(["install", self.name, "--version", &self.version, "--debug"]).args(self.options);
        command.arg("--root").arg(draft).current_dir(draft).stdin(Stdio::null());
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_OPT_LEVEL", "0");
        run(command).is_ok() && self.lies_in(&draft.join("bin"))
    }
}

/// The program called `name` in `folder`, with the extension of the platform.
fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

/// This machine as release archives call it; `libc` tells the flavour that they are built for on x86-64 Linux.
fn platform(libc: &str) -> Option<String> {
    let arch = std::env::consts::ARCH;
    if !["x86_64", "aarch64"].contains(&arch) {
        return None;
    }
    match std::env::consts::OS {
        "linux" if arch == "aarch64" => Some(format!("{arch}-unknown-linux-gnu")),
        "linux" => Some(format!("{arch}-unknown-linux-{libc}")),
        "macos" => Some(format!("{arch}-apple-darwin")),
        _ => None,
    }
}

/// The version of the package `name` in the text of a lock file.
fn locked(lock: &str, name: &str) -> Option<String> {
    let entry = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != entry);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"r\"\n";
        assert_eq!(locked(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(lock, "wasm"), None);
    }
}
