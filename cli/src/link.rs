//! `ringside link` and `ringside unlink`: from a scenario file to a share link, and back.

use crate::failure::Failure;
use crate::{input, options, print};
use ringside_sim::Scenario;
use ringside_sim::scenario::builtin;
use ringside_sim::share::link::Link;
use std::ffi::OsString;
use std::process::ExitCode;

const HELP: &str = "\
Prints the share link of a scenario: #v1.… for the address of the page.

Usage: ringside link FILE [--base URL]

  FILE         a scenario, a TOML file; - for standard input
  --base URL   the address of the page, to print a whole address
";

const UNHELP: &str = "\
Prints the scenario of a share link as a scenario file. What was done by hand becomes steps at the same moments.

Usage: ringside unlink LINK

  LINK         #v1.… as Share and 'ringside link' make it, or #s=NAME, also with an address before it; quote it, since a
               shell takes # for the beginning of a comment
";

/// Runs `link` with the arguments after its name.
pub(crate) fn link(mut args: lexopt::Parser) -> Result<ExitCode, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let (mut file, mut base) = (None::<OsString>, String::new());
    while let Some(argument) = args.next()? {
        match argument {
            Long("base") => base = options::text(&mut args, "--base")?,
            Long("help") | Short('h') => return print(HELP),
            Value(given) if file.is_none() => file = Some(given),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "link")),
        }
    }
    if base.contains('#') || base.chars().any(|letter| letter.is_control() || letter == ' ') {
        let base = base.escape_debug();
        return Err(Failure::usage(format!(
            "--base {base} is no address for a link: give it without spaces and without anything from # on"
        )));
    }
    let file = file.ok_or_else(|| options::no_file("link"))?;
    let link = Link::to(input::scenario(&file)?);
    print(&format!("{base}{}\n", link.to_text()))
}

/// Runs `unlink` with the arguments after its name.
pub(crate) fn unlink(mut args: lexopt::Parser) -> Result<ExitCode, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut text = None;
    while let Some(argument) = args.next()? {
        match argument {
            Long("help") | Short('h') => return print(UNHELP),
            Value(given) if text.is_none() => text = Some(given.to_string_lossy().into_owned()),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "unlink")),
        }
    }
    let text = text.ok_or_else(|| {
        Failure::usage("'ringside unlink' needs a LINK, in quotes; see 'ringside unlink --help'")
    })?;
    print(&scenario(&text)?.to_toml())
}

/// What a link stands for; with acts by hand as steps.
fn scenario(text: &str) -> Result<Scenario, Failure> {
    let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment).trim();
    let named = fragment.split('&').find_map(|part| part.strip_prefix("s="));
    if let Some(name) = named {
        let file = builtin(name).ok_or_else(|| {
            let name: String = name.chars().take(40).flat_map(char::escape_debug).collect();
            Failure::usage(format!("link: there is no built-in scenario \"{name}\"; the page lists them"))
        })?;
        return Scenario::parse(file).map_err(|error| Failure::usage(format!("link: {error}")));
    }
    let link = Link::parse(text).map_err(|error| Failure::usage(format!("link: {error}")))?;
    Ok(link.scenario.with_acts(&link.acts))
}
