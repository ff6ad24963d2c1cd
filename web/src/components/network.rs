//! What the network does to every message: lists, each an act where the clock stands.

use super::controls::choices;
use crate::hooks::use_page;
use ringside_core::{Kind, Span};
use ringside_sim::{Act, Delay, Delays, NetworkChange, Preset, Ratio};
use yew::prelude::*;

/// Shares of the messages, in percent.
const SHARES: [u32; 7] = [0, 1, 5, 10, 25, 50, 100];

#[function_component]
pub(super) fn Network() -> Html {
    let page = use_page();
    let network = page.session().snapshot().network.clone();
    let list = |name: &'static str, changes: Vec<(String, NetworkChange)>| {
        let in_force = |change: &NetworkChange| network.changed(change) == network;
        let other = || {
            let delay = network.delay.of(Kind::Write);
            if name != "Delay" {
                "other".to_owned()
            } else if Delays::all(delay) == network.delay {
                words(&delay)
            } else {
                "by kind".to_owned()
            }
        };
        let handle = page.handle.clone();
        choices(name, changes, in_force, other, move |_, change| {
            let change = change.clone();
            handle.act(move |session| session.act(Act::Network(change)));
        })
    };
    html! {
        <details class="mechanisms">
            <summary>{ "Network" }</summary>
            { list("Delay", delays()) }
            { list("Loss", shares(|loss| NetworkChange { loss: Some(loss), ..NetworkChange::default() })) }
            { list("Duplicates", shares(|share| NetworkChange { duplicate: Some(share), ..NetworkChange::default() })) }
        </details>
    }
}

fn delays() -> Vec<(String, NetworkChange)> {
    let fixed = |millis| Delay::Fixed(Span::from_millis(millis));
    let offered = [
        fixed(1),
        fixed(10),
        fixed(100),
        Delay::Uniform { low: Span::from_millis(1), high: Span::from_millis(10) },
        Delay::Exponential { mean: Span::from_millis(5) },
        Delay::Preset(Preset::LnkdSsd),
        Delay::Preset(Preset::LnkdDisk),
        Delay::Preset(Preset::Ymmr),
    ];
    let change = |delay| NetworkChange { delay: Some(delay), ..NetworkChange::default() };
    offered.into_iter().map(|delay| (words(&delay), change(delay))).collect()
}

/// A delay in a word or two.
fn words(delay: &Delay) -> String {
    match delay {
        Delay::Fixed(span) => span.to_string(),
        Delay::Uniform { low, high } => [&low.to_string(), " to ", &high.to_string()].concat(),
        Delay::Exponential { mean } => ["about ", &mean.to_string()].concat(),
        Delay::Pareto { min, .. } => ["from ", &min.to_string()].concat(),
        Delay::Preset(preset) => preset.name().to_owned(),
    }
}

fn shares(change: fn(Ratio) -> NetworkChange) -> Vec<(String, NetworkChange)> {
    SHARES
        .into_iter()
        .map(|share| ([&share.to_string(), " %"].concat(), change(Ratio::new(share, 100))))
        .collect()
}
