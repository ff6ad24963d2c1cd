//! What versions promise, over random histories: see `laws` and `histories`; and what the modes that err do: `modes`.

mod histories;
mod laws;
mod modes;
mod world;
