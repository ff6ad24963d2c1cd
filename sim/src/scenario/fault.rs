//! Faults of nodes that are more than a name: slow links and wrong clocks.

use super::nodes::Nodes;
use super::read::{Item, Read};
use super::text::quoted;
use super::value::{decimal, span};
use crate::act::Act;
use crate::clock::MAX_DRIFT;

/// The most times as long as usual that messages of a slow node take.
pub(crate) const MAX_FACTOR: u32 = 1_000_000;

/// `slow = { node, factor }`
pub(super) fn slow(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    let table = item.table(&["node", "factor"], "a table such as { node = \"A\", factor = 10 }")?;
    let node = nodes.resolve(&table.need("node", "\"A\"")?)?;
    Ok(Act::Slow { node, factor: table.need("factor", "10")?.count(MAX_FACTOR)? })
}

/// `skew = { node, by }`
pub(super) fn skew(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    let table = item.table(&["node", "by"], "a table such as { node = \"A\", by = \"-50ms\" }")?;
    let node = nodes.resolve(&table.need("node", "\"A\"")?)?;
    let by = table.need("by", "\"-50ms\"")?;
    let (negative, size) = signed(by.string("a duration, such as \"200ms\" or \"-50ms\"")?);
    let size = span(size).map_err(|why| by.error(format_args!("\"by\": {why}")))?;
    let micros = size.as_micros().cast_signed();
    Ok(Act::Skew { node, by: if negative { -micros } else { micros } })
}

/// `drift = { node, rate }`
pub(super) fn drift(item: &Item<'_>, nodes: &Nodes<'_>) -> Read<Act> {
    let table = item.table(&["node", "rate"], "a table such as { node = \"A\", rate = \"100ppm\" }")?;
    let node = nodes.resolve(&table.need("node", "\"A\"")?)?;
    let rate = table.need("rate", "\"100ppm\"")?;
    let text = rate.string("a rate, such as \"100ppm\" or \"-1%\"")?;
    let millionths = millionths(text).ok_or_else(|| {
        let text = quoted(text);
        rate.error(format_args!(
            "\"rate\": {text} is no rate; write how much is gained, from \"-100%\" to \"100%\" in whole ppm, such as \
             \"100ppm\" or \"-1%\""
        ))
    })?;
    Ok(Act::Drift { node, millionths })
}

/// Is it negative, and the text without its sign.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(size) => (true, size),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Reads a rate as whole millionths.
fn millionths(text: &str) -> Option<i32> {
    let (negative, size) = signed(text);
    let (number, unit) = match size.strip_suffix("ppm") {
        Some(number) => (number, 1),
        None => (size.strip_suffix('%')?, 10_000),
    };
    let (whole, fraction, scale) = decimal(number)?;
    if !(fraction * unit).is_multiple_of(scale) {
        return None;
    }
    let millionths =
        i32::try_from(whole * unit + fraction * unit / scale).ok().filter(|rate| *rate <= MAX_DRIFT)?;
    Some(if negative { -millionths } else { millionths })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_exact() {
        let all = ["0%", "100ppm", "-1%", "+2%", "0.05%", "100%", "-1000000ppm"];
        let read: Vec<_> = all.into_iter().map(millionths).collect();
        let rates = [0, 100, -10_000, 20_000, 500, 1_000_000, -1_000_000];
        assert_eq!(read, rates.map(Some));
        for text in ["", "1", "%", "--1%", "1 %", "0.5ppm", "0.00001%", "101%", "1000001ppm", "1e3ppm"] {
            assert_eq!(millionths(text), None, "{text}");
        }
    }
}
