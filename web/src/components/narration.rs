//! One sentence: what just happened, and why. The only part of the page that speaks by itself.

use super::help;
use super::lecture;
use super::why::{Of, Why};
use crate::hooks::use_page;
use ringside_scene::narrate;
use yew::prelude::*;

#[function_component]
pub(super) fn Narration() -> Html {
    let page = use_page();
    let session = page.session();
    let sentence = page.with_view(narrate::sentence);
    let sentence = html! { <><b>{ sentence.lead }</b>{ " " }{ help::explained(&sentence.rest) }</> };
    let playing = session.playing();
    let said = if session.warns() { "said warning" } else { "said" };
    // While it plays, the sentence runs by for eyes only; what is read out is the status.
    html! {
        <section class="narration" aria-label="Narration" tabindex="0">
            if page.ui.lecture { { lecture::words(&page) } }
            if playing { <p class="sentence">{ sentence.clone() }</p> }
            <p class="status" role="status">
                if !playing { <span class="sentence">{ sentence }</span>{ " " } }
                <span class={said}>{ session.status() }</span>
            </p>
            if !playing { <Why of={Of::Event}/> }
        </section>
    }
}
