//! The tools that building and testing the page takes, each at one version.
//!
//! For each of them, in this order, the first that works is taken:
//! 1. the right version on the search path: it is the user's own, and costs nothing;
//! 2. the cache, which outlives a clone and is shared by all of them;
//! 3. the project's own release archive: seconds, where its host can be reached;
//! 4. a build from source, unoptimised: minutes, but it needs only the registry that Cargo needs anyway. An
//!    optimised build takes more than twice as long, and these tools then run for a second or two.
//!
//! Whatever is fetched is asked for its version before it gets its place in the cache, so half a download is
//! never taken for a tool.

mod crates;
mod npm;

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::chromium;
use crate::failure::Failure;
use crate::steps::run;

/// The target of the page.
const WASM: &str = "wasm32-unknown-unknown";

/// Where the tools are, and what commands must be told to find them.
#[derive(Debug)]
pub(crate) struct Toolbox {
    root: PathBuf,
    cache: PathBuf,
    folders: Vec<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
    ready: Ready,
}

/// What has been made ready by this process.
#[derive(Debug, Default)]
struct Ready {
    rust: bool,
    page: bool,
    browser: bool,
}

impl Toolbox {
    /// The toolbox of this clone; nothing is installed yet.
    ///
    /// # Errors
    /// When there is neither `RINGSIDE_TOOLS` nor `XDG_CACHE_HOME` nor a home folder to keep a cache in.
    pub(crate) fn open() -> Result<Self, Failure> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies in the root").to_owned();
        let set = |name| env::var_os(name).filter(|value: &OsString| !value.is_empty()).map(PathBuf::from);
        let cache = set("RINGSIDE_TOOLS")
            .or_else(|| set("XDG_CACHE_HOME").map(|base| base.join("ringside")))
            .or_else(|| env::home_dir().map(|home| home.join(".cache").join("ringside")))
            .ok_or_else(|| {
                Failure::unusable("there is no folder to keep tools in; set RINGSIDE_TOOLS to one")
            })?;
        Ok(Self { root, cache, folders: Vec::new(), variables: Vec::new(), ready: Ready::default() })
    }

    /// The root of the clone.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What comes with the Rust toolchain: formatter, linter, the standard library for wasm32.
    ///
    /// # Errors
    /// Names the missing part and the command that gets it.
    pub(crate) fn for_rust(&mut self) -> Result<(), Failure> {
        if self.ready.rust {
            return Ok(());
        }
        for (part, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
            if !works(Path::new(program)) && !rustup(&["component", "add", part]) {
                let command = format!("rustup component add {part}");
                return Err(Failure::missing(part, "is one of the checks", &command));
            }
        }
        if !has_wasm() {
            rustup(&["target", "add", WASM]);
        }
        if !has_wasm() {
            let command = format!("rustup target add {WASM}");
            return Err(Failure::missing(
                &format!("Rust's {WASM} target"),
                "is what the page runs on",
                &command,
            ));
        }
        println!("Rust's {WASM} target: installed");
        self.ready.rust = true;
        Ok(())
    }

    /// What building the page takes.
    ///
    /// # Errors
    /// Names the missing tool, why it is needed and the command that gets it.
    pub(crate) fn for_page(&mut self) -> Result<(), Failure> {
        self.for_rust()?;
        if self.ready.page {
            return Ok(());
        }
        crates::trunk().ready(self)?;
        crates::wasm_bindgen(&self.root)?.ready(self)?;
        npm::wasm_opt(self)?;
        self.ready.page = true;
        Ok(())
    }

    /// What testing the page in a browser takes.
    ///
    /// # Errors
    /// Names the missing tool, why it is needed and the command that gets it.
    pub(crate) fn for_browser(&mut self) -> Result<(), Failure> {
        if self.ready.browser {
            return Ok(());
        }
        crates::wasm_bindgen(&self.root)?.ready(self)?;
        // A copy beside the build, so that the tests find it without xtask, too.
        let axe = self.root.join("target").join("axe.min.js");
        copy(&npm::axe(self)?, &axe)?;
        let found = chromium::find(self)?;
        println!("Chromium: {}, driver: {}", found.browser.display(), found.driver.display());
        let settings = self.root.join("target").join("webdriver.json");
        write(&settings, &capabilities(&found.browser))?;
        self.variables.extend([
            ("RINGSIDE_AXE", axe.into_os_string()),
            ("CHROME", found.browser.into_os_string()),
            ("CHROMEDRIVER", found.driver.into_os_string()),
            ("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings.into_os_string()),
        ]);
        self.ready.browser = true;
        Ok(())
    }

    /// A call of Cargo in the root of the clone.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// A call of `program` that finds all tools.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let path = self.search_path();
        // The program itself is looked up along the new path: the standard library would take the old one.
        let own = self.folders.iter().map(|folder| folder.join(program.as_ref())).find(|file| file.is_file());
        let mut command = Command::new(own.as_deref().map_or(program.as_ref(), Path::as_os_str));
        command.env("PATH", path).envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The search path with the tools in front.
    fn search_path(&self) -> OsString {
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = self.folders.iter().cloned().chain(env::split_paths(&old));
        env::join_paths(folders).unwrap_or(old)
    }

    /// The place of a tool in the cache, where its version is part of the name.
    fn place(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join(format!("{name}-{version}"))
    }

    /// Fills the folder `place` by `fill`, which gets a temporary folder beside it, and moves that into place only
    /// if `fill` says it is good. Two processes may do so at once: the first wins.
    fn fill(&self, place: &Path, fill: impl FnOnce(&Path) -> bool) -> bool {
        let draft = self.cache.join(format!(".{}", std::process::id()));
        let good = fs::create_dir_all(&draft).is_ok() && fill(&draft);
        let moved = good && (fs::rename(&draft, place).is_ok() || replaced(&draft, place));
        let _ = fs::remove_dir_all(&draft);
        moved
    }

    /// Installs Debian packages, where that is possible without asking anybody. Whether it worked shows in what
    /// can be found afterwards.
    pub(crate) fn apt_get(&self, packages: &[&str]) {
        let Some(apt) = on_path("apt-get") else { return };
        let root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
        let call = |arguments: &[&str]| {
            let mut command = if root { Command::new(&apt) } else { Command::new("sudo") };
            if !root {
                command.arg("-n").arg(&apt);
            }
            command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
            run(command).is_ok()
        };
        if root || on_path("sudo").is_some() {
            let mut install = vec!["install", "--yes", "--no-install-recommends"];
            install.extend(packages);
            // The lists of a fresh container are empty, those of an old one stale.
            let _ = call(&["update"]) && call(&install);
        }
    }
}

