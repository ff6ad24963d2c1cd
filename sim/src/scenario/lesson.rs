//! `[lesson]`: where playing pauses, what is asked and told there, and what the visitor is to do.

use super::action::{self, Known};
use super::nodes::Nodes;
use super::ops::Ops;
use super::read::{Item, Read, Table};
use super::{When, expect, step};
use crate::lesson::{Deed, Lesson, Question, Stop, Task, Way};
use crate::setup::Setup;
use ringside_core::{Span, Time};

/// The keys of a stop.
const KEYS: [&str; 15] = [
    "at", "after", "plus", "name", "say", "question", "choices", "answer", "because", "act", "do", "select",
    "vnodes", "done", "then",
];
/// How an act is done; one of them goes with it.
const WAYS: [&str; 3] = ["do", "select", "vnodes"];

/// A lesson as far as its stops and deeds are found.
pub(super) struct Raw<'t> {
    number: u32,
    stops: Vec<RawStop<'t>>,
}

struct RawStop<'t> {
    table: Table<'t>,
    deeds: Vec<RawDeed<'t>>,
}

struct RawDeed<'t> {
    plus: Option<Item<'t>>,
    action: Item<'t>,
}

/// Finds the stops of a lesson, and the acts that do what they ask for.
pub(super) fn raw<'t>(item: &Item<'t>) -> Read<Raw<'t>> {
    let table = item.table(&["number", "stop"], "a table: write [lesson] above it")?;
    let number = table.need("number", "1")?.count(Lesson::MAX_NUMBER)?;
    let list = table.get("stop").ok_or_else(|| {
        table.error("a lesson needs a stop: write [[lesson.stop]] with at = \"10ms\", name and say")
    })?;
    let items = list.list("a list of tables: write [[lesson.stop]], in two brackets, above each")?;
    within(&list, &items, 1..=Lesson::MAX_STOPS, "a lesson has 1 to 64 stops")?;
    let stops = items.iter().map(raw_stop).collect::<Read<_>>()?;
    Ok(Raw { number, stops })
}

fn raw_stop<'t>(item: &Item<'t>) -> Read<RawStop<'t>> {
    let table = item.table(&KEYS, "tables: write [[lesson.stop]] above each")?;
    let deeds = match table.get("do") {
        Some(list) => {
            let wanted = "a list of actions, such as [{ get = { key = \"cart\" } }]";
            let items = list.list(wanted)?;
            within(&list, &items, 1..=Lesson::MAX_DEEDS, "a task has 1 to 32 acts")?;
            items.iter().map(raw_deed).collect::<Read<_>>()?
        }
        None => Vec::new(),
    };
    Ok(RawStop { table, deeds })
}

fn raw_deed<'t>(item: &Item<'t>) -> Read<RawDeed<'t>> {
    // A note does nothing, so there is nothing that a visitor could do.
    let actions: Vec<&str> = action::BUILT.into_iter().filter(|name| *name != "note").collect();
    let keys: Vec<&str> = ["plus"].into_iter().chain(actions.iter().copied()).collect();
    let table = item.table(&keys, "a table such as { get = { key = \"cart\" } }")?;
    let action = step::only(&table, &actions)?;
    Ok(RawDeed { plus: table.get("plus"), action })
}

impl<'t> Raw<'t> {
    /// The names of the nodes that a visitor may have join, in file order.
    pub(super) fn joiners(&self) -> Read<Vec<Item<'t>>> {
        let mut names = Vec::new();
        for deed in self.deeds() {
            names.extend(step::joiner(&deed.action)?);
        }
        Ok(names)
    }

    /// Reads the lesson. `ops` gets the operations of its tasks, too: its own parts name them, and nothing else does.
    pub(super) fn read(&self, nodes: &Nodes<'_>, ops: &mut Ops) -> Read<Lesson> {
        let actions: Vec<Item<'_>> = self.deeds().map(|deed| deed.action).collect();
        let names = ops.extend(&actions)?;
        let known = Known { nodes, ops };
        let mut names = names.iter().map(Option::as_deref);
        let mut stops: Vec<Stop> = Vec::new();
        for raw in &self.stops {
            let mut deeds = Vec::new();
            for deed in &raw.deeds {
                let plus = deed.plus.map_or(Ok(Span::ZERO), |item| item.span())?;
                deeds.push(Deed { plus, act: action::act(&deed.action, &known, names.next().flatten())? });
            }
            stops.push(stop(raw, deeds, &known, last_time(&stops))?);
        }
        Ok(Lesson { number: self.number, stops })
    }

    fn deeds(&self) -> impl Iterator<Item = &RawDeed<'t>> {
        self.stops.iter().flat_map(|stop| &stop.deeds)
    }
}

