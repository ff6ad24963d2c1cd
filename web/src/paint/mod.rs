//! Drawing on canvases: one loop for the whole page, outside the virtual DOM.

mod canvas;
mod frames;
mod glide;
mod stage;
mod surface;

pub(crate) use frames::{Frames, after_a_frame, after_layout};
pub(crate) use stage::{Draw, Layer, Stage};
pub(crate) use surface::Surface;
