//! `[[expect]]`: what must be true of a run.

use super::action::{self, Known};
use super::read::{Item, Read, Table};
use super::text::{listed, meant, quoted};
use super::{Expectation, Expected};
use crate::check::{Claim, Verdict};
use crate::trace::{Hinted, OpOutcome};
use ringside_core::order::by_number;

/// The most expectations of a scenario.
pub(crate) const MAX_EXPECTATIONS: usize = 10_000;

/// The keys of an expectation.
const KEYS: [&str; 11] =
    ["at", "op", "outcome", "values", "replies", "hinted", "claim", "verdict", "key", "node", "hints"];

/// The keys that make an expectation one about something, each with the others that go with it.
const SUBJECTS: [(&str, &[&str]); 4] = [
    ("op", &["outcome", "values", "replies", "hinted"]),
    ("claim", &["verdict"]),
    ("key", &["node", "values"]),
    ("hints", &[]),
];

/// Reads one expectation.
pub(super) fn expectation(item: &Item<'_>, known: &Known<'_>) -> Read<Expectation> {
    let table = item.table(&KEYS, "tables: write [[expect]] above each")?;
    let what = expected(&table, known)?;
    let at = table.get("at").map(|item| item.time()).transpose()?;
    Ok(Expectation { at, what })
}

/// Reads one without a time of its own: where it stands says when it is judged.
pub(super) fn untimed(item: &Item<'_>, known: &Known<'_>) -> Read<Expected> {
    let table = item.table(&KEYS[1..], "a table such as { op = \"r1\", values = [\"milk\"] }")?;
    expected(&table, known)
}

fn expected(table: &Table<'_>, known: &Known<'_>) -> Read<Expected> {
    let subject = subject(table)?;
    match subject.name() {
        "op" => operation(table, &subject, known),
        "claim" => claim(table, &subject),
        "key" => stored(table, &subject, known),
        _ => Ok(Expected::Hints(subject.number(0..=u64::from(u32::MAX))?)),
    }
}

/// The one key that says what the expectation is about. Refuses keys that do not go with it.
fn subject<'t>(table: &Table<'t>) -> Read<Item<'t>> {
    let names = SUBJECTS.map(|(name, _)| name);
    let subject = match table.present(&names)[..] {
        [subject] => subject,
        [] => {
            return Err(table.error(
                "this expectation is about nothing: give it \"op\", or \"claim\", or \"key\" and \"node\", or \"hints\"",
            ));
        }
        [first, second, ..] => {
            let (first, name) = (first.name(), second.name());
            return Err(second.error(format_args!(
                "an expectation is about one thing, and \"{name}\" stands here besides \"{first}\": give each an \
                 [[expect]] of its own"
            )));
        }
    };
    let name = subject.name();
    let goes_with = SUBJECTS.iter().find(|(subject, _)| *subject == name).map_or(&[][..], |(_, keys)| *keys);
    let strays =
        |item: &Item<'_>| item.name() != "at" && item.name() != name && !goes_with.contains(&item.name());
    if let Some(stray) = table.present(&KEYS).iter().find(|item| strays(item)) {
        let keys =
            if goes_with.is_empty() { "nothing".to_owned() } else { listed(goes_with.iter().copied()) };
        return Err(stray.error(format_args!(
            "\"{}\" does not go with \"{name}\"; what does, besides \"at\": {keys}",
            stray.name()
        )));
    }
    Ok(subject)
}

fn operation(table: &Table<'_>, subject: &Item<'_>, known: &Known<'_>) -> Read<Expected> {
    let (id, kind) = known.ops.resolve(subject)?;
    let outcomes =
        [OpOutcome::Ok, OpOutcome::Failed, OpOutcome::Unknown].map(|outcome| (outcome.name(), outcome));
    let outcome = table.get("outcome").map(|item| item.choice(&outcomes)).transpose()?;
    let values = match table.get("values") {
        Some(item) if kind != "get" => {
            return Err(item.error(format_args!("{} is a {kind}; only a get returns values", quoted(&id))));
        }
        Some(item) => Some(values(&item)?),
        None => None,
    };
    let replies =
        table.get("replies").map(|item| known.nodes.resolve_all(&item, "a list of nodes, such as [\"A\"]"));
    let replies = replies.transpose()?;
    let hinted = table.get("hinted").map(|item| hinted(&item, known)).transpose()?;
    if let (Some(item), Some([_, ..]), "get") = (table.get("hinted"), hinted.as_deref(), kind) {
        return Err(item.error(format_args!("{} is a get; only puts and deletes leave hints", quoted(&id))));
    }
    if outcome.is_none() && values.is_none() && replies.is_none() && hinted.is_none() {
        return Err(table.error("this expects nothing of the operation: add, for example, outcome = \"ok\""));
    }
    Ok(Expected::Operation { id, outcome, values, replies, hinted })
}

/// Who keeps a write for whom, sorted.
fn hinted(item: &Item<'_>, known: &Known<'_>) -> Read<Vec<Hinted>> {
    const WANTED: &str = "a list such as [{ holder = \"D\", owner = \"B\" }], or [] for none";
    let mut hints = Vec::new();
    for element in item.list(WANTED)? {
        let table =
            element.table(&["holder", "owner"], "a table such as { holder = \"D\", owner = \"B\" }")?;
        let holder = known.nodes.resolve(&table.need("holder", "\"D\"")?)?;
        let owner = known.nodes.resolve(&table.need("owner", "\"B\"")?)?;
        hints.push(Hinted { holder, owner });
    }
    by_number(&mut hints, |hint| u64::from(hint.holder.0) << 32 | u64::from(hint.owner.0));
    hints.dedup();
    Ok(hints)
}

fn claim(table: &Table<'_>, subject: &Item<'_>) -> Read<Expected> {
    let text = subject.string("a claim, such as \"linearizable\"")?;
    let Some(claim) = Claim::ALL.into_iter().find(|claim| claim.name() == text) else {
        let names = || Claim::ALL.into_iter().map(Claim::name);
        let hint = meant(text, names()).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        let all = listed(names().collect::<Vec<_>>().into_iter());
        return Err(
            subject.error(format_args!("there is no claim {}; the claims are {all}{hint}", quoted(text)))
        );
    };
    let verdicts =
        [Verdict::Holds, Verdict::Broken, Verdict::NotApplicable].map(|verdict| (verdict.name(), verdict));
    let verdict = table.need("verdict", "\"holds\"")?.choice(&verdicts)?;
    Ok(Expected::Claim { claim, verdict })
}

fn stored(table: &Table<'_>, subject: &Item<'_>, known: &Known<'_>) -> Read<Expected> {
    let key = action::key(subject)?;
    let node = known.nodes.resolve(&table.need("node", "\"A\"")?)?;
    let values = values(&table.need("values", "[\"milk\"]")?)?;
    Ok(Expected::Stored { key, node, values })
}

/// Values, sorted; equal ones stay: two clients may write the same.
fn values(item: &Item<'_>) -> Read<Vec<String>> {
    let wanted = "a list of texts, such as [\"milk\"], or [] for none";
    let elements = item.list(wanted)?;
    let mut values: Vec<&str> =
        elements.iter().map(|element| element.string("a text")).collect::<Read<_>>()?;
    values.sort_unstable();
    Ok(values.into_iter().map(str::to_owned).collect())
}
