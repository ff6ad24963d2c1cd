//! Small windows: what has the focus is to be seen, and the ring keeps its room.

use super::visit::Visit;
use serde_json::json;

/// Focuses every control outside the fixed parts, and gives the names of those that are covered then.
const COVERED: &str = "const fixed = '.transport, .narration, header, .nodes';
    const all = [...document.querySelectorAll('button, input, select, summary')];
    return all.filter((e) => e.checkVisibility() && !e.closest(fixed)).filter((e) => {
      e.focus();
      const r = e.getBoundingClientRect();
      // Of a row that scrolls, what sticks out of the window sideways may be cut, not hidden.
      const x = (Math.max(r.left, 0) + Math.min(r.right, innerWidth)) / 2;
      const hit = document.elementFromPoint(x, r.top + r.height / 2);
      return !hit || !(hit.contains(e) || e.contains(hit) || hit.closest('.slider, .field')?.contains(e));
    }).map((e) => e.ariaLabel ?? e.textContent);";

/// The panels that scroll sideways, but for the rows that are made to.
const SIDEWAYS: &str = "const rows = '.acts, .acts *, .node-list, pre, textarea';
    return [...document.querySelectorAll('main, main *')]
      .filter((e) => !e.matches(rows) && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
      .filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth)
      .map((e) => `${e.className} ${e.id}: ${e.scrollWidth} > ${e.clientWidth}; ` + [...e.querySelectorAll('*')]
        .filter((c) => c.getBoundingClientRect().right > e.getBoundingClientRect().left + e.clientWidth + 0.5)
        .map((c) => `${c.className || c.localName} ${c.ariaLabel ?? ''}`).slice(0, 4));";

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_has_the_focus_is_not_covered_and_the_ring_keeps_its_room() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.select_node("C", "up");
    visit.unfold();
    for (width, height, least) in [(390, 844, 300.0), (1024, 768, 300.0), (1440, 900, 500.0)] {
        page.resize(width, height);
        page.next_frame();
        let ring =
            page.execute("return document.querySelector('.stage').getBoundingClientRect().height", &[]);
        assert!(ring.as_f64().is_some_and(|ring| ring >= least), "{width} × {height}: the ring has {ring}");
        assert_eq!(page.execute(COVERED, &[]), json!([]), "{width} × {height}");
        assert_eq!(page.execute(SIDEWAYS, &[]), json!([]), "{width} × {height}");
    }
    page.resize(390, 844);
    page.region("Ring").get("button", "Partition").click();
    page.next_frame();
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.region("Ring").get("button", "Cut").click();
    page.status().wait_text("The network splits: C | A, B, D and E.");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn who_chooses_a_tab_sees_what_is_in_it() {
    let visit = Visit::to("#s=siblings");
    let page = &visit.page;
    visit.to_end();
    let hidden = "const panel = document.querySelector('#cluster-panel').getBoundingClientRect();
        const room = document.querySelector('.inspector').getBoundingClientRect();
        return Math.min(panel.height, room.height * 0.7) - (Math.min(panel.bottom, room.bottom) - panel.top)";
    for (width, height) in [(1024, 768), (1440, 900)] {
        page.resize(width, height);
        for name in ["Versions", "Members", "Claims"] {
            page.execute("document.querySelector('.inspector').scrollTop = 0", &[]);
            page.tab(name).click();
            page.poll(|| match page.execute(hidden, &[]).as_f64() {
                Some(pixels) if pixels <= 1.0 => Ok(()),
                pixels => Err(format!("{name}, {width} × {height}: {pixels:?} pixels are below the edge")),
            });
        }
    }
    page.assert_no_errors();
}
