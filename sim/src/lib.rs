//! A deterministic world for [`ringside_core`]: time, network, disks, faults, clients — and the judges of what
//! happened in it.
//!
//! A [`Scenario`] is what a file says; a [`Recording`] is a scenario plus what was done by hand, and the whole
//! truth of a run: same recording, same trace, natively and in wasm. A [`Trace`] is what happened; claims are
//! judged from it and from a [`Snapshot`] alone.
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

pub mod act;
pub mod causality;
pub mod check;
mod client;
pub mod clock;
pub mod delay;
pub mod explore;
pub mod hints;
mod host;
pub mod lesson;
pub mod names;
mod network;
pub mod predict;
mod quiet;
pub mod recording;
pub mod refusal;
pub mod rng;
pub mod scenario;
pub mod setup;
pub mod share;
pub mod snapshot;
pub mod trace;
pub mod workload;
pub mod world;
mod zipf;

pub use act::{
    Act, Carried, ConfigChange, Deed, LinkChange, Matcher, NetworkChange, Operation, OperationKind,
};
pub use check::{Breach, Claim, Judged, Judgement, Verdict};
pub use delay::{Delay, Delays, Preset};
pub use network::LinkState;
pub use recording::{Cursor, Placed, Recording};
pub use scenario::{Expectation, Expected, Scenario, ScenarioError, Step, When};
pub use setup::{Network, Ratio, Setup};
pub use snapshot::{NodeSnapshot, NodeState, Nodes, Snapshot};
pub use trace::{Event, Fate, Hinted, Loss, MessageId, MessageRecord, Op, OpEnd, OpOutcome, Trace, What};
pub use workload::Workload;
pub use world::World;
