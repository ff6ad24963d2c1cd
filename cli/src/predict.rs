//! `ringside predict`: how stale reads are and how long requests take, by the WARS model.

use crate::failure::Failure;
use crate::metrics::ms;
use crate::progress::Progress;
use crate::{options, print, text};
use ringside_core::Span;
use ringside_sim::predict::{Coordinator, Latency, Model, Prediction, Trials, Waits};
use ringside_sim::scenario::span;
use serde::Serialize;
use serde_json::Value as Json;
use std::process::ExitCode;

const HELP: &str = "\
Predicts how stale reads are and how long requests take, by the WARS model (Bailis and others, VLDB 2012).

Usage: ringside predict --n 3 --r 1 --w 1 --latency lnkd-disk [OPTIONS]

  --n N            replicas of a key, 1 to 16
  --r R            replies a read waits for, 1 to N
  --w W            acknowledgements a write waits for, 1 to N
  --latency L      how long each leg takes: lnkd-ssd, lnkd-disk, ymmr, wan, or a delay as in scenario files: 1ms,
                   'uniform 1ms 10ms', 'exponential 5ms', 'pareto 1ms 1.5'; by leg such as
                   'write=exponential 10ms,ack=1ms,read=1ms,reply=1ms', where a first delay without a name is for all
                   legs that follow none: 'lnkd-ssd,write=exponential 10ms'. Without one they take 1ms
  --coordinator C  outside: no replica, as published (the default); replica: for each operation a random replica, whose
                   own legs take no time, as in scenarios
  --at T,T,…       moments after a write's acknowledgement at which reads begin (0ms,1ms,5ms,10ms,50ms,100ms)
  --trials N       writes and reads to draw, 1 to 10000000 (100000)
  --seed N         another seed for them (0)
  --json           one JSON object instead of tables

A read is fresh if it returns a write that was acknowledged before it began. Reads go to all replicas; nothing fails,
nothing is repaired. With K trials a probability p is off by less than 2 √(p (1 - p) / K), 19 times of 20.
";

const MOMENTS: &str = "0ms,1ms,5ms,10ms,50ms,100ms";
/// The most moments of `--at`.
const MAX_MOMENTS: usize = 1_000;
const TRIALS: u32 = 100_000;
/// Trials between two looks at the clock.
const PORTION: u32 = 10_000;

#[derive(Debug)]
struct Options {
    numbers: (u32, u32, u32),
    /// As it was written.
    latency: String,
    coordinator: Coordinator,
    model: Model,
    at: Vec<Span>,
    trials: u32,
    seed: u64,
    json: bool,
}

/// Runs the command with the arguments after its name.
pub(crate) fn run(args: lexopt::Parser) -> Result<ExitCode, Failure> {
    let Some(options) = parse(args)? else { return print(HELP) };
    let prediction = predict(&options);
    print(&if options.json { json(&options, &prediction) } else { tables(&options, &prediction) })
}

/// `None` when help was asked for.
fn parse(mut args: lexopt::Parser) -> Result<Option<Options>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let (mut n, mut r, mut w, mut latency) = (None, None, None, None);
    let (mut coordinator, mut at) = (Coordinator::Outside, MOMENTS.to_owned());
    let (mut trials, mut seed, mut json) = (TRIALS, 0, false);
    let replicas = 1..=Model::MAX_N;
    while let Some(argument) = args.next()? {
        match argument {
            Long("n") => n = Some(options::number(&mut args, "--n", replicas.clone())?),
            Long("r") => r = Some(options::number(&mut args, "--r", replicas.clone())?),
            Long("w") => w = Some(options::number(&mut args, "--w", replicas.clone())?),
            Long("latency") => latency = Some(options::text(&mut args, "--latency")?),
            Long("coordinator") => {
                coordinator = coordinator_of(&options::text(&mut args, "--coordinator")?)?;
            }
            Long("at") => at = options::text(&mut args, "--at")?,
            Long("trials") => trials = options::number(&mut args, "--trials", 1..=Trials::MAX)?,
            Long("seed") => seed = options::seed(&mut args)?,
            Long("json") => json = true,
            Long("help") | Short('h') => return Ok(None),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "predict")),
        }
    }
    let (n, r, w) = (needed(n, "--n N")?, needed(r, "--r R")?, needed(w, "--w W")?);
    for (option, given, what) in [("--r", r, "replies"), ("--w", w, "acknowledgements")] {
        if given > n {
            return Err(Failure::usage(format!(
                "{option} {given} is more than --n {n}: 1 to {n} {what} can be waited for"
            )));
        }
    }
    let latency = needed(latency, "--latency L")?;
    let legs = Latency::parse(&latency).map_err(|why| Failure::usage(format!("--latency: {why}")))?;
    let model = Model::new(n, r, w, legs, coordinator).map_err(Failure::usage)?;
    let at = moments(&at)?;
    Ok(Some(Options { numbers: (n, r, w), latency, coordinator, model, at, trials, seed, json }))
}

