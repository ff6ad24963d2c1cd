//! Reading the values of options, with errors that name the option and its bounds.

use crate::failure::Failure;
use std::ops::RangeInclusive;

/// The value of `option`: a whole number within `bounds`.
pub(crate) fn number(
    args: &mut lexopt::Parser,
    option: &str,
    bounds: RangeInclusive<u32>,
) -> Result<u32, Failure> {
    let given = text(args, option)?;
    given.parse().ok().filter(|number| bounds.contains(number)).ok_or_else(|| {
        Failure::usage(format!(
            "{option} {given} is not a whole number from {} to {}",
            bounds.start(),
            bounds.end()
        ))
    })
}

/// The value of `option`: any text.
pub(crate) fn text(args: &mut lexopt::Parser, option: &str) -> Result<String, Failure> {
    args.value()?
        .into_string()
        .map_err(|_| Failure::usage(format!("the value of {option} is not UTF-8 text")))
}

/// The value of `--seed`.
pub(crate) fn seed(args: &mut lexopt::Parser) -> Result<u64, Failure> {
    let given = text(args, "--seed")?;
    given.parse().map_err(|_| {
        Failure::usage(format!(
            "--seed {} is not a whole number from 0 to {}",
            given.escape_debug(),
            u64::MAX
        ))
    })
}

/// An argument that `command` does not know.
pub(crate) fn unexpected(argument: &lexopt::Arg<'_>, command: &str) -> Failure {
    let what = match argument {
        lexopt::Arg::Long(name) => format!("--{name}"),
        lexopt::Arg::Short(letter) => format!("-{letter}"),
        lexopt::Arg::Value(value) => value.to_string_lossy().into_owned(),
    };
    Failure::usage(format!("'{what}' means nothing to 'ringside {command}'; see 'ringside {command} --help'"))
}

/// The file that `command` needs is not there.
pub(crate) fn no_file(command: &str) -> Failure {
    Failure::usage(format!("'ringside {command}' needs a FILE, a scenario; see 'ringside {command} --help'"))
}
