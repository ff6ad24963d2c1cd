//! Clients: what each has been told, and which requests they still wait for.

use crate::act::{Carried, Operation, OperationKind};
use crate::causality::{Causality, Writes};
use crate::trace::OpOutcome;
use ringside_core::node::outbox::{Answer, Ask, Outcome, Refusal};
use ringside_core::{Context, Key, RequestId, Siblings, Span, Time, VersionVector};
use rpds::{ListSync, RedBlackTreeMapSync};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All clients of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    /// The join of all that a client received for a key.
    sessions: RedBlackTreeMapSync<(String, Key), Session>,
    /// What an operation returned, by its name, and for which key.
    returned: RedBlackTreeMapSync<String, (Key, Siblings)>,
    waiting: BTreeMap<RequestId, Waiting>,
    deadlines: BTreeSet<(Time, RequestId)>,
}

/// What a client received for a key.
#[derive(Clone, Debug, Default)]
struct Session {
    clock: VersionVector,
    /// What it had truly seen when it last carried a context …
    seen: Arc<Writes>,
    /// … and the answers it has had since. Most clients never come to need what these amount to.
    answers: ListSync<Siblings>,
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
    /// What the operation asks a node, its context resolved, and which writes of its key that context truly covers.
    pub(crate) fn ask(&mut self, operation: &Operation, causality: &Causality) -> (Ask, Arc<Writes>) {
        match &operation.kind {
            OperationKind::Get => (Ask::Get, Arc::default()),
            OperationKind::Put { value, context: carried } => {
                let (context, saw) = self.context(operation, carried, causality).unzip();
                (Ask::Put { value: value.clone(), context }, saw.unwrap_or_default())
            }
            OperationKind::Delete { context: carried } => {
                let (context, saw) = self.context(operation, carried, causality).unzip();
                (Ask::Delete { context }, saw.unwrap_or_default())
            }
        }
    }

    fn context(
        &mut self,
        operation: &Operation,
        carried: &Carried,
        causality: &Causality,
    ) -> Option<(Context, Arc<Writes>)> {
        match carried {
            Carried::Nothing => None,
            Carried::Session => {
                let name = (operation.client.clone(), operation.key.clone());
                let mut session = self.sessions.get(&name)?.clone();
                let seen = Arc::make_mut(&mut session.seen);
                session.answers.iter().for_each(|answer| causality.see(seen, answer));
                session.answers = ListSync::new_sync();
                let context = Context::new(operation.key.clone(), session.clock.clone());
                let saw = Arc::clone(&session.seen);
                self.sessions.insert_mut(name, session);
                Some((context, saw))
            }
            Carried::Of(id) => {
                let (key, returned) = self.returned.get(id)?;
                let mut saw = Writes::new();
                // Of another key's writes it has seen none; such a context is refused.
                if *key == operation.key {
                    causality.see(&mut saw, returned);
                }
                Some((Context::new(key.clone(), returned.clock().clone()), Arc::new(saw)))
            }
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
        let name = (waiting.client.clone(), waiting.key.clone());
        let mut session = self.sessions.get(&name).cloned().unwrap_or_default();
        session.clock.join(returned.clock());
        session.answers.push_front_mut(returned.clone());
        self.sessions.insert_mut(name, session);
        self.returned.insert_mut(waiting.id.clone(), (waiting.key.clone(), returned.clone()));
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
