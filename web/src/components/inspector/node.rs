//! A node: its condition, what it coordinates, what it stores.

use super::request::values;
use crate::components::drawing::Drawing;
use crate::hooks::use_page;
use ringside_core::{NodeId, Ring};
use ringside_scene::inspect::suspicion::Suspicion;
use ringside_scene::{Size, View, inspect};
use ringside_sim::NodeSnapshot;
use yew::prelude::*;

/// Rows of the table of keys; how many more there are is said.
const ROWS: usize = 100;

#[function_component]
pub(super) fn NodeTab() -> Html {
    let page = use_page();
    let Some(selected) = page.selection().node else {
        return html! { <p class="quiet">{ "No node selected. Select one in the ring." }</p> };
    };
    page.with_view(|view| {
        let Some(node) = view.snapshot.nodes.get(selected.index()) else { return Html::default() };
        let ring = view.snapshot.plan.ring();
        let rest = node.store.len().saturating_sub(ROWS);
        html! {
            <>
                <h3>{ format!("Node {}, {}", node.name, view.condition(node.id)) }</h3>
                <dl class="facts">
                    <dt>{ "owns" }</dt><dd>{ share(ring, selected) }</dd>
                    if let Some(zone) = view.setup().zone(selected) {
                        <dt>{ "zone" }</dt><dd>{ zone.to_owned() }</dd>
                    }
                    <dt>{ "started" }</dt><dd>{ starts(node) }</dd>
                    <dt>{ "writes" }</dt><dd>{ format!("{} coordinated since it started", node.minted) }</dd>
                    <dt>{ "requests" }</dt><dd>{ format!("{} under way here", node.coordinating.len()) }</dd>
                </dl>
                { for inspect::remarks(view, node).into_iter().map(|told| html! { <p>{ told }</p> }) }
                if !page.session().playing() { { suspicion(view, selected) } }
                { beliefs(view, selected) }
                if node.store.is_empty() {
                    <p class="quiet">{ "It stores nothing." }</p>
                } else {
                    <table>
                        <thead><tr><th scope="col">{ "key" }</th><th scope="col">{ "stores" }</th></tr></thead>
                        <tbody>
                            { for node.store.iter().take(ROWS).map(|(key, siblings)| html! {
                                <tr key={key.as_str()}>
                                    <th scope="row"><code>{ key.as_str() }</code></th>
                                    <td>{ values(view, siblings) }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                }
                if !node.hints.is_empty() {
                    <table>
                        <caption>{ "Hints it keeps for others" }</caption>
                        <thead><tr>
                            <th scope="col">{ "for" }</th><th scope="col">{ "key" }</th><th scope="col">{ "keeps" }</th>
                        </tr></thead>
                        <tbody>
                            { for node.hints.iter().take(ROWS).map(|(owner, key, hint)| html! {
                                <tr key={format!("{}-{key}", owner.0)}>
                                    <td>{ view.name(owner) }</td>
                                    <th scope="row"><code>{ key.as_str() }</code></th>
                                    <td>{ values(view, &hint.versions) }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                }
                if rest > 0 { <p class="quiet">{ format!("and {rest} more keys") }</p> }
            </>
        }
    })
}

/// How sure somebody is that this node is down, over time; nothing where nodes do not gossip.
fn suspicion(view: &View<'_>, node: NodeId) -> Html {
    /// In larger clusters going through the last stretch again takes longer than a frame.
    const MOST: usize = 64;
    let found = Some(node).filter(|_| view.snapshot.nodes.len() <= MOST);
    let Some(suspicion) = found.and_then(|node| Suspicion::of(view, node)) else { return Html::default() };
    let size = Size { width: 320.0, height: 120.0 };
    html! {
        <>
            <Drawing marks={suspicion.marks(size)} {size} title="Phi over time"/>
            <p>{ suspicion.told(view) }</p>
        </>
    }
}

/// What the node believes of the others; nothing where nodes do not gossip.
fn beliefs(view: &View<'_>, node: NodeId) -> Html {
    let rows = inspect::beliefs(view, node);
    if rows.is_empty() {
        return Html::default();
    }
    let rest = rows.len().saturating_sub(ROWS);
    html! {
        <>
            <table class="tight">
                <caption>{ "What it believes of the others" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "node" }</th>
                        <th scope="col">{ "believed" }</th>
                        <th scope="col">{ "heartbeat" }</th>
                        <th scope="col">{ "silent for" }</th>
                        <th scope="col">{ "phi" }</th>
                    </tr>
                </thead>
                <tbody>
                    { for rows.into_iter().take(ROWS).map(|row| html! {
                        <tr key={row.member.0}>
                            <th scope="row">{ row.name }</th>
                            <td>{ row.opinion }</td>
                            <td>{ row.heartbeat }</td>
                            <td>{ row.silence.unwrap_or_default() }</td>
                            <td>{ row.phi.unwrap_or_default() }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            if rest > 0 { <p class="quiet">{ format!("and {rest} more nodes") }</p> }
        </>
    }
}

/// How much of the ring a node owns first, in percent, and in how many ranges.
fn share(ring: &Ring, node: NodeId) -> String {
    let owned = ring.ranges().filter(|range| range.node == node);
    let (count, length) = owned.fold((0, 0), |(count, length), range| (count + 1, length + range.len()));
    let hundredths = length * 10_000 / Ring::WHOLE;
    let ranges = if count == 1 { "range" } else { "ranges" };
    format!("{}.{:02} % of the ring, in {count} {ranges}", hundredths / 100, hundredths % 100)
}

fn starts(node: &NodeSnapshot) -> String {
    match node.actor.boot {
        0 => "once".to_owned(),
        1 => "twice".to_owned(),
        boot => format!("{} times", boot + 1),
    }
}
