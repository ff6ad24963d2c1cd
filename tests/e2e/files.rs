//! A scenario file of the visitor's own: opened, or refused with the place of the mistake.

use super::visit::{Visit, native};
use ringside_tests::browser::{Browser, Site, dist};
use serde_json::json;

/// Gives the page a file, as the system's chooser would.
const GIVE: &str = "const [bytes, name] = arguments;
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], name));
    const chooser = document.querySelector('input[type=file]');
    chooser.files = files.files;
    chooser.dispatchEvent(new Event('change', {bubbles: true}));";

fn give(visit: &Visit, name: &str, bytes: &[u8]) {
    visit.page.execute(GIVE, &[json!(bytes), json!(name)]);
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_file_is_opened_and_a_mistake_in_it_is_told_with_its_place() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request("basket", "bread");
    visit.ask("Put");
    let before = visit.moment();
    let refused: [(&str, &[u8], &str); 4] = [
        ("misspelt.toml", b"ringside = 1\n\n[cluster]\nndoes = 5\n", "4:1"),
        ("empty.toml", b"", "ringside"),
        ("binary.toml", &[0xff, 0x00, 0xfe], "UTF-8"),
        ("r-above-n.toml", b"ringside = 1\n[cluster]\nn = 2\nr = 3\n", "4:"),
    ];
    for (name, bytes, told) in refused {
        give(&visit, name, bytes);
        page.status().wait_text(&format!("{name} was not opened"));
        page.status().wait_text(told);
        assert_eq!(visit.moment(), before, "{name}: the run is as it was");
    }

    let mine = "ringside = 1\ntitle = \"Mine\"\n[[step]]\nat = \"1ms\"\nput = { key = \"k\", value = \"of my own\" }\n";
    give(&visit, "mine.toml", mine.as_bytes());
    visit.wait_moment("my own run", |now| now.event == 0);
    visit.to_end();
    visit.tab("Request").wait_text("of my own");
    let chosen = page.combobox("Scenario").eval("return this.selectedOptions[0].text");
    assert_eq!(chosen, json!("Mine"));
    // And back to one of those that come with the page.
    page.combobox("Scenario").choose("11 of 20 · Siblings");
    visit.wait_moment("a built-in one", |now| now.of == native("siblings").len());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_page_whose_judges_cannot_be_fetched_runs_and_says_why_it_opens_no_file() {
    let site = Site::start(&dist(), &[("worker.js", "throw new Error('gone');")]);
    let page = Browser::start();
    page.open(&site.url("#s=not-linearizable"));
    let visit = Visit { page, site };
    visit.to_end();
    assert_eq!(visit.verdict("linearizable"), "open", "nobody has judged it");
    let properties = visit.page.region("Inspector");
    properties.wait_text("Nobody can judge this run: the wasm of the judges could not be fetched.");
    properties.get("button", "Ask again").click();
    properties.wait_text("Nobody can judge this run");
    give(&visit, "mine.toml", b"ringside = 1\n");
    visit.page.status().wait_text("mine.toml was not opened: the wasm of the judges could not be fetched");
    assert!(visit.moment().event > 0, "the run is as it was");
}
