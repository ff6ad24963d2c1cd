//! What the page itself remembers: the selection, the open tab, the theme, what is typed. Never the simulation.

pub(crate) mod route;
mod ui;

pub(crate) use ui::{ClusterTab, Depth, Tab, ThemeChoice, Ui, UiAction};
