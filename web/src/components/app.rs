//! The whole page: who holds the session, how a link opens one, where the panels stand.

use super::about::Introduction;
use super::header::Header;
use super::help::Help;
use super::inspector::{Exhibit, Inspector};
use super::lecture::Lecture;
use super::lesson::Lesson;
use super::log::EventLog;
use super::narration::Narration;
use super::request::RequestForm;
use super::ring::RingPanel;
use super::rooms::Rooms;
use super::settings::Settings;
use super::spacetime::SpaceTime;
use super::transport::Transport;
use crate::hooks::{Page, media, use_judges, use_media, use_page, use_palette};
use crate::paint::{Frames, Stage};
use crate::scenarios;
use crate::session::{Handle, Revisions, Session};
use crate::state::route::{Route, clipped};
use crate::state::{ClusterTab, Depth, Room, Ui, UiAction};
use ringside_sim::share::link::{Link, Place};
use ringside_sim::{Placed, Scenario};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use yew::prelude::*;

#[function_component]
pub(crate) fn App() -> Html {
    let first = use_memo((), |()| {
        let opening = Opening::of_link();
        let handle = Handle::with_acts(opening.scenario.clone(), opening.acts.clone());
        handle.change(|session| opening.finish(session));
        let still = media(STILL);
        if opening.first {
            handle.change(|session| session.begin_shortened(still));
        }
        let begins = (opening.first && !still).then(|| handle.read().position());
        (handle, opening.name, opening.depth, begins)
    });
    let handle = first.0.clone();
    let stage = Rc::clone(&*use_memo((), |()| Stage::new(handle.clone())));
    let revisions = use_state(Revisions::default);
    let ui = use_reducer(|| Ui {
        cluster: ClusterTab::about(first.1.as_deref()),
        scenario: first.1.clone(),
        depth: first.2,
        ..Ui::default()
    });
    let palette = use_palette(ui.theme, ui.hues);
    let still = use_media(STILL);
    let forced = use_media("(forced-colors: active)");
    {
        let (handle, revisions) = (handle.clone(), revisions.setter());
        use_effect_with((), move |()| {
            handle.listen(Some(Box::new(move |numbers| revisions.set(numbers))));
            move || handle.listen(None)
        });
    }
    {
        let (handle, ui) = (handle.clone(), ui.dispatcher());
        use_effect_with((), move |()| {
            let listening = on_hash_change(move || {
                let opening = Opening::of_link();
                ui.dispatch(UiAction::Opened(opening.name.clone()));
                ui.dispatch(UiAction::Depth(opening.depth));
                let (scenario, acts) = (opening.scenario.clone(), opening.acts.clone());
                handle.open_with(scenario, acts, Box::new(move |session| opening.finish(session)));
            });
            move || drop(listening)
        });
    }
    {
        let stage = Rc::clone(&stage);
        use_effect_with((), move |()| {
            let frames = Frames::start(move |now| stage.frame(now));
            move || drop(frames)
        });
    }
    use_judges(&handle, revisions[0]);
    use_beginning(&handle, revisions[0], first.3);
    let page = Page { handle, revisions: *revisions, ui, palette, stage };
    let busy = page.handle.busy();
    let lecture = page.ui.lecture;
    let story = page.ui.depth == Depth::Story;
    let taught = page.session().lesson().is_some();
    let room = Room::shown(page.ui.room, taught).name();
    let beside = if story && taught && !page.exhibits() { Html::default() } else { beside(story, taught) };
    page.stage.dress(&page.selection(), palette, still, forced);
    let main = match (story || lecture, taught && !lecture) {
        (true, true) => "main story taught",
        (true, false) => "main story",
        (false, true) => "main taught",
        (false, false) => "main",
    };
    html! {
        <ContextProvider<Page> context={page}>
            <div class={if lecture { "page lecture" } else { "page" }}>
                <Turn turn=1>if lecture { <Lecture/> } else { <Header/> }</Turn>
                <main class={main} data-room={room} aria-busy={busy.then_some("true")}>
                    <Turn turn=0>
                        <Narration/>
                        if !lecture { <Lesson/> }
                        <RingPanel/>
                        if !lecture { <Transport/> }
                    </Turn>
                    if !lecture {
                        { beside }
                    }
                </main>
                <Turn turn=1><Help/></Turn>
            </div>
        </ContextProvider<Page>>
    }
}

