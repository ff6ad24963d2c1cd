//! The views of the gallery: where each is, and how to get there.

use std::fs;

use ringside_sim::Scenario;
use ringside_sim::share::link::Link;
use ringside_tests::browser::root;

/// What is done before a picture.
pub(super) enum Act {
    /// To the end of the run.
    End,
    /// A button.
    Press(&'static str),
    /// A button of a region.
    In(&'static str, &'static str),
    /// A button of a group, the first whose name begins so.
    Node(&'static str),
    /// A tab.
    Tab(&'static str),
    /// An option of a list.
    Choose(&'static str, &'static str),
    /// A slider.
    Slide(&'static str, &'static str),
    /// A line of text.
    Fill(&'static str, &'static str),
    /// A key, with the focus in the ring.
    Key(&'static str),
    /// All that is folded away and matches a selector.
    Unfold(&'static str),
    /// The text of the editor.
    Write(&'static str),
    /// Until the page says so.
    Wait(&'static str),
}

/// A view: its name, where it is, and how to get there.
pub(super) struct View {
    pub(super) name: &'static str,
    pub(super) fragment: String,
    pub(super) acts: Vec<Act>,
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = View> {
    views().into_iter().chain(panels()).chain(stories()).chain(scenarios())
}

fn named(name: &'static str, fragment: &str, acts: Vec<Act>) -> View {
    View { name, fragment: fragment.to_owned(), acts }
}

fn views() -> Vec<View> {
    let own = |name: &'static str, text: &str, acts: Vec<Act>| {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        View { name, fragment: Link::to(scenario).to_text(), acts }
    };
    let load = |nodes: &str| {
        format!(
            "ringside = 1\ntitle = \"Under load\"\nuntil = \"3s\"\n[cluster]\n{nodes}\n[network]\ndelay = \
             \"exponential 5ms\"\n[[step]]\nat = \"1ms\"\nworkload = {{ clients = 5, rate = 200, keys = 20, for = \"3s\" }}\n"
        )
    };
    let many = load("nodes = 1000\nvnodes = 256\nr = 1\nw = 1");
    vec![
        named("view-story", "#s=stale-read", vec![Act::Press("Story"), Act::Press("Step forward")]),
        named("view-request", "#s=stale-read", vec![Act::End]),
        named("view-request-put", "#s=one-put-three-copies", vec![Act::End]),
        named("view-node", "#s=hinted-handoff", vec![Act::End, Act::Node("Node B")]),
        named("view-key", "#s=siblings", vec![Act::End, Act::Tab("Key")]),
        named(
            "view-message",
            "#s=one-put-three-copies",
            vec![Act::Slide("Timeline", "3"), Act::Tab("Message")],
        ),
        named("view-hint-stored", "#s=hinted-handoff&at=200ms", vec![]),
        named("view-versions", "#s=siblings", vec![Act::End, Act::Tab("Versions")]),
        named("view-merkle", "#s=merkle-trees", vec![Act::End, Act::Tab("Merkle")]),
        named("view-members", "#s=who-says-it-is-down", vec![Act::End, Act::Tab("Members")]),
        named(
            "view-suspicion",
            "#s=who-says-it-is-down",
            vec![Act::End, Act::Node("Node C"), Act::Tab("Members")],
        ),
        named("view-claims", "#s=not-linearizable", vec![Act::End, Act::Tab("Claims")]),
        own(
            "view-charts",
            &load("nodes = 5\nr = 1\nw = 1"),
            vec![Act::Slide("Timeline", "1500"), Act::Tab("Charts")],
        ),
        named("view-moving", "#s=adding-nodes-safely&at=200ms", vec![]),
        own("view-twenty", &load("nodes = 20"), vec![Act::Slide("Timeline", "700"), Act::Node("Node H")]),
        own("view-thousand", &many, vec![Act::Slide("Timeline", "300"), Act::Tab("Members")]),
        named("view-sandbox", "#s=sandbox", vec![]),
        named("view-menu", "#s=sandbox", vec![Act::Press("More"), Act::Choose("Palette", "tol")]),
        named("view-damaged-link", "#v1.p.AAAA", vec![]),
    ]
}

/// What is open only when somebody opens it.
fn panels() -> Vec<View> {
    let sandbox = |name, acts| named(name, "#s=sandbox", acts);
    vec![
        sandbox("panel-settings", vec![Act::Unfold(".side details")]),
        sandbox(
            "panel-request-refused",
            vec![Act::Fill("Key", ""), Act::Press("Put"), Act::Unfold(".request details")],
        ),
        sandbox("panel-node-acts", vec![Act::Node("Node C"), Act::Unfold(".more")]),
        sandbox("panel-partition", vec![Act::Node("Node C"), Act::In("Ring", "Partition")]),
        sandbox(
            "panel-partitioned",
            vec![Act::In("Ring", "Partition"), Act::In("Ring", "Cut"), Act::Press("Put"), Act::End],
        ),
        sandbox("panel-joining", vec![Act::Press("Join"), Act::Press("Step forward")]),
        sandbox(
            "panel-loss",
            vec![Act::Unfold(".side details"), Act::Choose("Loss", "10 %"), Act::Press("Start")],
        ),
        named(
            "panel-next",
            "#s=one-put-three-copies",
            vec![Act::Slide("Timeline", "2"), Act::Unfold(".next, .next details")],
        ),
        named(
            "panel-held",
            "#s=one-put-three-copies",
            vec![
                Act::Slide("Timeline", "2"),
                Act::Key("\u{e015}"),
                Act::Tab("Message"),
                Act::In("Inspector", "Hold"),
            ],
        ),
        named(
            "panel-runs",
            "#s=one-put-three-copies",
            vec![
                Act::Slide("Timeline", "3"),
                Act::Key("b"),
                Act::Wait("This is a copy"),
                Act::Unfold(".kept"),
            ],
        ),
        named("panel-why", "#s=stale-read", vec![Act::End, Act::In("Narration", "Why?")]),
        named("panel-why-answer", "#s=stale-read", vec![Act::End, Act::In("Inspector", "Why?")]),
        sandbox("panel-editor", vec![Act::Press("More"), Act::Press("Edit scenario"), Act::Wait("Run")]),
        sandbox(
            "panel-editor-error",
            vec![
                Act::Press("More"),
                Act::Press("Edit scenario"),
                Act::Write("ringside = 1\ntitle = \"Mine\"\n[cluster]\nnodes = 5\nreplicas = 3\n"),
                Act::Press("Run"),
            ],
        ),
        sandbox("panel-help", vec![Act::Press("More"), Act::Press("Keys and terms")]),
        named(
            "panel-lecture",
            "#s=hinted-handoff",
            vec![Act::Press("More"), Act::Press("Lecture mode"), Act::Key("\u{e00f}")],
        ),
        named(
            "panel-everything",
            "#s=stale-read",
            vec![Act::End, Act::Node("Node B"), Act::Unfold("details")],
        ),
    ]
}

/// Lessons as a visitor meets them: the first visit, a step that is told, a question, an answer, an act.
fn stories() -> Vec<View> {
    let story = |name, lesson: &str, acts| named(name, &format!("#s={lesson}&stage=story"), acts);
    let next = || Act::Press("Next");
    vec![
        named("story-first-visit", "", vec![Act::Wait("Play")]),
        story("story-told", "hinted-handoff", vec![next()]),
        story("story-further", "hinted-handoff", vec![next(), next(), next()]),
        story("story-where", "where-a-key-lives", vec![next()]),
        story("story-act", "both-sides-say-ok", vec![next(), next()]),
        story("story-messages", "read-repair", vec![next(), next()]),
        named("lesson-explore", "#s=siblings", vec![next(), next()]),
    ]
}

/// The built-in scenarios, where links open them.
fn scenarios() -> Vec<View> {
    let folder = root().join("static").join("scenarios");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    let view = |name: String| {
        let fragment = format!("#s={name}");
        View { name: name.leak(), fragment, acts: vec![Act::End] }
    };
    names.into_iter().map(view).collect()
}
