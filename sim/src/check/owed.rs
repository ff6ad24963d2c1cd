//! Which configuration promises what, and why: what a run is held to.
//!
//! A promise is only made where it can be proved, for the settings as they were through the whole run.

use super::history::{History, grouped};
use super::words::{list, quoted};
use super::{Claim, Evidence, convergence, no_resurrection};
use crate::act::Act;
use crate::trace::{OpOutcome, What};
use ringside_core::{Config, Counters, Key, Note, PendingAcks, Quorum, ReadRepair, StreamFrom, Versions};
use std::collections::BTreeSet;

/// Why something is promised, or what is missing for it: a clause without its full stop.
pub(super) type Promise = Result<String, String>;

/// What was promised up to a position.
#[derive(Debug)]
pub(super) struct Promises {
    configs: Vec<Config>,
    kept: Promise,
    causal: Promise,
    dots: Promise,
    overlap: Promise,
    forward: Promise,
    register: Promise,
    gossip: Promise,
    convergence: Promise,
    gone: Promise,
}

impl Promises {
    pub(super) fn new(evidence: Evidence<'_>, history: &History<'_>) -> Self {
        let configs = configs(evidence);
        let (durable, dotted) = (durable(evidence), dotted(&configs));
        let gone = no_resurrection::promise(evidence, &configs, &durable);
        let uncollected = uncollected(evidence);
        let sound = dotted.clone().and_then(|_| safe(&configs));
        // What a fault took, the judge excuses write by write.
        let kept = sound
            .clone()
            .map(|_| "a disk that has a write keeps it until another one has seen it".to_owned());
        // What may come back because it was forgotten, the judge excuses key by key.
        let causal = sound;
        let still = uncollected.clone().and_then(|_| unmoved(evidence, &configs));
        let alone = one_each(&configs);
        let overlap = dotted.and(durable).and(still).and(alone.clone()).and_then(|_| overlap(&configs));
        let forward = overlap.clone().and_then(|_| forward(&configs));
        let complete = forward.clone().and_then(|_| complete(&configs));
        let register = complete.and_then(|_| register(history));
        let gossip = convergence::news(evidence, &configs);
        // Hash trees tell versions apart by their dots.
        let named = uncollected.clone().or_else(|_| dots(&configs));
        let convergence = named.and(alone.clone()).and_then(|_| convergence::promise(evidence, &configs));
        let gone = alone.and(gone);
        let dots = dots(&configs);
        Self { configs, kept, causal, dots, overlap, forward, register, gossip, convergence, gone }
    }

    /// The settings that were in force, one after the other.
    pub(super) fn configs(&self) -> &[Config] {
        &self.configs
    }

    /// What a claim is promised by, but for what its judge excuses.
    pub(super) fn of(&self, claim: Claim) -> Promise {
        match claim {
            Claim::FreshReads | Claim::ReadYourWrites => self.overlap.clone(),
            Claim::MonotonicReads => self.forward.clone(),
            Claim::Linearizable => self.register.clone(),
            Claim::NoLostWrites => self.kept.clone(),
            Claim::Convergence => self.convergence.clone(),
            Claim::NoResurrection => self.gone.clone(),
            Claim::CausalSiblings => self.causal.clone(),
            Claim::UniqueDots => self.dots.clone(),
            Claim::HintConservation => Ok("a hint is deleted only once its owner has it".to_owned()),
            Claim::RingAgreement => self.gossip.clone(),
        }
    }
}

/// The settings that were in force, one after the other.
fn configs(evidence: Evidence<'_>) -> Vec<Config> {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let mut configs = vec![evidence.setup.config.clone()];
    for event in evidence.trace.events.iter().take(happened) {
        if let (What::Act { act: Act::Set(change), .. }, Some(config)) = (&event.what, configs.last()) {
            configs.push(change.apply(config));
        }
    }
    configs
}

/// Is every version known by a dot of its own?
fn dotted(configs: &[Config]) -> Promise {
    let says = |versions| match versions {
        Versions::Dotted => None,
        Versions::Plain => Some("a plain version vector does not know its siblings apart"),
        Versions::LastWriteWins => Some("the last write wins, whatever it had seen"),
    };
    match configs.iter().find_map(|config| says(config.versions)) {
        None => Ok("dotted versions name every write that they cover".to_owned()),
        Some(why) => Err(why.to_owned()),
    }
}

/// Does nothing make a version look newer or older than it is, and does no range move without its writes?
fn safe(configs: &[Config]) -> Promise {
    complete(configs)?;
    for config in configs {
        if config.pending_acks == PendingAcks::Count || config.stream_from == StreamFrom::Any {
            return Err("a range may move without all its writes".to_owned());
        }
    }
    dots(configs)?;
    Ok("dotted versions name every write that they cover, completely".to_owned())
}

/// Does no version vector forget? One that does lets ancestors back in, beside their descendants.
fn complete(configs: &[Config]) -> Promise {
    match configs.iter().find(|config| config.clock_limit > 0) {
        None => Ok("version vectors are complete".to_owned()),
        Some(config) => Err(format!("a version vector keeps at most {} entries", config.clock_limit)),
    }
}

/// Does every dot name one write?
fn dots(configs: &[Config]) -> Promise {
    if configs.iter().any(|config| config.counters == Counters::PerKey) {
        return Err("a counter of one key starts again once the key is forgotten".to_owned());
    }
    Ok("each start of a node is a new actor, and an actor counts its writes".to_owned())
}

/// Does every dot name one write, as long as nothing is forgotten as a whole?
fn one_each(configs: &[Config]) -> Promise {
    let any = |is: fn(&Config) -> bool| configs.iter().any(is);
    if any(|config| config.clock_limit > 0) && any(|config| config.counters == Counters::PerKey) {
        return Err(
            "a counter of one key starts again once its entry is cut from the version vector".to_owned()
        );
    }
    Ok(String::new())
}

