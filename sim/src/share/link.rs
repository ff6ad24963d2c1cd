//! Share links: `#v1.<codec>.<base64url>`, the part of an address behind its `#`, which no server sees.
//!
//! A link carries a scenario, what was done by hand since, where the viewer stood, and what was shown. A built-in
//! scenario is carried by its name plus what was changed, as long as the run does not depend on anything else.
//!
//! The bytes are `LinkBytes` and then four bytes of a check sum, so that damage is noticed. Codec `p` holds them as they
//! are, `d` holds them deflated (RFC 1951); a writer takes the shorter one.

use super::base64;
use super::code::{Code, Reader, fields, variants};
use super::{Damaged, MAX_BYTES, limits, read};
use crate::lesson::Lesson;
use crate::recording::Placed;
use crate::scenario::{BUILTIN, Expectation, Scenario, Step, builtin};
use crate::setup::Setup;
use ringside_core::hash::Fingerprint;
use ringside_core::{Span, Time};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hasher;

/// What a link carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The name of the built-in scenario that it began with, where it began with one.
    pub name: Option<String>,
    /// The scenario.
    pub scenario: Scenario,
    /// What was done by hand, in order.
    pub acts: Vec<Placed>,
    /// Where the viewer stood; none for wherever a page opens a scenario.
    pub place: Option<Place>,
    /// What was shown; none for whatever a page shows first.
    pub view: Option<View>,
}

/// Where in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After so many events.
    Event(u64),
    /// At this moment.
    Moment(Time),
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// `ring`
    Ring,
    /// `spacetime`
    Spacetime,
    /// `merkle`
    Merkle,
    /// `members`
    Members,
    /// `versions`
    Versions,
    /// `both`: ring and space-time diagram.
    Both,
}

/// Why a text is no link, as a part of a sentence that says what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkError(String);

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LinkError {}

/// The version of links that is written and read.
const VERSION: &str = "v1";
/// How hard the compressor tries: 0 to 10. The same at all times, so that the same state is the same link.
const LEVEL: u8 = 9;
/// Bytes of the check sum.
const SUM: usize = 4;
/// The longest link, in characters: that of [`MAX_BYTES`] bytes and what stands around them.
const MAX_TEXT: usize = MAX_BYTES / 3 * 4 + 64;

/// What the bytes of a link stand for.
struct LinkBytes {
    what: What,
    acts: Vec<Placed>,
    place: Option<Place>,
    view: Option<View>,
}

/// A scenario by name, or as a whole.
enum What {
    Whole(Option<String>, Scenario),
    /// With the lesson that belongs to it.
    Taught(Option<String>, Scenario, Lesson),
    Changed(Changed),
}

/// A built-in scenario and what was changed in it.
struct Changed {
    name: String,
    /// The fingerprint of what its run depends on, so that a link is not played on a scenario that has become another.
    version: u32,
    setup: Option<Setup>,
    until: Option<Option<Span>>,
    /// Its steps that are still there; none for all.
    steps: Option<Vec<u32>>,
    /// Are its expectations still there?
    expectations: bool,
}

fields! {
    LinkBytes { what, acts, place, view }
    Changed { name, version, setup, until, steps, expectations }
}

variants! {
    What { 0 => Whole(name, scenario), 1 => Changed(changed), 2 => Taught(name, scenario, lesson) }
    Place { 0 => Event(event), 1 => Moment(time) }
    View { 0 => Ring, 1 => Spacetime, 2 => Merkle, 3 => Members, 4 => Versions, 5 => Both }
}

impl View {
    /// Every view.
    pub const ALL: [Self; 6] =
        [Self::Ring, Self::Spacetime, Self::Merkle, Self::Members, Self::Versions, Self::Both];

    /// Its name in links and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Spacetime => "spacetime",
            Self::Merkle => "merkle",
            Self::Members => "members",
            Self::Versions => "versions",
            Self::Both => "both",
        }
    }
}

