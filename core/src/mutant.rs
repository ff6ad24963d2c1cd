//! Nodes that are broken on purpose. A judge that never finds anything proves nothing: for each of these there is a run in
//! which the right claim fails, and the same run with sound nodes keeps it.
//!
//! Only the feature `mutants` can break a node. Without it every question below is answered with no when the crate is built,
//! and nothing of it is left in the program.

/// One way in which a node is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mutant {
    /// A replica acknowledges a write without storing it.
    AcknowledgesWithoutStoring,
    /// A replica overwrites what it has with what a write or a repair brings, and does not merge.
    Overwrites,
    /// A put drops siblings that its client has not seen.
    DropsUnseenSiblings,
    /// A put keeps siblings that its client has seen.
    KeepsSeenSiblings,
    /// A merge keeps versions that the other side has met and dropped, as if its clock said nothing.
    IgnoresClocks,
    /// Read repair is left out.
    SkipsReadRepair,
    /// Blocking read repair does not wait.
    DoesNotWaitForRepair,
    /// An acknowledgement or a reply that comes twice counts twice.
    CountsAnswersTwice,
    /// A coordinator is content with one answer fewer than R or W.
    AnswersEarly,
    /// A strict quorum counts what fallbacks answer.
    CountsFallbacks,
    /// A node that starts again counts its writes from the beginning, as the actor that it was.
    StartsAsTheSameActor,
    /// A node that starts again has forgotten the hints that are on its disk.
    ForgetsHints,
    /// A coordinator does a forwarded put again that it has done before.
    TakesForwardsAgain,
    /// A node heeds the heartbeat of a member that has started again only once it is ahead of what it was before.
    IgnoresBoots,
    /// A replica takes what an exchange brings in the place of what it has, and does not merge.
    ExchangesOverwrite,
    /// Hash trees do not follow what is written.
    TreesFallBehind,
    /// Hash trees depend on the order in which keys came.
    HashesInOrderOfArrival,
    /// A holder deletes hints as it sends them, and waits for no acknowledgement.
    DeletesHintsUnacknowledged,
    /// With tombstones collected once all replicas have confirmed: the first owner asks nobody, and tells them to drop it.
    CollectsUnconfirmed,
    /// A member confirms that a tombstone may go while it still holds a hint for the key.
    CollectsDespiteHints,
    /// The acknowledgement of an owner that does not have its range yet counts.
    CountsPendingOwners,
    /// A new owner copies from any replica.
    StreamsFromAny,
    /// Who gives a range up does not send on what it merges meanwhile.
    DoesNotForward,
    /// Who has given a range up drops it before what it owes is acknowledged.
    DropsBeforeAcknowledged,
}

/// Whether a node is sound, and if not, how it is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Health {
    #[cfg(feature = "mutants")]
    broken: Option<Mutant>,
}

impl Health {
    /// Not broken.
    pub const SOUND: Self = Self {
        #[cfg(feature = "mutants")]
        broken: None,
    };

    /// Broken in this way.
    #[cfg(feature = "mutants")]
    #[must_use]
    pub const fn broken(mutant: Mutant) -> Self {
        Self { broken: Some(mutant) }
    }

    /// Is it broken in this way?
    #[must_use]
    pub(crate) const fn is(self, mutant: Mutant) -> bool {
        #[cfg(feature = "mutants")]
        if let Some(broken) = self.broken {
            return broken as u8 == mutant as u8;
        }
        let _ = mutant;
        false
    }
}

impl Mutant {
    /// Every one of them.
    pub const ALL: [Self; 24] = [
        Self::AcknowledgesWithoutStoring,
        Self::Overwrites,
        Self::DropsUnseenSiblings,
        Self::KeepsSeenSiblings,
        Self::IgnoresClocks,
        Self::SkipsReadRepair,
        Self::DoesNotWaitForRepair,
        Self::CountsAnswersTwice,
        Self::AnswersEarly,
        Self::CountsFallbacks,
        Self::StartsAsTheSameActor,
        Self::ForgetsHints,
        Self::TakesForwardsAgain,
        Self::IgnoresBoots,
        Self::ExchangesOverwrite,
        Self::TreesFallBehind,
        Self::HashesInOrderOfArrival,
        Self::DeletesHintsUnacknowledged,
        Self::CollectsUnconfirmed,
        Self::CollectsDespiteHints,
        Self::CountsPendingOwners,
        Self::StreamsFromAny,
        Self::DoesNotForward,
        Self::DropsBeforeAcknowledged,
    ];
}
