//! A key: where it lies, who holds it, and what each of them stores.

use super::request::values;
use crate::hooks::use_page;
use ringside_core::node::hints::Hint;
use ringside_core::{NodeId, hash};
use yew::prelude::*;

#[function_component]
pub(super) fn KeyTab() -> Html {
    let page = use_page();
    page.with_view(|view| {
        let Some(key) = view.key() else {
            return html! { <p class="quiet">{ "No key selected. Type one, or select a request." }</p> };
        };
        let n = view.snapshot.config.n;
        let list = view.snapshot.plan.ring().preference(key, n);
        let zones = if view.setup().zones.is_empty() { "" } else { ", one of each zone before a second of any" };
        let others = view.snapshot.nodes.iter().filter(|node| !list.contains(&node.id));
        let others: Vec<_> = others.filter(|node| node.store.get(key).is_some()).collect();
        let replicas = list.iter().filter_map(|node| view.snapshot.nodes.get(node.index()));
        let row = |(place, node): (Option<usize>, &ringside_sim::NodeSnapshot)| {
            let stored = node.store.get(key);
            html! {
                <tr key={node.id.0}>
                    <td class="quiet">{ place.map_or_else(|| "–".to_owned(), |place| place.to_string()) }</td>
                    <th scope="row">{ &node.name }</th>
                    <td>{ view.condition(node.id) }</td>
                    <td>
                        if let Some(stored) = stored { { values(view, stored) } }
                        else { <span class="quiet">{ "nothing" }</span> }
                    </td>
                </tr>
            }
        };
        let hints = view.snapshot.nodes.iter().flat_map(|node| {
            node.hints.of_key(key).map(move |(owner, hint)| (node, owner, hint))
        });
        let hint = |(node, owner, hint): (&ringside_sim::NodeSnapshot, NodeId, &Hint)| html! {
            <tr key={format!("{}-{}", node.id.0, owner.0)}>
                <td class="quiet">{ "–" }</td>
                <th scope="row">{ &node.name }</th>
                <td>{ view.condition(node.id) }</td>
                <td>{ values(view, &hint.versions) }{ format!(", a hint for {}", view.name(owner)) }</td>
            </tr>
        };
        html! {
            <>
                <h3><code>{ key.as_str() }</code></h3>
                <p>{ format!("Its position is {:016x}; the first {} distinct nodes clockwise from there hold it{}.",
                    hash::position(key), list.len(), zones) }</p>
                <table>
                    <thead><tr>
                        <td/><th scope="col">{ "node" }</th><th scope="col">{ "state" }</th>
                        <th scope="col">{ "stores" }</th>
                    </tr></thead>
                    <tbody>
                        { for replicas.enumerate().map(|(at, node)| row((Some(at + 1), node))) }
                        { for others.into_iter().map(|node| row((None, node))) }
                        { for hints.map(hint) }
                    </tbody>
                </table>
            </>
        }
    })
}
