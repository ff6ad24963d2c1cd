//! Clients and their requests: asking, being answered, losing patience.

use super::{Due, Rank, Turn, World};
use crate::act::Operation;
use crate::client;
use crate::host::Waiting;
use crate::trace::{OpOutcome, Trace, What};
use crate::workload::{self, Load, Workload};
use ringside_core::node::outbox::{Answer, Request};
use ringside_core::{Ask, Input, NodeId, RequestId};
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
        let host = Arc::make_mut(&mut self.hosts[operation.via.index()]);
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

    /// A workload begins. Those of the scenario are numbered in file order, then those by hand.
    pub(super) fn begin(&mut self, what: Workload, step: Option<u32>) {
        let steps = &self.scenario.steps;
        let steps = &steps[..step.map_or(steps.len(), |step| step as usize)];
        let before = workload::among(steps.iter().map(|step| &step.act)).count();
        let mut number = u32::try_from(before).expect("a scenario has few steps") + 1;
        if step.is_none() {
            number += self.loads_by_hand;
            self.loads_by_hand += 1;
        }
        self.last_step = self.last_step.max(self.now + what.lasts);
        self.loads.push(Load::new(what, number, self.now, self.scenario.setup.seed));
        self.plan_next(u32::try_from(self.loads.len() - 1).expect("there are few acts"));
    }

    /// Of the workloads under way no request is made any more.
    pub(super) fn stop_workloads(&mut self) {
        self.queue.retain(|_, due| !matches!(due, Due::Load(_)));
    }

    fn plan_next(&mut self, load: u32) {
        if let Some(next) = self.loads[load as usize].next_at() {
            self.queue.insert((next, Rank::Load, u64::from(load)), Due::Load(load));
        }
    }

    /// The next client of a workload asks a member that is up; any member where none is.
    pub(super) fn ask_next(&mut self, load: u32, log: Option<&mut Trace>) {
        let plan = Arc::clone(self.plan());
        let members = || plan.ring().members().iter().copied();
        let up = members().filter(|id| self.node(*id).is_some()).count();
        let wanted = |id: &NodeId| up == 0 || self.node(*id).is_some();
        let count = if up == 0 { members().count() } else { up };
        let mut next = self.loads[load as usize].clone();
        let operation = next.draw(count as u64, |drawn| {
            let place = usize::try_from(drawn).expect("at most 1,024 nodes");
            members().filter(wanted).nth(place).expect("one of those that were counted")
        });
        self.loads[load as usize] = next;
        let what = What::Asked(operation.clone(), RequestId(self.requests));
        let mut turn = Turn::new(self.now, what, log);
        self.invoke(&operation, &mut turn);
        self.finish(turn);
        self.plan_next(load);
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
