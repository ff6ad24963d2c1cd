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
        let rooms = page.get("navigation", "Panels");
        let names = if width < 900 { rooms.all("button").names() } else { vec![String::new()] };
        for name in names {
            if !name.is_empty() {
                rooms.get("button", &name).click();
                page.next_frame();
            }
            assert_eq!(page.execute(COVERED, &[]), json!([]), "{width} × {height} {name}");
            assert_eq!(page.execute(SIDEWAYS, &[]), json!([]), "{width} × {height} {name}");
        }
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
        for name in ["Members", "Claims", "Versions"] {
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

/// The panels that are to be seen.
const SHOWN: &str = "return ['.lesson', '.side', '.spacetime', '.inspector', '.log']
    .filter((panel) => document.querySelector(panel)?.checkVisibility());";

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_phone_shows_one_panel_at_a_time_and_unfolds_the_rest_of_its_controls() {
    let visit = Visit::to("#s=stale-read");
    let page = &visit.page;
    let rooms = page.get("navigation", "Panels");
    assert!(!rooms.exists(), "a wide page has all panels");
    page.resize(390, 844);
    page.next_frame();
    assert_eq!(rooms.all("button").names(), ["Lesson", "Settings", "Diagram", "Inspector", "Log"]);
    assert_eq!(page.execute(SHOWN, &[]), json!([".lesson"]), "a lesson begins with what it tells");
    for (name, panel) in
        [("Diagram", ".spacetime"), ("Log", ".log"), ("Inspector", ".inspector"), ("Settings", ".side")]
    {
        let button = rooms.get("button", name);
        button.click();
        page.poll(|| match page.execute(SHOWN, &[]) {
            shown if shown == json!([panel]) => Ok(()),
            shown => Err(format!("{name}: {shown}")),
        });
        assert_eq!(button.attribute("aria-pressed").as_deref(), Some("true"));
        assert_eq!(page.accessibility_violations(), Vec::<String>::new(), "{name}");
        // Its top is between the ring and the narration, however far the one before was scrolled.
        let top = format!("return document.querySelector('{panel}').getBoundingClientRect().top");
        let top = page.execute(&top, &[]).as_f64();
        assert!(top.is_some_and(|top| (300.0..600.0).contains(&top)), "{name}: {top:?}");
        page.execute("scrollTo(0, document.documentElement.scrollHeight)", &[]);
    }
    // What can be changed there changes the run.
    page.slider("R").set_value("2");
    page.slider("R").wait_value("2");
    assert!(!page.button("Start over").exists());
    page.get("checkbox", "More controls").click();
    page.button("Start over").click();
    visit.wait_moment("started over", |now| now.event == 0);
    assert!(!page.button("Open file").exists(), "it is behind the three dots");
    page.button("More").click();
    page.button("Open file").wait();
    page.assert_no_errors();
}
