//! A message: who sent it to whom, what it carries, where it is.

use crate::components::next::buttons;
use crate::hooks::use_page;
use ringside_scene::inspect;
use ringside_sim::Deed;
use yew::prelude::*;

#[function_component]
pub(super) fn MessageTab() -> Html {
    let page = use_page();
    page.with_view(|view| {
        let Some(id) = view.selection.message else {
            return html! {
                <p class="quiet">{ "No message selected. Select one in the ring or in the space-time diagram." }</p>
            };
        };
        let Some(card) = inspect::message(view, id) else {
            return html! { <p class="quiet">{ "The selected message has not been sent yet." }</p> };
        };
        let op = card.request.and_then(|request| view.trace().op(request));
        html! {
            <>
                <h3>{ card.title }</h3>
                <dl class="facts">
                    <dt>{ "state" }</dt><dd>{ card.told }</dd>
                    if let Some(carries) = card.carries { <dt>{ "carries" }</dt><dd>{ carries }</dd> }
                    if let Some(op) = op { <dt>{ "request" }</dt><dd>{ format!("{} ({})", inspect::title(op), op.id) }</dd> }
                </dl>
                if let Some(deed) = page.session().hold_or_release(id) {
                    { buttons(&page, id, deed == Deed::Release, None) }
                }
            </>
        }
    })
}