/// What is beside the ring: in the stage Story the introduction, or the view of the cluster that a lesson is about; in
/// Explore all panels. A function of its own, since the first picture does without it.
#[inline(never)]
fn beside(story: bool, taught: bool) -> Html {
    if story {
        return if taught {
            html! { <Turn turn=1><Exhibit/></Turn> }
        } else {
            html! { <Introduction/> }
        };
    }
    html! {
        <>
            <Turn turn=1>
                <Rooms/>
                <div class="side">
                    <RequestForm/>
                    <Settings/>
                </div>
                <Inspector/>
            </Turn>
            <Turn turn=2>
                <SpaceTime/>
                <EventLog/>
            </Turn>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct TurnProps {
    /// Below [`crate::session::TURNS`].
    turn: usize,
    children: Html,
}

/// Panels that hear of the session in their turn, and of everything else at once.
#[function_component]
fn Turn(props: &TurnProps) -> Html {
    let page = use_page();
    let heard = use_mut_ref(|| page.clone());
    let mut heard = heard.borrow_mut();
    let same = Page { revisions: heard.revisions, ..page.clone() } == *heard;
    if !same || page.revisions[props.turn] != heard.revisions[props.turn] {
        *heard = page;
    }
    html! { <ContextProvider<Page> context={heard.clone()}>{ props.children.clone() }</ContextProvider<Page>> }
}

/// Nothing is to move by itself.
pub(super) const STILL: &str = "(prefers-reduced-motion: reduce)";

/// Plays a first visit, once, when all of the page has come and the judges have spoken, if nobody has moved the clock from
/// where it `begins`. The first picture itself stands still: it needs nothing that plays.
#[hook]
fn use_beginning(handle: &Handle, revision: u64, begins: Option<u64>) {
    let left = use_mut_ref(|| begins);
    let handle = handle.clone();
    use_effect_with(revision, move |_| {
        if left.borrow().is_none() || !handle.read().is_judged() {
            return;
        }
        let begins = left.borrow_mut().take();
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        let missing =
            root.and_then(|root| root.get_attribute("data-rest")).is_some_and(|rest| rest == "missing");
        let untouched = begins == Some(handle.read().position()) && !handle.read().playing();
        if untouched && !missing {
            handle.change(Session::play);
        }
    });
}

/// What the page's address asks for.
struct Opening {
    /// The built-in scenario's name; none for a scenario of its own.
    name: Option<String>,
    scenario: Scenario,
    acts: Vec<Placed>,
    place: Option<Place>,
    depth: Depth,
    notice: Option<String>,
    /// Does it ask for nothing? Then it is a first visit.
    first: bool,
}

impl Opening {
    /// What the address asks for; a first visit asks for nothing.
    fn of_link() -> Self {
        let fragment = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
        if fragment.len() > 1 {
            return Self::asked(&fragment);
        }
        Self {
            name: Some(scenarios::FIRST.to_owned()),
            scenario: scenarios::open(scenarios::FIRST).unwrap_or_else(scenarios::empty),
            acts: Vec::new(),
            place: None,
            depth: Depth::Story,
            notice: None,
            first: true,
        }
    }

    /// What can be opened of a link; what cannot is said, and something else is there instead. The first picture of a first
    /// visit does without it.
    #[inline(never)]
    fn asked(fragment: &str) -> Self {
        let Route { scenario, link, at, depth, mut notice } = Route::parse(fragment);
        let first = false;
        let place = at.map(Place::Moment);
        if let Some(link) = link {
            let Link { name, scenario, acts, place: carried, view: _ } = *link;
            return Self { name, scenario, acts, place: place.or(carried), depth, notice, first };
        }
        let named = scenario.as_deref().unwrap_or(scenarios::FIRST);
        let (name, scenario) = match scenarios::open(named) {
            Some(scenario) => (named, scenario),
            None => {
                notice = Some(format!("There is no scenario “{}”; this is the sandbox.", clipped(named)));
                ("sandbox", scenarios::open("sandbox").unwrap_or_else(scenarios::empty))
            }
        };
        Self { name: Some(name.to_owned()), scenario, acts: Vec::new(), place, depth, notice, first }
    }

    /// Goes to the moment it asks for and says what is to be said, once its scenario is open.
    fn finish(&self, session: &mut Session) {
        match self.place {
            Some(Place::Moment(at)) => session.go_to_time(at),
            Some(Place::Event(position)) => session.go_to_event(position),
            None => {}
        }
        if let Some(notice) = &self.notice {
            session.warn(notice);
        }
    }
}

/// Calls `changed` whenever the fragment changes, until what is returned is dropped.
fn on_hash_change(changed: impl Fn() + 'static) -> Listening {
    let closure = Closure::<dyn FnMut()>::new(changed);
    if let Some(window) = web_sys::window() {
        window.set_onhashchange(Some(closure.as_ref().unchecked_ref()));
    }
    Listening { _closure: closure }
}

struct Listening {
    _closure: Closure<dyn FnMut()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.set_onhashchange(None);
        }
    }
}
