//! What keys do, and what words mean: on one page of its own, and each word where it is used first.

use crate::hooks::use_page;
use crate::state::UiAction;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Keys and what they do.
const KEYS: [(&str, &str); 19] = [
    ("Space", "plays and pauses"),
    ("← →", "step back and forward"),
    ("Shift with ← →", "bigger steps"),
    ("Home, End", "to the beginning, to the end"),
    ("↑ ↓", "through the messages under way"),
    ("D", "drops the selected message"),
    ("H", "holds it"),
    ("B", "goes on in a copy of the run"),
    ("W", "puts the typed value"),
    ("R", "gets the typed key"),
    ("K", "crashes the selected node, or restarts it"),
    ("P", "parts the network: Enter cuts, Esc leaves it"),
    ("?", "shows this"),
    ("Esc", "selects nothing; closes what is open"),
    ("Page Down, Page Up", "in a lesson or a lecture: on and back"),
    ("Tab", "to the next control; a group of nodes or tabs is one stop"),
    ("Arrows, Home, End", "within nodes, tabs, sliders and lists"),
    ("Enter, Space", "on a node: selects it"),
    ("Enter", "in Key or Value: puts"),
];

/// Words of the field, in the order in which one meets them.
pub(super) const TERMS: [(&str, &str); 24] = [
    (
        "coordinator",
        "The node that serves a client’s request: it asks the replicas and counts their answers.",
    ),
    (
        "preference list",
        "The first N distinct nodes clockwise from a key’s position on the ring: its replicas.",
    ),
    ("replica", "A node that stores a copy of a key."),
    ("quorum", "How many replicas must answer: R for a get, W for a put."),
    ("sloppy quorum", "A quorum to which fallbacks count, too."),
    ("fallback", "A node further on along the ring that stands in for a replica which cannot be reached."),
    ("hinted handoff", "A fallback brings the write it kept home, once the owner is back."),
    ("hint", "A write that a fallback keeps for its owner, apart from its own data."),
    ("read repair", "After a get, replicas that are behind receive the newer versions."),
    ("anti-entropy", "Replicas compare hash trees in the background and copy what differs."),
    ("hash tree", "Hashes of hashes over many keys: where two are equal, all keys below are equal."),
    ("siblings", "Concurrent versions of a key: neither has seen the other, so both are kept."),
    ("concurrent", "Of two writes, neither had seen the other."),
    ("version vector", "For each writer, how many of its writes a version has seen."),
    ("context", "What a client has seen of a key; a put that carries it supersedes that."),
    ("tombstone", "The version that a delete leaves, so that older versions do not come back."),
    ("virtual node", "One of the many places that a node has on the ring."),
    ("token", "A position on the ring where a node’s range ends."),
    ("gossip", "Nodes tell some others, now and then, what they know of all."),
    ("heartbeat", "A number that a running node keeps raising, as a sign of life."),
    ("suspected", "Believed down by a node, which may be wrong."),
    ("partition", "The network lets messages pass only within groups of nodes."),
    ("ack", "The message that says: stored."),
    ("simulated time", "The time of the run, not of the wall: it stands still while you look."),
];

/// A text in which each of the words explains itself, where it stands first.
pub(super) fn explained(text: &str) -> Html {
    let mut parts: Vec<Html> = Vec::new();
    let mut rest = text;
    let mut left: Vec<(&str, &str)> = TERMS.to_vec();
    loop {
        let next = left.iter().enumerate().filter_map(|(at, (term, _))| Some((find(rest, term)?, at)));
        // The longer of two words that begin at one place: “hinted handoff”, not “hint”.
        let next = next.min_by_key(|((from, to), _)| (*from, usize::MAX - to));
        let Some(((from, to), at)) = next else { break };
        let (_, meaning) = left.remove(at);
        parts.push(rest[..from].to_owned().into());
        parts.push(html! { <dfn title={meaning}>{ rest[from..to].to_owned() }</dfn> });
        rest = &rest[to..];
    }
    parts.push(rest.to_owned().into());
    html! { <>{ for parts }</> }
}

/// Where a word stands as a word, also as a plural: from and to which byte.
fn find(text: &str, term: &str) -> Option<(usize, usize)> {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
    let mut from = 0;
    loop {
        let at = from + text[from..].find(term)?;
        let end = at + term.len();
        let end = if text[end..].starts_with('s') { end + 1 } else { end };
        if !part_of_word(text[..at].chars().next_back()) && !part_of_word(text[end..].chars().next()) {
            return Some((at, end));
        }
        from = at + term.len();
    }
}

/// The page of keys and words; opened by `?` and from the menu.
#[function_component]
pub(super) fn Help() -> Html {
    let page = use_page();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(page.ui.help, move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // It is refused only where it is open already.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        });
    }
    let closed = {
        let page = page.clone();
        Callback::from(move |()| page.dispatch(UiAction::Help(false)))
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let list = |lines: &'static [(&'static str, &'static str)]| {
        html! {
            <dl class="facts">
                { for lines.iter().map(|(word, meaning)| html! { <><dt>{ word }</dt><dd>{ meaning }</dd></> }) }
            </dl>
        }
    };
    html! {
        <dialog ref={dialog} class="editor help" aria-label="Keys and terms" onclose={closed.reform(|_: Event| ())}
            {onkeydown}>
            <div class="editor-head">
                <h2>{ "Keys and terms" }</h2>
                <button type="button" onclick={closed.reform(|_: MouseEvent| ())}>{ "Close" }</button>
            </div>
            if page.ui.help {
                <div class="help-body" tabindex="0" role="region" aria-label="Keys and terms, all of them">
                    <h3>{ "Keys" }</h3>
                    <p class="quiet">{ "With the focus in the ring or the space-time diagram. Letters can be switched off in the menu." }</p>
                    { list(&KEYS) }
                    <h3>{ "Terms" }</h3>
                    { list(&TERMS) }
                </div>
            }
        </dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_words_and_as_plurals() {
        assert_eq!(find("It keeps 2 hints for C.", "hint"), Some((11, 16)));
        assert_eq!(find("hinted handoff", "hint"), None);
        assert_eq!(find("a pack of acks", "ack"), Some((10, 14)));
        assert_eq!(find("nothing of it", "hint"), None);
    }

    #[test]
    fn each_term_is_there_once_and_means_a_sentence() {
        for (at, (term, meaning)) in TERMS.iter().enumerate() {
            assert!(TERMS[..at].iter().all(|(other, _)| other != term), "{term}");
            assert!(meaning.ends_with('.') && meaning.len() > 20, "{term}: {meaning}");
        }
    }
}
