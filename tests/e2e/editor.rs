//! The scenario as text: what runs and what was done by hand, changed, refused with the place, run, kept and saved.

use super::visit::{Visit, text};
use ringside_sim::{Recording, Scenario};
use ringside_tests::browser::{Locator, keys};

/// Opens the editor and waits for its text.
#[track_caller]
fn edit<'a>(visit: &'a Visit, part: &str) -> Locator<'a> {
    visit.page.button("More").click();
    visit.page.button("Edit scenario").click();
    let area = visit.page.get("textbox", "Scenario text");
    visit.page.poll(|| match area.value() {
        value if value.contains(part) => Ok(()),
        value => Err(format!("no {part:?} in {value:?}")),
    });
    area
}

/// Sets the text as typing does; a file is too long to type.
fn write(area: &Locator<'_>, text: &str) {
    area.eval_with(
        "Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(this, arguments[0]);
         this.dispatchEvent(new InputEvent('input', {bubbles: true}));",
        &[text.into()],
    );
}

fn run(toml: &str) -> Recording {
    let mut recording = Recording::new(Scenario::parse(toml).expect("it is a scenario"));
    recording.run_to_end();
    recording
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_was_done_by_hand_becomes_a_file_that_runs_the_same() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request("basket", "bread");
    visit.ask("Put");
    visit.to_end();
    visit.select_node("B", "up");
    visit.act_on_node("Crash", "B", ["up", "down"]);
    visit.ask("Get");
    let by_hand = visit.to_end();
    let area = edit(&visit, "crash = \"B\"");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    let toml = area.value();
    let headless = run(&toml);
    assert_eq!((headless.len(), headless.trace().ops.len()), (by_hand.of, 2), "{toml}");
    assert_eq!(visit.digest(&toml), format!("{:016x}", headless.digest()));

    // Saved as it stands.
    page.execute(
        "HTMLAnchorElement.prototype.click = function () { window.saved = [this.download, decodeURIComponent(this.href)]; }",
        &[],
    );
    page.button("Save file").click();
    page.wait_until("it is saved", "window.saved");
    assert_eq!(text(&page.execute("return window.saved[0]", &[])), "scenario.toml");
    let saved = text(&page.execute("return window.saved[1]", &[]));
    assert_eq!(saved.split_once(',').map(|(_, file)| file), Some(toml.as_str()));

    page.button("Run").click();
    visit.wait_moment("it begins", |now| now.event == 0);
    page.get("dialog", "Scenario editor").wait_gone();
    let end = visit.to_end();
    // What was done after a message of its moment is a step a microsecond later: a step would come before it.
    assert_eq!(end.of, by_hand.of);
    visit.tab("Request").wait_text("bread");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_mistake_is_marked_where_it_is_and_nothing_typed_is_lost() {
    let visit = Visit::to("#s=siblings");
    let page = &visit.page;
    let area = edit(&visit, "[[expect]]");
    let wrong = "ringside = 1\n\n[cluster]\nnodes = 5\nndoes = 6\n";
    write(&area, wrong);
    page.button("Run").click();
    page.poll(|| match area.description() {
        said if said.contains("Line 5, column 1: ") && said.contains("did you mean \"nodes\"?") => Ok(()),
        said => Err(said),
    });
    assert_eq!(area.attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(page.focused(), ("textbox".to_owned(), "Scenario text".to_owned()));
    let marked = "return this.value.slice(this.selectionStart, this.selectionEnd)";
    assert_eq!(text(&area.eval(marked)), "ndoes");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());

    // Typed over what is marked; closed with Esc, opened again.
    page.press("seed");
    page.poll(|| {
        if area.attribute("aria-invalid").is_none() { Ok(()) } else { Err("still invalid".to_owned()) }
    });
    page.press(keys::ESCAPE);
    page.get("dialog", "Scenario editor").wait_gone();
    page.poll(|| match page.focused() {
        (_, name) if name == "More" => Ok(()),
        other => Err(format!("the focus is on {other:?}")),
    });
    let area = edit(&visit, "seed = 6");
    assert_eq!(area.value(), wrong.replace("ndoes", "seed"));
    page.button("Take the run on the page").click();
    page.poll(|| match area.value() {
        value if value.contains("[[expect]]") => Ok(()),
        value => Err(value),
    });
    page.button("Back to my text").click();
    area.wait_value(&wrong.replace("ndoes", "seed"));

    let right =
        "ringside = 1\n[cluster]\nnodes = 7\n[[step]]\nat = \"1ms\"\nput = { key = \"k\", value = \"v\" }\n";
    write(&area, right);
    page.button("Run").click();
    page.slider("Nodes").wait_value("7");
    let end = visit.to_end();
    assert_eq!(end.of, run(right).len());
    // Its comments and its form are the visitor's: it is not written anew.
    assert_eq!(edit(&visit, "nodes = 7").value(), right);
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_is_typed_outlasts_loading_the_page_again_until_it_is_discarded() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let mine = "ringside = 1\ntitle = \"Mine\"\n# not finished";
    write(&edit(&visit, "ringside"), mine);
    page.reload();
    let area = edit(&visit, "# not finished");
    assert_eq!(area.value(), mine);
    page.get("dialog", "Scenario editor").wait_text("what you typed before the page was loaded again");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    // Given up for the run on the page it can still be had back, now and later.
    page.button("Take the run on the page").click();
    page.button("Back to my text").wait();
    page.reload();
    edit(&visit, "# not finished");
    page.button("Discard my text").click();
    page.button("Discard my text").wait_gone();
    page.reload();
    let area = edit(&visit, "ringside = 1");
    assert!(!area.value().contains("Mine"), "{}", area.value());

    // A browser that keeps nothing is told of.
    page.execute(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        &[],
    );
    write(&area, mine);
    page.get("dialog", "Scenario editor").wait_text("This browser does not keep your text");
    page.assert_no_errors();
}
