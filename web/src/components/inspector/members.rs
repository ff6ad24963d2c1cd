//! The members: who believes what of whom, with the truth as the top row.

use crate::components::drawing::Drawing;
use crate::hooks::{Page, use_page, use_size};
use crate::state::UiAction;
use ringside_core::NodeId;
use ringside_scene::View;
use ringside_scene::inspect::bitmap::{Bitmap, MOST_IN_TABLE};
use ringside_scene::inspect::{Cell, Matrix, matrix};
use ringside_scene::rumour::Rumour;
use yew::prelude::*;

const SILENT: &str = "Nodes do not gossip here: nobody believes anything, and every member counts as up.";

#[function_component]
pub(super) fn MembersTab() -> Html {
    let page = use_page();
    let place = use_node_ref();
    let width = use_size(&place).width.max(240.0);
    let many = page.session().recording().setup().names.len() > MOST_IN_TABLE;
    if many {
        return html! { <div class="drawn" ref={place}>{ page.with_view(|view| picture(view, width)) }</div> };
    }
    page.with_view(|view| match matrix(view) {
        None => html! {
            <p class="quiet">{ SILENT }</p>
        },
        Some(matrix) => table(&page, view, &matrix),
    })
}

/// Many nodes: squares in place of a table.
fn picture(view: &View<'_>, width: f64) -> Html {
    let Some(map) = Bitmap::of(view) else { return html! { <p class="quiet">{ SILENT }</p> } };
    let (marks, size) = map.marks(view, width.min(420.0));
    html! {
        <>
            { for map.told(view).into_iter().map(|told| html! { <p>{ told }</p> }) }
            <Drawing {marks} {size} title="Who believes whom down"/>
            <p class="quiet">
                { format!(
                    "Each square is {0} believers by {0} nodes: dark where these are believed down, underlined where \
                     something is not so.", map.each,
                ) }
            </p>
        </>
    }
}

fn table(page: &Page, view: &View<'_>, matrix: &Matrix) -> Html {
    let name = |node: NodeId| view.name(node).to_owned();
    let chosen = view.selection.rumour;
    let head = |(node, _): &(NodeId, _)| {
        let of = *node;
        let pressed = chosen.is_some_and(|rumour| rumour.of == of);
        let onclick = {
            let page = page.clone();
            Callback::from(move |_: MouseEvent| choose(&page, of, pressed))
        };
        html! {
            <th key={of.0} scope="col">
                <button type="button" aria-pressed={pressed.to_string()}
                    aria-label={format!("News of {}", name(of))} {onclick}>{ name(of) }</button>
            </th>
        }
    };
    let cell = |(at, cell): (usize, &Cell)| {
        html! {
            <td key={at} class={classes!(cell.wrong.then_some("differs"))}>
                <span aria-hidden="true">{ cell.belief.sign() }</span>
                <span class="off-screen">
                    { cell.belief.name() }
                    if cell.wrong { { ", which is not so" } }
                </span>
            </td>
        }
    };
    let row = |(believer, cells): &(NodeId, Vec<Cell>)| {
        html! {
            <tr key={believer.0}>
                <th scope="row">{ name(*believer) }</th>
                { for cells.iter().enumerate().map(cell) }
            </tr>
        }
    };
    let differ = match matrix.differ {
        0 => "Everybody’s beliefs are true.".to_owned(),
        1 => "One belief is not true; it is outlined.".to_owned(),
        more => format!("{more} beliefs are not true; they are outlined."),
    };
    html! {
        <>
            <p>{ differ }</p>
            <table class="matrix">
                <thead><tr>
                    <th scope="col">{ "of" }</th>
                    { for matrix.truth.iter().map(head) }
                </tr></thead>
                <tbody>
                    <tr class="truth">
                        <th scope="row">{ "in truth" }</th>
                        { for matrix.truth.iter().map(|(node, _)| html! { <td key={node.0}>{ view.condition(*node) }</td> }) }
                    </tr>
                    { for matrix.rows.iter().map(row) }
                </tbody>
            </table>
            <p class="quiet">{ "Each row is what one node believes: ● up, ? suspected. Nodes that are down believe nothing." }</p>
            {
                match chosen {
                    Some(rumour) => rumour.told(view).into_iter().map(|told| html! { <p>{ told }</p> }).collect(),
                    None => html! { <p class="quiet">{ "Choose a member in the top row to see how news of it spreads." }</p> },
                }
            }
            if matrix.left_out > 0 {
                <p class="quiet">{ format!("{} more nodes, of whom nobody is wrong or for whom there is no room.", matrix.left_out) }</p>
            }
        </>
    }
}

/// Chooses the last news of a member, or none any more.
#[inline(never)]
fn choose(page: &Page, of: NodeId, pressed: bool) {
    let (name, rumour) = page.with_view(|view| (view.name(of).to_owned(), Rumour::newest(view, of)));
    if rumour.is_none() {
        page.handle
            .change(|session| session.say(format!("{name} has not gossiped yet: there is no news of it.")));
    }
    page.dispatch(UiAction::Rumour(rumour.filter(|_| !pressed)));
}
