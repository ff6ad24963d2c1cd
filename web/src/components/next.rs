//! What can happen next, as a list in which a visitor chooses: for messages in any order, for all else at its time.

use super::icons::{self, icon};
use crate::hooks::{Page, use_page};
use ringside_core::Time;
use ringside_scene::next::{Carried, Next, Sure, running};
use ringside_scene::{Thing, text};
use ringside_sim::{Act, Deed, MessageId};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Messages that are listed; that there are more is said.
const MOST: usize = 30;
/// Timers and steps that are listed.
const SOON: usize = 5;
/// Nodes that have a button of their own.
const NODES: usize = 12;

/// Has a button of the list just been pressed?
type Acted = Rc<RefCell<bool>>;

/// What can be done to a message: its name, its icon, and what it is.
const fn deeds(held: bool) -> [(&'static str, &'static str, Deed); 4] {
    let hold =
        if held { ("Release", icons::PLAY, Deed::Release) } else { ("Hold", icons::PAUSE, Deed::Hold) };
    [
        ("Deliver", "", Deed::Deliver),
        ("Drop", icons::CROSS, Deed::Drop),
        hold,
        ("Duplicate", icons::TWO, Deed::Duplicate),
    ]
}

#[function_component]
pub(super) fn WhatNext() -> Html {
    let page = use_page();
    let list = use_node_ref();
    let acted = use_mut_ref(|| false);
    {
        // The button that was pressed may be gone with its message: the focus stays in the list.
        let (list, acted) = (list.clone(), acted.clone());
        use_effect_with(page.revisions, move |_| {
            if !acted.replace(false) {
                return;
            }
            if let Some(list) = list.cast::<HtmlElement>().filter(|_| focus_is_lost()) {
                focus(list.get_elements_by_tag_name("button").item(0));
            }
        });
    }
    let title = html! { <h2>{ "What can happen next" }</h2> };
    if page.session().playing() {
        return html! {
            <section class="next" aria-label="What can happen next">
                <div class="next-title">{ title }<span class="quiet">{ "pause to choose" }</span></div>
            </section>
        };
    }
    let (next, nodes) = page.with_view(|view| {
        let named = |node| (node, view.name(node).to_owned());
        let nodes: Vec<_> = running(view).into_iter().map(named).collect();
        (Next::of(view), nodes)
    });
    let crash = |(node, name): &(ringside_core::NodeId, String)| {
        let node = *node;
        let onclick = page.does(move |session| session.act(Act::Crash(node)));
        html! { <button key={node.0} type="button" tabindex="-1" {onclick}>{ format!("Crash {name}") }</button> }
    };
    let quiet = next.messages.is_empty();
    let messages = next.messages.iter().take(MOST).enumerate();
    let sure = next.sure.iter().take(SOON).enumerate();
    html! {
        <section class="next" aria-label="What can happen next" ref={list.clone()}
            onkeydown={Callback::from(move |event| arrows(&list, &event))}>
            <details open={true}>
                <summary class="next-title">{ title }<span class="quiet">{ counted(&next) }</span></summary>
                if next.messages.len() > MOST {
                    <p class="quiet">{ format!("The first {MOST} messages:") }</p>
                }
                <ul>
                    { for messages.map(|(at, message)| row(&page, message, stop(at == 0), &acted)) }
                    { for sure.map(|(at, sure)| timer(&page, sure, stop(quiet && at == 0))) }
                </ul>
                if !next.sure.is_empty() {
                    <p class="quiet">{ "Timers and steps keep their time: what comes before them happens first." }</p>
                }
                if !nodes.is_empty() && nodes.len() <= NODES {
                    <div class="deeds crashes">{ for nodes.iter().map(crash) }</div>
                }
            </details>
        </section>
    }
}

/// One button of the list is a tab stop; arrow keys lead to the others.
const fn stop(first: bool) -> &'static str {
    if first { "0" } else { "-1" }
}

