//! How one piece of news spreads: a sign of life that a member gave, and who has heard of it, one after the other.

use crate::{View, text};
use ringside_core::{Exchange, Message, NodeId, Pulse, Time};
use ringside_sim::MessageId;
use ringside_sim::trace::MessageRecord;

/// A sign of life of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rumour {
    /// Who gave it.
    pub of: NodeId,
    /// Which of its signs.
    pub pulse: Pulse,
    /// The message by which it was first told.
    first: MessageId,
}

/// Messages after the first one in which a rumour is looked for: in the largest clusters everybody has heard by then.
const MOST: usize = 50_000;

/// Somebody who has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Who.
    pub node: NodeId,
    /// When it first knew this or something newer.
    pub at: Time,
    /// The position after which it knew.
    position: u64,
}

impl Rumour {
    /// The last sign of life that a member has told anybody; none where it has told nothing.
    #[must_use]
    #[inline(never)]
    pub fn newest(view: &View<'_>, of: NodeId) -> Option<Self> {
        let mut told = sent(view).iter().enumerate().rev().filter_map(|(number, message)| {
            let own = (message.envelope.from == of).then(|| pulse(message, of, true));
            Some((own??, MessageId(u32::try_from(number).ok()?)))
        });
        let (pulse, last) = told.next()?;
        let same = told.take_while(|(earlier, _)| *earlier == pulse);
        Some(Self { of, pulse, first: same.last().map_or(last, |(_, first)| first) })
    }

    /// Those who have heard of it up to the view's position, first come first; the member itself is none of them.
    #[must_use]
    #[inline(never)]
    pub fn heard(&self, view: &View<'_>) -> Vec<Heard> {
        let mut heard: Vec<Heard> = Vec::new();
        let first = usize::try_from(self.first.0).unwrap_or(usize::MAX);
        let later = sent(view).iter().skip(first).take(MOST);
        for message in later.filter(|message| message.envelope.to != self.of) {
            let Some(fate) = message.fate.filter(|fate| fate.lost.is_none()) else { continue };
            let (node, position) = (message.envelope.to, fate.position);
            let news = |pulse| pulse >= self.pulse;
            if position > view.position || !pulse(message, self.of, false).is_some_and(news) {
                continue;
            }
            let first = Heard { node, at: view.trace().time_of(position), position };
            match heard.iter_mut().find(|heard| heard.node == node) {
                Some(known) if known.position <= position => {}
                Some(known) => *known = first,
                None => heard.push(first),
            }
        }
        ringside_core::order::by_number(&mut heard, |heard| heard.position);
        heard
    }

    /// When each node heard of it, as words to stand beside it.
    #[must_use]
    #[inline(never)]
    pub fn beside(&self, view: &View<'_>) -> Vec<(NodeId, String)> {
        let Some(began) = self.began(view) else { return Vec::new() };
        let words = |one: Heard| (one.node, ["heard after ", &text::rounded(one.at.since(began))].concat());
        self.heard(view).into_iter().map(words).collect()
    }

    /// When the member first told anybody; none where it has not, at this position or in this run.
    fn began(&self, view: &View<'_>) -> Option<Time> {
        let message = sent(view).get(usize::try_from(self.first.0).ok()?)?;
        let first = message.envelope.from == self.of && pulse(message, self.of, true) == Some(self.pulse);
        first.then(|| view.trace().time_of(message.sent_at))
    }

    /// The whole course in sentences.
    #[must_use]
    #[inline(never)]
    pub fn told(&self, view: &View<'_>) -> Vec<String> {
        let (name, heard) = (view.name(self.of), self.heard(view));
        let number = self.pulse.heartbeat;
        let Some(began) = self.began(view) else {
            return vec![format!("In this run {name} has not told anybody of its heartbeat {number} yet.")];
        };
        let mut told = vec![format!("Heartbeat {number} of {name}, told at {began}.")];
        let after = |heard: &Heard| format!("{} after {}", view.name(heard.node), heard.at.since(began));
        if !heard.is_empty() {
            told.push(format!("Heard by {}.", text::list(heard.iter().map(after).collect())));
        }
        let has = |node: &NodeId| heard.iter().any(|heard| heard.node == *node);
        let without = |node: &NodeId| *node != self.of && view.is_up(*node) && !has(node);
        let lacking: Vec<NodeId> = view.setup().nodes().filter(without).collect();
        told.push(match lacking.len() {
            0 => "Everybody who is up has heard.".to_owned(),
            1 => format!("{} has not heard yet.", text::nodes(view, &lacking)),
            _ => format!("{} have not heard yet.", text::nodes(view, &lacking)),
        });
        told
    }
}

