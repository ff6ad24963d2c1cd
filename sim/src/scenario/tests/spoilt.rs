//! Whatever is read, it is a scenario within bounds or a mistake within the file.

use crate::scenario::Scenario;
use proptest::prelude::*;

/// A file to spoil: all of the format.
const FULL: &str = r#"ringside = 1
title = "Ä"
seed = 7
until = "2s"
cluster = { nodes = ["A", "B", "C"], vnodes = 4, quorum = "strict", timeout = "250ms" }
network = { delay = { write = "uniform 1ms 2ms", other = "pareto 1ms 1.5" }, loss = "1/100" }
[[step]]
at = "10ms"
put = { id = "w1", key = "k", value = "v", via = "k#2", client = "alice", context = "none" }
say = "One."
[[step]]
after = "w1"
plus = "5ms"
link = { from = "A", to = "B", delay = "lnkd-disk", loss = "1%", cut = true }
[[step]]
at = "20ms"
hold = { kind = "write", from = "A" }
[[step]]
at = "21ms"
partition = [["A"], ["B", "C"]]
[[step]]
at = "22ms"
set = { r = 1, read_repair = "off" }
[[expect]]
op = "w1"
outcome = "ok"
replies = ["A"]
[[expect]]
claim = "linearizable"
verdict = "holds"
[[expect]]
key = "k"
node = "A"
values = ["v"]
[lesson]
number = 9
[[lesson.stop]]
at = "1ms"
name = "One"
say = "Said."
question = "What?"
choices = ["a", "b"]
answer = 1
because = "So."
act = "Do."
do = [{ plus = "1ms", get = { id = "r", key = "k" } }]
done = { op = "r", values = ["v"] }
then = "Seen."
"#;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        sound(&bytes)?;
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ -~\n\"\\[\\]{}=#.µ]{0,200}") {
        sound(format!("ringside = 1\n{text}").as_bytes())?;
    }

    #[test]
    fn no_spoilt_file_makes_it_panic(
        cuts in proptest::collection::vec((0..FULL.len(), 0_usize..12, "[ -~\n]{0,6}"), 1..4),
    ) {
        let mut bytes = FULL.as_bytes().to_vec();
        for (at, length, filling) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, filling.into_bytes());
        }
        sound(&bytes)?;
    }
}

fn sound(bytes: &[u8]) -> Result<(), TestCaseError> {
    match Scenario::from_bytes(bytes) {
        Ok(scenario) => prop_assert_eq!(scenario.setup.config.validate(), Ok(())),
        Err(error) => {
            let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let (line, column) = error.place.unwrap_or((1, 1));
            prop_assert!((1..=lines).contains(&(line as usize)) && column >= 1, "{}", error);
            prop_assert!(!error.message.is_empty() && !error.message.contains('\n'), "{}", error);
        }
    }
    Ok(())
}

#[test]
fn the_file_to_spoil_is_right() {
    assert_eq!(Scenario::parse(FULL).map(|scenario| scenario.steps.len()), Ok(5));
    for end in 0..FULL.len() {
        if let Err(error) = sound(&FULL.as_bytes()[..end]) {
            panic!("cut at {end}: {error}");
        }
    }
}
