//! What versions promise, over random histories: see `laws` and `histories`.

mod histories;
mod laws;
mod world;
