//! What goes into a node, and what a mechanism sees while it is handled.

use super::failure_detector::FailureDetector;
use super::membership::Want;
use super::message::{Envelope, Kind};
use super::note::{Ignored, Note};
use super::outbox::{Outbox, Request};
use crate::config::Config;
use crate::id::{NodeId, RequestId};
use crate::ring::Ring;
use crate::time::{Now, Time};
use crate::version::Rules;

/// Which start of which node this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Start {
    /// The node.
    pub id: NodeId,
    /// How many times it had started before: higher than at every earlier start of this node.
    pub boot: u32,
    /// Where its randomness comes from; another one at every start.
    pub seed: u64,
    /// When it starts, on the clock that never goes back.
    pub at: Time,
}

/// Everything that can happen to a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A message arrived.
    Delivered(Envelope),
    /// A client asks for something.
    Asked(Request),
    /// Time has passed; harmless when nothing is due.
    Woke,
    /// An operator changed the settings. Requests under way keep those they began with.
    Configured(Config),
    /// An operator wants its replicas compared with those of every peer now.
    Repair,
    /// An operator tells this node what part it is to have in the cluster.
    Admin(Admin),
}

/// What an operator tells a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Admin {
    /// Something is wished of it.
    Wish(Want),
    /// Nothing is wished of it any more: what is under way for it is given up.
    Abort,
    /// Told to the claimant: nothing is wished any more of this node, which is down.
    GiveUp(NodeId),
}

/// Why a node wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wake {
    /// Half the time limit of a put or delete that this node coordinates.
    HalfTime(RequestId),
    /// The time limit of a request that this node coordinates.
    TimeLimit(RequestId),
    /// The next round of gossip.
    Gossip,
    /// Another node has been silent for so long that it is no longer believed up.
    Silence,
    /// It is time to send this owner its hints.
    Handoff(NodeId),
    /// The window of a hint ends.
    HintExpiry,
    /// The next comparison of its replicas with those of a peer.
    AntiEntropy,
    /// A tombstone may be collected, or somebody has to be asked about one again.
    Collection,
    /// Keys on their way to another owner are asked for, or sent, once more.
    Transfer,
}

/// What a mechanism may look at and push into while it handles one input.
pub(crate) struct Turn<'a> {
    pub(crate) me: NodeId,
    pub(crate) now: Now,
    pub(crate) config: &'a Config,
    pub(crate) ring: &'a Ring,
    pub(crate) detector: &'a FailureDetector,
    pub(crate) out: &'a mut Outbox,
}

impl Turn<'_> {
    /// Does this node believe `node` up? Itself it always does; without failure detection, everybody.
    pub(crate) fn up(&self, node: NodeId) -> bool {
        node == self.me || self.detector.up(node)
    }

    /// How versions are made, merged and compared at the moment.
    pub(crate) const fn rules(&self) -> Rules {
        Rules::of(self.config)
    }

    pub(crate) fn ignore(&mut self, kind: Kind, from: NodeId, request: RequestId, why: Ignored) {
        self.out.note(Note::Ignored { kind, from, request: Some(request), why });
    }
}
