//! The steps of a long command: a heading and a time each, and a last line that says how it went.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Counts and times the steps of one command.
#[derive(Debug)]
pub(crate) struct Report {
    begun: Instant,
    total: usize,
    done: Vec<(String, Duration)>,
}

impl Report {
    /// A report of `total` steps, none of which has run yet.
    pub(crate) fn of(total: usize) -> Self {
        Self { begun: Instant::now(), total, done: Vec::new() }
    }

    /// Runs one step under its heading, and says how long it took.
    ///
    /// # Errors
    /// The failure of the step, with the step named: nothing after it may run.
    pub(crate) fn step(
        &mut self,
        name: &str,
        body: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let number = self.done.len() + 1;
        println!("\n== {number}/{}: {name}", self.total);
        let begun = Instant::now();
        if let Err(failure) = body() {
            println!("\n{} passed, 1 failed", self.done.len());
            return Err(Failure {
                message: format!("step {number} of {}, {name}: {}", self.total, failure.message),
                status: failure.status,
            });
        }
        let took = begun.elapsed();
        println!("   {name}: ok, {}", seconds(took));
        self.done.push((name.to_owned(), took));
        Ok(())
    }

    /// Prints the table of times and the verdict.
    ///
    /// # Errors
    /// When a step was announced and did not run: a test command must not pass by leaving something out.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.done.len() != self.total {
            return Err(Failure::failed(format!("{} of {} steps ran", self.done.len(), self.total)));
        }
        println!();
        for (name, took) in &self.done {
            println!("{:>9}  {name}", seconds(*took));
        }
        println!("{:>9}  in all", seconds(self.begun.elapsed()));
        println!("{} passed, 0 failed", self.done.len());
        Ok(())
    }
}

/// A duration as a person reads it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_is_named_and_keeps_its_status() {
        let mut report = Report::of(2);
        report.step("first", || Ok(())).expect("it passes");
        let failure = report.step("second", || Err(Failure::unusable("no tool"))).expect_err("it fails");
        assert_eq!(failure, Failure::unusable("step 2 of 2, second: no tool"));
    }

    #[test]
    fn a_step_left_out_is_a_failure() {
        let mut report = Report::of(2);
        report.step("first", || Ok(())).expect("it passes");
        assert_eq!(report.finish(), Err(Failure::failed("1 of 2 steps ran")));
    }
}
