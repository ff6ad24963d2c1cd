//! Typed facts about what a node did, for eyes and judges. The protocol never reads them.

mod refusal;

pub use refusal::{Ignored, Unwilling};

use super::anti_entropy::ExchangeId;
use super::membership::Want;
use super::message::Kind;
use super::outbox::Outcome;
use super::plan::{Change, Move};
use crate::id::{Key, NodeId, RequestId};
use crate::time::Span;
use crate::version::{Dot, Siblings};
use alloc::vec::Vec;

/// One fact. Which node and when is known from where the note stands in the trace.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// This node takes charge of a request.
    Coordinates {
        /// The request.
        request: RequestId,
        /// The key.
        key: Key,
        /// The preference list of the key, in ring order: position i of the gauge is `preference[i]`.
        preference: Vec<NodeId>,
        /// Answers needed.
        need: u32,
    },
    /// This node is no replica of the key and passes the request on.
    Forwards {
        /// The request.
        request: RequestId,
        /// To the first replica of the key that is up.
        to: NodeId,
    },
    /// A dot was minted for a put or delete.
    Minted {
        /// The put or delete.
        request: RequestId,
        /// The key.
        key: Key,
        /// The new dot.
        dot: Dot,
    },
    /// A write was made, or versions were merged, in the local store.
    Stored {
        /// The request it happened for.
        request: RequestId,
        /// The key.
        key: Key,
        /// Did that change anything? Under last-write-wins, a write whose time is not the latest does not.
        changed: bool,
    },
    /// An answer was counted; the coordinator's own store counts as one.
    Counted {
        /// The request.
        request: RequestId,
        /// Whose answer.
        from: NodeId,
        /// Counted so far, this one included.
        have: u32,
        /// Needed.
        need: u32,
    },
    /// The client was answered.
    Answered {
        /// The request.
        request: RequestId,
        /// What it was told.
        outcome: Outcome,
    },
    /// An answer came after the client had its own; it still tells who holds what.
    CountedLate {
        /// The request.
        request: RequestId,
        /// Whose answer.
        from: NodeId,
    },
    /// A replica lags behind what a get found, and is sent the merge.
    Repairs {
        /// The get.
        request: RequestId,
        /// The key.
        key: Key,
        /// The replica that lags.
        to: NodeId,
        /// Does the client wait for it?
        blocking: bool,
    },
    /// A repair was acknowledged.
    Repaired {
        /// The get.
        request: RequestId,
        /// The replica that now holds the merge.
        from: NodeId,
    },
    /// A fallback is asked in the place of an owner of the key.
    StandsIn {
        /// The request.
        request: RequestId,
        /// Who stands in.
        fallback: NodeId,
        /// For whom.
        owner: NodeId,
        /// Is the owner believed up? Then it is silent, and half the time limit has passed.
        believed_up: bool,
        /// Does the fallback's answer count?
        counts: bool,
    },
    /// An answer came that counts for nothing: of a slot that counts already, or of a fallback under a strict quorum. It
    /// still tells who holds what.
    NotCounted {
        /// The request.
        request: RequestId,
        /// Whose answer.
        from: NodeId,
        /// The owner of the slot.
        owner: NodeId,
    },
    /// A write was acknowledged by a node that is going to own the key, and has no need of it.
    ExtraAck {
        /// The request.
        request: RequestId,
        /// Who answered.
        from: NodeId,
    },
    /// This node keeps a hint.
    HintStored {
        /// The put or delete it belongs to; none if it was a hint for an owner that no longer owns the key.
        request: Option<RequestId>,
        /// For whom.
        owner: NodeId,
        /// The key.
        key: Key,
        /// Did it merge with an earlier hint for the same owner and key, which is superseded by it?
        superseded: bool,
    },
    /// This node sends hints home.
    HintsSent {
        /// To their owner.
        owner: NodeId,
        /// How many.
        hints: u32,
        /// How many times in a row that has been in vain.
        failures: u32,
    },
    /// The owner has acknowledged a hint, and it is deleted here.
    HintDelivered {
        /// Its owner.
        owner: NodeId,
        /// The key.
        key: Key,
    },
    /// A hint was not delivered within the window, and is gone.
    HintExpired {
        /// Its owner.
        owner: NodeId,
        /// The key.
        key: Key,
    },
    /// The owner of a hint no longer owns the key: hints for those who do supersede it.
    HintPassedOn {
        /// Who owned the key.
        owner: NodeId,
        /// The key.
        key: Key,
    },
    /// A hint went with the disk that it lay on. No node knows; the world does.
    HintLost {
        /// Its owner.
        owner: NodeId,
        /// The key.
        key: Key,
    },
    /// A hint lies on an old disk that was put back. No node knows; the world does.
    HintReturned {
        /// Its owner.
        owner: NodeId,
        /// The key.
        key: Key,
    },
    /// This node merged a hint that came home.
    HintMerged {
        /// From its holder.
        from: NodeId,
        /// The key.
        key: Key,
        /// Did the merge change anything?
        changed: bool,
    },
    /// The coordinator stops collecting answers.
    Finished {
        /// The request.
        request: RequestId,
        /// Whose answers never came, in ring order.
        silent: Vec<NodeId>,
    },
    /// Gossip told something new.
    Learned {
        /// Whose heartbeat advanced, or who has started anew.
        advanced: Vec<NodeId>,
        /// Of which members an operator's act was not known.
        members: Vec<NodeId>,
    },
    /// Another node is no longer believed up.
    Suspects {
        /// Which one.
        member: NodeId,
        /// For how long it has been silent.
        elapsed: Span,
        /// The silence that convicts it.
        limit: Span,
    },
    /// A node that was believed down is believed up again.
    Trusts {
        /// Which one.
        member: NodeId,
        /// For how long it was silent.
        elapsed: Span,
        /// The silence that had convicted it.
        limit: Span,
        /// Has it started anew?
        restarted: bool,
    },
    /// This node begins to compare with a peer what the two share.
    ExchangeBegins {
        /// Which exchange.
        exchange: ExchangeId,
        /// The peer.
        with: NodeId,
    },
    /// Hashes of a peer's tree were compared with this node's own.
    HashesCompared {
        /// The exchange.
        exchange: ExchangeId,
        /// Whose hashes.
        with: NodeId,
        /// Their level: 0 for the root, [`crate::merkle::Tree::DEPTH`] for buckets.
        level: u32,
        /// How many were equal.
        equal: u32,
        /// How many were not.
        different: u32,
    },
    /// The keys in buckets that differ were compared, by their logical versions.
    KeysCompared {
        /// The exchange.
        exchange: ExchangeId,
        /// Whose keys.
        with: NodeId,
        /// How many are alike in both.
        equal: u32,
        /// How many are not, or only one of the two has them.
        different: u32,
    },
    /// Versions of keys that differ are sent to the peer.
    KeysSent {
        /// The exchange.
        exchange: ExchangeId,
        /// To whom.
        to: NodeId,
        /// Of which keys.
        keys: Vec<Key>,
    },
    /// Versions that a peer sent in an exchange were merged into the local store.
    Synchronised {
        /// The exchange.
        exchange: ExchangeId,
        /// The peer.
        from: NodeId,
        /// The key.
        key: Key,
        /// Did the merge change anything?
        changed: bool,
    },
    /// This node has nothing more to say in an exchange. A large one is split, and ends once for each part.
    ExchangeEnded {
        /// The exchange.
        exchange: ExchangeId,
        /// The peer.
        with: NodeId,
        /// Was everything that was compared last alike already?
        alike: bool,
    },
    /// The first owner of a deleted key asks all members whether its tombstone may go.
    CollectionBegins {
        /// The key.
        key: Key,
    },
    /// A member does not confirm that a tombstone may go; it will be asked again later.
    CollectionRefused {
        /// The key.
        key: Key,
        /// Who.
        by: NodeId,
    },
    /// A tombstone was collected: this node has forgotten the key and that it was deleted.
    Collected {
        /// The key.
        key: Key,
        /// All that was kept of it.
        versions: Siblings,
    },
    /// An operator has told this node what is wished of it; none: no longer anything.
    Wished {
        /// What.
        want: Option<Want>,
    },
    /// An operator's act makes no sense here.
    Refused {
        /// Why.
        why: Unwilling,
    },
    /// The claimant begins a change of the members.
    ChangeBegun {
        /// The epoch that it leads to.
        epoch: u32,
        /// The change.
        change: Change,
        /// The ranges that move, and to whom.
        moves: Vec<Move>,
    },
    /// Gossip tells of a change under way.
    ChangeHeard {
        /// The epoch that it leads to.
        epoch: u32,
        /// The change.
        change: Change,
    },
    /// The change that was under way is given up.
    ChangeAborted {
        /// The change.
        change: Change,
    },
    /// A change has taken effect: from now on this node uses the ring after it.
    Switched {
        /// The epoch that it leads to.
        epoch: u32,
        /// The change.
        change: Change,
    },
    /// Keys of a range that this node is to own have come.
    BatchReceived {
        /// From whom.
        from: NodeId,
        /// How many.
        keys: u32,
        /// How many from there in all.
        so_far: u32,
        /// How many are still to come from there.
        left: u32,
    },
    /// This node has received everything that it gets by the change under way.
    Complete {
        /// The epoch that the change leads to.
        epoch: u32,
    },
    /// What was written here meanwhile goes to those who own it, or are going to.
    OwedSent {
        /// To whom.
        to: NodeId,
        /// How many keys.
        keys: u32,
        /// How many times that has failed.
        failures: u32,
    },
    /// What was written elsewhere meanwhile has come.
    OwedReceived {
        /// From whom.
        from: NodeId,
        /// How many keys.
        keys: u32,
    },
    /// Keys that this node does not own any more are gone from its disk.
    RangeDropped {
        /// The epoch that every member which it believes up knows.
        epoch: u32,
        /// Which keys.
        keys: Vec<Key>,
    },
    /// Something was received and had no effect.
    Ignored {
        /// What kind of message.
        kind: Kind,
        /// From whom.
        from: NodeId,
        /// The request it belongs to, if it belongs to one.
        request: Option<RequestId>,
        /// Why.
        why: Ignored,
    },
}
