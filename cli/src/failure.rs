//! Why a command could not do its work, and how the user is told.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// A command that could not do its work. One line on standard error.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad input or usage: exit status 2.
    Usage(String),
    /// Standard output cannot be written to.
    Output(io::Error),
}

impl Failure {
    /// Bad input or usage; the message says what is wrong, and what would be right.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// Has the reader of standard output gone?
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Tells the user, and gives the exit status. A reader that has seen enough (`| head`) is no failure.
    pub(crate) fn report(&self) -> ExitCode {
        if self.is_closed_pipe() {
            return ExitCode::SUCCESS;
        }
        eprintln!("error: {self}");
        ExitCode::from(2)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Output(error) => write!(f, "cannot write the result: {error}"),
        }
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
