//! The scenario as text: what runs, with what was done by hand as steps, to be changed, run and saved. What is typed stays
//! until it is given up on purpose, also over errors and while the editor is closed.

use super::kept_text;
use crate::hooks::{Page, use_page};
use crate::judges;
use crate::state::UiAction;
use ringside_sim::share;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, HtmlDialogElement, HtmlTextAreaElement};
use yew::platform::spawn_local;
use yew::prelude::*;

const TEXT: &str = "scenario-text";
const HELP: &str = "scenario-help";
const ERROR: &str = "scenario-error";

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    pub(super) open: bool,
    /// Called when it is closed.
    pub(super) close: Callback<()>,
}

/// What is in the text area, and whose it is.
#[derive(Clone, Default, PartialEq)]
struct Draft {
    text: Rc<str>,
    /// Has a visitor typed in it, so that nothing may replace it by itself?
    typed: bool,
    /// What the visitor had typed before it was replaced on purpose.
    before: Option<Rc<str>>,
    /// Was it typed before the page was loaded again?
    restored: bool,
    error: Option<Mistake>,
    /// Is the text being fetched or read?
    busy: bool,
}

/// What happens to a draft.
enum Change {
    Typed(Rc<str>),
    /// Something is asked of the worker.
    Busy,
    /// The text of the run on the page has come.
    Fetched(Rc<str>),
    /// Back to what was typed before.
    Back,
    /// This text was read: a scenario, or a mistake. What was typed meanwhile has none yet.
    Read(Rc<str>, Option<Mistake>),
    /// There is nobody to ask.
    Failed(Mistake),
    /// The visitor gives the text up for that of the run on the page.
    GivenUp,
    /// What the visitor typed is to be forgotten.
    Discarded,
}

impl Draft {
    /// What the browser has kept of what was typed before the page was loaded.
    fn kept() -> Self {
        match kept_text::read() {
            Some(text) => Self { text: text.into(), typed: true, restored: true, ..Self::default() },
            None => Self::default(),
        }
    }

    /// What the visitor typed: it is what may not be lost.
    fn own(&self) -> Option<&Rc<str>> {
        if self.typed { Some(&self.text) } else { self.before.as_ref() }
    }
}

impl Reducible for Draft {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        next.busy = matches!(change, Change::Busy | Change::GivenUp | Change::Discarded);
        match change {
            Change::Typed(text) => next = Self { text, typed: true, restored: false, error: None, ..next },
            Change::Busy => next.error = None,
            Change::Fetched(text) if !next.typed => next.text = text,
            Change::Fetched(_) => {}
            Change::Back => {
                if let Some(text) = next.before.take() {
                    next = Self { text, typed: true, ..Self::default() };
                }
            }
            Change::Read(text, error) => next.error = error.filter(|_| text == next.text),
            Change::Failed(mistake) => next.error = Some(mistake),
            Change::GivenUp => {
                let before = if next.typed { Some(next.text) } else { next.before };
                next = Self { before, busy: true, ..Self::default() };
            }
            Change::Discarded => next = Self { busy: true, ..Self::default() },
        }
        Rc::new(next)
    }
}

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq)]
struct Mistake {
    /// Line and column, from 1, in characters.
    place: Option<(usize, usize)>,
    message: String,
}

impl Mistake {
    /// Takes `LINE:COLUMN: message` apart.
    fn new(said: &str) -> Self {
        let place = || {
            let (line, rest) = said.split_once(':')?;
            let (column, message) = rest.split_once(": ")?;
            Some(((line.parse().ok()?, column.parse().ok()?), message))
        };
        match place() {
            Some((place, message)) => Self { place: Some(place), message: message.to_owned() },
            None => Self { place: None, message: said.to_owned() },
        }
    }

    /// The piece of the text that it is about, from where to where in UTF-16 units: the rest of the word.
    fn range(&self, text: &str) -> Option<(u32, u32)> {
        let (line, column) = self.place?;
        let before: usize = text.split_inclusive('\n').take(line - 1).map(units).sum();
        let wrong = text.split('\n').nth(line - 1)?;
        let skipped: usize = wrong.chars().take(column - 1).map(char::len_utf16).sum();
        let rest = wrong.chars().skip(column - 1);
        let word = rest.take_while(|c| !c.is_whitespace() && !",=]}".contains(*c));
        let word: usize = word.map(char::len_utf16).sum();
        let from = before + skipped;
        Some((u32::try_from(from).ok()?, u32::try_from(from + word.max(1)).ok()?))
    }