/// Moves a good folder over a bad one, as an interrupted older version may have left it.
fn replaced(draft: &Path, place: &Path) -> bool {
    fs::remove_dir_all(place).is_ok() && fs::rename(draft, place).is_ok()
}

/// Writes a file and the folders it lies in.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))
}

/// Copies a file, and makes the folders it comes to lie in.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let folder = to.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, to).map(drop))
        .map_err(|error| Failure::failed(format!("{}: {error}", to.display())))
}

/// What the runner of wasm tests asks the driver for. No sandbox: it does not start as root, as CI is; the pages
/// shown are our own. QUIC is off because the tests reach nothing but the loopback interface.
fn capabilities(browser: &Path) -> String {
    let binary = browser.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "{{\"goog:chromeOptions\": {{\"binary\": \"{binary}\", \"args\": [\"--headless=new\", \"--no-sandbox\", \
         \"--disable-gpu\", \"--disable-dev-shm-usage\", \"--disable-quic\"]}}}}\n"
    )
}

/// Whether the standard library for wasm32 is there.
fn has_wasm() -> bool {
    output("rustc", &["--print", "target-libdir", "--target", WASM])
        .is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

/// Runs rustup, if there is one.
fn rustup(arguments: &[&str]) -> bool {
    let mut command = Command::new("rustup");
    command.args(arguments).stdin(Stdio::null());
    on_path("rustup").is_some() && run(command).is_ok()
}

/// The first file called `name` along the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|file| file.is_file())
}

/// Whether `program --version` succeeds.
pub(crate) fn works(program: &Path) -> bool {
    output(program, &["--version"]).is_some()
}

/// The standard output of a successful call; its other output is dropped.
fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether `program --version` has `version` as one of its words.
fn is_version(program: &Path, version: &str) -> bool {
    output(program, &["--version"]).is_some_and(|text| text.split_whitespace().any(|word| word == version))
}
