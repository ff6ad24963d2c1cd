//! Scenario files as arguments: what is in them, or one line that says where the mistake is.

use crate::failure::Failure;
use ringside_sim::Scenario;
use ringside_sim::scenario::builtin;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The scenario in a file; `-` is standard input.
///
/// # Errors
/// Where it cannot be read or is no scenario: `FILE: …` or `FILE:LINE:COLUMN: …`.
pub(crate) fn scenario(file: &OsStr) -> Result<Scenario, Failure> {
    let name = file.to_string_lossy().escape_debug().to_string();
    let bytes =
        read(file).map_err(|error| Failure::usage(format!("{name}: {}", unreadable(file, &error))))?;
    Scenario::from_bytes(&bytes).map_err(|error| {
        let space = if error.place.is_some() { "" } else { " " };
        Failure::usage(format!("{name}:{space}{error}"))
    })
}

/// At most one byte more than a scenario may have, so that an endless file is refused, too.
fn read(file: &OsStr) -> io::Result<Vec<u8>> {
    let most = u64::try_from(Scenario::MAX_BYTES).unwrap_or(u64::MAX) + 1;
    let mut bytes = Vec::new();
    if file == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        if Path::new(file).is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn unreadable(file: &OsStr, error: &io::Error) -> String {
    let known = file.to_str().filter(|name| builtin(name).is_some());
    match (error.kind(), known) {
        (io::ErrorKind::NotFound, Some(name)) => {
            format!(
                "there is no such file; the built-in scenario is static/scenarios/{name}.toml in the sources"
            )
        }
        (io::ErrorKind::NotFound, None) => {
            "there is no such file; give the path of a scenario, a TOML file, or - for standard input"
                .to_owned()
        }
        (io::ErrorKind::IsADirectory, _) => {
            "this is a directory; give the path of one scenario, a TOML file".to_owned()
        }
        _ => format!("this cannot be read: {error}"),
    }
}
