//! What stands on the page: one visible panel a file.

mod about;
mod acts;
mod app;
mod asking;
mod beginnings;
mod branches;
mod by_hand;
mod controls;
mod digest;
mod drawing;
mod editor;
mod header;
mod help;
mod icons;
mod inspector;
mod kept_text;
mod lecture;
mod lesson;
mod links;
mod log;
mod mechanisms;
mod members;
mod menu;
mod messages;
mod narration;
mod network;
mod next;
mod nodes;
mod open_file;
mod partition;
mod pointer;
mod properties;
mod request;
mod ring;
mod rooms;
mod rules;
mod settings;
mod spacetime;
mod stages;
mod tabs;
mod timeline;
mod transport;
mod why;
mod workload;

pub(crate) use app::App;

/// What single keys do, too.
pub(crate) mod shortcuts {
    pub(crate) use super::acts::crash_or_restart;
    pub(crate) use super::partition::begin as partition;
    pub(crate) use super::request::ask_by_key;
}