/// Left and right go from button to button, up and down from row to row.
fn arrows(list: &NodeRef, event: &KeyboardEvent) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let buttons = list.get_elements_by_tag_name("button");
    let focused = web_sys::window().and_then(|window| window.document()?.active_element());
    let here = (0..buttons.length()).find(|at| buttons.item(*at) == focused);
    let is_row = |at: &u32| buttons.item(*at).is_some_and(|button| button.has_attribute("data-row"));
    let (before, after) = (0..here.unwrap_or(0), here.map_or(0, |here| here + 1)..buttons.length());
    let to = match event.key().as_str() {
        "ArrowRight" => after.clone().next(),
        "ArrowLeft" => before.clone().next_back(),
        "ArrowDown" => after.clone().find(is_row).or_else(|| after.clone().last()),
        "ArrowUp" => before.clone().rev().find(is_row),
        "Home" => Some(0),
        "End" => buttons.length().checked_sub(1),
        _ => return,
    };
    event.prevent_default();
    focus(to.and_then(|to| buttons.item(to)));
}

fn focus(button: Option<Element>) {
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // Focus is refused to nothing that stands on the page.
        let _ = button.focus();
    }
}

/// Has nothing on the page the focus?
fn focus_is_lost() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.and_then(|document| document.active_element()).is_none_or(|element| element.tag_name() == "BODY")
}

/// How many messages there are.
fn counted(next: &Next) -> String {
    let (all, held) = (next.messages.len(), next.messages.iter().filter(|one| one.due.is_none()).count());
    match (all, held) {
        (0, _) => "no message".to_owned(),
        (1, 0) => "1 message".to_owned(),
        (all, 0) => format!("{all} messages"),
        (1, _) => "1 message, held".to_owned(),
        (all, held) => format!("{all} messages, {held} held"),
    }
}

fn row(page: &Page, message: &Carried, stop: &'static str, acted: &Acted) -> Html {
    let id = message.id;
    let held = message.due.is_none();
    let selected = page.ui.selection.message == Some(id);
    let when = match message.due {
        None => "held".to_owned(),
        Some(due) => moment(due),
    };
    let select = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.select(Thing::Message(id)))
    };
    html! {
        <li key={id.0}>
            <button type="button" class="what" tabindex={stop} data-row="" aria-pressed={selected.to_string()} onclick={select}>
                { &message.told }{ " " }<span class="quiet time">{ when }</span>
            </button>
            { buttons(page, id, held, Some((&message.told, acted))) }
        </li>
    }
}

/// The buttons of one message. In a list they are small, and named with what the message is.
pub(super) fn buttons(page: &Page, id: MessageId, held: bool, listed: Option<(&str, &Acted)>) -> Html {
    let button = |(name, path, deed): (&'static str, &'static str, Deed)| {
        let (handle, acted) = (page.handle.clone(), listed.map(|(_, acted)| Rc::clone(acted)));
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(acted) = &acted {
                *acted.borrow_mut() = true;
            }
            handle.act(move |session| session.deed(id, deed));
        });
        let Some((told, _)) = listed else {
            return html! { <button key={name} type="button" {onclick}>{ name }</button> };
        };
        let label = format!("{name} {told}, message {}", id.0);
        let shown = if deed == Deed::Deliver {
            html! { name }
        } else {
            icon(path)
        };
        html! { <button key={name} type="button" tabindex="-1" title={name} aria-label={label} {onclick}>{ shown }</button> }
    };
    html! { <span class="deeds">{ for deeds(held).into_iter().map(button) }</span> }
}

/// A moment in few characters.
fn moment(at: Time) -> String {
    text::rounded(at.since(Time::ZERO))
}

/// What comes at its time can only be waited for.
fn timer(page: &Page, Sure { at, told }: &Sure, stop: &'static str) -> Html {
    let at = *at;
    let onclick = page.on(move |session| session.go_to_time(at));
    html! {
        <li key={format!("{told} {at}")}>
            <span class="what">{ told }{ " " }<span class="quiet time">{ moment(at) }</span></span>
            <span class="deeds">
                <button type="button" tabindex={stop} data-row="" aria-label={format!("Go there, {at}: {told}")} {onclick}>{ "Go there" }</button>
            </span>
        </li>
    }
}
