//! One trial: a write, and a read some time after it.

use super::{Coordinator, Model, NEVER};
use crate::delay::Delay;
use crate::rng::Rng;

/// What came of it, in µs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trial {
    /// How long after the write was acknowledged a read must begin to be fresh.
    pub(super) wait: u64,
    /// How long the read took.
    pub(super) read: u64,
    /// How long the write took until it was acknowledged.
    pub(super) commit: u64,
}

/// As many as a model may have replicas.
const MOST: usize = Model::MAX_N as usize;

/// A few numbers with what they belong to, in ascending order; of equal ones the first to come stays first.
struct Sorted {
    items: [(u64, usize); MOST],
    count: usize,
}

impl Model {
    /// Draws one trial. All coordinators and presets draw equally often, so that models with the same seed differ by
    /// what they are and not by luck.
    pub(super) fn trial(&self, rng: &mut Rng) -> Trial {
        let (near_write, near_read) = (self.replica(rng), self.replica(rng));
        let (mut acks, mut arrivals) = (Sorted::new(), [0; MOST]);
        for (replica, arrival) in arrivals.iter_mut().enumerate().take(self.n as usize) {
            let legs = [(self.latency.write, true), (self.latency.ack, false)];
            let [write, ack] = self.legs(replica == near_write, legs, rng);
            *arrival = write;
            acks.insert(write + ack, replica);
        }
        let commit = acks.items[self.w as usize - 1].0;
        let (mut replies, mut asked) = (Sorted::new(), [0; MOST]);
        for (replica, asked) in asked.iter_mut().enumerate().take(self.n as usize) {
            let legs = [(self.latency.read, false), (self.latency.reply, false)];
            let [read, reply] = self.legs(replica == near_read, legs, rng);
            *asked = read;
            // A coordinator that is a replica asks itself first.
            let own = self.coordinator == Coordinator::Replica && replica == near_read;
            if own {
                replies.insert_first(replica);
            } else {
                replies.insert(read + reply, replica);
            }
        }
        let first = &replies.items[..self.r as usize];
        let wait =
            first.iter().map(|(_, replica)| self.wait(arrivals[*replica], commit + asked[*replica])).min();
        Trial { wait: wait.unwrap_or(NEVER), read: first.last().map_or(0, |last| last.0), commit }
    }

    fn replica(&self, rng: &mut Rng) -> usize {
        usize::try_from(rng.below(u64::from(self.n))).unwrap_or(0)
    }

    /// Draws the way to one replica and the way back. `near`: this is the coordinator itself or, where it is outside,
    /// the replica in its data centre.
    fn legs(&self, near: bool, legs: [(Delay, bool); 2], rng: &mut Rng) -> [u64; 2] {
        let far = if near { 0 } else { self.latency.far.as_micros() };
        let drawn = legs.map(|(delay, write)| delay.sample(write, rng).as_micros() + far);
        if near && self.coordinator == Coordinator::Replica { [0, 0] } else { drawn }
    }

    /// How long a read must wait that asks a replica so late, if it waits not at all, for it to have the write.
    fn wait(&self, arrival: u64, asked: u64) -> u64 {
        let cut = self.latency.write.has_tail() && arrival >= Delay::LONGEST.as_micros();
        match arrival.saturating_sub(asked) {
            0 => 0,
            _ if cut => NEVER,
            wait => wait,
        }
    }
}

impl Sorted {
    const fn new() -> Self {
        Self { items: [(0, 0); MOST], count: 0 }
    }

    fn insert(&mut self, number: u64, of: usize) {
        let at = self.items[..self.count].iter().take_while(|item| item.0 <= number).count();
        self.insert_at(at, (number, of));
    }

    /// Puts it before all others, with 0.
    fn insert_first(&mut self, of: usize) {
        self.insert_at(0, (0, of));
    }

    fn insert_at(&mut self, at: usize, item: (u64, usize)) {
        self.items.copy_within(at..self.count, at + 1);
        self.items[at] = item;
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sorted_and_equal_ones_keep_their_order() {
        let mut sorted = Sorted::new();
        for (of, number) in [5, 3, 9, 3, 0, 9].into_iter().enumerate() {
            sorted.insert(number, of);
        }
        sorted.insert_first(6);
        assert_eq!(sorted.items[..7], [(0, 6), (0, 4), (3, 1), (3, 3), (5, 0), (9, 2), (9, 5)]);
    }
}
