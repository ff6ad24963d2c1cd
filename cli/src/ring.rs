//! `ringside ring`: how evenly a ring is divided, and where a key lies on it.

use crate::failure::Failure;
use crate::{options, print};
use ringside_core::ring::{Change, Member, PER_MILLION, Placement, Ring};
use ringside_core::{Config, Key, NodeId, hash};
use ringside_sim::Setup;
use ringside_sim::names::node_name;
use serde::Serialize;
use std::process::ExitCode;

const HELP: &str = "\
Shows how evenly a ring of random tokens, or of fixed partitions, is divided, or with --key where a key lies on it.

Usage: ringside ring [--nodes N] [--vnodes V | --partitions Q] [--n N] [--key K] [--seeds K] [--json]

  --nodes N    nodes, 1 to 1024 (5)
  --vnodes V   virtual nodes (tokens) of each node, 1 to 1024 (8)
  --partitions Q
               instead of tokens so many partitions of equal size, as many as nodes at least, 65536 at most
  --seeds K    average over K sets of tokens, 1 to 1000000 (100)
  --key K      the key's position, preference list and fallbacks, on the ring that scenarios use
  --n N        how long the preference list is, 1 to 16 (3)
  --json       one JSON object instead of a table

Shares are those of the primary ranges. max_over_mean, min_over_mean and moved_on_join are means over the token sets;
cv, the coefficient of variation, is the root of the mean of its square. Partitions are dealt out the same way every time;
then --vnodes and --seeds play no part.
";

const MAX_SEEDS: u32 = 1_000_000;

#[derive(Debug)]
struct Options {
    nodes: u32,
    vnodes: u32,
    partitions: Option<u32>,
    n: u32,
    key: Option<Key>,
    seeds: u32,
    json: bool,
}

/// Runs the command with the arguments after its name.
pub(crate) fn run(args: lexopt::Parser) -> Result<ExitCode, Failure> {
    let Some(options) = parse(args)? else { return print(HELP) };
    match &options.key {
        Some(key) => {
            let place = place(&options, key);
            print(&if options.json { json(&place) } else { place.to_table() })
        }
        None => {
            let report = report(&options);
            print(&if options.json { json(&report) } else { report.to_table(options.seeds) })
        }
    }
}

/// `None` when help was asked for.
fn parse(mut args: lexopt::Parser) -> Result<Option<Options>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let mut options =
        Options { nodes: 5, vnodes: 8, partitions: None, n: 3, key: None, seeds: 100, json: false };
    while let Some(argument) = args.next()? {
        match argument {
            Long("nodes") => options.nodes = options::number(&mut args, "--nodes", 1..=Setup::MAX_NODES)?,
            Long("vnodes") => options.vnodes = options::number(&mut args, "--vnodes", 1..=Setup::MAX_VNODES)?,
            Long("n") => options.n = options::number(&mut args, "--n", 1..=Config::MAX_N)?,
            Long("seeds") => options.seeds = options::number(&mut args, "--seeds", 1..=MAX_SEEDS)?,
            Long("key") => options.key = Some(key(&options::text(&mut args, "--key")?)?),
            Long("json") => options.json = true,
            Long("partitions") => {
                let most = Placement::MAX_PARTITIONS;
                options.partitions = Some(options::number(&mut args, "--partitions", 1..=most)?);
            }
            Long("help") | Short('h') => return Ok(None),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "ring")),
        }
    }
    if let Some(partitions) = options.partitions.filter(|partitions| *partitions < options.nodes) {
        let nodes = options.nodes;
        return Err(Failure::usage(format!(
            "--partitions {partitions} cannot give each of {nodes} nodes a partition; give {nodes} or more"
        )));
    }
    Ok(Some(options))
}

fn key(text: &str) -> Result<Key, Failure> {
    if text.is_empty() {
        return Err(Failure::usage("--key is empty; a key has at least one character".to_owned()));
    }
    if text.len() > Key::MAX_BYTES {
        let (given, most) = (text.len(), Key::MAX_BYTES);
        return Err(Failure::usage(format!("--key has {given} bytes; a key has at most {most}")));
    }
    Ok(Key::new(text))
}

