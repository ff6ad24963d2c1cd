//! `[lesson]`: what it says, that the run does not depend on it, and its mistakes.

use super::mistakes::wrong;
use crate::lesson::{Lesson, Question, Stop, Task, Way};
use crate::recording::Recording;
use crate::scenario::{BUILTIN, Expected, Scenario, When};
use ringside_core::{NodeId, Span, Time};

const STORY: &str = r#"ringside = 1
[[step]]
at = "1ms"
put = { id = "w1", key = "k", value = "v" }
[[step]]
at = "30ms"
get = { key = "k" }
"#;

const LESSON: &str = r#"
[lesson]
number = 3
[[lesson.stop]]
at = "20ms"
name = "One"
say = "Said."
question = "What?"
choices = ["this", "that"]
answer = 2
because = "So."
[[lesson.stop]]
after = "w1"
plus = "21ms"
name = "Two"
say = "Said, too."
act = "Join and get."
do = [{ join = "F" }, { plus = "5ms", get = { id = "r", key = "k" } }, { get = { key = "k" } }]
done = { op = "r", values = ["v"] }
then = "Seen."
[[lesson.stop]]
at = "60ms"
name = "Three"
say = "Point."
act = "Select."
select = ["k#2", "A"]
"#;

fn read(file: &str) -> Scenario {
    Scenario::parse(file).unwrap_or_else(|error| panic!("{error}\n{file}"))
}

#[test]
fn a_lesson_is_read_as_it_is_written() {
    let scenario = read(&format!("{STORY}{LESSON}"));
    let Lesson { number, stops } = scenario.lesson.as_ref().expect("there is one");
    assert_eq!((*number, stops.len()), (3, 3));
    let Stop { when, name, question, task, .. } = &stops[0];
    assert_eq!((when, name.as_str(), task), (&When::At(Time::from_micros(20_000)), "One", &None));
    let Some(Question { choices, answer, .. }) = question else { panic!("it asks") };
    assert_eq!((choices.len(), *answer), (2, 2));
    let plus = Span::from_millis(21);
    assert_eq!(stops[1].when, When::After { op: "w1".to_owned(), plus });
    let Some(Task { way: Way::Deeds(deeds), done: Some(Expected::Operation { id, .. }), .. }) =
        &stops[1].task
    else {
        panic!("it is done by acts")
    };
    assert_eq!((deeds.len(), id.as_str()), (3, "r"));
    assert_eq!(deeds[1].plus, Span::from_millis(5));
    assert!(
        matches!(&deeds[2].act, crate::act::Act::Operation(get) if get.id == "op2"),
        "past the step's op1"
    );
    assert!(
        matches!(&stops[2].task, Some(Task { way: Way::Select(nodes), .. }) if nodes.contains(&NodeId(0)))
    );
    assert_eq!(read(&scenario.to_toml()), scenario, "and written as it is read");
    let bytes = scenario.to_bytes();
    assert_eq!(Scenario::from_encoded(&bytes), Ok(scenario));
}

#[test]
fn a_run_is_the_same_without_its_lesson() {
    let digest = |file: &str| {
        let mut recording = Recording::new(read(file));
        recording.run_to_end();
        (recording.digest(), recording.len())
    };
    let taught = format!("{STORY}{LESSON}");
    let all = BUILTIN.iter().map(|(name, file)| (*name, *file)).chain([("the story", taught.as_str())]);
    let mut lessons = 0;
    for (name, file) in all {
        if let Some((without, _)) = file.split_once("\n[lesson]") {
            assert_eq!(digest(file), digest(without), "{name}: its lesson stands last and changes nothing");
            lessons += 1;
        }
    }
    assert!(lessons > 2, "there are lessons");
}

#[test]
fn mistakes_of_a_lesson_have_a_place_and_a_hint() {
    let stop = "[lesson]\nnumber = 1\n[[lesson.stop]]\nat = \"1ms\"\nname = \"n\"\nsay = \"s\"\n";
    for (marked, part) in [
        ("[lesson]\n‸numbre = 1", "did you mean \"number\"?"),
        ("‸[lesson]", "\"lesson\" needs \"number\": write number = 1"),
        ("[lesson]\nnumber = ‸65", "a whole number from 1 to 64"),
        ("‸[lesson]\nnumber = 1", "a lesson needs a stop: write [[lesson.stop]]"),
        ("[lesson]\nnumber = 1\nstop = ‸[]", "a lesson has 1 to 64 stops, and here are 0"),
        ("[lesson]\nnumber = 1\n‸[[lesson.stop]]\nname = \"n\"\nsay = \"s\"", "no moment"),
        ("[lesson]\nnumber = 1\n[[lesson.stop]]\nat = \"1ms\"\nname = ‸\" \"\nsay = \"s\"", "not empty"),
        ("[lesson]\nnumber = 1\n‸[[lesson.stop]]\nat = \"1ms\"\nname = \"n\"", "needs \"say\""),
    ] {
        wrong(&format!("{STORY}{marked}"), part);
    }
    for (marked, part) in [
        ("[[lesson.stop]]\nat = ‸\"1ms\"\nname = \"n\"\nsay = \"s\"", "one before this is at 1 ms"),
        ("answer = ‸1", "\"answer\" goes with \"question\""),
        ("then = ‸\"x\"", "\"then\" goes with \"act\""),
        ("question = \"q\"\nchoices = ‸[\"a\"]", "a question has 2 to 5 choices, and here are 1"),
        (
            "question = \"q\"\nchoices = [\"a\", \"b\"]\nbecause = \"b\"\nanswer = ‸3",
            "a whole number from 1 to 2",
        ),
        ("act = ‸\"a\"", "\"act\" needs \"do\", or \"select\", or \"vnodes\""),
        ("act = \"a\"\ndo = ‸[]", "a task has 1 to 32 acts"),
        ("act = \"a\"\nvnodes = 4\nselect = ‸[\"A\"]", "done in one way"),
        ("act = \"a\"\nselect = [‸\"Z\"]", "there is no node \"Z\""),
        ("act = \"a\"\ndo = [{ ‸note = true }]", "unknown key \"note\""),
        ("act = \"a\"\ndo = [‸{ plus = \"1ms\" }]", "does nothing"),
        ("act = \"a\"\ndo = [{ get = { id = ‸\"op1\", key = \"k\" } }]", "called \"op1\" already"),
        ("act = \"a\"\ndo = [{ get = { id = ‸\"w1\", key = \"k\" } }]", "called \"w1\" already"),
        ("act = \"a\"\nvnodes = 4\ndone = { op = ‸\"r\", values = [] }", "no operation is called \"r\""),
        ("act = \"a\"\nvnodes = 4\ndone = { hints = 0, ‸at = \"1ms\" }", "unknown key \"at\""),
    ] {
        wrong(&format!("{STORY}{stop}{marked}"), part);
    }
    // What a visitor is asked to do is not yet done where steps and expectations are read.
    let named = "[[expect]]\nop = ‸\"r\"\noutcome = \"ok\"\n";
    wrong(
        &format!("{STORY}{named}{stop}act = \"a\"\ndo = [{{ get = {{ id = \"r\", key = \"k\" }} }}]"),
        "\"r\"",
    );
}
