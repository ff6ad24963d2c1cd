//! The lesson: what this step says, asks, and has the visitor do; and the way to the next one.

use super::about::About;
use super::app::STILL;
use super::by_hand::ByHand;
use crate::hooks::{Page, use_media, use_page, use_window_keys};
use crate::scenarios;
use crate::session::Session;
use crate::state::{Depth, UiAction};
use ringside_core::NodeId;
use ringside_scene::Thing;
use ringside_sim::lesson::{Lesson as Told, Question, Stop, Task, Way};
use std::rc::Rc;
use yew::prelude::*;

/// What the visitor has answered and pointed at since the lesson began. Kept nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Given {
    /// Which choice, from 1, at which stop; the last one counts.
    answers: Vec<(usize, u32)>,
    /// The nodes that were selected at a stop, the last ones, as many as it asks for.
    picks: Vec<(usize, Vec<NodeId>)>,
}

enum Giving {
    Answer(usize, u32),
    Pick(usize, NodeId, usize),
    Anew,
}

impl Reducible for Given {
    type Action = Giving;

    fn reduce(self: Rc<Self>, action: Giving) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            Giving::Answer(stop, choice) => {
                next.answers.retain(|(known, _)| *known != stop);
                next.answers.push((stop, choice));
            }
            Giving::Pick(stop, node, wanted) => {
                let mut nodes = next.picked(stop).to_vec();
                next.picks.retain(|(known, _)| *known != stop);
                nodes.retain(|known| *known != node);
                nodes.push(node);
                nodes.drain(..nodes.len().saturating_sub(wanted));
                next.picks.push((stop, nodes));
            }
            Giving::Anew => next = Self::default(),
        }
        Rc::new(next)
    }
}

impl Given {
    fn answer(&self, stop: usize) -> Option<u32> {
        self.answers.iter().find(|(known, _)| *known == stop).map(|(_, choice)| *choice)
    }

    fn picked(&self, stop: usize) -> &[NodeId] {
        self.picks.iter().find(|(known, _)| *known == stop).map_or(&[], |(_, nodes)| nodes)
    }

    /// Is what this stop asks for done? None where it asks for nothing.
    fn done(&self, page: &Page, number: usize, stop: &Stop) -> Option<bool> {
        let Task { way, done, .. } = stop.task.as_ref()?;
        Some(match (way, done) {
            (Way::Select(wanted), None) => {
                let picked = self.picked(number);
                picked.len() == wanted.len() && wanted.iter().all(|node| picked.contains(node))
            }
            _ => page.session().task_done(number) == Some(true),
        })
    }
}

/// Stands on the page where the scenario is a lesson.
#[function_component]
pub(super) fn Lesson() -> Html {
    let page = use_page();
    let still = use_media(STILL);
    let given = use_reducer(Given::default);
    let step = page.session().lesson_step();
    {
        let given = given.dispatcher();
        use_effect_with(step == 0, move |begun_anew| {
            if *begun_anew {
                given.dispatch(Giving::Anew);
            }
        });
    }
    let session = page.session();
    let lesson = session.lesson();
    let here = lesson.and_then(|lesson| Some((step.checked_sub(1)?, lesson.stops.get(step - 1)?)));
    let wanted = here.and_then(|(number, stop)| match &stop.task {
        Some(Task { way: Way::Select(nodes), .. }) => Some((number, nodes.len())),
        _ => None,
    });
    {
        // What was selected before the step began is no answer to it.
        let (given, page) = (given.dispatcher(), page.clone());
        let before = use_mut_ref(|| (None, None));
        let selected = page.ui.selection.node;
        use_effect_with((wanted, selected), move |(wanted, selected)| {
            let last = before.replace((*wanted, *selected));
            if let (Some((number, count)), Some(node)) = (*wanted, *selected)
                && last.0 == Some((number, count))
                && last.1 != Some(node)
            {
                given.dispatch(Giving::Pick(number, node, count));
            }
        });
    }
    {
        let handle = page.handle.clone();
        use_window_keys(still, move |still, key| {
            if !matches!(key, "PageDown" | "PageUp") || handle.read().lesson().is_none() {
                return false;
            }
            if key == "PageDown" {
                handle.next_stop(still);
            } else {
                handle.change(Session::previous_stop);
            }
            true
        });
    }
    let Some(lesson) = lesson else { return Html::default() };
    let count = lesson.stops.len();
    let mut place = scenarios::place(page.ui.scenario.as_deref());
    place.push_str(&match step {
        0 => format!(", {count} steps"),
        step => format!(", step {step} of {count}"),
    });
    let body = match here {
        Some((number, stop)) => at_stop(&page, &given, lesson, number, stop, still),
        None => beginning(&page),
    };
    let next = {
        let handle = page.handle.clone();
        Callback::from(move |_: MouseEvent| handle.next_stop(still))
    };
    let back = page.on(|session| session.previous_stop());
    let last = step == count;
    let judged = session.is_judged();
    html! {
        <section class="lesson" aria-label="Lesson" data-judged={judged.to_string()}>
            <div class="lesson-head">
                <span class="lesson-place">{ place }</span>
                { steps(&page, &given, lesson, step) }
            </div>
            <div class="lesson-body" tabindex="0" key={step}>{ body }</div>
            <div class="lesson-ways">
                <button type="button" onclick={back}>{ "Back" }</button>
                <button type="button" class={(!last).then_some("primary")} onclick={next}>{ "Next" }</button>
            </div>
        </section>
    }
}

