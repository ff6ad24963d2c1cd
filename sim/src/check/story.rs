//! Small histories by hand, for the tests of the judges. Event number `p` happens at `p` ms, so that a story tells
//! times and positions with the same numbers.

use super::{Claim, Evidence, Judgement, judge};
use crate::act::{Act, ConfigChange};
use crate::causality::{WriteId, Writes};
use crate::network::Links;
use crate::setup::Setup;
use crate::snapshot::{NodeSnapshot, NodeState, Snapshot};
use crate::trace::{Event, HintFact, HintRecord, Op, OpEnd, OpKind, OpOutcome, Trace, What};
use ringside_core::node::hints::Hints;
use ringside_core::node::store::Store;
use ringside_core::node::transfer::Owed;
use ringside_core::{
    Actor, Config, Content, Context, Disk, Dot, Key, Members, NodeId, Note, Plan, RequestId, Siblings, Span,
    Time, Value, VersionVector, Write,
};
use std::sync::Arc;

/// A run that is made up. The nodes are those of the default setup, A to E; operations are on `cart`.
pub(super) struct Story {
    setup: Setup,
    trace: Trace,
    stores: Vec<Store>,
    hints: Vec<Hints>,
    down: Vec<NodeId>,
    links: Links,
    over: bool,
}

/// The operation that was told last.
pub(super) struct Told<'a> {
    story: &'a mut Story,
    ends: u64,
}

impl Story {
    pub(super) fn new() -> Self {
        let setup = Setup::bare();
        let stores = vec![Store::default(); setup.names.len()];
        let hints = vec![Hints::default(); setup.names.len()];
        let (links, over) = (Links::default(), true);
        Self { setup, trace: Trace::default(), stores, hints, down: Vec::new(), links, over }
    }

    pub(super) fn config(&mut self, config: Config) {
        self.setup.config = config;
    }

