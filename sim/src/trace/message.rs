//! Messages: what was sent, how it travelled, and what became of it.

use ringside_core::{Envelope, Time};

/// The number of a message, in the order of sending, from 0: its place in [`crate::trace::Trace::messages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// The network lost it, by chance.
    Chance,
    /// The link was cut or the partition stood between.
    Cut,
    /// A `drop` took it.
    Dropped,
    /// It arrived with a wrong checksum, and its receiver discarded it.
    Corrupted,
    /// The receiver was down.
    Down,
}

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageRecord {
    /// Addresses and content.
    pub envelope: Envelope,
    /// When it was sent.
    pub sent: Time,
    /// The position that the sending event leads to.
    pub sent_at: u64,
    /// The message that this is a copy of: the network duplicated it, or it was replayed.
    pub copy_of: Option<MessageId>,
    /// When it went on its way, and when it arrives: the moment of sending, or of its release from a hold. None while
    /// it is held.
    pub travel: Option<Travel>,
    /// Ways that came to nothing, since something was done to it by hand, each with the position from which on it is so.
    pub earlier: Vec<(Travel, u64)>,
    /// What became of it; none while it is under way.
    pub fate: Option<Fate>,
}

/// A message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Travel {
    /// When it went on its way.
    pub from: Time,
    /// The position from which on it is travelling.
    pub from_at: u64,
    /// When it arrives, or would have.
    pub due: Time,
}

/// The end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fate {
    /// When.
    pub at: Time,
    /// The position from which on it is so.
    pub position: u64,
    /// Lost, and why; none if it was delivered.
    pub lost: Option<Loss>,
}

impl Loss {
    /// The word that traces use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chance => "chance",
            Self::Cut => "cut",
            Self::Dropped => "dropped",
            Self::Corrupted => "corrupted",
            Self::Down => "down",
        }
    }
}

impl MessageRecord {
    /// The way that it was on at `position`; none while it was held, or not sent yet.
    #[must_use]
    pub fn way(&self, position: u64) -> Option<Travel> {
        let earlier = self.earlier.iter().filter(|(_, until)| position < *until).map(|(travel, _)| *travel);
        earlier.chain(self.travel).find(|travel| travel.from_at <= position)
    }
}
