//! A page in an element of its own, and the hands to use it with.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// Frames that a change may take to show.
const FRAMES: u32 = 120;

/// A page on the page of the tests.
pub(crate) struct Mounted(Element);

impl Drop for Mounted {
    fn drop(&mut self) {
        self.0.remove();
    }
}

impl Mounted {
    /// The sandbox, once it is there.
    pub(crate) async fn sandbox() -> Self {
        let window = web_sys::window().expect("a browser");
        // Replaced, not set: no event of it may come later and open the sandbox anew in the middle of a test.
        let history = window.history().expect("a history");
        history
            .replace_state_with_url(&JsValue::NULL, "", Some("#s=sandbox"))
            .expect("a fragment can be set");
        let document = window.document().expect("a document");
        let root = document.create_element("div").expect("an element can be made");
        document.body().expect("a body").append_child(&root).expect("it can be added");
        ringside_web::mount(root.clone());
        let page = Self(root);
        page.until("the sandbox is open", |page| {
            page.count("[aria-label=Nodes] [role=button]") == 5 && page.timeline() == "event 0 of 0, 0 ms"
        })
        .await;
        page
    }

    /// Waits until something is so.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..FRAMES {
            if holds(self) {
                return;
            }
            frame().await;
        }
        panic!("waited in vain: {what}; the page says: {}", self.0.text_content().unwrap_or_default());
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.0.query_selector_all(selector).expect("a selector");
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    }

    /// How many elements match.
    pub(crate) fn count(&self, selector: &str) -> usize {
        self.all(selector).len()
    }

    /// The text of what matches.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.all(selector).iter().filter_map(|element| element.text_content()).collect()
    }

    /// The button of that name.
    pub(crate) fn button(&self, name: &str) -> Option<HtmlElement> {
        let named = |button: &Element| {
            let label = button.get_attribute("aria-label").or_else(|| button.text_content());
            label.is_some_and(|label| label.trim() == name)
        };
        self.all("button").into_iter().find(named)?.dyn_into().ok()
    }

    /// Presses the button of that name.
    pub(crate) async fn press(&self, name: &str) {
        self.button(name).unwrap_or_else(|| panic!("no button {name}")).click();
        frame().await;
    }

    /// Clicks what matches, whatever kind of element it is.
    pub(crate) async fn click(&self, selector: &str) {
        fire(&self.all(selector)[0], "click");
        frame().await;
    }

    /// The slider of that name.
    pub(crate) fn slider(&self, name: &str) -> HtmlInputElement {
        let found = self.all(&format!("input[aria-label='{name}']"));
        found.into_iter().next().unwrap_or_else(|| panic!("no slider {name}")).unchecked_into()
    }

    /// The number that stands beside a slider.
    pub(crate) fn shown(&self, name: &str) -> String {
        let around = self.slider(name).parent_element().expect("a slider stands in something");
        let value = around.query_selector(".slider-value").expect("a selector");
        value.and_then(|value| value.text_content()).unwrap_or_default()
    }

    /// Drags a slider to a value and holds it there.
    pub(crate) async fn drag(&self, name: &str, to: &str) {
        let slider = self.slider(name);
        slider.set_value(to);
        fire(&slider, "input");
        frame().await;
    }

    /// Lets a slider go.
    pub(crate) async fn let_go(&self, name: &str) {
        fire(&self.slider(name), "change");
        frame().await;
    }

    /// What the timeline says of where it stands.
    pub(crate) fn timeline(&self) -> String {
        let found = self.all("input[aria-label=Timeline]");
        found.first().and_then(|timeline| timeline.get_attribute("aria-valuetext")).unwrap_or_default()
    }

    /// The text input of that id.
    pub(crate) fn input(&self, id: &str) -> HtmlInputElement {
        self.all(&format!("#{id}"))[0].clone().unchecked_into()
    }

    /// Replaces what is in a text input.
    pub(crate) async fn type_into(&self, id: &str, text: &str) {
        let input = self.input(id);
        input.set_value(text);
        fire(&input, "input");
        frame().await;
    }

    /// What a list offers.
    pub(crate) fn options(&self, name: &str) -> Vec<String> {
        let list: HtmlSelectElement =
            self.all(&format!("select[aria-label='{name}']"))[0].clone().unchecked_into();
        let options = list.query_selector_all("option").expect("a selector");
        (0..options.length()).filter_map(|at| options.item(at)?.text_content()).collect()
    }
}

fn fire(element: &Element, kind: &str) {
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    let event = Event::new_with_event_init_dict(kind, &bubbles).expect("an event can be made");
    element.dispatch_event(&event).expect("it can be fired");
}

/// Waits for the next frame.
async fn frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let window = web_sys::window().expect("a browser");
        window.request_animation_frame(&resolve).expect("a frame can be asked for");
    });
    JsFuture::from(promise).await.expect("frames come");
}
