//! The command line of xtask.

use lexopt::prelude::*;

use crate::failure::Failure;

/// What `cargo xtask --help` prints.
pub(crate) const USAGE: &str = "\
Builds, serves and tests Ringside. Installs the tools it lacks into a cache of its own.

usage: cargo xtask COMMAND

  serve [--release] [--port N]  build the page and serve it at http://127.0.0.1:8080/
  test [--quick]                everything CI runs; --quick leaves out the browser
  build                         the page to host, into dist/
  bench [NAME]...               what the page costs, as a table: native, small, large, seeks; all of them by default
  learn                         note what a first picture does not need, in split/later.txt
  gallery                       every view of the page in both themes and three sizes, into target/gallery
  tools                         install the tools and say where they are

Environment: RINGSIDE_TOOLS (folder of the cache; default ~/.cache/ringside), CHROME and CHROMEDRIVER (paths of
a browser and its driver).
";

/// The port `serve` listens on unless told otherwise.
const PORT: u16 = 8080;

/// One call of xtask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print the usage.
    Help,
    /// Everything CI runs.
    Test {
        /// Leave out what needs a browser.
        quick: bool,
    },
    /// The page to host.
    Build,
    /// The benchmarks.
    Bench {
        /// Which; none for all.
        names: Vec<String>,
    },
    /// What of the page may come later.
    Learn,
    /// The page, rebuilt when a file changes.
    Serve {
        /// As it is hosted: optimised.
        release: bool,
        /// TCP port on the loopback interface.
        port: u16,
    },
    /// Pictures of the page.
    Gallery,
    /// Only install.
    Tools,
}

/// Reads a command line.
///
/// # Errors
/// Says which word is not understood, or which value is out of range.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, Failure> {
    let wrong = |error: lexopt::Error| Failure::unusable(format!("{error}; see: cargo xtask --help"));
    let mut command = None;
    while let Some(argument) = parser.next().map_err(wrong)? {
        command = Some(match (command, argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help),
            (None, Value(word)) => named(&word.to_string_lossy())?,
            (Some(Command::Test { .. }), Long("quick")) => Command::Test { quick: true },
            (Some(Command::Serve { port, .. }), Long("release")) => Command::Serve { release: true, port },
            (Some(Command::Serve { release, .. }), Long("port")) => {
                let port = parser.value().and_then(|value| value.parse()).map_err(wrong)?;
                Command::Serve { release, port }
            }
            (Some(Command::Bench { mut names }), Value(name)) => {
                names.push(name.to_string_lossy().into_owned());
                Command::Bench { names }
            }
            (_, other) => return Err(wrong(other.unexpected())),
        });
    }
    Ok(command.unwrap_or(Command::Help))
}

/// The command called `word`, without any option.
fn named(word: &str) -> Result<Command, Failure> {
    Ok(match word {
        "help" => Command::Help,
        "test" => Command::Test { quick: false },
        "build" => Command::Build,
        "bench" => Command::Bench { names: Vec::new() },
        "serve" => Command::Serve { release: false, port: PORT },
        "learn" => Command::Learn,
        "gallery" => Command::Gallery,
        "tools" => Command::Tools,
        _ => return Err(Failure::unusable(format!("there is no command {word}; see: cargo xtask --help"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Command, Failure> {
        parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn options_follow_their_command() {
        assert_eq!(read(&["test", "--quick"]), Ok(Command::Test { quick: true }));
        let names = vec!["small".to_owned(), "seeks".to_owned()];
        assert_eq!(read(&["bench", "small", "seeks"]), Ok(Command::Bench { names }));
        assert_eq!(read(&["serve"]), Ok(Command::Serve { release: false, port: 8080 }));
        assert_eq!(
            read(&["serve", "--port", "9000", "--release"]),
            Ok(Command::Serve { release: true, port: 9000 })
        );
        assert_eq!(read(&[]), Ok(Command::Help));
    }

    #[test]
    fn what_is_not_understood_is_said_with_status_2() {
        for words in
            [&["build", "--quick"][..], &["serve", "--port", "70000"], &["paint"], &["test", "twice"]]
        {
            let failure = read(words).expect_err("not a call of xtask");
            assert_eq!(failure.status, 2, "{words:?}");
            assert!(failure.message.ends_with("see: cargo xtask --help"), "{}", failure.message);
        }
    }
}
