//! What the journeys share: a browser at the page, where its clock stands, what its inspector says.

use ringside_core::{Key, Time};
use ringside_scene::{Selection, View};
use ringside_sim::scenario::builtin;
use ringside_sim::{Recording, Scenario};
use ringside_tests::browser::{Browser, Locator, Site, dist};
use serde_json::{Value, json};

/// A visitor: a browser of its own at the page, and the server it came from.
pub(crate) struct Visit {
    pub(crate) page: Browser,
    pub(crate) site: Site,
}

/// What the slider `Timeline` says: "event 18 of 52, 5.3 ms".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) event: u64,
    pub(crate) of: u64,
    pub(crate) time: String,
}

impl Visit {
    /// Opens the page at a fragment.
    #[track_caller]
    pub(crate) fn to(fragment: &str) -> Self {
        let site = Site::start(&dist(), &[]);
        let page = Browser::start();
        page.open(&site.url(fragment));
        Self { page, site }
    }

    /// Opens the page at a fragment and unfolds everything that is folded.
    #[track_caller]
    pub(crate) fn unfolded(fragment: &str) -> Self {
        let visit = Self::to(fragment);
        visit.unfold();
        visit
    }

    /// Unfolds everything that is folded.
    pub(crate) fn unfold(&self) {
        self.page.execute("document.querySelectorAll('details').forEach((fold) => fold.open = true)", &[]);
    }

    /// Loads the page anew at another fragment; a fragment alone would only be followed.
    #[track_caller]
    pub(crate) fn anew(&self, fragment: &str) {
        self.page.open_raw("about:blank");
        self.page.open(&self.site.url(fragment));
    }

    /// Where the clock stands.
    #[track_caller]
    pub(crate) fn moment(&self) -> Moment {
        let words = self.page.slider("Timeline").attribute("aria-valuetext").unwrap_or_default();
        Moment::read(&words).unwrap_or_else(|| panic!("the timeline says {words:?}"))
    }

    /// Waits until the clock stands where `good` says, and gives where that is.
    #[track_caller]
    pub(crate) fn wait_moment(&self, what: &str, good: impl Fn(&Moment) -> bool) -> Moment {
        self.page.poll(|| {
            let now = self.moment();
            if good(&now) { Ok(now) } else { Err(format!("{what}: the clock stands at {now:?}")) }
        })
    }

    /// Presses a button of the transport and waits until the clock stands elsewhere.
    #[track_caller]
    pub(crate) fn move_by(&self, button: &str) -> Moment {
        let before = self.moment();
        self.page.button(button).click();
        self.wait_moment(&format!("{button} moves the clock"), |now| *now != before)
    }

    /// Goes to the end of the run.
    #[track_caller]
    pub(crate) fn to_end(&self) -> Moment {
        self.page.button("To end").click();
        self.wait_moment("To end", |now| now.event == now.of)
    }

    /// Types a key and a value.
    #[track_caller]
    pub(crate) fn type_request(&self, key: &str, value: &str) {
        self.page.textbox("Key").fill(key);
        self.page.textbox("Value").fill(value);
    }

    /// Presses `Put`, `Get` or `Delete` and waits until the run has the request.
    #[track_caller]
    pub(crate) fn ask(&self, button: &str) -> Moment {
        self.move_by(button)
    }

