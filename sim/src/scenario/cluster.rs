//! `[cluster]`: nodes, ring and settings, and which settings a step may change.
//!
//! Keys whose mechanism comes later are known by name: they may say "absent", and nothing else.

use super::ScenarioError;
use super::read::{Item, Read, Table, grouped};
use super::text::{listed, meant, quoted};
use crate::act::ConfigChange;
use crate::names::node_name;
use crate::setup::Setup;
use ringside_core::config::{
    Config, ConfigError, Counters, PendingAcks, Quorum, ReadRepair, StreamFrom, Versions,
};
use ringside_core::order::by_number;
use ringside_core::ring::Placement;
use ringside_core::{NodeId, Span};
use std::collections::BTreeSet;

/// Every key of `[cluster]` and of `set`.
const KEYS: [&str; 22] = [
    "nodes",
    "n",
    "r",
    "w",
    "vnodes",
    "partitioning",
    "zones",
    "quorum",
    "versions",
    "clock_limit",
    "counters",
    "read_repair",
    "hinted_handoff",
    "hint_window",
    "anti_entropy",
    "gossip",
    "failure_detector",
    "tombstones",
    "pending_acks",
    "stream_from",
    "sync",
    "timeout",
];

/// Keys that shape the ring, the disks and what a version is: they hold for a whole run.
const FIXED_KEYS: [&str; 7] = ["nodes", "vnodes", "partitioning", "zones", "versions", "counters", "sync"];

/// The longest name of a node, in bytes.
pub(crate) const MAX_NAME: usize = 64;

/// Reads `[cluster]` into a setup.
pub(super) fn cluster(item: &Item<'_>, setup: &mut Setup, joiners: &[Item<'_>]) -> Read<()> {
    let table = item.table(&KEYS, "a table: write [cluster]")?;
    if let Some(item) = table.get("nodes") {
        setup.names = names(&item)?;
    }
    self::joiners(joiners, setup)?;
    if let Some(item) = table.get("vnodes") {
        setup.vnodes = item.count(Setup::MAX_VNODES)?;
    }
    if let Some(item) = table.get("partitioning") {
        setup.placement = placement(&item, setup)?;
    }
    if let Some(item) = table.get("zones") {
        setup.zones = zones(&item, setup)?;
    }
    if let Some(item) = table.get("sync") {
        setup.sync = sync(&item)?;
    }
    let change = settings(&table)?;
    check(&table, &change, &Config::default())?;
    setup.config = fixed(&table, change.apply(&Config::default()))?;
    Ok(())
}

/// Reads the settings that no step can change into `config`.
fn fixed(table: &Table<'_>, mut config: Config) -> Read<Config> {
    let versions = [
        ("dotted", Versions::Dotted),
        ("plain", Versions::Plain),
        ("last-write-wins", Versions::LastWriteWins),
    ];
    if let Some(item) = table.get("versions") {
        config.versions = item.choice(&versions)?;
    }
    if let Some(item) = table.get("counters") {
        config.counters = item.choice(&[("per-actor", Counters::PerActor), ("per-key", Counters::PerKey)])?;
    }
    Ok(config)
}

/// Reads the `set` of a step. Whether it fits the settings in force is for [`check`].
pub(super) fn change(table: &Table<'_>) -> Read<ConfigChange> {
    if let Some(item) = table.present(&FIXED_KEYS).first() {
        let name = item.name();
        return Err(item.error(format_args!(
            "\"{name}\" cannot change while the cluster runs; n, r, w, clock_limit, quorum, read_repair, hinted_handoff, anti_entropy, gossip, tombstones and timeout, for \
             example, can"
        )));
    }
    let change = settings(table)?;
    if change == ConfigChange::default() {
        return Err(table.error("\"set\" changes nothing: write, for example, set = { r = 1 }"));
    }
    Ok(change)
}

/// The table of a `set`.
pub(super) fn set_table<'t>(item: &Item<'t>) -> Read<Table<'t>> {
    item.table(&KEYS, "a table such as { r = 1, w = 3 }")
}

