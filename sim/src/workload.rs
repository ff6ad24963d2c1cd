//! Workloads: many requests of many clients, evenly spaced, drawn one by one as their time comes. However long one lasts, it
//! takes no more room in a scenario than its description.

use crate::act::{Act, Carried, Operation, OperationKind};
use crate::rng::{Purpose, Rng};
use crate::setup::Ratio;
use crate::zipf::Zipf;
use ringside_core::{Key, NodeId, Span, Time, Value};

/// What clients ask for in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Workload {
    /// How many clients take turns, 1 to [`Workload::MAX_CLIENTS`].
    pub clients: u32,
    /// How many requests there are a second, all clients together: 1 to [`Workload::MAX_RATE`].
    pub rate: u32,
    /// How many keys there are, `key1` and on: 1 to [`Workload::MAX_KEYS`].
    pub keys: u32,
    /// How uneven keys are asked for: the exponent of Zipf's law in thousandths, 1 to [`Workload::MAX_ZIPF`]. None asks for
    /// each alike.
    pub zipf: Option<u32>,
    /// How many of the requests are gets. All others are puts of a value of their own.
    pub reads: Ratio,
    /// How long it lasts. At most [`Workload::MAX_OPERATIONS`] requests come of it.
    pub lasts: Span,
}

impl Workload {
    /// The most clients.
    pub const MAX_CLIENTS: u32 = 10_000;
    /// The most requests a second.
    pub const MAX_RATE: u32 = 1_000_000;
    /// The most keys.
    pub const MAX_KEYS: u32 = 1_000_000;
    /// The highest exponent, in thousandths.
    pub const MAX_ZIPF: u32 = 10_000;
    /// The most requests of one workload.
    pub const MAX_OPERATIONS: u64 = 1_000_000;

    /// How many requests come of it.
    #[must_use]
    pub fn operations(&self) -> u64 {
        let rated = u128::from(self.lasts.as_micros()) * u128::from(self.rate);
        u64::try_from(rated.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }

    /// When request number `index`, from 0, is made, counted from the beginning.
    #[must_use]
    pub fn moment(&self, index: u64) -> Span {
        let micros = u128::from(index) * 1_000_000 / u128::from(self.rate.max(1));
        Span::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }

    /// Checks every bound but that of `lasts` alone.
    ///
    /// # Errors
    /// The first field that is out of bounds, by its name in scenarios, and what would be right.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let Self { clients, rate, keys, zipf, reads, .. } = *self;
        let counts = [
            ("clients", clients, Self::MAX_CLIENTS),
            ("rate", rate, Self::MAX_RATE),
            ("keys", keys, Self::MAX_KEYS),
            ("zipf", zipf.unwrap_or(1), Self::MAX_ZIPF),
        ];
        for (name, number, most) in counts {
            if number == 0 || number > most {
                return Err((name, format!("{number} is not from 1 to {most}")));
            }
        }
        if reads.denominator == 0 || reads.numerator > reads.denominator {
            return Err(("reads", "a ratio is from 0 to 1".to_owned()));
        }
        match self.operations() {
            0 => Err(("for", "it must last longer than nothing".to_owned())),
            many if many > Self::MAX_OPERATIONS => Err((
                "for",
                format!("these are {many} requests; one workload has at most {}", Self::MAX_OPERATIONS),
            )),
            _ => Ok(()),
        }
    }
}

/// The name of a request of a workload: which workload of the run, and which request of it, both from 1.
pub(crate) fn name(load: u32, index: u64) -> String {
    format!("load{load}-{}", index + 1)
}

/// Which workload and which request of it the name stands for, both from 1; none if it is no such name.
pub(crate) fn parse_name(name: &str) -> Option<(u32, u64)> {
    let (load, number) = name.strip_prefix("load")?.split_once('-')?;
    let proper = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if proper(load) && proper(number) { Some((load.parse().ok()?, number.parse().ok()?)) } else { None }
}

/// Does the name stand for a request of one of these workloads, which are in the order of their numbers?
pub(crate) fn names_one_of<'a>(mut loads: impl Iterator<Item = &'a Workload>, name: &str) -> bool {
    let Some((load, number)) = parse_name(name) else { return false };
    let load = usize::try_from(load).ok().and_then(|load| loads.nth(load.checked_sub(1)?));
    load.is_some_and(|load| number <= load.operations())
}

/// The workloads among acts, in their order.
pub(crate) fn among<'a>(acts: impl Iterator<Item = &'a Act>) -> impl Iterator<Item = &'a Workload> {
    acts.filter_map(|act| if let Act::Workload(load) = act { Some(load) } else { None })
}

