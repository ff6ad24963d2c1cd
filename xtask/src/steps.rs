//! What `cargo xtask test` runs, in order: everything CI runs.

use std::process::Command;

use crate::failure::Failure;
use crate::page;
use crate::report::Report;
use crate::tools::Toolbox;

/// The target of the page.
const WASM: &str = "wasm32-unknown-unknown";
/// The packages that are compiled into the page.
const IN_PAGE: [&str; 10] = [
    "-p",
    "ringside-core",
    "-p",
    "ringside-sim",
    "-p",
    "ringside-scene",
    "-p",
    "ringside-judges",
    "-p",
    "ringside-web",
];
/// Seconds a wasm test binary may take: the default of 20 is short for a cold browser on a busy machine.
const WASM_TEST_SECONDS: &str = "180";
/// How many steps need no browser, and how many do.
const STEPS: (usize, usize) = (6, 6);

/// Runs all checks, stopping at the first that fails.
///
/// # Errors
/// The step that failed, or the tool that is missing.
pub(crate) fn test(tools: &mut Toolbox, quick: bool) -> Result<(), Failure> {
    let mut report = Report::of(if quick { STEPS.0 } else { STEPS.0 + STEPS.1 });
    report.step("tools", || tools.for_rust())?;
    report.step("format", || run(tools.cargo(["fmt", "--all", "--check"])))?;
    report.step("clippy, native", || {
        let all = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run(tools.cargo(all))
    })?;
    report.step("clippy, wasm32", || {
        let all = ["clippy", "--locked", "--target", WASM];
        run(tools.cargo(all).args(IN_PAGE).args(["--", "-D", "warnings"]))
    })?;
    report.step("tests, native", || run(tools.cargo(["test", "--locked", "--workspace"])))?;
    report.step("documentation", || {
        let all = ["doc", "--locked", "--workspace", "--no-deps"];
        run(tools.cargo(all).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    if !quick {
        in_browser(tools, &mut report)?;
    }
    report.finish()
}

/// The checks that need a browser, or the page that only a browser shows.
fn in_browser(tools: &mut Toolbox, report: &mut Report) -> Result<(), Failure> {
    report.step("tools of the page and the browser", || {
        tools.for_page()?;
        tools.for_browser()
    })?;
    report.step("clippy, wasm tests", || {
        let web = ["clippy", "--locked", "--target", WASM, "-p", "ringside-web", "--all-targets"];
        run(tools.cargo(web).args(["--", "-D", "warnings"]))?;
        let parity = ["clippy", "--locked", "--target", WASM, "-p", "ringside-tests", "--test", "parity"];
        run(tools.cargo(parity).args(["--", "-D", "warnings"]))
    })?;
    report.step("tests, wasm", || {
        for package in [&["ringside-tests", "--test", "parity"][..], &["ringside-web"]] {
            let all = ["test", "--locked", "--target", WASM, "-p"];
            run(tools.cargo(all).args(package).env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_SECONDS))?;
        }
        Ok(())
    })?;
    report.step("page", || page::build(tools))?;
    report.step("size budget", || run(of_page(tools, "budget").arg("--nocapture")))?;
    report.step("end to end", || run(of_page(tools, "e2e")))
}

/// One test target that looks at `dist/` in a browser; such tests are ignored unless asked for by this.
pub(crate) fn of_page(tools: &Toolbox, target: &str) -> Command {
    let all = ["test", "--locked", "-p", "ringside-tests", "--test", target, "--", "--ignored"];
    let mut command = tools.cargo(all);
    command.env("RINGSIDE_DIST", tools.root().join("dist"));
    command
}

/// Builds the page and takes pictures of every view in both themes and three sizes.
///
/// # Errors
/// When the page does not build, or the browser cannot show it.
pub(crate) fn gallery(tools: &mut Toolbox) -> Result<(), Failure> {
    page::build(tools)?;
    tools.for_browser()?;
    let mut command = of_page(tools, "gallery");
    run(command.arg("--nocapture").env("RINGSIDE_GALLERY", tools.root().join("target").join("gallery")))
}

/// Builds the page and measures it, with nothing else going on.
///
/// # Errors
/// When the page or the benchmarks do not build, or the browser cannot show the page.
pub(crate) fn bench(tools: &mut Toolbox, names: &[String]) -> Result<(), Failure> {
    page::build(tools)?;
    tools.for_browser()?;
    let mut command = tools.cargo(["run", "--release", "--locked", "--package", "ringside-bench", "--"]);
    run(command.args(names).env("RINGSIDE_DIST", tools.root().join("dist")))
}

/// Shows a command, then runs it with its output visible.
///
/// # Errors
/// When it cannot be started, or ends with anything but success.
pub(crate) fn run(mut command: impl std::borrow::BorrowMut<Command>) -> Result<(), Failure> {
    let command = command.borrow_mut();
    let line = shown(command);
    println!("$ {line}");
    let status =
        command.status().map_err(|error| Failure::unusable(format!("cannot run {line}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::failed(format!("{status}: {line}"))) }
}

/// Shows a command, then becomes it where the system can do that: who ends this process ends that command.
///
/// # Errors
/// When it cannot be started, or, where it is a child, ends with anything but success.
pub(crate) fn become_it(mut command: Command) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        let line = shown(&command);
        println!("$ {line}");
        let error = std::os::unix::process::CommandExt::exec(&mut command);
        Err(Failure::unusable(format!("cannot run {line}: {error}")))
    }
    #[cfg(not(unix))]
    run(command)
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let mut line = std::path::Path::new(command.get_program())
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