    /// Opens a tab of the inspector, and gives its panel.
    #[track_caller]
    pub(crate) fn tab(&self, name: &str) -> Locator<'_> {
        self.page.tab(name).click();
        let panel = self.page.region("Inspector").get("tabpanel", name);
        panel.wait();
        panel
    }

    /// Steps, by the unit that is chosen, until the text of a panel contains `part`; gives every text on the way.
    #[track_caller]
    pub(crate) fn step_until(&self, panel: &Locator<'_>, part: &str) -> Vec<String> {
        let mut texts = vec![panel.text()];
        while !texts.last().is_some_and(|text| text.contains(part)) {
            let now = self.moment();
            assert!(now.event < now.of, "the run ends without {part:?}: {texts:#?}");
            self.move_by("Step forward");
            texts.push(panel.text());
        }
        texts
    }

    /// Selects a node by its name and state.
    #[track_caller]
    pub(crate) fn select_node(&self, name: &str, state: &str) {
        self.page.get("group", "Nodes").get("button", &format!("Node {name}, {state}")).click();
        self.wait_selected(name, state);
    }

    /// Waits until a node is the selected one.
    #[track_caller]
    pub(crate) fn wait_selected(&self, name: &str, state: &str) {
        let node = self.page.get("group", "Nodes").get("button", &format!("Node {name}, {state}"));
        self.page.poll(|| match node.attribute("aria-pressed").as_deref() {
            Some("true") => Ok(()),
            pressed => Err(format!("{node}: aria-pressed is {pressed:?}")),
        });
    }

    /// Crashes or restarts the selected node, whose state is `before`, and waits until its state is `after`.
    #[track_caller]
    pub(crate) fn act_on_node(&self, button: &str, name: &str, [before, after]: [&str; 2]) {
        self.wait_selected(name, before);
        let ring = self.page.region("Ring");
        ring.get("button", button).click();
        ring.get("button", &format!("Node {name}, {after}")).wait();
    }

    /// What the page says of a claim where the clock stands: `holds`, `broken`, `not-applicable` or `open`.
    #[track_caller]
    pub(crate) fn verdict(&self, claim: &str) -> String {
        self.wait_judged();
        self.page.poll(|| {
            let text = self.page.region("Inspector").text();
            let mut words = text.split_whitespace().skip_while(|word| *word != claim);
            words
                .nth(1)
                .map(str::to_owned)
                .ok_or_else(|| format!("the inspector says nothing of {claim}: {text}"))
        })
    }

    /// Waits until the judges, who work beside the page, have had their say about where the clock stands.
    #[track_caller]
    pub(crate) fn wait_judged(&self) {
        // A scenario opens with the view it is about, which may be another.
        self.page.tab("Claims").click();
        self.page.wait_until("judged", "document.querySelector('.properties:not([aria-busy])')");
    }

    /// What the page's own wasm computes for a scenario, as a script beside the page would ask.
    #[track_caller]
    pub(crate) fn digest(&self, toml: &str) -> String {
        let script = "const [toml, done] = arguments;
            ringsideJudges('digestOf', toml).then(done, (error) => done('failed: ' + error));";
        text(&self.page.execute_async(script, &[json!(toml)]))
    }
}

impl Moment {
    fn read(words: &str) -> Option<Self> {
        let (event, rest) = words.strip_prefix("event ")?.split_once(" of ")?;
        let (of, time) = rest.split_once(", ")?;
        Some(Self { event: event.parse().ok()?, of: of.parse().ok()?, time: time.to_owned() })
    }
}

/// A string that a script gave.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no string: {value}")).to_owned()
}

/// A built-in scenario, run natively.
pub(crate) fn native(name: &str) -> Recording {
    let file = builtin(name).unwrap_or_else(|| panic!("there is no scenario {name}"));
    let mut recording = Recording::new(Scenario::parse(file).expect("a built-in scenario is right"));
    recording.run_to_end();
    recording
}

/// The nodes of the sandbox that hold a key, in the order of its preference list, then the others.
pub(crate) fn sandbox_nodes(key: &str) -> Vec<String> {
    let sandbox = native("sandbox");
    let nodes = sandbox.ring().preference(&Key::new(key), 5);
    nodes.iter().map(|node| sandbox.setup().name(*node).to_owned()).collect()
}

/// A moment as the page writes it.
pub(crate) fn written(event: u64, of: u64, time: Time) -> Moment {
    Moment { event, of, time: time.to_string() }
}

/// What `look` sees of a headless run at a position.
pub(crate) fn seen<T>(recording: &Recording, position: u64, look: impl FnOnce(&View<'_>) -> T) -> T {
    let (snapshot, selection) = (recording.snapshot(position), Selection::default());
    let now = recording.trace().time_of(position);
    look(&View { recording, snapshot: &snapshot, position, now, selection: &selection })
}
