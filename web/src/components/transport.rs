//! Play, pause, step both ways, jump, undo; how fast, how far, which branch.

use super::branches::Branches;
use super::controls::{List, Slider};
use super::icons::{self, icon};
use super::timeline::Timeline;
use crate::hooks::use_page;
use crate::session::Session;
use crate::session::clock::Speed;
use crate::session::units::Unit;
use crate::state::UiAction;
use yew::prelude::*;

#[function_component]
pub(super) fn Transport() -> Html {
    let page = use_page();
    let unit = page.ui.unit;
    let playing = page.session().playing();
    let play =
        page.on(|session: &mut Session| if session.playing() { session.pause() } else { session.play() });
    let units = Unit::ALL.map(|unit| (unit.name().to_owned(), unit.name().to_owned()));
    let choose_unit = {
        let page = page.clone();
        Callback::from(move |name: String| {
            if let Some(unit) = Unit::named(&name) {
                page.dispatch(UiAction::Unit(unit));
            }
        })
    };
    let speed = page.session().speed();
    let set_speed = {
        let handle = page.handle.clone();
        Callback::from(move |step| handle.change(|session| session.set_speed(Speed::new(step))))
    };
    let start_over = {
        let handle = page.handle.clone();
        Callback::from(move |_: MouseEvent| handle.begin_anew(Session::start_over))
    };
    let button = |name: &'static str, path: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="square" aria-label={name} title={name} {onclick}>{ icon(path) }</button> }
    };
    let (play_name, play_icon) = if playing { ("Pause", icons::PAUSE) } else { ("Play", icons::PLAY) };
    html! {
        <section class="transport" aria-label="Transport">
            <Timeline/>
            <div class="transport-row">
                <div class="buttons">
                    { button("To start", icons::START, page.on(Session::go_to_start)) }
                    { button("Step back", icons::BACK, page.on(move |session| session.step_back(unit))) }
                    <button type="button" class="square primary" aria-label={play_name} title={play_name}
                        onclick={play}>{ icon(play_icon) }</button>
                    { button("Step forward", icons::FORWARD, page.on(move |session| session.step_forward(unit))) }
                    { button("To end", icons::END, page.on(Session::go_to_end)) }
                </div>
                <List name="Step size" options={units.to_vec()} value={unit.name().to_owned()} choose={choose_unit}/>
                <button type="button" onclick={page.does(Session::undo)}>{ "Undo" }</button>
                <input type="checkbox" class="unfold" aria-label="More controls"/>
                <button type="button" class="later" onclick={start_over}>{ "Start over" }</button>
                <Branches/>
                <span class="space"/>
                <Slider name="Speed" min={Speed::MIN} max={Speed::MAX} value={speed.step()} commit={set_speed}
                    words={Callback::from(|step| Speed::new(step).words())}/>
            </div>
        </section>
    }
}