/// A workload under way.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    what: Workload,
    /// Its number among those of the run, from 1.
    number: u32,
    begun: Time,
    /// The request that comes next, from 0.
    next: u64,
    zipf: Option<Zipf>,
    rng: Rng,
}

impl Load {
    pub(crate) fn new(what: Workload, number: u32, begun: Time, seed: u64) -> Self {
        let zipf = what.zipf.map(|exponent| Zipf::new(what.keys, exponent));
        Self { what, number, begun, next: 0, zipf, rng: Rng::new(seed, Purpose::Workload(number)) }
    }

    /// When the next request is made; none if there is none left.
    pub(crate) fn next_at(&self) -> Option<Time> {
        (self.next < self.what.operations()).then(|| self.begun + self.what.moment(self.next))
    }

    /// Draws the next request. It goes to one of so many nodes, by chance: `pick` tells which the drawn one is.
    pub(crate) fn draw(&mut self, nodes: u64, pick: impl FnOnce(u64) -> NodeId) -> Operation {
        let via = pick(self.rng.below(nodes));
        let reads = self.rng.chance(self.what.reads);
        let key = match &self.zipf {
            Some(zipf) => u64::from(zipf.draw(&mut self.rng)),
            None => self.rng.below(u64::from(self.what.keys)) + 1,
        };
        let id = name(self.number, self.next);
        let client = format!("load{}-client{}", self.number, self.next % u64::from(self.what.clients) + 1);
        let kind = if reads {
            OperationKind::Get
        } else {
            OperationKind::Put { value: Value::new(&id), context: Carried::Session }
        };
        self.next += 1;
        Operation { id, client, via, key: Key::new(&format!("key{key}")), kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Workload =
        Workload { clients: 2, rate: 3, keys: 4, zipf: None, reads: Ratio::ZERO, lasts: Span::from_secs(2) };

    #[test]
    fn requests_are_evenly_spaced_and_end_in_time() {
        assert_eq!(USUAL.operations(), 6);
        let moments: Vec<u64> = (0..6).map(|index| USUAL.moment(index).as_micros()).collect();
        assert_eq!(moments, [0, 333_333, 666_666, 1_000_000, 1_333_333, 1_666_666]);
        let longer = Workload { lasts: Span::from_micros(2_000_001), ..USUAL };
        assert_eq!(longer.operations(), 7, "the seventh comes at 2 s");
    }

    #[test]
    fn each_bound_is_held() {
        assert_eq!(USUAL.check(), Ok(()));
        let spoilt = |name, load: Workload| assert_eq!(load.check().unwrap_err().0, name);
        spoilt("clients", Workload { clients: 0, ..USUAL });
        spoilt("rate", Workload { rate: Workload::MAX_RATE + 1, ..USUAL });
        spoilt("keys", Workload { keys: 0, ..USUAL });
        spoilt("zipf", Workload { zipf: Some(0), ..USUAL });
        spoilt("reads", Workload { reads: Ratio { numerator: 1, denominator: 0 }, ..USUAL });
        spoilt("for", Workload { lasts: Span::ZERO, ..USUAL });
        spoilt("for", Workload { rate: 1_000, lasts: Span::from_secs(1_001), ..USUAL });
    }

    #[test]
    fn names_say_which_request_they_stand_for() {
        assert_eq!(parse_name(&name(2, 11)), Some((2, 12)));
        for other in
            ["load1", "load1-", "load-1", "load01-1", "load1-0", "load1-1x", "reload1-1", "load1-1-1"]
        {
            assert_eq!(parse_name(other), None, "{other}");
        }
        let one = |name| names_one_of([USUAL].iter(), name);
        assert!(one("load1-1") && one("load1-6"));
        assert!(!one("load1-7") && !one("load2-1") && !one("load0-1"));
    }

    #[test]
    fn clients_take_turns_and_values_are_their_own() {
        let mut load = Load::new(USUAL, 1, Time::ZERO, 7);
        let mut ops = Vec::new();
        while let Some(at) = load.next_at() {
            assert_eq!(at, Time::ZERO + USUAL.moment(ops.len() as u64));
            ops.push(load.draw(5, |node| NodeId(u32::try_from(node).unwrap())));
        }
        assert_eq!(ops.len(), 6);
        assert!(ops.iter().all(|op| op.via.0 < 5));
        assert_eq!(ops[2].client, "load1-client1");
        let OperationKind::Put { value, .. } = &ops[5].kind else { panic!("all are puts") };
        assert_eq!(value.as_str(), "load1-6");
        let mut gets =
            Load::new(Workload { reads: Ratio { numerator: 1, denominator: 1 }, ..USUAL }, 1, Time::ZERO, 7);
        assert_eq!(gets.draw(1, |_| NodeId(0)).kind, OperationKind::Get);
    }
}
