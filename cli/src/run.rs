//! `ringside run`: a scenario from its beginning to its end, what it expects, and every claim.

use crate::failure::Failure;
use crate::json::Report;
use crate::{events, input, options, print, text};
use ringside_core::Span;
use ringside_sim::Recording;
use ringside_sim::scenario::span;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::process::ExitCode;

const HELP: &str = "\
Runs a scenario to its end, checks what it expects, and judges every claim.

Usage: ringside run FILE [--seed N] [--until TIME] [--json] [--trace OUT.jsonl]

  FILE               a scenario, a TOML file; - is standard input
  --seed N           another seed than the file's
  --until TIME       end at this simulated time, such as 2s, instead of where the file says
  --json             one JSON object instead of tables
  --trace OUT.jsonl  write every event into this file, one JSON object a line

A lesson is walked, too: played to each stop, with what it asks for done by hand.

Exit status: 1 if an expectation did not hold or, where the file has none, a claim is broken that the configuration
promises, or if a stop of the lesson is never come to or what it asks for is not done; else 0. Bad input or usage: 2, and nothing is written.
";

#[derive(Debug)]
struct Options {
    file: OsString,
    seed: Option<u64>,
    until: Option<Span>,
    json: bool,
    trace: Option<OsString>,
}

/// Runs the command with the arguments after its name.
pub(crate) fn run(args: lexopt::Parser) -> Result<ExitCode, Failure> {
    let Some(options) = parse(args)? else { return print(HELP) };
    let mut scenario = input::scenario(&options.file)?;
    scenario.setup.seed = options.seed.unwrap_or(scenario.setup.seed);
    scenario.until = options.until.or(scenario.until);
    let mut recording = Recording::new(scenario);
    recording.run_to_end();
    if let Some(out) = &options.trace {
        write_trace(&recording, out, &options.file)?;
    }
    let report = Report::of(&recording);
    let verdict = if report.is_good() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    match print(&if options.json { report.to_json() } else { text::tables(&recording, &report) }) {
        // A reader that has seen enough does not change what was found.
        Err(failure) if failure.is_closed_pipe() => Ok(verdict),
        printed => printed.map(|_| verdict),
    }
}

/// `None` when help was asked for.
fn parse(mut args: lexopt::Parser) -> Result<Option<Options>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let (mut file, mut seed, mut until, mut json, mut trace) = (None, None, None, false, None);
    while let Some(argument) = args.next()? {
        match argument {
            Value(path) if file.is_none() => file = Some(path),
            Long("seed") => seed = Some(options::seed(&mut args)?),
            Long("until") => until = Some(until_of(&options::text(&mut args, "--until")?)?),
            Long("json") => json = true,
            Long("trace") => trace = Some(args.value()?),
            Long("help") | Short('h') => return Ok(None),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "run")),
        }
    }
    let Some(file) = file else { return Err(options::no_file("run")) };
    Ok(Some(Options { file, seed, until, json, trace }))
}

fn until_of(text: &str) -> Result<Span, Failure> {
    span(text).map_err(|why| Failure::usage(format!("--until: {why}")))
}

fn write_trace(recording: &Recording, out: &OsStr, scenario: &OsStr) -> Result<(), Failure> {
    let name = out.to_string_lossy().escape_debug().to_string();
    let same =
        |a: &OsStr, b: &OsStr| matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b);
    if same(out, scenario) {
        return Err(Failure::usage(format!("--trace {name} is the scenario itself; give another file")));
    }
    fs::write(out, events::lines(recording))
        .map_err(|error| Failure::usage(format!("--trace {name} cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(args: &[&str]) -> String {
        parse(lexopt::Parser::from_args(args)).unwrap_err().to_string()
    }

    #[test]
    fn options_are_read_in_any_order() {
        let args = ["--until", "1.5s", "a.toml", "--json", "--seed", "18446744073709551615"];
        let options = parse(lexopt::Parser::from_args(args)).unwrap().expect("no help was asked for");
        assert_eq!(options.file, "a.toml");
        assert_eq!((options.seed, options.until), (Some(u64::MAX), Some(Span::from_millis(1_500))));
        assert!(options.json && options.trace.is_none());
    }

    #[test]
    fn a_mistake_is_named() {
        for (args, must_say) in [
            (&[][..], "needs a FILE"),
            (&["a.toml", "b.toml"], "'b.toml' means nothing"),
            (&["a.toml", "--seed", "-1"], "--seed -1 is not a whole number from 0"),
            (&["a.toml", "--until", "2"], "--until: \"2\" is no duration"),
            (&["a.toml", "--trace"], "--trace"),
            (&["a.toml", "--jsn"], "'--jsn'"),
        ] {
            assert!(refused(args).contains(must_say), "{args:?}: {}", refused(args));
        }
    }
}
