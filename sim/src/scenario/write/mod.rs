//! Writing scenarios as files: what [`Scenario::parse`] reads back as the same scenario. What a file need not say, since it
//! is the default, is left out.
//!
//! Every type is taken apart field by field and variant by variant, so that the compiler asks here for whatever is added to
//! the format.

mod act;
mod cluster;
mod lesson;
mod values;

use super::nodes::Nodes;
use super::{Expectation, Expected, Scenario, Step, When};
use crate::act::Act;
use crate::recording::Placed;
use crate::setup::{Network, Setup};
use crate::trace::Hinted;
use ringside_core::{NodeId, Span};
use values::{Fields, list, quoted, ratio, span, text, time};

impl Scenario {
    /// The scenario as a file that [`Scenario::parse`] reads back as the same scenario. Places on a key's walk, such as
    /// `cart#1`, have become names.
    ///
    /// ```
    /// use ringside_sim::Scenario;
    /// let file = "ringside = 1\n\n[[step]]\nat = \"1ms\"\nget = { key = \"cart\" }\n";
    /// assert_eq!(Scenario::parse(file).unwrap().to_toml(), file);
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        let Self { title, about, setup, until, steps, expectations, lesson } = self;
        let mut out = String::from("ringside = 1\n");
        let mut head = Fields::default();
        head.add_unless(title.is_empty(), "title", || quoted(title));
        head.add_unless(about.is_empty(), "about", || text(about));
        head.add_unless(setup.seed == 0, "seed", || setup.seed.to_string());
        head.add_some("until", *until, span);
        out.push_str(&head.lines());
        section(&mut out, "[cluster]", &cluster::fields(setup));
        section(&mut out, "[network]", &network(&setup.network));
        let mut writer = Writer { setup, nodes: Nodes::new(setup), next_op: 1 };
        for step in steps {
            section(&mut out, "[[step]]", &writer.step(step));
        }
        for expectation in expectations {
            section(&mut out, "[[expect]]", &writer.expectation(expectation));
        }
        if let Some(lesson) = lesson {
            lesson::write(&mut out, &mut writer, lesson);
        }
        out
    }

    /// The scenario in which what was done by hand is done by steps at the same moments, after those that there are. A
    /// step comes before the messages of its moment, an act by hand may have come between them.
    #[must_use]
    pub fn with_acts(&self, acts: &[Placed]) -> Self {
        let mut scenario = self.clone();
        let steps =
            acts.iter().map(|placed| Step { when: When::At(placed.at), act: placed.act.clone(), say: None });
        scenario.steps.extend(steps);
        if !acts.is_empty() {
            // What is done by hand keeps a run going beyond its own end.
            scenario.until = None;
        }
        scenario
    }
}

/// Names nodes, and knows which operations need no name in the file.
struct Writer<'s> {
    setup: &'s Setup,
    nodes: Nodes<'s>,
    /// The number in the name that the next operation gets if it is given none.
    next_op: u32,
}

impl Writer<'_> {
    fn step(&mut self, Step { when, act, say }: &Step) -> Fields {
        let mut fields = moment(when);
        let (name, value) = self.act(act);
        fields.add(name, value);
        fields.add_some("say", say.as_deref(), text);
        fields
    }

    fn expectation(&self, Expectation { at, what }: &Expectation) -> Fields {
        let mut fields = self.expected(what);
        fields.add_some("at", *at, time);
        fields
    }

    fn expected(&self, what: &Expected) -> Fields {
        let mut fields = Fields::default();
        match what {
            Expected::Operation { id, outcome, values, replies, hinted } => {
                fields.add("op", quoted(id));
                fields.add_some("outcome", *outcome, |outcome| quoted(outcome.name()));
                fields.add_some("values", values.as_deref(), texts);
                fields.add_some("replies", replies.as_deref(), |nodes| self.names(nodes));
                fields.add_some("hinted", hinted.as_deref(), |hints| {
                    list(hints.iter().map(|Hinted { holder, owner }| {
                        format!("{{ holder = {}, owner = {} }}", self.name(*holder), self.name(*owner))
                    }))
                });
            }
            Expected::Claim { claim, verdict } => {
                fields.add("claim", quoted(claim.name()));
                fields.add("verdict", quoted(verdict.name()));
            }
            Expected::Stored { key, node, values } => {
                fields.add("key", quoted(key.as_str()));
                fields.add("node", self.name(*node));
                fields.add("values", texts(values));
            }
            Expected::Hints(held) => fields.add("hints", held.to_string()),
        }
        fields
    }

    fn name(&self, node: NodeId) -> String {
        quoted(self.setup.name(node))
    }

    fn names(&self, nodes: &[NodeId]) -> String {
        list(nodes.iter().map(|node| self.name(*node)))
    }

    /// Is this the name that an operation without one gets here? Then it needs none.
    fn is_next_name(&mut self, id: &str) -> bool {
        let next = id.strip_prefix("op").is_some_and(|number| number == self.next_op.to_string());
        self.next_op += u32::from(next);
        next
    }

    fn act(&mut self, act: &Act) -> (&'static str, String) {
        act::act(self, act)
    }
}

fn moment(when: &When) -> Fields {
    let mut fields = Fields::default();
    match when {
        When::At(at) => fields.add("at", time(*at)),
        When::After { op, plus } => {
            fields.add("after", quoted(op));
            fields.add_unless(*plus == Span::ZERO, "plus", || span(*plus));
        }
    }
    fields
}

fn texts(values: &[String]) -> String {
    list(values.iter().map(|value| quoted(value)))
}

fn network(Network { delay, loss, duplicate }: &Network) -> Fields {
    let Network { delay: usual_delay, loss: usual_loss, duplicate: usual_duplicate } = Network::default();
    let mut fields = Fields::default();
    fields.add_unless(*delay == usual_delay, "delay", || values::delays(delay));
    fields.add_unless(*loss == usual_loss, "loss", || ratio(*loss));
    fields.add_unless(*duplicate == usual_duplicate, "duplicate", || ratio(*duplicate));
    fields
}

/// A table, if it has anything in it.
fn section(out: &mut String, header: &str, fields: &Fields) {
    if !fields.is_empty() {
        out.push('\n');
        out.push_str(header);
        out.push('\n');
        out.push_str(&fields.lines());
    }
}

#[cfg(test)]
mod tests;
