//! What is done to messages by what they are: held, set free, lost, doubled, damaged, sent again. One message is chosen in
//! the list of what can happen next.

use super::controls::List;
use crate::hooks::use_page;
use ringside_core::{Kind, NodeId};
use ringside_sim::{Act, Matcher};
use yew::prelude::*;

/// The value of a list for whatever kind or node.
const ANY: &str = "";
/// Earlier messages that one press sends again.
const AGAIN: u32 = 1;

/// A button's name, the word for it in a scenario's step, and what it does to messages that match.
type Trick = (&'static str, &'static str, fn(Matcher) -> Act);

const TRICKS: [Trick; 6] = [
    ("Hold messages", "hold", Act::Hold),
    ("Release messages", "release", Act::Release),
    ("Drop next", "drop", |matcher| Act::Drop { matcher, count: 1 }),
    ("Double next", "duplicate", |matcher| Act::Duplicate { matcher, count: 1 }),
    ("Damage next", "corrupt", |matcher| Act::Corrupt { matcher, count: 1 }),
    ("Send last again", "replay", |matcher| Act::Replay { matcher, count: AGAIN }),
];

/// Folded away, among the settings.
#[function_component]
pub(super) fn FoldedMessages() -> Html {
    html! {
        <details class="mechanisms">
            <summary>{ "Messages" }</summary>
            <Messages/>
        </details>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct MessagesProps {
    /// The words for what is to be done, in a scenario's step; all there is where none is said.
    #[prop_or_default]
    pub(super) only: Vec<&'static str>,
}

#[function_component]
pub(super) fn Messages(props: &MessagesProps) -> Html {
    let page = use_page();
    let chosen = use_state_eq(Matcher::default);
    let session = page.session();
    let (setup, snapshot) = (session.recording().setup(), session.snapshot());
    let node = |at: Option<NodeId>| at.filter(|node| node.index() < setup.names.len());
    let matcher = Matcher { from: node(chosen.from), to: node(chosen.to), ..*chosen };
    let list = |name: &'static str,
                any: &str,
                of: Vec<(String, String)>,
                value: String,
                set: fn(Matcher, &str) -> Matcher| {
        let options = [(ANY.to_owned(), any.to_owned())].into_iter().chain(of).collect::<Vec<_>>();
        let chosen = chosen.clone();
        let choose = Callback::from(move |value: String| chosen.set(set(*chosen, &value)));
        html! {
            <label class="setting">
                <span aria-hidden="true">{ name }</span>
                <List {name} {options} {value} {choose}/>
            </label>
        }
    };
    let kinds = Kind::ALL.map(|kind| (kind.name().to_owned(), kind.name().to_owned())).to_vec();
    let nodes = || setup.nodes().map(|id| (id.0.to_string(), setup.name(id).to_owned())).collect();
    let number = |node: Option<NodeId>| node.map(|id| id.0.to_string()).unwrap_or_default();
    let shown = |(_, word, _): &&Trick| props.only.is_empty() || props.only.contains(word);
    let button = |(name, _, act): &Trick| {
        let act = act(matcher);
        let onclick = page.does(move |session| session.act(act.clone()));
        html! { <button key={*name} type="button" {onclick}>{ *name }</button> }
    };
    let held = snapshot.holds().iter().map(|hold| {
        let (hold, words) = (*hold, words(hold, |id| setup.name(id)));
        let onclick = page.does(move |session| session.act(Act::Release(hold)));
        html! { <li>{ &words }{ " " }<button type="button" aria-label={["Release ", &words].concat()} {onclick}>{ "Release" }</button></li> }
    });
    html! {
        <div class="of-messages" role="group" aria-label="Messages">
            { list("Message kind", "any", kinds, matcher.kind.map(|kind| kind.name().to_owned()).unwrap_or_default(),
                |chosen, value| Matcher { kind: Kind::ALL.into_iter().find(|kind| kind.name() == value), ..chosen }) }
            { list("From node", "any", nodes(), number(matcher.from),
                |chosen, value| Matcher { from: value.parse().ok().map(NodeId), ..chosen }) }
            { list("To node", "any", nodes(), number(matcher.to),
                |chosen, value| Matcher { to: value.parse().ok().map(NodeId), ..chosen }) }
            <div class="buttons">{ for TRICKS.iter().filter(shown).map(button) }</div>
            if !snapshot.holds().is_empty() {
                <ul class="holds" aria-label="Held messages">{ for held }</ul>
            }
        </div>
    }
}

/// Which messages, in words: "write from A to any node".
fn words<'a>(hold: &Matcher, name: impl Fn(NodeId) -> &'a str) -> String {
    let node = |id: Option<NodeId>| id.map_or("any node", &name);
    let kind = hold.kind.map_or("all", Kind::name);
    [kind, " from ", node(hold.from), " to ", node(hold.to)].concat()
}
