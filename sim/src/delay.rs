//! How long messages take.
