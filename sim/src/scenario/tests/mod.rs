//! What files mean, what is wrong with them, and that no file at all makes the reader panic.

mod lesson;
mod meaning;
mod mistakes;
mod spoilt;
