//! A canvas that has the size of its element and the pixels of its screen.

use ringside_scene::{Mark, Palette, Size};
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};

/// A canvas to paint on. It follows the size of its element until it is dropped.
pub(crate) struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    size: Rc<Cell<Size>>,
    /// The size and the device pixel ratio that the canvas has now.
    fitted: Cell<(Size, f64)>,
    observer: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surface").field("size", &self.size.get()).finish_non_exhaustive()
    }
}

impl Surface {
    /// Takes over a canvas; none where the browser gives no 2D context.
    pub(crate) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let size = Rc::new(Cell::new(measure(&canvas)));
        let resized = {
            let (size, canvas) = (Rc::clone(&size), canvas.clone());
            Closure::new(move || size.set(measure(&canvas)))
        };
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        observer.observe(&canvas);
        let fitted = Cell::new((Size { width: 0.0, height: 0.0 }, 0.0));
        Some(Self { canvas, context, size, fitted, observer, _resized: resized })
    }

    /// Its size in CSS pixels.
    pub(crate) fn size(&self) -> Size {
        self.size.get()
    }

    /// Gives the canvas as many pixels as its place on this screen has. Tells whether that emptied it.
    pub(crate) fn fit(&self) -> bool {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()) * zoom(&self.canvas);
        let wanted = (self.size.get(), ratio);
        if self.fitted.get() == wanted {
            return false;
        }
        self.fitted.set(wanted);
        self.canvas.set_width((wanted.0.width * ratio).round() as u32);
        self.canvas.set_height((wanted.0.height * ratio).round() as u32);
        true
    }

    /// Replaces everything by these marks.
    pub(crate) fn paint(&self, marks: &[Mark], palette: &Palette, forced: bool) {
        let (size, ratio) = self.fitted.get();
        // A context takes any scale; an error here would mean that it is gone, and then nothing is drawn anyway.
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, size.width, size.height);
        super::canvas::paint(&self.context, marks, palette, forced);
    }
}

fn measure(canvas: &HtmlCanvasElement) -> Size {
    Size { width: f64::from(canvas.client_width()), height: f64::from(canvas.client_height()) }
}

/// How many times as large as its CSS pixels say an element is shown, where a browser tells.
fn zoom(canvas: &HtmlCanvasElement) -> f64 {
    let told = js_sys::Reflect::get(canvas, &"currentCSSZoom".into());
    told.ok().and_then(|zoom| zoom.as_f64()).filter(|zoom| *zoom > 0.0).unwrap_or(1.0)
}

impl Drop for Surface {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
