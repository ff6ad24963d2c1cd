//! From the time of animation frames to simulated time. Pure: no browser in here.

/// A frame counts for at most this many milliseconds, so that a tab that slept does not leap on waking.
const LONGEST_FRAME_MS: f64 = 100.0;
/// A gap without events takes at most this many milliseconds of a viewer's time; a longer one is run through faster.
const LONGEST_GAP_MS: f64 = 2_000.0;
/// A median hop lasts this long at the speed that a scenario starts with.
const HOP_MS: f64 = 700.0;
/// Steps of [`Speed`] in a factor of ten.
const STEPS: i32 = 10;
/// Speeds in a factor of ten: round numbers, evenly spaced to the ear of a logarithm.
const ROUND: [f64; STEPS as usize] = [1.0, 1.3, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0];

/// How fast simulated time passes, in steps of a logarithm: the value of the `Speed` slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Speed(i32);

impl Speed {
    /// The slowest: a million times slower than life.
    pub(crate) const MIN: i32 = 0;
    /// The fastest: ten times faster than life.
    pub(crate) const MAX: i32 = 70;
    /// The step at which a simulated second lasts a second.
    const LIFE: i32 = 60;

    /// The nearest step there is.
    pub(crate) fn new(step: i32) -> Self {
        Self(step.clamp(Self::MIN, Self::MAX))
    }

    /// The slider's value.
    pub(crate) const fn step(self) -> i32 {
        self.0
    }

    /// The speed at which a hop of `micros` simulated µs can be followed by eye.
    pub(crate) fn for_hop(micros: f64) -> Self {
        let slower = HOP_MS * 1_000.0 / micros.max(1.0);
        Self::new(Self::LIFE - (slower.log10() * f64::from(STEPS)).round() as i32)
    }

    /// How many times slower than life (below 1: faster).
    fn slower(self) -> f64 {
        let steps = Self::LIFE - self.0;
        let faster = steps < 0;
        let size = steps.abs();
        let factor = ROUND[(size % STEPS) as usize] * 10_f64.powi(size / STEPS);
        if faster { factor.recip() } else { factor }
    }

    /// In words, for people.
    pub(crate) fn words(self) -> String {
        let slower = self.slower();
        match self.0 - Self::LIFE {
            0 => "as fast as life".to_owned(),
            steps if steps > 0 => format!("{} times faster than life", slower.recip()),
            _ => format!("{} times slower than life", grouped(slower)),
        }
    }
}

/// `20000` as `20,000`; small numbers with their decimal.
fn grouped(number: f64) -> String {
    if number < 1_000.0 {
        return number.to_string();
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Where the clock stands after a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Advanced {
    /// Simulated µs since the run began.
    pub(crate) now: f64,
    /// Was a quiet gap run through faster than the speed says?
    pub(crate) shortened: bool,
    /// Is there nothing left to wait for?
    pub(crate) at_end: bool,
}

/// Is a gap of so many simulated µs run through faster than the speed says?
pub(crate) fn shortens(speed: Speed, micros: f64) -> bool {
    micros / LONGEST_GAP_MS > 1_000.0 / speed.slower()
}

/// Moves `now` (simulated µs) on by a frame of `frame_ms` real milliseconds. `gap` gives, for a moment, the times of
/// the last event at or before it and of the first one after it; none at the end of the run.
pub(crate) fn advance(
    now: f64,
    frame_ms: f64,
    speed: Speed,
    gap: impl Fn(f64) -> Option<(f64, f64)>,
) -> Advanced {
    let mut left = frame_ms.clamp(0.0, LONGEST_FRAME_MS);
    let mut at = Advanced { now, shortened: false, at_end: false };
    while left > 0.0 {
        let Some((before, next)) = gap(at.now) else {
            at.at_end = true;
            break;
        };
        let said = 1_000.0 / speed.slower();
        let needed = (next - before) / LONGEST_GAP_MS;
        at.shortened = shortens(speed, next - before);
        let rate = said.max(needed);
        let wait = (next - at.now) / rate;
        if wait > left {
            at.now += left * rate;
            break;
        }
        at.now = next;
        left -= wait;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events at 0, 1 ms, 2 ms and 60 s.
    fn gap(now: f64) -> Option<(f64, f64)> {
        let events = [0.0, 1_000.0, 2_000.0, 60_000_000.0];
        let next = events.iter().position(|at| *at > now)?;
        Some((events[next - 1], events[next]))
    }

    #[test]
    fn a_frame_moves_simulated_time_by_the_speed() {
        let hundred = Speed::new(40);
        assert_eq!(hundred.words(), "100 times slower than life");
        let after = advance(0.0, 10.0, hundred, gap);
        assert!((after.now - 100.0).abs() < 1e-9, "10 ms at a hundredth are 100 µs, not {}", after.now);
        assert!(!after.shortened && !after.at_end);
    }

    #[test]
    fn a_tab_that_slept_does_not_leap() {
        let slept = advance(0.0, 3_600_000.0, Speed::new(40), gap);
        let longest = advance(0.0, 100.0, Speed::new(40), gap);
        assert_eq!(slept, longest);
    }

    #[test]
    fn time_never_goes_back() {
        assert_eq!(advance(500.0, -20.0, Speed::new(60), gap).now.to_bits(), 500_f64.to_bits());
    }

    #[test]
    fn a_quiet_minute_takes_two_seconds_and_says_so() {
        let (mut now, mut frames) = (2_000.0, 0);
        while now < 60_000_000.0 {
            let after = advance(now, 10.0, Speed::new(30), gap);
            assert!(after.shortened || after.now >= 60_000_000.0);
            now = after.now;
            frames += 1;
        }
        assert!((195..=205).contains(&frames), "{frames} frames of 10 ms");
    }

    #[test]
    fn the_end_of_the_run_is_said_and_not_passed() {
        let after = advance(60_000_000.0, 16.0, Speed::new(60), gap);
        assert!(after.at_end);
        assert_eq!(after.now.to_bits(), 60_000_000_f64.to_bits());
    }

    #[test]
    fn speeds_are_round_numbers_in_words() {
        let words = |step| Speed::new(step).words();
        assert_eq!(words(60), "as fast as life");
        assert_eq!(words(43), "50 times slower than life");
        assert_eq!(words(59), "1.3 times slower than life");
        assert_eq!(words(20), "10,000 times slower than life");
        assert_eq!(words(70), "10 times faster than life");
        assert_eq!(words(-5), words(Speed::MIN));
    }

    #[test]
    fn the_first_speed_shows_a_median_hop_for_seven_tenths_of_a_second() {
        assert_eq!(Speed::for_hop(1_000.0).words(), "630 times slower than life");
        assert_eq!(Speed::for_hop(0.0).words(), "630,000 times slower than life");
        assert_eq!(Speed::for_hop(1e12), Speed::new(Speed::MAX));
    }
}
