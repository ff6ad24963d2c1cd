//! `ringside swarm`: random clusters, faults and workloads, each held to everything that its configuration owes.

mod options;

use crate::failure::Failure;
use crate::print;
use crate::progress::Progress;
use cpu_time::ThreadTime;
use options::Options;
use ringside_sim::explore::{Break, Examined, draw, examine, shrink};
use ringside_sim::share::link::Link;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::panic;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

const HELP: &str = "\
Draws whole clusters, faults and workloads from seeds, runs each, heals it, and holds it to every claim that its
configuration owes; also, it has to come to rest within an hour after it was healed. Every tenth seed is run twice and
gone back into. A seed that fails is made small and written down.

Usage: ringside swarm [--seeds FROM..TO] [--jobs N] [--shard I/N] [--json] [--out DIR]

  --seeds FROM..TO  which seeds, the last one not included (0..1000)
  --jobs N          threads (as many as there are cores)
  --shard I/N       only part I, from 0, of N equal parts: for spreading one range over machines
  --json            one JSON object instead of text
  --out DIR         where failing scenarios are written (swarm)

Exit status: 1 if a seed failed, else 0. Bad input or usage: 2.
";

/// Every so many seeds one is run twice, and gone back into.
const THOROUGH_EVERY: u64 = 10;
/// How many runs are spent on making one failing scenario small.
const SHRINK_TRIES: u32 = 2_000;
/// The same for one that goes on for an hour of simulated time each.
const LONG_SHRINK_TRIES: u32 = 300;

/// The report of `ringside swarm --json`.
#[derive(Debug, Default, Serialize)]
struct Report {
    seeds: u64,
    clean: u64,
    broken: Vec<Broken>,
    simulated_s: f64,
    cpu_s: f64,
    faults: BTreeMap<&'static str, u64>,
}

/// One failing seed.
#[derive(Debug, Serialize)]
struct Broken {
    seed: u64,
    claim: &'static str,
    file: String,
    #[serde(skip)]
    what: String,
    #[serde(skip)]
    link: String,
}

/// Runs the command with the arguments after its name.
pub(crate) fn run(args: lexopt::Parser) -> Result<ExitCode, Failure> {
    let Some(options) = options::parse(args)? else { return print(HELP) };
    // What stops a run is reported with its seed; the note that Rust prints by itself would only tear the progress bar.
    panic::set_hook(Box::new(|_| {}));
    let (mut report, failing) = search(&options);
    for (seed, broken) in failing {
        report.broken.push(write_down(&options, seed, &broken)?);
    }
    let code = if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    let printed = if options.json {
        print(&(serde_json::to_string_pretty(&report).expect("numbers and texts") + "\n"))
    } else {
        print(&text(&report))
    };
    match printed {
        Err(failure) if failure.is_closed_pipe() => Ok(code),
        printed => printed.map(|_| code),
    }
}

/// What all threads have found together.
struct Found {
    report: Report,
    failing: BTreeMap<u64, Break>,
    progress: Progress,
}

/// Examines every seed, on as many threads as were asked for.
fn search(options: &Options) -> (Report, BTreeMap<u64, Break>) {
    let seeds = Mutex::new(options.seeds());
    let found = Found { report: Report::default(), failing: BTreeMap::new(), progress: Progress::new() };
    let found = Mutex::new(found);
    let work = || {
        while let Some(seed) = next(&seeds) {
            let started = ThreadTime::now();
            let examined = examine(&draw::scenario(seed), seed.is_multiple_of(THOROUGH_EVERY));
            let cpu = started.elapsed();
            let mut found = found.lock().expect("no thread stops while it holds this");
            found.report.count(&examined, cpu);
            found.failing.extend(examined.broken.map(|broken| (seed, broken)));
            let done = found.report.seeds;
            found.progress.at(done, options.count());
        }
    };
    thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(work);
        }
    });
    let Found { report, failing, .. } = found.into_inner().expect("no thread stops while it holds this");
    (report, failing)
}

fn next(seeds: &Mutex<impl Iterator<Item = u64>>) -> Option<u64> {
    seeds.lock().expect("no thread stops while it holds this").next()
}

impl Report {
    fn count(&mut self, examined: &Examined, cpu: Duration) {
        self.seeds += 1;
        self.clean += u64::from(examined.broken.is_none());
        self.simulated_s += examined.simulated.as_micros() as f64 / 1e6;
        self.cpu_s += cpu.as_secs_f64();
        for (name, hits) in &examined.hits {
            *self.faults.entry(name).or_default() += hits;
        }
    }
}

/// Makes the scenario of a failing seed small, and writes it into the folder.
fn write_down(options: &Options, seed: u64, broken: &Break) -> Result<Broken, Failure> {
    let tries = if matches!(broken, Break::Unrest(_)) { LONG_SHRINK_TRIES } else { SHRINK_TRIES };
    let mut small = shrink(&draw::scenario(seed), broken, tries);
    let name = format!("seed-{seed}.toml");
    let path = options.out.join(&name);
    let unwritable = |error| {
        Failure::usage(format!("--out {}: {error}", options.out.display().to_string().escape_debug()))
    };
    fs::create_dir_all(&options.out).map_err(unwritable)?;
    small.title = format!("Seed {seed}: {}", broken.name());
    small.about = broken.to_string();
    fs::write(&path, small.to_toml()).map_err(unwritable)?;
    Ok(Broken {
        seed,
        claim: broken.name(),
        file: path.display().to_string(),
        what: broken.to_string(),
        link: Link::to(small).to_text(),
    })
}

fn text(report: &Report) -> String {
    let mut text = format!(
        "{} seeds, {} clean: {:.0} simulated seconds in {:.1} CPU seconds\n\n",
        report.seeds, report.clean, report.simulated_s, report.cpu_s
    );
    text.push_str("What was done, and what was lost:\n");
    for (name, hits) in &report.faults {
        text.push_str(&format!("  {hits:>10}  {name}\n"));
    }
    for broken in &report.broken {
        text.push_str(&format!(
            "\nseed {}: {}\n  ringside run {}\n  {}\n",
            broken.seed, broken.what, broken.file, broken.link
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_sim::{Claim, Scenario};

    #[test]
    fn a_failing_seed_is_written_down_as_a_scenario_that_can_be_read() {
        let out = std::env::temp_dir().join(format!("ringside-swarm-{}", std::process::id()));
        let args = ["--out", out.to_str().expect("the folder's name is text")];
        let options =
            options::parse(lexopt::Parser::from_args(args)).unwrap().expect("no help was asked for");
        let broken = Break::Claim(Claim::FreshReads, "a get was stale".to_owned());
        let written = write_down(&options, 7, &broken).unwrap();
        assert_eq!((written.seed, written.claim), (7, "fresh-reads"));
        let scenario = Scenario::parse(&fs::read_to_string(&written.file).unwrap()).unwrap();
        assert_eq!(scenario.about, "fresh-reads is broken: a get was stale");
        // Nothing breaks in it, so nothing could be left out.
        assert_eq!(scenario.steps, draw::scenario(7).steps);
        assert_eq!(Link::parse(&written.link).map(|link| link.to_text()), Ok(written.link.clone()));
        let report = Report { seeds: 1, broken: vec![written], ..Report::default() };
        assert!(text(&report).contains("seed 7: fresh-reads is broken: a get was stale\n  ringside run "));
        fs::remove_dir_all(&options.out).unwrap();
    }
}
