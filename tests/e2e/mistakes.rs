//! What no store would take: told at once and plainly, with nothing lost of what was typed or done.

use super::visit::Visit;

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn keys_and_values_past_the_limits_are_refused_and_kept() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.type_request("basket", "bread");
    visit.ask("Put");
    let before = visit.to_end();

    let long_key = "k".repeat(257);
    // 129 letters of two bytes each: the limit is of bytes.
    let wide_key = "é".repeat(129);
    let long_value = "v".repeat(65_537);
    let refused: [(&str, &str, &str, &[&str]); 4] = [
        ("Key", &long_key, "key has at most 256 bytes", &["Put", "Get", "Delete"]),
        ("Key", &wide_key, "key has at most 256 bytes", &["Put"]),
        ("Key", "", "key has at least one character", &["Put", "Get", "Delete"]),
        ("Value", &long_value, "value has at most 65536 bytes", &["Put"]),
    ];
    for (field, text, told, buttons) in refused {
        visit.type_request("basket", "bread");
        page.textbox(field).set_value(text);
        for button in buttons {
            page.button(button).click();
            page.status().wait_text(told);
            page.poll(|| match page.textbox(field).attribute("aria-invalid").as_deref() {
                Some("true") => Ok(()),
                other => Err(format!("{field} is marked {other:?}")),
            });
            assert!(
                page.textbox(field).description().contains(told),
                "{}",
                page.textbox(field).description()
            );
            assert_eq!(page.textbox(field).value(), text, "what was typed stays");
            assert_eq!(visit.moment(), before, "nothing was done");
        }
    }

    // At the limit it is taken, and the mark goes.
    let key = "k".repeat(256);
    page.textbox("Key").set_value(&key);
    page.textbox("Value").set_value(&"v".repeat(65_536));
    page.poll(|| match page.textbox("Key").attribute("aria-invalid") {
        None => Ok(()),
        marked => Err(format!("still marked {marked:?}")),
    });
    visit.ask("Put");
    visit.to_end();
    let request = visit.tab("Request");
    request.wait_text("\nok");
    request.wait_text(&key);
    let sideways = page.execute("return document.documentElement.scrollWidth - innerWidth", &[]);
    assert!(
        sideways.as_i64().is_some_and(|over| over <= 0),
        "a long word does not widen the page: {sideways}"
    );
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn any_text_is_shown_as_it_was_typed() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let request = visit.tab("Request");
    for (key, value) in [
        ("<b>k</b>", "<img src=x onerror=alert(1)>"),
        ("日本語 🛒", "\"q\" & 'q' \\ %00"),
        (" ", "\u{202e}abc"),
    ] {
        page.textbox("Key").set_value(key);
        page.textbox("Value").set_value(value);
        visit.ask("Put");
        visit.to_end();
        request.wait_text(value);
        let whole = request.eval("return this.textContent");
        assert!(whole.as_str().is_some_and(|text| text.contains(key)), "{whole}");
        assert!(!page.get("img", "").exists() && !page.all("image").exists(), "text is no markup");
    }
    page.textbox("Value").fill("");
    visit.ask("Put");
    visit.to_end();
    request.wait_text("\nok");
    page.assert_no_errors();
}
