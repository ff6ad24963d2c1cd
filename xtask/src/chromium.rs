//! Finding Chromium and its driver.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::tools::{Toolbox, on_path, works};

/// Names under which a browser of the Chromium family is installed.
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// Where macOS keeps it.
const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
/// Why both are needed.
const WHY: &str = "runs the browser tests";

/// The paths of the browser and of its driver.
#[derive(Debug, Clone)]
pub(crate) struct Chromium {
    /// The browser.
    pub(crate) browser: PathBuf,
    /// The driver, of the same version.
    pub(crate) driver: PathBuf,
}

/// Looks at `CHROME` and `CHROMEDRIVER`, then at the search path, then asks apt-get.
///
/// # Errors
/// Names the missing one and the command that gets it.
pub(crate) fn find(tools: &Toolbox) -> Result<Chromium, Failure> {
    if let Some(found) = look()? {
        return Ok(found);
    }
    tools.apt_get(&["chromium", "chromium-driver"]);
    look()?.ok_or_else(|| {
        Failure::missing(
            "Chromium with chromedriver",
            WHY,
            "apt-get install chromium chromium-driver (or set CHROME and CHROMEDRIVER to their paths)",
        )
    })
}

/// What is here now, if both are.
fn look() -> Result<Option<Chromium>, Failure> {
    let browser = match chosen("CHROME")? {
        Some(path) => Some(path),
        None => BROWSERS.iter().find_map(|name| on_path(name)).or_else(|| Some(MAC.into())),
    };
    let driver = match chosen("CHROMEDRIVER")? {
        Some(path) => Some(path),
        None => on_path("chromedriver"),
    };
    // Some distributions ship a stub in place of the browser: it has to answer.
    let (Some(browser), Some(driver)) = (browser, driver) else { return Ok(None) };
    Ok((works(&browser) && works(&driver)).then_some(Chromium { browser, driver }))
}

/// The path that the environment variable `name` sets.
fn chosen(name: &str) -> Result<Option<PathBuf>, Failure> {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else { return Ok(None) };
    let path = Path::new(&value);
    if works(path) {
        return Ok(Some(path.to_owned()));
    }
    Err(Failure::unusable(format!("{name} is set to {}, which does not run", path.display())))
}
