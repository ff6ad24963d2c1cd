//! Building and serving the page, both through trunk.
//!
//! Trunk runs with `--offline`: the tools it would download are those of the toolbox, at the versions that
//! `Trunk.toml` and `Cargo.lock` name. It hands that option on to Cargo, so the dependencies are fetched before.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::steps::{become_it, of_page, run};
use crate::tools::Toolbox;

/// Builds the page to host into `dist/`; its addresses are relative, so it works under any path.
///
/// # Errors
/// When a tool is missing or the page does not build.
pub(crate) fn build(tools: &mut Toolbox) -> Result<(), Failure> {
    let dist = whole(tools)?;
    run(split(tools, "split").arg(&dist))?;
    println!("the page is in {}", dist.display());
    Ok(())
}

/// Writes `split/later.txt` anew: builds the page, watches in a browser which functions its first picture runs, and
/// notes others as such that may come later. What is left in `dist/` is the page as it is to be hosted.
///
/// # Errors
/// When the page does not build, or the browser cannot show it.
pub(crate) fn learn(tools: &mut Toolbox) -> Result<(), Failure> {
    tools.for_browser()?;
    let dist = whole(tools)?;
    let target = tools.root().join("target");
    let (wasm, ran) = (target.join("whole.wasm"), target.join("ran.txt"));
    run(split(tools, "watch").arg(&dist).arg(&wasm))?;
    run(of_page(tools, "first_picture").env("RINGSIDE_RAN", &ran))?;
    run(split(tools, "learn").arg(&wasm).arg(&ran))?;
    build(tools)
}

/// Builds the page in one piece, with the names of its functions. Tells where.
fn whole(tools: &mut Toolbox) -> Result<PathBuf, Failure> {
    tools.for_page()?;
    fetch(tools)?;
    run(trunk(tools, "build").args(["--release", "--locked"]).env("RUSTFLAGS", flags(tools)))?;
    let dist = tools.root().join("dist");
    for file in ["index.html", "boot.js", "worker.js", "ringside-judges.js", "ringside-judges_bg.wasm"] {
        if !dist.join(file).is_file() {
            return Err(Failure::failed(format!("trunk left no {file} in {}", dist.display())));
        }
    }
    Ok(dist)
}

/// A call of the splitter, which is built for it: only this and the tests of the workspace need its dependencies.
fn split(tools: &Toolbox, word: &str) -> Command {
    let mut command = tools.cargo(["run", "--quiet", "--locked", "--package", "ringside-split", "--"]);
    command.arg(word);
    command
}

/// The flags of rustc with those that keep this machine's folders out of the page: panics name their source file, and
/// whoever hosts the page would publish where it was built.
///
/// And one by which functions have names of their own: the splitter knows them by these.
fn flags(tools: &Toolbox) -> OsString {
    let mut flags = env::var_os("RUSTFLAGS").unwrap_or_default();
    flags.push(" -Csymbol-mangling-version=v0");
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let places =
        [home.map(|home| (home.join("registry").join("src"), "registry")), Some((tools.root().into(), "."))];
    for (folder, short) in places.into_iter().flatten() {
        // The variable knows no quoting: a folder with a space in its name stays as it is.
        if !folder.to_string_lossy().contains(char::is_whitespace) {
            flags.push(" --remap-path-prefix=");
            flags.push(folder);
            flags.push(format!("={short}"));
        }
    }
    flags
}

/// Serves the page on the loopback interface until interrupted, and builds it again when a file changes.
///
/// # Errors
/// When a tool is missing, the page does not build, or the port is taken.
pub(crate) fn serve(tools: &mut Toolbox, release: bool, port: u16) -> Result<(), Failure> {
    if std::net::TcpListener::bind(("127.0.0.1", port)).is_err() {
        return Err(Failure::unusable(format!(
            "port {port} is taken; choose another: cargo xtask serve --port {}",
            port.wrapping_add(1).max(1024)
        )));
    }
    tools.for_page()?;
    fetch(tools)?;
    // A folder of its own: a server that rebuilds must not change the page that is about to be uploaded.
    let out = tools.root().join("target").join("serve");
    fs::create_dir_all(&out).map_err(|error| Failure::failed(format!("{}: {error}", out.display())))?;
    let mut command = trunk(tools, "serve");
    command.args(["--locked", "--address", "127.0.0.1", "--port", &port.to_string(), "--dist"]).arg(&out);
    if release {
        command.arg("--release");
    }
    println!("the page will be at http://127.0.0.1:{port}/ ; end with Ctrl-C");
    become_it(command)
}

/// Fetches the dependencies; without a network this succeeds if they are here already.
fn fetch(tools: &Toolbox) -> Result<(), Failure> {
    run(tools.cargo(["fetch", "--locked", "--quiet"]))
}

/// A call of trunk that uses the toolbox and nothing else.
fn trunk(tools: &Toolbox, subcommand: &str) -> Command {
    let mut command = tools.command("trunk");
    // Trunk takes `NO_COLOR=1`, which is common, for a malformed boolean.
    command.env_remove("NO_COLOR");
    // A mistake in the page is one of rustc's messages, not a place in trunk.
    command.env("RUST_BACKTRACE", "0").current_dir(tools.root()).args([subcommand, "--offline"]);
    command
}
