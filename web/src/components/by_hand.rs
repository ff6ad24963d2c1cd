//! In a story, at a step of a lesson that has something to do: the controls to do it with, and no others. In Explore all of
//! them are there anyway.

use super::controls::Slider;
use super::mechanisms;
use super::members::Join;
use super::messages::Messages;
use super::next::WhatNext;
use super::request::RequestForm;
use crate::hooks::{Page, use_page};
use crate::session::{Quorum, Session};
use crate::state::UiAction;
use ringside_sim::lesson::Way;
use ringside_sim::{Act, ConfigChange};
use yew::prelude::*;

/// Virtual nodes that the slider goes to.
const VNODES: i32 = 256;

#[derive(Properties, PartialEq)]
pub(super) struct ByHandProps {
    /// What is to be done.
    pub(super) way: Way,
}

#[function_component]
pub(super) fn ByHand(props: &ByHandProps) -> Html {
    let page = use_page();
    let acts: Vec<&Act> = match &props.way {
        Way::Deeds(deeds) => deeds.iter().map(|deed| &deed.act).collect(),
        Way::Vnodes(_) => return html! { <div class="by-hand">{ vnodes(&page) }</div> },
        Way::Select(_) => return Html::default(),
    };
    let any = |wanted: fn(&Act) -> bool| acts.iter().any(|act| wanted(act));
    let set = acts.iter().filter_map(|act| if let Act::Set(change) = act { Some(change) } else { None });
    let tricks: Vec<&str> = acts.iter().filter(|act| of_messages(act)).map(|act| act.name()).collect();
    let where_it_is = if any(|act| matches!(act, Act::Partition(_))) {
        "By hand: Partition is next to the ring."
    } else {
        "By hand: select a node; what can be done to it is next to the ring."
    };
    html! {
        <div class="by-hand" role="group" aria-label="By hand">
            if any(on_the_ring) { <p class="quiet">{ where_it_is }</p> }
            { for set.map(|change| setting(&page, change)) }
            if any(|act| matches!(act, Act::Join(_))) { <Join/> }
            if !tricks.is_empty() { <Messages only={tricks}/> }
            if any(|act| matches!(act, Act::ToMessage { .. })) { <WhatNext/> }
            if any(|act| matches!(act, Act::Operation(_))) { <RequestForm/> }
        </div>
    }
}

/// Is it done to a node, a link or a part of the network, beside the ring?
pub(super) const fn on_the_ring(act: &Act) -> bool {
    match act {
        Act::Crash(_)
        | Act::Restart(_)
        | Act::RestartOld(_)
        | Act::Wipe(_)
        | Act::Pause(_)
        | Act::Resume(_)
        | Act::Repair(_)
        | Act::Leave(_)
        | Act::Abort(_)
        | Act::Replace { .. }
        | Act::Slow { .. }
        | Act::Skew { .. }
        | Act::Drift { .. }
        | Act::Link(_)
        | Act::Partition(_)
        | Act::Heal => true,
        Act::Operation(_)
        | Act::Hold(_)
        | Act::Release(_)
        | Act::Drop { .. }
        | Act::Duplicate { .. }
        | Act::Replay { .. }
        | Act::Corrupt { .. }
        | Act::Workload(_)
        | Act::StopWorkloads
        | Act::Network(_)
        | Act::Set(_)
        | Act::Join(_)
        | Act::Note
        | Act::ToMessage { .. } => false,
    }
}

/// Is it done to messages by what they are?
const fn of_messages(act: &Act) -> bool {
    matches!(
        act,
        Act::Hold(_)
            | Act::Release(_)
            | Act::Drop { .. }
            | Act::Duplicate { .. }
            | Act::Replay { .. }
            | Act::Corrupt { .. }
    )
}

/// What sets the settings that this change changes.
fn setting(page: &Page, change: &ConfigChange) -> Html {
    let config = page.session().snapshot().config.clone();
    let numbers = [
        ("N", Quorum::N, change.n, config.n, ringside_core::Config::MAX_N),
        ("R", Quorum::R, change.r, config.r, config.n),
        ("W", Quorum::W, change.w, config.w, config.n),
    ];
    let slider = |(name, which, _, value, max): (&'static str, Quorum, Option<u32>, u32, u32)| {
        let handle = page.handle.clone();
        let commit =
            Callback::from(move |to: i32| handle.act(move |session| session.set_quorum(which, number(to))));
        html! { <Slider {name} min=1 max={max as i32} value={value as i32} {commit}/> }
    };
    html! {
        <>
            { for numbers.into_iter().filter(|number| number.2.is_some()).map(slider) }
            { mechanisms::lists_for(page, change) }
        </>
    }
}

/// The slider of the tokens a node.
fn vnodes(page: &Page) -> Html {
    let value = page.session().recording().setup().vnodes as i32;
    let commit = {
        let page = page.clone();
        Callback::from(move |to: i32| {
            page.dispatch(UiAction::NewRun);
            let change = move |session: &mut Session| session.set_vnodes(number(to));
            page.handle.change_busily("Busy: a ring is laid out …", Box::new(change));
        })
    };
    html! { <Slider name="Virtual nodes" min=1 max={VNODES.max(value)} {value} {commit}/> }
}

/// A slider's value; none of them goes below one.
fn number(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(1)
}
