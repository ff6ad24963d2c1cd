//! Icons, as shapes in a box of 16 by 16; the name stands on the button.

use yew::prelude::*;

/// A triangle to the right.
pub(super) const PLAY: &str = "M4 2.5v11l9-5.5z";
/// Two bars.
pub(super) const PAUSE: &str = "M4 2.5h3v11H4zM9 2.5h3v11H9z";
/// A bar and a triangle to the right.
pub(super) const FORWARD: &str = "M3 3h2v10H3zM6.5 3v10l7-5z";
/// A bar and a triangle to the left.
pub(super) const BACK: &str = "M13 3h-2v10h2zM9.5 3v10l-7-5z";
/// Two triangles to the left, and a wall.
pub(super) const START: &str = "M1 3h2v10H1zM9 3v10L3.5 8zM15 3v10L9.5 8z";
/// Two triangles to the right, and a wall.
pub(super) const END: &str = "M15 3h-2v10h2zM7 3v10l5.5-5zM1 3v10l5.5-5z";
/// Three dots.
pub(super) const MORE: &str = "M2 6.5h3v3H2zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3z";

/// A cross.
pub(super) const CROSS: &str =
    "M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z";
/// Two sheets.
pub(super) const TWO: &str = "M2 2h8v3H8.5V3.5h-5v5H5V10H2zM6 6h8v8H6z";

/// Draws one of them.
pub(super) fn icon(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={path} fill="currentColor"/>
        </svg>
    }
}
