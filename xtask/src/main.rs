//! `cargo xtask`: builds, serves and tests Ringside, and installs the tools that takes.
//!
//! `cargo xtask serve` and `cargo xtask test` are the only two commands a newcomer needs, and CI runs the second
//! one. So this crate has to compile in seconds on a fresh machine: the standard library and one argument parser.

mod arguments;
mod chromium;
mod failure;
mod page;
mod report;
mod steps;
mod tools;

use std::process::ExitCode;

use arguments::Command;
use failure::Failure;
use tools::Toolbox;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            ExitCode::from(failure.status)
        }
    }
}

fn run() -> Result<(), Failure> {
    let command = arguments::parse(lexopt::Parser::from_env())?;
    let mut tools = Toolbox::open()?;
    match command {
        Command::Help => {
            print!("{}", arguments::USAGE);
            Ok(())
        }
        Command::Test { quick } => steps::test(&mut tools, quick),
        Command::Build => page::build(&mut tools),
        Command::Bench { names } => steps::bench(&mut tools, &names),
        Command::Learn => page::learn(&mut tools),
        Command::Serve { release, port } => page::serve(&mut tools, release, port),
        Command::Gallery => steps::gallery(&mut tools),
        Command::Tools => {
            tools.for_page()?;
            tools.for_browser()
        }
    }
}
