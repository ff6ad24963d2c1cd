//! The run in sentences: what just happened and why. Every sentence is made from the events of the run; none is
//! written by hand.

mod acts;
mod exchanges;
mod faults;
mod handoff;
mod lists;
mod members;
mod messages;
mod opinions;
mod requests;
mod settings;
mod tombstones;

pub use lists::{nodes, requests, under_way};

use crate::View;
use ringside_core::{NodeId, Wake};
use ringside_sim::{Act, Event, What};

/// What just happened, in a few words, and why, in more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// A whole short sentence, set bold.
    pub lead: String,
    /// Further sentences; may be empty.
    pub rest: String,
}

impl Sentence {
    fn new(lead: &[&str], rest: &[&str]) -> Self {
        Self { lead: lead.concat(), rest: rest.concat() }
    }

    /// Both parts as one text.
    #[must_use]
    pub fn whole(&self) -> String {
        if self.rest.is_empty() { self.lead.clone() } else { [self.lead.as_str(), " ", &self.rest].concat() }
    }

    /// Adds a further sentence.
    fn and(mut self, more: &str) -> Self {
        if !more.is_empty() {
            if !self.rest.is_empty() {
                self.rest.push(' ');
            }
            self.rest.push_str(more);
        }
        self
    }
}

/// What the scenario says at the view's position: the words of the latest step that has any.
#[must_use]
pub fn said<'a>(view: &View<'a>) -> Option<&'a str> {
    let happened = usize::try_from(view.position).ok()?;
    let events = view.trace().events.get(..happened)?;
    let steps = &view.recording.scenario().steps;
    events.iter().rev().find_map(|event| {
        let What::Act { step: Some(step), .. } = event.what else { return None };
        steps.get(step as usize)?.say.as_deref()
    })
}

/// The event that led to the view's position.
fn latest<'a>(view: &View<'a>) -> Option<&'a Event> {
    let at = usize::try_from(view.position).ok()?.checked_sub(1)?;
    view.trace().events.get(at)
}

/// What just happened and why. Never empty.
#[must_use]
pub fn sentence(view: &View<'_>) -> Sentence {
    match latest(view) {
        Some(event) => of(view, event).and(&elsewhere(view, event)),
        None => beginning(view),
    }
}

/// Which request the event was of, where the drawing shows another one.
fn elsewhere(view: &View<'_>, event: &Event) -> String {
    let request = match &event.what {
        What::Delivered(id) | What::Waits(id) | What::Lost(id, _) => {
            view.trace().message(*id).envelope.message.request()
        }
        What::Woke(_, Wake::TimeLimit(request) | Wake::HalfTime(request)) | What::GaveUp(request) => {
            Some(*request)
        }
        What::Act { .. } | What::Asked(..) | What::Took(..) | What::Woke(..) => None,
    };
    match (request.and_then(|request| view.trace().op(request)), view.op()) {
        (Some(op), Some(shown)) if op.request != shown.request => {
            ["That was ", &op.id, "; the ring shows ", &shown.id, "."].concat()
        }
        _ => String::new(),
    }
}

/// One line of the event log for the event that leads to `position`; empty for position 0.
#[must_use]
pub fn line(view: &View<'_>, position: u64) -> String {
    let then = View { position, ..*view };
    latest(&then).map(|event| of(&then, event).lead).unwrap_or_default()
}

fn beginning(view: &View<'_>) -> Sentence {
    let count = view.setup().founding().count();
    let nodes = if count == 1 { "1 node is up." } else { &[&count.to_string(), " nodes are up."].concat() };
    let config = &view.snapshot.config;
    let copies = config.n.to_string();
    let rest = match config.n {
        1 => "Every key has 1 replica, and nothing has happened yet.".to_owned(),
        _ => ["Every key has ", &copies, " replicas, and nothing has happened yet."].concat(),
    };
    Sentence { lead: nodes.to_owned(), rest }
}

fn of(view: &View<'_>, event: &Event) -> Sentence {
    match &event.what {
        What::Act { act: Act::Operation(operation), request, .. } => {
            requests::asked(view, event, operation, *request)
        }
        What::Act {
            act: act @ (Act::Join(_) | Act::Leave(_) | Act::Abort(_) | Act::Replace { .. }), ..
        } => members::act(view, event, act),
        What::Act { act, .. } => acts::act(view, act),
        What::Asked(operation, request) => requests::asked(view, event, operation, Some(*request)),
        What::Delivered(id) => {
            let record = view.trace().message(*id);
            let told = messages::delivered(view, event, record);
            let to = record.envelope.to;
            told.and(&handoff::more(view, event, to)).and(&opinions::changed(view, event, to))
        }
        What::Waits(id) => messages::waits(view, view.trace().message(*id)),
        What::Took(node, request) => requests::took(view, event, *node, *request),
        What::Lost(id, loss) => messages::lost(view, view.trace().message(*id), *loss),
        What::Woke(node, Wake::TimeLimit(request)) => {
            let told = requests::time_limit(view, event, *node, *request);
            told.and(&opinions::changed(view, event, *node))
        }
        What::Woke(node, Wake::Gossip) => {
            let told = opinions::round(view, event, *node);
            told.and(&opinions::changed(view, event, *node))
        }
        What::Woke(node, Wake::HalfTime(request)) => {
            let told = handoff::half_time(view, event, *node, *request);
            told.and(&opinions::changed(view, event, *node))
        }
        What::Woke(node, Wake::Handoff(owner)) => handoff::sends(view, event, *node, *owner),
        What::Woke(node, Wake::HintExpiry) => handoff::expires(view, event, *node),
        What::Woke(node, Wake::Transfer) => {
            let lead = [view.name(*node), " tries once more to get keys to their new owners."].concat();
            Sentence { lead, rest: "An answer has not come in time.".to_owned() }
        }
        What::Woke(node, Wake::Silence) => opinions::silence(view, event, *node),
        What::Woke(node, Wake::Collection) => {
            tombstones::due(view, event, *node).and(&opinions::changed(view, event, *node))
        }
        What::Woke(node, Wake::AntiEntropy) => {
            exchanges::due(view, event, *node).and(&opinions::changed(view, event, *node))
        }
        What::GaveUp(request) => requests::gave_up(view, *request),
    }
}

/// `1 ack`, `2 acks`.
fn count(number: u32, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    [&number.to_string(), " ", one, plural].concat()
}

/// `B, C and D have`, `B has`: the verb that fits.
fn having(view: &View<'_>, nodes: &[NodeId]) -> String {
    let verb = if nodes.len() == 1 { " has" } else { " have" };
    [&crate::text::nodes(view, nodes), verb].concat()
}

/// The status line: when, which event, of how many.
#[must_use]
pub fn status(view: &View<'_>) -> String {
    let events = view.recording.len().to_string();
    [&view.now.to_string(), " · event ", &view.position.to_string(), " of ", &events].concat()
}

#[cfg(test)]
mod tests;
