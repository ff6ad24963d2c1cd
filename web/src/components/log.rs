//! What happened, one line an event: a window round the position, so that a long run costs no more than a short one.

use crate::hooks::{use_page, use_size};
use crate::paint::after_layout;
use ringside_scene::narrate;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Lines before and after the position: while nothing moves, and while the clock runs, when nobody reads far.
const AROUND: [u64; 2] = [30, 10];

#[function_component]
pub(super) fn EventLog() -> Html {
    let page = use_page();
    let pane = use_node_ref();
    let here = use_node_ref();
    let size = use_size(&pane);
    let session = page.session();
    let (position, len) = (session.position(), session.recording().len());
    let playing = session.playing();
    let around = AROUND[usize::from(playing)];
    let first = position.saturating_sub(around).max(1);
    let last = (position + around).min(len);
    {
        let (pane, here) = (pane.clone(), here.clone());
        use_effect_with((position, session.generation(), size), move |_| {
            // Asked now where a line stands, the browser would have to lay out the page twice.
            after_layout(move || {
                if let (Some(pane), Some(here)) = (pane.cast::<HtmlElement>(), here.cast::<HtmlElement>()) {
                    let middle = here.offset_top() - (pane.client_height() - here.offset_height()) / 2;
                    pane.set_scroll_top(middle);
                }
            });
        });
    }
    let lines: Vec<Html> = page.with_view(|view| {
        (first..=last)
            .map(|at| {
                let words = narrate::line(view, at);
                let time = view.trace().time_of(at).to_string();
                let now = at == position;
                // While the clock runs lines take on other words: to make them anew ten times a second costs more.
                let key = if playing { at - first } else { at };
                let class = classes!("line", (at > position).then_some("future"), now.then_some("now"));
                html! {
                    <li {key} ref={if now { here.clone() } else { NodeRef::default() }}>
                        <button type="button" {class} tabindex={if now { "0" } else { "-1" }}
                            aria-current={now.then_some("true")} onclick={page.on(move |session| session.go_to(at))}>
                            <span class="line-time">{ time }</span><span>{ words }</span>
                        </button>
                    </li>
                }
            })
            .collect()
    });
    let before = first.saturating_sub(1);
    let after = len.saturating_sub(last);
    html! {
        <section class="log" aria-label="Event log" tabindex="0" ref={pane}>
            if before > 0 { <p class="quiet">{ format!("{before} earlier events") }</p> }
            if len == 0 { <p class="quiet">{ "Nothing has happened yet." }</p> }
            <ol>{ for lines }</ol>
            if after > 0 { <p class="quiet">{ format!("{after} later events") }</p> }
        </section>
    }
}
