//! Reading a TOML document key by key: every value knows its name and its place, and every table refuses keys that
//! it does not have.

use super::ScenarioError;
use super::text::{listed, meant, place, quoted};
use ringside_core::order::by_number;
use std::fmt::Display;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What reading gives.
pub(super) type Read<T> = Result<T, ScenarioError>;

/// A value, with the key it stands at.
#[derive(Clone, Copy)]
pub(super) struct Item<'t> {
    text: &'t str,
    name: &'t str,
    /// Is it an element of the list that stands at the key?
    of_list: bool,
    start: usize,
    value: &'t DeValue<'t>,
}

/// A table whose keys are all known ones.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    text: &'t str,
    name: &'t str,
    start: usize,
    entries: &'t DeTable<'t>,
}

/// A mistake at a byte offset.
pub(super) fn mistake(text: &str, offset: usize, message: impl Display) -> ScenarioError {
    ScenarioError { place: Some(place(text.as_bytes(), offset)), message: message.to_string() }
}

impl<'t> Item<'t> {
    /// The key it stands at.
    pub(super) const fn name(&self) -> &'t str {
        self.name
    }

    /// Where it begins, for putting things in file order.
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// A mistake here.
    pub(super) fn error(&self, message: impl Display) -> ScenarioError {
        mistake(self.text, self.start, message)
    }

    /// A mistake in its key, which stands at `start`.
    pub(super) fn key_error(&self, start: usize, message: impl Display) -> ScenarioError {
        mistake(self.text, start, message)
    }

    /// A mistake here: it should have been `wanted`.
    pub(super) fn wanted(&self, wanted: impl Display) -> ScenarioError {
        let each = if self.of_list { "each of " } else { "" };
        self.error(format_args!("{each}\"{}\" must be {wanted}, not {}", self.name, found(self.value)))
    }

    /// Any text.
    pub(super) fn string(&self, wanted: impl Display) -> Read<&'t str> {
        self.value.as_str().ok_or_else(|| self.wanted(wanted))
    }

    /// A text of at most `limit` bytes.
    pub(super) fn short_string(&self, wanted: impl Display, limit: usize) -> Read<&'t str> {
        let text = self.string(wanted)?;
        if text.len() > limit {
            let size = |bytes: usize| grouped(u64::try_from(bytes).unwrap_or(u64::MAX));
            let (name, long, limit) = (self.name, size(text.len()), size(limit));
            return Err(
                self.error(format_args!("\"{name}\" is {long} bytes long; at most {limit} are allowed"))
            );
        }
        Ok(text)
    }

    /// The name of an operation or a client: some visible text, at most 256 bytes.
    pub(super) fn label(&self) -> Read<&'t str> {
        let text = self.short_string("a name, such as \"w1\"", 256)?;
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(self.wanted("a name without control characters, such as \"w1\""));
        }
        Ok(text)
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, bounds: RangeInclusive<u64>) -> Read<u64> {
        let parsed = self
            .value
            .as_integer()
            .and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        parsed.filter(|number| bounds.contains(number)).ok_or_else(|| {
            self.wanted(format_args!(
                "a whole number from {} to {}",
                grouped(*bounds.start()),
                grouped(*bounds.end())
            ))
        })
    }

    /// A whole number from 1 to `most`.
    pub(super) fn count(&self, most: u32) -> Read<u32> {
        let number = self.number(1..=u64::from(most))?;
        Ok(u32::try_from(number).expect("at most `most`"))
    }

    /// A whole number from 0 to `most`.
    pub(super) fn count_or_none(&self, most: u32) -> Read<u32> {
        let number = self.number(0..=u64::from(most))?;
        Ok(u32::try_from(number).expect("at most `most`"))
    }

    /// The digits of a number, as they stand there; none if it is no number.
    pub(super) fn digits(&self) -> Option<&'t str> {
        if let DeValue::Float(number) = self.value {
            return Some(number.as_str());
        }
        let whole = self.value.as_integer().filter(|number| number.radix() == 10);
        whole.map(|number| number.as_str())
    }

    /// Is it a whole number, whatever its size?
    pub(super) const fn is_number(&self) -> bool {
        matches!(self.value, DeValue::Integer(_))
    }

    /// Is it a text?
    pub(super) const fn is_text(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    /// Is it a table?
    pub(super) const fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Read<bool> {
        self.value.as_bool().ok_or_else(|| self.wanted("true or false"))
    }

    /// `true`, where nothing else would make sense.
    pub(super) fn only_true(&self) -> Read<()> {
        if self.value.as_bool() == Some(true) { Ok(()) } else { Err(self.wanted("true")) }
    }

    /// One of the words, each with what it stands for.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Read<T> {
        let words = || choices.iter().map(|(word, _)| *word);
        let all = || words().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
        let text = self.string(all())?;
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text) {
            return Ok(*choice);
        }
        let hint = meant(text, words()).map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
        let name = self.name;
        Err(self.error(format_args!("\"{name}\" must be {}, not {}{hint}", all(), quoted(text))))
    }

    /// The elements of a list.
    pub(super) fn list(&self, wanted: impl Display) -> Read<Vec<Self>> {
        let elements = self.value.as_array().ok_or_else(|| self.wanted(wanted))?;
        let element = |value: &'t Spanned<DeValue<'t>>| Self {
            of_list: true,
            start: value.span().start,
            value: value.get_ref(),
            ..*self
        };
        Ok(elements.iter().map(element).collect())
    }

    /// The values of a table whose keys are free, in file order, each with its key and where that stands.
    pub(super) fn entries(&self, wanted: impl Display) -> Read<Vec<(usize, Self)>> {
        let entries = self.value.as_table().ok_or_else(|| self.wanted(wanted))?;
        let table = Table { text: self.text, name: self.name, start: self.start, entries };
        let keys = table.unknown(&[]);
        Ok(keys.filter_map(|(start, key)| Some((start, table.get(key)?))).collect())
    }

    /// A table with no other keys than these; `wanted` says what it looks like.
    pub(super) fn table(&self, keys: &[&str], wanted: impl Display) -> Read<Table<'t>> {
        let entries = self.value.as_table().ok_or_else(|| self.wanted(wanted))?;
        let table = Table { text: self.text, name: self.name, start: self.start, entries };
        table.check_keys(keys)?;
        Ok(table)
    }
}

