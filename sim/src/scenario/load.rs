//! `workload`: many requests from one step.

use super::read::{Item, Read};
use super::value::decimal;
use crate::setup::Ratio;
use crate::workload::Workload;

/// Is it `workload = "stop"`?
pub(super) fn stops(item: &Item<'_>) -> Read<bool> {
    if item.is_table() {
        return Ok(false);
    }
    item.choice(&[("stop", true)])
}

/// `workload = { clients, rate, keys, zipf, reads, for }`
pub(super) fn workload(item: &Item<'_>) -> Read<Workload> {
    let keys = ["clients", "rate", "keys", "zipf", "reads", "for"];
    let table = item.table(&keys, "a table such as { rate = 100, for = \"2s\", clients = 4, keys = 10 }")?;
    let count = |name: &str, most| table.get(name).map_or(Ok(1), |item| item.count(most));
    let half = Ratio { numerator: 1, denominator: 2 };
    let workload = Workload {
        clients: count("clients", Workload::MAX_CLIENTS)?,
        rate: table.need("rate", "100")?.count(Workload::MAX_RATE)?,
        keys: count("keys", Workload::MAX_KEYS)?,
        zipf: table.get("zipf").map(|item| zipf(&item)).transpose()?,
        reads: table.get("reads").map_or(Ok(half), |item| item.ratio())?,
        lasts: table.need("for", "\"2s\"")?.span()?,
    };
    let at = |name: &str| table.get(name);
    workload.check().map_err(|(name, why)| {
        let why = format!("\"{name}\": {why}");
        at(name).map_or_else(|| table.error(&why), |item| item.error(&why))
    })?;
    Ok(workload)
}

/// An exponent, in thousandths.
fn zipf(item: &Item<'_>) -> Read<u32> {
    let thousandths = item.digits().and_then(decimal).and_then(|(whole, fraction, scale)| {
        let exact = (fraction * 1_000).is_multiple_of(scale);
        let thousandths = u32::try_from(whole * 1_000 + fraction * 1_000 / scale).ok()?;
        (exact && (1..=Workload::MAX_ZIPF).contains(&thousandths)).then_some(thousandths)
    });
    thousandths
        .ok_or_else(|| item.wanted("an exponent from 0.001 to 10 with at most three decimals, such as 0.99"))
}
