//! Keys that are not characters, as WebDriver writes them: for [`super::Browser::press`] and
//! [`super::Locator::press`]. A string of several is pressed in order; to hold [`SHIFT`] while others are pressed,
//! put it first.

/// Held for the rest of the string.
pub const SHIFT: &str = "\u{e008}";
/// The tabulator key.
pub const TAB: &str = "\u{e004}";
/// Enter.
pub const ENTER: &str = "\u{e007}";
/// Escape.
pub const ESCAPE: &str = "\u{e00c}";
/// The space bar.
pub const SPACE: &str = " ";
/// Page up.
pub const PAGE_UP: &str = "\u{e00e}";
/// Page down.
pub const PAGE_DOWN: &str = "\u{e00f}";
/// End.
pub const END: &str = "\u{e010}";
/// Home.
pub const HOME: &str = "\u{e011}";
/// Arrow left.
pub const LEFT: &str = "\u{e012}";
/// Arrow up.
pub const UP: &str = "\u{e013}";
/// Arrow right.
pub const RIGHT: &str = "\u{e014}";
/// Arrow down.
pub const DOWN: &str = "\u{e015}";
/// Delete backwards.
pub const BACKSPACE: &str = "\u{e003}";
