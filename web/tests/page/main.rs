//! The page's components in a real browser: what they are called, and what typing, dragging and pressing does.

#![cfg(target_arch = "wasm32")]

mod mounted;

use mounted::Mounted;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_transport_is_called_what_the_contract_says() {
    let page = Mounted::sandbox().await;
    for name in ["To start", "Step back", "Play", "Step forward", "To end", "Undo", "Start over"] {
        assert!(page.button(name).is_some(), "no button {name}");
    }
    for name in ["Nodes", "Virtual nodes", "N", "R", "W", "Speed", "Timeline"] {
        assert_eq!(page.slider(name).type_(), "range", "{name}");
    }
    assert_eq!(page.options("Step size"), ["event", "message", "request", "gossip round"]);
    assert_eq!(page.count("output"), 0);
    assert_eq!(page.count("[style]"), 0, "the policy of the page allows no style attribute");
}

#[wasm_bindgen_test]
async fn play_becomes_pause_and_back() {
    let page = Mounted::sandbox().await;
    page.press("Put").await;
    page.press("Play").await;
    page.until("a button Pause", |page| page.button("Pause").is_some()).await;
    assert!(page.button("Play").is_none());
    page.press("Pause").await;
    page.until("a button Play", |page| page.button("Play").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_put_is_stepped_to_its_answer_and_back() {
    let page = Mounted::sandbox().await;
    page.press("Put").await;
    page.until("the put is on the timeline", |page| page.timeline().starts_with("event 1 of ")).await;
    let told = |page: &Mounted| page.text("[role=tabpanel]").contains("ok after");
    assert!(!told(&page));
    let mut steps = 0;
    while !told(&page) {
        page.press("Step forward").await;
        steps += 1;
        assert!(steps < 50, "no answer after {steps} steps: {}", page.text("[role=tabpanel]"));
    }
    page.press("Step back").await;
    page.until("the answer is undone", |page| !told(page)).await;
}

#[wasm_bindgen_test]
async fn a_key_that_no_store_takes_is_refused_beside_its_field() {
    let page = Mounted::sandbox().await;
    page.type_into("key", &"k".repeat(257)).await;
    page.until("the field says why", |page| page.text(".field-error").contains("256 bytes")).await;
    assert_eq!(page.input("key").get_attribute("aria-describedby").as_deref(), Some("key-error"));
    page.press("Put").await;
    assert_eq!(page.timeline(), "event 0 of 0, 0 ms", "nothing was asked");

    page.type_into("key", "").await;
    page.press("Get").await;
    page.until("an empty key is one, too", |page| page.text(".field-error").contains("at least one")).await;
    assert_eq!(page.timeline(), "event 0 of 0, 0 ms");

    page.type_into("key", "cart").await;
    page.until("the complaint is gone", |page| page.count(".field-error") == 0).await;
    assert_eq!(page.input("key").get_attribute("aria-invalid"), None);
}

#[wasm_bindgen_test]
async fn a_value_that_is_too_long_is_refused_beside_its_field() {
    let page = Mounted::sandbox().await;
    page.type_into("value", &"v".repeat(65_537)).await;
    page.until("the field says why", |page| page.text(".field-error").contains("65536 bytes")).await;
    page.press("Put").await;
    assert_eq!(page.timeline(), "event 0 of 0, 0 ms");
    page.press("Get").await;
    page.until("a get needs no value", |page| page.timeline().starts_with("event 1 of ")).await;
}

#[wasm_bindgen_test]
async fn a_slider_counts_when_it_is_let_go_not_while_it_is_dragged() {
    let page = Mounted::sandbox().await;
    page.drag("W", "3").await;
    page.until("the number follows the hand", |page| page.shown("W") == "3").await;
    assert_eq!(page.timeline(), "event 0 of 0, 0 ms", "nothing is done yet");
    page.let_go("W").await;
    page.until("an act", |page| page.timeline() == "event 1 of 1, 0 ms").await;
    assert_eq!(page.slider("W").value(), "3");
}

#[wasm_bindgen_test]
async fn lowering_n_takes_r_and_w_along_and_says_so() {
    let page = Mounted::sandbox().await;
    page.drag("N", "1").await;
    page.let_go("N").await;
    page.until("the status says it", |page| page.text("[role=status]").contains("W was lowered to 1")).await;
    for name in ["N", "R", "W"] {
        assert_eq!(page.slider(name).value(), "1", "{name}");
    }
}

#[wasm_bindgen_test]
async fn other_nodes_make_another_run_and_keep_the_old_one() {
    let page = Mounted::sandbox().await;
    page.press("Put").await;
    page.drag("Nodes", "7").await;
    page.let_go("Nodes").await;
    page.until("seven buttons", |page| page.count("[aria-label=Nodes] [role=button]") == 7).await;
    assert_eq!(page.options("Branches"), ["first run", "7 nodes"]);
    assert_eq!(page.timeline(), "event 0 of 0, 0 ms");
}

#[wasm_bindgen_test]
async fn one_status_speaks_and_is_never_empty() {
    let page = Mounted::sandbox().await;
    let status = |page: &Mounted| {
        assert_eq!(page.count("[role=status]"), 1);
        page.text("[aria-label=Narration] [role=status]")
    };
    assert!(!status(&page).is_empty());
    for name in ["Step back", "Put", "Step forward", "To end", "Step forward", "Undo", "Undo", "Start over"] {
        page.press(name).await;
        assert!(!status(&page).is_empty(), "after {name}");
    }
}

#[wasm_bindgen_test]
async fn nodes_are_buttons_with_one_tab_stop() {
    let page = Mounted::sandbox().await;
    assert_eq!(page.count("[aria-label=Nodes] [role=button]"), 5);
    assert_eq!(page.count("[aria-label=Nodes] [role=button][tabindex='0']"), 1);
    page.click("[aria-label='Node B, up']").await;
    page.until("it is pressed", |page| page.count("[aria-label='Node B, up'][aria-pressed=true]") == 1).await;
    page.press("Crash").await;
    page.until("it is down", |page| page.count("[aria-label='Node B, down']") == 1).await;
    page.press("Restart").await;
    page.until("it is up", |page| page.count("[aria-label='Node B, up']") == 1).await;
}

#[wasm_bindgen_test]
async fn a_story_is_ring_narration_and_transport_and_its_link_remembers_it() {
    let page = Mounted::sandbox().await;
    let fragment = || {
        let window = web_sys::window().expect("a browser");
        window.location().hash().expect("a fragment can be read")
    };
    let pressed = |page: &Mounted| page.text("[role=group][aria-label=Stage] [aria-pressed=true]");
    assert_eq!(pressed(&page), "Explore");
    assert_eq!(page.count("[aria-label=Inspector]"), 1);

    page.press("Story").await;
    page.until("the inspector is gone", |page| page.count("[aria-label=Inspector]") == 0).await;
    assert_eq!((pressed(&page), fragment()), ("Story".to_owned(), "#s=sandbox&stage=story".to_owned()));
    for kept in ["Ring", "Narration", "Transport"] {
        assert_eq!(page.count(&format!("section[aria-label={kept}]")), 1, "{kept}");
    }
    for gone in ["Space-time diagram", "Event log", "Settings"] {
        assert_eq!(page.count(&format!("section[aria-label='{gone}']")), 0, "{gone}");
    }
    assert!(page.text("section[aria-label=About]").contains("nothing has happened yet"));

    page.press("Explore").await;
    page.until("the inspector is back", |page| page.count("[aria-label=Inspector]") == 1).await;
    assert_eq!(fragment(), "#s=sandbox");
}
