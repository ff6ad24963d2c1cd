//! Sentences about what is done to nodes, and about messages that are sent again.

use super::Sentence;
use crate::View;
use ringside_core::{NodeId, Span};
use ringside_sim::{Matcher, NetworkChange, Ratio};

/// Who trusts wall clocks.
const CLOCK: &str = "Only last-write-wins looks at wall clocks; time limits do not.";

/// What was sent again is known from the event.
#[inline(never)]
pub(super) fn replay(view: &View<'_>) -> Sentence {
    let again = super::latest(view).map_or(&[][..], |event| &event.sent);
    let first = again.first().map(|id| view.trace().message(*id));
    let Some(first) = first else {
        return Sentence::new(&["Nothing is sent again: no such message was ever sent."], &[]);
    };
    let matcher = Matcher {
        kind: Some(first.envelope.message.kind()),
        from: Some(first.envelope.from),
        to: Some(first.envelope.to),
    };
    let lead = match again.len() {
        1 => ["The ", &super::acts::matching(view, &matcher, 1), " is sent again."].concat(),
        more => [&more.to_string(), " earlier messages are sent again."].concat(),
    };
    Sentence {
        lead,
        rest: "To its receiver a message that comes late looks like one that is new.".to_owned(),
    }
}

pub(super) fn heal() -> Sentence {
    Sentence::new(
        &["The network is whole again."],
        &["Messages pass on every link; what was lost stays lost."],
    )
}

pub(super) fn stop_workloads() -> Sentence {
    Sentence::new(&["The workloads stop."], &["No further request of theirs is made; those under way go on."])
}

pub(super) fn pause(view: &View<'_>, node: NodeId) -> Sentence {
    Sentence::new(
        &[view.name(node), " is paused."],
        &["It does nothing until it is resumed; what reaches it waits, and so do its time limits."],
    )
}

pub(super) fn resume(view: &View<'_>, node: NodeId) -> Sentence {
    Sentence::new(&[view.name(node), " goes on."], &["First it takes what has waited for it, in order."])
}

#[inline(never)]
pub(super) fn crash(view: &View<'_>, node: NodeId) -> Sentence {
    let disk = match view.setup().sync {
        None => "What is on its disk stays".to_owned(),
        Some(every) => {
            let every = every.to_string();
            [
                "What it synced stays, and it syncs every ",
                &every,
                "; what it wrote since the last time is lost",
            ]
            .concat()
        }
    };
    Sentence::new(&[view.name(node), " crashes."], &[&disk, "; the requests it was coordinating are gone."])
}

#[inline(never)]
pub(super) fn restart(view: &View<'_>, node: NodeId, disk: &str) -> Sentence {
    Sentence::new(&[view.name(node), " starts again."], &[disk])
}

pub(super) fn network(change: &NetworkChange) -> Sentence {
    let mut news = Vec::new();
    let share = |ratio: Ratio| {
        ["of ", &ratio.denominator.to_string(), " messages ", &ratio.numerator.to_string()].concat()
    };
    if let Some(loss) = change.loss {
        news.push(match loss {
            Ratio::ZERO => "no message is lost".to_owned(),
            some => [&share(some), " is lost on average"].concat(),
        });
    }
    if let Some(duplicate) = change.duplicate {
        news.push(match duplicate {
            Ratio::ZERO => "none arrives twice".to_owned(),
            some => [&share(some), " arrives twice on average"].concat(),
        });
    }
    if change.delay.is_some() {
        news.push("messages take another time".to_owned());
    }
    let rest = "A link that was changed on its own keeps its delay and its loss.";
    Sentence::new(&["From now on ", &crate::text::list(news), "."], &[rest])
}

#[inline(never)]
pub(super) fn slow(view: &View<'_>, node: NodeId, factor: u32) -> Sentence {
    let name = view.name(node);
    if factor == 1 {
        return Sentence::new(&[name, " is as fast as usual again."], &[]);
    }
    let factor = factor.to_string();
    Sentence::new(&["Messages from and to ", name, " now take ", &factor, " times as long."], &[])
}

#[inline(never)]
pub(super) fn skew(view: &View<'_>, node: NodeId, by: i64) -> Sentence {
    let size = Span::from_micros(by.unsigned_abs()).to_string();
    let way = if by < 0 { "back" } else { "ahead" };
    Sentence::new(&["The wall clock of ", view.name(node), " jumps ", way, " by ", &size, "."], &[CLOCK])
}

#[inline(never)]
pub(super) fn drift(view: &View<'_>, node: NodeId, millionths: i32) -> Sentence {
    let name = view.name(node);
    if millionths == 0 {
        let lead = ["The wall clock of ", name, " keeps time again."];
        return Sentence::new(&lead, &["What it was ahead or behind, it stays."]);
    }
    let way = if millionths < 0 { " loses " } else { " gains " };
    let each = Span::from_micros(u64::from(millionths.unsigned_abs())).to_string();
    Sentence::new(&["The wall clock of ", name, way, &each, " a second from now on."], &[CLOCK])
}
