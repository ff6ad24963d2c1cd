//! How the picture follows a step: it glides from the old moment to the new one. Pure.

/// A glide takes this long, in milliseconds.
const GLIDE_MS: f64 = 350.0;

/// The moment that is drawn, in simulated µs, on its way to the moment where the clock stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Glide {
    from: f64,
    to: f64,
    began_ms: f64,
    /// Which run this is; another run is never glided to, and the first picture is where it is.
    generation: Option<u64>,
}

impl Glide {
    /// The moment to draw at `now_ms`, when the clock stands at `to`. While the clock runs, or where nothing may
    /// move, it is `to` itself. A new target finishes the running glide.
    pub(crate) fn follow(&mut self, to: f64, generation: u64, now_ms: f64, moves: bool) -> f64 {
        if !moves || self.generation != Some(generation) {
            *self = Self { from: to, to, began_ms: now_ms, generation: Some(generation) };
        } else if to.to_bits() != self.to.to_bits() {
            *self = Self { from: self.to, to, began_ms: now_ms, ..*self };
        }
        let part = ((now_ms - self.began_ms) / GLIDE_MS).clamp(0.0, 1.0);
        let eased = part * part * (3.0 - 2.0 * part);
        if part >= 1.0 { self.to } else { self.from + (self.to - self.from) * eased }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_glides_and_arrives() {
        let mut glide = Glide::default();
        assert_eq!(glide.follow(0.0, 0, 0.0, true).to_bits(), 0_f64.to_bits());
        glide.follow(1_000.0, 0, 10.0, true);
        let midway = glide.follow(1_000.0, 0, 185.0, true);
        assert!((midway - 500.0).abs() < 1.0, "{midway}");
        assert_eq!(glide.follow(1_000.0, 0, 360.0, true).to_bits(), 1_000_f64.to_bits());
    }

    #[test]
    fn a_new_press_finishes_the_running_glide() {
        let mut glide = Glide::default();
        glide.follow(0.0, 0, 0.0, true);
        glide.follow(1_000.0, 0, 0.0, true);
        glide.follow(1_000.0, 0, 100.0, true);
        assert_eq!(glide.follow(2_000.0, 0, 110.0, true).to_bits(), 1_000_f64.to_bits());
    }

    #[test]
    fn the_first_picture_is_where_the_clock_stands() {
        assert_eq!(Glide::default().follow(700.0, 0, 5.0, true).to_bits(), 700_f64.to_bits());
    }

    #[test]
    fn nothing_glides_where_nothing_may_move_or_to_another_run() {
        let mut glide = Glide::default();
        assert_eq!(glide.follow(700.0, 0, 5.0, false).to_bits(), 700_f64.to_bits());
        assert_eq!(glide.follow(900.0, 1, 6.0, true).to_bits(), 900_f64.to_bits());
    }
}
