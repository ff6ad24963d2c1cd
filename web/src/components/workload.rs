//! Many requests at once: a workload by hand, started and stopped.

use super::controls::setting;
use super::request::{field, sentence};
use crate::hooks::use_page;
use ringside_core::Span;
use ringside_sim::{Act, Ratio, Workload};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What is typed and chosen.
#[derive(Clone, PartialEq)]
struct Typed {
    rate: String,
    clients: String,
    keys: String,
    /// Percent.
    reads: String,
    /// The exponent of Zipf's law in thousandths; nothing where all keys are alike.
    zipf: String,
    /// Seconds.
    lasts: String,
}

impl Typed {
    fn new() -> Self {
        let [rate, clients, keys, reads, lasts] = ["20", "3", "5", "50", "10"].map(str::to_owned);
        Self { rate, clients, keys, reads, zipf: String::new(), lasts }
    }

    /// The workload, or which field is wrong and why.
    fn workload(&self) -> Result<Workload, (&'static str, String)> {
        let number = |name, text: &str| {
            let wrong = || (name, "write a whole number".to_owned());
            text.trim().parse::<u32>().map_err(|_| wrong())
        };
        let load = Workload {
            rate: number("rate", &self.rate)?,
            clients: number("clients", &self.clients)?,
            keys: number("keys", &self.keys)?,
            zipf: self.zipf.parse().ok(),
            reads: Ratio::new(number("reads", &self.reads)?, 100),
            lasts: Span::from_secs(u64::from(number("for", &self.lasts)?)),
        };
        load.check().map(|()| load)
    }
}

#[function_component]
pub(super) fn WorkloadForm() -> Html {
    let page = use_page();
    let typed = use_state_eq(Typed::new);
    let refused = use_state_eq(|| None::<(&'static str, String)>);
    let under_way = page.session().snapshot().loads > 0;
    let set = |change: fn(&mut Typed, String)| {
        let typed = typed.clone();
        move |value: String| {
            let mut next = (*typed).clone();
            change(&mut next, value);
            typed.set(next);
        }
    };
    let input = |name: &'static str, (key, id): (&'static str, &'static str), value: &str, change| {
        let set = set(change);
        let oninput = Callback::from(move |event: InputEvent| {
            set(event.target_unchecked_into::<HtmlInputElement>().value());
        });
        let error = refused.as_ref().filter(|(wrong, _)| *wrong == key).map(|(_, why)| sentence(why));
        field(name, id, value.to_owned(), error, oninput)
    };
    let list = |name: &'static str, values: &[(&str, &str)], value: &str, change| {
        let options = values.iter().map(|(value, word)| ((*value).to_owned(), (*word).to_owned()));
        let options: Vec<(String, String)> = options.collect();
        setting(name, options, value.to_owned(), Callback::from(set(change)))
    };
    let onsubmit = {
        let (handle, typed, refused) = (page.handle.clone(), typed.clone(), refused.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match typed.workload() {
                Ok(load) => {
                    refused.set(None);
                    handle.act(move |session| session.act(Act::Workload(load)));
                }
                Err(wrong) => refused.set(Some(wrong)),
            }
        })
    };
    let stop = page.does(|session| {
        if session.snapshot().loads > 0 {
            session.act(Act::StopWorkloads);
        } else {
            session.say("No workload is under way.");
        }
    });
    let state = if under_way { "A workload is under way." } else { "No workload is under way." };
    html! {
        <details class="mechanisms">
            <summary>{ "Workload" }</summary>
            <form class="workload" aria-label="Workload" {onsubmit}>
                <div class="fields">
                    { input("Requests/s", ("rate", "load-rate"), &typed.rate, |typed, to| typed.rate = to) }
                    { input("Clients", ("clients", "load-clients"), &typed.clients, |typed, to| typed.clients = to) }
                    { input("Keys", ("keys", "load-keys"), &typed.keys, |typed, to| typed.keys = to) }
                    { input("Seconds", ("for", "load-for"), &typed.lasts, |typed, to| typed.lasts = to) }
                </div>
                { list("Gets", &[("0", "none"), ("10", "10 %"), ("50", "50 %"), ("90", "90 %"), ("100", "all")],
                    &typed.reads, |typed, to| typed.reads = to) }
                { list("Uneven keys", &[("", "no"), ("1000", "Zipf 1"), ("2000", "Zipf 2")], &typed.zipf,
                    |typed, to| typed.zipf = to) }
                <p class="quiet">{ state }</p>
                <div class="buttons">
                    <button type="submit">{ "Start" }</button>
                    <button type="button" onclick={stop}>{ "Stop" }</button>
                </div>
            </form>
        </details>
    }
}
