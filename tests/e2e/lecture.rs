//! Lecture mode: ring and narration alone, driven by a presenter's remote control.

use super::visit::Visit;
use ringside_tests::browser::keys;
use serde_json::json;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_lecture_shows_ring_and_narration_and_goes_by_page_down_and_up() {
    let visit = Visit::to("#s=hinted-handoff");
    let page = &visit.page;
    page.button("More").click();
    page.button("Lecture mode").click();
    page.region("Space-time diagram").wait_gone();
    page.status().wait_text("Page Down goes on, Page Up goes back, Esc leaves");
    for gone in ["Inspector", "Event log", "Transport", "Settings"] {
        assert!(!page.region(gone).exists(), "{gone}");
    }
    assert_eq!(
        page.execute("return getComputedStyle(document.documentElement).fontSize", &[]),
        json!("24px")
    );
    assert_eq!(page.all("main").count(), 1);
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());

    let narration = || page.region("Narration").text();
    let first = narration();
    let mut told = vec![first.clone()];
    for _ in 0..3 {
        page.press(keys::PAGE_DOWN);
        let before = told.last().cloned().unwrap_or_default();
        told.push(page.poll(|| if narration() == before { Err(before.clone()) } else { Ok(narration()) }));
    }
    let asked = "Can her put end ok?";
    assert!(told.iter().any(|told| told.contains(asked) && told.contains("Answer")), "{told:?}");
    // What the file says stands there, and the keys act wherever the focus is.
    page.button("Back").focus();
    for wanted in [2, 1, 0] {
        page.press(keys::PAGE_UP);
        page.poll(|| {
            let now = narration();
            // The beginning says that it is one.
            let there = now == told[wanted] || (wanted == 0 && now.contains("nothing has happened yet"));
            if there { Ok(()) } else { Err(now) }
        });
    }
    page.press(keys::ESCAPE);
    page.region("Space-time diagram").wait();
    assert_eq!(
        page.execute("return getComputedStyle(document.documentElement).fontSize", &[]),
        json!("16px")
    );
    assert_eq!(visit.moment().event, 0);
    page.assert_no_errors();
}
