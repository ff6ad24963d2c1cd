//! The whole run as one slider: its value is the position, and it says the time.

use crate::hooks::use_page;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[function_component]
pub(super) fn Timeline() -> Html {
    let page = use_page();
    let input = use_node_ref();
    let session = page.session();
    let (position, len) = (session.position(), session.recording().len());
    let (event, time) = (format!("event {position} of {len}, "), session.time().to_string());
    let words = format!("{event}{time}");
    {
        let (input, value) = (input.clone(), position.to_string());
        use_effect(move || {
            if let Some(input) = input.cast::<HtmlInputElement>()
                && input.value() != value
            {
                input.set_value(&value);
            }
        });
    }
    // Looking at another moment changes nothing, so it follows the hand.
    let go = {
        let handle = page.handle.clone();
        move |input: &HtmlInputElement| {
            let to = input.value_as_number();
            if to.is_finite() {
                handle.change(|session| session.go_to(to as u64));
            }
        }
    };
    let oninput = {
        let go = go.clone();
        Callback::from(move |event: InputEvent| go(&event.target_unchecked_into()))
    };
    let onchange = Callback::from(move |event: Event| go(&event.target_unchecked_into()));
    let shortened = session.shortened().then_some(", quiet time shortened");
    html! {
        <div class="timeline">
            <input ref={input} type="range" aria-label="Timeline" aria-valuetext={words}
                min="0" max={len.to_string()} step="1" value={position.to_string()} {oninput} {onchange}/>
            <span class="timeline-words" aria-hidden="true">
                <span class="timeline-event">{ event }</span>{ time }{ shortened }
            </span>
        </div>
    }
}
