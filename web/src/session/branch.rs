//! One of the runs that a session keeps, and the words for what began it.

use ringside_scene::text;
use ringside_sim::{Act, Deed, MessageId, OperationKind, Recording};

/// A run with the place where it was left.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// Its number; never used twice in a session.
    pub(crate) id: u32,
    /// What tells it from the others.
    pub(crate) name: String,
    pub(super) recording: Recording,
    pub(super) position: u64,
    pub(super) now: f64,
    pub(super) parent: Option<Parent>,
    /// How often its run was changed in place.
    pub(super) changes: u32,
}

/// Where a branch left another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub(super) id: u32,
    pub(super) position: u64,
    pub(super) now: f64,
    /// Acts by hand in the branch when it began: taking back the last of them ends the branch.
    pub(super) acts: usize,
    /// How often the other one had been changed by then: changed again, it is no longer what was left.
    pub(super) changes: u32,
}

impl Branch {
    /// The run itself.
    pub(crate) const fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Has nothing happened in it, and is nothing to happen?
    pub(super) const fn is_empty(&self) -> bool {
        self.recording.is_empty() && self.recording.finished()
    }

    pub(super) const fn new(id: u32, name: String, recording: Recording) -> Self {
        Self { id, name, recording, position: 0, now: 0.0, parent: None, changes: 0 }
    }
}

/// What an act by hand does, in a few words.
pub(super) fn label(recording: &Recording, act: &Act) -> String {
    let setup = recording.setup();
    match act {
        Act::Operation(operation) => match &operation.kind {
            OperationKind::Get => format!("{} get {}", operation.id, operation.key),
            OperationKind::Put { .. } => format!("{} put {}", operation.id, operation.key),
            OperationKind::Delete { .. } => format!("{} delete {}", operation.id, operation.key),
        },
        Act::Crash(node) => format!("crash of {}", setup.name(*node)),
        Act::Restart(node) => format!("restart of {}", setup.name(*node)),
        Act::Wipe(node) => format!("wipe of {}", setup.name(*node)),
        Act::RestartOld(node) => format!("restart of {} on an old disk", setup.name(*node)),
        Act::Set(change) => {
            let settings = [("N", change.n), ("R", change.r), ("W", change.w)];
            let words: Vec<String> =
                settings.iter().filter_map(|(name, to)| to.map(|to| format!("{name} = {to}"))).collect();
            if words.is_empty() { "other settings".to_owned() } else { words.join(", ") }
        }
        Act::Partition(_) => "partition".to_owned(),
        Act::Link(_) => "a changed link".to_owned(),
        Act::Heal => "heal".to_owned(),
        Act::Hold(_) => "hold".to_owned(),
        Act::Release(_) => "release".to_owned(),
        Act::Drop { .. } => "drop".to_owned(),
        Act::Workload(_) => "workload".to_owned(),
        Act::StopWorkloads => "end of the workloads".to_owned(),
        Act::Network(_) => "a changed network".to_owned(),
        Act::Duplicate { .. } => "duplicate".to_owned(),
        Act::Replay { .. } => "replay".to_owned(),
        Act::Corrupt { .. } => "damage".to_owned(),
        Act::Pause(node) => format!("pause of {}", setup.name(*node)),
        Act::Resume(node) => format!("resumption of {}", setup.name(*node)),
        Act::Slow { node, .. } => format!("slow links of {}", setup.name(*node)),
        Act::Skew { node, .. } | Act::Drift { node, .. } => format!("clock of {}", setup.name(*node)),
        Act::Repair(node) => format!("repair of {}", setup.name(*node)),
        Act::Join(node) => format!("{} joins", setup.name(*node)),
        Act::Leave(node) => format!("{} leaves", setup.name(*node)),
        Act::Abort(node) => format!("no change for {}", setup.name(*node)),
        Act::Replace { dead, new } => format!("{} replaces {}", setup.name(*new), setup.name(*dead)),
        Act::Note => "note".to_owned(),
        Act::ToMessage { message, deed } => to_message(recording, *message, *deed),
    }
}

/// What is done to one message, in a few words.
fn to_message(recording: &Recording, id: MessageId, deed: Deed) -> String {
    let Some(message) = recording.trace().messages.get(id.0 as usize) else {
        return format!("{} message {}", deed.name(), id.0);
    };
    let (envelope, setup) = (&message.envelope, recording.setup());
    let kind = text::kind(envelope.message.kind());
    format!("{} {kind} {} → {}", deed.name(), setup.name(envelope.from), setup.name(envelope.to))
}
