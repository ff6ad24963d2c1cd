//! A small world of replicas and clients of one key, and beside each of them the truth: the plain set of writes that
//! it knows, and for every write the set of writes it saw. Histories made here are valid ones: a dot is minted once,
//! every context comes from a read, and what travels is what a replica held at some time.

use crate::id::RequestId;
use crate::id::{Actor, NodeId, Value};
use crate::time::Time;
use crate::version::{Content, Dot, Rules, Siblings, VersionVector, Write};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// A causal history, written out.
pub(super) type Writes = BTreeSet<Dot>;

/// What a place holds, and what it should.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) held: Siblings,
    /// The writes that reached it, and all that those saw.
    pub(super) known: Writes,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// `client` puts (or deletes) at replica `at`, with what it has read so far or with no context at all.
    Put { at: usize, client: usize, blind: bool, delete: bool, acked: bool },
    /// `client` reads two replicas (maybe the same) and joins what it gets to what it has.
    Get { client: usize, from: [usize; 2] },
    /// Replica `to` merges a state that some replica had at some time: late, twice, in any order, or never.
    Deliver { sent: Index, to: usize },
    /// Replica `at` mints dots for other keys.
    Elsewhere { at: usize, writes: u64 },
    /// Replica `at` starts again, with the disk it had, or an earlier one of its own, or an empty one.
    Restart { at: usize, disk: Option<Index> },
}

const REPLICAS: usize = 3;
const CLIENTS: usize = 3;

pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let (at, client) = (0..REPLICAS, 0..CLIENTS);
    let put =
        (at.clone(), client.clone(), prop::bool::weighted(0.2), prop::bool::weighted(0.2), any::<bool>())
            .prop_map(|(at, client, blind, delete, acked)| Act::Put { at, client, blind, delete, acked });
    let act = prop_oneof![
        4 => put,
        3 => (client, [at.clone(), at.clone()]).prop_map(|(client, from)| Act::Get { client, from }),
        4 => (any::<Index>(), at.clone()).prop_map(|(sent, to)| Act::Deliver { sent, to }),
        1 => (at.clone(), 1..4u64).prop_map(|(at, writes)| Act::Elsewhere { at, writes }),
        1 => (at, any::<Option<Index>>()).prop_map(|(at, disk)| Act::Restart { at, disk }),
    ];
    prop::collection::vec(act, 0..40)
}

#[derive(Clone, Debug)]
struct Replica {
    actor: Actor,
    minted: u64,
    disk: State,
    /// Every state its disk ever had, the empty one first.
    earlier: Vec<State>,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    rules: Rules,
    replicas: Vec<Replica>,
    clients: Vec<State>,
    /// Every write, with what it saw.
    pub(super) writes: BTreeMap<Dot, Writes>,
}

impl World {
    pub(super) fn run(acts: &[Act]) -> Self {
        Self::run_by(Rules::DOTTED, acts)
    }

    /// The clock of each replica goes right, and shows one more at each write.
    pub(super) fn run_by(rules: Rules, acts: &[Act]) -> Self {
        let replica = |at| Replica {
            actor: Actor { node: NodeId(at), boot: 0 },
            minted: 0,
            disk: State::default(),
            earlier: vec![State::default()],
        };
        let mut world = Self {
            rules,
            replicas: [0, 1, 2].map(replica).to_vec(),
            clients: vec![State::default(); CLIENTS],
            writes: BTreeMap::new(),
        };
        for act in acts {
            world.act(act);
        }
        world
    }

    /// Every state that any replica ever had, and what the clients hold.
    pub(super) fn states(&self) -> Vec<&State> {
        self.replicas.iter().flat_map(|replica| &replica.earlier).chain(&self.clients).collect()
    }

    /// Of these writes, the ones that none of them saw: by definition, the siblings.
    pub(super) fn maximal(&self, known: &Writes) -> Writes {
        let seen: Writes = known.iter().flat_map(|dot| &self.writes[dot]).copied().collect();
        known - &seen
    }

    /// A dot that `actor` has not minted in this world.
    pub(super) fn unused_dot(&self) -> Dot {
        Dot { actor: Actor { node: NodeId(9), boot: 0 }, counter: 1 }
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Put { at, client, blind, delete, acked } => self.put(at, client, blind, delete, acked),
            Act::Get { client, from } => {
                for at in from {
                    let read = self.replicas[at].disk.clone();
                    self.clients[client].take_in(self.rules, &read);
                }
            }
            Act::Deliver { sent, to } => {
                let states = self.states();
                let message = states[sent.index(states.len())].clone();
                self.replicas[to].disk.take_in(self.rules, &message);
                self.replicas[to].remember();
            }
            Act::Elsewhere { at, writes } => self.replicas[at].minted += writes,
            Act::Restart { at, disk } => {
                let replica = &mut self.replicas[at];
                replica.actor.boot += 1;
                replica.minted = 0;
                if let Some(disk) = disk {
                    replica.disk = replica.earlier[disk.index(replica.earlier.len())].clone();
                }
            }
        }
    }

    fn put(&mut self, at: usize, client: usize, blind: bool, delete: bool, acked: bool) {
        let replica = &mut self.replicas[at];
        let client = &mut self.clients[client];
        let (seen, saw) = if blind {
            (VersionVector::new(), Writes::new())
        } else {
            (client.held.clock().clone(), client.known.clone())
        };
        let content = if delete { Content::Tombstone } else { Content::Value(Value::new("milk")) };
        let dot = self.rules.mint(replica.actor, replica.minted, &replica.disk.held, &seen);
        replica.minted += 1;
        let wall = Time::from_micros(self.writes.len() as u64 + 1);
        self.rules.put(&mut replica.disk.held, Write { dot, request: RequestId(0), wall }, &seen, content);
        replica.disk.known.extend(&saw);
        replica.disk.known.insert(dot);
        replica.remember();
        self.writes.insert(dot, saw);
        if acked {
            client.take_in(self.rules, &replica.disk);
        }
    }
}

impl State {
    pub(super) fn take_in(&mut self, rules: Rules, other: &Self) {
        rules.merge(&mut self.held, &other.held);
        self.known.extend(&other.known);
    }
}

impl Replica {
    fn remember(&mut self) {
        self.earlier.push(self.disk.clone());
    }
}
