//! Story and Explore: the same run, less or more of the page round it.

use super::visit::Visit;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_story_has_less_on_the_page_and_the_same_run() {
    let visit = Visit::to("#s=not-linearizable&stage=story");
    let page = &visit.page;
    let stages = page.get("group", "Stage");
    assert_eq!(stages.get("button", "Story").attribute("aria-pressed").as_deref(), Some("true"));
    for name in ["Narration", "Ring"] {
        page.region(name).wait();
    }
    for name in ["Inspector", "Space-time diagram", "Event log"] {
        assert!(!page.region(name).exists(), "{name} is left out");
    }
    page.slider("Timeline").set_value("20");
    let there = visit.wait_moment("scrubbed", |now| now.event == 20);
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.resize(390, 844);
    page.next_frame();
    assert_eq!(page.accessibility_violations(), Vec::<String>::new(), "on a phone");
    page.resize(1440, 900);

    stages.get("button", "Explore").click();
    for name in ["Inspector", "Space-time diagram", "Event log"] {
        page.region(name).wait();
    }
    assert_eq!(visit.moment(), there, "the same run, at the same moment");
    visit.to_end();
    assert_eq!(visit.verdict("linearizable"), "broken");
    // The address says which: loaded again, it is the same page.
    page.reload();
    page.region("Inspector").wait();
    page.get("group", "Stage").get("button", "Story").click();
    page.region("Inspector").wait_gone();
    assert!(page.url().contains("stage=story"), "{}", page.url());
    page.assert_no_errors();
}
