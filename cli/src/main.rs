//! The command line of Ringside: one module a command, and this list of them.

mod digest;
mod events;
mod failure;
mod input;
mod json;
mod link;
mod metrics;
mod options;
mod predict;
mod progress;
mod ring;
mod run;
mod swarm;
mod text;
mod wire;

use failure::Failure;
use std::io::Write;
use std::process::ExitCode;

/// A command: what it is called, what it does in a few words, and what runs it.
struct Command {
    name: &'static str,
    about: &'static str,
    /// Takes the arguments after the command's name.
    run: fn(lexopt::Parser) -> Result<ExitCode, Failure>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        about: "run a scenario, and check what it expects and every claim",
        run: run::run,
    },
    Command { name: "link", about: "the share link of a scenario", run: link::link },
    Command { name: "unlink", about: "the scenario of a share link", run: link::unlink },
    Command { name: "digest", about: "the fingerprint of a scenario's whole run", run: digest::run },
    Command {
        name: "predict",
        about: "how stale reads are and how long requests take, by the WARS model",
        run: predict::run,
    },
    Command {
        name: "swarm",
        about: "random clusters, faults and workloads, held to what they owe",
        run: swarm::run,
    },
    Command { name: "ring", about: "balance of the ring, or where a key lies on it", run: ring::run },
];

fn main() -> ExitCode {
    match dispatch(lexopt::Parser::from_env()) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn dispatch(mut args: lexopt::Parser) -> Result<ExitCode, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let name = match args.next()? {
        Some(Value(name)) => name.to_string_lossy().into_owned(),
        Some(Long("help") | Short('h')) => return print(&help()),
        Some(Long("version") | Short('V')) => {
            return print(concat!("ringside ", env!("CARGO_PKG_VERSION"), "\n"));
        }
        Some(Long(option)) => return Err(unknown(&format!("--{option}"))),
        Some(Short(option)) => return Err(unknown(&format!("-{option}"))),
        None => return Err(Failure::usage(format!("no command; {}", names()))),
    };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(unknown(&name));
    };
    (command.run)(args)
}

fn unknown(what: &str) -> Failure {
    Failure::usage(format!("'{what}' is not a command; {}", names()))
}

fn names() -> String {
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    format!("there is: {} (see 'ringside --help')", names.join(", "))
}

fn help() -> String {
    let mut text = String::from(
        "Ringside simulates a Dynamo-style key-value store, step by step.\n\nUsage: ringside COMMAND [OPTIONS]\n\n\
         Commands:\n",
    );
    for Command { name, about, .. } in COMMANDS {
        text.push_str(&format!("  {name:<8} {about}\n"));
    }
    text.push_str(
        "\n'ringside COMMAND --help' says more of one of them. Exit status 2 is bad input or usage.\n",
    );
    text
}

/// Writes to standard output, and is done.
fn print(text: &str) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_command() {
        let help = help();
        assert!(COMMANDS.iter().all(|command| help.contains(&format!("  {} ", command.name))), "{help}");
    }

    #[test]
    fn without_a_known_command_it_says_which_there_are() {
        for args in [&[][..], &["rign"], &["--wrong"], &["-x"]] {
            let message = dispatch(lexopt::Parser::from_args(args)).unwrap_err().to_string();
            assert!(message.contains("there is: ") && message.contains("ring"), "{message}");
        }
    }
}
