//! What a scenario says of itself: paragraphs, with **bold** in them. More of Markdown is shown as it is written.

use crate::hooks::use_page;
use yew::prelude::*;

#[function_component]
pub(super) fn About() -> Html {
    let page = use_page();
    let session = page.session();
    let scenario = session.recording().scenario();
    html! { <>{ for scenario.about.split("\n\n").map(paragraph) }</> }
}

/// The column of the stage Story: the title and what the scenario says of itself.
#[function_component]
pub(super) fn Introduction() -> Html {
    let page = use_page();
    html! {
        <section class="introduction panel" aria-label="About" tabindex="0">
            <h2>{ page.session().recording().scenario().title.clone() }</h2>
            <About/>
        </section>
    }
}

/// The same, folded away, once the inspector has more to show.
#[function_component]
pub(super) fn FoldedAbout() -> Html {
    let page = use_page();
    let session = page.session();
    if session.recording().scenario().about.is_empty() || page.with_view(|view| view.op().is_none()) {
        return Html::default();
    }
    html! {
        <details class="about">
            <summary>{ "About this scenario" }</summary>
            <About/>
        </details>
    }
}

fn paragraph(text: &str) -> Html {
    if text.trim().is_empty() {
        return Html::default();
    }
    html! {
        <p>{ for text.trim().split("**").enumerate().map(|(at, part)| match at % 2 {
            0 => html! { { part } },
            _ => html! { <b>{ part }</b> },
        }) }</p>
    }
}
