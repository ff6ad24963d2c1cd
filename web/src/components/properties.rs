//! What is proved of the run so far: each property with its verdict, or `open` while the run is not over.

use super::why::{Of, Why};
use crate::hooks::use_page;
use crate::session::Session;
use ringside_sim::{Claim, Judgement, Verdict};
use yew::prelude::*;

#[function_component]
pub(super) fn Properties() -> Html {
    let page = use_page();
    let session = page.session();
    let (judged, over) = session.judgements();
    let property = |claim| property(claim, judged.iter().find(|judgement| judgement.claim == claim), over);
    html! {
        <div class="properties" aria-busy={(!session.is_judged()).then_some("true")}>
            <h2>{ "Properties so far" }</h2>
            if let Some(why) = session.unjudged() {
                <p>{ "Nobody can judge this run: " }{ why.to_owned() }{ ". Everything else works without verdicts." }</p>
                <div class="buttons">
                    <button type="button" onclick={page.on(Session::ask_judges_again)}>{ "Ask again" }</button>
                </div>
            }
            <ul>{ for Claim::ALL.into_iter().map(property) }</ul>
        </div>
    }
}

fn property(claim: Claim, judgement: Option<&Judgement>, over: bool) -> Html {
    let words = claim.name();
    let (verdict, alarm) = match judgement.map(|judgement| judgement.verdict) {
        Some(Verdict::Broken) => ("broken", true),
        Some(verdict) if over => (verdict.name(), false),
        Some(Verdict::Holds | Verdict::NotApplicable) | None => ("open", false),
    };
    let why = judgement.map_or("The judges have not been heard yet.", |judgement| &judgement.why);
    let owed = judgement.map(|judgement| if judgement.owed { "promised" } else { "not promised" });
    html! {
        <li key={words}>
            <details>
                <summary>
                    <span>{ words }</span>
                    <span class={classes!("verdict", alarm.then_some("alarm"))}>{ verdict }</span>
                </summary>
                <p>{ why }</p>
                if alarm { <Why of={Of::Property(claim)}/> }
                if let Some(owed) = owed {
                    <p class="quiet">{ format!("This configuration: {owed}.") }</p>
                }
            </details>
        </li>
    }
}
