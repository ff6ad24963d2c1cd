//! A slider and a list, native ones, in the form that all of the page uses.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct SliderProps {
    /// Its accessible name, shown in bold.
    pub(super) name: AttrValue,
    /// More words beside the name.
    #[prop_or_default]
    pub(super) hint: Option<AttrValue>,
    pub(super) min: i32,
    pub(super) max: i32,
    pub(super) value: i32,
    /// The value as it is shown and read, where the number does not say it.
    #[prop_or_default]
    pub(super) words: Option<Callback<i32, String>>,
    /// The element that explains it.
    #[prop_or_default]
    pub(super) described_by: Option<AttrValue>,
    /// Called with the value once it is chosen, not while it is dragged.
    pub(super) commit: Callback<i32>,
}

/// A native range: what it would be set to shows while it is dragged, and counts when it is let go.
#[function_component]
pub(super) fn Slider(props: &SliderProps) -> Html {
    let dragged = use_state_eq(|| None::<i32>);
    let input = use_node_ref();
    let value = dragged.unwrap_or(props.value);
    {
        // What the visitor set and the session did not take must not stay in the control.
        let (input, value) = (input.clone(), value.to_string());
        use_effect(move || {
            if let Some(input) = input.cast::<HtmlInputElement>()
                && input.value() != value
            {
                input.set_value(&value);
            }
        });
    }
    let oninput = {
        let dragged = dragged.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            dragged.set(Some(input.value_as_number() as i32));
        })
    };
    let onchange = {
        let (dragged, commit) = (dragged, props.commit.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            dragged.set(None);
            commit.emit(input.value_as_number() as i32);
        })
    };
    let words = props.words.as_ref().map(|words| words.emit(value));
    html! {
        <div class="slider">
            <span class="slider-name"><b>{ &props.name }</b>{ props.hint.as_ref().map(|hint| format!(" {hint}")) }</span>
            <span class="slider-value">{ words.clone().unwrap_or_else(|| value.to_string()) }</span>
            <input ref={input} type="range" aria-label={&props.name} aria-valuetext={words}
                aria-describedby={props.described_by.clone()}
                min={props.min.to_string()} max={props.max.to_string()} step="1" value={value.to_string()}
                {oninput} {onchange}/>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    /// Its accessible name.
    pub(super) name: AttrValue,
    /// Is the name shown in front of it?
    #[prop_or_default]
    pub(super) shown: bool,
    /// Values and what they are called.
    pub(super) options: Vec<(String, String)>,
    /// More of them after these, in groups with names.
    #[prop_or_default]
    pub(super) groups: Vec<(&'static str, Vec<(String, String)>)>,
    pub(super) value: String,
    pub(super) choose: Callback<String>,
}

/// A native list.
#[function_component]
pub(super) fn List(props: &ListProps) -> Html {
    let select = use_node_ref();
    {
        // The value can be set only after the options are there, so it is no attribute.
        let (select, value) = (select.clone(), props.value.clone());
        use_effect(move || {
            if let Some(select) = select.cast::<HtmlSelectElement>()
                && select.value() != value
            {
                select.set_value(&value);
            }
        });
    }
    let choose = props.choose.clone();
    let onchange = Callback::from(move |event: Event| {
        choose.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
    });
    html! {
        <span class="list">
            if props.shown { <span class="list-name" aria-hidden="true">{ &props.name }</span> }
            <select ref={select} aria-label={&props.name} {onchange}>
                { for props.options.iter().map(option) }
                { for props.groups.iter().map(|(name, options)| html! {
                    <optgroup key={*name} label={*name}>{ for options.iter().map(option) }</optgroup>
                }) }
            </select>
        </span>
    }
}

/// A setting that is a choice: its name in front of a native list.
pub(super) fn setting(
    name: &'static str,
    options: Vec<(String, String)>,
    value: String,
    choose: Callback<String>,
) -> Html {
    html! {
        <label class="setting">
            <span aria-hidden="true">{ name }</span>
            <List {name} {options} {value} {choose}/>
        </label>
    }
}

/// A setting of the run: what can be chosen, and what each choice would change. What is in force shows by `other`'s words where
/// none of the choices is it.
pub(super) fn choices<T: 'static>(
    name: &'static str,
    choices: Vec<(String, T)>,
    in_force: impl Fn(&T) -> bool,
    other: impl FnOnce() -> String,
    chosen: impl Fn(&str, &T) + 'static,
) -> Html {
    const OTHER: &str = "other";
    let now = choices.iter().position(|(_, change)| in_force(change));
    let mut options: Vec<(String, String)> =
        choices.iter().enumerate().map(|(at, (word, _))| (at.to_string(), word.clone())).collect();
    if now.is_none() {
        options.push((OTHER.to_owned(), other()));
    }
    let value = now.map_or_else(|| OTHER.to_owned(), |at| at.to_string());
    let choose = Callback::from(move |value: String| {
        // The words for what is in force are no choice.
        if let Some((word, change)) = value.parse::<usize>().ok().and_then(|at| choices.get(at)) {
            chosen(word, change);
        }
    });
    setting(name, options, value, choose)
}

fn option((value, label): &(String, String)) -> Html {
    html! { <option key={value.clone()} value={value.clone()}>{ label }</option> }
}
