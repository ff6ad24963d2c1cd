//! Settings of limits, and those that only a story wants otherwise than they are.

use super::mechanisms::{Setting, choice};
use ringside_core::{Config, PendingAcks, Span, StreamFrom};
use ringside_sim::ConfigChange;

pub(super) fn settings() -> Vec<Setting> {
    let change = ConfigChange::default;
    let limit = |limit: u32| {
        let word = clock_limit(limit);
        choice(&word, ConfigChange { clock_limit: Some(limit), ..change() })
    };
    let window = |span: Span| choice(&span.to_string(), ConfigChange { hint_window: Some(span), ..change() });
    let timeout = |millis| {
        let span = Span::from_millis(millis);
        choice(&span.to_string(), ConfigChange { timeout: Some(span), ..change() })
    };
    let pending = |word, to| choice(word, ConfigChange { pending_acks: Some(to), ..change() });
    let stream = |word, to| choice(word, ConfigChange { stream_from: Some(to), ..change() });
    let other = |_: &Config| String::new();
    vec![
        Setting {
            name: "Time limit",
            choices: [10, 50, 100, 250, 1_000].map(timeout).to_vec(),
            other: |config| config.timeout.to_string(),
        },
        Setting {
            name: "Hint window",
            choices: [1, 10, 60, 3_600, 10_800].map(|secs| window(Span::from_secs(secs))).to_vec(),
            other: |config| config.hint_window.to_string(),
        },
        Setting {
            name: "Clock limit",
            choices: [0, 1, 2, 3, 5, 10].map(limit).to_vec(),
            other: |config| clock_limit(config.clock_limit),
        },
        Setting {
            name: "Pending acks",
            choices: vec![
                pending("extra", PendingAcks::Extra),
                pending("count (unsafe)", PendingAcks::Count),
            ],
            other,
        },
        Setting {
            name: "Stream from",
            choices: vec![stream("giver", StreamFrom::Giver), stream("any (unsafe)", StreamFrom::Any)],
            other,
        },
    ]
}

/// How many entries a version vector keeps.
fn clock_limit(entries: u32) -> String {
    match entries {
        0 => "none".to_owned(),
        1 => "1 entry".to_owned(),
        entries => [&entries.to_string(), " entries"].concat(),
    }
}
