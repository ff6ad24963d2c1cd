//! Runs that are kept: copied by a letter, named, removed.

use super::visit::Visit;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_run_is_copied_named_and_removed() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    page.slider("Timeline").set_value("3");
    visit.wait_moment("there", |now| now.event == 3);
    page.region("Ring").press("b");
    page.combobox("Branches").wait();
    page.status().wait_text("This is a copy of “first run”");
    assert_eq!(visit.moment().event, 3);
    page.execute("document.querySelector('.kept').open = true", &[]);
    let kept = page.get("list", "Runs kept");
    kept.wait_text("left “first run” at");
    page.textbox("Name of run 2").fill("what if");
    page.textbox("Name of run 1").focus();
    page.combobox("Branches").wait_chosen("what if");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.execute("const fork = document.querySelectorAll('.landmarks .fork'); if (fork.length !== 1) throw fork.length", &[]);
    page.button("Remove what if").click();
    page.combobox("Branches").wait_gone();
    page.status().wait_text("Removed: what if.");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn quiet_is_said_and_run_through_and_speed_is_said_in_words() {
    let visit = Visit::to("#s=a-replica-is-down");
    let page = &visit.page;
    let words = page.slider("Speed").attribute("aria-valuetext").unwrap_or_default();
    assert!(words.ends_with(" times slower than life"), "{words}");
    let gaps = page.execute("return document.querySelectorAll('.landmarks .gap').length", &[]);
    assert!(gaps.as_u64().is_some_and(|gaps| gaps > 0), "the time limit of 250 ms is a long wait");
    let slowest = page.slider("Speed").attribute("max").expect("a range has an end");
    page.slider("Speed").set_value(&slowest);
    page.wait_until(
        "at this speed nothing is quiet",
        "document.querySelectorAll('.landmarks .gap').length === 0",
    );
    visit.anew("#s=a-replica-is-down&at=10h");
    visit.wait_moment("past the end is the end", |now| now.event == now.of);
    page.assert_no_errors();
}