/// Before the first stop: what it is about.
fn beginning(page: &Page) -> Html {
    let title = page.session().recording().scenario().title.clone();
    html! {
        <div class="lesson-told">
            <h2>{ title }</h2>
            if page.ui.depth == Depth::Story {
                <About/>
            } else {
                <p>{ "Next plays to the first step, and pauses there." }</p>
            }
        </div>
    }
}

/// What this step says, asks and wants.
fn at_stop(
    page: &Page,
    given: &UseReducerHandle<Given>,
    lesson: &Told,
    number: usize,
    stop: &Stop,
    still: bool,
) -> Html {
    // What was seen by the act before this step, where that was not told yet.
    let before = number.checked_sub(1).map(|before| (before, &lesson.stops[before]));
    let seen = before.filter(|(before, stop)| given.done(page, *before, stop) == Some(true));
    let seen = seen.and_then(|(_, stop)| stop.task.as_ref()).filter(|task| !task.then.is_empty());
    // What is told is true of this moment, and the clock may have gone on.
    let at = page.session().spots().get(number).copied().flatten().map(|spot| spot.at.to_string());
    html! {
        <>
            <div class="lesson-told">
                <h2>{ [&stop.name, " "].concat() }<span class="quiet">{ at }</span></h2>
                if let Some(task) = seen { <p class="lesson-seen">{ &task.then }</p> }
                <p>{ &stop.say }</p>
            </div>
            if let Some(question) = &stop.question { { asked(page, given, number, question) } }
            if let Some(task) = &stop.task { { wanted(page, given, number, stop, task, still) } }
            if number + 1 == lesson.stops.len() { { following(page, lesson) } }
        </>
    }
}

fn asked(page: &Page, given: &UseReducerHandle<Given>, number: usize, question: &Question) -> Html {
    let chosen = given.answer(number);
    let choices = (1..).zip(&question.choices).map(|(choice, text): (u32, &String)| {
        let (given, page, is_right) = (given.dispatcher(), page.clone(), choice == question.answer);
        let said = verdict(question, choice);
        let onclick = Callback::from(move |_: MouseEvent| {
            given.dispatch(Giving::Answer(number, choice));
            page.handle.change(|session| session.say(said.clone()));
        });
        let class = classes!("choice", (chosen.is_some() && is_right).then_some("right"));
        let pressed = (chosen == Some(choice)).to_string();
        html! { <button key={choice} type="button" {class} aria-pressed={pressed} {onclick}>{ text }</button> }
    });
    html! {
        <div class="lesson-question">
            <h3 id="lesson-question">{ &question.ask }</h3>
            <div class="choices" role="group" aria-labelledby="lesson-question">{ for choices }</div>
            if let Some(chosen) = chosen {
                <p class="lesson-because">
                    <b>{ verdict(question, chosen) }{ " " }</b>
                    { &question.because }
                </p>
            }
        </div>
    }
}

/// Whether it was the right choice, without blame.
fn verdict(question: &Question, chosen: u32) -> String {
    let right = &question.choices[question.answer as usize - 1];
    if chosen == question.answer { "Right.".to_owned() } else { ["It is: ", right, "."].concat() }
}

