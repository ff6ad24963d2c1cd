//! The benchmarks: what the page may cost, measured and held against its budget, in one table.
//!
//! `cargo xtask bench` builds the page for hosting and runs this. Its figures mean something on a machine that does
//! nothing else; they are no tests, and fail nothing. `RINGSIDE_PROFILE=FILE` keeps a CPU profile of the frames last
//! measured, for the browser's own tools.

mod native;
mod page;
mod runs;
mod table;

use std::process::ExitCode;
use table::Table;

fn main() -> ExitCode {
    let only: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let mut table = Table::default();
    if let Ok(load) = std::fs::read_to_string("/proc/loadavg") {
        // Whoever reads the table is to know what else was going on.
        eprintln!("load of the machine before it began: {}", load.trim());
    }
    if wanted("native") {
        native::seeks(&mut table);
    }
    if wanted("small") {
        page::frames(&mut table, "5 nodes, 200 requests/s", &runs::small(), [4.0, 12.0]);
    }
    if wanted("large") {
        page::frames(&mut table, "1,000 × 256, 200 requests/s", &runs::large(), [12.0, 33.0]);
    }
    if wanted("seeks") {
        page::seeks(&mut table);
    }
    table.print();
    ExitCode::SUCCESS
}
