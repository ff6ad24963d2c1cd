//! The member map and the exchanges that bring it round, message by message.

use super::*;
use crate::config::Detector;
use crate::node::membership::{Fact, Known, Member, Members, Pulse, Stamp};
use crate::node::plan::{Change, Peer};
use proptest::prelude::*;

fn gossiping() -> Bench {
    let failure_detector = Detector::Phi { thousandths: 8_000 };
    Bench::new(&Config { gossip: Some(Span::from_secs(1)), failure_detector, ..Config::bare() })
}

fn exchange(envelope: &Envelope) -> &Exchange {
    let Message::Gossip(exchange) = &envelope.message else { panic!("{envelope:?} is no gossip") };
    exchange
}

impl Bench {
    /// Wakes a node when it next wants to gossip, and takes what it sends.
    fn round(&mut self, node: NodeId) -> Vec<Envelope> {
        let at = self.nodes[node.index()].gossip().next_round().unwrap();
        self.now = Now::at(at.max(self.now.mono));
        self.handle(node, Input::Woke);
        core::mem::take(&mut self.wire)
    }

    fn hand_over(&mut self, envelope: &Envelope) -> Option<Envelope> {
        self.handle(envelope.to, Input::Delivered(envelope.clone()));
        self.wire.pop()
    }

    fn pulse(&self, of: NodeId, at: NodeId) -> Pulse {
        self.nodes[at.index()].membership().pulse(of)
    }
}

#[test]
fn an_exchange_is_digest_answer_and_update_and_leaves_both_with_what_either_knew() {
    let mut bench = gossiping();
    let (a, b) = (NodeId(0), NodeId(1));
    // B has begun a round of its own before, so each knows one heartbeat that the other lacks.
    bench.round(b);
    let mut digest = bench.round(a).remove(0);
    digest.to = b;
    let Exchange::Digest { lines, .. } = exchange(&digest) else { panic!("a round begins with a digest") };
    assert_eq!(lines.iter().map(|line| line.node.0).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);

    let answer = bench.hand_over(&digest).unwrap();
    let Exchange::Answer { facts, lacks, .. } = exchange(&answer) else { panic!("a digest is answered") };
    assert_eq!(facts.iter().map(|fact| fact.node).collect::<Vec<_>>(), [b]);
    assert_eq!(lacks.iter().map(|line| line.node).collect::<Vec<_>>(), [a]);
    assert!(facts[0].member.is_none(), "it knows B as a member; only the heartbeat is new");

    let update = bench.hand_over(&answer).unwrap();
    assert_eq!(bench.hand_over(&update), None);
    let one = Pulse { boot: 0, heartbeat: 1 };
    for (of, at) in [(a, b), (b, a)] {
        assert_eq!(bench.pulse(of, at), one);
    }
    // The same messages again change nothing.
    bench.notes.clear();
    bench.hand_over(&update);
    bench.hand_over(&answer);
    assert_eq!(bench.notes, []);
}

#[test]
fn rounds_are_out_of_step_and_count_the_heartbeat_up() {
    let mut bench = gossiping();
    let first: Vec<Time> = bench.nodes.iter().map(|node| node.gossip().next_round().unwrap()).collect();
    assert!(first.iter().all(|at| *at > Time::ZERO && *at <= Time::ZERO + Span::from_secs(1)));
    // All nodes of the bench have one seed; another start draws another moment.
    let config = bench.nodes[0].config().clone();
    let founders = Founders::named(Arc::clone(bench.nodes[0].ring()), &[]);
    let other = Node::new(Start { seed: 1, ..Start::default() }, config, founders, Disk::default());
    assert_ne!(other.gossip().next_round(), Some(first[0]));
    for heartbeat in 1..4 {
        bench.round(NodeId(0));
        assert_eq!(bench.pulse(NodeId(0), NodeId(0)), Pulse { boot: 0, heartbeat });
    }
}

