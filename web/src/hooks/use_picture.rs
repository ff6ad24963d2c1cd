//! A canvas that the frame loop paints as long as its component is there.

use super::use_page;
use crate::paint::{Draw, Layer, Surface};
use std::rc::Rc;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

/// The reference to put on a `<canvas>`.
#[hook]
pub(crate) fn use_picture(layer: Layer, draw: Draw) -> NodeRef {
    let canvas = use_node_ref();
    let stage = use_page().stage;
    {
        let canvas = canvas.clone();
        use_effect_with(Rc::as_ptr(&stage) as usize, move |_| {
            let surface = canvas.cast::<HtmlCanvasElement>().and_then(Surface::new);
            let picture = surface.map(|surface| stage.show(surface, layer, draw));
            move || drop(picture)
        });
    }
    canvas
}
