//! A request: who asked what, how it went, who answered.

use crate::components::about::About;
use crate::components::controls::List;
use crate::components::drawing::Drawing;
use crate::components::why::{Of, Why};
use crate::hooks::use_page;
use crate::state::UiAction;
use ringside_core::{RequestId, Siblings};
use ringside_scene::overlap::{Overlap, marks};
use ringside_scene::quorum::{Answered, Progress, Slot};
use ringside_scene::{Size, Thing, View, text};
use ringside_sim::Op;
use ringside_sim::trace::OpKind;
use yew::prelude::*;

/// Requests in the list: while nothing moves, and while the clock runs.
const LISTED: [usize; 2] = [60, 12];

#[function_component]
pub(super) fn RequestTab() -> Html {
    let page = use_page();
    let choose = {
        let page = page.clone();
        Callback::from(move |number: String| {
            if let Ok(number) = number.parse() {
                page.dispatch(UiAction::Select(Thing::Request(RequestId(number))));
            }
        })
    };
    page.with_view(|view| {
        let Some(op) = view.op() else {
            return html! {
                <>
                    <p class="quiet">{ "No request yet. Type a key and a value, then put." }</p>
                    <About/>
                </>
            };
        };
        let begun = view.begun();
        let listed = LISTED[usize::from(page.session().playing())];
        let latest = begun.iter().rev().take(listed);
        // The selected one is in the list, however long ago it began.
        let older = Some(op).filter(|op| begun.len() as u64 > op.request.0 + listed as u64);
        let options: Vec<(String, String)> =
            latest.chain(older).map(|op| (op.request.0.to_string(), short(op))).collect();
        let rest = begun.len().saturating_sub(options.len());
        html! {
            <>
                if options.len() > 1 {
                    <List name="Shown request" {options} value={op.request.0.to_string()} choose={choose.clone()}/>
                }
                if rest > 0 {
                    <p class="quiet">{ format!("{rest} earlier requests are in the log.") }</p>
                }
                { facts(view, op) }
                <Why of={Of::Answer(op.request)}/>
                { answers(view, op) }
                { overlap(view, op) }
            </>
        }
    })
}

fn short(op: &Op) -> String {
    format!("{} · {} {}", op.id, op.kind.name(), op.key)
}

fn facts(view: &View<'_>, op: &Op) -> Html {
    let end = op.end_by(view.position);
    let outcome = end.map_or_else(
        || html! { "under way" },
        |end| {
            let took = format!(" after {}", end.at.since(op.start));
            let failed = matches!(end.outcome, ringside_sim::OpOutcome::Failed).then_some("alarm");
            html! { <><b class={classes!(failed)}>{ end.outcome.name() }</b>{ took }</> }
        },
    );
    let value = match &op.kind {
        OpKind::Put(value) => html! { <>{ " = " }<code>{ value.as_str() }</code></> },
        OpKind::Get | OpKind::Delete => Html::default(),
    };
    let coordinator = op.coordinator.filter(|(_, since)| *since <= view.position);
    let dot = op.dot.filter(|(_, since)| *since <= view.position);
    let returned = end.and_then(|end| end.returned.as_ref());
    let error = end.and_then(|end| end.error.clone());
    html! {
        <>
            <h3>{ op.kind.name() }{ " " }<code>{ op.key.as_str() }</code>{ value }{ " " }
                <span class="quiet">{ &op.id }</span></h3>
            <dl class="facts">
                <dt>{ "client" }</dt><dd>{ format!("{}, through {}", op.client, view.name(op.via)) }</dd>
                if let Some((node, _)) = coordinator {
                    <dt>{ "coordinator" }</dt><dd>{ view.name(node) }</dd>
                }
                <dt>{ "outcome" }</dt><dd>{ outcome }</dd>
                if let Some(error) = error { <dt>{ "told" }</dt><dd>{ error }</dd> }
                if let Some((dot, _)) = dot {
                    <dt>{ "version" }</dt><dd><code class="version">{ text::dot(view, dot) }</code></dd>
                }
                if op.kind.is_write() {
                    <dt>{ "context" }</dt><dd>{ context(view, op) }</dd>
                }
                if let Some(returned) = returned.filter(|_| !op.kind.is_write()) {
                    <dt>{ "values" }</dt><dd>{ values(view, returned) }</dd>
                }
            </dl>
        </>
    }
}