/// The latest time that a stop so far gives.
fn last_time(stops: &[Stop]) -> Option<Time> {
    stops.iter().rev().find_map(|stop| if let When::At(at) = stop.when { Some(at) } else { None })
}

fn stop(raw: &RawStop<'_>, deeds: Vec<Deed>, known: &Known<'_>, before: Option<Time>) -> Read<Stop> {
    let table = &raw.table;
    let when = step::when(table, known.ops)?;
    if let (When::At(at), Some(item), Some(before)) = (&when, table.get("at"), before)
        && *at <= before
    {
        return Err(
            item.error(format_args!("stops stand in the order of time, and one before this is at {before}"))
        );
    }
    let name = text(&table.need("name", "\"Bob asks\"")?, Lesson::MAX_NAME)?;
    let say = text(&table.need("say", "\"What is to be seen.\"")?, Lesson::MAX_TEXT)?;
    Ok(Stop { when, name, say, question: question(table)?, task: task(table, deeds, known)? })
}

fn question(table: &Table<'_>) -> Read<Option<Question>> {
    let Some(ask) = table.get("question") else {
        return stray(table, &["choices", "answer", "because"], "question").map(|()| None);
    };
    let list = table.need("choices", "[\"milk\", \"oat milk\"]")?;
    let items = list.list("a list of texts, such as [\"milk\", \"oat milk\"]")?;
    within(&list, &items, 2..=Lesson::MAX_CHOICES, "a question has 2 to 5 choices")?;
    let choices = items.iter().map(|item| text(item, Lesson::MAX_CHOICE)).collect::<Read<Vec<String>>>()?;
    let most = u32::try_from(choices.len()).expect("at most 5");
    Ok(Some(Question {
        ask: text(&ask, Lesson::MAX_TEXT)?,
        answer: table.need("answer", "1")?.count(most)?,
        because: text(&table.need("because", "\"Why that one is right.\"")?, Lesson::MAX_TEXT)?,
        choices,
    }))
}

fn task(table: &Table<'_>, deeds: Vec<Deed>, known: &Known<'_>) -> Read<Option<Task>> {
    let Some(ask) = table.get("act") else {
        return stray(table, &["do", "select", "vnodes", "done", "then"], "act").map(|()| None);
    };
    let way = match table.present(&WAYS)[..] {
        [item] if item.name() == "do" => Way::Deeds(deeds),
        [item] if item.name() == "select" => {
            let nodes =
                known.nodes.resolve_all(&item, "a list of nodes, such as [\"cart#1\", \"cart#2\"]")?;
            if nodes.is_empty() {
                return Err(item.error("\"select\" needs a node to select"));
            }
            Way::Select(nodes)
        }
        [item] => Way::Vnodes(item.count(Setup::MAX_VNODES)?),
        [_, second, ..] => {
            return Err(second.error("an act is done in one way: give \"do\", or \"select\", or \"vnodes\""));
        }
        [] => {
            return Err(ask.error(
                "\"act\" needs \"do\", or \"select\", or \"vnodes\": what Do it for me does, such as do = [{ get = { key \
                 = \"cart\" } }]",
            ));
        }
    };
    let done = table.get("done").map(|item| expect::untimed(&item, known)).transpose()?;
    let then = table.get("then").map_or(Ok(String::new()), |item| text(&item, Lesson::MAX_TEXT))?;
    Ok(Some(Task { ask: text(&ask, Lesson::MAX_TEXT)?, way, done, then }))
}

/// Refuses keys that go with one that is not there.
fn stray(table: &Table<'_>, keys: &[&str], with: &str) -> Read<()> {
    match table.present(keys).first() {
        Some(item) => {
            Err(item.error(format_args!("\"{}\" goes with \"{with}\", which this stop has not", item.name())))
        }
        None => Ok(()),
    }
}

/// Some text that is not empty, at most so long.
fn text(item: &Item<'_>, most: usize) -> Read<String> {
    let text = item.short_string("a text", most)?;
    if text.trim().is_empty() { Err(item.wanted("a text that is not empty")) } else { Ok(text.to_owned()) }
}

fn within<T>(list: &Item<'_>, items: &[T], bounds: std::ops::RangeInclusive<usize>, what: &str) -> Read<()> {
    if bounds.contains(&items.len()) {
        return Ok(());
    }
    Err(list.error(format_args!("{what}, and here are {}", items.len())))
}