    pub(super) fn put(&mut self, id: &str, client: &str, via: &str, value: &str) -> Told<'_> {
        self.op(id, client, via, OpKind::Put(Value::new(value)))
    }

    pub(super) fn delete(&mut self, id: &str, client: &str, via: &str) -> Told<'_> {
        self.op(id, client, via, OpKind::Delete)
    }

    pub(super) fn get(&mut self, id: &str, client: &str, via: &str) -> Told<'_> {
        self.op(id, client, via, OpKind::Get)
    }

    fn op(&mut self, id: &str, client: &str, via: &str, kind: OpKind) -> Told<'_> {
        let via = self.setup.node(via).unwrap();
        let request = RequestId(self.trace.ops.len() as u64);
        let minted = self.trace.ops.iter().filter(|op| op.kind.is_write() && op.via == via).count();
        let dot = Dot { actor: Actor { node: via, boot: 0 }, counter: minted as u64 + 1 };
        self.trace.ops.push(Op {
            request,
            id: id.to_owned(),
            client: client.to_owned(),
            key: Key::new("cart"),
            dot: kind.is_write().then_some((dot, 0)),
            write: kind.is_write().then_some(WriteId { actor: dot.actor, number: dot.counter }),
            kind,
            via,
            carried: None,
            saw: Arc::default(),
            start: Time::ZERO,
            start_at: 0,
            coordinator: None,
            own: None,
            sent: Vec::new(),
            hinted: Vec::new(),
            end: None,
        });
        Told { story: self, ends: 0 }
    }

    fn named(&self, id: &str) -> &Op {
        self.trace.op_named(id).unwrap()
    }

    pub(super) fn ops(&self) -> &[Op] {
        &self.trace.ops
    }

    /// Is one of the two writes the other, or has one seen the other?
    pub(super) fn related(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.named(one), self.named(other));
        let sees = |a: &Op, b: &Op| {
            a.carried.as_ref().is_some_and(|context| context.vector().covers(b.dot.unwrap().0))
        };
        one.id == other.id || sees(one, other) || sees(other, one)
    }

    fn siblings(&self, ids: &[&str]) -> Siblings {
        let mut writes: Vec<&Op> = ids.iter().map(|id| self.named(id)).collect();
        writes.sort_by_key(|op| op.dot);
        let mut siblings = Siblings::new();
        for op in writes {
            let content = match &op.kind {
                OpKind::Put(value) => Content::Value(value.clone()),
                OpKind::Delete | OpKind::Get => Content::Tombstone,
            };
            let seen =
                op.carried.as_ref().map_or_else(VersionVector::new, |context| context.vector().clone());
            let write = Write { dot: op.dot.unwrap().0, request: op.request, wall: Time::ZERO };
            siblings.put(write, &seen, content);
        }
        assert_eq!(siblings.versions().len(), ids.len(), "none of them has seen another");
        siblings
    }

    /// The node's disk holds what these wrote.
    pub(super) fn stores(&mut self, node: &str, ids: &[&str]) {
        let (key, versions) = (self.named(ids[0]).key.clone(), self.siblings(ids));
        let node = self.setup.node(node).unwrap();
        self.stores[node.index()].replace(key, versions);
    }

    /// The node's disk holds what these wrote, also where one of them has seen another.
    pub(super) fn stores_all(&mut self, node: &str, ids: &[&str]) {
        let mut siblings = Siblings::new();
        for id in ids {
            let op = self.named(id);
            let write = Write { dot: op.dot.unwrap().0, request: op.request, wall: Time::ZERO };
            siblings.put(write, &VersionVector::new(), Content::Tombstone);
        }
        let (key, node) = (self.named(ids[0]).key.clone(), self.node(node));
        self.stores[node.index()].replace(key, siblings);
    }

    pub(super) fn node(&self, name: &str) -> NodeId {
        self.setup.node(name).unwrap()
    }

    /// Something becomes of a hint for `cart` in event number `at`.
    pub(super) fn hint(&mut self, at: u64, holder: &str, owner: &str, fact: HintFact) {
        self.event(at);
        let [holder, owner] = [holder, owner].map(|name| self.setup.node(name).unwrap());
        self.trace.hints.push(HintRecord { position: at, holder, owner, key: Key::new("cart"), fact });
    }

    /// In the end the node's disk keeps a hint for `cart`, of whatever.
    pub(super) fn keeps(&mut self, holder: &str, owner: &str) {
        self.keeps_of(holder, owner, Siblings::new());
    }

    /// In the end the node's disk keeps what these wrote as a hint.
    pub(super) fn keeps_writes(&mut self, holder: &str, owner: &str, ids: &[&str]) {
        let versions = self.siblings(ids);
        self.keeps_of(holder, owner, versions);
    }

    fn keeps_of(&mut self, holder: &str, owner: &str, versions: Siblings) {
        let [holder, owner] = [holder, owner].map(|name| self.setup.node(name).unwrap());
        self.hints[holder.index()].put(owner, &Key::new("cart"), versions, Time::ZERO);
    }

    pub(super) fn down(&mut self, node: &str) {
        self.down.extend(self.setup.node(node));
    }

    /// The preference list of `cart`, by name.
    pub(super) fn replicas(&self) -> Vec<String> {
        let list = self.setup.ring().preference(&Key::new("cart"), self.setup.config.n);
        list.into_iter().map(|node| self.setup.name(node).to_owned()).collect()
    }

    /// Nothing passes between this node and the others.
    pub(super) fn cut_off(&mut self, node: &str) {
        let node = self.setup.node(node).unwrap();
        self.links.partition(&[vec![node]]);
    }

    /// The run is not over.
    pub(super) fn goes_on(&mut self) {
        self.over = false;
    }

    /// A node notes this in event number `at`.
    pub(super) fn notes(&mut self, at: u64, note: Note) {
        self.event(at).notes.push(note);
    }

    /// The settings change in event number `at`.
    pub(super) fn set(&mut self, at: u64, change: ConfigChange) {
        self.act(at, Act::Set(change));
    }

    /// This is done in event number `at`.
    pub(super) fn act(&mut self, at: u64, act: Act) {
        self.event(at).what = What::Act { step: None, act, request: None };
    }

    /// Disks are synced at this interval.
    pub(super) const fn sync(&mut self, every: Span) {
        self.setup.sync = Some(every);
    }

    fn event(&mut self, position: u64) -> &mut Event {
        while (self.trace.events.len() as u64) < position {
            let at = Time::from_micros((self.trace.events.len() as u64 + 1) * 1_000);
            let what = What::Act { step: None, act: Act::Note, request: None };
            self.trace.events.push(Event {
                at,
                what,
                notes: Vec::new(),
                sent: Vec::new(),
                answers: Vec::new(),
            });
        }
        &mut self.trace.events[usize::try_from(position).unwrap() - 1]
    }

    pub(super) fn all(&self) -> Vec<Judgement> {
        self.all_at(self.trace.events.len() as u64)
    }

    pub(super) fn all_at(&self, position: u64) -> Vec<Judgement> {
        self.pictured(position, |_| {})
    }

    /// As at `position`, with a picture that is retouched.
    pub(super) fn pictured(&self, position: u64, retouch: impl FnOnce(&mut Snapshot)) -> Vec<Judgement> {
        let ring = Arc::new(self.setup.ring());
        let node = |(id, store): (NodeId, &Store)| NodeSnapshot {
            id,
            name: self.setup.name(id).to_owned(),
            state: if self.down.contains(&id) { NodeState::Down } else { NodeState::Up },
            actor: Actor { node: id, boot: 0 },
            minted: 0,
            store: store.clone(),
            clock: crate::clock::Clock::default(),
            slow: 1,
            drift: 0,
            waiting: 0,
            durable: Disk { keys: store.clone(), hints: self.hints[id.index()].clone(), ..Disk::default() },
            hints: self.hints[id.index()].clone(),
            members: Members::default(),
            owed: Owed::default(),
            ring: (!self.down.contains(&id)).then(|| Arc::clone(&ring)),
            mind: None,
            coordinating: Vec::new(),
            trees: None,
            wake: None,
        };
        let mut snapshot = Snapshot {
            at: self.trace.time_of(position),
            position,
            over: self.over,
            under_way: Vec::new(),
            network: self.setup.network.clone(),
            loads: 0,
            links: self.links.clone(),
            config: self.setup.config.clone(),
            nodes: self.setup.nodes().zip(&self.stores).map(node).collect(),
            plan: Arc::new(Plan::founded(Arc::clone(&ring), self.setup.config.n)),
        };
        retouch(&mut snapshot);
        judge(Evidence { setup: &self.setup, trace: &self.trace, position, snapshot: &snapshot })
    }

    pub(super) fn judged(&self, claim: Claim) -> Judgement {
        self.all().into_iter().find(|judgement| judgement.claim == claim).unwrap()
    }

    pub(super) fn judged_at(&self, claim: Claim, position: u64) -> Judgement {
        self.all_at(position).into_iter().find(|judgement| judgement.claim == claim).unwrap()
    }
}

