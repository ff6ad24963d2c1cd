//! Sentences about opinions: who no longer believes whom up, and who does again.

use super::Sentence;
use crate::{View, text};
use ringside_core::{Detector, Exchange, NodeId, Note};
use ringside_sim::Event;

/// A node was woken because another one has been silent for too long.
#[inline(never)]
pub(super) fn silence(view: &View<'_>, event: &Event, node: NodeId) -> Sentence {
    let suspects: Vec<NodeId> = event.notes.iter().filter_map(suspected).collect();
    let lead = [view.name(node), " believes ", &text::nodes(view, &suspects), " down."].concat();
    let why = event.notes.iter().find_map(|note| {
        if let Note::Suspects { elapsed, .. } = note { Some(elapsed.to_string()) } else { None }
    });
    let limit = match view.snapshot.config.failure_detector {
        Detector::Phi { thousandths } => {
            [": so long a silence has phi ", &text::thousandths(thousandths), ", the limit."].concat()
        }
        Detector::Timeout(_) => ", which is the limit.".to_owned(),
        Detector::Off => ".".to_owned(),
    };
    let why = why.map(|elapsed| ["Nothing new was heard for ", &elapsed, &limit].concat());
    let own = "This is its own opinion: it tells nobody.";
    Sentence::new(&[&lead], &[why.as_deref().unwrap_or_default(), " ", own])
}

/// A round of gossip begins.
#[inline(never)]
pub(super) fn round(view: &View<'_>, event: &Event, node: NodeId) -> Sentence {
    let to: Vec<NodeId> = event.sent.iter().map(|id| view.trace().message(*id).envelope.to).collect();
    let name = view.name(node);
    if to.is_empty() {
        return Sentence::new(&[name, " counts its heartbeat up."], &["It knows nobody to gossip with."]);
    }
    let lead = [name, " gossips with ", &text::nodes(view, &to), "."].concat();
    let down = to.len() > 1;
    let rest = "It counts its heartbeat up and says how much it knows of each node.";
    let asks = " One round in ten also asks a node that is believed down, in case it is back.";
    Sentence::new(&[&lead], &[rest, if down { asks } else { "" }])
}

/// One of the three messages of an exchange arrives.
#[inline(never)]
pub(super) fn gossip(
    view: &View<'_>,
    event: &Event,
    (from, to): (&str, &str),
    exchange: &Exchange,
) -> Sentence {
    let learned = event.notes.iter().find_map(|note| {
        if let Note::Learned { advanced, members } = note { Some((advanced, members)) } else { None }
    });
    let mut told = match learned {
        None => [to, " learns nothing new from ", from, "."].concat(),
        Some((advanced, members)) if members.is_empty() => {
            [to, " learns newer heartbeats of ", &text::nodes(view, advanced), " from ", from, "."].concat()
        }
        Some((_, members)) => {
            [to, " learns from ", from, " what became of ", &text::nodes(view, members), "."].concat()
        }
    };
    let rest = match exchange {
        Exchange::Digest { .. } => {
            told = [to, " sees how much ", from, " knows."].concat();
            "It answers with what is missing there, and with what it misses itself."
        }
        Exchange::Answer { .. } if !event.sent.is_empty() => "It sends back what was missing there.",
        Exchange::Answer { .. } | Exchange::Update { .. } => "Both now know the same.",
    };
    Sentence { lead: told, rest: rest.to_owned() }
}

/// Which opinions changed while something else happened at `node`; empty if none did.
#[inline(never)]
pub(super) fn changed(view: &View<'_>, event: &Event, node: NodeId) -> String {
    let me = view.name(node);
    let mut told = Vec::new();
    let suspects: Vec<NodeId> = event.notes.iter().filter_map(suspected).collect();
    if !suspects.is_empty() {
        told.push([me, " now believes ", &text::nodes(view, &suspects), " down."].concat());
    }
    let trusted = |wanted: bool| {
        let member = |note: &Note| {
            let Note::Trusts { member, restarted, .. } = note else { return None };
            (*restarted == wanted).then_some(*member)
        };
        event.notes.iter().filter_map(member).collect::<Vec<NodeId>>()
    };
    let (back, anew) = (trusted(false), trusted(true));
    if !back.is_empty() {
        let who = text::nodes(view, &back);
        told.push([me, " hears of a new heartbeat and believes ", &who, " up again."].concat());
    }
    if !anew.is_empty() {
        let who = text::nodes(view, &anew);
        told.push([me, " hears of a newer start and believes ", &who, " up again."].concat());
    }
    told.join(" ")
}

const fn suspected(note: &Note) -> Option<NodeId> {
    if let Note::Suspects { member, .. } = note { Some(*member) } else { None }
}
