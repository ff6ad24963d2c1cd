//! Why? A button, and in place below it the causes as an ordered list.

use crate::hooks::use_page;
use ringside_core::RequestId;
use ringside_scene::why;
use ringside_sim::Claim;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Of what the causes are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Of what just happened.
    Event,
    /// Of a request's answer.
    Answer(RequestId),
    /// Of a property that is broken.
    Property(Claim),
}

impl Of {
    /// The list's id, which the button names, and the list's accessible name.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Event => ("why-event", "Why this happened"),
            Self::Answer(_) => ("why-answer", "Why this answer"),
            Self::Property(_) => ("why-property", "Why this property is broken"),
        }
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct WhyProps {
    pub(super) of: Of,
}

/// The button and its list, which Esc closes, too.
#[function_component]
pub(super) fn Why(props: &WhyProps) -> Html {
    let page = use_page();
    let open = use_state_eq(|| false);
    let button = use_node_ref();
    let (id, name) = props.of.names();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                open.set(false);
                event.stop_propagation();
                if let Some(button) = button.cast::<HtmlElement>() {
                    // Focus is refused to nothing that stands on the page.
                    let _ = button.focus();
                }
            }
        })
    };
    let told = if *open { causes(&page, props.of) } else { Vec::new() };
    html! {
        <div class={classes!("why", open.then_some("open"))} {onkeydown}>
            <button ref={button} type="button" aria-expanded={open.to_string()}
                aria-controls={open.then_some(id)} onclick={toggle}>{ "Why?" }</button>
            if *open {
                <ol {id} aria-label={name} tabindex="0">
                    { for told.into_iter().map(|said| html! { <li>{ said }</li> }) }
                </ol>
            }
        </div>
    }
}

fn causes(page: &crate::hooks::Page, of: Of) -> Vec<String> {
    page.with_view(|view| match of {
        Of::Event => why::event(view),
        Of::Answer(request) => view.trace().op(request).map(|op| why::answer(view, op)).unwrap_or_default(),
        Of::Property(claim) => {
            let session = page.session();
            let (judged, _) = session.judgements();
            let judgement = judged.iter().find(|judgement| judgement.claim == claim);
            judgement.map(|judgement| why::property(view, judgement)).unwrap_or_default()
        }
    })
}