/// The messages sent up to the view's position.
fn sent<'a>(view: &View<'a>) -> &'a [MessageRecord] {
    let messages = &view.trace().messages;
    &messages[..messages.partition_point(|message| message.sent_at <= view.position)]
}

/// What a gossip message says of a member's last sign of life; `digests` count only where it is about who sent it, since
/// whoever gets one learns nothing from it but how much the other knows.
fn pulse(message: &MessageRecord, of: NodeId, digests: bool) -> Option<Pulse> {
    let Message::Gossip(exchange) = &message.envelope.message else { return None };
    let facts = match exchange {
        Exchange::Digest { lines, .. } => {
            return lines.iter().find(|line| digests && line.node == of).map(|line| line.pulse);
        }
        Exchange::Answer { facts, .. } | Exchange::Update { facts, .. } => facts,
    };
    facts.iter().find(|fact| fact.node == of).map(|fact| fact.pulse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Run, ms, setup};
    use ringside_core::{Config, Note, Span};
    use ringside_sim::{Act, Setup};

    /// Five nodes that gossip every 100 ms.
    fn gossiping(acts: Vec<(u64, Act)>) -> Run {
        let config = Config { gossip: Some(Span::from_millis(100)), ..setup().config };
        Run::of(Setup { config, ..setup() }, acts)
    }

    #[test]
    fn news_reaches_everybody_one_after_the_other_and_never_comes_sooner_than_it_was_told() {
        let run = gossiping(vec![(3_000, Act::Note)]);
        let of = NodeId(2);
        let begun = run.recording.position_at(ms(1_000));
        let rumour = run.at(begun, |view| Rumour::newest(view, of)).expect("it has gossiped");
        let told = |at: u64| run.at(run.recording.position_at(ms(at)), |view| rumour.told(view));
        assert!(told(0)[0].starts_with("In this run C has not told"), "{:?}", told(0));
        let mut before = 0;
        for at in (0..3_000).step_by(20) {
            let heard = run.at(run.recording.position_at(ms(at)), |view| rumour.heard(view));
            assert!(heard.len() >= before && heard.iter().all(|heard| heard.node != of));
            before = heard.len();
        }
        assert_eq!(before, 4, "all others have heard");
        let end = told(2_900);
        assert!(end[0].starts_with(&format!("Heartbeat {} of C, told at ", rumour.pulse.heartbeat)));
        assert_eq!(end[2], "Everybody who is up has heard.");
        run.at(run.recording.position_at(ms(2_900)), |view| {
            let (heard, beside) = (rumour.heard(view), rumour.beside(view));
            assert!(beside.iter().map(|(node, _)| node).eq(heard.iter().map(|one| &one.node)));
            assert!(beside.iter().all(|(_, words)| words.starts_with("heard after ")), "{beside:?}");
            // The nodes' own notes say the same: who has heard has learnt of C in that event.
            for one in &heard {
                let event = &view.trace().events[usize::try_from(one.position).unwrap() - 1];
                let of_c =
                    |note: &Note| matches!(note, Note::Learned { advanced, .. } if advanced.contains(&of));
                assert!(event.notes.iter().any(of_c), "{event:?}");
            }
        });
    }

    #[test]
    fn of_who_is_down_the_last_sign_stays_and_who_gossips_with_nobody_has_none() {
        let run = gossiping(vec![(1_000, Act::Crash(NodeId(2))), (3_000, Act::Note)]);
        let newest =
            |at: u64| run.at(run.recording.position_at(ms(at)), |view| Rumour::newest(view, NodeId(2)));
        assert_eq!(newest(1_100), newest(2_900));
        assert!(newest(500) != newest(1_100));
        let silent = Run::of(setup(), vec![(1_000, Act::Note)]);
        assert_eq!(silent.at(silent.recording.len(), |view| Rumour::newest(view, NodeId(2))), None);
    }
}
