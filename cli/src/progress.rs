//! How far a long calculation is: a bar on standard error, only where that is a terminal and only once it takes long.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Work is quicker than this without any bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// A bar is drawn again at most so often.
const PAUSE: Duration = Duration::from_millis(100);
/// Characters between its brackets.
const WIDTH: u64 = 40;

/// A bar. Gone without a trace once it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    next: Instant,
    shown: bool,
}

impl Progress {
    /// Nothing is shown yet.
    pub(crate) fn new() -> Self {
        Self { next: Instant::now() + PATIENCE, shown: false }
    }

    /// So much of `whole` is done.
    pub(crate) fn at(&mut self, done: u64, whole: u64) {
        let now = Instant::now();
        if now < self.next || !io::stderr().is_terminal() {
            return;
        }
        self.next = now + PAUSE;
        self.shown = true;
        write(&bar(done, whole));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            write("\r\x1b[K");
        }
    }
}

fn bar(done: u64, whole: u64) -> String {
    let (done, whole) = (u128::from(done.min(whole)), u128::from(whole.max(1)));
    let filled = done * u128::from(WIDTH) / whole;
    let column = |at: u64| if u128::from(at) < filled { '#' } else { ' ' };
    format!("\r[{}] {:>3} %", (0..WIDTH).map(column).collect::<String>(), done * 100 / whole)
}

/// A terminal that cannot be written to misses the bar, and nothing else.
fn write(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_from_left_to_right() {
        assert_eq!(bar(0, 8), format!("\r[{}]   0 %", " ".repeat(40)));
        assert_eq!(bar(3, 8), format!("\r[{}{}]  37 %", "#".repeat(15), " ".repeat(25)));
        assert_eq!(bar(8, 8), format!("\r[{}] 100 %", "#".repeat(40)));
        assert_eq!(bar(u64::MAX, u64::MAX), bar(8, 8));
        assert_eq!(bar(0, 0), bar(0, 8), "nothing of nothing is done");
    }
}
