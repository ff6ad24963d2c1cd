//! Durations, ratios and other values that scenario files write as text. Decimals are read exactly, without floats.

use super::read::{Item, Read};
use super::text::quoted;
use crate::setup::Ratio;
use ringside_core::{Detector, Span, Time, Tombstones};

/// The longest time a scenario may name: a day of simulated time.
pub(crate) const MAX_SPAN: Span = Span::from_secs(24 * 3_600);
/// The shortest interval at which nodes do something for ever.
pub(crate) const MIN_INTERVAL: Span = Span::from_millis(1);
/// The highest phi of a failure detector, in thousandths.
pub(crate) const MAX_PHI: u32 = 1_000_000;

/// Units, each with its length in microseconds. A longer name comes before one that it ends with.
const UNITS: [(&str, u64); 7] = [
    ("us", 1),
    ("µs", 1),
    ("μs", 1),
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
];

impl Item<'_> {
    /// A duration, such as `"250ms"`.
    pub(super) fn span(&self) -> Read<Span> {
        let text = self.string("a duration, such as \"250ms\"")?;
        span(text).map_err(|why| self.error(format_args!("\"{}\": {why}", self.name())))
    }

    /// How often something is done, such as `"10s"`, or `"off"` for never.
    pub(super) fn interval(&self) -> Read<Option<Span>> {
        let text = self.string("an interval, such as \"10s\", or \"off\"")?;
        if text == "off" {
            return Ok(None);
        }
        let name = self.name();
        let span = span(text).map_err(|why| self.error(format_args!("\"{name}\": {why}; or \"off\"")))?;
        if span < MIN_INTERVAL {
            return Err(
                self.error(format_args!("\"{name}\" is shorter than 1ms, the shortest there is; or \"off\""))
            );
        }
        Ok(Some(span))
    }

    /// When tombstones are collected: `"keep"`, `"all-replicas"` or a grace period.
    pub(super) fn tombstones(&self) -> Read<Tombstones> {
        let text = self.string("\"keep\", \"all-replicas\", or a grace period, such as \"10s\"")?;
        let name = self.name();
        match text {
            "keep" => Ok(Tombstones::Keep),
            "all-replicas" => Ok(Tombstones::AllReplicas),
            _ => {
                let wrong = |why: &str| {
                    self.error(format_args!(
                        "\"{name}\" is \"keep\", \"all-replicas\" or a grace period, and {why}"
                    ))
                };
                let span = span(text).map_err(|why| wrong(&why))?;
                if span < MIN_INTERVAL {
                    return Err(wrong("this one is shorter than 1ms, the shortest there is"));
                }
                Ok(Tombstones::Grace(span))
            }
        }
    }

    /// A failure detector: `"phi 8"`, `"timeout 500ms"` or `"off"`.
    pub(super) fn detector(&self) -> Read<Detector> {
        let shapes = "\"phi 8\", \"timeout 500ms\" or \"off\"";
        let text = self.string(format_args!("a failure detector: {shapes}"))?;
        let name = self.name();
        let wrong = |why: &str| self.error(format_args!("\"{name}\": {why}"));
        match text.split_once(' ') {
            None if text == "off" => Ok(Detector::Off),
            Some(("phi", limit)) => {
                let shape = || {
                    wrong(&format!(
                        "{} is no limit for phi; write a number from 0.001 to 1000 with at most three decimals, such as \
                         \"phi 8\"",
                        quoted(limit)
                    ))
                };
                let (whole, fraction, scale) = decimal(limit).ok_or_else(shape)?;
                let (all, rest) = ((whole * scale + fraction) * 1_000 / scale, fraction * 1_000 % scale);
                let thousandths =
                    u32::try_from(all).ok().filter(|all| (1..=MAX_PHI).contains(all) && rest == 0);
                Ok(Detector::Phi { thousandths: thousandths.ok_or_else(shape)? })
            }
            Some(("timeout", limit)) => {
                let limit = span(limit).map_err(|why| wrong(&why))?;
                if limit < MIN_INTERVAL {
                    return Err(wrong("the time limit is shorter than 1ms, the shortest there is"));
                }
                Ok(Detector::Timeout(limit))
            }
            _ => Err(wrong(&format!("{} is no failure detector; write {shapes}", quoted(text)))),
        }
    }

    /// A moment, counted from the beginning of the run.
    pub(super) fn time(&self) -> Read<Time> {
        Ok(Time::ZERO + self.span()?)
    }

    /// A ratio, such as `"1/100"` or `"1%"`.
    pub(super) fn ratio(&self) -> Read<Ratio> {
        let text = self.string("a ratio, such as \"1/100\" or \"1%\"")?;
        ratio(text).map_err(|why| self.error(format_args!("\"{}\": {why}", self.name())))
    }
}

/// Reads a duration as scenario files write it, such as `250ms`: a decimal number and a unit, at most a day.
///
/// # Errors
/// What is wrong with it, and what would be right.
pub fn span(text: &str) -> Result<Span, String> {
    let shape = || {
        let text = quoted(text);
        format!(
            "{text} is no duration; write a number and a unit (us, ms, s, m or h), such as \"250ms\" or \"1.5s\""
        )
    };
    let (digits, unit) =
        UNITS.iter().find_map(|&(name, unit)| Some((text.strip_suffix(name)?, unit))).ok_or_else(shape)?;
    let (whole, fraction, scale) = decimal(digits).ok_or_else(shape)?;
    let (unit, longest) = (u128::from(unit), u128::from(MAX_SPAN.as_micros()));
    if whole > longest || whole * unit > longest {
        return Err(format!("{} is longer than 24h, the most a scenario may name", quoted(text)));
    }
    if !(fraction * unit).is_multiple_of(scale) {
        return Err(format!(
            "{} is no whole number of microseconds, the smallest step of time",
            quoted(text)
        ));
    }
    let micros = u64::try_from(whole * unit + fraction * unit / scale).map_err(|_| shape())?;
    let span = Span::from_micros(micros);
    if span > MAX_SPAN {
        return Err(format!("{} is longer than 24h, the most a scenario may name", quoted(text)));
    }
    Ok(span)
}

