//! Why a command of xtask ended early.

/// The exit status of a check that ran and did not pass.
const FAILED: u8 = 1;
/// The exit status of wrong usage, of a missing tool and of a missing network: nothing was checked.
const UNUSABLE: u8 = 2;

/// What is printed, after `error: `, and the status of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// One line, without a full stop at the end.
    pub(crate) message: String,
    /// The exit status: 1 if a check failed, 2 if nothing could be checked.
    pub(crate) status: u8,
}

impl Failure {
    /// A check ran and did not pass.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: FAILED }
    }

    /// Wrong usage, or something that is needed is not there.
    pub(crate) fn unusable(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: UNUSABLE }
    }

    /// A tool that is neither here nor to be had: `what` is missing, `why` it is needed, the `command` that gets it.
    pub(crate) fn missing(what: &str, why: &str, command: &str) -> Self {
        Self::unusable(format!(
            "{what} is missing and could not be installed; it {why}; get it with: {command}"
        ))
    }
}