fn needed<T>(value: Option<T>, option: &str) -> Result<T, Failure> {
    value.ok_or_else(|| {
        Failure::usage(format!(
            "'ringside predict' needs {option}, such as 'ringside predict --n 3 --r 1 --w 1 --latency lnkd-disk'"
        ))
    })
}

fn coordinator_of(text: &str) -> Result<Coordinator, Failure> {
    match text {
        "outside" => Ok(Coordinator::Outside),
        "replica" => Ok(Coordinator::Replica),
        _ => {
            let text = text.escape_debug();
            Err(Failure::usage(format!("--coordinator {text} is not known; it is outside or replica")))
        }
    }
}

fn moments(text: &str) -> Result<Vec<Span>, Failure> {
    let count = text.split(',').count();
    if count > MAX_MOMENTS {
        return Err(Failure::usage(format!("--at has {count} moments; at most {MAX_MOMENTS} are allowed")));
    }
    let moment = |text: &str| span(text.trim()).map_err(|why| Failure::usage(format!("--at: {why}")));
    text.split(',').map(moment).collect()
}

fn predict(options: &Options) -> Prediction {
    let (mut trials, mut progress) = (Trials::new(options.model, options.seed), Progress::new());
    while trials.count() < options.trials {
        trials.run(PORTION.min(options.trials - trials.count()));
        progress.at(trials.count().into(), options.trials.into());
    }
    trials.prediction()
}

/// The names of the fields are public: see `docs/predict.md`.
#[derive(Debug, Serialize)]
struct Report<'a> {
    n: u32,
    r: u32,
    w: u32,
    latency: &'a str,
    trials: u32,
    fresh: Vec<Fresh>,
    t_ms: Percentiles,
    latency_ms: Latencies,
}

#[derive(Debug, Serialize)]
struct Fresh {
    t_ms: Json,
    p: f64,
}

#[derive(Debug, Serialize)]
struct Percentiles {
    p99: Json,
    p999: Json,
}

#[derive(Debug, Serialize)]
struct Latencies {
    read: Took,
    write: Took,
}

#[derive(Debug, Serialize)]
struct Took {
    p50: Json,
    p99: Json,
    p999: Json,
}

fn json(options: &Options, prediction: &Prediction) -> String {
    let quantile = |waits: &Waits, thousandths| {
        waits.quantile(thousandths).map_or(Json::Null, |span| ms(span.as_micros()))
    };
    let took =
        |waits| Took { p50: quantile(waits, 500), p99: quantile(waits, 990), p999: quantile(waits, 999) };
    let (waits, (n, r, w)) = (prediction.waits(), options.numbers);
    let fresh = |at: &Span| Fresh { t_ms: ms(at.as_micros()), p: waits.within(*at) };
    let report = Report {
        n,
        r,
        w,
        latency: &options.latency,
        trials: options.trials,
        fresh: options.at.iter().map(fresh).collect(),
        t_ms: Percentiles { p99: quantile(waits, 990), p999: quantile(waits, 999) },
        latency_ms: Latencies { read: took(prediction.reads()), write: took(prediction.writes()) },
    };
    let mut text =
        serde_json::to_string_pretty(&report).expect("plain structs of numbers and texts are JSON");
    text.push('\n');
    text
}

