//! Members that come and go, and what they take with them.

use super::*;
use crate::node::membership::{Status, Want};
use crate::node::plan::{Change, Peer, Plan};
use crate::ring::Member;
use alloc::format;
use alloc::string::String;

fn named(count: u32) -> Vec<(NodeId, String)> {
    (0..count).map(|at| (NodeId(at), format!("n{at}"))).collect()
}

fn founded(names: &[(NodeId, String)], vnodes: u32, n: u32) -> Plan {
    let members: Vec<(NodeId, &str)> = names.iter().map(|(id, name)| (*id, name.as_str())).collect();
    Plan::founded(Arc::new(Ring::new(Placement::Random, vnodes, 0, &members)), n)
}

fn by() -> Actor {
    Actor { node: NodeId(0), boot: 0 }
}

fn peer(node: u32) -> Peer {
    Peer { node: NodeId(node), name: Arc::from(format!("n{node}")), zone: 0 }
}

/// Every key's owners after the change are those before it, but for who gets it and who gives it up.
fn follows_the_rings(plan: &Plan) {
    let next = plan.next_ring().expect("a change is under way");
    let next_n = if let Some(Change::Replicas(n)) = plan.pending() { *n } else { plan.replicas() };
    for number in 0..300 {
        let key = Key::new(&format!("key{number}"));
        let (had, has) = (plan.owners(&key, u32::MAX), next.preference(&key, next_n));
        let moved = plan.moving(&key);
        let gets: Vec<NodeId> = moved.iter().map(|moved| moved.to).collect();
        let expected: Vec<NodeId> = has.iter().filter(|node| !had.contains(node)).copied().collect();
        assert_eq!(gets, expected, "{key:?}");
        for moved in moved {
            let gives = |giver: NodeId| had.contains(&giver) && !has.contains(&giver);
            assert!(moved.from.is_none_or(gives), "{moved:?}");
        }
    }
}

#[test]
fn what_moves_is_what_the_rings_differ_in() {
    for (count, vnodes, n) in [(1, 1, 1), (3, 4, 3), (6, 8, 2), (12, 3, 3)] {
        let plan = founded(&named(count), vnodes, n);
        let joins = plan.begin(by(), Change::Join(peer(count)));
        follows_the_rings(&joins);
        assert!(joins.moves().iter().all(|moved| moved.to == NodeId(count)), "only to itself");
        follows_the_rings(&plan.begin(by(), Change::Replicas(n + 1)));
        if count > 1 {
            let leaves = plan.begin(by(), Change::Leave(NodeId(1)));
            follows_the_rings(&leaves);
            assert!(leaves.moves().iter().all(|moved| moved.from == Some(NodeId(1))));
            let dead = NodeId(1);
            let replaces = plan.begin(by(), Change::Replace { dead, new: peer(count) });
            follows_the_rings(&replaces);
            let dead_gives = |moved: &plan::Move| moved.from == Some(dead) || moved.owners.contains(&dead);
            assert!(!replaces.moves().iter().any(dead_gives), "a dead node gives nothing");
        }
    }
}

#[test]
fn a_plan_that_is_given_up_owns_as_before_and_one_that_takes_effect_owns_as_it_said() {
    let plan = founded(&named(5), 8, 3);
    let begun = plan.begin(by(), Change::Join(peer(5)));
    let next = Arc::clone(begun.next_ring().expect("a change is under way"));
    assert_eq!(begun.ring(), plan.ring(), "until then nothing changes");
    let aborted = begun.abort(by());
    assert_eq!((aborted.ring(), aborted.epoch(), aborted.moves()), (plan.ring(), 0, &[][..]));
    assert!(aborted.rank() > begun.rank() && begun.rank() > plan.rank());
    let switched = begun.switch(by(), |_| 0);
    assert_eq!((switched.ring(), switched.epoch()), (&next, 1));
    assert!(switched.has(NodeId(5)) && switched.pending().is_none());
    let gone = switched.begin(by(), Change::Leave(NodeId(2))).switch(by(), |_| 7);
    assert_eq!((gone.has(NodeId(2)), gone.removed(NodeId(2)), gone.epoch()), (false, Some(7), 2));
}

