//! Starts the page.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Of `static/boot.js`: returns when all of the page is there. The code that `split/` writes calls it, too.
    #[wasm_bindgen(js_name = ringsideRest)]
    fn rest();
}

fn main() {
    console_error_panic_hook::set_once();
    ringside_web::come_later(rest);
}

/// Puts the page in its place. `static/boot.js` calls it when the wasm is there.
#[wasm_bindgen]
pub fn begin() {
    let page = web_sys::window().and_then(|window| window.document());
    if let Some(root) = page.and_then(|page| page.get_element_by_id("app")) {
        ringside_web::mount(root);
    }
}
