//! Looking for runs that break a claim: scenarios drawn from seeds.

pub mod draw;
