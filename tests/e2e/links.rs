//! Links that name nothing, are damaged, or are of another version: a plain notice and a page that works.

use super::visit::Visit;

/// The page says what is wrong with its link, and takes a put.
#[track_caller]
fn is_usable(visit: &Visit, fragment: &str) {
    let page = &visit.page;
    assert_eq!(page.all("main").count(), 1, "{fragment}");
    let status = page.status().text();
    let notices = ["There is no scenario", "damaged", "cannot be opened", "no moment"];
    assert!(notices.iter().any(|notice| status.contains(notice)), "{fragment}: {status}");
    assert!(status.len() < 1_000, "{fragment}: a notice is short, not {} bytes", status.len());
    visit.type_request("basket", "bread");
    visit.ask("Put");
    visit.tab("Request").wait_text("bread");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_link_that_cannot_be_opened_leaves_a_page_that_works() {
    let long = "x".repeat(50_000);
    let fragments = [
        "#s=no-such-scenario".to_owned(),
        "#s=".to_owned(),
        "#s=%00".to_owned(),
        "#s=%E2%82".to_owned(),
        "#s=<img src=x onerror=alert(1)>".to_owned(),
        "#s=../../etc/passwd".to_owned(),
        "#v1".to_owned(),
        "#v1.x.y".to_owned(),
        "#v9.z.AAAA".to_owned(),
        "#s=stale-read&at=soon".to_owned(),
        "#s=stale-read&at=-5ms".to_owned(),
        "#s=stale-read&at=1.2.3ms".to_owned(),
        "#%".to_owned(),
        "#=&=&==".to_owned(),
        format!("#s={long}"),
        format!("#s=sandbox&at={long}"),
        format!("#v1.{long}"),
    ];
    let visit = Visit::to(&fragments[0]);
    is_usable(&visit, &fragments[0]);
    for fragment in &fragments[1..] {
        // Followed in a page that is there …
        visit.page.open_raw(&visit.site.url("#s=sandbox"));
        visit.wait_moment("the sandbox", |now| now.of == 0);
        visit.page.open_raw(&visit.site.url(fragment));
        visit.page.poll(|| match visit.page.status().text() {
            text if ["There is no scenario", "damaged", "cannot be opened", "no moment"]
                .iter()
                .any(|part| text.contains(part)) =>
            {
                Ok(())
            }
            text => Err(format!("{:.40}: no notice but {text}", fragment)),
        });
        is_usable(&visit, &fragment.chars().take(40).collect::<String>());
    }
    // … and loaded with the page.
    for fragment in ["#s=%00", "#v1.x.y", fragments.last().expect("there are some").as_str()] {
        visit.anew(fragment);
        is_usable(&visit, &fragment.chars().take(40).collect::<String>());
    }
    let missing: Vec<_> = visit.site.asked().into_iter().filter(|path| path.starts_with("missing")).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_link_opens_at_its_moment() {
    let visit = Visit::to("#s=not-linearizable&at=102ms");
    assert_eq!(visit.moment().time, "102 ms");
    let whole = visit.moment().of;
    // Past the end is the end, and no time is too great.
    for at in ["1h", "99999999999999999999h"] {
        visit.anew(&format!("#s=not-linearizable&at={at}"));
        let now = visit.moment();
        assert_eq!((now.event, now.of), (whole, whole), "{at}");
    }
    visit.page.assert_no_errors();
}
