//! What is proved of the run so far: each property with its verdict, or `open` while the run is not over.

use crate::hooks::use_page;
use ringside_sim::{Judgement, Verdict};
use yew::prelude::*;

#[function_component]
pub(super) fn Properties() -> Html {
    let page = use_page();
    let session = page.session();
    let over = session.at_end();
    // Judging reads the whole run: while it plays, once for each answer is enough.
    let looked_at = if session.playing() { 0 } else { session.position() };
    let moment = (session.generation(), session.ended_requests(), looked_at, over);
    let handle = page.handle.clone();
    let judged = use_memo(moment, move |_| {
        let session = handle.read();
        session.recording().judge(session.position())
    });
    html! {
        <div class="properties">
            <h2>{ "Properties so far" }</h2>
            <ul>{ for judged.iter().map(|judgement| property(judgement, over)) }</ul>
        </div>
    }
}

fn property(judgement: &Judgement, over: bool) -> Html {
    let words = judgement.claim.name();
    let (verdict, alarm) = match judgement.verdict {
        Verdict::Broken => ("broken", true),
        Verdict::Holds if over => ("holds", false),
        Verdict::NotApplicable if over => ("not-applicable", false),
        Verdict::Holds | Verdict::NotApplicable => ("open", false),
    };
    let owed = if judgement.owed { "promised" } else { "not promised" };
    html! {
        <li key={words}>
            <details>
                <summary>
                    <span>{ words }</span>
                    <span class={classes!("verdict", alarm.then_some("alarm"))}>{ verdict }</span>
                </summary>
                <p>{ &judgement.why }</p>
                <p class="quiet">{ format!("This configuration: {owed}.") }</p>
            </details>
        </li>
    }
}