fn wanted(
    page: &Page,
    given: &UseReducerHandle<Given>,
    number: usize,
    stop: &Stop,
    task: &Task,
    still: bool,
) -> Html {
    let done = given.done(page, number, stop) == Some(true);
    let onclick = {
        let (given, page, way) = (given.dispatcher(), page.clone(), task.way.clone());
        Callback::from(move |_: MouseEvent| {
            match &way {
                Way::Select(nodes) => {
                    for node in nodes {
                        page.dispatch(UiAction::Select(Thing::Node(*node)));
                        given.dispatch(Giving::Pick(number, *node, nodes.len()));
                    }
                }
                Way::Vnodes(_) => page.dispatch(UiAction::NewRun),
                Way::Deeds(_) => {}
            }
            page.handle.act(move |session| session.do_task(number, still));
        })
    };
    let picked: Vec<String> = {
        let session = page.session();
        let setup = session.recording().setup();
        given.picked(number).iter().map(|node| setup.name(*node).to_owned()).collect()
    };
    html! {
        <div class="lesson-task">
            <p><b>{ if done { "Done: " } else { "Your turn: " } }</b>{ &task.ask }</p>
            if done && !task.then.is_empty() { <p class="lesson-seen">{ &task.then }</p> }
            <button type="button" {onclick}>{ "Do it for me" }</button>
            if page.ui.depth == Depth::Story { <ByHand way={task.way.clone()}/> }
            if !picked.is_empty() { <p class="quiet">{ "Selected: " }{ picked.join(", ") }{ "." }</p> }
        </div>
    }
}

/// All steps, each a way to where it begins.
fn steps(page: &Page, given: &Given, lesson: &Told, step: usize) -> Html {
    let count = lesson.stops.len();
    let known = page.session().spots();
    let steps = lesson.stops.iter().enumerate().map(|(number, stop)| {
        let done = given.done(page, number, stop);
        let state = if done == Some(true) { ", done" } else { "" };
        let name = format!("Step {} of {count}: {}{state}", number + 1, stop.name);
        let current = (number + 1 == step).then_some("step");
        let handle = page.handle.clone();
        let onclick = Callback::from(move |_: MouseEvent| handle.go_to_stop(number));
        let there = known.get(number).is_some_and(Option::is_some);
        let class = match (done == Some(true), there) {
            (true, true) => Some("done"),
            (true, false) => Some("done off-way"),
            (false, false) => Some("off-way"),
            (false, true) => None,
        };
        html! {
            <li key={number}>
                <button type="button" {class}
                    aria-label={name.clone()} title={name} aria-current={current} {onclick}>{ number + 1 }</button>
            </li>
        }
    });
    html! { <ol class="lesson-steps" aria-label="Steps">{ for steps }</ol> }
}

/// The stops, above the timeline.
#[function_component]
pub(super) fn StopMarks() -> Html {
    let page = use_page();
    let session = page.session();
    let Some(lesson) = session.lesson() else { return Html::default() };
    let (len, step) = (session.recording().len().max(1), session.lesson_step());
    let marks = lesson.stops.iter().zip(session.spots()).enumerate().filter_map(|(number, (stop, spot))| {
        let at = [&(spot?.position as f64 * 100.0 / len as f64).to_string(), "%"].concat();
        let handle = page.handle.clone();
        let onclick = Callback::from(move |_: MouseEvent| handle.go_to_stop(number));
        let class = (number + 1 == step).then_some("here");
        Some(html! { <circle key={number} {class} cx={at} cy="4" r="3.5" {onclick}><title>{ &stop.name }</title></circle> })
    });
    html! { <svg class="stop-marks" aria-hidden="true">{ for marks }</svg> }
}

/// The way to the next lesson.
fn following(page: &Page, lesson: &Told) -> Html {
    let next = page.ui.scenario.as_ref().and_then(|_| scenarios::lesson_after(lesson.number));
    let Some(next) = next else { return Html::default() };
    let stage = if page.ui.depth == Depth::Story { "&stage=story" } else { "" };
    let (kind, title) = match next.title.strip_prefix("Puzzle: ") {
        Some(title) => ("Next puzzle: ", title),
        None => ("Next lesson: ", next.title),
    };
    let href = ["#s=", next.name, stage].concat();
    html! { <a class="following primary" {href}>{ [kind, title].concat() }</a> }
}
