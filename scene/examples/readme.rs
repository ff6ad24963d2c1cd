//! Writes the pictures of the README from a real run: `cargo run -p ringside-scene --example readme -- docs`.

use ringside_core::{Key, NodeId, RequestId, Span, Time, Value};
use ringside_scene::{Hues, Palette, Selection, Size, Theme, View, spacetime, svg};
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
    let setup = Setup { seed: 5, network, ..Setup::default() };
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
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(name), text)
}
