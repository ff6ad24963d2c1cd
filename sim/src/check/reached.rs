//! What has reached each replica, read off the messages that it merged: the common ground of the judges that look into
//! stores. What a write saw is the simulator's own record. A node that collects a tombstone forgets the key, and what had
//! reached it.

use super::Evidence;
use crate::act::Act;
use crate::causality::{WriteId, Writes};
use crate::trace::{Event, MessageRecord, Op, What};
use ringside_core::node::anti_entropy::Comparison;
use ringside_core::{Change, Dot, Key, Message, NodeId, Note, RequestId, Siblings, Transfer, Version};
use std::collections::{BTreeMap, BTreeSet};

/// What has reached one replica of one key.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached {
    pub(super) writes: Writes,
    /// What these had seen.
    pub(super) seen: Writes,
    /// Has what it knew as a holder of hints gone into what it stores as a replica?
    pub(super) unsure: bool,
}

/// What has reached the disk of one node.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk<'a> {
    pub(super) keys: BTreeMap<&'a Key, Reached>,
    /// Did it start on a disk of which it is not known what it held?
    pub(super) unsure: bool,
}

/// A replica got to know a write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gain<'a> {
    /// In the event that leads to this position.
    pub(super) position: u64,
    pub(super) node: NodeId,
    pub(super) key: &'a Key,
    pub(super) write: WriteId,
    /// The put or delete that made it.
    pub(super) op: &'a Op,
}

/// The disks of all nodes, followed from event to event.
pub(super) struct Record<'a> {
    evidence: Evidence<'a>,
    /// The position that the event leads to which is being followed.
    position: u64,
    /// What replicas gained that had not reached them, and that nothing which had reached them had seen; and what they held
    /// when they became owners.
    pub(super) gains: Vec<Gain<'a>>,
    pub(super) disks: BTreeMap<NodeId, Disk<'a>>,
    /// The writes whose tombstones somebody has collected.
    pub(super) collected: BTreeMap<&'a Key, Writes>,
    /// What each node last started on.
    started_on: BTreeMap<NodeId, Disk<'a>>,
    down: Vec<NodeId>,
    /// The replies that gets under way have counted, by the node that coordinates them.
    replies: BTreeMap<(NodeId, RequestId), Vec<&'a Siblings>>,
    /// Who has ever kept a hint for which key.
    hinted: BTreeSet<(NodeId, &'a Key)>,
}

impl<'a> Record<'a> {
    /// Up to the position of the evidence.
    pub(super) fn of(evidence: Evidence<'a>) -> Self {
        let mut record = Self {
            evidence,
            position: 0,
            gains: Vec::new(),
            disks: BTreeMap::new(),
            collected: BTreeMap::new(),
            started_on: BTreeMap::new(),
            down: Vec::new(),
            replies: BTreeMap::new(),
            hinted: BTreeSet::new(),
        };
        let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
        for (position, event) in (1..).zip(evidence.trace.events.iter().take(happened)) {
            record.position = position;
            record.follow(event);
        }
        record
    }

    fn follow(&mut self, event: &'a Event) {
        match &event.what {
            What::Act { act, request, .. } => {
                self.act(act);
                let via = request.and_then(|request| self.evidence.trace.op(request)).map(|op| op.via);
                // An act that is no operation makes no node store anything.
                self.node(via.unwrap_or_default(), event, None);
            }
            What::Delivered(id) => {
                let message = self.evidence.trace.message(*id);
                self.node(message.envelope.to, event, Some(message));
            }
            What::Asked(operation, _) => self.node(operation.via, event, None),
            What::Woke(node, _) | What::Took(node, _) => self.node(*node, event, None),
            What::Waits(_) | What::Lost(..) | What::GaveUp(_) => {}
        }
    }

