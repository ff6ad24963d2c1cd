//! The protocol of a Dynamo-style key-value store as a set of pure state machines.
//!
//! Nothing in this crate knows a clock, a socket, a thread or a source of randomness: `no_std` makes that a
//! compile error. A [`Node`] is changed through one door only, [`Node::handle`]; what it wants from the world is
//! pushed into an [`Outbox`]; when it wants to be woken is asked with [`Node::next_wake`].
//!
//! Reading order: [`time`], [`id`], [`hash`], [`config`] are the vocabulary; [`version`] and [`ring`] the data
//! structures; [`node`] the protocol, one mechanism a file.
#![no_std]
#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss
)]
extern crate alloc;

pub mod config;
pub mod few;
pub mod hash;
pub mod id;
pub mod merkle;
pub mod mutant;
pub mod node;
pub mod order;
pub mod random;
pub mod ring;
pub mod time;
pub mod version;

pub use config::{
    Config, ConfigError, Counters, Detector, PendingAcks, Quorum, ReadRepair, StreamFrom, Tombstones,
    Versions,
};
pub use id::{Actor, Key, NodeId, RequestId, Value};
pub use mutant::{Health, Mutant};
pub use node::disk::Disk;
pub use node::failure_detector::FailureDetector;
pub use node::gossip::{Exchange, Gossip};
pub use node::membership::{Founders, Members, Membership, Pulse, Status, Want};
pub use node::message::{Envelope, Kind, Message, Unserved};
pub use node::note::{Ignored, Note, Unwilling};
pub use node::outbox::{Answer, Ask, Outbox, Outcome, Refusal, Request};
pub use node::plan::{Change, Move, Plan};
pub use node::transfer::Transfer;
pub use node::{Admin, Input, Node, Start, Wake};
pub use ring::{Ring, Walk};
pub use time::{Now, Span, Time};
pub use version::{Content, Context, Dot, Rules, Siblings, Version, VersionVector, Write};

/// The examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;