impl Link {
    /// A link to a scenario as it is; where it is a built-in one, by that one's name.
    #[must_use]
    pub fn to(scenario: Scenario) -> Self {
        let same = |file: &str| Scenario::parse(file).is_ok_and(|known| known == scenario);
        let name = BUILTIN.iter().find(|(_, file)| same(file)).map(|(name, _)| (*name).to_owned());
        Self { name, scenario, ..Self::default() }
    }

    /// The link, `#v1.…`: characters that an address may have behind its `#`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let changed = self.name.as_deref().and_then(|name| Changed::between(name, &self.scenario));
        let what = match changed {
            Some(changed) => What::Changed(changed),
            None => match &self.scenario.lesson {
                Some(lesson) => What::Taught(self.name.clone(), self.scenario.clone(), lesson.clone()),
                None => What::Whole(self.name.clone(), self.scenario.clone()),
            },
        };
        let mut bytes = Vec::new();
        LinkBytes { what, acts: self.acts.clone(), place: self.place, view: self.view }.write(&mut bytes);
        let sum = check_sum(&bytes);
        bytes.extend(sum);
        let packed = miniz_oxide::deflate::compress_to_vec(&bytes, LEVEL);
        let (codec, bytes) = if packed.len() < bytes.len() { ("d", packed) } else { ("p", bytes) };
        format!("#{VERSION}.{codec}.{}", base64::encode(&bytes))
    }

    /// Reads a link: `#v1.…`, also without its `#`, or with a whole address before it.
    ///
    /// # Errors
    /// It is damaged, of another version, too long, or past a limit of scenario files; or the built-in scenario that
    /// it began with is not there or has changed.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        Self::parse_with(text, |name| Scenario::parse(builtin(name)?).ok())
    }

    /// As [`Link::parse`], for those who have read the built-in scenarios already: `known` gives them by name.
    ///
    /// # Errors
    /// As [`Link::parse`].
    #[inline(never)]
    pub fn parse_with(text: &str, known: impl FnOnce(&str) -> Option<Scenario>) -> Result<Self, LinkError> {
        let bytes = unpack(text)?;
        let sum = bytes.len().checked_sub(SUM).ok_or_else(damaged)?;
        let (bytes, sum) = bytes.split_at(sum);
        if sum != check_sum(bytes) {
            return Err(damaged());
        }
        let spoilt = |error: Damaged| LinkError(format!("it holds no scenario that can be run: {error}"));
        let LinkBytes { what, acts, place, view } = read(bytes).map_err(spoilt)?;
        let (name, scenario) = match what {
            What::Whole(name, scenario) => (name, scenario),
            What::Taught(name, scenario, lesson) => (name, Scenario { lesson: Some(lesson), ..scenario }),
            What::Changed(changed) => {
                let base = known(&changed.name);
                (Some(changed.name.clone()), changed.apply(base)?)
            }
        };
        limits::check(&scenario).map_err(spoilt)?;
        limits::check_acts(&acts, &scenario).map_err(spoilt)?;
        Ok(Self { name, scenario, acts, place, view })
    }
}

/// The bytes behind the letters, inflated if need be.
fn unpack(text: &str) -> Result<Vec<u8>, LinkError> {
    let fragment = text.trim();
    let fragment = fragment.rsplit_once('#').map_or(fragment, |(_, fragment)| fragment);
    if fragment.len() > MAX_TEXT {
        let long = fragment.len();
        return Err(LinkError(format!("it is {long} characters long; at most {MAX_TEXT} are read")));
    }
    let is_version = |word: &str| {
        word.strip_prefix('v').is_some_and(|number| {
            !number.is_empty() && number.len() <= 9 && number.bytes().all(|digit| digit.is_ascii_digit())
        })
    };
    let mut parts = fragment.splitn(3, '.');
    let (version, codec, letters) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    if !is_version(version) {
        let what =
            "it is no link of Ringside: one begins with #v1. and comes from Share or from ringside link";
        return Err(LinkError(what.to_owned()));
    }
    if version != VERSION {
        return Err(LinkError(format!(
            "it is of version {}; this Ringside reads version 1, so open it with the one that made it",
            &version[1..]
        )));
    }
    let letters = letters.ok_or_else(damaged)?;
    let bytes = base64::decode(letters).map_err(|at| {
        LinkError(format!(
            "it is damaged at its character {at} behind the last dot; copy the whole link, nothing before or after it"
        ))
    })?;
    match codec {
        Some("p") => Ok(bytes),
        Some("d") => miniz_oxide::inflate::decompress_to_vec_with_limit(&bytes, MAX_BYTES).map_err(|error| {
            if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
                return LinkError(format!(
                    "it unpacks to more than {MAX_BYTES} bytes; no scenario is that long"
                ));
            }
            damaged()
        }),
        _ => Err(LinkError(
            "it is packed in a way that this Ringside does not know; it reads p and d".to_owned(),
        )),
    }
}