fn context(view: &View<'_>, op: &Op) -> String {
    let Some(context) = &op.carried else { return "none".to_owned() };
    let dots: Vec<String> = context.vector().iter().map(|dot| text::dot(view, dot)).collect();
    if dots.is_empty() { "none".to_owned() } else { dots.join(", ") }
}

/// Values with the names of their versions.
pub(super) fn values(view: &View<'_>, siblings: &Siblings) -> Html {
    if siblings.versions().is_empty() {
        return html! { <span class="quiet">{ "nothing" }</span> };
    }
    let one = |version: &std::sync::Arc<ringside_core::Version>| {
        html! {
            <span class="stored">
                <code>{ text::content(&version.content) }</code>{ " " }
                <code class="version">{ text::dot(view, version.dot) }</code>
            </span>
        }
    };
    html! { { for siblings.versions().iter().map(one) } }
}

/// For a get: who acknowledged the last put and who answered it, in two rows, and a bar where they are the same.
fn overlap(view: &View<'_>, op: &Op) -> Html {
    let Some(overlap) = Overlap::of(view).filter(|overlap| overlap.get.request == op.request) else {
        return Html::default();
    };
    let size = Size { width: (112.0 + 46.0 * overlap.cells.len() as f64).min(360.0), height: 76.0 };
    html! {
        <>
            <h4>{ "Overlap" }</h4>
            <Drawing marks={marks(view, size)} {size} title="Who acknowledged the put, and who answered the get"/>
            <p>{ overlap.told(view) }</p>
        </>
    }
}

fn answers(view: &View<'_>, op: &Op) -> Html {
    let Some(progress) = Progress::of(view, op) else {
        return html! { <p class="quiet">{ "No coordinator has taken charge of it yet." }</p> };
    };
    let write = op.kind.is_write();
    let row = |(place, slot): (usize, &Slot)| {
        let own = slot.answerer() == progress.coordinator;
        let (answer, at) = match slot.answer {
            Answered::Waiting => (if view.is_up(slot.answerer()) { "not yet" } else { "down" }, None),
            Answered::Counted(_, at) if own => {
                (if write { "stored, coordinates" } else { "own copy" }, Some(at))
            }
            Answered::Counted(_, at) => (if write { "ack" } else { "reply" }, Some(at)),
            Answered::Late(at) => ("late", Some(at)),
            Answered::Silent => ("never came", None),
        };
        html! {
            <tr key={place}>
                <td class="quiet">{ place + 1 }</td>
                <th scope="row">
                    { view.name(slot.answerer()) }
                    if slot.fallback.is_some() { { format!(" for {}", view.name(slot.node)) } }
                </th>
                <td>
                    { answer }
                    if let Some(holder) = slot.kept_by { { format!("; {} keeps a hint", view.name(holder)) } }
                </td>
                <td class="time">{ at.map_or_else(|| "–".to_owned(), |at| at.to_string()) }</td>
                if !write { <td>{ slot.versions.as_ref().map(|held| values(view, held)) }</td> }
            </tr>
        }
    };
    let asked = match (write, progress.need) {
        (true, 1) => "ack",
        (true, _) => "acks",
        (false, 1) => "reply",
        (false, _) => "replies",
    };
    html! {
        <>
            <p>{ format!("{} of {} {asked}", progress.have(), progress.need) }</p>
            <table>
                <thead><tr>
                    <td/><th scope="col">{ "node" }</th><th scope="col">{ "answer" }</th><th scope="col">{ "at" }</th>
                    if !write { <th scope="col">{ "holds" }</th> }
                </tr></thead>
                <tbody>{ for progress.slots.iter().enumerate().map(row) }</tbody>
            </table>
        </>
    }
}
