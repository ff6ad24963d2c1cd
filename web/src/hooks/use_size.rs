//! The size of an element, as it changes.

use ringside_scene::Size;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

/// The size of the element that `node` stands for, in CSS pixels; nothing by nothing before it is there.
#[hook]
pub(crate) fn use_size(node: &NodeRef) -> Size {
    let size = use_state_eq(|| Size { width: 0.0, height: 0.0 });
    {
        let (size, node) = (size.clone(), node.clone());
        use_effect_with((), move |()| {
            let watching = node.cast::<HtmlElement>().and_then(|element| {
                let measured = element.clone();
                let resized = Closure::<dyn FnMut()>::new(move || {
                    size.set(Size {
                        width: f64::from(measured.client_width()),
                        height: f64::from(measured.client_height()),
                    });
                });
                let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
                observer.observe(&element);
                Some((observer, resized))
            });
            move || {
                if let Some((observer, resized)) = watching {
                    observer.disconnect();
                    drop(resized);
                }
            }
        });
    }
    *size
}
