//! The W3C WebDriver protocol, as far as the tests need it: JSON over HTTP to a chromedriver of one's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Seconds until a command of the driver counts as hung; longer than a script may take.
const HUNG: Duration = Duration::from_secs(120);
/// How often a driver and its browser are started before that counts as broken.
const STARTS: usize = 5;
/// Milliseconds a script may take.
const SCRIPT_MS: u64 = 60_000;
/// No sandbox: it does not start as root, as CI is, and the pages shown are our own. The rest keeps the browser from
/// the network and from first-run business.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
];

/// A driver and its one session. The driver makes a fresh profile for it and removes it afterwards.
#[derive(Debug)]
pub(super) struct Driver {
    process: Child,
    port: u16,
    session: String,
}

/// What the driver says when a command fails: the code, such as `stale element reference`, and the message.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: String,
    pub(super) message: String,
}

impl Driver {
    /// Starts chromedriver on a free port and opens a session.
    ///
    /// Of a port that is free for IPv4, chromedriver finds out only afterwards whether it is free for IPv6 too, and
    /// ends if another process has taken it in between; a browser that starts on a busy machine can time out. Neither
    /// is a flaw of the page, so both are tried again, and what was said each time is told if none succeeds.
    pub(super) fn start() -> Self {
        let mut said = Vec::new();
        while said.len() < STARTS {
            match Self::try_start() {
                Ok(driver) => return driver,
                Err(error) => said.push(error),
            }
        }
        panic!("no browser after {STARTS} attempts:\n{}", said.join("\n"));
    }

    fn try_start() -> Result<Self, String> {
        let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let mut process = Command::new(&program)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        // From here on, to drop it ends the process.
        let mut driver = Self { process, port: 0, session: String::new() };
        let mut said = Vec::new();
        driver.port = loop {
            let Some(Ok(line)) = lines.next() else {
                return Err(format!("{} did not say its port, but: {}", program.display(), said.join(" / ")));
            };
            let port =
                line.split_once("successfully on port ").map(|(_, port)| port.trim_end_matches('.').parse());
            if let Some(Ok(port)) = port {
                break port;
            }
            said.push(line);
        };
        // What it says later is of no interest, but it must not block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        driver.session = driver.open_session()?;
        driver.must("POST", "/timeouts", &json!({"script": SCRIPT_MS}));
        Ok(driver)
    }

    fn open_session(&self) -> Result<String, String> {
        let mut options = json!({"args": FLAGS});
        if let Some(browser) = std::env::var_os("CHROME") {
            options["binary"] = json!(browser.to_string_lossy());
        }
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = self.send("POST", "/session", &wanted).map_err(|refused| {
            format!("chromedriver did not open a browser: {}: {}", refused.code, refused.message)
        })?;
        Ok(answer["sessionId"].as_str().expect("a session has an id").to_owned())
    }

    /// A command of this session; `path` is what follows the session's id.
    pub(super) fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send(method, &format!("/session/{}{path}", self.session), body)
    }

    /// The same for a command that only fails when something is broken.
    pub(super) fn must(&self, method: &str, path: &str, body: &Value) -> Value {
        self.call(method, path, body)
            .unwrap_or_else(|refused| panic!("{method} {path}: {}: {}", refused.code, refused.message))
    }

    /// A command of the DevTools protocol.
    pub(super) fn cdp(&self, command: &str, parameters: &Value) -> Result<Value, Refused> {
        self.call("POST", "/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let text = self
            .exchange(method, path, &body.to_string())
            .unwrap_or_else(|error| panic!("chromedriver does not answer {method} {path}: {error}"));
        let mut answer: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("chromedriver answers {method} {path} with {text:?}: {error}"));
        let value = answer["value"].take();
        let Some(code) = value.get("error").and_then(Value::as_str) else { return Ok(value) };
        let message = value["message"].as_str().unwrap_or_default();
        Err(Refused { code: code.to_owned(), message: message.lines().next().unwrap_or_default().to_owned() })
    }

    /// One HTTP request on a connection of its own.
    fn exchange(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(HUNG))?;
        let body = if method == "POST" { body } else { "" };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim_end().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(std::io::Error::other)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver closes the browser and removes its profile; killed first, it would leave both behind. A panic
        // in here, while another unwinds, would abort the whole test process, hence no `send`.
        if !self.session.is_empty() {
            let _ = self.exchange("DELETE", &format!("/session/{}", self.session), "");
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