/// A cluster that gossips, to which F may come.
fn gossiping() -> Bench {
    let names = ["A", "B", "C", "D", "E", "F"];
    let config = Config { gossip: Some(Span::from_millis(100)), ..Config::bare() };
    let member = |(node, name)| Member { node, name, zone: 0 };
    let members: Vec<Member<'_>> = (0..).map(NodeId).zip(names).map(member).collect();
    let ring = Arc::new(Ring::founded(Placement::Random, 8, 0, &members[..5]));
    let founders = Founders::new(Arc::clone(&ring), &members, 3);
    let start = |member: &Member<'_>| {
        let start = Start { id: member.node, seed: u64::from(member.node.0) + 1, ..Start::default() };
        Node::new(start, config.clone(), founders.clone(), Disk::default())
    };
    let mut list = ring.preference(&cart(), 5);
    list.push(NodeId(5));
    Bench {
        nodes: members.iter().map(start).collect(),
        list,
        now: Now::default(),
        wire: Vec::new(),
        notes: Vec::new(),
        answers: Vec::new(),
    }
}

impl Bench {
    fn rounds(&mut self, count: u32) {
        for _ in 0..count {
            self.pass(Span::from_millis(100));
            self.deliver_all();
        }
    }

    fn epoch(&self, at: usize) -> u32 {
        self.nodes[self.list[at].index()].membership().plan().epoch()
    }
}

#[test]
fn who_leaves_hands_its_keys_over_before_it_drops_out_of_the_ring() {
    let mut bench = gossiping();
    bench.ask(0, 1, put("milk", None));
    bench.deliver_all();
    let leaver = bench.list[0];
    bench.handle(leaver, Input::Admin(Admin::Wish(Want::Leave)));
    assert_eq!(bench.nodes[leaver.index()].disk().members.status(leaver), Status::Leaving);
    bench.rounds(60);
    for at in 1..5 {
        assert_eq!(bench.epoch(at), 1);
        assert!(!bench.nodes[bench.list[at].index()].ring().members().contains(&leaver));
    }
    assert_eq!(bench.stored(3), ["milk"], "the next of the walk owns it now");
    assert_eq!(bench.nodes[leaver.index()].disk().members.status(leaver), Status::Left);
    bench.handle(leaver, Input::Admin(Admin::Wish(Want::Leave)));
    assert!(matches!(bench.notes.last(), Some((_, Note::Refused { why: note::Unwilling::IsNoMember }))));
}

#[test]
fn a_write_goes_to_who_is_going_to_own_the_key_and_its_ack_is_extra() {
    let mut bench = gossiping();
    let me = bench.list[0];
    bench.handle(bench.list[5], Input::Admin(Admin::Wish(Want::Join)));
    // The new node hears of the plan, but no key of any range comes to it.
    for _ in 0..40 {
        bench.pass(Span::from_millis(100));
        while !bench.wire.is_empty() {
            let envelope = bench.wire.remove(0);
            if envelope.message.kind() != Kind::Transfer {
                bench.handle(envelope.to, Input::Delivered(envelope));
            }
        }
    }
    let plan = Arc::clone(bench.nodes[me.index()].membership().plan());
    assert!(plan.pending().is_some(), "it cannot be complete");
    let key = (0..100).map(|at| Key::new(&format!("key{at}"))).find(|key| !plan.moving(key).is_empty());
    let key = key.expect("some key moves");
    let first = plan.owners(&key, 3)[0];
    let ask = Request { id: RequestId(9), key: key.clone(), ask: put("milk", None) };
    bench.handle(first, Input::Asked(ask));
    bench.wire.retain(|envelope| envelope.to == NodeId(5) && envelope.message.kind() == Kind::Write);
    assert_eq!(bench.wire.len(), 1);
    bench.deliver_all();
    let extra = |(_, note): &(NodeId, Note)| {
        matches!(note, Note::ExtraAck { request: RequestId(9), from: NodeId(5) })
    };
    assert!(bench.notes.iter().any(extra));
    assert_eq!(bench.outcome(9), None, "W is of those who own it now");
    assert!(bench.nodes[5].store().get(&key).is_some());
}

#[test]
fn two_wishes_take_effect_one_after_the_other() {
    let mut bench = gossiping();
    let (joiner, leaver) = (bench.list[5], bench.list[2]);
    bench.handle(joiner, Input::Admin(Admin::Wish(Want::Join)));
    bench.handle(leaver, Input::Admin(Admin::Wish(Want::Leave)));
    bench.rounds(120);
    let plan = bench.nodes[bench.list[0].index()].membership().plan();
    assert_eq!((plan.epoch(), plan.log().len()), (2, 2));
    assert!(plan.has(joiner) && !plan.has(leaver));
    for at in [0, 1, 3, 4, 5] {
        assert_eq!(bench.nodes[bench.list[at].index()].ring(), plan.ring());
    }
}
