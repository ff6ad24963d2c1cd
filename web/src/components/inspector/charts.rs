//! Charts: how long requests took and how fresh gets were, beside what is predicted.

use crate::components::drawing::Drawing;
use crate::hooks::{use_page, use_size};
use crate::judges;
use ringside_core::Span;
use ringside_scene::charts::{
    Measured, PERCENTILES, Predicted, SINCE, latencies, percentile, predicted_percentile,
};
use ringside_scene::{Size, text};
use yew::platform::spawn_local;
use yew::prelude::*;

#[function_component]
pub(super) fn ChartsTab() -> Html {
    let page = use_page();
    let place = use_node_ref();
    let width = use_size(&place).width.clamp(240.0, 420.0);
    let predicted = use_state_eq(Predicted::default);
    let session = page.session();
    let config = session.snapshot().config.clone();
    {
        // The delays are the scenario's, so another run is another question.
        let asked = (session.generation(), config.n, config.r, config.w);
        let (predicted, handle) = (predicted.clone(), page.handle.clone());
        use_effect_with(asked, move |&(_, n, r, w)| {
            let scenario = handle.read().recording().scenario().to_bytes();
            spawn_local(async move {
                let numbers = judges::predict(&scenario, n, r, w).await.unwrap_or_default();
                predicted.set(Predicted::from_numbers(&numbers));
            });
        });
    }
    let measured = page.with_view(Measured::of);
    html! {
        <div class="drawn" ref={place}>
            { requests(&measured, &predicted, width) }
            { freshness(&measured, &predicted) }
            <p class="quiet">
                { "Predicted by the WARS model from the delays of the links: it knows of no faults, no loss, no repair and \
                   no other traffic." }
            </p>
        </div>
    }
}

fn requests(measured: &Measured, predicted: &Predicted, width: f64) -> Html {
    if measured.puts.is_empty() && measured.gets.is_empty() {
        return html! { <p class="quiet">{ "No request has succeeded yet; what is predicted is here already." }</p> };
    }
    let size = Size { width, height: 132.0 };
    let told = |span: Option<Span>| span.map_or_else(|| "–".to_owned(), text::rounded);
    let row = |thousandths: u32| {
        html! {
            <tr key={thousandths}>
                <th scope="row">{ format!("{} %", f64::from(thousandths) / 10.0) }</th>
                <td>{ told(percentile(&measured.puts, thousandths)) }</td>
                <td>{ told(predicted_percentile(&predicted.puts, thousandths)) }</td>
                <td>{ told(percentile(&measured.gets, thousandths)) }</td>
                <td>{ told(predicted_percentile(&predicted.gets, thousandths)) }</td>
            </tr>
        }
    };
    html! {
        <>
            <Drawing marks={latencies("Puts answered within", &measured.puts, &predicted.puts, size)} {size}
                title="How long puts take"/>
            <Drawing marks={latencies("Gets answered within", &measured.gets, &predicted.gets, size)} {size}
                title="How long gets take"/>
            <p class="quiet">{ "Solid line: measured so far. Dashed: predicted, for a coordinator that is a replica, so without the way of a forwarded request." }</p>
            <table>
                <caption>
                    { format!("Time to an answer, of those that succeeded: puts {}, gets {}", measured.puts.len(), measured.gets.len()) }
                </caption>
                <thead><tr>
                    <th scope="col">{ "fastest" }</th>
                    <th scope="col">{ "put" }</th><th scope="col">{ "predicted" }</th>
                    <th scope="col">{ "get" }</th><th scope="col">{ "predicted" }</th>
                </tr></thead>
                <tbody>{ for PERCENTILES.into_iter().map(row) }</tbody>
            </table>
        </>
    }
}

fn freshness(measured: &Measured, predicted: &Predicted) -> Html {
    if measured.gaps.is_empty() {
        return html! { <p class="quiet">{ "No get has followed an acknowledged put of its key yet." }</p> };
    }
    let known = (!predicted.waits.is_empty()).then_some(predicted);
    let percent = |part: f64| format!("{:.1} %", part * 100.0);
    let rows = measured.fresh(known).into_iter().zip(SINCE).filter(|(fresh, _)| fresh.gets > 0);
    html! {
        <table>
            <caption>{ "Gets that knew of the last acknowledged put" }</caption>
            <thead><tr>
                <th scope="col">{ "begun after it" }</th><th scope="col">{ "gets" }</th>
                <th scope="col">{ "fresh" }</th><th scope="col">{ "predicted" }</th>
            </tr></thead>
            <tbody>
                { for rows.map(|(fresh, to)| html! {
                    <tr key={to}>
                        <th scope="row">
                            { if to == u64::MAX { "later".to_owned() } else { format!("under {}", Span::from_micros(to)) } }
                        </th>
                        <td>{ fresh.gets }</td>
                        <td>{ percent(fresh.fresh as f64 / fresh.gets as f64) }</td>
                        <td>{ fresh.predicted.map_or_else(|| "–".to_owned(), percent) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}
