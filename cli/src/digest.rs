//! `ringside digest`: the fingerprint of a scenario's whole run.

use crate::failure::Failure;
use crate::{input, options, print};
use ringside_sim::Recording;
use std::process::ExitCode;

const HELP: &str = "\
Runs a scenario and prints the fingerprint of everything that happened: 16 hex digits, equal on every machine.

Usage: ringside digest FILE

  FILE   a scenario, a TOML file; - is standard input
";

/// Runs the command with the arguments after its name.
pub(crate) fn run(mut args: lexopt::Parser) -> Result<ExitCode, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut file = None;
    while let Some(argument) = args.next()? {
        match argument {
            Value(path) if file.is_none() => file = Some(path),
            Long("help") | Short('h') => return print(HELP),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "digest")),
        }
    }
    let Some(file) = file else { return Err(options::no_file("digest")) };
    let mut recording = Recording::new(input::scenario(&file)?);
    recording.run_to_end();
    print(&format!("{:016x}\n", recording.digest()))
}
