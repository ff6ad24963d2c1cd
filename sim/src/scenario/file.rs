//! A whole scenario file, from bytes to a [`Scenario`].

use super::action::Known;
use super::nodes::Nodes;
use super::read::{Item, Read, Table, grouped, mistake};
use super::step::{self, MAX_STEPS};
use super::text::{place, quoted};
use super::{Expectation, Scenario, ScenarioError, cluster, expect, lesson, network};
use crate::setup::Setup;
use toml::de::DeTable;

/// The keys of a document.
const KEYS: [&str; 10] =
    ["ringside", "title", "about", "seed", "until", "cluster", "network", "step", "expect", "lesson"];

/// The version of the format that this reads.
const FORMAT: u64 = 1;

impl Scenario {
    /// The longest scenario file, in bytes: 1 MiB.
    pub const MAX_BYTES: usize = 1_048_576;

    /// Reads a scenario file from its bytes.
    ///
    /// # Errors
    /// As [`Scenario::parse`], and where the bytes are not UTF-8.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScenarioError> {
        check_size(bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let byte = error.valid_up_to();
            let message =
                format!("this is not text: byte {byte} is not UTF-8; a scenario is a TOML file in UTF-8");
            ScenarioError { place: Some(place(bytes, byte)), message }
        })?;
        Self::parse(text)
    }

    /// Reads a scenario file. Every name is resolved and every limit is held in what it returns.
    ///
    /// ```
    /// use ringside_sim::Scenario;
    /// let scenario = Scenario::parse("ringside = 1\n[[step]]\nat = \"1ms\"\nget = { key = \"cart\" }").unwrap();
    /// assert_eq!(scenario.steps.len(), 1);
    ///
    /// let error = Scenario::parse("ringside = 1\n[cluster]\nnodse = 5").unwrap_err();
    /// assert_eq!(error.to_string(), "3:1: unknown key \"nodse\" in \"cluster\", did you mean \"nodes\"?");
    /// ```
    ///
    /// # Errors
    /// The first mistake found: where it is, what is wrong, and what would be right.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        check_size(text.as_bytes())?;
        let document = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
        let document = Table::document(text, document.get_ref());
        check_format(&document)?;
        document.check_keys(&KEYS)?;
        scenario(&document)
    }
}

fn scenario(document: &Table<'_>) -> Read<Scenario> {
    let string = |name: &str| {
        document.get(name).map_or(Ok(String::new()), |item| item.string("a text").map(str::to_owned))
    };
    let mut setup = Setup::default();
    let raw_lesson = document.get("lesson").map(|item| lesson::raw(&item)).transpose()?;
    let mut joiners = step::joiners(&tables(document, "step", MAX_STEPS)?)?;
    if let Some(raw) = &raw_lesson {
        joiners.extend(raw.joiners()?);
    }
    if let Some(item) = document.get("seed") {
        setup.seed = item.number(0..=i64::MAX.unsigned_abs())?;
    }
    if let Some(item) = document.get("cluster") {
        cluster::cluster(&item, &mut setup, &joiners)?;
    } else {
        cluster::joiners(&joiners, &mut setup)?;
    }
    if let Some(item) = document.get("network") {
        setup.network = network::network(&item)?;
    }
    let until = document.get("until").map(|item| item.span()).transpose()?;
    let (title, about) = (string("title")?, string("about")?);
    let (steps, expectations, lesson) = {
        let nodes = Nodes::new(&setup);
        let (steps, mut ops) = step::steps(&tables(document, "step", MAX_STEPS)?, &setup, &nodes)?;
        let known = Known { nodes: &nodes, ops: &ops };
        let items = tables(document, "expect", expect::MAX_EXPECTATIONS)?;
        let expectations = items.iter().map(|item| expect::expectation(item, &known));
        let expectations = expectations.collect::<Read<Vec<Expectation>>>()?;
        let lesson = raw_lesson.map(|raw| raw.read(&nodes, &mut ops)).transpose()?;
        (steps, expectations, lesson)
    };
    Ok(Scenario { title, about, setup, until, steps, expectations, lesson })
}

/// The elements of an array of tables.
fn tables<'t>(document: &Table<'t>, name: &str, most: usize) -> Read<Vec<Item<'t>>> {
    let Some(item) = document.get(name) else { return Ok(Vec::new()) };
    let items = item.list(format_args!("a list of tables: write [[{name}]], in two brackets, above each"))?;
    if let Some(past) = items.get(most) {
        let most = grouped(u64::try_from(most).unwrap_or(u64::MAX));
        return Err(
            past.error(format_args!("there are {} of \"{name}\"; at most {most} are allowed", items.len()))
        );
    }
    Ok(items)
}

fn check_size(bytes: &[u8]) -> Read<()> {
    if bytes.len() <= Scenario::MAX_BYTES {
        return Ok(());
    }
    let most = grouped(u64::try_from(Scenario::MAX_BYTES).unwrap_or(u64::MAX));
    let message = format!("this file is too long: a scenario has at most {most} bytes (1 MiB)");
    Err(ScenarioError { place: None, message })
}

/// A document must say which version of the format it is in.
fn check_format(document: &Table<'_>) -> Read<()> {
    let Some(item) = document.get("ringside") else {
        if document.misspells("ringside") {
            return document.check_keys(&KEYS);
        }
        return Err(document.error("missing \"ringside = 1\": a scenario file begins with this line"));
    };
    match item.number(0..=i64::MAX.unsigned_abs()) {
        Ok(FORMAT) => Ok(()),
        Ok(other) => Err(item.error(format_args!(
            "ringside = {other} is another version of the format; this Ringside reads version 1: write ringside = 1"
        ))),
        Err(_) => Err(item.wanted("1, the version of the format")),
    }
}

/// What the TOML reader found, in one line.
fn syntax(text: &str, error: &toml::de::Error) -> ScenarioError {
    let span = error.span().unwrap_or(text.len()..text.len());
    if error.message() == "duplicate key" {
        let key = quoted(text.get(span.clone()).unwrap_or_default());
        return mistake(
            text,
            span.start,
            format_args!("{key} stands here a second time; a key is given once"),
        );
    }
    let message: Vec<&str> = error.message().lines().map(str::trim).collect();
    mistake(text, span.start, format_args!("this is not TOML: {}", message.join("; ")))
}
