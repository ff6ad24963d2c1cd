//! Which mechanisms are on, and how often they act: lists, each an act where the clock stands.

use super::controls;
use super::rules;
use crate::hooks::{Page, use_page};
use ringside_core::{Config, Detector, Quorum, ReadRepair, Span, Tombstones};
use ringside_sim::ConfigChange;
use yew::prelude::*;

/// A value of a setting: what it is called, and what sets it.
pub(super) type Choice = (String, ConfigChange);

/// A setting with the values that are offered.
pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) choices: Vec<Choice>,
    /// What is in force, where none of the choices is it.
    pub(super) other: fn(&Config) -> String,
}

#[function_component]
pub(super) fn Mechanisms() -> Html {
    let page = use_page();
    let config = page.session().snapshot().config.clone();
    // Made anew only where one of them is another one.
    (*use_memo(config, |_| lists(&page))).clone()
}

fn lists(page: &Page) -> Html {
    html! {
        <details class="mechanisms">
            <summary>{ "Mechanisms" }</summary>
            { for settings().into_iter().map(|setting| list(page, setting)) }
        </details>
    }
}

/// A setting as a list of its values.
fn list(page: &Page, Setting { name, choices, other }: Setting) -> Html {
    let config = page.session().snapshot().config.clone();
    let in_force = |change: &ConfigChange| change.apply(&config) == config;
    let handle = page.handle.clone();
    let chosen = move |word: &str, change: &ConfigChange| {
        let (word, change) = (word.to_owned(), change.clone());
        handle.act(move |session| session.set_mechanism(name, &word, change));
    };
    controls::choices(name, choices, in_force, || other(&config), chosen)
}

/// The lists of those settings that this change changes.
pub(super) fn lists_for(page: &Page, change: &ConfigChange) -> Html {
    let names = [
        ("Quorum", change.quorum.is_some()),
        ("Read repair", change.read_repair.is_some()),
        ("Hinted handoff", change.hinted_handoff.is_some()),
        ("Anti-entropy", change.anti_entropy.is_some()),
        ("Gossip", change.gossip.is_some()),
        ("Failure detector", change.failure_detector.is_some()),
        ("Tombstones", change.tombstones.is_some()),
        ("Time limit", change.timeout.is_some()),
        ("Hint window", change.hint_window.is_some()),
        ("Clock limit", change.clock_limit.is_some()),
        ("Pending acks", change.pending_acks.is_some()),
        ("Stream from", change.stream_from.is_some()),
    ];
    let changed = |setting: &Setting| names.contains(&(setting.name, true));
    html! { <>{ for settings().into_iter().filter(changed).map(|setting| list(page, setting)) }</> }
}

pub(super) fn choice(word: &str, change: ConfigChange) -> Choice {
    (word.to_owned(), change)
}

fn settings() -> Vec<Setting> {
    let mut settings = of_requests();
    settings.extend(in_the_background());
    settings.extend(rules::settings());
    settings
}

fn of_requests() -> Vec<Setting> {
    let change = ConfigChange::default;
    let quorum = |quorum| ConfigChange { quorum: Some(quorum), ..change() };
    let repair = |read_repair| ConfigChange { read_repair: Some(read_repair), ..change() };
    let hints = |on| ConfigChange { hinted_handoff: Some(on), ..change() };
    let all_offered = |name, choices| Setting { name, choices, other: |_| String::new() };
    vec![
        all_offered(
            "Quorum",
            vec![choice("strict", quorum(Quorum::Strict)), choice("sloppy", quorum(Quorum::Sloppy))],
        ),
        all_offered(
            "Read repair",
            vec![
                choice("off", repair(ReadRepair::Off)),
                choice("async", repair(ReadRepair::Async)),
                choice("blocking", repair(ReadRepair::Blocking)),
            ],
        ),
        // A sloppy quorum has hints whatever is set, so what it has stands first.
        all_offered("Hinted handoff", vec![choice("on", hints(true)), choice("off", hints(false))]),
    ]
}

fn in_the_background() -> Vec<Setting> {
    let change = ConfigChange::default;
    let detector = |detector| ConfigChange { failure_detector: Some(detector), ..change() };
    let tombstones = |tombstones| ConfigChange { tombstones: Some(tombstones), ..change() };
    let (ms, secs) = (Span::from_millis, Span::from_secs);
    let phi = |phi: u32| choice(&format!("phi {phi}"), detector(Detector::Phi { thousandths: phi * 1_000 }));
    vec![
        Setting {
            name: "Anti-entropy",
            choices: intervals(
                |anti_entropy| ConfigChange { anti_entropy: Some(anti_entropy), ..ConfigChange::default() },
                &[ms(100), secs(1), secs(10)],
            ),
            other: |config| every(config.anti_entropy),
        },
        Setting {
            name: "Gossip",
            choices: intervals(
                |gossip| ConfigChange { gossip: Some(gossip), ..ConfigChange::default() },
                &[ms(100), secs(1)],
            ),
            other: |config| every(config.gossip),
        },
        Setting {
            name: "Failure detector",
            choices: vec![
                choice("off", detector(Detector::Off)),
                phi(3),
                phi(8),
                phi(12),
                choice("timeout 500 ms", detector(Detector::Timeout(ms(500)))),
            ],
            other: |config| config.failure_detector.to_string(),
        },
        Setting {
            name: "Tombstones",
            choices: vec![
                choice("keep", tombstones(Tombstones::Keep)),
                choice("for 10 s", tombstones(Tombstones::Grace(secs(10)))),
                choice("all replicas", tombstones(Tombstones::AllReplicas)),
            ],
            other: |config| match config.tombstones {
                Tombstones::Grace(span) => format!("for {span}"),
                Tombstones::Keep | Tombstones::AllReplicas => String::new(),
            },
        },
    ]
}

fn intervals(of: fn(Option<Span>) -> ConfigChange, offered: &[Span]) -> Vec<Choice> {
    let offered = offered.iter().map(|span| Some(*span));
    [None].into_iter().chain(offered).map(|span| (every(span), of(span))).collect()
}

fn every(span: Option<Span>) -> String {
    span.map_or_else(|| "off".to_owned(), |span| format!("every {span}"))
}
