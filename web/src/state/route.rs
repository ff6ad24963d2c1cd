//! What a link's fragment asks for: `#s=<name>`, optionally `&at=120ms` and `&stage=story`; or a share link, `#v1.…`.

use super::Depth;
use crate::scenarios;
use ringside_core::Time;
use ringside_sim::share::link::Link;

/// What to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// The built-in scenario; none for the first one.
    pub(crate) scenario: Option<String>,
    /// What a share link carries, in place of a name.
    pub(crate) link: Option<Box<Link>>,
    /// The moment to open it at.
    pub(crate) at: Option<Time>,
    /// How much of the page to show.
    pub(crate) depth: Depth,
    /// What could not be understood, as a sentence.
    pub(crate) notice: Option<String>,
}

impl Route {
    /// Reads a fragment, with or without its `#`. Anything is taken; what makes no sense becomes a notice.
    pub(crate) fn parse(fragment: &str) -> Self {
        let mut route = Self::default();
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        for part in fragment.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("s", name)) => route.scenario = Some(name.to_owned()),
                Some(("at", at)) => match moment(at) {
                    Some(at) => route.at = Some(at),
                    None => {
                        let notice =
                            format!("“{}” is no moment of a run; one is written like 120ms.", clipped(at));
                        route.notice = Some(notice);
                    }
                },
                Some(("stage", "story")) => route.depth = Depth::Story,
                Some(("stage", "explore")) => route.depth = Depth::Explore,
                // Other parts of a link belong to views that come with other mechanisms; they change no run.
                Some(("step" | "view", _)) => {}
                None if part.starts_with('v') => match Link::parse_with(part, scenarios::open) {
                    Ok(link) => route.link = Some(Box::new(link)),
                    Err(why) => {
                        let notice = format!("This link cannot be opened: {why}.");
                        route.notice = Some(notice);
                    }
                },
                _ => {
                    let notice = "This link is of another version of Ringside, or damaged.";
                    route.notice = Some(notice.to_owned());
                }
            }
        }
        route
    }
}

/// The same fragment with another stage in it.
pub(crate) fn with_depth(fragment: &str, depth: Depth) -> String {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let others = fragment.split('&').filter(|part| !part.is_empty() && !part.starts_with("stage="));
    let mut parts: Vec<&str> = others.collect();
    match depth {
        Depth::Story => parts.push("stage=story"),
        // Nothing at all is a first visit, which is a story.
        Depth::Explore if parts.is_empty() => parts.push("stage=explore"),
        Depth::Explore => {}
    }
    ["#", &parts.join("&")].concat()
}

/// A part of a link as a notice repeats it: its first characters.
pub(crate) fn clipped(part: &str) -> String {
    ringside_scene::text::clipped(part, REPEATED)
}

/// So many characters of a link are repeated in a notice.
const REPEATED: usize = 41;

/// `120ms`, `5.3ms`, `250us`, `2s`; any number, however large: a moment past the end of a run is its end. Digit by digit,
/// since the library's reading of floats weighs 11 kB.
fn moment(text: &str) -> Option<Time> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = text.split_at(digits);
    let unit: u64 = match unit {
        "us" | "µs" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    let mut micros = 0_u64;
    for digit in whole.bytes() {
        micros = micros.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    }
    micros = micros.saturating_mul(unit);
    let mut part = unit;
    for digit in fraction.bytes() {
        part /= 10;
        micros = micros.saturating_add(part * u64::from(digit - b'0'));
    }
    Some(Time::from_micros(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_moment() {
        let route = Route::parse("#s=stale-read&at=120ms");
        assert_eq!(route.scenario.as_deref(), Some("stale-read"));
        assert_eq!(route.at, Some(Time::from_micros(120_000)));
        assert_eq!(route.notice, None);
        assert_eq!(Route::parse("s=x&at=5.3ms").at, Some(Time::from_micros(5_300)));
        assert_eq!(Route::parse("s=x&at=.25s").at, Some(Time::from_micros(250_000)));
        assert_eq!(Route::parse("s=x&at=99999999999999999999h").at, Some(Time::from_micros(u64::MAX)));
        assert_eq!(Route::parse("s=x&at=1.2.3ms").at, None);
    }

    #[test]
    fn a_link_remembers_the_stage() {
        assert_eq!(Route::parse("#s=x&stage=story").depth, Depth::Story);
        for fragment in ["", "#s=x", "#s=x&stage=explore"] {
            assert_eq!(Route::parse(fragment).depth, Depth::Explore, "{fragment}");
            let there = with_depth(fragment, Depth::Story);
            assert_eq!(Route::parse(&there).depth, Depth::Story, "{there}");
            assert_eq!(Route::parse(&with_depth(&there, Depth::Explore)), Route::parse(fragment));
        }
        assert_eq!(with_depth("#s=x&stage=story&at=5ms", Depth::Story), "#s=x&at=5ms&stage=story");
        assert!(Route::parse("#s=x&stage=all").notice.is_some());
    }

    #[test]
    fn a_share_link_is_read_with_and_without_a_stage() {
        let scenario = scenarios::open("stale-read").expect("it is built in");
        let link = Link { name: Some("stale-read".to_owned()), scenario, ..Link::default() };
        let fragment = link.to_text();
        assert_eq!(Route::parse(&fragment).link.as_deref(), Some(&link));
        let told = Route::parse(&with_depth(&fragment, Depth::Story));
        assert_eq!((told.link.as_deref(), told.depth, told.notice), (Some(&link), Depth::Story, None));
        let cut = Route::parse(&fragment[..fragment.len() - 1]);
        assert_eq!(cut.link, None);
        assert!(cut.notice.is_some_and(|notice| notice.contains("damaged")));
    }

    #[test]
    fn nothing_asks_for_nothing() {
        assert_eq!(Route::parse(""), Route::default());
        assert_eq!(Route::parse("#"), Route::default());
    }

    #[test]
    fn damage_becomes_a_notice() {
        let endless = Route::parse(&format!("#s=x&at={}", "long".repeat(10_000))).notice.unwrap();
        assert!(endless.contains("longlong") && endless.contains('…') && endless.len() < 200, "{endless}");
        for damaged in ["#v9.x.AAAA", "#s=x&at=soon", "#s=x&at=", "#s=x&at=ms", "#%00"] {
            assert!(Route::parse(damaged).notice.is_some(), "{damaged}");
        }
    }
}