    /// What becomes of disks.
    fn act(&mut self, act: &Act) {
        if let Act::Crash(node) = act {
            if !self.down.contains(node) {
                self.down.push(*node);
                if self.evidence.setup.sync.is_some() {
                    self.disks.insert(*node, Disk { keys: BTreeMap::new(), unsure: true });
                }
            }
        } else if let Act::Restart(node) | Act::Join(node) | Act::Replace { new: node, .. } = act {
            if self.down.contains(node) {
                self.starts(*node, self.disks.get(node).cloned().unwrap_or_default());
            } else if self.disks.contains_key(node) && !matches!(act, Act::Restart(_)) {
                // One that had left starts anew, and nobody else starts: so what it last started on is not known.
                self.started_on.insert(*node, Disk { keys: BTreeMap::new(), unsure: true });
            }
        } else if let Act::Wipe(node) = act {
            self.starts(*node, Disk::default());
        } else if let Act::RestartOld(node) = act {
            self.starts(*node, self.started_on.get(node).cloned().unwrap_or_default());
        }
    }

    fn starts(&mut self, node: NodeId, disk: Disk<'a>) {
        self.down.retain(|down| *down != node);
        self.started_on.insert(node, disk.clone());
        self.disks.insert(node, disk);
    }

    /// What a node did in an event, with the message that reached it, if it was one. In an act others may have done
    /// something, too.
    fn node(&mut self, node: NodeId, event: &'a Event, message: Option<&'a MessageRecord>) {
        let message = message.map(|message| &message.envelope.message);
        let acted = self.evidence.trace.acted.get(&self.position);
        for (index, note) in event.notes.iter().enumerate() {
            let node = acted.and_then(|nodes| nodes.get(index)).copied().unwrap_or(node);
            if let Note::Minted { request, key, dot } = note {
                let hint = |note: &Note| matches!(note, Note::HintStored { request: of, .. } if *of == Some(*request));
                if !event.notes.iter().any(hint) {
                    self.mints(key, *request, *dot);
                }
            } else if let Note::HintStored { key, .. } = note {
                self.hinted.insert((node, key));
            } else if let Note::HintMerged { from, key, .. } = note {
                self.comes_home(node, *from, key, message);
            } else if let Note::Counted { request, .. } | Note::CountedLate { request, .. } = note {
                if let Some(Message::ReadReply { versions, .. }) = message {
                    self.replies.entry((node, *request)).or_default().push(versions);
                }
            } else if let Note::RangeDropped { keys, .. } = note {
                let disk = self.disks.entry(node).or_default();
                disk.keys.retain(|key, _| !keys.contains(key));
            } else if let Note::Switched { change, .. } = note {
                self.joins(node, change);
            } else if let Note::BatchReceived { .. } | Note::OwedReceived { .. } = note {
                self.takes_over(node, message);
            } else if let Note::Finished { request, .. } = note {
                self.replies.remove(&(node, *request));
            } else if let Note::Stored { request, key, changed: true } = note {
                match message.and_then(|message| of_key(message, key)) {
                    Some(versions) => self.merges(node, key, versions),
                    // A coordinator that lags itself merges what it has found.
                    None => {
                        let replies = self.replies.get(&(node, *request)).cloned().unwrap_or_default();
                        replies.into_iter().for_each(|versions| self.merges(node, key, versions));
                    }
                }
            } else if let Note::Collected { key, versions } = note {
                self.disks.entry(node).or_default().keys.remove(key);
                let writes =
                    versions.versions().iter().filter_map(|version| self.evidence.trace.write_of(version));
                self.collected.entry(key).or_default().join(&writes.collect());
            } else if let Note::Synchronised { key, changed: true, .. } = note
                && let Some(versions) = message.and_then(|message| of_key(message, key))
            {
                self.merges(node, key, versions);
            }
        }
    }

    /// Who becomes a member, and so an owner, gains as such what it holds already of keys whose tombstones were collected.
    fn joins(&mut self, node: NodeId, change: &Change) {
        let (Change::Join(new) | Change::Replace { new, .. }) = change else { return };
        let Some(disk) = self.disks.get(&node).filter(|disk| new.node == node && !disk.unsure) else {
            return;
        };
        let position = self.position;
        let held = self.evidence.trace.ops.iter().filter_map(|op| {
            let (write, key) = (op.write?, &op.key);
            let reached = disk.keys.get(key).filter(|reached| !reached.unsure)?;
            let holds = reached.writes.contains(write) && !reached.seen.contains(write);
            (holds && self.collected.contains_key(key)).then_some(Gain { position, node, key, write, op })
        });
        self.gains.extend(held.collect::<Vec<_>>());
    }

