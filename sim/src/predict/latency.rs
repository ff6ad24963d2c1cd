//! How long the four legs of a request take, as `--latency` writes it.

use crate::delay::{Delay, Preset};
use crate::scenario::delay;
use ringside_core::Span;

/// How long each leg takes, drawn anew for each replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Latency {
    /// W: a write, from the coordinator to a replica.
    pub write: Delay,
    /// A: its acknowledgement.
    pub ack: Delay,
    /// R: a read, from the coordinator to a replica.
    pub read: Delay,
    /// S: its reply.
    pub reply: Delay,
    /// So much longer is each leg to and from a replica in another data centre. Each replica has one of its own; a
    /// coordinator is in that of one random replica, each operation its own. Zero where all is in one place.
    pub far: Span,
}

/// The preset of three data centres.
const WAN: &str = "wan";

impl Latency {
    /// The same for every leg.
    #[must_use]
    pub const fn all(delay: Delay) -> Self {
        Self { write: delay, ack: delay, read: delay, reply: delay, far: Span::ZERO }
    }

    /// `wan`: `lnkd-disk`, with 75 ms more each way between data centres.
    #[must_use]
    pub const fn wan() -> Self {
        Self { far: Span::from_millis(75), ..Self::all(Delay::Preset(Preset::LnkdDisk)) }
    }

    /// Reads `wan`, a delay for all legs as scenario files write it, or a list by leg: `write=exponential 10ms,ack=1ms`.
    /// A list may begin with the delay of all legs that it does not name, which otherwise take 1 ms.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut latency = Self::all(Delay::Fixed(Span::from_millis(1)));
        let mut named = Vec::new();
        for (at, part) in text.split(',').map(str::trim).enumerate() {
            let Some((leg, text)) = part.split_once('=') else {
                if at > 0 {
                    return Err(format!("\"{}\" names no leg; write such as ack=1ms", shown(part)));
                }
                latency = match part {
                    WAN => Self::wan(),
                    part => Self::all(delay(part).map_err(|why| or_wan(&why))?),
                };
                continue;
            };
            let leg = leg.trim();
            let place = match leg {
                "write" => &mut latency.write,
                "ack" => &mut latency.ack,
                "read" => &mut latency.read,
                "reply" => &mut latency.reply,
                _ => {
                    let leg = shown(leg);
                    return Err(format!("\"{leg}\" is no leg; the legs are write, ack, read and reply"));
                }
            };
            if named.contains(&leg) {
                return Err(format!("the leg {leg} stands there twice; write it once"));
            }
            named.push(leg);
            *place = match text.trim() {
                WAN => return Err(format!("{leg}=wan: wan is for all legs; write such as wan,{leg}=1ms")),
                text => delay(text).map_err(|why| format!("{leg}: {why}"))?,
            };
        }
        Ok(latency)
    }
}

/// What the user wrote, on one line and not too long of it.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}

/// Where any delay would do, so would `wan`.
fn or_wan(why: &str) -> String {
    why.replacen("\"lnkd-disk\" or \"ymmr\"", "\"lnkd-disk\", \"ymmr\" or \"wan\"", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Delay = Delay::Fixed(Span::from_millis(1));

    #[test]
    fn one_delay_is_for_all_legs_and_a_list_is_by_leg() {
        let mean = Span::from_millis(10);
        let disk = Delay::Preset(Preset::LnkdDisk);
        for (text, expected) in [
            ("lnkd-disk", Latency::all(disk)),
            (" exponential  10ms ", Latency::all(Delay::Exponential { mean })),
            ("wan", Latency { far: Span::from_millis(75), ..Latency::all(disk) }),
            ("wan,ack=1ms", Latency { ack: MS, ..Latency::wan() }),
            ("write=exponential 10ms", Latency { write: Delay::Exponential { mean }, ..Latency::all(MS) }),
            ("lnkd-disk, ack = 1ms,reply=1ms", Latency { ack: MS, reply: MS, ..Latency::all(disk) }),
        ] {
            assert_eq!(Latency::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_mistake_says_what_would_be_right() {
        for (text, must_say) in [
            ("", "\"\" is no delay; write \"1ms\""),
            ("lnkd", "\"lnkd-disk\", \"ymmr\" or \"wan\""),
            ("lnkd-dsk", "did you mean \"lnkd-disk\"?"),
            ("5", "is no duration"),
            ("2h", "no message takes longer than 1h"),
            ("other=1ms", "\"other\" is no leg; the legs are write, ack, read and reply"),
            ("write=1ms,2ms", "\"2ms\" names no leg"),
            ("write=1ms,", "\"\" names no leg"),
            ("write=1ms,write=2ms", "twice"),
            ("write=1ms,write =2ms", "twice"),
            ("write=wan", "write such as wan,write=1ms"),
            ("write=1ms,wan", "\"wan\" names no leg"),
            ("ack=soon", "ack: \"soon\" is no delay"),
            ("write=a=b", "write: \"a=b\" is no delay"),
        ] {
            let why = Latency::parse(text).expect_err(text);
            assert!(why.contains(must_say) && !why.contains('\n'), "{text}: {why}");
        }
    }
}
