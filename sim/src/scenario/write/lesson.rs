//! `[lesson]` and its stops.

use super::values::{Fields, list, quoted, span, text};
use super::{Writer, moment, section, texts};
use crate::act::Act;
use crate::lesson::{Deed, Lesson, Question, Stop, Task, Way};
use ringside_core::Span;

/// The lesson, at the end of the file.
pub(super) fn write(out: &mut String, writer: &mut Writer<'_>, Lesson { number, stops }: &Lesson) {
    let mut head = Fields::default();
    head.add("number", number.to_string());
    section(out, "[lesson]", &head);
    // Each is named, so that nothing depends on what comes before.
    writer.next_op = 0;
    for stop in stops {
        section(out, "[[lesson.stop]]", &self::stop(writer, stop));
    }
}

fn stop(writer: &mut Writer<'_>, Stop { when, name, say, question, task }: &Stop) -> Fields {
    let mut fields = moment(when);
    fields.add("name", quoted(name));
    fields.add("say", text(say));
    if let Some(Question { ask, choices, answer, because }) = question {
        fields.add("question", text(ask));
        fields.add("choices", texts(choices));
        fields.add("answer", answer.to_string());
        fields.add("because", text(because));
    }
    let Some(Task { ask, way, done, then }) = task else { return fields };
    fields.add("act", text(ask));
    match way {
        Way::Deeds(deeds) => fields.add("do", list(deeds.iter().map(|deed| self::deed(writer, deed)))),
        Way::Select(nodes) => fields.add("select", writer.names(nodes)),
        Way::Vnodes(vnodes) => fields.add("vnodes", vnodes.to_string()),
    }
    fields.add_some("done", done.as_ref(), |what| writer.expected(what).inline());
    fields.add_unless(then.is_empty(), "then", || text(then));
    fields
}

fn deed(writer: &mut Writer<'_>, Deed { plus, act }: &Deed) -> String {
    let mut fields = Fields::default();
    fields.add_unless(*plus == Span::ZERO, "plus", || span(*plus));
    let act: &Act = act;
    let (name, value) = writer.act(act);
    fields.add(name, value);
    fields.inline()
}