/// Refuses settings that contradict each other, at the place of the one that this table has. `others` are in
/// force where it is silent: in `[cluster]` the defaults, which a smaller N does not lower silently; after a `set`
/// what it made of those before, since a lower N is there an act of its own, which lowers R and W.
pub(super) fn check(table: &Table<'_>, change: &ConfigChange, others: &Config) -> Read<()> {
    let applied = change.apply(others);
    let config = Config {
        n: change.n.unwrap_or(others.n),
        r: change.r.unwrap_or(others.r),
        w: change.w.unwrap_or(others.w),
        hinted_handoff: change.hinted_handoff.unwrap_or(applied.hinted_handoff),
        ..applied
    };
    let Err(error) = config.validate() else { return Ok(()) };
    let at = |names: &[&str], message: String| -> ScenarioError {
        let item = names.iter().find_map(|name| table.get(name));
        item.map_or_else(|| table.error(&message), |item| item.error(&message))
    };
    let too_many = |name, what, quorum, n| {
        let message = format!(
            "{name} = {quorum} is more than n = {n}: a {what} cannot wait for more replicas than a key has; make {name} at \
             most {n}, or n at least {quorum}"
        );
        Err(at(&[name, "n"], message))
    };
    match error {
        ConfigError::R { r, n } => too_many("r", "get", r, n),
        ConfigError::W { w, n } => too_many("w", "put", w, n),
        ConfigError::N(_) => Err(at(&["n"], error.to_string())),
        ConfigError::Handoff => Err(at(&["hinted_handoff", "quorum"], error.to_string())),
        ConfigError::Timeout => Err(at(&["timeout"], error.to_string())),
    }
}

fn settings(table: &Table<'_>) -> Read<ConfigChange> {
    let count = |name: &str| table.get(name).map(|item| item.count(Config::MAX_N)).transpose();
    let repair = [("async", ReadRepair::Async), ("blocking", ReadRepair::Blocking), ("off", ReadRepair::Off)];
    let sources = [("giver", StreamFrom::Giver), ("any", StreamFrom::Any)];
    let acks = [("extra", PendingAcks::Extra), ("count", PendingAcks::Count)];
    let quorums = [("sloppy", Quorum::Sloppy), ("strict", Quorum::Strict)];
    let some_time = |name: &str, such_as: &str| {
        let span = |item: Item<'_>| {
            let span = item.span()?;
            if span == Span::ZERO {
                let message = format!("\"{name}\" must be longer than nothing, such as \"{such_as}\"");
                return Err(item.error(message));
            }
            Ok(span)
        };
        table.get(name).map(span).transpose()
    };
    Ok(ConfigChange {
        n: count("n")?,
        r: count("r")?,
        w: count("w")?,
        read_repair: table.get("read_repair").map(|item| item.choice(&repair)).transpose()?,
        gossip: table.get("gossip").map(|item| item.interval()).transpose()?,
        failure_detector: table.get("failure_detector").map(|item| item.detector()).transpose()?,
        clock_limit: table.get("clock_limit").map(|item| item.count_or_none(u32::MAX)).transpose()?,
        pending_acks: table.get("pending_acks").map(|item| item.choice(&acks)).transpose()?,
        stream_from: table.get("stream_from").map(|item| item.choice(&sources)).transpose()?,
        quorum: table.get("quorum").map(|item| item.choice(&quorums)).transpose()?,
        hinted_handoff: table.get("hinted_handoff").map(|item| item.boolean()).transpose()?,
        hint_window: some_time("hint_window", "3h")?,
        anti_entropy: table.get("anti_entropy").map(|item| item.interval()).transpose()?,
        tombstones: table.get("tombstones").map(|item| item.tombstones()).transpose()?,
        timeout: some_time("timeout", "250ms")?,
    })
}

/// How often a node syncs its disk; none stands for every write.
fn sync(item: &Item<'_>) -> Read<Option<Span>> {
    if item.string("\"every-write\", or an interval such as \"1s\"")? == "every-write" {
        return Ok(None);
    }
    match item.span()? {
        Span::ZERO => {
            Err(item.error("\"sync\" must be longer than nothing; for every write, write \"every-write\""))
        }
        every => Ok(Some(every)),
    }
}

