//! What is wrong with a scenario file, where, and what would be right.

use std::fmt;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Line, from 1, and column in characters, from 1, where the mistake has a place.
    pub place: Option<(u32, u32)>,
    /// What is wrong, and what would be right, in one line.
    pub message: String,
}

impl fmt::Display for ScenarioError {
    /// `LINE:COLUMN: message`, or the message alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "{line}:{column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ScenarioError {}