fn tables(options: &Options, prediction: &Prediction) -> String {
    let (waits, (n, r, w)) = (prediction.waits(), options.numbers);
    let coordinator = match options.coordinator {
        Coordinator::Outside => "a coordinator outside of the replicas",
        Coordinator::Replica => "a random replica as the coordinator of each operation",
    };
    let rows = |head: [&str; 4], rows: Vec<Vec<String>>| {
        let head = head.iter().map(|cell| (*cell).to_owned()).collect();
        text::table(&[vec![head], rows].concat())
    };
    let fresh = |at: &Span| {
        let p = waits.within(*at);
        vec![at.to_string(), format!("{:.2} %", p * 100.0)]
    };
    let fresh = rows(["t", "fresh", "", ""], options.at.iter().map(fresh).collect());
    let quantile = |waits: &Waits, thousandths| {
        waits.quantile(thousandths).map_or("never within 1 h".to_owned(), |span| span.to_string())
    };
    let took = |name: &str, waits: &Waits| {
        vec![name.to_owned(), quantile(waits, 500), quantile(waits, 990), quantile(waits, 999)]
    };
    let took = rows(
        ["", "p50", "p99", "p99.9"],
        vec![took("read", prediction.reads()), took("write", prediction.writes())],
    );
    format!(
        "N = {n}, R = {r}, W = {w}, latency {}, {coordinator}\ntrials: {}, seed {}\n\n\
         Reads that begin t after a write was acknowledged\n{fresh}\n\
         99 % are fresh from t = {} on, 99.9 % from t = {} on.{}\n\n\
         Time until the client has its answer\n{took}",
        options.latency.escape_debug(),
        options.trials,
        options.seed,
        quantile(waits, 990),
        quantile(waits, 999),
        if r + w > n { " R + W > N: every read meets every write." } else { "" },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASIC: [&str; 8] = ["--n", "3", "--r", "1", "--w", "1", "--latency", "lnkd-disk"];

    fn refused(args: &[&str]) -> String {
        parse(lexopt::Parser::from_args(args)).unwrap_err().to_string()
    }

    fn options(more: &[&str]) -> Options {
        parse(lexopt::Parser::from_args([&BASIC, more].concat())).unwrap().expect("no help was asked for")
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let options = options(&[]);
        assert_eq!((options.coordinator, options.trials, options.seed), (Coordinator::Outside, TRIALS, 0));
        assert_eq!(
            options.at.iter().map(|at| at.as_micros() / 1_000).collect::<Vec<_>>(),
            [0, 1, 5, 10, 50, 100]
        );
    }

    #[test]
    fn a_mistake_is_named() {
        assert!(refused(&[]).contains("needs --n N"), "{}", refused(&[]));
        assert!(refused(&BASIC[..6]).contains("needs --latency L"));
        let many = "0ms,".repeat(1_000) + "0ms";
        for (more, must_say) in [
            (&["--n", "17"][..], "--n 17 is not a whole number from 1 to 16"),
            (&["--r", "4"], "--r 4 is more than --n 3: 1 to 3 replies can be waited for"),
            (&["--w", "4"], "--w 4 is more than --n 3: 1 to 3 acknowledgements"),
            (&["--latency", "fast"], "--latency: \"fast\" is no delay; write \"1ms\""),
            (&["--latency", "write=wan"], "--latency: write=wan"),
            (&["--coordinator", "inside"], "--coordinator inside is not known; it is outside or replica"),
            (&["--at", "0ms,1"], "--at: \"1\" is no duration"),
            (&["--at", ""], "--at: \"\" is no duration"),
            (&["--at", &many], "--at has 1001 moments; at most 1000"),
            (&["--trials", "0"], "--trials 0 is not a whole number from 1 to 10000000"),
            (&["--trials", "10000001"], "from 1 to 10000000"),
            (&["--seed", "x"], "--seed x is not a whole number"),
            (&["stray"], "'stray'"),
        ] {
            let why = refused(&[&BASIC, more].concat());
            assert!(why.contains(must_say) && !why.contains('\n'), "{more:?}: {why}");
        }
    }

    #[test]
    fn the_tables_say_what_the_json_says() {
        let options = options(&[
            "--trials",
            "2000",
            "--at",
            "0ms,10ms",
            "--latency",
            "write=10ms",
            "--coordinator",
            "replica",
        ]);
        let prediction = predict(&options);
        let p = prediction.waits().within(Span::ZERO) * 100.0;
        let tables = tables(&options, &prediction);
        for part in [
            "N = 3, R = 1, W = 1, latency write=10ms, a random replica as the coordinator of each operation\n",
            &format!("  0 ms   {p:.2} %\n  10 ms  100.00 %\n"),
            "99 % are fresh from t = 10 ms on, 99.9 % from t = 10 ms on.\n",
            "         p50   p99   p99.9\n  read   0 ms  0 ms  0 ms\n",
        ] {
            assert!(tables.contains(part), "{part}\n{tables}");
        }
        assert!(
            json(&options, &prediction)
                .contains(&format!("\"p\": {}", prediction.waits().within(Span::ZERO)))
        );
    }
}