impl<'t> Table<'t> {
    /// The whole document. Its keys are not checked yet: see [`Table::check_keys`].
    pub(super) const fn document(text: &'t str, entries: &'t DeTable<'t>) -> Self {
        Self { text, name: "", start: 0, entries }
    }

    /// A mistake of the table as a whole.
    pub(super) fn error(&self, message: impl Display) -> ScenarioError {
        mistake(self.text, self.start, message)
    }

    /// The value at a key.
    pub(super) fn get(&self, key: &str) -> Option<Item<'t>> {
        self.entries.get_key_value(key).map(|(name, value)| Item {
            text: self.text,
            name: name.get_ref(),
            of_list: false,
            start: value.span().start,
            value: value.get_ref(),
        })
    }

    /// The value at a key that must be there; `example` shows what to write.
    pub(super) fn need(&self, key: &str, example: &str) -> Read<Item<'t>> {
        let name = self.name;
        self.get(key)
            .ok_or_else(|| self.error(format_args!("\"{name}\" needs \"{key}\": write {key} = {example}")))
    }

    /// Which of these keys are there, in file order.
    pub(super) fn present(&self, keys: &[&str]) -> Vec<Item<'t>> {
        let mut items: Vec<Item<'t>> = keys.iter().filter_map(|key| self.get(key)).collect();
        by_number(&mut items, |item| item.start() as u64);
        items
    }

    /// Refuses the first key, in file order, that is none of these.
    pub(super) fn check_keys(&self, known: &[&str]) -> Read<()> {
        let unknown = self.unknown(known).next();
        unknown.map_or(Ok(()), |(start, key)| {
            let hint = meant(key, known.iter().copied()).map_or_else(
                || format!("the keys are {}", listed(known.iter().copied())),
                |word| format!("did you mean \"{word}\"?"),
            );
            let inside = if self.name.is_empty() { String::new() } else { format!(" in \"{}\"", self.name) };
            Err(mistake(self.text, start, format_args!("unknown key {}{inside}, {hint}", quoted(key))))
        })
    }

    /// Does it have a key that was most likely meant to be `word`?
    pub(super) fn misspells(&self, word: &str) -> bool {
        self.unknown(&[word]).any(|(_, key)| meant(key, [word].into_iter()).is_some())
    }

    /// The keys that are none of these, with their places, in file order.
    fn unknown(&self, known: &[&str]) -> impl Iterator<Item = (usize, &'t str)> + use<'t> {
        let mut unknown: Vec<(usize, &str)> = self
            .entries
            .keys()
            .map(|key| (key.span().start, &**key.get_ref()))
            .filter(|(_, key)| !known.contains(key))
            .collect();
        by_number(&mut unknown, |(start, _)| *start as u64);
        unknown.into_iter()
    }
}

/// What a value is, for people.
fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => bare(&number.to_string()),
        DeValue::Float(number) => bare(number.as_str()),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(_) => "a date or time of day".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A number as it was written, cut after 40 digits.
fn bare(number: &str) -> String {
    let shown: String = number.chars().take(40).collect();
    if shown.len() < number.len() { shown + "…" } else { shown }
}

/// A number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
