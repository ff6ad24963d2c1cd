//! What a visitor does to one message.

use super::Session;
use ringside_sim::{Act, Deed, MessageId};

impl Session {
    /// Does something to one message where the clock stands. One that is delivered has then arrived.
    pub(crate) fn deed(&mut self, message: MessageId, deed: Deed) {
        let before = self.generation;
        self.act(Act::ToMessage { message, deed });
        if deed == Deed::Deliver && self.generation != before {
            let said = std::mem::take(&mut self.status);
            self.go_to(self.position() + 1);
            self.status = said;
        }
    }

    /// Can this message be held, or be set free? Which of the two; none where it is neither under way nor held.
    pub(crate) fn hold_or_release(&self, message: MessageId) -> Option<Deed> {
        let record = self.recording().trace().messages.get(message.0 as usize)?;
        let (position, sent) = (self.position(), record.sent_at);
        let over = record.fate.is_some_and(|fate| fate.position <= position);
        let held = record.way(position).is_none();
        (sent <= position && !over).then_some(if held { Deed::Release } else { Deed::Hold })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Asked;
    use super::*;
    use ringside_core::{Key, Kind, Value};
    use ringside_sim::{OperationKind, Recording, Scenario};
    use std::sync::Arc;

    fn ask(session: &mut Session, value: &str) {
        let kind = OperationKind::Put { value: Value::new(value), context: Asked::CONTEXT };
        session.ask(Asked { key: Key::new("cart"), via: None, kind });
    }

    /// The numbers of the writes to the node that the first write goes to.
    fn writes(session: &Session) -> Vec<MessageId> {
        let messages = &session.recording().trace().messages;
        let write = |at: &usize| messages[*at].envelope.message.kind() == Kind::Write;
        let all: Vec<usize> = (0..messages.len()).filter(write).collect();
        let to = messages[all[0]].envelope.to;
        let same = all.into_iter().filter(|at| messages[*at].envelope.to == to);
        same.map(|at| MessageId(at as u32)).collect()
    }

    #[test]
    fn the_later_of_two_writes_arrives_first_and_the_judges_see_what_a_replay_sees() {
        let mut session = Session::new(Scenario::default());
        ask(&mut session, "milk");
        ask(&mut session, "eggs");
        let writes = writes(&session);
        let (earlier, later) = (writes[0], writes[1]);
        let (here, kept) = (session.position(), session.branches().len());
        session.deed(later, Deed::Deliver);
        let fate = |session: &Session, id: MessageId| {
            session.recording().trace().message(id).fate.map(|fate| fate.position)
        };
        assert_eq!(fate(&session, later), Some(here + 2), "the act, then the message");
        assert_eq!(session.position(), here + 2);
        assert!(fate(&session, earlier) > fate(&session, later));
        assert_eq!(session.branches().len(), kept + 1, "the other future is kept");

        let acts = session.recording().acts().to_vec();
        let mut replay = Recording::with_acts(Arc::new(session.recording().scenario().clone()), acts);
        replay.run_to_end();
        session.go_to_end();
        assert_eq!(replay.digest(), session.recording().digest());
        assert_eq!(replay.judge(replay.len()), session.recording().judge(session.position()));
        session.undo();
        assert_eq!((session.position(), session.branches().len()), (here, kept));
    }

    #[test]
    fn a_message_that_is_gone_is_refused_in_a_sentence_and_nothing_happens() {
        let mut session = Session::new(Scenario::default());
        ask(&mut session, "milk");
        let id = writes(&session)[0];
        assert_eq!(session.hold_or_release(id), Some(Deed::Hold));
        session.deed(id, Deed::Hold);
        assert_eq!(session.hold_or_release(id), Some(Deed::Release));
        session.deed(id, Deed::Deliver);
        assert_eq!(session.hold_or_release(id), None);
        let (position, acts) = (session.position(), session.recording().acts().len());
        session.deed(id, Deed::Drop);
        assert!(session.status().contains("is not under way here"), "{}", session.status());
        assert_eq!((session.position(), session.recording().acts().len()), (position, acts));
    }
}
