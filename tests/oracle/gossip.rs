//! Gossip against what is known of rumours: in how many rounds all n nodes have heard one (Demers and others, 1987; the
//! figures are from an independent Monte Carlo of a million trials, given to one decimal). And the silence that convicts.
//!
//! A mean is held to the published figure within five standard errors of the trials here, plus the 0.05 by which a figure
//! of one decimal may be off.

#![cfg(not(target_arch = "wasm32"))]

use ringside_core::node::outbox::Out;
use ringside_core::random::Random;
use ringside_core::ring::Placement;
use ringside_core::{
    Config, Detector, Disk, Founders, Input, Members, Node, NodeId, Note, Now, Outbox, Ring, Span, Start,
    Time,
};
use ringside_sim::{Recording, Scenario};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

const INTERVAL: Span = Span::from_secs(1);

fn founders(count: u32) -> Founders {
    let names: Vec<String> = (0..count).map(|at| format!("n{at}")).collect();
    let members: Vec<(NodeId, &str)> = (0..).map(NodeId).zip(names.iter().map(String::as_str)).collect();
    Founders::named(Arc::new(Ring::new(Placement::Random, 1, 0, &members)), &members)
}

/// A peer of `node` among `count`, each of the others equally likely.
fn peer(node: usize, count: usize, random: &mut Random) -> usize {
    let at = usize::try_from(random.below(count as u64 - 1)).expect("a place in a list");
    if at < node { at } else { at + 1 }
}

/// Rounds in lock-step until all know of a member that one of them knows of at first: in a round all exchange at once
/// what they knew before it. The rumours merge as member maps do.
fn lock_step(count: usize, pull: bool, random: &mut Random) -> u32 {
    let rumour = founders(1).members().clone();
    let mut nodes = vec![Members::default(); count];
    nodes[0] = rumour.clone();
    for round in 1.. {
        let before = nodes.clone();
        for node in 0..count {
            let peer = peer(node, count, random);
            nodes[peer].merge(&before[node]);
            if pull {
                nodes[node].merge(&before[peer]);
            }
        }
        if nodes.iter().all(|members| *members == rumour) {
            return round;
        }
    }
    unreachable!("a rumour spreads")
}

/// Rounds, as time over the interval, until all of `count` real nodes have heard of the second start of one of them,
/// each gossiping at its own moment of the interval, over a network that takes no time.
fn as_nodes_do_it(count: u32, founders: &Founders, seed: u64) -> f64 {
    let config = Config { gossip: Some(INTERVAL), failure_detector: Detector::Off, ..Config::bare() };
    let mut seeds = Random::new(seed);
    let start = |id: u32, seed| Start { id: NodeId(id), boot: u32::from(id == 0), seed, at: Time::ZERO };
    let new = |start| Node::new(start, config.clone(), founders.clone(), Disk::default());
    let mut nodes: Vec<Node> = (0..count).map(|id| new(start(id, seeds.bits()))).collect();
    let due = |node: &Node| node.gossip().next_round().map(|at| (at, node.id()));
    let mut wakes: BTreeSet<(Time, NodeId)> = nodes.iter().filter_map(due).collect();
    let mut ignorant: BTreeSet<NodeId> = (1..count).map(NodeId).collect();
    while let Some((at, id)) = wakes.pop_first() {
        let now = Now::at(at);
        let mut out = Outbox::new();
        nodes[id.index()].handle(now, Input::Woke, &mut out);
        wakes.extend(due(&nodes[id.index()]));
        let mut wire: VecDeque<Out> = out.drain().collect();
        while let Some(item) = wire.pop_front() {
            let Out::Send(envelope) = item else { continue };
            let to = envelope.to;
            nodes[to.index()].handle(now, Input::Delivered(envelope), &mut out);
            wire.extend(out.drain());
            if nodes[to.index()].membership().pulse(NodeId(0)).boot == 1 {
                ignorant.remove(&to);
            }
        }
        if ignorant.is_empty() {
            return at.as_micros() as f64 / INTERVAL.as_micros() as f64;
        }
    }
    unreachable!("nodes go on gossiping")
}

fn holds(what: &str, rounds: &[f64], figure: f64) {
    let trials = rounds.len() as f64;
    let mean = rounds.iter().sum::<f64>() / trials;
    let variance = rounds.iter().map(|round| (round - mean).powi(2)).sum::<f64>() / (trials - 1.0);
    let bound = 0.05 + 5.0 * (variance / trials).sqrt();
    assert!((mean - figure).abs() <= bound, "{what}: {mean:.3} rounds, not {figure} ± {bound:.3}");
    assert!(bound < 0.9, "{what}: ± {bound:.3} tells nothing apart");
}

