//! A replica's side of writes and repairs: merge what arrives, never overwrite (Dynamo §4.4); a
//! fallback does so in the space for hints.

use super::Turn;
use super::disk::Disk;
use super::note::Note;
use crate::id::{Actor, Key, NodeId, RequestId};
use crate::mutant::Mutant;
use crate::version::Siblings;

/// Merges versions into the store, or keeps them as a hint for `hint_for`, and says whether they were acceptable.
///
/// Versions that claim dots which this very actor has not minted yet are refused: were they taken in, the next dot
/// would count as one already seen and the write it names would be lost.
pub(super) fn on_versions(
    turn: &mut Turn<'_>,
    disk: &mut Disk,
    (actor, minted): (Actor, u64),
    (request, key, versions): (RequestId, &Key, &Siblings),
    hint_for: Option<NodeId>,
) -> bool {
    if versions.clock().get(actor) > minted {
        return false;
    }
    let rules = turn.rules();
    if rules.broken(Mutant::AcknowledgesWithoutStoring) {
        return true;
    }
    if let Some(owner) = hint_for.filter(|owner| *owner != turn.me) {
        disk.hints.keep(turn, Some(request), owner, key, versions);
        return true;
    }
    if rules.broken(Mutant::Overwrites) {
        disk.keys.replace(key.clone(), versions.clone());
    }
    let changed = disk.keys.merge(rules, key, versions);
    turn.out.note(Note::Stored { request, key: key.clone(), changed });
    true
}
