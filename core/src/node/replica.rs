//! A replica's side of writes and repairs: merge what arrives, never overwrite (Dynamo §4.4).

use super::Turn;
use super::note::Note;
use super::store::Store;
use crate::id::{Actor, Key, RequestId};
use crate::mutant::Mutant;
use crate::version::Siblings;

/// Merges `versions` into the store, and says whether they were acceptable.
///
/// Versions that claim dots which this very actor has not minted yet are refused: were they taken in, the next dot
/// would count as one already seen and the write it names would be lost.
pub(super) fn on_versions(
    turn: &mut Turn<'_>,
    store: &mut Store,
    actor: Actor,
    minted: u64,
    request: RequestId,
    key: &Key,
    versions: &Siblings,
) -> bool {
    if versions.clock().get(actor) > minted {
        return false;
    }
    let rules = turn.rules();
    if rules.broken(Mutant::AcknowledgesWithoutStoring) {
        return true;
    }
    if rules.broken(Mutant::Overwrites) {
        store.replace(key.clone(), versions.clone());
    }
    let changed = store.merge(rules, key, versions);
    turn.out.note(Note::Stored { request, key: key.clone(), changed });
    true
}
