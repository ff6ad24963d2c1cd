//! The report of `ringside run` for people: tables and sentences.

use crate::json::Report;
use ringside_core::Time;
use ringside_sim::check::words;
use ringside_sim::{Op, OpEnd, OpOutcome, Recording, Setup};
use std::fmt::Write;

/// The longest value in a table, in characters.
const LONGEST: usize = 40;
/// Sentences are broken before this column.
const WIDTH: usize = 100;

/// The whole report.
pub(crate) fn tables(recording: &Recording, report: &Report) -> String {
    let scenario = recording.scenario();
    let title = if scenario.title.is_empty() { "A scenario without a title" } else { &scenario.title };
    let mut out = format!(
        "{}\nseed {}, {} events, ended at {}, digest {}\n",
        title.replace(char::is_control, " "),
        report.seed,
        report.events,
        recording.ended(),
        report.digest
    );
    let ops = &recording.trace().ops;
    if !ops.is_empty() {
        section(&mut out, "Operations");
        out.push_str(&operations(recording.setup(), ops));
    }
    if !report.refused.is_empty() {
        section(&mut out, "Nothing came of");
        for refused in &report.refused {
            line(&mut out, &format!("  warning: at {}, {}", refused.at, escaped(&refused.act)));
            sentences(&mut out, refused.sentence);
        }
    }
    section(&mut out, "Claims");
    for claim in &report.claims {
        let owed = if claim.owed { "owed" } else { "not owed" };
        line(&mut out, &format!("  {:<17} {:<15} {owed}", claim.claim, claim.verdict));
        sentences(&mut out, &claim.why);
    }
    if !report.expect.is_empty() {
        section(&mut out, "Expectations");
        for expected in &report.expect {
            let mark = if expected.holds { "holds " } else { "FAILED" };
            line(&mut out, &format!("  {mark}  {}", escaped(&expected.what)));
            if !expected.holds {
                sentences(&mut out, &expected.why);
            }
        }
    }
    if !report.lesson.is_empty() {
        section(&mut out, "Lesson, with everything done by hand");
        for stop in &report.lesson {
            let mark = match (stop.is_good(), stop.done) {
                (false, _) => "FAILED",
                (true, None) => "      ",
                (true, Some(_)) => "done  ",
            };
            line(&mut out, &format!("  {mark}  {:<9} {}", stop.at(), escaped(&stop.name)));
            if !stop.is_good() {
                sentences(&mut out, &stop.why);
            }
        }
    }
    section(&mut out, "Nodes at the end");
    let head = ["name", "state", "keys", "hints", "tombstones"].map(str::to_owned).to_vec();
    let nodes = report.nodes.iter().map(|node| {
        let [keys, hints, tombstones] =
            [node.keys, node.hints, node.tombstones].map(|count| count.to_string());
        vec![node.name.clone(), node.state.to_owned(), keys, hints, tombstones]
    });
    out.push_str(&table(&[head].into_iter().chain(nodes).collect::<Vec<_>>()));
    out.push('\n');
    line(&mut out, &verdict(report));
    let failed = report.lesson.iter().filter(|stop| !stop.is_good()).count();
    match (report.lesson.len(), failed) {
        (0, _) => {}
        (1, 0) => line(&mut out, "The lesson can be walked: 1 stop."),
        (all, 0) => line(&mut out, &format!("The lesson can be walked: {all} stops.")),
        (all, failed) => line(&mut out, &format!("{failed} of {all} stops of the lesson failed.")),
    }
    out
}

fn verdict(report: &Report) -> String {
    let failed = report.expect.iter().filter(|expected| !expected.holds).count();
    match (report.expect.len(), failed) {
        (0, _) if report.expectations_hold() => {
            "No claim is broken that this configuration promises.".to_owned()
        }
        (0, _) => "A claim is broken that this configuration promises.".to_owned(),
        (1, 0) => "The expectation holds.".to_owned(),
        (all, 0) => format!("All {all} expectations hold."),
        (1, _) => "The expectation failed.".to_owned(),
        (all, failed) => format!("{failed} of {all} expectations failed."),
    }
}

fn operations(setup: &Setup, ops: &[Op]) -> String {
    let head = ["id", "client", "kind", "key", "via", "coordinator", "start", "end", "outcome", "result"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for op in ops {
        let end = op.end.as_ref();
        rows.push(vec![
            cut(&op.id),
            cut(&op.client),
            op.kind.name().to_owned(),
            cut(op.key.as_str()),
            setup.name(op.via).to_owned(),
            op.coordinator.map_or("-", |(node, _)| setup.name(node)).to_owned(),
            op.start.to_string(),
            end.map_or("-".to_owned(), |end| Time::to_string(&end.at)),
            end.map_or("under way", |end| end.outcome.name()).to_owned(),
            end.map(|end| result(setup, op, end)).unwrap_or_default(),
        ]);
    }
    table(&rows)
}

/// What the client has in the end, and from whom.
fn result(setup: &Setup, op: &Op, end: &OpEnd) -> String {
    if let Some(error) = &end.error {
        return escaped(error);
    }
    let from = words::nodes(setup, &end.replies);
    let values = end.returned.as_ref().map(words::values).unwrap_or_default();
    let values: Vec<String> = values.iter().map(|value| format!("\"{}\"", cut(value))).collect();
    match (&op.kind, end.outcome) {
        (ringside_sim::trace::OpKind::Get, OpOutcome::Ok) => format!("{} from {from}", words::list(&values)),
        _ => format!("acknowledged by {from}"),
    }
}

fn section(out: &mut String, name: &str) {
    out.push('\n');
    line(out, name);
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{}", text.trim_end()).expect("a text can be written into");
}

/// Control characters of names and values would steer the terminal; marks of direction and of ends of lines would
/// rearrange what stands around them.
fn escaped(text: &str) -> String {
    let steers = |char: char| {
        char.is_control()
            || matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars()
        .flat_map(|char| if steers(char) { char.escape_default().collect() } else { vec![char] })
        .collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => escaped(text),
        Some((end, _)) => format!("{}…", escaped(&text[..end])),
    }
}

/// Prose, indented, broken between words.
fn sentences(out: &mut String, text: &str) {
    let mut row = String::from("   ");
    let text = escaped(text);
    for word in text.split(' ') {
        if row.chars().count() + 1 + word.chars().count() > WIDTH && !row.trim().is_empty() {
            line(out, &row);
            row.truncate(3);
        }
        row.push(' ');
        row.push_str(word);
    }
    line(out, &row);
}

/// Columns as wide as what they hold, two spaces apart.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &wide)| format!("  {cell:<wide$}"));
        line(&mut out, &cells.collect::<String>());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_long_prose_is_broken() {
        let cell = str::to_owned;
        let rows = [vec![cell("a"), cell("b")], vec![cell("long"), cell("c")]];
        assert_eq!(table(&rows), "  a     b\n  long  c\n");
        let mut out = String::new();
        sentences(&mut out, &"word ".repeat(60));
        assert!(out.lines().count() > 2 && out.lines().all(|line| line.chars().count() <= WIDTH), "{out}");
        assert_eq!(out.split_whitespace().count(), 60);
    }

    #[test]
    fn a_value_cannot_steer_the_terminal() {
        assert_eq!(cut("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(cut("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(cut(&"é".repeat(41)), format!("{}…", "é".repeat(40)));
    }
}
