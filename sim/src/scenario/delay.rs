//! Delays as scenario files and the command line write them.

use super::text::{meant, quoted};
use super::value::{decimal, span};
use crate::delay::{Delay, Preset};
use ringside_core::Span;

/// What delays look like.
pub(super) const SHAPES: &str = "\"1ms\", \"uniform 1ms 10ms\", \"exponential 5ms\", \"pareto 1ms 1.5\", \"lnkd-ssd\", \
                                 \"lnkd-disk\" or \"ymmr\"";

/// The first words of delays, but for the fixed one.
const FIRST: [&str; 6] = ["uniform", "exponential", "pareto", "lnkd-ssd", "lnkd-disk", "ymmr"];

/// The smallest and largest α of a Pareto delay, in thousandths.
const ALPHA: std::ops::RangeInclusive<u128> = 100..=1_000_000;

/// Reads a delay as scenario files write it, such as `uniform 1ms 10ms` or `lnkd-disk`. No time in it is longer than an
/// hour.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn delay(text: &str) -> Result<Delay, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["uniform", low, high] => {
            let (low, high) = (length(low)?, length(high)?);
            if low > high {
                return Err(format!("{} goes down; write the shorter time first", quoted(text)));
            }
            Ok(Delay::Uniform { low, high })
        }
        ["exponential", mean] => Ok(Delay::Exponential { mean: length(mean)? }),
        ["pareto", min, alpha] => {
            let alpha_thousandths = alpha_thousandths(alpha).ok_or_else(|| {
                format!(
                    "{} is no exponent for pareto; write a number from 0.1 to 1000 with at most three decimals, such as \
                     1.5",
                    quoted(alpha)
                )
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
            let word = words.first().and_then(|word| meant(word, FIRST.into_iter()));
            let hint = word.filter(|word| words.first() != Some(word));
            let hint = hint.map(|word| format!("; did you mean \"{word}\"?")).unwrap_or_default();
            Err(format!("{} is no delay; write {SHAPES}{hint}", quoted(text)))
        }
    }
}

fn length(text: &str) -> Result<Span, String> {
    let length = span(text)?;
    if length > Delay::LONGEST {
        return Err(format!("{} is too long; no message takes longer than 1h", quoted(text)));
    }
    Ok(length)
}

fn alpha_thousandths(text: &str) -> Option<u32> {
    let (whole, fraction, scale) = decimal(text)?;
    let exact = (fraction * 1_000).is_multiple_of(scale);
    let alpha = whole * 1_000 + fraction * 1_000 / scale;
    if exact && ALPHA.contains(&alpha) { u32::try_from(alpha).ok() } else { None }
}