    /// The line that it is about, with its number, and below it a sign under the column.
    fn shown(&self, text: &str) -> Option<String> {
        let (line, column) = self.place?;
        let wrong = text.split('\n').nth(line - 1)?;
        let number = line.to_string();
        let blank = " ".repeat(number.len() + 1 + column);
        Some([&number, "  ", wrong, "\n", &blank, "^"].concat())
    }
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[function_component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let page = use_page();
    let draft = use_reducer_eq(Draft::kept);
    let keeps = use_state_eq(|| true);
    let (dialog, area) = (use_node_ref(), use_node_ref());
    {
        let (page, draft, dialog) = (page.clone(), draft.clone(), dialog.clone());
        use_effect_with(props.open, move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // It is refused only where it is open already.
                let _ = dialog.show_modal();
                if !draft.typed {
                    draft.dispatch(Change::Busy);
                    fetch(&page, &draft);
                }
            } else if !*open && dialog.open() {
                dialog.close();
            }
        });
    }
    {
        let keeps = keeps.setter();
        use_effect_with(draft.own().cloned(), move |own| keeps.set(kept_text::keep(own.as_deref())));
    }
    {
        // The mistake is marked where it is, once it is known.
        let (area, draft) = (area.clone(), draft.clone());
        use_effect_with(draft.error.clone(), move |error| {
            let range = error.as_ref().and_then(|error| error.range(&draft.text));
            if let (Some(area), Some((from, to))) = (area.cast::<HtmlTextAreaElement>(), range) {
                // Both are refused to nothing that stands on the page.
                let _ = area.focus();
                let _ = area.set_selection_range(from, to);
                // Browsers do not scroll to what is selected by a script. Lines do not wrap, so they are equally high.
                let lines = draft.text.split('\n').count().max(1);
                let before = draft.text.encode_utf16().take(from as usize).filter(|unit| *unit == 10).count();
                let above = f64::from(area.scroll_height()) * before as f64 / lines as f64;
                area.set_scroll_top((above - f64::from(area.client_height()) / 3.0).max(0.0) as i32);
            }
        });
    }
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            draft.dispatch(Change::Typed(text.into()));
        })
    };
    let run = {
        let (page, draft, close) = (page.clone(), draft.clone(), props.close.clone());
        Callback::from(move |_: MouseEvent| run(&page, &draft, &close))
    };
    let fresh = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |_: MouseEvent| {
            draft.dispatch(Change::GivenUp);
            fetch(&page, &draft);
        })
    };
    let discard = {
        let (page, draft) = (page.clone(), draft.clone());
        Callback::from(move |_: MouseEvent| {
            draft.dispatch(Change::Discarded);
            fetch(&page, &draft);
        })
    };
    let back = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.dispatch(Change::Back))
    };
    let save = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| save(&draft.text))
    };
    let close = props.close.reform(|_: MouseEvent| ());
    let onclose = props.close.reform(|_: Event| ());
    // The keys of what is behind must not act.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let described = if draft.error.is_some() { ERROR } else { HELP };
    html! {
        <dialog ref={dialog} class="editor" aria-label="Scenario editor" {onclose} {onkeydown}>
            <div class="editor-head">
                <h2>{ "Scenario as text" }</h2>
                <button type="button" onclick={close}>{ "Close" }</button>
            </div>
            <p id={HELP} class="quiet">
                { "What runs, with what was done by hand as its last steps. Change it and run it; what you type stays here until you discard it." }
            </p>
            { kept(&draft, *keeps) }
            <textarea ref={area} id={TEXT} class="editor-text" aria-label="Scenario text" spellcheck="false"
                autocomplete="off" autocapitalize="off" wrap="off" value={AttrValue::from(Rc::clone(&draft.text))}
                aria-invalid={draft.error.is_some().then_some("true")} aria-describedby={described}
                aria-busy={draft.busy.to_string()} {oninput}/>
            { mistake(&draft) }
            <div class="buttons">
                <button type="button" class="primary" onclick={run}>{ "Run" }</button>
                <button type="button" onclick={save}>{ "Save file" }</button>
                <button type="button" onclick={fresh}>{ "Take the run on the page" }</button>
                if draft.own().is_some() {
                    <button type="button" onclick={discard}>{ "Discard my text" }</button>
                }
                if draft.before.is_some() {
                    <button type="button" onclick={back}>{ "Back to my text" }</button>
                }
            </div>
        </dialog>
    }
}

/// Where the text comes from, and whether it stays, where that is not as usual.
fn kept(draft: &Draft, keeps: bool) -> Html {
    let said = if !keeps {
        "This browser does not keep your text: save it as a file before you load the page again."
    } else if draft.restored && draft.typed {
        "This is what you typed before the page was loaded again."
    } else {
        return Html::default();
    };
    html! { <p class="quiet editor-kept">{ said }</p> }
}

