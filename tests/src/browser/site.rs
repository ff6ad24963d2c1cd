//! A small web server for the built page, on a free port of the loopback interface.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The path under which everything lies: a page that only works at the root of a host fails its tests.
const PREFIX: &str = "/some/where/";

/// Serves a folder until dropped. It knows neither caching nor compression.
#[derive(Debug)]
pub struct Site {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    extra: BTreeMap<String, String>,
    asked: Mutex<Vec<String>>,
    /// What is withheld, and how often yet.
    withheld: Mutex<(String, usize)>,
    over: AtomicBool,
}

impl Site {
    /// Serves `folder`, and `extra` files by path and text beside it, as the page of somebody who embeds ours.
    #[must_use]
    pub fn start(folder: &Path, extra: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback interface has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            extra: extra.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
            asked: Mutex::default(),
            withheld: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if server.over.load(Ordering::SeqCst) {
                    break;
                }
                let server = Arc::clone(&server);
                // A browser that hangs up early is no failure of the page.
                std::thread::spawn(move || drop(server.answer(stream)));
            }
        });
        Self { port, shared }
    }

    /// The address of a file of the folder, perhaps with a fragment: `""` is the page, `"#s=sandbox"` the page at
    /// that scenario, `"embed.html"` another page.
    #[must_use]
    pub fn url(&self, rest: &str) -> String {
        format!("http://127.0.0.1:{}{PREFIX}{rest}", self.port)
    }

    /// Acts as if files whose name ends in `end` were not there, the next `times` times one is asked for.
    pub fn withhold(&self, end: &str, times: usize) {
        if let Ok(mut withheld) = self.shared.withheld.lock() {
            *withheld = (end.to_owned(), times);
        }
    }

    /// The paths that have been asked for, in order and relative to the folder (`index.html` for the page itself);
    /// those that are not there begin with `missing: `.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // The server looks at the flag when somebody comes.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut header = String::new();
        while reader.read_line(&mut header)? > 0 && !header.trim_end().is_empty() {
            header.clear();
        }
        let path = line.split(' ').nth(1).unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let (path, body) = self.look_up(path);
        let (status, body) = body.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Connection: close\r\n\r\n",
            media_type(&path),
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body)
    }

    /// The file at a path of the server, relative to the folder, and what is in it.
    fn look_up(&self, path: &str) -> (String, Option<Vec<u8>>) {
        let inside = path.strip_prefix(PREFIX);
        let name = match inside {
            Some("") => "index.html",
            Some(name) => name,
            None => path,
        };
        let withheld = self.withheld.lock().is_ok_and(|mut withheld| {
            let (end, times) = &mut *withheld;
            let now = *times > 0 && name.ends_with(end.as_str());
            *times -= usize::from(now);
            now
        });
        let allowed = inside.is_some() && !withheld && !name.split('/').any(|part| part == "..");
        let body = allowed.then(|| match self.extra.get(name) {
            Some(text) => Some(text.clone().into_bytes()),
            None => fs::read(self.folder.join(name)).ok(),
        });
        let body = body.flatten();
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(if body.is_some() { name.to_owned() } else { format!("missing: {name}") });
        }
        (name.to_owned(), body)
    }
}

/// The media type of a file, by its extension.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        "toml" => "application/toml",
        _ => "application/octet-stream",
    }
}
