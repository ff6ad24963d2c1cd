//! Counting hints, and what a change of disks does to them.

use crate::snapshot::Snapshot;
use crate::trace::{HintFact, Trace};
use ringside_core::Note;
use ringside_core::node::hints::Hints;

/// What became of all hints so far. Each that was stored is counted in one of the others:
/// stored = delivered + superseded + expired + lost + held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HintTally {
    /// Stored by a holder; writes that changed nothing are not counted. Those on an old disk that was put back count
    /// anew.
    pub stored: u64,
    /// Acknowledged by their owner.
    pub delivered: u64,
    /// Merged into a later one for the same owner and key, or replaced by hints for those who own the key now.
    pub superseded: u64,
    /// Not delivered within the window.
    pub expired: u64,
    /// Gone with the holder's disk.
    pub lost: u64,
    /// Still kept.
    pub held: u64,
}

impl HintTally {
    /// What had become of them at the position of the snapshot.
    #[must_use]
    pub fn of(trace: &Trace, snapshot: &Snapshot) -> Self {
        let mut tally = Self { held: held(snapshot), ..Self::default() };
        for record in trace.hints.iter().take_while(|record| record.position <= snapshot.position) {
            match record.fact {
                HintFact::Stored { superseding } => {
                    tally.stored += 1;
                    tally.superseded += u64::from(superseding);
                }
                HintFact::Returned => tally.stored += 1,
                HintFact::Merged => {}
                HintFact::Delivered => tally.delivered += 1,
                HintFact::PassedOn => tally.superseded += 1,
                HintFact::Expired => tally.expired += 1,
                HintFact::Lost => tally.lost += 1,
            }
        }
        tally
    }

    /// Is each of them accounted for, once?
    #[must_use]
    pub const fn balances(&self) -> bool {
        let Self { stored, delivered, superseded, expired, lost, held } = *self;
        stored == delivered + superseded + expired + lost + held
    }
}

/// How many hints lie on all disks together.
#[must_use]
pub fn held(snapshot: &Snapshot) -> u64 {
    snapshot.nodes.iter().map(|node| u64::try_from(node.hints.len()).unwrap_or(u64::MAX)).sum()
}

/// What another disk does to the hints of a machine. One that is on both and differs is lost, and another returned.
pub(crate) fn replaced(before: &Hints, after: &Hints) -> Vec<Note> {
    if before == after {
        return Vec::new();
    }
    let missing = |from: &Hints, of: &Hints| {
        let gone = of.iter().filter(|(owner, key, hint)| from.get(*owner, key) != Some(*hint));
        gone.map(|(owner, key, _)| (owner, key.clone())).collect::<Vec<_>>()
    };
    let lost = missing(after, before).into_iter().map(|(owner, key)| Note::HintLost { owner, key });
    let returned = missing(before, after).into_iter().map(|(owner, key)| Note::HintReturned { owner, key });
    lost.chain(returned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::{Key, NodeId, Siblings, Time};

    #[test]
    fn another_disk_loses_hints_and_brings_old_ones_back() {
        let with = |keys: &[&str]| {
            let mut hints = Hints::default();
            for key in keys {
                hints.put(NodeId(1), &Key::new(key), Siblings::new(), Time::ZERO);
            }
            hints
        };
        let (owner, key) = (NodeId(1), |text| Key::new(text));
        assert_eq!(replaced(&with(&["a", "b"]), &with(&["a", "b"])), []);
        assert_eq!(replaced(&with(&["a", "b"]), &with(&["b"])), [Note::HintLost { owner, key: key("a") }]);
        let both = [Note::HintLost { owner, key: key("a") }, Note::HintReturned { owner, key: key("c") }];
        assert_eq!(replaced(&with(&["a", "b"]), &with(&["b", "c"])), both);
    }
}
