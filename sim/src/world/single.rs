//! What is done by hand to one message: it arrives at once, is lost, held, sent on its way again, or doubled.
//!
//! Whatever has to be drawn anew for it comes from the stream of copies, so that all other messages take the time that
//! they would have taken.

use super::{Due, Held, Rank, Turn, World};
use crate::act::Deed;
use crate::trace::{Loss, MessageId, Travel};
use ringside_core::{Envelope, Time};
use std::hash::Hash;

impl World {
    /// Can this be done to that message here?
    ///
    /// # Errors
    /// Why not, as a sentence.
    pub(crate) fn admits(&self, id: MessageId, deed: Deed) -> Result<(), String> {
        let held = self.held.iter().any(|held| held.id == id);
        match deed {
            _ if !held && self.queued(id).is_none() => Err(format!(
                "Message {} is not under way here: it has arrived, or was lost, or is not sent yet.",
                id.0
            )),
            Deed::Hold if held => Err(format!("Message {} is held already.", id.0)),
            Deed::Release if !held => Err(format!("Message {} is not held: it is on its way.", id.0)),
            Deed::Deliver | Deed::Drop | Deed::Hold | Deed::Release | Deed::Duplicate => Ok(()),
        }
    }

    pub(super) fn do_to_message(&mut self, id: MessageId, deed: Deed, turn: &mut Turn<'_>) {
        if self.admits(id, deed).is_err() {
            return;
        }
        if deed == Deed::Duplicate {
            if let Some(envelope) = self.envelope(id).cloned() {
                self.post(envelope, Some(id), turn);
            }
            return;
        }
        let position = self.position + 1;
        let Some(message) = self.take_out(id) else { return };
        match deed {
            Deed::Deliver => self.hurry(message, turn),
            Deed::Drop => turn.arrived(id, position, Some(Loss::Dropped)),
            Deed::Hold => {
                if let Some(log) = &mut turn.log {
                    log.halted(id, position);
                }
                self.held.push(Held { alone: true, is_copy: true, ..message });
            }
            Deed::Release => self.depart(Held { is_copy: true, ..message }, turn),
            Deed::Duplicate => {}
        }
    }

    fn queued(&self, id: MessageId) -> Option<(Time, Rank, u64)> {
        let meant = |due: &Due| matches!(due, Due::Arrival(one, ..) if *one == id);
        self.queue.iter().find(|(_, due)| meant(due)).map(|(place, _)| *place)
    }

    fn envelope(&self, id: MessageId) -> Option<&Envelope> {
        if let Some(held) = self.held.iter().find(|held| held.id == id) {
            return Some(&held.envelope);
        }
        let due = self.queue.get(&self.queued(id)?)?;
        if let Due::Arrival(_, envelope, _) = due { Some(envelope) } else { None }
    }

    /// A message that is on its way or held is neither any more.
    fn take_out(&mut self, id: MessageId) -> Option<Held> {
        if let Some(at) = self.held.iter().position(|held| held.id == id) {
            return Some(self.held.remove(at));
        }
        let place = self.queued(id)?;
        let due = self.queue.remove(&place)?;
        let Due::Arrival(id, envelope, lost) = due else { return None };
        Some(Held { id, envelope, lost, is_copy: true, alone: false })
    }

    /// A message is the next thing that arrives. Chance does not take it; a cut does, and damage stays damage.
    fn hurry(&mut self, message: Held, turn: &mut Turn<'_>) {
        let Held { id, envelope, lost, .. } = message;
        let lost = lost.filter(|loss| !matches!(loss, Loss::Chance | Loss::Dropped));
        let travel = Travel { from: self.now, from_at: self.position + 1, due: self.now };
        (id, travel, lost).hash(&mut self.digest);
        if let Some(log) = &mut turn.log {
            log.hurried(id, travel);
        }
        self.sequence += 1;
        self.queue.insert((self.now, Rank::ByHand, self.sequence), Due::Arrival(id, envelope, lost));
    }
}
