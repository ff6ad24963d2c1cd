//! What the page itself remembers: the selection, the open tab, the theme, what is typed. Never the simulation.

mod room;
pub(crate) mod route;
mod ui;

pub(crate) use room::Room;
pub(crate) use ui::{ClusterTab, Depth, Tab, ThemeChoice, Ui, UiAction};
