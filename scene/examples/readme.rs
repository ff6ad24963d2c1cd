//! Writes the pictures of the documents, from a real run and from predictions: `cargo run -p ringside-scene --example readme -- docs`.

use ringside_core::{Key, NodeId, RequestId, Span, Time, Value};
use ringside_scene::staleness::{Curve, Panel};
use ringside_scene::{Hues, Palette, Point, Selection, Size, Theme, View, spacetime, staleness, svg};
use ringside_sim::delay::Preset;
use ringside_sim::predict::{Coordinator, Latency, Model, Prediction};
use ringside_sim::{
    Act, Carried, Delay, Delays, Network, Operation, OperationKind, Recording, Scenario, Setup,
};
use ringside_sim::{Step, When};
use std::path::{Path, PathBuf};

fn operation(id: &str, client: &str, via: NodeId, kind: OperationKind) -> Act {
    Act::Operation(Operation { id: id.into(), client: client.into(), via, key: Key::new("cart"), kind })
}

/// A put that has its two acks while the third write is still on its way, and a get right after it.
fn run() -> Recording {
    let uniform = |low, high| Delay::Uniform { low: Span::from_millis(low), high: Span::from_millis(high) };
    let network = Network { delay: Delays::all(uniform(1, 9)), ..Network::default() };
    let setup = Setup { seed: 5, network, ..Setup::bare() };
    let list = setup.ring().preference(&Key::new("cart"), 5);
    let milk = OperationKind::Put { value: Value::new("milk"), context: Carried::Session };
    let acts = [
        (1, operation("w1", "alice", list[0], milk)),
        (12, operation("r1", "bob", list[1], OperationKind::Get)),
        (0, Act::Crash(list[4])),
    ];
    let step = |(at, act): (u64, Act)| Step { when: When::At(Time::from_micros(at * 1_000)), act, say: None };
    let steps = acts.into_iter().map(step).collect();
    let mut recording = Recording::new(Scenario { setup, steps, ..Scenario::default() });
    recording.run_to_end();
    recording
}

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("docs"), PathBuf::from);
    let recording = run();
    let selection = Selection { request: Some(RequestId(0)), ..Selection::default() };
    // The client has its answer, and the third write is half-way.
    let answered = recording.trace().ops[0].end.as_ref().map_or(0, |end| end.position);
    let snapshot = recording.snapshot(answered);
    let now = recording.trace().time_of(answered) + Span::from_micros(800);
    let view =
        View { recording: &recording, snapshot: &snapshot, position: answered, now, selection: &selection };
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let palette = Palette { theme, hues: Hues::Wong };
        let size = Size { width: 760.0, height: 560.0 };
        write(&folder, &["ring-", name, ".svg"].concat(), &svg::ring_svg(&view, size, palette))?;
        let (size, window) = (Size { width: 1_000.0, height: 190.0 }, spacetime::window(&view));
        let text = svg::spacetime_svg(&view, size, window, palette);
        write(&folder, &["spacetime-", name, ".svg"].concat(), &text)?;
        write(&folder, &["predict-", name, ".svg"].concat(), &staleness(palette))?;
    }
    Ok(())
}

/// R = 2, W = 1 against R = 1, W = 2: which is fresher depends on who coordinates.
fn staleness(palette: Palette) -> String {
    let predict = |r, w, coordinator| {
        let latency = Latency::all(Delay::Preset(Preset::LnkdDisk));
        let model = Model::new(3, r, w, latency, coordinator).expect("quorums of three");
        Prediction::of(model, 100_000, 0)
    };
    let size = Size { width: 800.0, height: 300.0 };
    let half = Size { width: 400.0, ..size };
    let panels = [
        ("The coordinator is no replica", Coordinator::Outside, 0.0),
        ("The coordinator is a random replica", Coordinator::Replica, 400.0),
    ];
    let marks = panels.into_iter().flat_map(|(title, coordinator, left)| {
        let (reads, writes) = (predict(2, 1, coordinator), predict(1, 2, coordinator));
        let curves = [
            Curve { prediction: &reads, name: "R = 2, W = 1", dashed: false },
            Curve { prediction: &writes, name: "R = 1, W = 2", dashed: true },
        ];
        let panel = Panel { title, curves: &curves, until: Span::from_millis(15), from_percent: 60 };
        staleness::panel(&panel, Point::new(left, 0.0), half)
    });
    let title = "How many reads are fresh, up to 15 ms after a write, N = 3, on spinning disks. With a coordinator that \
                 is no replica, R = 2, W = 1 is fresher from the beginning: 76 % against 71 %. With a replica as \
                 coordinator it begins lower, 68 % against 70 %, and overtakes R = 1, W = 2 soon after 1 ms.";
    svg::document(&marks.collect::<Vec<_>>(), size, palette, title)
}

fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(name), text)
}
