//! Keys and words explain themselves.

use super::visit::Visit;
use ringside_tests::browser::keys;
use serde_json::json;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn keys_and_terms_are_a_question_mark_away() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    page.region("Ring").press("?");
    let dialog = page.get("dialog", "Keys and terms");
    dialog.wait();
    for part in ["Space", "parts the network", "coordinator", "hinted handoff", "tombstone"] {
        dialog.wait_text(part);
    }
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.press(keys::ESCAPE);
    dialog.wait_gone();
    assert_eq!(page.focused(), ("region".to_owned(), "Ring".to_owned()), "where it was");
    page.button("More").click();
    page.button("Keys and terms").click();
    dialog.get("button", "Close").click();
    dialog.wait_gone();
    assert_eq!(page.focused(), ("button".to_owned(), "More".to_owned()));
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_term_explains_itself_where_it_stands_first_and_sentences_follow_the_quorum() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let terms = "return [...document.querySelectorAll('.meaning dfn')].map((d) => d.textContent)";
    assert_eq!(page.execute(terms, &[]), json!(["coordinator", "fallback", "replica"]));
    let means = "return document.querySelector('.meaning dfn').title";
    assert!(page.execute(means, &[]).as_str().is_some_and(|said| said.contains("serves a client")));
    let meaning = || page.slider("W").description();
    assert!(
        meaning().starts_with("Puts and gets succeed while the coordinator reaches any other node."),
        "{}",
        meaning()
    );
    assert!(meaning().contains("unless a fallback took part"), "{}", meaning());
    page.execute("document.querySelector('.mechanisms').open = true", &[]);
    page.combobox("Quorum").choose("strict");
    page.status().wait_text("only replicas count towards a quorum");
    assert!(meaning().starts_with("Any 1 of a key’s 3 replicas can fail"), "{}", meaning());
    assert!(!meaning().contains("fallback"), "{}", meaning());
    page.assert_no_errors();
}
