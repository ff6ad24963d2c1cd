//! The types that stand in bytes, field by field.

use super::Damaged;
use super::code::{Code, Reader, fields, variants};
use crate::act::{
    Act, Carried, ConfigChange, Deed, LinkChange, Matcher, NetworkChange, Operation, OperationKind,
};
use crate::check::{Breach, Claim, Judged, Judgement, Verdict};
use crate::delay::{Delay, Delays, Preset};
use crate::lesson::{Deed as LessonDeed, Lesson, Question, Stop, Task, Way};
use crate::recording::Placed;
use crate::scenario::{Expectation, Expected, Scenario, Step, When};
use crate::setup::{Network, Ratio, Setup};
use crate::trace::{Hinted, MessageId, OpOutcome};
use crate::workload::Workload;
use ringside_core::ring::Placement;
use ringside_core::{
    Config, Counters, Detector, Health, Key, Kind, NodeId, PendingAcks, Quorum, ReadRepair, Span, StreamFrom,
    Time, Tombstones, Value, Versions,
};

impl Code for NodeId {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u32::read(from).map(Self)
    }
}

impl Code for MessageId {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u32::read(from).map(Self)
    }
}

impl Code for Time {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_micros().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u64::read(from).map(Self::from_micros)
    }
}

impl Code for Span {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_micros().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        u64::read(from).map(Self::from_micros)
    }
}

/// Whether nodes are broken is for tests alone, and stands in no file and no link.
impl Code for Health {
    fn write(&self, _out: &mut Vec<u8>) {}
    fn read(_from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self::SOUND)
    }
}

impl Code for Key {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_str().to_owned().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        String::read(from).map(|text| Self::new(&text))
    }
}

impl Code for Value {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_str().to_owned().write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        String::read(from).map(|text| Self::new(&text))
    }
}

/// Without its lesson, which stands elsewhere: links that know of none are read as ever.
impl Code for Scenario {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { title, about, setup, until, steps, expectations, lesson: _ } = self;
        title.write(out);
        about.write(out);
        setup.write(out);
        until.write(out);
        steps.write(out);
        expectations.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            title: Code::read(from)?,
            about: Code::read(from)?,
            setup: Code::read(from)?,
            until: Code::read(from)?,
            steps: Code::read(from)?,
            expectations: Code::read(from)?,
            lesson: None,
        })
    }
}

fields! {
    Lesson { number, stops }
    Stop { when, name, say, question, task }
    Question { ask, choices, answer, because }
    Task { ask, way, done, then }
    LessonDeed { plus, act }
    Setup { seed, names, joiners, placement, vnodes, zones, config, network, sync }
    Config {
        n, r, w, quorum, versions, clock_limit, counters, read_repair, hinted_handoff, hint_window, anti_entropy,
        gossip, failure_detector, tombstones, pending_acks, stream_from, timeout, health,
    }
    Network { delay, loss, duplicate }
    Delays { write, ack, read, reply, other }
    Workload { clients, rate, keys, zipf, reads, lasts }
    Ratio { numerator, denominator }
    Step { when, act, say }
    Operation { id, client, via, key, kind }
    NetworkChange { delay, loss, duplicate }
    LinkChange { from, to, delay, loss, cut }
    Hinted { holder, owner }
    Matcher { kind, from, to }
    ConfigChange {
        n, r, w, quorum, clock_limit, read_repair, hinted_handoff, hint_window, anti_entropy, gossip, failure_detector,
        tombstones, pending_acks, stream_from, timeout,
    }
    Expectation { at, what }
    Placed { after, at, act }
    Judged { judgements, breaches, tasks }
    Judgement { claim, verdict, owed, ops, nodes, why }
    Breach { claim, position }
}

variants! {
    Way { 0 => Deeds(deeds), 1 => Select(nodes), 2 => Vnodes(vnodes) }
    Placement { 0 => Random, 1 => Even, 2 => Partitions(count) }
    Quorum { 0 => Strict, 1 => Sloppy }
    Versions { 0 => Dotted, 1 => Plain, 2 => LastWriteWins }
    Counters { 0 => PerActor, 1 => PerKey }
    Detector { 0 => Off, 1 => Phi { thousandths }, 2 => Timeout(limit) }
    Tombstones { 0 => Keep, 1 => Grace(span), 2 => AllReplicas }
    PendingAcks { 0 => Extra, 1 => Count }
    StreamFrom { 0 => Giver, 1 => Any }
    ReadRepair { 0 => Async, 1 => Blocking, 2 => Off }
    Preset { 0 => LnkdSsd, 1 => LnkdDisk, 2 => Ymmr }
    Delay {
        0 => Fixed(span), 1 => Uniform { low, high }, 2 => Exponential { mean },
        3 => Pareto { min, alpha_thousandths }, 4 => Preset(preset),
    }
    When { 0 => At(time), 1 => After { op, plus } }
    Act {
        0 => Operation(operation), 1 => Crash(node), 2 => Restart(node), 3 => Partition(groups), 4 => Link(change),
        5 => Heal, 6 => Hold(matcher), 7 => Release(matcher), 8 => Drop { matcher, count }, 9 => Set(change), 10 => Note,
        11 => Wipe(node), 12 => RestartOld(node), 13 => Pause(node), 14 => Resume(node), 15 => Slow { node, factor },
        16 => Duplicate { matcher, count }, 17 => Replay { matcher, count }, 18 => Corrupt { matcher, count },
        19 => Skew { node, by }, 20 => Drift { node, millionths }, 21 => Workload(load), 22 => StopWorkloads, 23 => Network(change),
        30 => Repair(node),
        40 => Join(node), 41 => Leave(node), 42 => Abort(node), 43 => Replace { dead, new },
        50 => ToMessage { message, deed },
    }
    Deed { 0 => Deliver, 1 => Drop, 2 => Hold, 3 => Release, 4 => Duplicate }
    OperationKind { 0 => Get, 1 => Put { value, context }, 2 => Delete { context } }
    Carried { 0 => Session, 1 => Nothing, 2 => Of(op) }
    Kind {
        0 => Write, 1 => WriteAck, 2 => Read, 3 => ReadReply, 4 => Forward, 5 => Repair, 6 => RepairAck, 7 => Hint,
        8 => HintAck, 9 => Merkle, 10 => Gossip, 11 => Transfer, 12 => TransferAck, 13 => Collect, 14 => CollectAck,
    }
    Expected {
        0 => Operation { id, outcome, values, replies, hinted }, 1 => Claim { claim, verdict },
        2 => Stored { key, node, values }, 3 => Hints(held),
    }
    OpOutcome { 0 => Ok, 1 => Failed, 2 => Unknown }
    Claim {
        0 => FreshReads, 1 => ReadYourWrites, 2 => MonotonicReads, 3 => Linearizable, 4 => NoLostWrites, 5 => UniqueDots,
        6 => CausalSiblings, 7 => Convergence, 8 => NoResurrection, 9 => RingAgreement, 10 => HintConservation,
    }
    Verdict { 0 => Holds, 1 => Broken, 2 => NotApplicable }
}