/// Is everything still there that was ever written to a disk? A copy is lost with a disk that was wiped or is an older
/// one, and in a crash before it was synced.
fn durable(evidence: Evidence<'_>) -> Promise {
    let Evidence { setup, trace, position, .. } = evidence;
    let happened = usize::try_from(position).unwrap_or(usize::MAX);
    for event in trace.events.iter().take(happened) {
        let What::Act { act, .. } = &event.what else { continue };
        let what = if let Act::Wipe(node) = act {
            Some((node, "lost its disk"))
        } else if let Act::RestartOld(node) = act {
            Some((node, "started on an old disk"))
        } else if let Act::Crash(node) = act {
            setup.sync.map(|_| (node, "crashed, and not every write is synced at once"))
        } else {
            None
        };
        let Some((node, what)) = what else { continue };
        return Err(format!("at {} {} {what}", event.at, setup.name(*node)));
    }
    Ok("every write reached a disk, and no disk was lost".to_owned())
}

/// Has nothing been forgotten? Who has forgotten a delete answers a get as if nothing had ever been written.
fn uncollected(evidence: Evidence<'_>) -> Promise {
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    let collects = |note: &Note| matches!(note, Note::Collected { .. });
    match evidence.trace.events.iter().take(happened).find(|event| event.notes.iter().any(collects)) {
        None => Ok("no tombstone was collected".to_owned()),
        Some(event) => Err(format!("at {} a tombstone was collected", event.at)),
    }
}

/// Did every range stay where it was? Nodes hear of a change one after the other, and meanwhile some ask old owners.
fn unmoved(evidence: Evidence<'_>, configs: &[Config]) -> Promise {
    let counts = configs.iter().any(|config| config.pending_acks == PendingAcks::Count);
    let happened = usize::try_from(evidence.position).unwrap_or(usize::MAX);
    for event in evidence.trace.events.iter().take(happened) {
        if counts && event.notes.iter().any(|note| matches!(note, Note::ChangeBegun { .. })) {
            return Err(format!("at {} ranges began to move, and their new owners count for puts", event.at));
        }
        if event.notes.iter().any(|note| matches!(note, Note::Switched { .. })) {
            return Err(format!("at {} a change of the members took effect, and ranges had moved", event.at));
        }
    }
    Ok(String::new())
}

/// Does every get meet every put that was acknowledged before it? A get waits for the R of its time, a put may have
/// waited for the W of any earlier time.
fn overlap(configs: &[Config]) -> Promise {
    let mut least_w = u32::MAX;
    for (config, before) in configs.iter().zip(configs.first().into_iter().chain(configs)) {
        let Config { n, r, w, quorum, .. } = *config;
        if quorum == Quorum::Sloppy {
            return Err("a sloppy quorum counts fallbacks, so a get and a put may have no replica in common"
                .to_owned());
        }
        if n != before.n {
            return Err(format!("N went from {} to {n}, and with it the replicas of every key", before.n));
        }
        least_w = least_w.min(w);
        if r + least_w <= n {
            return Err(format!(
                "with N = {n}, a get that waits for R = {r} may miss a write that waited for W = {least_w}"
            ));
        }
    }
    Ok("R + W stayed above N, so every get meets the writes acknowledged before it".to_owned())
}

/// Does every get meet what an earlier one returned? That one leaves it on N − R + 1 replicas.
fn forward(configs: &[Config]) -> Promise {
    if configs.iter().any(|config| config.read_repair != ReadRepair::Blocking) {
        return Err("without blocking read repair a get may see a write that the next one misses".to_owned());
    }
    match configs.windows(2).find(|pair| pair[1].r < pair[0].r) {
        Some(pair) => Err(format!(
            "R went from {} to {}, so a get may miss what earlier ones left on too few replicas",
            pair[0].r, pair[1].r
        )),
        None => Ok("R + W stayed above N, and a get answers only when no later one can miss what it returns"
            .to_owned()),
    }
}

/// Is every key written by one client that waits for each write and has seen it before the next?
fn register(history: &History<'_>) -> Promise {
    let stored = |op: &&crate::trace::Op| {
        let failed = history.end(op).is_some_and(|end| end.outcome == OpOutcome::Failed);
        op.kind.is_write() && !failed
    };
    let writes = history.ops.iter().copied().filter(stored);
    for (key, writes) in grouped(writes, |op| &op.key) {
        one_writer(key, &writes)?;
        for &write in &writes {
            if history.end(write).is_some_and(|end| end.outcome == OpOutcome::Unknown) {
                return Err(format!("{} ended unknown and may still land", write.id));
            }
        }
        for pair in writes.windows(2) {
            let (earlier, later) = (pair[0], pair[1]);
            let ended = history.end(earlier).is_some_and(|end| end.position < later.start_at);
            let seen = |write| later.saw.contains(write);
            if !ended || !history.write(earlier).is_some_and(seen) {
                return Err(format!("{} was written without having seen {}", later.id, earlier.id));
            }
        }
    }
    Ok("each key has one writer, quorums overlap, and a get answers only when no later one can miss what it returns"
        .to_owned())
}

fn one_writer(key: &Key, writes: &[&crate::trace::Op]) -> Result<(), String> {
    let mut writers = BTreeSet::new();
    writers.extend(writes.iter().map(|op| op.client.as_str()));
    if writers.len() < 2 {
        return Ok(());
    }
    let writers: Vec<&str> = writers.into_iter().collect();
    Err(format!(
        "{} has more than one writer, {}, and neither waits for the other",
        quoted(key.as_str()),
        list(&writers)
    ))
}

#[cfg(test)]
mod tests;