fn ring(options: &Options, salt: u64) -> Ring {
    let Options { nodes, vnodes, .. } = *options;
    let placement = options.partitions.map_or(Placement::Random, Placement::Partitions);
    let names: Vec<String> = (0..nodes).map(node_name).collect();
    let members: Vec<(NodeId, &str)> = (0..nodes).map(NodeId).zip(names.iter().map(String::as_str)).collect();
    Ring::new(placement, vnodes, salt, &members)
}

fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain structs of numbers and texts are JSON");
    text.push('\n');
    text
}

#[derive(Debug, Serialize)]
struct Report {
    nodes: u32,
    /// None with fixed partitions.
    vnodes: Option<u32>,
    partitioning: Partitioning,
    share: Share,
    /// The part of the ring that one more node takes over.
    moved_on_join: f64,
}

/// As scenario files write it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Partitioning {
    Tokens(&'static str),
    Fixed { partitions: u32 },
}

#[derive(Debug, Serialize)]
struct Share {
    max_over_mean: f64,
    cv: f64,
    min_over_mean: f64,
}

fn report(options: &Options) -> Report {
    let Options { nodes, vnodes, partitions, .. } = *options;
    let seeds = if partitions.is_some() { 1 } else { options.seeds };
    let joiner = node_name(nodes);
    let join = Change::Join(Member { node: NodeId(nodes), name: &joiner, zone: 0 });
    let (mut max, mut min, mut moved, mut squares) = (0, 0, 0, 0.0);
    for salt in 0..u64::from(seeds) {
        let before = ring(options, salt);
        let balance = before.balance();
        max += balance.max_over_mean();
        min += balance.min_over_mean();
        moved += before.moved_per_million(&before.after(&[join]));
        let over_mean = |share: u128| share as f64 / Ring::WHOLE as f64 * f64::from(nodes);
        let squared: f64 = balance.shares().iter().map(|share| (over_mean(share.1) - 1.0).powi(2)).sum();
        squares += squared / f64::from(nodes);
    }
    let seeds = f64::from(seeds);
    let mean = |per_million: u64| per_million as f64 / PER_MILLION as f64 / seeds;
    let share = Share { max_over_mean: mean(max), cv: (squares / seeds).sqrt(), min_over_mean: mean(min) };
    let (vnodes, partitioning) = match partitions {
        None => (Some(vnodes), Partitioning::Tokens("tokens")),
        Some(partitions) => (None, Partitioning::Fixed { partitions }),
    };
    Report { nodes, vnodes, partitioning, share, moved_on_join: mean(moved) }
}

impl Report {
    fn to_table(&self, seeds: u32) -> String {
        let Self { nodes, share, moved_on_join, .. } = self;
        let what = match (&self.partitioning, self.vnodes) {
            (Partitioning::Fixed { partitions }, _) => format!("fixed partitions {partitions}"),
            (Partitioning::Tokens(_), vnodes) => {
                format!(
                    "virtual nodes {} each, random tokens; token sets: {seeds}",
                    vnodes.unwrap_or_default()
                )
            }
        };
        let theory = self.vnodes.map_or(String::new(), |vnodes| {
            let expected = (f64::from(nodes - 1) / (f64::from(nodes * vnodes) + 1.0)).sqrt();
            format!(" (theory: {expected:.3})")
        });
        format!(
            "nodes {nodes}, {what}\n\n\
             largest share       {:.3} of the mean share\n\
             smallest share      {:.3} of the mean share\n\
             variation of share  {:.3}{theory}\n\
             moved by a join     {:.2} % of the ring (theory: {:.2} %)\n",
            share.max_over_mean,
            share.min_over_mean,
            share.cv,
            moved_on_join * 100.0,
            100.0 / f64::from(nodes + 1),
        )
    }
}

#[derive(Debug, Serialize)]
struct Place {
    key: String,
    /// 16 hex digits: a 64-bit number is more than JSON readers keep exactly.
    position: String,
    preference: Vec<String>,
    fallbacks: Vec<String>,
}

/// On the ring of salt 0, as in scenarios.
fn place(options: &Options, key: &Key) -> Place {
    let position = hash::position(key);
    let ring = ring(options, 0);
    let mut walk = ring.walk(position).map(|token| node_name(token.node.0));
    let preference = walk.by_ref().take(options.n as usize).collect();
    Place {
        key: key.as_str().to_owned(),
        position: format!("{position:016x}"),
        preference,
        fallbacks: walk.collect(),
    }
}

