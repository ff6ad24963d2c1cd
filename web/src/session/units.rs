//! Steps of the transport: where the next event, message, request or gossip round is.

use ringside_core::Wake;
use ringside_sim::{Trace, What};

/// How far one step goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unit {
    /// One event.
    #[default]
    Event,
    /// To where a message has arrived or was lost.
    Message,
    /// To where a client has its answer or gives up.
    Request,
    /// To where a node has told others what it knows.
    Round,
}

impl Unit {
    /// All of them, in the order of the list.
    pub(crate) const ALL: [Self; 4] = [Self::Event, Self::Message, Self::Request, Self::Round];

    /// Its name on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Message => "message",
            Self::Request => "request",
            Self::Round => "gossip round",
        }
    }

    /// The unit of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// The next larger one, for Shift.
    pub(crate) const fn larger(self) -> Self {
        match self {
            Self::Event => Self::Message,
            Self::Message | Self::Request => Self::Request,
            Self::Round => Self::Round,
        }
    }

    /// Where a step forward from `position` ends; none where nothing of this unit follows.
    pub(crate) fn forward(self, trace: &Trace, position: u64) -> Option<u64> {
        (position + 1..=trace.events.len() as u64).find(|&at| self.ends_at(trace, at))
    }

    /// Where a step back from `position` ends; none where nothing of this unit comes before.
    pub(crate) fn back(self, trace: &Trace, position: u64) -> Option<u64> {
        match self {
            Self::Event => position.checked_sub(1),
            Self::Message | Self::Request | Self::Round => {
                (1..position).rev().find(|&at| self.ends_at(trace, at))
            }
        }
    }

    fn ends_at(self, trace: &Trace, position: u64) -> bool {
        let Some(event) = usize::try_from(position - 1).ok().and_then(|at| trace.events.get(at)) else {
            return false;
        };
        match self {
            Self::Event => true,
            Self::Message => matches!(event.what, What::Delivered(_) | What::Lost(..)),
            Self::Request => !event.answers.is_empty() || matches!(event.what, What::GaveUp(_)),
            Self::Round => matches!(event.what, What::Woke(_, Wake::Gossip)),
        }
    }
}
