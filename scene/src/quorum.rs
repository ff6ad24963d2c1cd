//! How far a request has come, and the gauge that shows it round its coordinator: N segments in the order of the
//! preference list; each answer that has arrived fills its replica's.

mod tag;
mod words;

use crate::View;
use crate::layout::Layout;
use crate::mark::{Ink, Lettering, Mark, Point, Shape, Stroke};
use crate::text;
use ringside_core::order::by_number;
use ringside_core::{Message, NodeId, Note, Siblings, Time};
use ringside_sim::{Event, Op, OpOutcome, What};
use std::f64::consts::TAU;
use tag::Label;
use words::{Words, centre};

/// What is known of a request at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Who coordinates it.
    pub coordinator: NodeId,
    /// Answers needed.
    pub need: u32,
    /// The replicas, in the order of the preference list.
    pub slots: Vec<Slot>,
    /// Has the coordinator stopped collecting?
    pub finished: bool,
    /// Did the coordinator crash before it had finished?
    pub crashed: bool,
}

/// One replica's part in a request, or its fallback's.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The replica.
    pub node: NodeId,
    /// Who stands in for it: who answered in its place, else who was asked last.
    pub fallback: Option<NodeId>,
    /// Everybody who was asked to.
    fallbacks: Vec<NodeId>,
    /// Who keeps the write as a hint without counting for it.
    pub kept_by: Option<NodeId>,
    /// Its answer.
    pub answer: Answered,
    /// For a get, what it holds.
    pub versions: Option<Siblings>,
}

/// An answer, seen from the coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It has not come.
    Waiting,
    /// It counted, as the so-manieth from 1, and came then.
    Counted(u32, Time),
    /// It came when the client already had its answer.
    Late(Time),
    /// It did not come before the coordinator stopped collecting.
    Silent,
}

impl Slot {
    /// Whose answer it is, or is to be.
    #[must_use]
    pub fn answerer(&self) -> NodeId {
        self.fallback.unwrap_or(self.node)
    }
}

impl Progress {
    /// How far `op` has come at the view's position; none before a coordinator has taken charge of it.
    #[must_use]
    pub fn of(view: &View<'_>, op: &Op) -> Option<Self> {
        let mut progress = Self::outline(view, op)?;
        if let Some(own) = op.own.clone()
            && let Some(slot) = progress.slot(progress.coordinator)
        {
            slot.versions = Some(own);
        }
        Some(progress)
    }

    /// The same, but for what the coordinator itself held.
    #[must_use]
    pub fn outline(view: &View<'_>, op: &Op) -> Option<Self> {
        let (coordinator, since) = op.coordinator.filter(|(_, since)| *since <= view.position)?;
        let begin = usize::try_from(since.max(1) - 1).ok()?;
        let end = usize::try_from(view.position).ok()?;
        let events = view.trace().events.get(begin..end)?;
        let mut progress = Self { coordinator, need: 0, slots: Vec::new(), finished: false, crashed: false };
        for event in events {
            progress.take(view, op, event);
            if progress.finished || progress.crashed {
                break;
            }
        }
        Some(progress)
    }

    /// How many answers counted.
    #[must_use]
    pub fn have(&self) -> u32 {
        self.slots.iter().filter(|slot| matches!(slot.answer, Answered::Counted(..))).count() as u32
    }

    /// Whose answers counted, in the order they came.
    #[must_use]
    pub fn counted(&self) -> Vec<NodeId> {
        let order = |slot: &Slot| match slot.answer {
            Answered::Counted(place, _) => Some((place, slot.answerer())),
            Answered::Waiting | Answered::Late(_) | Answered::Silent => None,
        };
        let mut counted: Vec<(u32, NodeId)> = self.slots.iter().filter_map(order).collect();
        by_number(&mut counted, |(place, _)| u64::from(*place));
        counted.into_iter().map(|(_, node)| node).collect()
    }