#[test]
fn live_peers_are_asked_every_round_and_one_in_ten_asks_a_dead_one_too() {
    let mut bench = gossiping();
    let a = NodeId(0);
    // Only B and C are heard of for a while: D and E are believed down.
    for at in 1..40 {
        bench.now = Now::at(Time::ZERO + Span::from_secs(at));
        let facts = [1, 2].map(|node| Fact {
            node: NodeId(node),
            pulse: Pulse { boot: 0, heartbeat: u32::try_from(at).unwrap() },
            member: None,
        });
        let message = Message::Gossip(Exchange::Update { facts: facts.to_vec(), plan: None });
        bench.handle(a, Input::Delivered(Envelope { from: NodeId(1), to: a, epoch: 0, message }));
    }
    let believed = |node| bench.nodes[0].believes_up(bench.now.mono, NodeId(node));
    assert_eq!([0, 1, 2, 3, 4].map(believed), [true, true, true, false, false]);
    let (mut live, mut dead) = (0, 0);
    for seed in 0..400 {
        // The same round again and again, each time with other luck.
        let mut due = bench.nodes[0].clone();
        due.random = Random::new(seed);
        let mut out = Outbox::new();
        due.handle(Now::at(due.gossip().next_round().unwrap().max(bench.now.mono)), Input::Woke, &mut out);
        let to = |item: &Out| if let Out::Send(envelope) = item { Some(envelope.to.0) } else { None };
        for to in out.items().iter().filter_map(to) {
            if to < 3 { live += 1 } else { dead += 1 }
        }
    }
    assert_eq!(live, 400);
    // Binomial: mean 40, standard deviation 6; five of them.
    assert!((10..=70).contains(&dead), "{dead} of 400");
}

#[test]
fn who_believes_nobody_up_asks_one_of_the_others_every_round() {
    let mut bench = gossiping();
    bench.now = Now::at(Time::ZERO + Span::from_secs(19));
    bench.handle(NodeId(0), Input::Woke);
    assert_eq!(bench.wire.len(), 1);
    let suspects = bench.notes.iter().filter(|(_, note)| matches!(note, Note::Suspects { .. }));
    assert_eq!(suspects.count(), 4);
}

#[test]
fn a_digest_of_a_large_cluster_names_64_in_turn_and_news_first() {
    let names: Vec<alloc::string::String> = (0..200).map(|at| alloc::format!("n{at}")).collect();
    let members: Vec<(NodeId, &str)> = (0..).map(NodeId).zip(names.iter().map(|name| &**name)).collect();
    let founders = Founders::named(Arc::new(Ring::new(Placement::Random, 1, 0, &members)), &members);
    let config = Config { gossip: Some(Span::from_secs(1)), ..Config::bare() };
    let mut node = Node::new(Start::default(), config, founders, Disk::default());
    let restarted = Fact { node: NodeId(150), pulse: Pulse { boot: 1, heartbeat: 0 }, member: None };
    let message = Message::Gossip(Exchange::Update { facts: alloc::vec![restarted], plan: None });
    let (from, to) = (NodeId(1), NodeId(0));
    node.handle(
        Now::default(),
        Input::Delivered(Envelope { from, to, epoch: 0, message }),
        &mut Outbox::new(),
    );

    let mut named = alloc::collections::BTreeSet::new();
    for round in 0..4 {
        let mut out = Outbox::new();
        node.handle(Now::at(node.gossip().next_round().unwrap()), Input::Woke, &mut out);
        let lines = out.items().iter().find_map(|item| {
            let Out::Send(envelope) = item else { return None };
            if let Exchange::Digest { lines, .. } = exchange(envelope) { Some(lines) } else { None }
        });
        let lines: Vec<Known> = lines.unwrap().clone();
        assert_eq!(lines.len(), 64);
        for always in [0, 150] {
            assert!(lines.iter().any(|line| line.node.0 == always), "{always} in round {round}");
        }
        named.extend(lines.iter().map(|line| line.node));
    }
    assert_eq!(named.len(), 200, "after 200 ÷ 64 rounds everybody was named");
}

/// Five founders and some later members, of which facts come in any order.
fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (0..9_u32, 0..3_u32, 0..4_u32, proptest::option::of(0..4_u32)).prop_map(
        |(node, boot, heartbeat, count)| Fact {
            node: NodeId(node),
            pulse: Pulse { boot, heartbeat },
            // What is said of the listener itself is for itself to say.
            member: count.filter(|_| node != 0).map(|count| {
                // What a member said at one time is the same wherever it is heard of.
                let name = Arc::from(["A", "B", "C", "D", "E", "F", "G", "H", "I"][node as usize]);
                let (stamp, epoch) = (Stamp { boot, count }, count);
                Arc::new(Member { stamp, epoch, complete: None, wish: None, tokens: 4, zone: 0, name })
            }),
        },
    );
    proptest::collection::vec(fact, 0..20)
}

