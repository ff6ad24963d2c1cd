//! The whole run as one slider: its value is the position, and it says the time.

use super::lesson::StopMarks;
use super::spacetime::shown;
use crate::hooks::use_page;
use crate::session::{Branch, Session};
use crate::state::Depth;
use ringside_core::Span;
use ringside_core::order::by_number;
use ringside_scene::text;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Landmarks that are drawn.
const MOST: usize = 150;

#[function_component]
pub(super) fn Timeline() -> Html {
    let page = use_page();
    let input = use_node_ref();
    let session = page.session();
    let (position, len) = (session.position(), session.recording().len());
    let (event, time) = (format!("event {position} of {len}"), session.time().to_string());
    let words = format!("{event}, {time}");
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
    let place = |at: u64| (at * 1_000 / len.max(1)).to_string();
    let forks = forks(&session).into_iter().map(|at| {
        html! { <line key={format!("fork {at}")} class="fork" x1={place(at)} x2={place(at)} y1="0" y2="10"/> }
    });
    let middle = |at: u64| ((2 * at + 1) * 500 / len.max(1)).to_string();
    let gaps = session.quiet_gaps();
    // Of the gap only what is left of it.
    let past = session.time().since(session.recording().trace().time_of(position)).as_micros();
    let here = gaps.iter().find(|(at, _)| *at == position);
    let here = here.map(|(_, micros)| Span::from_micros(micros.saturating_sub(past)));
    let quiet = here
        .filter(|_| session.shortened() || !session.playing())
        .map(|gap| format!(", then {} of quiet", text::rounded(gap)));
    let every = gaps.len().div_ceil(MOST).max(1);
    let gaps = gaps.into_iter().step_by(every).enumerate().map(|(line, (at, _))| {
        html! { <line key={format!("gap {line}")} class="gap" x1={middle(at)} x2={middle(at)} y1="0" y2="10"/> }
    });
    let explores = page.ui.depth == Depth::Explore && !page.ui.lecture;
    let window =
        explores.then(|| page.with_view(shown)).filter(|(from, to)| to - from < len).map(|(from, to)| {
            let width = (to - from) * 1_000 / len.max(1);
            html! { <rect class="shown" x={place(from)} width={width.to_string()} y="0" height="10"/> }
        });
    // One path: all of them move when the run gets longer.
    let landmarks: String =
        landmarks(&session).into_iter().map(|at| ["M", &place(at), " 0V10"].concat()).collect();
    html! {
        <div class="timeline">
            <svg class="landmarks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                { window }
                { for gaps }
                <path d={landmarks} vector-effect="non-scaling-stroke"/>
                { for forks }
            </svg>
            <StopMarks/>
            <input ref={input} type="range" aria-label="Timeline" aria-valuetext={words}
                min="0" max={len.to_string()} step="1" value={position.to_string()} {oninput} {onchange}/>
            <span class="timeline-words" aria-hidden="true">
                <span class="timeline-event">{ event }{ " · " }</span>{ time }<span class="timeline-quiet">{ quiet }</span>
            </span>
        </div>
    }
}

/// Where the run on the page left another one, and where others left it.
fn forks(session: &Session) -> Vec<u64> {
    let shown = session.branch();
    let others = session.branches().iter().filter_map(Branch::fork).filter(|fork| fork.from == shown.id);
    shown.fork().into_iter().chain(others).map(|fork| fork.position).collect()
}

/// Where requests begin and end, and where something else is done: what one looks for in a long run.
fn landmarks(session: &Session) -> Vec<u64> {
    let trace = session.recording().trace();
    // Of very many requests some: not every one would have a line of its own anyway.
    let some = trace.ops.len().div_ceil(MOST * 4).max(1);
    let ends = trace.ops.iter().step_by(some).filter_map(|op| op.end.as_ref().map(|end| end.position));
    let mut all: Vec<u64> = trace.acts.iter().copied().chain(ends).collect();
    by_number(&mut all, |place| *place);
    all.dedup();
    // More lines than these would be a grey bar; the others are in the log.
    let every = all.len().div_ceil(MOST).max(1);
    all.into_iter().step_by(every).collect()
}