    fn slot(&mut self, node: NodeId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.node == node || slot.fallbacks.contains(&node))
    }

    fn take(&mut self, view: &View<'_>, op: &Op, event: &Event) {
        if let What::Act { act, .. } = &event.what {
            self.crashed |= act.stops() == Some(self.coordinator);
        }
        if let What::Delivered(id) = event.what
            && let Message::ReadReply { request, versions } = &view.trace().message(id).envelope.message
            && *request == op.request
            && let Some(slot) = self.slot(view.trace().message(id).envelope.from)
        {
            slot.versions.get_or_insert_with(|| versions.clone());
        }
        for note in &event.notes {
            self.note(op, note, event.at);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other note moves a segment of the gauge")]
    fn note(&mut self, op: &Op, note: &Note, at: Time) {
        match note {
            Note::Coordinates { request, preference, need, .. } if *request == op.request => {
                self.need = *need;
                let slot = |node: &NodeId| Slot {
                    node: *node,
                    fallback: None,
                    fallbacks: Vec::new(),
                    kept_by: None,
                    answer: Answered::Waiting,
                    versions: None,
                };
                self.slots = preference.iter().map(slot).collect();
            }
            Note::Counted { request, from, have, .. } if *request == op.request => {
                if let Some(slot) = self.slot(*from) {
                    slot.answer = Answered::Counted(*have, at);
                    slot.fallback = (*from != slot.node).then_some(*from);
                }
            }
            Note::CountedLate { request, from } if *request == op.request => {
                if let Some(slot) = self.slot(*from) {
                    slot.answer = Answered::Late(at);
                    slot.fallback = (*from != slot.node).then_some(*from);
                }
            }
            Note::StandsIn { request, fallback, owner, counts, .. } if *request == op.request => {
                if let Some(slot) = self.slot(*owner) {
                    slot.fallbacks.push(*fallback);
                    slot.fallback = counts.then_some(*fallback);
                }
            }
            Note::NotCounted { request, from, owner } if *request == op.request => {
                if let Some(slot) = self.slot(*owner).filter(|_| from != owner) {
                    slot.kept_by = Some(*from);
                }
            }
            Note::Finished { request, silent } if *request == op.request => {
                self.finished = true;
                for node in silent {
                    if let Some(slot) = self.slot(*node) {
                        slot.answer = Answered::Silent;
                    }
                }
            }
            _ => {}
        }
    }
}

/// Draws the gauge of the selected request, and in the middle of the ring what the client knows.
pub(crate) fn draw(view: &View<'_>, layout: &Layout, op: &Op, marks: &mut Vec<Mark>) {
    let Some(progress) = Progress::of(view, op) else {
        let (kind, told) = waiting(view, op);
        return centre(layout, &Words::alone(layout), "", kind, &[(told, false)], marks);
    };
    if progress.slots.is_empty() {
        return;
    }
    let mut heading = progress.have().to_string();
    heading.push_str(" of ");
    heading.push_str(&progress.need.to_string());
    let (told, failed) = outcome(view, op, &progress);
    // Words between the discs, or inside the gauge: what does not fit is in the inspector, too.
    let per_letter = Lettering::plain(layout.small).width("x") * 0.88;
    let most = if layout.around {
        ((layout.orbit - layout.disc) * 2.0 / per_letter).max(26.0)
    } else {
        layout.gauge(progress.coordinator).inner * 2.0 / per_letter
    };
    let mut whose = answers(view, op, &progress);
    if whose.chars().count() > most as usize
        && let Some((_, nodes)) = whose.split_once(": ")
    {
        whose = nodes.to_owned();
    }
    let lines =
        [(whose, false), (told, failed)].map(|(line, failed)| (text::clipped(&line, most as usize), failed));
    // Tags keep clear of the words in the middle, and of each other.
    let place = Words::beside(layout, progress.coordinator);
    let taken =
        layout.around.then(|| Label::of_words(layout, place.at, lines.iter().map(|(line, _)| line.as_str())));
    segments(view, layout, op, &progress, taken.into_iter().collect(), marks);
    let name = [op.kind.name(), " ", &text::clipped(op.key.as_str(), 16)].concat();
    centre(layout, &place, &name, &heading, &lines, marks);
}

fn segments(
    view: &View<'_>,
    layout: &Layout,
    op: &Op,
    progress: &Progress,
    mut taken: Vec<Label>,
    marks: &mut Vec<Mark>,
) {
    let place = layout.gauge(progress.coordinator);
    let count = progress.slots.len() as f64;
    let gap = if progress.slots.len() == 1 { 0.0 } else { 5.0 / place.outer };
    let ended = op.end_by(view.position);
    for (at, slot) in progress.slots.iter().enumerate() {
        let start = TAU * at as f64 / count + gap / 2.0;
        let sweep = TAU / count - gap;
        let arc = Shape::Arc { centre: place.centre, inner: place.inner, outer: place.outer, start, sweep };
        let rim = Stroke::solid(Ink::Text, 1.2);
        let mark = Mark::new(arc);
        match slot.answer {
            Answered::Waiting if progress.crashed => marks.push(mark.stroke(Stroke::dashed(Ink::Muted, 1.0))),
            Answered::Waiting => marks.push(mark.fill(Ink::Ground).stroke(rim)),
            Answered::Counted(..) | Answered::Late(_) if slot.fallback.is_some() => {
                hatch((&mark, rim), slot, (place.centre, place.inner, place.outer), (start, sweep), marks);
            }
            Answered::Counted(..) => marks.push(mark.fill(Ink::Answer(slot.node)).stroke(rim)),
            Answered::Late(_) => {
                // In the full colour, since a pale one could be taken for another node's.
                let arc = Shape::Arc {
                    centre: place.centre,
                    inner: place.inner,
                    outer: late(place.inner, place.outer),
                    start,
                    sweep,
                };
                marks.push(mark.fill(Ink::Ground).stroke(Stroke::solid(Ink::Muted, 1.0)));
                marks.push(Mark::new(arc).fill(Ink::Answer(slot.node)));
            }
            Answered::Silent => marks.push(mark.stroke(Stroke::dashed(Ink::Muted, 1.0))),
        }
        if layout.around && progress.slots.len() <= 5 {
            let tag = version_tag(view, slot);
            if !tag.is_empty() {
                tag::beside(layout, &tag, (place.centre, place.outer), (start, sweep), &mut taken, marks);
            }
        }
    }
    if ended.is_some_and(|end| end.outcome == OpOutcome::Ok) {
        marks.push(Mark::circle(place.centre, place.outer + 3.0).line_of(Ink::Text, 1.6));
    }
}

/// How far out an answer that came late fills its segment.
fn late(inner: f64, outer: f64) -> f64 {
    inner + (outer - inner) * 0.45
}

/// A fallback fills the segment of the replica it stands in for with lines in its own hue; shorter ones when its answer came
/// late.
fn hatch(
    (mark, rim): (&Mark, Stroke),
    slot: &Slot,
    (centre, inner, outer): (Point, f64, f64),
    (start, sweep): (f64, f64),
    marks: &mut Vec<Mark>,
) {
    let end = if matches!(slot.answer, Answered::Late(_)) { late(inner, outer) } else { outer };
    marks.push(mark.clone().fill(Ink::Ground).stroke(rim));
    let lines = (sweep * outer / 5.0).max(2.0) as u32;
    for line in 1..lines {
        let angle = start + sweep * f64::from(line) / f64::from(lines);
        let hatch = Mark::line(centre.polar(inner, angle), centre.polar(end, angle));
        marks.push(hatch.line_of(Ink::Node(slot.answerer()), 2.6));
    }
}

/// A get's answers carry versions: the gauge says which, so that a disagreement shows before the choice is made.
fn version_tag(view: &View<'_>, slot: &Slot) -> String {
    let came = matches!(slot.answer, Answered::Counted(..) | Answered::Late(_));
    let mut tag = slot.fallback.map_or_else(String::new, |fallback| stands_in(view, fallback, slot.node));
    if let Some(versions) = slot.versions.as_ref().filter(|_| came) {
        if !tag.is_empty() {
            tag.push_str(": ");
        }
        let dots = if versions.is_empty() { "none".to_owned() } else { text::dots(view, versions) };
        match dots.split_once(", ") {
            Some((first, _)) if dots.chars().count() > 8 => {
                tag.push_str(&text::clipped(first, 8));
                tag.push_str(&[" +", &(versions.versions().len() - 1).to_string()].concat());
            }
            Some(_) | None => tag.push_str(&text::clipped(&dots, 8)),
        }
    }
    tag
}

/// `E for D`.
fn stands_in(view: &View<'_>, fallback: NodeId, owner: NodeId) -> String {
    [view.name(fallback), " for ", view.name(owner)].concat()
}

fn waiting<'a>(view: &View<'_>, op: &'a Op) -> (&'a str, String) {
    let told = op.end_by(view.position).map_or("no coordinator yet", |end| end.outcome.name());
    (op.kind.name(), told.to_owned())
}

