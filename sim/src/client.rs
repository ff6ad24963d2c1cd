//! Clients: what each has been told, and which requests they still wait for.

use crate::act::{Carried, Operation, OperationKind};
use crate::trace::OpOutcome;
use ringside_core::node::outbox::{Answer, Ask, Outcome, Refusal};
use ringside_core::{Context, Key, RequestId, Siblings, Span, Time, VersionVector};
use rpds::RedBlackTreeMapSync;
use std::collections::{BTreeMap, BTreeSet};

/// All clients of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    /// The join of all that a client received for a key.
    sessions: RedBlackTreeMapSync<(String, Key), VersionVector>,
    /// What an operation returned, by its name.
    returned: RedBlackTreeMapSync<String, Context>,
    waiting: BTreeMap<RequestId, Waiting>,
    deadlines: BTreeSet<(Time, RequestId)>,
}

/// A request that a client waits for.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) key: Key,
    pub(crate) is_write: bool,
    pub(crate) patience: Span,
    deadline: Time,
}

impl Clients {
    /// What the operation asks a node, its context resolved.
    pub(crate) fn ask(&self, operation: &Operation) -> Ask {
        let context = |carried: &Carried| self.context(operation, carried);
        match &operation.kind {
            OperationKind::Get => Ask::Get,
            OperationKind::Put { value, context: carried } => {
                Ask::Put { value: value.clone(), context: context(carried) }
            }
            OperationKind::Delete { context: carried } => Ask::Delete { context: context(carried) },
        }
    }

    fn context(&self, operation: &Operation, carried: &Carried) -> Option<Context> {
        match carried {
            Carried::Nothing => None,
            Carried::Session => {
                let session = (operation.client.clone(), operation.key.clone());
                let known = self.sessions.get(&session)?;
                Some(Context::new(operation.key.clone(), known.clone()))
            }
            Carried::Of(id) => self.returned.get(id).cloned(),
        }
    }

    /// The client begins to wait, for at most `patience`.
    pub(crate) fn wait(&mut self, request: RequestId, operation: &Operation, now: Time, patience: Span) {
        let deadline = now + patience;
        let is_write = !matches!(operation.kind, OperationKind::Get);
        let Operation { id, client, key, .. } = operation.clone();
        self.waiting.insert(request, Waiting { id, client, key, is_write, patience, deadline });
        self.deadlines.insert((deadline, request));
    }

    /// The client waits no more; none if it did not wait.
    pub(crate) fn stop(&mut self, request: RequestId) -> Option<Waiting> {
        let waiting = self.waiting.remove(&request)?;
        self.deadlines.remove(&(waiting.deadline, request));
        Some(waiting)
    }

    /// How many requests are waited for.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The client remembers what it was told.
    pub(crate) fn learn(&mut self, waiting: &Waiting, returned: &Siblings) {
        let session = (waiting.client.clone(), waiting.key.clone());
        let mut known = self.sessions.get(&session).cloned().unwrap_or_default();
        known.join(returned.clock());
        self.sessions.insert_mut(session, known);
        let context = Context::new(waiting.key.clone(), returned.clock().clone());
        self.returned.insert_mut(waiting.id.clone(), context);
    }

    /// The next moment at which a client loses patience.
    pub(crate) fn next_deadline(&self) -> Option<(Time, RequestId)> {
        self.deadlines.first().copied()
    }
}

/// What an answer means to the client: the outcome, the versions, and what it is told when it is not `ok`.
pub(crate) fn outcome(answer: &Answer, is_write: bool) -> (OpOutcome, Option<Siblings>, Option<String>) {
    let late = if is_write { OpOutcome::Unknown } else { OpOutcome::Failed };
    let (outcome, error) = match &answer.outcome {
        Outcome::Stored(versions) | Outcome::Found(versions) => {
            return (OpOutcome::Ok, Some(versions.clone()), None);
        }
        Outcome::Refused(refusal) => (OpOutcome::Failed, refused(*refusal)),
        Outcome::TimedOut { have, need } => {
            let what = if is_write { "acks" } else { "replies" };
            (late, format!("unavailable: {have} of {need} {what}"))
        }
        Outcome::NotRepaired { have, need } => {
            (late, format!("unavailable: {have} of {need} replicas hold what was read"))
        }
    };
    (outcome, None, Some(error))
}

fn refused(refusal: Refusal) -> String {
    match refusal {
        Refusal::TooFewNodes { have, need } => format!("unavailable: {have} of {need} replicas"),
        Refusal::ContextOfAnotherKey => "refused: the context belongs to another key".to_owned(),
        Refusal::ContextFromNowhere => {
            "refused: the context claims writes that its coordinator never made".to_owned()
        }
    }
}