/// Reads a ratio from 0 to 1; the error says what would be right.
fn ratio(text: &str) -> Result<Ratio, String> {
    let shape = || {
        format!(
            "{} is no ratio; write \"0\", a fraction such as \"1/100\", or a share such as \"1%\"",
            quoted(text)
        )
    };
    let (numerator, denominator) = if let Some((above, below)) = text.split_once('/') {
        let whole = |part: &str| decimal(part).filter(|&(_, _, scale)| scale == 1).map(|(whole, _, _)| whole);
        let (above, below) = whole(above).zip(whole(below)).ok_or_else(shape)?;
        if below == 0 {
            return Err(format!("{} divides by zero; write a ratio such as \"1/100\"", quoted(text)));
        }
        (above, below)
    } else {
        let (number, of) = text.strip_suffix('%').map_or((text, 1), |percent| (percent, 100));
        let (whole, fraction, scale) = decimal(number).ok_or_else(shape)?;
        (whole * scale + fraction, scale * of)
    };
    if numerator > denominator {
        return Err(format!(
            "{} is more than 100 %; write a ratio from \"0\" to \"100%\", such as \"1/100\" or \"1%\"",
            quoted(text)
        ));
    }
    let divisor = common_divisor(numerator, denominator);
    let part = |number: u128| u32::try_from(number / divisor);
    match (part(numerator), part(denominator)) {
        (Ok(numerator), Ok(denominator)) => Ok(Ratio { numerator, denominator }),
        _ => Err(format!("{} is too fine a ratio; write fewer digits, such as \"1/1000\"", quoted(text))),
    }
}

/// A decimal number as (whole, fraction, scale): it is worth whole + fraction / scale. None where it is no number or has
/// more than 15 digits on a side.
pub(super) fn decimal(text: &str) -> Option<(u128, u128, u128)> {
    let (whole, fraction) =
        text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |part: &str| {
        let fits = (1..=15).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<u128>().ok() } else { None }
    };
    let Some(fraction) = fraction else { return Some((digits(whole)?, 0, 1)) };
    let fraction = match fraction.trim_end_matches('0') {
        "" if !fraction.is_empty() => return Some((digits(whole)?, 0, 1)),
        kept => kept,
    };
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some((digits(whole)?, digits(fraction)?, scale))
}

fn common_divisor(one: u128, other: u128) -> u128 {
    if other == 0 { one.max(1) } else { common_divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        let micros = |text| span(text).map(Span::as_micros);
        assert_eq!(micros("250ms"), Ok(250_000));
        assert_eq!(micros("1.5ms"), Ok(1_500));
        assert_eq!(micros("1.500ms"), Ok(1_500));
        assert_eq!(micros("10us"), Ok(10));
        assert_eq!(micros("10µs"), Ok(10));
        assert_eq!(micros("2s"), Ok(2_000_000));
        assert_eq!(micros("1m"), Ok(60_000_000));
        assert_eq!(micros("3h"), Ok(10_800_000_000));
        assert_eq!(micros("24h"), Ok(MAX_SPAN.as_micros()));
        assert_eq!(micros("0s"), Ok(0));
    }

    #[test]
    fn durations_that_are_none_say_why() {
        for text in [
            "",
            "10",
            "ms",
            "-1ms",
            "1,5ms",
            "1e3ms",
            "5 ms",
            "1.ms",
            ".5ms",
            "1d",
            "9999999999999999s",
            "١s",
        ] {
            let why = span(text).unwrap_err();
            assert!(why.contains("is no duration"), "{text}: {why}");
        }
        assert!(span("0.5us").unwrap_err().contains("microseconds"));
        assert!(span("24.001h").unwrap_err().contains("24h"));
        assert!(span("999999999999999h").unwrap_err().contains("24h"));
    }

    #[test]
    fn ratios_are_exact_and_reduced() {
        let parts = |text| ratio(text).map(|ratio| (ratio.numerator, ratio.denominator));
        assert_eq!(parts("1/100"), Ok((1, 100)));
        assert_eq!(parts("1%"), Ok((1, 100)));
        assert_eq!(parts("1.5%"), Ok((3, 200)));
        assert_eq!(parts("100%"), Ok((1, 1)));
        assert_eq!(parts("0"), Ok((0, 1)));
        assert_eq!(parts("0%"), Ok((0, 1)));
        assert_eq!(parts("0.25"), Ok((1, 4)));
    }

    #[test]
    fn ratios_that_are_none_say_why() {
        assert!(ratio("140%").unwrap_err().contains("more than 100 %"));
        assert!(ratio("3/2").unwrap_err().contains("more than 100 %"));
        assert!(ratio("1/0").unwrap_err().contains("divides by zero"));
        assert!(ratio("1/99999999999").unwrap_err().contains("too fine"));
        for text in ["", "x", "-1%", "1/2/3", "1.5/2", "%", "/", "1 %"] {
            assert!(ratio(text).unwrap_err().contains("is no ratio"), "{text}");
        }
    }
}
