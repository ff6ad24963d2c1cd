//! Empty room: filled in this step.
