//! The harness itself, on a page made for it: it has to find what is there, and to notice what is wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ringside_tests::browser::{Browser, Site, dist, keys};

/// A page with one of everything. Its script is allowed: the page has no policy.
const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,"></head><body><main>
<h1>Harness</h1>
<section aria-label="Ring"><button id="b" aria-describedby="d">Play</button><p id="d">Starts the run</p></section>
<section aria-label="Inspector"><button>Close</button></section><button>Close</button>
<button hidden>Gone</button>
<label>R <input type="range" min="1" max="5" value="2" id="r"></label>
<label>Key <input type="text" id="k"></label>
<label>Scenario <select id="s"><option>One</option><option>Two</option></select></label>
<p role="status">nothing yet</p></main>
<script>
const status = document.querySelector("[role=status]"), say = (what) => status.textContent = what;
b.onclick = () => requestAnimationFrame(() => { b.textContent = b.textContent === "Play" ? "Pause" : "Play"; });
r.onchange = () => say("R is " + r.value);
s.onchange = () => say("scenario " + s.value);
b.onmouseenter = () => say("over it");
document.onkeydown = (e) => { if (e.key === "ArrowRight") say((e.shiftKey ? "far " : "") + "right"); };
</script></body></html>"#;

fn harness() -> (Site, Browser) {
    let site = Site::start(&dist(), &[("harness.html", PAGE)]);
    let page = Browser::start();
    page.open_raw(&site.url("harness.html"));
    (site, page)
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn elements_are_found_by_role_and_name_and_acted_on() {
    let (_site, page) = harness();
    page.button("Play").click();
    page.button("Pause").wait();
    assert!(!page.button("Play").exists());
    assert_eq!(page.button("Pause").description(), "Starts the run");
    assert_eq!(page.region("Inspector").get("button", "Close").count(), 1);
    assert_eq!(page.all("button").names(), ["Pause", "Close", "Close"], "hidden ones do not count");

    page.slider("R").set_value("4");
    page.status().wait_text("R is 4");
    page.textbox("Key").fill("cart");
    page.textbox("Key").fill("tray");
    page.textbox("Key").wait_value("tray");
    page.combobox("Scenario").choose("Two");
    page.status().wait_text("scenario Two");
    page.hover_at(0.0, 0.0);
    page.button("Pause").hover();
    page.status().wait_text("over it");
    let place = page.button("Pause").bounds();
    page.click_at(place.x + 2.0, place.y + 2.0);
    page.button("Play").click();
    page.button("Pause").press(keys::RIGHT);
    page.status().wait_text("right");
    page.press(&format!("{}{}", keys::SHIFT, keys::RIGHT));
    page.status().wait_text("far right");
    page.slider("R").press(keys::LEFT);
    assert_eq!(page.slider("R").value(), "3");
    assert_eq!(page.focused(), ("slider".to_owned(), "R".to_owned()));
    page.assert_no_errors();
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_is_wrong_with_a_page_is_noticed() {
    let (site, page) = harness();
    let refused = catch_unwind(AssertUnwindSafe(|| page.slider("R").set_value("9")));
    assert!(refused.is_err(), "a slider that ends at 5 does not take 9");
    let refused = catch_unwind(AssertUnwindSafe(|| page.combobox("Scenario").choose("Three")));
    assert!(refused.is_err(), "there is no such option");

    page.execute(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"none.png\">')",
        &[],
    );
    page.wait_until("the picture has failed", "document.querySelector('img').complete");
    assert!(page.accessibility_violations().iter().any(|line| line.starts_with("image-alt: ")));
    assert!(site.asked().contains(&"missing: none.png".to_owned()));
    let refused = catch_unwind(AssertUnwindSafe(|| page.assert_no_errors()));
    assert!(refused.is_err(), "a missing picture is an error on the console");
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_policy_of_the_page_refuses_inline_scripts() {
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    page.open(&site.url(""));
    page.execute("const s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.head.append(s)", &[]);
    assert!(page.execute("return window.bad ?? null", &[]).is_null());
    assert!(page.console().iter().any(|entry| entry.message.contains("Content Security Policy")));
}
