//! The tools that come from the npm registry: wasm-opt and axe-core.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Toolbox, is_version, on_path, works};
use crate::failure::Failure;
use crate::steps::run;

/// Version of Binaryen, in the words of its own programs and of `Trunk.toml`.
const BINARYEN: &str = "132";
/// The same on the npm registry.
const BINARYEN_PACKAGE: &str = "132.0.0";
/// Version of the accessibility checker.
const AXE: &str = "4.14.1";

/// Makes wasm-opt available to later commands.
///
/// # Errors
/// When it is not there and npm cannot get it.
pub(super) fn wasm_opt(tools: &mut Toolbox) -> Result<(), Failure> {
    if on_path("wasm-opt").is_some_and(|file| is_version(&file, BINARYEN)) {
        println!("wasm-opt {BINARYEN}: on the search path");
        return Ok(());
    }
    let why = "makes the wasm of the page small";
    let inside = Path::new("node_modules").join(".bin").join("wasm-opt");
    let file = package(tools, "binaryen", BINARYEN_PACKAGE, &inside, why, |file| is_version(file, BINARYEN))?;
    println!("wasm-opt {BINARYEN}: {}", file.display());
    tools.folders.push(file.parent().expect("a program lies in a folder").to_owned());
    Ok(())
}

/// The path of the accessibility checker's one script.
///
/// # Errors
/// When it is not there and npm cannot get it.
pub(super) fn axe(tools: &Toolbox) -> Result<PathBuf, Failure> {
    let inside = Path::new("node_modules").join("axe-core").join("axe.min.js");
    let why = "checks that the page is accessible";
    let file = package(tools, "axe-core", AXE, &inside, why, Path::is_file)?;
    println!("axe-core {AXE}: {}", file.display());
    Ok(file)
}

/// The file `inside` an npm package, which is installed into the cache if `good` does not find it there.
fn package(
    tools: &Toolbox,
    name: &str,
    version: &str,
    inside: &Path,
    why: &str,
    good: impl Fn(&Path) -> bool,
) -> Result<PathBuf, Failure> {
    let place = tools.place(name, version);
    let file = place.join(inside);
    if good(&file) {
        return Ok(file);
    }
    if !works(Path::new("node")) || !works(Path::new("npm")) {
        tools.apt_get(&["nodejs", "npm"]);
    }
    if !works(Path::new("node")) || !works(Path::new("npm")) {
        let what = "npm (with Node.js)";
        return Err(Failure::missing(
            what,
            &format!("gets {name}, which {why}"),
            "apt-get install nodejs npm",
        ));
    }
    let wanted = format!("{name}@{version}");
    let filled = tools.fill(&place, |draft| {
        let mut npm = Command::new("npm");
        // Scripts of packages do not run: neither of the two has any, and none that comes later shall.
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix"]);
        npm.arg(draft).arg(&wanted).current_dir(draft).stdin(Stdio::null());
        run(npm).is_ok() && good(&draft.join(inside))
    });
    if filled {
        return Ok(file);
    }
    let command = format!("npm install --prefix {} {wanted}", place.display());
    Err(Failure::missing(&wanted, why, &command))
}