impl Place {
    fn to_table(&self) -> String {
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(" ") };
        format!(
            "key         {}\nposition    {}\npreference  {}\nfallbacks   {}\n",
            self.key.escape_debug(),
            self.position,
            list(&self.preference),
            list(&self.fallbacks),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(args: &[&str]) -> Options {
        parse(lexopt::Parser::from_args(args)).unwrap().expect("no help was asked for")
    }

    fn refused(args: &[&str]) -> String {
        parse(lexopt::Parser::from_args(args)).unwrap_err().to_string()
    }

    #[test]
    fn every_bound_is_held_and_named() {
        for (args, must_say) in [
            (["--nodes", "0"], "--nodes 0 is not a whole number from 1 to 1024"),
            (["--nodes", "1025"], "from 1 to 1024"),
            (["--vnodes", "many"], "--vnodes many"),
            (["--n", "17"], "from 1 to 16"),
            (["--seeds", "-1"], "--seeds"),
            (["--partitions", "4"], "--partitions 4 cannot give each of 5 nodes"),
            (["--partitions", "65537"], "from 1 to 65536"),
            (["--key", &"k".repeat(257)], "at most 256"),
            (["--key", ""], "at least one character"),
            (["--json", "extra"], "'extra'"),
            (["--json", "--node"], "'--node'"),
        ] {
            assert!(refused(&args).contains(must_say), "{args:?}: {}", refused(&args));
        }
        assert_eq!(options(&["--nodes", "1024", "--key", &"k".repeat(256)]).nodes, 1024);
    }

    #[test]
    fn a_report_is_near_what_theory_says() {
        let Report { share, moved_on_join, .. } = report(&options(&["--nodes", "5", "--seeds", "400"]));
        // Five standard errors at 400 token sets are below 0.03 for each of them.
        assert!((share.cv - (4.0_f64 / 41.0).sqrt()).abs() < 0.03, "{share:?}");
        assert!((moved_on_join - 1.0 / 6.0).abs() < 0.03, "{moved_on_join}");
        assert!(share.min_over_mean < 1.0 && share.max_over_mean > 1.0, "{share:?}");
    }

    #[test]
    fn fixed_partitions_are_as_even_as_they_can_be() {
        for (nodes, largest) in [("5", 13.0 / 12.8), ("30", 3.0 / (64.0 / 30.0))] {
            let report = report(&options(&["--nodes", nodes, "--partitions", "64"]));
            assert!((report.share.max_over_mean - largest).abs() < 1e-5, "{report:?}");
            let joined = 64 / (nodes.parse::<u32>().unwrap() + 1);
            assert!((report.moved_on_join - f64::from(joined) / 64.0).abs() < 1e-5, "{report:?}");
            assert!(report.to_table(100).starts_with(&format!("nodes {nodes}, fixed partitions 64\n")));
        }
    }

    #[test]
    fn a_lone_node_has_it_all() {
        let Report { share, .. } = report(&options(&["--nodes", "1", "--seeds", "3"]));
        assert_eq!((share.max_over_mean, share.cv, share.min_over_mean), (1.0, 0.0, 1.0));
    }

    #[test]
    fn a_key_s_nodes_are_all_nodes_once() {
        let options = options(&["--key", "cart", "--nodes", "30"]);
        let place = place(&options, options.key.as_ref().unwrap());
        assert_eq!(place.position, "e0a5aa3bac58015d");
        assert_eq!((place.preference.len(), place.fallbacks.len()), (3, 27));
        let mut all = [place.preference, place.fallbacks].concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 30);
        assert!(all.contains(&"AD".to_owned()), "the thirtieth name");
    }

    #[test]
    fn a_list_longer_than_the_cluster_is_the_cluster() {
        let options = options(&["--key", "cart", "--nodes", "2"]);
        let place = place(&options, options.key.as_ref().unwrap());
        assert_eq!((place.preference.len(), place.fallbacks.len()), (2, 0));
        assert!(place.to_table().ends_with("fallbacks   none\n"));
    }
}