/// Whose answers counted: `acks: A itself, C`.
fn answers(view: &View<'_>, op: &Op, progress: &Progress) -> String {
    let mut told = (if op.kind.is_write() { "acks: " } else { "answers: " }).to_owned();
    for (at, node) in progress.counted().into_iter().enumerate() {
        if at > 0 {
            told.push_str(", ");
        }
        told.push_str(view.name(node));
        if node == progress.coordinator {
            told.push_str(" itself");
        }
        if let Some(slot) = progress.slots.iter().find(|slot| slot.fallback == Some(node)) {
            told.push_str(" for ");
            told.push_str(view.name(slot.node));
        }
    }
    if progress.have() == 0 {
        told.push_str("none");
    }
    told
}

/// What the client knows, and whether that is a failure.
fn outcome(view: &View<'_>, op: &Op, progress: &Progress) -> (String, bool) {
    let client = text::client(&op.client);
    let said = |rest: &str| [client, rest].concat();
    match op.end_by(view.position) {
        None if progress.crashed => ("the coordinator is gone".to_owned(), false),
        None => (said(" is waiting"), false),
        Some(end) => match (end.outcome, &op.kind, &end.returned) {
            (OpOutcome::Ok, kind, Some(found)) if !kind.is_write() => {
                let values: Vec<String> =
                    found.values().map(|value| ["“", value.as_str(), "”"].concat()).collect();
                let count = values.len();
                let (is_told, what) = if values.is_empty() {
                    (" is told: ", "not found".to_owned())
                } else {
                    (" has ", text::list(values))
                };
                // As many as there are says more than the first ones, cut.
                let fits = count < 2 || what.chars().count() <= 24;
                let what =
                    if fits { text::clipped(&what, 24) } else { [&count.to_string(), " siblings"].concat() };
                ([client, is_told, &what].concat(), false)
            }
            (OpOutcome::Ok, ..) => (said(" has the answer"), false),
            (OpOutcome::Failed, ..) => (said(" is told: failed"), true),
            (OpOutcome::Unknown, ..) => (said(" does not know"), false),
        },
    }
}

#[cfg(test)]
mod tests;
