//! Keys that act while the focus is in the ring or in the space-time diagram, and nowhere else.

use crate::components::shortcuts;
use crate::hooks::Page;
use crate::session::Session;
use crate::state::UiAction;
use ringside_scene::{Thing, messages};
use ringside_sim::Deed;
use web_sys::Element;
use yew::prelude::*;

/// Listens for them on a region.
pub(crate) fn listener(page: &Page) -> Callback<KeyboardEvent> {
    let page = page.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
            return;
        }
        let target: Option<Element> = event.target_dyn_into();
        let tag = target.map(|element| element.tag_name()).unwrap_or_default();
        let native = matches!(tag.as_str(), "BUTTON" | "INPUT" | "SELECT");
        let key = event.key();
        if native && (tag != "BUTTON" || key == " " || key == "Enter") {
            return;
        }
        if act(&page, &key, event.shift_key()) {
            event.prevent_default();
        }
    })
}

/// Does what the key says. Tells whether it says anything.
fn act(page: &Page, key: &str, shift: bool) -> bool {
    if !page.ui.letters && key.chars().count() == 1 && key != " " {
        return false;
    }
    let unit = if shift { page.ui.unit.larger() } else { page.ui.unit };
    let change = |change: &dyn Fn(&mut Session)| page.handle.change(|session| change(session));
    match key.to_ascii_lowercase().as_str() {
        " " => change(&|session| if session.playing() { session.pause() } else { session.play() }),
        "arrowright" => change(&|session| session.step_forward(unit)),
        "arrowleft" => change(&|session| session.step_back(unit)),
        "home" => change(&Session::go_to_start),
        "end" => change(&Session::go_to_end),
        "arrowdown" => select_message(page, true),
        "arrowup" => select_message(page, false),
        "p" => shortcuts::partition(page),
        "?" => page.dispatch(UiAction::Help(true)),
        "escape" => page.dispatch(UiAction::Clear),
        "w" | "r" => shortcuts::ask_by_key(page, &key.to_ascii_lowercase()),
        "k" => match page.ui.selection.node {
            Some(node) => shortcuts::crash_or_restart(page, node),
            None => change(&|session| session.say("Select a node first: K crashes or restarts it.")),
        },
        "b" => change(&Session::copy_branch),
        "d" | "h" => to_message(page, key.eq_ignore_ascii_case("d")),
        _ => return false,
    }
    true
}

/// Drops the selected message, or holds it, or sets it free.
fn to_message(page: &Page, drop: bool) {
    let chosen = page.selection().message;
    page.handle.change(|session| {
        let there = chosen.and_then(|id| session.hold_or_release(id).map(|hold| (id, hold)));
        match there {
            Some((id, _)) if drop => session.deed(id, Deed::Drop),
            Some((id, hold)) => session.deed(id, hold),
            None => {
                session.say("Select a message that is under way first: D drops it, H holds or releases it.");
            }
        }
    });
}

/// Selects the next or the previous of the messages that are under way, round and round.
fn select_message(page: &Page, next: bool) {
    let chosen = page.with_view(|view| {
        let under_way = messages::under_way(view);
        let at = under_way.iter().position(|(id, _)| Some(*id) == view.selection.message);
        let last = under_way.len().checked_sub(1)?;
        let to = match (at, next) {
            (Some(at), true) if at < last => at + 1,
            (Some(at), false) if at > 0 => at - 1,
            (_, true) => 0,
            (_, false) => last,
        };
        under_way.get(to).map(|(id, _)| *id)
    });
    match chosen {
        Some(id) => page.select(Thing::Message(id)),
        None => page.handle.change(|session| session.say("No message is under way.")),
    }
}
