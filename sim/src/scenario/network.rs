//! `[network]`: how long messages take and how many are lost.

use super::read::{Item, Read, Table};
use super::text::{meant, quoted};
use super::value::{decimal, span};
use crate::delay::{Delay, Delays, Preset};
use crate::setup::{Network, Ratio};
use ringside_core::Span;

/// The keys of `[network]`.
const KEYS: [&str; 3] = ["delay", "loss", "duplicate"];

/// The legs that `delay` may name, in place of one delay for all.
const LEGS: [&str; 5] = ["write", "ack", "read", "reply", "other"];

/// The first words of delays, but for the fixed one.
const SHAPES: [&str; 6] = ["uniform", "exponential", "pareto", "lnkd-ssd", "lnkd-disk", "ymmr"];

/// What delays look like.
const WANTED: &str = "a delay: \"1ms\", \"uniform 1ms 10ms\", \"exponential 5ms\", \"pareto 1ms 1.5\", \"lnkd-ssd\", \
                      \"lnkd-disk\" or \"ymmr\"";

/// The longest way of a message: what is drawn above it is cut there.
const LONGEST: Span = Span::from_secs(3_600);

/// The smallest and largest α of a Pareto delay, in thousandths.
const ALPHA: std::ops::RangeInclusive<u128> = 100..=1_000_000;

/// Reads `[network]`.
pub(super) fn network(item: &Item<'_>) -> Read<Network> {
    let table = item.table(&KEYS, "a table: write [network]")?;
    let mut network = Network::default();
    if let Some(item) = table.get("delay") {
        network.delay = delays(&item)?;
    }
    if let Some(item) = table.get("loss") {
        network.loss = item.ratio()?;
    }
    if let Some(item) = table.get("duplicate")
        && item.ratio()? != Ratio::ZERO
    {
        return Err(item.not_built("\"0\""));
    }
    Ok(network)
}

fn delays(item: &Item<'_>) -> Read<Delays> {
    if !item.is_table() {
        return delay(item).map(Delays::all);
    }
    let legs = item.table(&LEGS, WANTED)?;
    let defaults = Delays::default();
    let leg = |table: &Table<'_>, name, default| table.get(name).map_or(Ok(default), |item| delay(&item));
    Ok(Delays {
        write: leg(&legs, "write", defaults.write)?,
        ack: leg(&legs, "ack", defaults.ack)?,
        read: leg(&legs, "read", defaults.read)?,
        reply: leg(&legs, "reply", defaults.reply)?,
        other: leg(&legs, "other", defaults.other)?,
    })
}

/// Reads one delay.
pub(super) fn delay(item: &Item<'_>) -> Read<Delay> {
    let text = item.string(WANTED)?;
    let length = |word: &str| {
        let span = span(word).map_err(|why| item.error(format_args!("\"{}\": {why}", item.name())))?;
        if span > LONGEST {
            let (name, word) = (item.name(), quoted(word));
            return Err(
                item.error(format_args!("\"{name}\": {word} is too long; no message takes longer than 1h"))
            );
        }
        Ok(span)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["uniform", low, high] => {
            let (low, high) = (length(low)?, length(high)?);
            if low > high {
                let (text, name) = (quoted(text), item.name());
                return Err(
                    item.error(format_args!("\"{name}\": {text} goes down; write the shorter time first"))
                );
            }
            Ok(Delay::Uniform { low, high })
        }
        ["exponential", mean] => Ok(Delay::Exponential { mean: length(mean)? }),
        ["pareto", min, alpha] => {
            let alpha_thousandths = alpha_thousandths(alpha).ok_or_else(|| {
                let (name, alpha) = (item.name(), quoted(alpha));
                item.error(format_args!(
                    "\"{name}\": {alpha} is no exponent for pareto; write a number from 0.1 to 1000 with at most three \
                     decimals, such as 1.5"
                ))
            })?;
            Ok(Delay::Pareto { min: length(min)?, alpha_thousandths })
        }
        ["lnkd-ssd"] => Ok(Delay::Preset(Preset::LnkdSsd)),
        ["lnkd-disk"] => Ok(Delay::Preset(Preset::LnkdDisk)),
        ["ymmr"] => Ok(Delay::Preset(Preset::Ymmr)),
        [fixed] if fixed.starts_with(|first: char| first.is_ascii_digit()) => {
            Ok(Delay::Fixed(length(fixed)?))
        }
        _ => {
            let word = words.first().and_then(|word| meant(word, SHAPES.into_iter()));
            let hint = word.filter(|word| words.first() != Some(word));
            let hint = hint.map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
            let name = item.name();
            Err(item.error(format_args!("\"{name}\" must be {WANTED}, not {}{hint}", quoted(text))))
        }
    }
}

fn alpha_thousandths(text: &str) -> Option<u32> {
    let (whole, fraction, scale) = decimal(text)?;
    let exact = (fraction * 1_000).is_multiple_of(scale);
    let alpha = whole * 1_000 + fraction * 1_000 / scale;
    if exact && ALPHA.contains(&alpha) { u32::try_from(alpha).ok() } else { None }
}
