//! The wall clock of a machine, as far as it is off: what a node reads as the time of day, and stamps writes with.

use ringside_core::Time;

/// How far a clock may be off its true rate, in millionths: at most it stands still, or runs twice as fast.
pub const MAX_DRIFT: i32 = 1_000_000;

/// A wall clock. It outlives the node: a restart does not set it right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Clock {
    /// The moment of the last change.
    since: Time,
    /// What it was ahead of the truth at that moment, in µs; behind if negative.
    ahead: i64,
    /// What it has gained since then, in millionths of the time that passed.
    drift: i32,
}

impl Clock {
    /// What it is ahead of the truth at `now`, in µs.
    fn ahead(self, now: Time) -> i64 {
        let passed = i128::from(now.since(self.since).as_micros());
        let ahead = i128::from(self.ahead) + passed * i128::from(self.drift) / 1_000_000;
        i64::try_from(ahead).unwrap_or(if ahead < 0 { i64::MIN } else { i64::MAX })
    }

    /// What it gains, in millionths; it loses if negative.
    pub(crate) const fn rate(self) -> i32 {
        self.drift
    }

    /// What it shows at `now`. It shows no time before the run began.
    pub(crate) fn shows(self, now: Time) -> Time {
        Time::from_micros(now.as_micros().saturating_add_signed(self.ahead(now)))
    }

    /// Jumps ahead by so many µs; back if negative.
    pub(crate) fn skew(&mut self, now: Time, by: i64) {
        *self = Self { since: now, ahead: self.ahead(now).saturating_add(by), drift: self.drift };
    }

    /// From now on gains so many millionths; loses if negative.
    pub(crate) fn drift(&mut self, now: Time, millionths: i32) {
        let drift = millionths.clamp(-MAX_DRIFT, MAX_DRIFT);
        *self = Self { since: now, ahead: self.ahead(now), drift };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shows(clock: Clock, millis: u64) -> u64 {
        clock.shows(Time::from_micros(millis * 1_000)).as_micros()
    }

    #[test]
    fn a_clock_jumps_and_drifts_and_never_shows_less_than_nothing() {
        let mut clock = Clock::default();
        assert_eq!(shows(clock, 5), 5_000);
        clock.skew(Time::from_micros(5_000), 200);
        clock.skew(Time::from_micros(5_000), 300);
        assert_eq!(shows(clock, 5), 5_500, "jumps add up");
        clock.drift(Time::from_micros(5_000), 100_000);
        assert_eq!(shows(clock, 15), 16_500, "a tenth of 10 ms more");
        clock.drift(Time::from_micros(15_000), -1_000_000);
        assert_eq!(shows(clock, 20), shows(clock, 15), "it stands still");
        clock.skew(Time::from_micros(20_000), -50_000);
        assert_eq!(shows(clock, 20), 0);
        clock.skew(Time::from_micros(20_000), i64::MIN);
        clock.skew(Time::from_micros(20_000), i64::MIN);
        assert_eq!(shows(clock, 20), 0, "and nothing overflows");
    }
}
