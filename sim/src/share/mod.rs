//! Scenarios, acts and judgements as bytes, for links and for handing a run from one program to another.
//!
//! The form is compact, stands on its own and is read strictly: numbers are of variable length, texts and lists tell
//! their length first, and nothing may be left over. What has been read is then held to the limits of scenario files,
//! so that damaged or hostile bytes give a sentence, never a panic or a run that hangs.

mod base64;
mod code;
mod limits;
pub mod link;
mod types;

use crate::check::Judged;
use crate::lesson::Lesson;
use crate::recording::Placed;
use crate::scenario::Scenario;
use code::{Code, Reader};
use std::fmt;

/// Why bytes are no scenario or no acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged(String);

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Damaged {}

/// The longest input that is read, in bytes: that of a scenario file.
pub const MAX_BYTES: usize = Scenario::MAX_BYTES;

impl Scenario {
    /// The scenario as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        self.lesson.write(&mut out);
        out
    }

    /// The scenario that these bytes of [`Scenario::to_bytes`] stand for.
    ///
    /// # Errors
    /// The bytes are cut short, longer than [`MAX_BYTES`], not of this form, or past a limit of scenario files.
    pub fn from_encoded(bytes: &[u8]) -> Result<Self, Damaged> {
        let (mut scenario, lesson) = read::<(Self, Option<Lesson>)>(bytes)?;
        scenario.lesson = lesson;
        limits::check(&scenario)?;
        Ok(scenario)
    }
}

impl Judged {
    /// The judgements as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// The judgements that these bytes of [`Judged::to_bytes`] stand for.
    ///
    /// # Errors
    /// The bytes are cut short, longer than [`MAX_BYTES`], or not of this form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        read(bytes)
    }
}

/// What was done by hand, as bytes.
#[must_use]
pub fn acts_to_bytes(acts: &[Placed]) -> Vec<u8> {
    let mut out = Vec::new();
    acts.to_vec().write(&mut out);
    out
}

/// What was done by hand in a run of `scenario`.
///
/// # Errors
/// As [`Scenario::from_encoded`]; also acts out of order, and acts on nodes that the scenario does not have.
pub fn acts_from_bytes(bytes: &[u8], scenario: &Scenario) -> Result<Vec<Placed>, Damaged> {
    let acts = read::<Vec<Placed>>(bytes)?;
    limits::check_acts(&acts, scenario)?;
    Ok(acts)
}

fn read<T: Code>(bytes: &[u8]) -> Result<T, Damaged> {
    if bytes.len() > MAX_BYTES {
        return Err(Damaged(format!("{} bytes are too many; at most {MAX_BYTES} are read", bytes.len())));
    }
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