impl Told<'_> {
    fn op(&mut self) -> &mut Op {
        self.story.trace.ops.last_mut().unwrap()
    }

    /// It begins in one event and ends in another; a write is stored as it begins.
    pub(super) fn at(mut self, start: u64, end: u64) -> Self {
        self.ends = end;
        let op = self.op();
        (op.start, op.start_at) = (Time::from_micros(start * 1_000), start);
        let (request, key) = (op.request, op.key.clone());
        let dot = op.dot.as_mut().map(|dot| {
            dot.1 = start;
            dot.0
        });
        self.story.event(end);
        let note = dot.map(|dot| Note::Minted { request, key, dot });
        self.story.event(start).notes.extend(note);
        self
    }

    pub(super) fn key(mut self, key: &str) -> Self {
        self.op().key = Key::new(key);
        self
    }

    /// Its context covers these writes and what they had seen.
    pub(super) fn sees(mut self, ids: &[&str]) -> Self {
        let (mut vector, mut saw) = (VersionVector::new(), Writes::new());
        for id in ids {
            let seen = self.story.named(id);
            vector.add(seen.dot.unwrap().0);
            saw.insert(seen.write.unwrap());
            saw.join(&seen.saw);
            if let Some(context) = &seen.carried {
                vector.join(context.vector());
            }
        }
        let op = self.op();
        op.carried = Some(Context::new(op.key.clone(), vector));
        op.saw = Arc::new(saw);
        self
    }

    /// It is given this dot, whatever the node's counter says.
    pub(super) fn mints(mut self, node: &str, counter: u64) -> Self {
        let node = self.story.setup.node(node).unwrap();
        let request = self.op().request;
        let dot = Dot { actor: Actor { node, boot: 0 }, counter };
        self.op().dot.as_mut().unwrap().0 = dot;
        for note in self.story.trace.events.iter_mut().flat_map(|event| &mut event.notes) {
            if let Note::Minted { request: of, dot: minted, .. } = note
                && *of == request
            {
                *minted = dot;
            }
        }
        self
    }

    fn ends(mut self, outcome: OpOutcome, returned: Option<Siblings>) {
        let position = self.ends;
        let replies = vec![self.op().via];
        let at = Time::from_micros(position * 1_000);
        self.op().end = Some(OpEnd { at, position, outcome, returned, replies, error: None });
    }

    /// It is acknowledged.
    pub(super) fn ok(self) {
        self.ends(OpOutcome::Ok, Some(Siblings::new()));
    }

    pub(super) fn unknown(self) {
        self.ends(OpOutcome::Unknown, None);
    }

    /// A put or delete that stored nothing, or a get without an answer.
    pub(super) fn failed(self) {
        self.ends(OpOutcome::Failed, None);
    }

    /// A get that returns what these wrote.
    pub(super) fn returns(self, ids: &[&str]) {
        let siblings = self.story.siblings(ids);
        self.ends(OpOutcome::Ok, Some(siblings));
    }
}