fn mistake(draft: &Draft) -> Html {
    let Some(error) = &draft.error else {
        return if draft.busy {
            html! { <p class="quiet">{ "One moment …" }</p> }
        } else {
            Html::default()
        };
    };
    let place = error.place.map(|(line, column)| format!("Line {line}, column {column}: "));
    html! {
        <div id={ERROR} class="editor-error">
            <p class="field-error">{ place }{ &error.message }</p>
            if let Some(shown) = error.shown(&draft.text) { <pre aria-hidden="true">{ shown }</pre> }
        </div>
    }
}

/// Fetches the text of the run on the page.
fn fetch(page: &Page, draft: &UseReducerHandle<Draft>) {
    let (scenario, acts) = {
        let session = page.session();
        let recording = session.recording();
        (recording.scenario().to_bytes(), share::acts_to_bytes(recording.acts()))
    };
    let draft = draft.dispatcher();
    spawn_local(async move {
        draft.dispatch(match judges::write(&scenario, &acts).await {
            Ok(text) => Change::Fetched(text.into()),
            Err(why) => Change::Failed(Mistake::new(&why)),
        });
    });
}

/// Opens what the text says, or shows what is wrong with it.
fn run(page: &Page, draft: &UseReducerHandle<Draft>, close: &Callback<()>) {
    let (page, close, text) = (page.clone(), close.clone(), Rc::clone(&draft.text));
    let draft = draft.dispatcher();
    draft.dispatch(Change::Busy);
    spawn_local(async move {
        let bytes = js_sys::Uint8Array::from(text.as_bytes());
        let read = judges::read(&bytes).await;
        draft.dispatch(Change::Read(text, read.as_ref().err().map(|why| Mistake::new(why))));
        if let Ok(scenario) = read {
            page.dispatch(UiAction::Opened(None));
            page.handle.open(scenario);
            close.emit(());
        }
    });
}

/// Hands the text to the browser as a file.
fn save(text: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let link = document.create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    let Some(link) = link else { return };
    let encoded = String::from(js_sys::encode_uri_component(text));
    link.set_href(&["data:application/toml;charset=utf-8,", &encoded].concat());
    link.set_download("scenario.toml");
    link.click();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_lost() {
        let after =
            |changes: Vec<Change>| changes.into_iter().fold(Rc::new(Draft::default()), Reducible::reduce);
        let (typed, fetched) = (|| Change::Typed("mine".into()), || Change::Fetched("of the run".into()));
        assert_eq!(&*after(vec![Change::Busy, fetched()]).text, "of the run");
        assert_eq!(&*after(vec![Change::Busy, typed(), fetched()]).text, "mine", "typed before it came");
        let mistake = || Some(Mistake::new("1:1: no"));
        let draft = after(vec![
            typed(),
            Change::Busy,
            Change::Typed("mine!".into()),
            Change::Read("mine".into(), mistake()),
        ]);
        assert_eq!((&*draft.text, &draft.error), ("mine!", &None), "a mistake of an earlier text");
        let draft = after(vec![typed(), Change::Busy, Change::Read("mine".into(), mistake())]);
        assert_eq!((&*draft.text, draft.error.is_some()), ("mine", true));
        let given_up = || vec![typed(), Change::GivenUp, fetched()];
        assert_eq!(&*after(given_up()).text, "of the run");
        let back = after(given_up().into_iter().chain([Change::GivenUp, fetched(), Change::Back]).collect());
        assert_eq!((&*back.text, back.typed), ("mine", true));
        assert_eq!(after(given_up()).own().map(|own| &**own), Some("mine"), "it is kept");
        let discarded = after(given_up().into_iter().chain([Change::Discarded, fetched()]).collect());
        assert_eq!((&*discarded.text, discarded.own()), ("of the run", None), "until it is discarded");
    }

    #[test]
    fn a_mistake_knows_its_place_in_the_text() {
        let text = "ringside = 1\ntitle = \"é𝄞\" wrng = 2\n";
        let mistake = Mistake::new("2:14: there is no \"wrng\": write right");
        assert_eq!(mistake.message, "there is no \"wrng\": write right");
        let (from, to) = mistake.range(text).unwrap();
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let marked = String::from_utf16(&utf16[from as usize..to as usize]).unwrap();
        assert_eq!(marked, "wrng");
        assert_eq!(mistake.shown(text).unwrap(), "2  title = \"é𝄞\" wrng = 2\n                ^");
        let nowhere = Mistake::new("the file has more than 1 MiB");
        assert_eq!((nowhere.place, nowhere.range(text)), (None, None));
        assert_eq!(Mistake::new("9:1: too far").range(text), None);
    }
}