/// What a node of five founders knows after it learnt these facts.
fn after<'a>(facts: impl Iterator<Item = &'a [Fact]>) -> (Membership, Members) {
    let founders: Vec<(NodeId, &str)> = (0..).map(NodeId).zip(["A", "B", "C", "D", "E"]).collect();
    let ring = Arc::new(Ring::new(Placement::Random, 4, 0, &founders));
    let mut members = Members::default();
    let mut membership = Membership::new(NodeId(0), 7, Founders::named(ring, &founders), &mut members);
    for facts in facts {
        membership.learn(NodeId(0), &mut members, facts);
    }
    (membership, members)
}

proptest! {
    /// Order, repetition and grouping of gossip do not matter: merging is commutative, idempotent and associative.
    #[test]
    fn facts_in_any_order_and_number_make_the_same_view_and_the_same_ring(
        facts in facts(), shuffled in any::<proptest::sample::Index>(), group in 1..5_usize,
    ) {
        let once = after(core::iter::once(&facts[..]));
        let mut turned = facts.clone();
        turned.reverse();
        let turn = if facts.is_empty() { 0 } else { shuffled.index(facts.len()) };
        turned.rotate_left(turn);
        turned.extend_from_slice(&facts[..turn]);
        prop_assert_eq!(&once, &after(turned.chunks(group)));
        prop_assert_eq!(once.0.pulse(NodeId(0)).boot, 7, "of itself a node knows best");
    }

    /// What a digest leads to is all that either side lacks: an exchange makes two views equal, whatever they were.
    #[test]
    fn an_exchange_makes_two_views_equal(one in facts(), two in facts()) {
        let (mut here, mut ours) = after(core::iter::once(&one[..]));
        let (mut there, mut theirs) = after(core::iter::once(&two[..]));
        let ids: alloc::collections::BTreeSet<NodeId> = (0..9).map(NodeId).collect();
        let wanted: Vec<Fact> =
            ids.iter().filter_map(|id| there.beyond(&theirs, &here.known(&ours, *id))).collect();
        let lacked: Vec<Fact> = ids
            .iter()
            .map(|id| there.known(&theirs, *id))
            .filter_map(|line| here.beyond(&ours, &line))
            .collect();
        here.learn(NodeId(0), &mut ours, &wanted);
        there.learn(NodeId(0), &mut theirs, &lacked);
        prop_assert_eq!((here, ours), (there, theirs));
    }
}

#[test]
fn who_hears_of_a_newer_plan_follows_it_and_keeps_it_on_its_disk() {
    let mut bench = gossiping();
    let (a, b) = (NodeId(0), NodeId(1));
    let before = Arc::clone(bench.nodes[0].membership().plan());
    let peer = Peer { node: NodeId(5), name: Arc::from("F"), zone: 0 };
    let by = Actor { node: b, boot: 0 };
    let plan = Arc::new(before.begin(by, Change::Join(peer)).switch(by, |_| 0));
    let message = Message::Gossip(Exchange::Update { facts: Vec::new(), plan: Some(plan) });
    bench.handle(a, Input::Delivered(Envelope { from: b, to: a, epoch: 1, message }));
    assert_eq!(bench.nodes[0].ring().members().len(), 6);
    assert!(Arc::ptr_eq(before.ring(), bench.nodes[1].ring()), "who has not heard shares the founders' ring");

    let node = &bench.nodes[0];
    let founders = Founders::named(Arc::clone(before.ring()), &[]);
    let start = Start { boot: 1, ..Start::default() };
    let again = Node::new(start, node.config().clone(), founders, node.disk().clone());
    assert_eq!(again.ring(), node.ring());
    assert_eq!(again.disk().members.epoch(), 1);
}

#[test]
fn a_put_is_forwarded_past_a_node_believed_down() {
    let mut bench = gossiping();
    // The fourth of the walk is no replica of the key. Of the first it has heard nothing for long, of the others just now.
    let (outside, first, second) = (bench.list[3], bench.list[0], bench.list[1]);
    bench.now = Now::at(Time::ZERO + Span::from_secs(18));
    let pulse = Pulse { boot: 0, heartbeat: 1 };
    let facts = alloc::vec![Fact { node: second, pulse, member: None }];
    let message = Message::Gossip(Exchange::Update { facts, plan: None });
    bench.handle(outside, Input::Delivered(Envelope { from: second, to: outside, epoch: 0, message }));
    bench.now = Now::at(Time::ZERO + Span::from_secs(19));
    bench.ask(3, 1, put("milk", None));
    let forwards = bench
        .notes
        .iter()
        .find_map(|(_, note)| if let Note::Forwards { to, .. } = note { Some(*to) } else { None });
    assert_eq!((forwards, first != second), (Some(second), true));
}
