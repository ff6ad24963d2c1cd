//! The table of figures, their budgets, and whether they are met.

/// Figures in the order they were measured.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Row>);

#[derive(Debug)]
struct Row {
    what: String,
    measured: f64,
    /// None for a figure that is only told.
    budget: Option<f64>,
}

impl Table {
    /// Adds a figure in milliseconds, and what it may be.
    pub(crate) fn add(&mut self, what: impl Into<String>, measured: f64, budget: Option<f64>) {
        let what = what.into();
        eprintln!("  {what}: {measured:.2} ms");
        self.0.push(Row { what, measured, budget });
    }

    /// Prints it.
    pub(crate) fn print(&self) {
        let wide = self.0.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
        println!("{:wide$}  {:>12}  {:>10}  met", "figure", "measured", "budget");
        for Row { what, measured, budget } in &self.0 {
            let (allowed, met) = match budget {
                None => (String::new(), ""),
                Some(budget) if measured <= budget => (format!("{budget} ms"), "yes"),
                Some(budget) => (format!("{budget} ms"), "NO"),
            };
            println!("{what:wide$}  {:>12}  {allowed:>10}  {met}", format!("{measured:.2} ms"));
        }
    }
}

/// The value below which this part of the values lies; 0.5 is the median. 0 where there are none.
pub(crate) fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied().unwrap_or(0.0)
}
