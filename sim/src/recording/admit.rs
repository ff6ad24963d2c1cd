//! Which acts may be done by hand.

use super::Recording;
use crate::act::{Act, OperationKind};
use crate::workload;
use ringside_core::{Key, Value};

impl Recording {
    /// Whether an act may be done at this position; if not, a sentence that says why.
    pub(super) fn admit(&self, position: u64, act: &Act) -> Result<(), String> {
        let count = self.setup().names.len();
        for node in act.nodes() {
            if node.index() >= count {
                return Err(format!("there is no node number {}; the cluster has {count}", node.0));
            }
        }
        if let Act::Workload(load) = act {
            return load.check().map_err(|(name, why)| format!("\"{name}\": {why}"));
        }
        let Act::Operation(operation) = act else { return Ok(()) };
        if workload::parse_name(&operation.id).is_some() {
            return Err(format!("the name \"{}\" is one that workloads give", operation.id));
        }
        if self.operations(position).any(|id| id == operation.id) {
            return Err(format!("the name \"{}\" is taken by another operation", operation.id));
        }
        check_key(operation.key.as_str())?;
        match &operation.kind {
            OperationKind::Put { value, .. } => check_value(value.as_str()),
            OperationKind::Get | OperationKind::Delete { .. } => Ok(()),
        }
    }
}

/// What is wrong with a key, if anything: it is not empty and has at most [`Key::MAX_BYTES`] bytes.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn check_key(text: &str) -> Result<(), String> {
    match text.len() {
        0 => Err("a key has at least one character".to_owned()),
        bytes if bytes > Key::MAX_BYTES => {
            Err(format!("a key has at most {} bytes; this one has {bytes}", Key::MAX_BYTES))
        }
        _ => Ok(()),
    }
}

/// What is wrong with a value, if anything: it has at most [`Value::MAX_BYTES`] bytes.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn check_value(text: &str) -> Result<(), String> {
    if text.len() > Value::MAX_BYTES {
        return Err(format!("a value has at most {} bytes; this one has {}", Value::MAX_BYTES, text.len()));
    }
    Ok(())
}
