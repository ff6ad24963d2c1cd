use super::*;
use crate::Selection;
use ringside_sim::{Claim, Recording, Scenario, Verdict};

fn run(name: &str) -> Recording {
    let mut run = Recording::new(Scenario::parse(ringside_sim::scenario::builtin(name).unwrap()).unwrap());
    run.run_to_end();
    run
}

fn look<T>(run: &Recording, position: u64, look: impl FnOnce(&View<'_>) -> T) -> T {
    let (snapshot, selection) = (run.snapshot(position), Selection::default());
    let now = run.trace().time_of(position);
    look(&View { recording: run, snapshot: &snapshot, position, now, selection: &selection })
}

/// Why an operation got its answer, seen from the end.
fn why(name: &str, op: &str) -> Vec<String> {
    let run = run(name);
    look(&run, run.len(), |view| answer(view, run.trace().op_named(op).unwrap()))
}

#[test]
fn a_stale_read_names_the_newer_write_who_had_it_and_the_settings() {
    let told = why("stale-read", "r1");
    assert_eq!(
        told,
        [
            "R = 1: C decided, as the coordinator. It needed 1 answer, and had it from C itself.",
            "C held milk (D:1): that is the answer.",
            "w2 (D:2), a newer write, was acknowledged at 18 ms, but was on B and D when the get began.",
            "C did not have it: the write from D to C was held back (at 15 ms: From now on writes to C are held back).",
            "B and D were asked, too, but 1 answer came sooner, and that was enough.",
            "R + W = 1 + 1 is not more than N = 3: a get may ask none of those who have it.",
        ]
    );
    assert_eq!(why("stale-read", "r2").len(), 2, "nothing was missed");
}

#[test]
fn an_unknown_put_says_where_it_is_and_who_was_cut_off() {
    let told = why("unknown", "w1").join(" ");
    assert!(
        told.starts_with("W = 2: D needed 2 acks, and had 1 when its time limit of 250 ms ended."),
        "{told}"
    );
    assert!(told.contains("the write is on D, and nobody takes it back"), "{told}");
    assert!(
        told.contains("to B was lost (at 2 ms: The link from D to B is cut), so B could not answer."),
        "{told}"
    );
}

#[test]
fn who_stood_in_and_who_was_down_is_said() {
    let told = why("hinted-handoff", "w1").join(" ");
    assert!(told.contains("E stood in for C: C had been silent for half the time limit."), "{told}");
    let told = why("a-replica-is-down", "w2").join(" ");
    assert!(told.contains("to C was lost (at 2 ms: C crashes), so C could not answer."), "{told}");
    let told = why("both-sides-say-ok", "r1").join(" ");
    assert!(told.contains("but was on A, D and E when the get began"), "{told}");
    assert!(told.contains("D was not asked."), "{told}");
    let told = why("siblings", "r1").join(" ");
    assert!(told.contains("the puts that made them had not seen each other"), "{told}");
}

#[test]
fn a_request_that_nobody_takes_says_who_is_down() {
    let run = run("a-replica-is-down");
    let down = run.position_at(crate::testing::ms(2));
    let node = ringside_core::NodeId(2);
    let mut asked = run.branch(down, crate::testing::ms(3), crate::testing::get("g", node)).unwrap();
    asked.run_to_end();
    let told = look(&asked, asked.len(), |view| answer(view, asked.trace().op_named("g").unwrap())).join(" ");
    assert!(told.contains("C was down, so nobody coordinated the request. At 2 ms: C crashes."), "{told}");
    let gave_up = asked.trace().op_named("g").and_then(|op| op.end.as_ref()).unwrap().position;
    let told = look(&asked, gave_up, event).join(" ");
    assert!(told.contains("C was down") && told.ends_with("It was done by hand."), "{told}");
}

#[test]
fn the_causes_of_an_event_lead_back_to_who_began_it() {
    let run = run("one-put-three-copies");
    let told = look(&run, 7, event);
    let expected = [
        "At 7.412 ms: C stores cart = milk (D:1).",
        "At 4 ms: Alice asks D to put cart = milk.",
        "It is step 2 of 6 of the scenario.",
    ];
    assert_eq!(told, expected);
    assert_eq!(look(&run, 0, event), ["Nothing has happened yet that could have a cause."]);

    let act = Act::ToMessage { message: ringside_sim::MessageId(0), deed: ringside_sim::Deed::Deliver };
    let mut by_hand = run.branch(2, crate::testing::ms(4), act).unwrap();
    by_hand.run_to_end();
    let told = look(&by_hand, 4, event).join(" ");
    assert!(told.contains("is next."), "what was done by hand is the first cause: {told}");
}

#[test]
fn a_broken_property_begins_with_the_judges_and_explains_the_last_of_the_witness() {
    let run = run("stale-read");
    let judged = run.judge(run.len());
    let broken = judged.iter().find(|one| one.claim == Claim::FreshReads).unwrap();
    assert_eq!(broken.verdict, Verdict::Broken);
    let told = look(&run, run.len(), |view| property(view, broken));
    assert_eq!(told[0], broken.why);
    assert!(told[1].starts_with("r1: R = 1: C decided"), "{told:?}");
}

#[test]
fn every_event_and_answer_of_every_scenario_has_a_few_whole_sentences() {
    for (name, _) in ringside_sim::scenario::BUILTIN {
        let run = run(name);
        // Long runs repeat themselves.
        for position in (0..=run.len()).step_by((run.len() / 300 + 1) as usize) {
            let (events, answers) = look(&run, position, |view| {
                (event(view), view.op().map(|op| answer(view, op)).into_iter().flatten().collect::<Vec<_>>())
            });
            assert!(
                !events.is_empty() && events.len() <= MOST && answers.len() <= MOST,
                "{name}, {position}"
            );
            for said in events.iter().chain(&answers) {
                assert!(
                    said.ends_with(['.', '!', '?', '”']) && !said.contains("  "),
                    "{name}, {position}: {said}"
                );
            }
        }
    }
}
