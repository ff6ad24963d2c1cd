//! `[network]`: how long messages take, how many are lost and how many arrive twice.

use super::delay::SHAPES;
use super::read::{Item, Read, Table};
use crate::act::NetworkChange;
use crate::delay::{Delay, Delays};
use crate::setup::Network;

/// The keys of `[network]`.
const KEYS: [&str; 3] = ["delay", "loss", "duplicate"];

/// The legs that `delay` may name, in place of one delay for all.
const LEGS: [&str; 5] = ["write", "ack", "read", "reply", "other"];

/// Reads `[network]`.
pub(super) fn network(item: &Item<'_>) -> Read<Network> {
    let table = item.table(&KEYS, "a table: write [network]")?;
    let mut network = Network::default();
    if let Some(item) = table.get("delay") {
        network.delay = delays(&item)?;
    }
    if let Some(item) = table.get("loss") {
        network.loss = item.ratio()?;
    }
    if let Some(item) = table.get("duplicate") {
        network.duplicate = item.ratio()?;
    }
    Ok(network)
}

/// Reads a change of the network: a step's `network = { delay, loss, duplicate }`.
pub(super) fn change(item: &Item<'_>) -> Read<NetworkChange> {
    let table = item.table(&KEYS, "a table such as { loss = \"10%\" }")?;
    let delay = table.get("delay").map(|item| delay(&item)).transpose()?;
    let loss = table.get("loss").map(|item| item.ratio()).transpose()?;
    let duplicate = table.get("duplicate").map(|item| item.ratio()).transpose()?;
    let change = NetworkChange { delay, loss, duplicate };
    if change == NetworkChange::default() {
        return Err(table.error(
            "\"network\" changes nothing: give it delay = \"20ms\", loss = \"1%\" or duplicate = \"1%\"",
        ));
    }
    Ok(change)
}

fn delays(item: &Item<'_>) -> Read<Delays> {
    if !item.is_table() {
        return delay(item).map(Delays::all);
    }
    let legs = item.table(&LEGS, format_args!("a delay: {SHAPES}"))?;
    let defaults = Delays::default();
    let leg = |table: &Table<'_>, name, default| table.get(name).map_or(Ok(default), |item| delay(&item));
    Ok(Delays {
        write: leg(&legs, "write", defaults.write)?,
        ack: leg(&legs, "ack", defaults.ack)?,
        read: leg(&legs, "read", defaults.read)?,
        reply: leg(&legs, "reply", defaults.reply)?,
        other: leg(&legs, "other", defaults.other)?,
    })
}

/// Reads one delay.
pub(super) fn delay(item: &Item<'_>) -> Read<Delay> {
    let text = item.string(format_args!("a delay: {SHAPES}"))?;
    super::delay::delay(text).map_err(|why| item.error(format_args!("\"{}\": {why}", item.name())))
}
