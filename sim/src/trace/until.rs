//! The beginning of a trace, as it was when so many events had happened: what a run is gone on with from an earlier
//! point.

use super::{MessageRecord, Op, Trace};

impl Trace {
    /// The trace as it was after `position` events. None where that cannot be told: a write that was made again by
    /// another node does not say when.
    pub(crate) fn until(&self, position: u64) -> Option<Self> {
        if !self.again.is_empty() {
            return None;
        }
        let events = usize::try_from(position).ok()?.min(self.events.len());
        let messages = self.messages.partition_point(|message| message.sent_at <= position);
        let ops = self.ops.partition_point(|op| op.start_at <= position);
        let lost = self
            .lost
            .partition_point(|id| self.message(*id).fate.is_some_and(|fate| fate.position <= position));
        let acts = self.acts.partition_point(|act| *act <= position);
        let hints = self.hints.partition_point(|hint| hint.position <= position);
        let acted = self.acted.range(..=position).map(|(at, nodes)| (*at, nodes.clone()));
        Some(Self {
            events: self.events[..events].to_vec(),
            messages: self.messages[..messages].iter().map(|message| message.until(position)).collect(),
            ops: self.ops[..ops].iter().map(|op| op.until(position, messages)).collect(),
            again: self.again.clone(),
            hints: self.hints[..hints].to_vec(),
            acted: acted.collect(),
            lost: self.lost[..lost].to_vec(),
            acts: self.acts[..acts].to_vec(),
        })
    }
}

impl MessageRecord {
    fn until(&self, position: u64) -> Self {
        let ended = self.earlier.partition_point(|(_, until)| *until <= position);
        let travel = self.earlier.get(ended).map(|(travel, _)| *travel).or(self.travel);
        Self {
            envelope: self.envelope.clone(),
            sent: self.sent,
            sent_at: self.sent_at,
            copy_of: self.copy_of,
            travel: travel.filter(|travel| travel.from_at <= position),
            earlier: self.earlier[..ended].to_vec(),
            fate: self.fate.filter(|fate| fate.position <= position),
        }
    }
}

impl Op {
    /// `messages` is how many had been sent.
    fn until(&self, position: u64, messages: usize) -> Self {
        let mut op = self.clone();
        op.end = op.end.filter(|end| end.position <= position);
        op.sent.truncate(op.sent.partition_point(|id| (id.0 as usize) < messages));
        op.hinted.retain(|(_, at)| *at <= position);
        // What a coordinator holds is noted as it takes the request, and a write as it gets its dot.
        op.coordinator = op.coordinator.filter(|(_, at)| *at <= position);
        op.own = op.own.filter(|_| op.coordinator.is_some());
        op.dot = op.dot.filter(|(_, at)| *at <= position);
        op.write = op.write.filter(|_| op.dot.is_some());
        op
    }
}
