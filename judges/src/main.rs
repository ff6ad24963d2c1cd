//! Starts the judges.

fn main() {
    ringside_judges::start();
}
