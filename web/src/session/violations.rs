//! Properties that break while the run plays: worth saying at once.

use super::Session;
use ringside_sim::{Claim, Verdict};

impl Session {
    /// The property that holds at position `before` and is broken at `after`, as a sentence.
    pub(super) fn violation_between(&self, before: u64, after: u64) -> Option<String> {
        if !self.breaks_something() {
            return None;
        }
        let earlier = self.broken(before);
        let newly = self.broken(after).into_iter().find(|claim| !earlier.contains(claim))?;
        Some(format!("The property {} is broken; it stands below the inspector why.", newly.name()))
    }

    /// Does the run as it is known break anything? Most runs do not, and need no judging on the way.
    fn breaks_something(&self) -> bool {
        let (generation, len) = (self.generation, self.recording().len());
        let mut kept = self.breaks.borrow_mut();
        match *kept {
            Some((of, at, breaks)) if (of, at) == (generation, len) => breaks,
            _ => {
                let breaks = !self.broken(len).is_empty();
                *kept = Some((generation, len, breaks));
                breaks
            }
        }
    }

    fn broken(&self, position: u64) -> Vec<Claim> {
        let judged = self.recording().judge(position);
        judged.iter().filter(|judged| judged.verdict == Verdict::Broken).map(|judged| judged.claim).collect()
    }
}