fn damaged() -> LinkError {
    LinkError("it is damaged; copy the whole link, nothing before or after it".to_owned())
}

fn check_sum(bytes: &[u8]) -> [u8; SUM] {
    fingerprint(bytes).to_le_bytes()
}

fn fingerprint(bytes: &[u8]) -> u32 {
    let mut hasher = Fingerprint::default();
    hasher.write(bytes);
    let [a, b, c, d, ..] = hasher.finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl Changed {
    /// How `scenario` comes from the built-in one of that name; none where it is more than left-out steps and settings.
    fn between(name: &str, scenario: &Scenario) -> Option<Self> {
        let base = Scenario::parse(builtin(name)?).ok()?;
        let Scenario { title, about, setup, until, steps, expectations, lesson } = scenario;
        if (title, about, lesson) != (&base.title, &base.about, &base.lesson) {
            return None;
        }
        let kept_expectations = *expectations == base.expectations;
        if !kept_expectations && !expectations.is_empty() {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            version: version_of(&base),
            setup: (*setup != base.setup).then(|| setup.clone()),
            until: (*until != base.until).then_some(*until),
            steps: if *steps == base.steps { None } else { Some(kept(&base.steps, steps)?) },
            expectations: kept_expectations,
        })
    }

    /// The built-in scenario, if there is such a one, with the changes.
    fn apply(self, base: Option<Scenario>) -> Result<Scenario, LinkError> {
        let name: String = self.name.chars().take(40).flat_map(char::escape_debug).collect();
        let Some(mut scenario) = base else {
            return Err(LinkError(format!(
                "it begins with the built-in scenario “{name}”, which this Ringside does not have; open it with the one \
                 that made it"
            )));
        };
        if version_of(&scenario) != self.version {
            return Err(LinkError(format!(
                "the built-in scenario “{name}” has changed since it was made; open #s={name} for the present one"
            )));
        }
        if let Some(setup) = self.setup {
            scenario.setup = setup;
        }
        if let Some(until) = self.until {
            scenario.until = until;
        }
        if let Some(kept) = self.steps {
            let mut steps: BTreeMap<u32, Step> = (0..).zip(scenario.steps).collect();
            let taken = kept.iter().map(|at| steps.remove(at)).collect::<Option<Vec<Step>>>();
            scenario.steps = taken.ok_or_else(damaged)?;
        }
        if !self.expectations {
            scenario.expectations = Vec::<Expectation>::new();
        }
        Ok(scenario)
    }
}

/// Which of the steps of `base` these are, if they are some of them in their order.
fn kept(base: &[Step], steps: &[Step]) -> Option<Vec<u32>> {
    let mut numbered = (0_u32..).zip(base);
    steps.iter().map(|step| numbered.find(|(_, known)| *known == step).map(|(at, _)| at)).collect()
}

/// The fingerprint of what a run depends on: not of what is said about it.
fn version_of(scenario: &Scenario) -> u32 {
    let silent = |step: &Step| Step { say: None, ..step.clone() };
    let bare = Scenario {
        setup: scenario.setup.clone(),
        until: scenario.until,
        steps: scenario.steps.iter().map(silent).collect(),
        ..Scenario::default()
    };
    let mut bytes = Vec::new();
    bare.write(&mut bytes);
    fingerprint(&bytes)
}

#[cfg(test)]
mod tests;
