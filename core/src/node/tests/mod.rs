//! Tests that hand each message over by hand: the test is the network.

mod anti_entropy;
mod blocking;
mod gets;
mod gossip;
mod hints;
mod members;
mod puts;
mod tombstones;

use super::outbox::{Answer, Ask, Out};
use super::*;
use crate::config::ReadRepair;
use crate::id::{Key, RequestId, Value};
use crate::ring::{Placement, Ring};
use crate::time::Span;
use crate::version::Context;
use alloc::vec::Vec;

/// Five nodes, of which the key `cart` has three replicas.
struct Bench {
    nodes: Vec<Node>,
    /// The preference list of the key, then the others.
    list: Vec<NodeId>,
    now: Now,
    wire: Vec<Envelope>,
    notes: Vec<(NodeId, Note)>,
    answers: Vec<(RequestId, Answer)>,
}

fn cart() -> Key {
    Key::new("cart")
}

fn put(value: &str, context: Option<Context>) -> Ask {
    Ask::Put { value: Value::new(value), context }
}

impl Bench {
    fn new(config: &Config) -> Self {
        let names = ["A", "B", "C", "D", "E"];
        let members: Vec<(NodeId, &str)> = (0..).map(NodeId).zip(names).collect();
        let ring = Arc::new(Ring::new(Placement::Random, 8, 0, &members));
        let start = |(id, _): &(NodeId, &str)| {
            Node::new(
                Start { id: *id, ..Start::default() },
                config.clone(),
                Founders::named(Arc::clone(&ring), &members),
                Disk::default(),
            )
        };
        Self {
            nodes: members.iter().map(start).collect(),
            list: ring.preference(&cart(), 5),
            now: Now::default(),
            wire: Vec::new(),
            notes: Vec::new(),
            answers: Vec::new(),
        }
    }

    fn with(read_repair: ReadRepair, r: u32, w: u32) -> Self {
        Self::new(&Config { r, w, read_repair, ..Config::bare() })
    }

    fn handle(&mut self, node: NodeId, input: Input) {
        let mut out = Outbox::new();
        self.nodes[node.index()].handle(self.now, input, &mut out);
        for item in out.drain() {
            match item {
                Out::Send(envelope) => self.wire.push(envelope),
                Out::Note(note) => self.notes.push((node, note)),
                Out::Reply(request, answer) => self.answers.push((request, answer)),
            }
        }
    }

    /// A client asks the `at`-th node of the walk for something about the key.
    fn ask(&mut self, at: usize, id: u64, ask: Ask) {
        self.handle(self.list[at], Input::Asked(Request { id: RequestId(id), key: cart(), ask }));
    }

    /// Delivers the first message of this kind to the `to`-th node of the walk.
    fn deliver(&mut self, kind: Kind, to: usize) {
        let wanted = |envelope: &Envelope| envelope.message.kind() == kind && envelope.to == self.list[to];
        let at = self.wire.iter().position(wanted).expect("such a message is on its way");
        let envelope = self.wire.remove(at);
        self.handle(envelope.to, Input::Delivered(envelope));
    }

    /// Delivers the first message of this kind that comes from the `from`-th node of the walk.
    fn deliver_from(&mut self, kind: Kind, from: usize) {
        let wanted =
            |envelope: &Envelope| envelope.message.kind() == kind && envelope.from == self.list[from];
        let at = self.wire.iter().position(wanted).expect("such a message is on its way");
        let envelope = self.wire.remove(at);
        self.handle(envelope.to, Input::Delivered(envelope));
    }

    /// Delivers everything, and what follows from it, in order.
    fn deliver_all(&mut self) {
        while !self.wire.is_empty() {
            let envelope = self.wire.remove(0);
            self.handle(envelope.to, Input::Delivered(envelope));
        }
    }

    fn pass(&mut self, span: Span) {
        self.now = Now::at(self.now.mono + span);
        for node in self.list.clone() {
            self.handle(node, Input::Woke);
        }
    }

    fn outcome(&self, id: u64) -> Option<&outbox::Outcome> {
        let of = |(request, _): &&(RequestId, Answer)| *request == RequestId(id);
        assert!(self.answers.iter().filter(of).count() <= 1, "a client is answered once");
        self.answers.iter().find(of).map(|(_, answer)| &answer.outcome)
    }

    /// What a get of that number found.
    fn found(&self, id: u64) -> Vec<&str> {
        match self.outcome(id) {
            Some(outbox::Outcome::Found(versions)) => versions.values().map(Value::as_str).collect(),
            other => panic!("get {id} found nothing: {other:?}"),
        }
    }

    /// The context that the answer of that number carries.
    fn context(&self, id: u64) -> Option<Context> {
        match self.outcome(id) {
            Some(outbox::Outcome::Found(versions) | outbox::Outcome::Stored(versions)) => {
                Some(Context::new(cart(), versions.clock().clone()))
            }
            other => panic!("answer {id} carries no context: {other:?}"),
        }
    }

    /// The values that the `at`-th node of the walk stores.
    fn stored(&self, at: usize) -> Vec<&str> {
        let store = self.nodes[self.list[at].index()].store();
        store.get(&cart()).map(|versions| versions.values().map(Value::as_str).collect()).unwrap_or_default()
    }

    fn ignored(&self) -> Vec<Ignored> {
        let why = |(_, note): &(NodeId, Note)| {
            if let Note::Ignored { why, .. } = note { Some(*why) } else { None }
        };
        self.notes.iter().filter_map(why).collect()
    }
}
