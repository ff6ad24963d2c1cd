//! Time on paper: a window of simulated time over some pixels.

use ringside_core::{Span, Time};

/// From here to there in time, over these pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The first moment.
    pub from: Time,
    /// The last moment; later than the first.
    pub to: Time,
    /// Where the first moment lies, in pixels.
    pub left: f64,
    /// Where the last moment lies, in pixels.
    pub right: f64,
}

impl Scale {
    /// A scale; a window without length becomes 1 ms long.
    #[must_use]
    pub fn new(from: Time, to: Time, left: f64, right: f64) -> Self {
        let to = if to > from { to } else { from + Span::from_millis(1) };
        Self { from, to, left, right }
    }

    /// Where a moment lies: also outside of the pixels, for a moment outside of the window.
    #[must_use]
    pub fn x(&self, at: Time) -> f64 {
        let whole = self.to.since(self.from).as_micros() as f64;
        let past = at.as_micros() as f64 - self.from.as_micros() as f64;
        self.left + (self.right - self.left) * past / whole
    }

    /// The moment at a pixel, held to the window.
    #[must_use]
    pub fn time(&self, x: f64) -> Time {
        let part = ((x - self.left) / (self.right - self.left).max(1.0)).clamp(0.0, 1.0);
        self.from + Span::from_micros((self.to.since(self.from).as_micros() as f64 * part) as u64)
    }

    /// Does the window meet this stretch of time?
    #[must_use]
    pub fn meets(&self, from: Time, to: Time) -> bool {
        from <= self.to && to >= self.from
    }

    /// The moments to label: steps of 1, 2 or 5 times a power of ten, at least `apart` pixels from each other.
    #[must_use]
    pub fn ticks(&self, apart: f64) -> Vec<Time> {
        let room = (self.right - self.left).max(1.0);
        let least = self.to.since(self.from).as_micros() as f64 * apart / room;
        let mut step = 1_u64;
        for factor in [2, 5, 10].into_iter().cycle().scan(1_u64, |power, factor| {
            let step = power.checked_mul(factor)?;
            if factor == 10 {
                *power = step;
            }
            Some(step)
        }) {
            if step as f64 >= least {
                break;
            }
            step = factor;
        }
        let (first, last) = (self.from.as_micros().div_ceil(step), self.to.as_micros() / step);
        (first..=last).map(|at| Time::from_micros(at * step)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Time {
        Time::from_micros(millis * 1_000)
    }

    #[test]
    fn pixels_and_moments_are_one() {
        let scale = Scale::new(ms(10), ms(30), 100.0, 500.0);
        assert!((scale.x(ms(15)) - 200.0).abs() < 1e-9);
        assert_eq!(scale.time(200.0), ms(15));
        assert_eq!((scale.time(0.0), scale.time(900.0)), (ms(10), ms(30)));
        assert!(Scale::new(ms(5), ms(5), 0.0, 1.0).to > ms(5));
    }

    #[test]
    fn ticks_are_round_and_apart() {
        for (length, expected) in [(20, 2_000), (13, 1_000), (100, 10_000), (7, 500), (1_000, 100_000)] {
            let scale = Scale::new(ms(3), ms(3 + length), 0.0, 1_000.0);
            let ticks = scale.ticks(70.0);
            assert_eq!(ticks[1].since(ticks[0]).as_micros(), expected, "{length} ms");
            assert!(ticks.iter().all(|tick| tick.as_micros() % expected == 0 && scale.meets(*tick, *tick)));
            assert!(scale.x(ticks[1]) - scale.x(ticks[0]) >= 70.0);
        }
    }
}
