//! Clients and their requests: asking, being answered, losing patience.

use super::{Turn, World};
use crate::act::Operation;
use crate::client;
use crate::host::Waiting;
use crate::trace::OpOutcome;
use ringside_core::node::outbox::{Answer, Request};
use ringside_core::{Ask, Input, RequestId};
use std::sync::Arc;

impl World {
    /// A client asks a node; between the two there is neither delay nor loss.
    pub(super) fn invoke(&mut self, operation: &Operation, turn: &mut Turn<'_>) {
        let id = RequestId(self.requests);
        self.requests += 1;
        let (ask, saw) = self.clients.ask(operation, &self.causality);
        if !matches!(ask, Ask::Get) {
            self.causality.asked(id, Arc::clone(&saw));
        }
        if let Some(log) = &mut turn.log {
            log.invoked(id, operation, &ask, saw, self.now, self.position + 1);
        }
        let patience = self.config.timeout.times(2);
        self.clients.wait(id, operation, self.now, patience);
        let host = &mut self.hosts[operation.via.index()];
        if host.node.is_some() {
            let request = Request { id, key: operation.key.clone(), ask };
            if host.paused {
                return host.inbox.push(Waiting::Asked(request));
            }
            self.handle(operation.via, Input::Asked(request), turn);
        } else if let Some(waiting) = self.clients.stop(id) {
            let error = format!("unavailable: node {} is down", self.scenario.setup.name(operation.via));
            turn.end(id, OpOutcome::Failed, None, Vec::new(), Some(error), self.position + 1);
            turn.ended.push(waiting.id);
        }
    }

    pub(super) fn give_up(&mut self, request: RequestId, turn: &mut Turn<'_>) {
        let waiting = self.clients.stop(request).expect("only a waiting client loses patience");
        let outcome = if waiting.is_write { OpOutcome::Unknown } else { OpOutcome::Failed };
        let error = format!("no answer within {}", waiting.patience);
        turn.end(request, outcome, None, Vec::new(), Some(error), self.position + 1);
        turn.ended.push(waiting.id);
    }

    pub(super) fn answer(&mut self, request: RequestId, answer: Answer, turn: &mut Turn<'_>) {
        let Some(waiting) = self.clients.stop(request) else { return };
        let (outcome, returned, error) = client::outcome(&answer, waiting.is_write);
        if let Some(returned) = &returned {
            self.clients.learn(&waiting, returned);
        }
        turn.end(request, outcome, returned, answer.replies.clone(), error, self.position + 1);
        turn.ended.push(waiting.id);
        turn.event.answers.push((request, answer));
    }
}
