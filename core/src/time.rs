//! Time in whole microseconds. Floats never reach protocol state: two machines would disagree on the last bit.

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

/// A moment, in microseconds since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u64);

/// A length of time, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

/// The two clocks a node reads. They differ once the world skews the wall clock of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Now {
    /// Never goes back; timers use it.
    pub mono: Time,
    /// What the node's wall clock shows; only last-write-wins may trust it.
    pub wall: Time,
}

impl Time {
    /// The moment a run begins.
    pub const ZERO: Self = Self(0);

    /// The moment `micros` µs after the run began.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// µs since the run began.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Now {
    /// Both clocks show the same moment.
    #[must_use]
    pub const fn at(time: Time) -> Self {
        Self { mono: time, wall: time }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `micros` µs.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// `millis` ms; the longest span there is when that overflows.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// `secs` s; the longest span there is when that overflows.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// Length in µs.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// This length `times` times; the longest span there is when that overflows.
    #[must_use]
    pub const fn times(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Written the way scenario files write it: the largest unit that gives at most three decimals.
fn write_micros(micros: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (unit, name) = match micros {
        0 => return f.write_str("0 ms"),
        1..1_000 => return write!(f, "{micros} µs"),
        1_000..1_000_000 => (1_000, "ms"),
        _ => (1_000_000, "s"),
    };
    let thousandths = micros % unit / (unit / 1_000);
    match thousandths {
        0 => write!(f, "{} {name}", micros / unit),
        t if t % 100 == 0 => write!(f, "{}.{} {name}", micros / unit, t / 100),
        t if t % 10 == 0 => write!(f, "{}.{:02} {name}", micros / unit, t / 10),
        t => write!(f, "{}.{t:03} {name}", micros / unit),
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_micros(self.0, f)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_micros(self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn shows_the_largest_unit_that_fits() {
        let shown = |micros| Time::from_micros(micros).to_string();
        assert_eq!(shown(0), "0 ms");
        assert_eq!(shown(999), "999 µs");
        assert_eq!(shown(5_300), "5.3 ms");
        assert_eq!(shown(5_030), "5.03 ms");
        assert_eq!(shown(5_003), "5.003 ms");
        assert_eq!(shown(1_240_000), "1.24 s");
        assert_eq!(shown(1_000_000), "1 s");
    }

    #[test]
    fn arithmetic_saturates_instead_of_wrapping() {
        let end = Time::from_micros(u64::MAX);
        assert_eq!(end + Span::from_secs(1), end);
        assert_eq!(Time::ZERO - Span::from_secs(1), Time::ZERO);
        assert_eq!(Time::ZERO.since(end), Span::ZERO);
    }
}
