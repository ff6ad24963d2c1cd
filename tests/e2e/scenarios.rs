//! The built-in scenarios: each opens by its link and from the list, runs to its end, and is the very run that the
//! command line would show.

use super::visit::{Visit, native, written};
use ringside_sim::scenario::BUILTIN;
use ringside_sim::{Claim, Scenario};

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn every_scenario_opens_by_its_link_and_is_the_run_of_the_command_line() {
    let visit = Visit::to("");
    let page = &visit.page;
    for (name, file) in BUILTIN {
        visit.anew(&format!("#s={name}"));
        let recording = native(name);
        page.combobox("Scenario").wait_value(name);
        let start = visit.moment();
        assert_eq!((start.event, start.time.as_str()), (0, "0 ms"), "{name} opens at its beginning");
        assert_eq!(start.of, recording.len(), "{name}");
        assert_ne!(page.region("Narration").text().trim(), "", "{name}");

        let end = visit.to_end();
        let last = recording.trace().time_of(recording.len());
        assert_eq!(end, written(recording.len(), recording.len(), last), "{name}");
        assert_eq!(visit.digest(file), format!("{:016x}", recording.digest()), "{name}");
        for judgement in recording.judge(recording.len()) {
            assert_eq!(visit.verdict(judgement.claim.name()), judgement.verdict.name(), "{name}");
        }
        page.assert_no_errors();
    }
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn every_scenario_opens_from_the_list() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let list = page.combobox("Scenario");
    assert_eq!(list.options().len(), BUILTIN.len());
    // Each from the middle of the one before: nothing of it may be left.
    for (name, _) in BUILTIN.iter().cycle().skip(1).take(BUILTIN.len()) {
        let recording = native(name);
        list.choose(&label(name, recording.scenario()));
        let opened = visit.wait_moment(name, |now| now.event == 0 && now.of == recording.len());
        assert_eq!(opened, written(0, recording.len(), ringside_core::Time::from_micros(0)), "{name}");
        assert!(page.url().ends_with(&format!("#s={name}")), "{} is a link to {name}", page.url());
        list.wait_value(name);
        page.slider("Timeline").set_value(&(recording.len() / 2).to_string());
        visit.wait_moment(name, |now| now.event == recording.len() / 2);
    }
    page.assert_no_errors();
}

/// What the list says of a scenario.
fn label(name: &str, scenario: &Scenario) -> String {
    let is_puzzle = |name: &str| name.starts_with("puzzle-");
    let counted = BUILTIN.iter().filter(|(name, _)| !is_puzzle(name));
    let lessons = counted.filter_map(|(_, file)| Some(Scenario::parse(file).ok()?.lesson?.number));
    let last = lessons.max().unwrap_or(0);
    match &scenario.lesson {
        Some(lesson) if !is_puzzle(name) => format!("{} of {last} · {}", lesson.number, scenario.title),
        Some(_) | None => scenario.title.clone(),
    }
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn overlapping_quorums_are_not_linearizability() {
    let visit = Visit::to("#s=not-linearizable");
    for (name, verdict) in [("not-linearizable", "broken"), ("not-linearizable-blocking", "holds")] {
        visit.anew(&format!("#s={name}"));
        assert_eq!(visit.verdict("linearizable"), "open", "the run is not over");
        visit.to_end();
        let recording = native(name);
        let judgements = recording.judge(recording.len());
        let judged = judgements.iter().find(|judgement| judgement.claim == Claim::Linearizable);
        let judged = judged.expect("every claim is judged");
        assert_eq!(judged.verdict.name(), verdict, "natively");
        assert_eq!(visit.verdict("linearizable"), verdict, "on the page");
        // What the page says of it is what the command line says, with the operations that show it.
        visit.page.poll(|| {
            let text = visit.page.region("Inspector").eval("return this.textContent");
            let text = text.as_str().unwrap_or_default();
            if text.contains(&judged.why) { Ok(()) } else { Err(format!("not {:?} but {text}", judged.why)) }
        });
        if verdict == "broken" {
            assert_eq!(judged.ops.len(), 3, "three operations show it: {judged:?}");
            for op in &judged.ops {
                assert!(judged.why.contains(op.as_str()), "{op} is named: {}", judged.why);
            }
        }
    }
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_link_to_the_end_is_judged_there() {
    let visit = Visit::to("#s=not-linearizable&at=1s");
    assert_eq!(visit.verdict("linearizable"), "broken");
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_a_visitor_puts_into_a_scenario_stays_in_a_branch() {
    let visit = Visit::to("#s=not-linearizable");
    let page = &visit.page;
    let whole = visit.moment().of;
    page.slider("Timeline").set_value("12");
    visit.wait_moment("scrubbed", |now| now.event == 12);
    visit.type_request("cart", "bread");
    page.button("Put").click();
    visit.wait_moment("the put is an event of its own", |now| now.event == 13 && now.of != whole);
    page.status().wait_text("branch");
    assert_eq!(page.combobox("Branches").options().len(), 2);
    visit.to_end();
    page.button("Undo").click();
    let back = visit.wait_moment("undone", |now| now.of == whole);
    assert_eq!(back.event, 12, "back where the branch left");
    visit.to_end();
    assert_eq!(visit.verdict("linearizable"), "broken", "the first run is as it was");
    page.assert_no_errors();
}