#[test]
fn in_lock_step_push_takes_5_4_and_11_2_and_18_1_rounds_and_push_pull_3_1_and_6_and_9_2() {
    let mut random = Random::new(1);
    for (count, trials, push, push_pull) in
        [(8, 4_000, 5.4, 3.1), (64, 1_000, 11.2, 6.0), (1_024, 120, 18.1, 9.2)]
    {
        for (pull, figure) in [(false, push), (true, push_pull)] {
            let rounds: Vec<f64> =
                (0..trials).map(|_| f64::from(lock_step(count, pull, &mut random))).collect();
            holds(&format!("{count} nodes, pull {pull}"), &rounds, figure);
        }
    }
}

#[test]
fn out_of_step_as_nodes_do_it_push_pull_takes_1_9_and_4_and_6_2_rounds() {
    for (count, trials, figure) in [(8, 2_000, 1.9), (64, 200, 4.0), (1_024, 12, 6.2)] {
        let founders = founders(count);
        let rounds: Vec<f64> = (0..trials).map(|seed| as_nodes_do_it(count, &founders, seed)).collect();
        holds(&format!("{count} nodes"), &rounds, figure);
    }
}

/// Phi 8 is reached after 8 · ln 10 = 18.42 mean gaps of silence: here, of a node that gossips every second.
#[test]
fn phi_8_convicts_after_18_42_times_the_mean_gap() {
    let config = Config {
        gossip: Some(INTERVAL),
        failure_detector: Detector::Phi { thousandths: 8_000 },
        ..Config::bare()
    };
    let founders = founders(2);
    let start = |id, seed| Start { id: NodeId(id), seed, ..Start::default() };
    let new = |id| Node::new(start(id, u64::from(id)), config.clone(), founders.clone(), Disk::default());
    let (mut a, mut b) = (new(0), new(1));
    let mut heard = Time::ZERO;
    for _ in 0..30 {
        let at = b.gossip().next_round().expect("it gossips");
        let (mut from_b, mut from_a) = (Outbox::new(), Outbox::new());
        b.handle(Now::at(at), Input::Woke, &mut from_b);
        // Digest, answer and update, in no time.
        for turn in 0..3 {
            let (to, sent, answers) = if turn % 2 == 0 {
                (&mut a, &mut from_b, &mut from_a)
            } else {
                (&mut b, &mut from_a, &mut from_b)
            };
            for item in sent.drain() {
                if let Out::Send(envelope) = item {
                    to.handle(Now::at(at), Input::Delivered(envelope), answers);
                }
            }
        }
        heard = at;
    }
    assert_eq!(a.failure_detector().mean_gap(NodeId(1)), Some(INTERVAL));
    let silence = Span::from_micros(18_420_681);
    assert!(a.believes_up(heard + silence - Span::from_micros(1), NodeId(1)));
    assert!(!a.believes_up(heard + silence, NodeId(1)));
    let ratio = silence.as_micros() as f64 / INTERVAL.as_micros() as f64;
    assert!((ratio - 18.42).abs() < 0.005, "{ratio}");
}

/// Digests that cannot name everybody make heartbeats rarer, and phi waits for as long as their rhythm asks.
#[test]
fn in_a_cluster_beyond_one_digest_nobody_is_suspected_in_vain_and_who_crashes_is() {
    let text = "ringside = 1\nuntil = \"200s\"\n[cluster]\nnodes = 150\nvnodes = 1\ngossip = \"1s\"\n\
                failure_detector = \"phi 8\"\n[[step]]\nat = \"60s\"\ncrash = \"A\"";
    let mut recording = Recording::new(Scenario::parse(text).expect("it is right"));
    recording.run_to_end();
    let mut suspects = Vec::new();
    for event in &recording.trace().events {
        for note in &event.notes {
            if let Note::Suspects { member, .. } = note {
                suspects.push((event.at, *member));
            }
        }
    }
    let crash = Time::ZERO + Span::from_secs(60);
    let in_vain = suspects.iter().filter(|(at, member)| *at < crash || *member != NodeId(0));
    assert_eq!(in_vain.count(), 0, "{suspects:?}");
    assert_eq!(suspects.len(), 149, "all others convict it");
}
