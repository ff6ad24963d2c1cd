//! What can be done to the links between the selected node and another one.

use super::controls::List;
use crate::hooks::use_page;
use ringside_core::{NodeId, Span};
use ringside_sim::{Act, Delay, LinkChange, Ratio};
use yew::prelude::*;

/// How long messages take on a link that was slowed down: a good part of the usual time limit.
const SLOW: Span = Span::from_millis(100);

#[derive(Properties, PartialEq)]
pub(super) struct LinksProps {
    /// The selected node.
    pub(super) from: NodeId,
}

#[function_component]
pub(super) fn Links(props: &LinksProps) -> Html {
    let page = use_page();
    let chosen = use_state_eq(|| None::<NodeId>);
    let from = props.from;
    let session = page.session();
    let (setup, snapshot) = (session.recording().setup(), session.snapshot());
    let others: Vec<NodeId> = setup.nodes().filter(|node| *node != from).collect();
    let to = chosen.filter(|node| others.contains(node)).or_else(|| others.first().copied());
    let Some(to) = to else { return Html::default() };
    let options: Vec<(String, String)> =
        others.iter().map(|node| (node.0.to_string(), setup.name(*node).to_owned())).collect();
    let choose = Callback::from(move |value: String| chosen.set(value.parse().ok().map(NodeId)));
    let names = [setup.name(from), setup.name(to)].join(" and ");
    let network = &snapshot.network;
    let usual = |from, to| {
        let slow = snapshot.changed_links().any(|(ends, link)| *ends == (from, to) && link.delay.is_some());
        LinkChange {
            cut: Some(false),
            delay: slow.then_some(network.delay.other),
            loss: Some(network.loss),
            ..same(from, to)
        }
    };
    let cut = |from, to| LinkChange { cut: Some(true), ..same(from, to) };
    let slow = |from, to| LinkChange { delay: Some(Delay::Fixed(SLOW)), ..same(from, to) };
    let lossy = |from, to| LinkChange { loss: Some(Ratio::new(1, 2)), ..same(from, to) };
    let both = |change: &dyn Fn(NodeId, NodeId) -> LinkChange| vec![change(from, to), change(to, from)];
    let button = |verb: &'static str, changes: Vec<LinkChange>| {
        let (handle, label) = (page.handle.clone(), ["links between ", &names].concat());
        let onclick = Callback::from(move |_: MouseEvent| {
            let acts: Vec<Act> = changes.iter().cloned().map(Act::Link).collect();
            let label = label.clone();
            handle.act(move |session| session.act_all(acts, &label));
        });
        html! { <button key={verb} type="button" {onclick}>{ verb }</button> }
    };
    let changed = snapshot.changed_links().any(|(ends, _)| *ends == (from, to) || *ends == (to, from));
    html! {
        <div class="links" role="group" aria-label="Links">
            <List name="Link to" shown=true {options} value={to.0.to_string()} {choose}/>
            { button("Cut one way", vec![cut(from, to)]) }
            { button("Cut both ways", both(&cut)) }
            { button("Slow link", both(&slow)) }
            { button("Lose half", both(&lossy)) }
            if changed { { button("Mend link", both(&usual)) } }
        </div>
    }
}

const fn same(from: NodeId, to: NodeId) -> LinkChange {
    LinkChange { from, to, delay: None, loss: None, cut: None }
}
