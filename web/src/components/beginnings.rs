//! Settings that a run has from its beginning: each makes a new run, and keeps the old one as a branch.

use super::controls::List;
use crate::hooks::use_page;
use crate::state::UiAction;
use ringside_core::ring::Placement;
use ringside_core::{Counters, Span, Versions};
use ringside_sim::Setup;
use yew::prelude::*;

/// A value that is offered: what it is called, and what makes it so.
type Choice = (String, fn(&mut Setup));

/// A setting with its values, and what it is called where it is none of them.
type Setting = (&'static str, Vec<Choice>, &'static str);

#[function_component]
pub(super) fn Beginnings() -> Html {
    let page = use_page();
    let session = page.session();
    let setup = session.recording().setup();
    let list = |(name, choices, other): Setting| {
        let is_so = |(_, change): &Choice| {
            let mut changed = setup.clone();
            change(&mut changed);
            changed == *setup
        };
        let now = choices.iter().position(is_so);
        let words = choices.iter().enumerate().map(|(at, (word, _))| (at.to_string(), word.clone()));
        let options: Vec<(String, String)> =
            words.chain(now.is_none().then(|| ("other".to_owned(), other.to_owned()))).collect();
        let value = now.map_or_else(|| "other".to_owned(), |at| at.to_string());
        let page = page.clone();
        let choose = Callback::from(move |chosen: String| {
            let Some((word, change)) = chosen.parse::<usize>().ok().and_then(|at| choices.get(at)) else {
                return;
            };
            page.dispatch(UiAction::NewRun);
            let (word, change) = (word.clone(), *change);
            page.handle.begin_anew(move |session| session.begin_with(name, &word, change));
        });
        html! {
            <label class="setting">
                <span aria-hidden="true">{ name }</span>
                <List {name} {options} {value} {choose}/>
            </label>
        }
    };
    html! {
        <details class="mechanisms">
            <summary>{ "From the beginning" }</summary>
            { for settings().into_iter().map(list) }
        </details>
    }
}

fn settings() -> [Setting; 4] {
    let choice = |word: &str, change: fn(&mut Setup)| (word.to_owned(), change);
    [
        (
            "Version rules",
            vec![
                choice("dotted", |setup| setup.config.versions = Versions::Dotted),
                choice("plain", |setup| setup.config.versions = Versions::Plain),
                choice("last write wins", |setup| setup.config.versions = Versions::LastWriteWins),
            ],
            "",
        ),
        (
            "Counters",
            vec![
                choice("per actor", |setup| setup.config.counters = Counters::PerActor),
                choice("per key (unsafe)", |setup| setup.config.counters = Counters::PerKey),
            ],
            "",
        ),
        (
            "Placement",
            vec![
                choice("random tokens", |setup| setup.placement = Placement::Random),
                choice("even tokens", |setup| setup.placement = Placement::Even),
                choice("64 partitions", |setup| setup.placement = Placement::Partitions(64)),
            ],
            "other partitions",
        ),
        (
            "Disk sync",
            vec![
                choice("every write", |setup| setup.sync = None),
                choice("every 10 ms", |setup| setup.sync = Some(Span::from_millis(10))),
                choice("every 1 s", |setup| setup.sync = Some(Span::from_secs(1))),
            ],
            "another interval",
        ),
    ]
}
