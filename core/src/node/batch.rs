//! What is sent to one node until it says that it has it: batches of keys, and longer and longer waits between attempts.
//! Hints on their way home, ranges on the move and the collection of tombstones all go this way.

use crate::id::Key;
use crate::time::Span;
use crate::version::Siblings;
use alloc::vec::Vec;

/// The most keys in one batch.
pub const MAX_BATCH: usize = 64;
/// A batch takes no further key once its values have this many bytes.
const BATCH_BYTES: usize = 65_536;
/// The longest wait between two attempts, in time limits of a coordinator.
pub const LONGEST_WAIT: u64 = 32;

/// The first of these keys that fit into one batch.
pub(super) fn of<'a>(keys: impl Iterator<Item = (&'a Key, &'a Siblings)>) -> Vec<(Key, Siblings)> {
    let mut bytes = 0;
    let fits = |(_, versions): &(&Key, &Siblings)| {
        let before = bytes;
        bytes += value_bytes(versions);
        before < BATCH_BYTES
    };
    keys.take(MAX_BATCH).take_while(fits).map(|(key, versions)| (key.clone(), versions.clone())).collect()
}

/// How many bytes the values of these versions have.
pub(super) fn value_bytes(versions: &Siblings) -> usize {
    versions.versions().iter().map(|version| version.content.bytes()).sum()
}

/// How long to wait for an answer after so many failures: a time limit, doubled by each.
pub(super) fn wait(timeout: Span, failures: u32) -> Span {
    timeout.times(1_u64.checked_shl(failures).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}
