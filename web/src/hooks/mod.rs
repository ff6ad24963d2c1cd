//! Hooks of the page.

mod use_judges;
mod use_page;
mod use_picture;
mod use_size;
mod use_theme;
mod use_window_keys;

pub(crate) use use_judges::use_judges;
pub(crate) use use_page::{Page, use_page};
pub(crate) use use_picture::use_picture;
pub(crate) use use_size::use_size;
pub(crate) use use_theme::{media, use_media, use_palette};
pub(crate) use use_window_keys::use_window_keys;