    /// Keys on their way to another owner have come.
    fn takes_over(&mut self, node: NodeId, message: Option<&'a Message>) {
        for (key, versions) in message.into_iter().flat_map(carried) {
            self.merges(node, key, versions);
        }
    }

    /// A hint was merged into what a node stores as a replica.
    fn comes_home(&mut self, node: NodeId, from: NodeId, key: &'a Key, message: Option<&'a Message>) {
        match message {
            Some(Message::Hint { hints, .. }) => {
                let of_key = hints.iter().filter(|(of, _)| of == key);
                of_key.for_each(|(_, versions)| self.merges(node, key, versions));
            }
            // It kept the hint itself and owns the key now.
            _ if from == node => self.reached(node, key).unsure = true,
            _ => {}
        }
    }

    fn mints(&mut self, key: &'a Key, request: RequestId, dot: Dot) {
        let Some(op) = self.evidence.trace.op(request) else { return };
        let first = op.dot.is_some_and(|(of, _)| of == dot);
        let again = || self.evidence.trace.again.get(&(request, dot)).copied();
        let hinted = self.hinted.contains(&(dot.actor.node, key));
        let reached = self.reached(dot.actor.node, key);
        reached.unsure |= hinted;
        if let Some(write) = if first { op.write } else { again() } {
            reached.take(write, op);
        }
    }

    fn merges(&mut self, node: NodeId, key: &'a Key, versions: &Siblings) {
        let (evidence, position) = (self.evidence, self.position);
        let unsure = self.disks.get(&node).is_some_and(|disk| disk.unsure);
        let reached = self.reached(node, key);
        let news = versions.versions().iter().filter_map(|version| reached.add(evidence, version));
        let news: Vec<(WriteId, &Op)> = news.collect();
        if !unsure && !reached.unsure {
            self.gains.extend(news.into_iter().map(|(write, op)| Gain { position, node, key, write, op }));
        }
    }

    fn reached(&mut self, node: NodeId, key: &'a Key) -> &mut Reached {
        self.disks.entry(node).or_default().keys.entry(key).or_default()
    }
}

impl Reached {
    /// Adds the write that made a version. Gives it if it is new here, and nothing here had seen it.
    pub(super) fn add<'e>(&mut self, evidence: Evidence<'e>, version: &Version) -> Option<(WriteId, &'e Op)> {
        let op = evidence.trace.op(version.request)?;
        let write = evidence.trace.write_of(version)?;
        let gained = !self.writes.contains(write) && !self.seen.contains(write);
        self.take(write, op);
        gained.then_some((write, op))
    }

    fn take(&mut self, write: WriteId, op: &Op) {
        if !self.writes.contains(write) {
            self.writes.insert(write);
            self.seen.join(&op.saw);
        }
    }
}

/// The versions of a key that a message brings.
fn of_key<'m>(message: &'m Message, wanted: &Key) -> Option<&'m Siblings> {
    carried(message).into_iter().find(|(key, _)| *key == wanted).map(|(_, versions)| versions)
}

/// The versions that a message brings to the store of its receiver, by key.
pub(super) fn carried(message: &Message) -> Vec<(&Key, &Siblings)> {
    match message {
        Message::Write { key, versions, .. } | Message::Repair { key, versions, .. } => vec![(key, versions)],
        Message::Merkle { comparison: Comparison::Versions { versions, .. }, .. } => {
            versions.iter().map(|(key, versions)| (key, versions)).collect()
        }
        Message::Transfer(Transfer::Batch { keys, .. } | Transfer::Owed { keys, .. }) => {
            keys.iter().map(|(key, versions)| (key, versions)).collect()
        }
        Message::WriteAck { .. }
        | Message::NotServed { .. }
        | Message::Transfer(Transfer::Ask { .. })
        | Message::TransferAck { .. }
        | Message::Read { .. }
        | Message::ReadReply { .. }
        | Message::Forward { .. }
        | Message::RepairAck { .. }
        | Message::Hint { .. }
        | Message::HintAck { .. }
        | Message::Merkle { .. }
        | Message::Collect { .. }
        | Message::CollectAck { .. }
        | Message::Gossip(_) => Vec::new(),
    }
}