fn names(item: &Item<'_>) -> Read<Vec<String>> {
    let most = Setup::MAX_NODES;
    if item.is_number() {
        return Ok((0..item.count(most)?).map(node_name).collect());
    }
    let wanted = format!("a number from 1 to {}, or a list of names", grouped(u64::from(most)));
    let elements = item.list(&wanted)?;
    if elements.is_empty() || elements.len() > most as usize {
        let most = grouped(u64::from(most));
        return Err(item.error(format_args!("a cluster has 1 to {most} nodes, not {}", elements.len())));
    }
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for element in elements {
        let name = element.short_string("a node's name", MAX_NAME)?;
        check_name(&element, name)?;
        if !seen.insert(name) {
            return Err(
                element.error(format_args!("two nodes are named {}; every name is used once", quoted(name)))
            );
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The nodes that join later: after those of the beginning, in the order of the steps.
pub(super) fn joiners(items: &[Item<'_>], setup: &mut Setup) -> Read<()> {
    for item in items {
        let name = item.short_string("a node's name", MAX_NAME)?;
        if name.contains('#') || setup.names.iter().any(|known| known == name) {
            continue;
        }
        check_name(item, name)?;
        if setup.names.len() >= Setup::MAX_NODES as usize {
            let most = grouped(u64::from(Setup::MAX_NODES));
            return Err(item.error(format_args!(
                "node {} is one too many: there are at most {most}, with those that join later",
                quoted(name)
            )));
        }
        setup.names.push(name.to_owned());
        setup.joiners += 1;
    }
    Ok(())
}

fn check_name(item: &Item<'_>, name: &str) -> Read<()> {
    let odd = |letter: char| letter == '#' || letter.is_control();
    if name.trim().is_empty() || name.contains(odd) {
        return Err(item.error(format_args!(
            "{} cannot name a node: a name is visible and has no \"#\", which stands for a place on a key's walk",
            quoted(name)
        )));
    }
    Ok(())
}

fn placement(item: &Item<'_>, setup: &Setup) -> Read<Placement> {
    if item.is_table() {
        let partitions = item.table(&["partitions"], "")?.need("partitions", "64")?;
        let (count, nodes) = (partitions.count(Placement::MAX_PARTITIONS)?, setup.names.len());
        if (count as usize) < nodes {
            return Err(partitions.error(format_args!(
                "{count} partitions cannot give each of {nodes} nodes one; write partitions = {nodes} or more"
            )));
        }
        return Ok(Placement::Partitions(count));
    }
    if item.is_text() {
        return item.choice(&[("tokens", Placement::Random), ("even", Placement::Even)]);
    }
    Err(item.wanted("\"tokens\", \"even\" or { partitions = 64 }"))
}

/// Which node is in which zone. Nodes that are not named are together in one more.
fn zones(item: &Item<'_>, setup: &Setup) -> Read<Vec<(NodeId, String)>> {
    let mut zones = Vec::new();
    for (start, zone) in item.entries("a table such as { A = \"eu\", B = \"us\" }")? {
        let Some(node) = setup.node(zone.name()) else {
            let names = || setup.names.iter().map(String::as_str);
            let hint = meant(zone.name(), names()).map(|name| format!("; did you mean \"{name}\"?"));
            let (name, hint) = (quoted(zone.name()), hint.unwrap_or_default());
            return Err(zone.key_error(
                start,
                format_args!(
                    "there is no node {name} to be in a zone; the nodes are {}{hint}",
                    listed(names())
                ),
            ));
        };
        let name = zone.short_string("a zone's name, such as \"eu\"", MAX_NAME)?;
        if name.trim().is_empty() || name.contains(char::is_control) {
            return Err(zone.wanted("a zone's name, such as \"eu\""));
        }
        zones.push((node, name.to_owned()));
    }
    by_number(&mut zones, |(node, _)| node.0.into());
    Ok(zones)
}
