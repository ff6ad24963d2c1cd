//! Single values, as scenario files write them.

use crate::delay::{Delay, Delays};
use crate::setup::Ratio;
use ringside_core::{Span, Time};
use std::fmt::Write;

/// Keys with their values, in order.
#[derive(Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn add(&mut self, key: &str, value: String) {
        self.0.push((key.to_owned(), value));
    }

    pub(super) fn add_unless(&mut self, usual: bool, key: &str, value: impl FnOnce() -> String) {
        if !usual {
            self.add(key, value());
        }
    }

    pub(super) fn add_some<T>(&mut self, key: &str, value: Option<T>, written: impl FnOnce(T) -> String) {
        if let Some(value) = value {
            self.add(key, written(value));
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One a line.
    pub(super) fn lines(&self) -> String {
        self.0.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
    }

    /// As a table on one line.
    pub(super) fn inline(&self) -> String {
        let fields: Vec<String> = self.0.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
    }
}

/// A list on one line.
pub(super) fn list(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(", "))
}

/// A key: bare where it may be.
pub(super) fn key(name: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    text.chars().for_each(|letter| escape(&mut out, letter));
    out + "\""
}

/// A text, on several lines where it has several.
pub(super) fn text(text: &str) -> String {
    if !text.contains('\n') {
        return quoted(text);
    }
    let mut out = String::from("\"\"\"\n");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' => out.push('\n'),
            // Three in a row, or one before the closing three, would end the text.
            '"' if !matches!(letters.peek(), Some('"') | None) => out.push('"'),
            letter => escape(&mut out, letter),
        }
    }
    out + "\"\"\""
}

fn escape(out: &mut String, letter: char) {
    match letter {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        letter if letter.is_control() => {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04X}", u32::from(letter));
        }
        letter => out.push(letter),
    }
}

pub(super) fn time(at: Time) -> String {
    span(at.since(Time::ZERO))
}

/// In the largest unit in which it is a whole number; what is longer than a millisecond and has parts of one, in decimals.
pub(super) fn span(span: Span) -> String {
    format!("\"{}\"", plain_span(span))
}

fn plain_span(span: Span) -> String {
    let micros = span.as_micros();
    if micros == 0 {
        return "0ms".to_owned();
    }
    for (unit, name) in [(3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms")] {
        if micros.is_multiple_of(unit) {
            return format!("{}{name}", micros / unit);
        }
    }
    if micros < 1_000 {
        return format!("{micros}us");
    }
    format!("{}ms", thousandths(micros))
}

/// A number of thousandths, in decimals.
pub(super) fn thousandths(number: u64) -> String {
    let (whole, part) = (number / 1_000, number % 1_000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}").trim_end_matches('0').to_owned()
}

pub(super) fn ratio(Ratio { numerator, denominator }: Ratio) -> String {
    if numerator == 0 {
        return "\"0\"".to_owned();
    }
    if 100_u32.is_multiple_of(denominator) {
        return format!("\"{}%\"", u64::from(numerator) * u64::from(100 / denominator));
    }
    format!("\"{numerator}/{denominator}\"")
}

pub(super) fn delay(delay: &Delay) -> String {
    let text = match delay {
        Delay::Fixed(span) => plain_span(*span),
        Delay::Uniform { low, high } => format!("uniform {} {}", plain_span(*low), plain_span(*high)),
        Delay::Exponential { mean } => format!("exponential {}", plain_span(*mean)),
        Delay::Pareto { min, alpha_thousandths } => {
            format!("pareto {} {}", plain_span(*min), thousandths((*alpha_thousandths).into()))
        }
        Delay::Preset(preset) => preset.name().to_owned(),
    };
    format!("\"{text}\"")
}

/// One delay for all where it is the same for all, else those that differ from the usual.
pub(super) fn delays(delays: &Delays) -> String {
    if *delays == Delays::all(delays.write) {
        return delay(&delays.write);
    }
    let usual = Delays::default();
    let Delays { write, ack, read, reply, other } = delays;
    let mut legs = Fields::default();
    for (name, leg, usual) in [
        ("write", write, usual.write),
        ("ack", ack, usual.ack),
        ("read", read, usual.read),
        ("reply", reply, usual.reply),
        ("other", other, usual.other),
    ] {
        legs.add_unless(*leg == usual, name, || delay(leg));
    }
    legs.inline()
}
