//! Which forwarded puts and deletes this node has taken charge of, so that none is coordinated a second time: the
//! network may deliver a `forward` twice, and a put that is done twice would bring back what has been overwritten since.
//!
//! State: the highest [`Forwarded::MOST`] request numbers, on the disk. Invariant: what was admitted once is never admitted
//! again, as long as the disk is there. Numbers grow with time, so what is forgotten is the oldest; a forward that comes
//! when [`Forwarded::MOST`] later ones have been taken is refused, known or not. Its client hears nothing.

use crate::id::RequestId;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The forwarded puts and deletes that a node has taken charge of. A copy costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Forwarded {
    /// In rising order.
    taken: Arc<Vec<RequestId>>,
}

impl Forwarded {
    /// How many are remembered: 8 KiB.
    pub const MOST: u32 = 1_024;

    /// Takes charge of a request; false if that has been done before, or so long ago that it is forgotten.
    pub(super) fn admit(&mut self, request: RequestId) -> bool {
        let Err(at) = self.taken.binary_search(&request) else { return false };
        let full = self.taken.len() >= Self::MOST as usize;
        if full && at == 0 {
            return false;
        }
        let taken = Arc::make_mut(&mut self.taken);
        taken.insert(at, request);
        if full {
            taken.remove(0);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_admitted_twice_also_when_it_is_forgotten() {
        let mut forwarded = Forwarded::default();
        let most = u64::from(Forwarded::MOST);
        for number in (0..2 * most).rev().step_by(2).chain(0..2 * most) {
            let new = forwarded.admit(RequestId(number));
            assert!(!new || !forwarded.admit(RequestId(number)), "{number}");
        }
        assert_eq!(forwarded.taken.len(), Forwarded::MOST as usize);
        assert!((0..2 * most).all(|number| !forwarded.admit(RequestId(number))));
        assert!(forwarded.admit(RequestId(2 * most)));
    }

    #[test]
    fn a_late_one_is_admitted_while_there_is_room() {
        let mut forwarded = Forwarded::default();
        assert!(forwarded.admit(RequestId(9)) && forwarded.admit(RequestId(3)));
        assert!(!forwarded.admit(RequestId(3)) && !forwarded.admit(RequestId(9)));
    }
}
