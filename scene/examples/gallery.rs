//! Writes pictures of hard cases, to be looked at: `cargo run -p ringside-scene --example gallery -- FOLDER`.

use ringside_core::{Key, Kind, NodeId, RequestId, Span, Time, Value};
use ringside_scene::{Hues, Palette, Selection, Size, Theme, View, overlap, spacetime, svg};
use ringside_sim::names::node_name;
use ringside_sim::{
    Act, Carried, Delay, Delays, Matcher, Network, Operation, OperationKind, Recording, Scenario, Setup,
    Step, When,
};
use std::path::{Path, PathBuf};

/// What to draw, and how.
struct Picture {
    name: &'static str,
    setup: Setup,
    acts: Vec<(u64, Act)>,
    /// At this many microseconds.
    at: u64,
    size: Size,
    palette: Palette,
    selection: Selection,
}

const WIDE: Size = Size { width: 800.0, height: 560.0 };
const PHONE: Size = Size { width: 350.0, height: 350.0 };
const LIGHT: Palette = Palette { theme: Theme::Light, hues: Hues::Wong };
const DARK: Palette = Palette { theme: Theme::Dark, hues: Hues::Tol };

fn setup(nodes: u32, vnodes: u32) -> Setup {
    let uniform = |low, high| Delay::Uniform { low: Span::from_millis(low), high: Span::from_millis(high) };
    let network = Network { delay: Delays::all(uniform(1, 9)), ..Network::default() };
    Setup { seed: 5, names: (0..nodes).map(node_name).collect(), vnodes, network, ..Setup::bare() }
}

fn list(setup: &Setup, key: &str) -> Vec<NodeId> {
    setup.ring().preference(&Key::new(key), 16)
}

fn operation(id: &str, client: &str, via: NodeId, key: &str, value: Option<&str>) -> Act {
    let kind = value.map_or(OperationKind::Get, |value| OperationKind::Put {
        value: Value::new(value),
        context: Carried::Session,
    });
    Act::Operation(Operation { id: id.into(), client: client.into(), via, key: Key::new(key), kind })
}

fn matcher(kind: Kind) -> Matcher {
    Matcher { kind: Some(kind), ..Matcher::default() }
}

/// One node down, a write lost, then a get that meets two versions.
fn faults(setup: &Setup) -> Vec<(u64, Act)> {
    let list = list(setup, "cart");
    vec![
        (0, operation("w1", "alice", list[0], "cart", Some("milk"))),
        (30, Act::Crash(list[3])),
        (31, Act::Drop { matcher: Matcher { to: Some(list[2]), ..matcher(Kind::Write) }, count: 1 }),
        (32, operation("w2", "bob", list[1], "cart", Some("tea"))),
        (45, operation("r1", "alice", list[2], "cart", None)),
        (46, operation("r2", "carol", list[4], "cart", None)),
        (300, Act::Hold(matcher(Kind::Write))),
        (301, operation("w3", "alice", list[0], "cart", Some("rye"))),
    ]
}

/// As many puts at once as there are nodes.
fn crowd(setup: &Setup) -> Vec<(u64, Act)> {
    setup
        .nodes()
        .map(|node| (1, operation(&format!("w{}", node.0), "load", node, setup.name(node), Some("x"))))
        .collect()
}

fn pictures() -> Vec<Picture> {
    let picture = |name, setup: Setup, acts, at, size, palette| Picture {
        name,
        setup,
        acts,
        at,
        size,
        palette,
        selection: Selection::default(),
    };
    let five = || setup(5, 8);
    let faulty = |name, at, size, palette| picture(name, five(), faults(&five()), at, size, palette);
    let chosen = |picture: Picture, request: Option<u64>, node: Option<u32>| {
        let selection =
            Selection { request: request.map(RequestId), node: node.map(NodeId), ..Selection::default() };
        Picture { selection, ..picture }
    };
    let many = |name, nodes, vnodes, size| {
        let setup = setup(nodes, vnodes);
        let acts = crowd(&setup);
        picture(name, setup, acts, 4_000, size, LIGHT)
    };
    let put = |setup: &Setup| {
        let via = list(setup, "cart")[0];
        vec![(0, operation("w1", "alice", via, "cart", Some("milk")))]
    };
    let one = |name, nodes, at, size| picture(name, setup(nodes, 8), put(&setup(nodes, 8)), at, size, DARK);
    vec![
        faulty("lost", 36_000, WIDE, LIGHT),
        chosen(faulty("lost-phone", 36_000, PHONE, LIGHT), None, None),
        chosen(faulty("read", 53_000, WIDE, DARK), Some(2), Some(1)),
        chosen(faulty("read-phone", 56_000, PHONE, DARK), Some(2), None),
        chosen(faulty("forward", 46_600, WIDE, LIGHT), Some(3), None),
        faulty("held", 310_000, WIDE, LIGHT),
        faulty("unknown", 700_000, PHONE, LIGHT),
        one("one", 1, 100, PHONE),
        one("two", 2, 2_000, PHONE),
        one("twelve", 12, 4_000, PHONE),
        one("twenty", 20, 4_000, WIDE),
        many("sixty", 60, 32, WIDE),
        many("crowd", 200, 64, PHONE),
    ]
}

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/gallery"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    pictures().into_iter().try_for_each(|picture| draw(&folder, picture))
}

fn draw(folder: &Path, picture: Picture) -> std::io::Result<()> {
    let step = |(at, act): (u64, Act)| Step { when: When::At(Time::from_micros(at * 1_000)), act, say: None };
    let steps = picture.acts.into_iter().map(step).collect();
    let mut recording = Recording::new(Scenario { setup: picture.setup, steps, ..Scenario::default() });
    recording.run_to_end();
    let now = Time::from_micros(picture.at);
    let position = recording.position_at(now);
    let snapshot = recording.snapshot(position);
    let selection = &picture.selection;
    let view = View { recording: &recording, snapshot: &snapshot, position, now, selection };
    let save =
        |kind: &str, text: &str| std::fs::write(folder.join([picture.name, kind, ".svg"].concat()), text);
    save("-ring", &svg::ring_svg(&view, picture.size, picture.palette))?;
    let size = Size { width: picture.size.width, height: 200.0 };
    save("-time", &svg::spacetime_svg(&view, size, spacetime::window(&view), picture.palette))?;
    let size = Size { width: 260.0, height: 76.0 };
    save("-overlap", &svg::document(&overlap::marks(&view, size), size, picture.palette, "overlap"))
}
