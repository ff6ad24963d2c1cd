//! Time on paper: a window of simulated time over some pixels.

use ringside_core::{Span, Time};

/// From here to there in time, over these pixels.
///
/// Stretches in which nothing is to be seen can be folded: each then takes the same few pixels, however long it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The first moment.
    pub from: Time,
    /// The last moment; later than the first.
    pub to: Time,
    /// Where the first moment lies, in pixels.
    pub left: f64,
    /// Where the last moment lies, in pixels.
    pub right: f64,
    /// The stretches that are folded, in order, within the window and apart from each other.
    folds: Vec<(Time, Time)>,
    /// How many pixels each of them takes.
    fold: f64,
}

/// A stretch of the window that is drawn to scale, or folded.
struct Piece {
    from: Time,
    to: Time,
    left: f64,
    right: f64,
}

impl Scale {
    /// A scale; a window without length becomes 1 ms long.
    #[must_use]
    pub fn new(from: Time, to: Time, left: f64, right: f64) -> Self {
        let to = if to > from { to } else { from + Span::from_millis(1) };
        Self { from, to, left, right, folds: Vec::new(), fold: 0.0 }
    }

    /// The same with some stretches folded to so many pixels each. They lie within the window, in order and apart.
    #[must_use]
    pub fn folded(self, folds: Vec<(Time, Time)>, fold: f64) -> Self {
        Self { folds, fold, ..self }
    }

    /// The stretches that are folded, and where each lies.
    pub fn folds(&self) -> impl Iterator<Item = ((Time, Time), (f64, f64))> {
        self.pieces().skip(1).step_by(2).map(|piece| ((piece.from, piece.to), (piece.left, piece.right)))
    }

    /// Does this moment lie inside of what is folded?
    #[must_use]
    pub fn hides(&self, at: Time) -> bool {
        self.folds.iter().any(|(from, to)| *from < at && at < *to)
    }

    /// Microseconds that a pixel stands for where nothing is folded.
    fn micros_a_pixel(&self) -> f64 {
        let folded: u64 = self.folds.iter().map(|(from, to)| to.since(*from).as_micros()).sum();
        let room = self.right - self.left - self.fold * self.folds.len() as f64;
        (self.to.since(self.from).as_micros() - folded) as f64 / room.max(1.0)
    }

    /// The pieces: drawn to scale, folded, drawn to scale and so on.
    fn pieces(&self) -> impl Iterator<Item = Piece> {
        let micros = self.micros_a_pixel();
        let (mut from, mut left) = (self.from, self.left);
        (0..=self.folds.len() * 2).map(move |at| {
            let fold = self.folds.get(at / 2);
            let (to, right) = match fold {
                Some((_, to)) if at % 2 == 1 => (*to, left + self.fold),
                Some((to, _)) => (*to, left + to.since(from).as_micros() as f64 / micros),
                None => (self.to, self.right),
            };
            let piece = Piece { from, to, left, right };
            (from, left) = (to, right);
            piece
        })
    }

    /// Where a moment lies: also outside of the pixels, for a moment outside of the window.
    #[must_use]
    pub fn x(&self, at: Time) -> f64 {
        let micros = |time: Time| time.as_micros() as f64;
        if at < self.from || at > self.to || self.folds.is_empty() {
            let (edge, x) = if at > self.to { (self.to, self.right) } else { (self.from, self.left) };
            return x + (micros(at) - micros(edge)) / self.micros_a_pixel();
        }
        let piece = self.pieces().find(|piece| at <= piece.to);
        piece.map_or(self.right, |piece| {
            let length = (micros(piece.to) - micros(piece.from)).max(1.0);
            piece.left + (piece.right - piece.left) * (micros(at) - micros(piece.from)) / length
        })
    }

    /// The moment at a pixel, held to the window.
    #[must_use]
    pub fn time(&self, x: f64) -> Time {
        let Some(piece) = self.pieces().find(|piece| x <= piece.right) else { return self.to };
        let part = ((x - piece.left) / (piece.right - piece.left).max(1.0)).clamp(0.0, 1.0);
        piece.from + Span::from_micros((piece.to.since(piece.from).as_micros() as f64 * part) as u64)
    }

    /// Does the window meet this stretch of time?
    #[must_use]
    pub fn meets(&self, from: Time, to: Time) -> bool {
        from <= self.to && to >= self.from
    }

    /// The moments to label: steps of 1, 2 or 5 times a power of ten, at least `apart` pixels from each other.
    #[must_use]
    pub fn ticks(&self, apart: f64) -> Vec<Time> {
        let least = self.micros_a_pixel() * apart;
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
        let drawn = self.pieces().step_by(2);
        let ticks = drawn.flat_map(|piece| {
            let (first, last) = (piece.from.as_micros().div_ceil(step), piece.to.as_micros() / step);
            (first..=last).map(|at| Time::from_micros(at * step))
        });
        ticks.collect()
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
    fn what_is_folded_takes_the_same_few_pixels_and_has_no_ticks() {
        let scale = Scale::new(ms(0), ms(1_040), 0.0, 460.0);
        let scale = scale.folded(vec![(ms(10), ms(510)), (ms(520), ms(1_020))], 30.0);
        let places = [0, 10, 510, 515, 520, 1_020, 1_040].map(|at| scale.x(ms(at)));
        let expected = [0.0, 100.0, 130.0, 180.0, 230.0, 260.0, 460.0];
        assert!(places.iter().zip(expected).all(|(is, should)| (is - should).abs() < 1e-9), "{places:?}");
        assert!((scale.x(ms(260)) - 115.0).abs() < 1e-9, "in the middle of a fold");
        assert!((scale.x(ms(1_045)) - 510.0).abs() < 1e-9, "outside of the window");
        for at in [0, 3, 260, 512, 1_030, 1_040] {
            let back = scale.time(scale.x(ms(at)));
            assert!(back.as_micros().abs_diff(at * 1_000) <= 1, "{at} ms comes back as {back}");
        }
        assert!(scale.hides(ms(260)) && !scale.hides(ms(510)) && !scale.hides(ms(515)));
        let ticks: Vec<u64> = scale.ticks(40.0).iter().map(|tick| tick.as_micros() / 1_000).collect();
        assert_eq!(ticks, [0, 5, 10, 510, 515, 520, 1_020, 1_025, 1_030, 1_035, 1_040]);
        let places: Vec<_> = scale.folds().map(|(_, place)| place).collect();
        assert!(
            places.len() == 2 && (places[1].0 - 230.0).abs() < 1e-9 && (places[1].1 - 260.0).abs() < 1e-9
        );
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
