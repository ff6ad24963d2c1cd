//! Starts the page.

fn main() {
    console_error_panic_hook::set_once();
    let page = web_sys::window().and_then(|window| window.document());
    if let Some(root) = page.and_then(|page| page.get_element_by_id("app")) {
        ringside_web::mount(root);
    }
}
