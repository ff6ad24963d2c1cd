//! The browser as a whole: opening a page, scripts, waiting, the console, emulation, pictures.

use std::cell::RefCell;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use super::driver::Driver;
use super::locator::Locator;
use super::{PATIENCE, axe, keys, root};

/// One line of the browser's console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleEntry {
    /// `SEVERE` (errors, what could not be loaded, what the policy refused), `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// Where it was said, and what.
    pub message: String,
}

/// A browser of its own, with one window and a fresh profile; closed when dropped.
pub struct Browser {
    pub(super) driver: Driver,
    console: RefCell<Vec<ConsoleEntry>>,
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("driver", &self.driver).finish_non_exhaustive()
    }
}

impl Browser {
    /// Starts headless Chromium, 1440 × 900, light.
    #[must_use]
    pub fn start() -> Self {
        let browser = Self { driver: Driver::start(), console: RefCell::default() };
        browser.resize(1440, 900);
        browser.emulate_media(&[("prefers-color-scheme", "light")]);
        browser
    }

    /// Opens an address and waits until the page runs, that is, until the wasm has started, has drawn once, and the
    /// rest of it has come.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.open_raw(url);
        self.wait_running();
    }

    /// Opens an address and waits only for the document: for pages that are not Ringside's own, and for links that
    /// must not start it. If only the fragment differs from the address before, nothing is loaded.
    #[track_caller]
    pub fn open_raw(&self, url: &str) {
        self.driver.must("POST", "/url", &json!({"url": url}));
    }

    /// Loads the page again, and waits as [`Browser::open`] does.
    #[track_caller]
    pub fn reload(&self) {
        self.driver.must("POST", "/refresh", &json!({}));
        self.wait_running();
    }

    #[track_caller]
    fn wait_running(&self) {
        self.wait_until("the page runs", "document.documentElement.dataset.state === 'running'");
        self.wait_until("the rest has come", "document.documentElement.dataset.rest !== 'coming'");
        self.next_frame();
    }

    /// The address shown, with its fragment.
    #[must_use]
    pub fn url(&self) -> String {
        self.driver.must("GET", "/url", &Value::Null).as_str().unwrap_or_default().to_owned()
    }

    /// The elements of a role and an exact accessible name, as Chromium's accessibility tree has them. Roles are
    /// those of ARIA, implied ones included: `slider` is also an `input type=range`, `combobox` a `select`, `textbox`
    /// a text input, `region` a `section` with a name.
    #[must_use]
    pub fn get(&self, role: &str, name: &str) -> Locator<'_> {
        Locator::new(self, role, Some(name))
    }

    /// The elements of a role, whatever their name.
    #[must_use]
    pub fn all(&self, role: &str) -> Locator<'_> {
        Locator::new(self, role, None)
    }

    /// A button by its name.
    #[must_use]
    pub fn button(&self, name: &str) -> Locator<'_> {
        self.get("button", name)
    }

    /// A slider by its name.
    #[must_use]
    pub fn slider(&self, name: &str) -> Locator<'_> {
        self.get("slider", name)
    }

    /// A text input by its name.
    #[must_use]
    pub fn textbox(&self, name: &str) -> Locator<'_> {
        self.get("textbox", name)
    }

    /// A choice list by its name.
    #[must_use]
    pub fn combobox(&self, name: &str) -> Locator<'_> {
        self.get("combobox", name)
    }

    /// A tab by its name.
    #[must_use]
    pub fn tab(&self, name: &str) -> Locator<'_> {
        self.get("tab", name)
    }

    /// A landmark region by its name.
    #[must_use]
    pub fn region(&self, name: &str) -> Locator<'_> {
        self.get("region", name)
    }

    /// The one live status.
    #[must_use]
    pub fn status(&self) -> Locator<'_> {
        self.all("status")
    }

    /// Presses keys wherever the focus is; see [`keys`].
    #[track_caller]
    pub fn press(&self, text: &str) {
        let (held, text) = text.strip_prefix(keys::SHIFT).map_or((false, text), |rest| (true, rest));
        let mut actions = Vec::new();
        if held {
            actions.push(json!({"type": "keyDown", "value": keys::SHIFT}));
        }
        for key in text.chars() {
            actions.push(json!({"type": "keyDown", "value": key.to_string()}));
            actions.push(json!({"type": "keyUp", "value": key.to_string()}));
        }
        if held {
            actions.push(json!({"type": "keyUp", "value": keys::SHIFT}));
        }
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.driver.must("POST", "/actions", &body);
    }

    /// Moves the mouse to a place, in CSS pixels from the top left corner of the window.
    #[track_caller]
    pub fn hover_at(&self, x: f64, y: f64) {
        self.pointer(x, y, &[]);
    }

    /// Clicks at a place: for what is drawn and is no element. Elements are clicked by [`Locator::click`].
    #[track_caller]
    pub fn click_at(&self, x: f64, y: f64) {
        self.pointer(
            x,
            y,
            &[json!({"type": "pointerDown", "button": 0}), json!({"type": "pointerUp", "button": 0})],
        );
    }

    #[track_caller]
    fn pointer(&self, x: f64, y: f64, then: &[Value]) {
        // The protocol takes whole pixels.
        let mut actions =
            vec![json!({"type": "pointerMove", "duration": 0, "x": x.round() as i64, "y": y.round() as i64})];
        actions.extend_from_slice(then);
        let mouse = json!({"type": "pointer", "id": "mouse", "actions": actions});
        self.driver.must("POST", "/actions", &json!({"actions": [mouse]}));
    }

    /// Role and accessible name of the element that has the focus, such as `("button", "Play")`.
    #[must_use]
    pub fn focused(&self) -> (String, String) {
        let element = self.driver.must("GET", "/element/active", &Value::Null);
        let id = element.as_object().and_then(|object| object.values().next()).and_then(Value::as_str);
        let id = id.expect("some element always has the focus, the body at least");
        let ask = |what: &str| {
            let answer = self.driver.must("GET", &format!("/element/{id}/{what}"), &Value::Null);
            answer.as_str().unwrap_or_default().to_owned()
        };
        (ask("computedrole"), ask("computedlabel"))
    }

    /// Runs the body of a function in the page, past its policy, and gives what it returns as JSON; `arguments`
    /// holds the arguments.
    ///
    /// # Panics
    /// When the script throws.
    #[track_caller]
    pub fn execute(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver.must("POST", "/execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// The same for a script that ends by calling its last argument with the result; it may take a minute.
    ///
    /// # Panics
    /// When the script throws, or never ends.
    #[track_caller]
    pub fn execute_async(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver.must("POST", "/execute/async", &json!({"script": script, "args": arguments}))
    }

    /// Waits until an expression of the page's JavaScript is true, and asks once a frame. `what` says for whom it
    /// may concern what was waited for. An expression that throws is not true yet.
    ///
    /// # Panics
    /// When it is not true within [`PATIENCE`].
    #[track_caller]
    pub fn wait_until(&self, what: &str, expression: &str) {
        let script = format!(
            "const [limit, done] = arguments, end = performance.now() + limit;
             let said = '';
             (function look() {{
               let good = false;
               try {{ good = !!({expression}); said = ''; }} catch (error) {{ said = String(error); }}
               if (good) done(null);
               else if (performance.now() > end) done('not within ' + limit + ' ms; ' + said);
               else requestAnimationFrame(look);
             }})();"
        );
        let limit = u64::try_from(PATIENCE.as_millis()).expect("a few seconds");
        let answer = self.execute_async(&script, &[json!(limit)]);
        if let Some(said) = answer.as_str() {
            self.fail(&format!("{what}: {said}\n  {expression}"));
        }
    }

    /// Lets the page draw once.
    #[track_caller]
    pub fn next_frame(&self) {
        let script = "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 0));";
        self.execute_async(script, &[]);
    }

    /// Calls `look` once a frame until it gives something, and gives that. For conditions that no single expression
    /// of the page's JavaScript says; the last `Err` is what the test fails with.
    ///
    /// # Panics
    /// When it gives nothing within [`PATIENCE`].
    #[track_caller]
    pub fn poll<T>(&self, mut look: impl FnMut() -> Result<T, String>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            match look() {
                Ok(found) => return found,
                Err(why) if Instant::now() > end => self.fail(&why),
                Err(_) => self.next_frame(),
            }
        }
    }

    /// Ends the test with what went wrong and what the console says about it.
    #[track_caller]
    fn fail(&self, what: &str) -> ! {
        let said: Vec<_> = self.console().into_iter().map(|entry| entry.message).collect();
        panic!("{what}\n  console: {said:?}");
    }

    /// Everything the console has said since the browser started.
    #[must_use]
    pub fn console(&self) -> Vec<ConsoleEntry> {
        // Reading takes the lines away, so they are kept here.
        if let Ok(Value::Array(lines)) = self.driver.call("POST", "/se/log", &json!({"type": "browser"})) {
            let text = |line: &Value, field: &str| line[field].as_str().unwrap_or_default().to_owned();
            let lines = lines
                .iter()
                .map(|line| ConsoleEntry { level: text(line, "level"), message: text(line, "message") });
            self.console.borrow_mut().extend(lines);
        }
        self.console.borrow().clone()
    }

    /// # Panics
    /// When the console has shown an error or a warning: an exception, a file that is missing, something that the
    /// page's policy refused.
    #[track_caller]
    pub fn assert_no_errors(&self) {
        let loud = |entry: &ConsoleEntry| ["SEVERE", "WARNING"].contains(&entry.level.as_str());
        let errors: Vec<_> = self.console().into_iter().filter(loud).collect();
        assert!(errors.is_empty(), "the console shows {errors:#?}");
    }

    /// Sets the size of the page, in CSS pixels, one device pixel each.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.cdp("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Sets media features, such as `("prefers-color-scheme", "dark")`, `("prefers-reduced-motion", "reduce")` or
    /// `("forced-colors", "active")`; those not named go back to the browser's own.
    #[track_caller]
    pub fn emulate_media(&self, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        self.cdp("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Makes the processor `factor` times slower than it is.
    #[track_caller]
    pub fn throttle_cpu(&self, factor: u32) {
        self.cdp("Emulation.setCPUThrottlingRate", &json!({"rate": factor}));
    }

    /// A command of the DevTools protocol, for what this module has no word for.
    ///
    /// # Panics
    /// When the browser refuses it.
    #[track_caller]
    pub fn cdp(&self, command: &str, parameters: &Value) -> Value {
        self.driver
            .cdp(command, parameters)
            .unwrap_or_else(|refused| panic!("{command}: {}", refused.message))
    }

    /// Writes what the window shows to a PNG file, and makes the folders it lies in.
    #[track_caller]
    pub fn screenshot(&self, file: &Path) {
        let answer = self.cdp("Page.captureScreenshot", &json!({"format": "png"}));
        save_picture(file, &answer["data"]).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// What axe-core finds wrong with the whole page, a line each: rule, what it says, and where. Empty is good.
    ///
    /// # Panics
    /// When its script is not there: `cargo xtask tools` gets it.
    #[must_use]
    #[track_caller]
    pub fn accessibility_violations(&self) -> Vec<String> {
        axe::run(self)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let folder = root().join("target").join("e2e");
        if let Ok(answer) = self.driver.cdp("Page.captureScreenshot", &json!({"format": "png"}))
            && save_picture(&folder.join(format!("{name}.png")), &answer["data"]).is_ok()
        {
            let said: Vec<_> = self.console.borrow().iter().map(|entry| entry.message.clone()).collect();
            let _ = fs::write(folder.join(format!("{name}.log")), said.join("\n"));
            eprintln!("what the window showed is in {}", folder.join(format!("{name}.png")).display());
        }
    }
}

/// Writes a base64 string, as the browser gives a picture, to a file.
fn save_picture(file: &Path, data: &Value) -> std::io::Result<()> {
    let data = data.as_str().ok_or_else(|| std::io::Error::other("the browser gave no picture"))?;
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    fs::write(file, from_base64(data))
}

/// The bytes of a base64 text; what is not of its alphabet, padding included, is skipped.
fn from_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0);
    for six in text.bytes().filter_map(|byte| ALPHABET.iter().position(|&known| known == byte)) {
        bits = (bits << 6) | u32::try_from(six).expect("below 64");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).expect("eight bits are left"));
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::from_base64;

    #[test]
    fn base64_of_every_length() {
        for (text, bytes) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmFy", "foobar")]
        {
            assert_eq!(from_base64(text), bytes.as_bytes(), "{text}");
        }
    }
}
