//! What `ringside swarm` is asked to do.

use crate::failure::Failure;
use crate::options;
use std::path::PathBuf;
use std::thread::available_parallelism;

/// The most threads: more than any machine has use for.
const MAX_JOBS: u32 = 1_024;

/// The options of `ringside swarm`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// The first seed.
    pub(super) from: u64,
    /// The seed after the last.
    pub(super) to: u64,
    pub(super) jobs: u32,
    /// This part of so many: the seeds whose remainder by the second is the first.
    pub(super) shard: (u64, u64),
    pub(super) json: bool,
    pub(super) out: PathBuf,
}

impl Options {
    /// The seeds of this shard, in order.
    pub(super) fn seeds(&self) -> impl Iterator<Item = u64> + use<> {
        let (part, of) = self.shard;
        (self.from..self.to).filter(move |seed| seed % of == part)
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        let (part, of) = self.shard;
        // How many below `end` have the remainder.
        let below = |end: u64| end / of + u64::from(end % of > part);
        below(self.to) - below(self.from)
    }
}

/// `None` when help was asked for.
pub(super) fn parse(mut args: lexopt::Parser) -> Result<Option<Options>, Failure> {
    use lexopt::Arg::{Long, Short, Value};
    let cores = available_parallelism().map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(MAX_JOBS));
    let mut found = Options {
        from: 0,
        to: 1_000,
        jobs: cores.min(MAX_JOBS),
        shard: (0, 1),
        json: false,
        out: PathBuf::from("swarm"),
    };
    while let Some(argument) = args.next()? {
        match argument {
            Long("seeds") => (found.from, found.to) = seeds(&options::text(&mut args, "--seeds")?)?,
            Long("jobs") => found.jobs = options::number(&mut args, "--jobs", 1..=MAX_JOBS)?,
            Long("shard") => found.shard = shard(&options::text(&mut args, "--shard")?)?,
            Long("json") => found.json = true,
            Long("out") => found.out = PathBuf::from(args.value()?),
            Long("help") | Short('h') => return Ok(None),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(options::unexpected(&other, "swarm")),
        }
    }
    Ok(Some(found))
}

fn seeds(text: &str) -> Result<(u64, u64), Failure> {
    let range = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    // A scenario file holds seeds below 2^63.
    range.filter(|(from, to)| from < to && *to <= 1 << 63).ok_or_else(|| {
        let text = text.escape_debug();
        Failure::usage(format!(
            "--seeds {text} is no range; write the first seed and the one after the last, such as 0..1000"
        ))
    })
}

fn shard(text: &str) -> Result<(u64, u64), Failure> {
    let shard = text.split_once('/').and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    shard.filter(|(part, of)| part < of).ok_or_else(|| {
        let text = text.escape_debug();
        Failure::usage(format!(
            "--shard {text} is no part of a whole; write the part, from 0, and how many there are, such as 0/8"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Options, String> {
        let found = parse(lexopt::Parser::from_args(args)).map_err(|error| error.to_string())?;
        Ok(found.expect("no help was asked for"))
    }

    #[test]
    fn shards_share_out_every_seed_once() {
        let mut all: Vec<u64> = Vec::new();
        for part in 0..3 {
            let shard = format!("{part}/3");
            let options = parsed(&["--seeds", "5..25", "--shard", &shard, "--jobs", "2"]).unwrap();
            assert_eq!(options.seeds().count() as u64, options.count());
            all.extend(options.seeds());
        }
        all.sort_unstable();
        assert_eq!(all, (5..25).collect::<Vec<u64>>());
    }

    #[test]
    fn a_mistake_is_named() {
        for (args, must_say) in [
            (&["--seeds", "10"][..], "such as 0..1000"),
            (&["--seeds", "9..9"], "is no range"),
            (&["--seeds", "0..9223372036854775809"], "is no range"),
            (&["--shard", "8/8"], "such as 0/8"),
            (&["--shard", "0/0"], "such as 0/8"),
            (&["--jobs", "0"], "from 1 to 1024"),
            (&["more"], "'more' means nothing"),
        ] {
            let message = parsed(args).unwrap_err();
            assert!(message.contains(must_say), "{args:?}: {message}");
        }
    }
}
