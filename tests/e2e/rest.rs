//! The rest of the page's wasm, which comes when the first picture stands: what if it is late, or does not come.

use ringside_tests::browser::{Browser, Site, dist};

/// How the name of the rest ends.
const REST: &str = "_rest.wasm";

/// What the page says of the rest.
fn rest(page: &Browser) -> String {
    let said = page.execute("return document.documentElement.dataset.rest", &[]);
    said.as_str().unwrap_or_default().to_owned()
}

/// How often the rest was asked for.
fn asked(site: &Site) -> usize {
    site.asked().iter().filter(|name| name.ends_with(REST)).count()
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_rest_comes_by_itself_and_a_link_waits_for_it() {
    for fragment in ["", "#s=sandbox", "#s=hinted-handoff&at=20ms"] {
        let site = Site::start(&dist(), &[]);
        let page = Browser::start();
        page.open(&site.url(fragment));
        assert_eq!((rest(&page).as_str(), asked(&site)), ("there", 1), "{fragment}");
        page.assert_no_errors();
    }
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_first_picture_stands_without_the_rest_and_the_page_says_what_is_missing() {
    let site = Site::start(&dist(), &[]);
    site.withhold(REST, usize::MAX);
    let page = Browser::start();
    page.open(&site.url(""));
    page.all("alert").wait_text("A part of Ringside could not be fetched");
    assert_eq!(rest(&page), "missing");
    assert!(page.region("Ring").exists() && page.button("Play").exists(), "the first picture stands");
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn what_is_clicked_without_the_rest_fetches_it_and_works() {
    let site = Site::start(&dist(), &[]);
    // The next time somebody asks, it is there.
    site.withhold(REST, 1);
    let page = Browser::start();
    page.open(&site.url(""));
    page.poll(|| if asked(&site) > 0 { Ok(()) } else { Err("nobody asked for the rest".to_owned()) });
    page.button("To end").click();
    page.poll(|| {
        let at = page.slider("Timeline").attribute("aria-valuetext").unwrap_or_default();
        let words: Vec<_> = at.split([' ', ',']).collect();
        let at_end = words.len() > 3 && words[1] != "0" && words[1] == words[3];
        if at_end { Ok(()) } else { Err(format!("the clock stands at {at:?}")) }
    });
    assert_eq!(rest(&page), "forced");
    assert!(!page.all("alert").exists(), "nothing is missing any more");
    assert_eq!(asked(&site), 2);
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_link_that_cannot_be_opened_without_the_rest_says_so() {
    let site = Site::start(&dist(), &[]);
    site.withhold(REST, usize::MAX);
    let page = Browser::start();
    page.open_raw(&site.url("#s=hinted-handoff"));
    page.all("alert").wait_text("could not be");
}
