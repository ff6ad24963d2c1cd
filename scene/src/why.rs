//! Why something happened: its causes, walked back, as sentences. The most important stand first, and there are never
//! more than [`MOST`].

mod answer;
mod chain;

#[cfg(test)]
mod tests;

use crate::{View, narrate};
use ringside_sim::{Act, Judgement, MessageRecord, Op, What};

/// No answer to a "why" has more sentences.
pub const MOST: usize = 8;

/// Why what just happened did. At the beginning, nothing has.
#[must_use]
pub fn event(view: &View<'_>) -> Vec<String> {
    let ended = |op: &&Op| op.end.as_ref().is_some_and(|end| end.position == view.position);
    let answered = view.trace().ops.iter().find(ended);
    let mut told = answered.map(|op| answer(view, op)).unwrap_or_default();
    told.extend(chain::causes(view, view.position));
    if told.is_empty() {
        told.push("Nothing has happened yet that could have a cause.".to_owned());
    }
    told.truncate(MOST);
    told
}

/// Why a request got this answer, or has none yet.
#[must_use]
pub fn answer(view: &View<'_>, op: &Op) -> Vec<String> {
    let mut told = answer::of(view, op);
    told.truncate(MOST);
    told
}

/// Why a property is broken: what the judges say, and then why the operations of the witness went as they did.
#[must_use]
pub fn property(view: &View<'_>, judgement: &Judgement) -> Vec<String> {
    let mut told = vec![judgement.why.clone()];
    let witness = judgement.ops.iter().rev().filter_map(|id| view.trace().op_named(id));
    for op in witness {
        let why = answer::of(view, op);
        let first = why.first().map(|first| [&op.id, ": ", first].concat());
        told.extend(first.into_iter().chain(why.into_iter().skip(1)));
        if told.len() >= MOST {
            break;
        }
    }
    told.truncate(MOST);
    told
}

/// The event that leads to a position.
fn happened<'a>(view: &View<'a>, position: u64) -> Option<&'a ringside_sim::Event> {
    view.trace().events.get(usize::try_from(position).ok()?.checked_sub(1)?)
}

/// What happened at a position, with its time, as a sentence.
fn at(view: &View<'_>, position: u64) -> String {
    let time = view.trace().time_of(position).to_string();
    ["At ", &time, ": ", &narrate::line(view, position)].concat()
}

/// The same in brackets, inside a sentence.
fn aside(view: &View<'_>, position: u64) -> String {
    let time = view.trace().time_of(position).to_string();
    let line = narrate::line(view, position);
    [" (at ", &time, ": ", line.trim_end_matches('.'), ")"].concat()
}

/// The position that the latest act before `position` leads to of which `is` holds.
fn latest_act(view: &View<'_>, position: u64, is: impl Fn(&Act) -> bool) -> Option<u64> {
    let before = usize::try_from(position).ok()?;
    let events = view.trace().events.get(..before)?;
    let found = events.iter().rposition(|event| matches!(&event.what, What::Act { act, .. } if is(act)))?;
    u64::try_from(found).ok().map(|found| found + 1)
}

/// Since when a message is held, if an act says so: its own, or one that holds all that match.
fn held_since(view: &View<'_>, record: &MessageRecord, position: u64) -> Option<u64> {
    let envelope = &record.envelope;
    let by_number =
        record.earlier.iter().rev().find(|(_, until)| *until <= position).map(|(_, until)| *until);
    by_number.or_else(|| {
        latest_act(view, position, |act| {
            let Act::Hold(matcher) = act else { return false };
            matcher.matches(envelope.message.kind(), envelope.from, envelope.to)
        })
    })
}
