use super::*;
use crate::node::outbox::Out;
use alloc::vec::Vec;

const PEER: NodeId = NodeId(1);

struct Bench {
    detector: FailureDetector,
    config: Config,
    out: Outbox,
}

fn ms(millis: u64) -> Time {
    Time::ZERO + Span::from_millis(millis)
}

impl Bench {
    fn new(failure_detector: Detector) -> Self {
        let config = Config { gossip: Some(Span::from_secs(1)), failure_detector, ..Config::bare() };
        let detector = FailureDetector::new(Time::ZERO, &config, config.gossip, [PEER].into_iter());
        Self { detector, config, out: Outbox::new() }
    }

    fn hear(&mut self, millis: u64, restarted: bool) {
        self.detector.settle(ms(millis), &mut self.out);
        self.detector.hear(ms(millis), &self.config, &[(PEER, restarted)], &mut self.out);
    }

    fn notes(&mut self) -> Vec<Note> {
        let note = |out| if let Out::Note(note) = out { Some(note) } else { None };
        self.out.drain().filter_map(note).collect()
    }
}

fn phi(thousandths: u32) -> Bench {
    Bench::new(Detector::Phi { thousandths })
}

#[test]
fn phi_8_convicts_after_18_42_mean_gaps_and_not_a_microsecond_earlier() {
    let mut bench = phi(8_000);
    // The first gap is one interval, whatever it was; then 3 s and 2 s: a mean of 2 s.
    for at in [100, 3_100, 5_100] {
        bench.hear(at, false);
    }
    assert_eq!(bench.detector.mean_gap(PEER), Some(Span::from_secs(2)));
    let limit = Span::from_micros(36_841_362);
    assert_eq!(bench.detector.limit(PEER), Some(limit), "8 · ln 10 · 2 s, rounded up");
    let due = ms(5_100) + limit;
    assert_eq!(bench.detector.next_wake(), Some((due, Wake::Silence)));

    let before = due - Span::from_micros(1);
    bench.detector.settle(before, &mut bench.out);
    assert!(bench.detector.up(PEER) && bench.detector.believes_up(before, PEER));
    assert_eq!(bench.detector.phi_thousandths(before, PEER), Some(7_999));
    assert!(!bench.detector.believes_up(due, PEER), "by time alone");
    bench.detector.settle(due, &mut bench.out);
    assert!(!bench.detector.up(PEER));
    assert_eq!(bench.detector.phi_thousandths(due, PEER), Some(8_000));
    assert_eq!(bench.notes(), [Note::Suspects { member: PEER, elapsed: limit, limit }]);
    assert_eq!(bench.detector.next_wake(), None, "nobody else can be convicted");
}

#[test]
fn before_the_first_heartbeat_a_gap_is_one_interval() {
    let bench = phi(8_000);
    assert_eq!(bench.detector.limit(PEER), Some(Span::from_micros(18_420_681)));
}

#[test]
fn an_outage_is_not_a_rhythm_and_a_newer_boot_begins_afresh() {
    let mut bench = phi(1_000);
    for at in [500, 1_500, 2_500] {
        bench.hear(at, false);
    }
    bench.detector.settle(ms(5_000), &mut bench.out);
    bench.hear(60_000, false);
    let (elapsed, limit) = (Span::from_millis(57_500), Span::from_micros(2_302_586));
    let trusts = Note::Trusts { member: PEER, elapsed, limit, restarted: false };
    assert_eq!(
        bench.notes(),
        [Note::Suspects { member: PEER, elapsed: Span::from_millis(2_500), limit }, trusts]
    );
    assert_eq!(bench.detector.mean_gap(PEER), Some(Span::from_secs(1)), "the outage does not count");

    bench.hear(62_000, false);
    assert!(bench.detector.mean_gap(PEER) > Some(Span::from_secs(1)));
    bench.hear(62_100, true);
    assert_eq!(bench.detector.mean_gap(PEER), Some(Span::from_secs(1)), "a newer boot begins afresh");
    assert_eq!(bench.notes(), [], "it was believed up all the time");
}

#[test]
fn the_window_holds_the_last_64_to_127_gaps() {
    let mut bench = phi(8_000);
    let mut at = 0;
    for gap in core::iter::repeat_n(1_000, 128).chain(core::iter::repeat_n(500, 128)) {
        at += gap;
        bench.hear(at, false);
    }
    assert_eq!(bench.detector.mean_gap(PEER), Some(Span::from_millis(500)), "the old rhythm is forgotten");
}

#[test]
fn who_stood_still_convicts_nobody_and_listens_anew() {
    let mut bench = Bench::new(Detector::Timeout(Span::from_secs(2)));
    bench.detector.settle(ms(3_001), &mut bench.out);
    assert!(bench.detector.up(PEER), "due at 2 s, and more than an interval late");
    assert_eq!(bench.detector.next_wake(), Some((ms(5_001), Wake::Silence)));
    bench.detector.settle(ms(6_001), &mut bench.out);
    assert!(!bench.detector.up(PEER), "a timer may be late, and silence counts again");
}

#[test]
fn a_plain_time_limit_knows_no_rhythm() {
    let mut bench = Bench::new(Detector::Timeout(Span::from_millis(500)));
    bench.hear(400, false);
    bench.hear(800, false);
    assert_eq!(bench.detector.next_wake(), Some((ms(1_300), Wake::Silence)));
    bench.detector.settle(ms(1_300), &mut bench.out);
    assert!(!bench.detector.up(PEER));
}

#[test]
fn without_detector_or_gossip_everybody_counts_as_up_and_listening_begins_when_both_are_there() {
    let mut bench = Bench::new(Detector::Off);
    bench.hear(1_000, false);
    bench.detector.settle(ms(3_600_000), &mut bench.out);
    assert!(bench.detector.up(PEER) && bench.detector.next_wake().is_none());

    bench.config.failure_detector = Detector::Timeout(Span::from_secs(2));
    bench.detector.configure(ms(3_600_000), &bench.config, bench.config.gossip, [PEER].into_iter());
    assert_eq!(bench.detector.next_wake(), Some((ms(3_602_000), Wake::Silence)));
    bench.config.failure_detector = Detector::Timeout(Span::from_secs(5));
    bench.detector.configure(ms(3_601_000), &bench.config, bench.config.gossip, [PEER].into_iter());
    assert_eq!(bench.detector.next_wake(), Some((ms(3_605_000), Wake::Silence)), "the silence goes on");
    bench.config.gossip = None;
    bench.detector.configure(ms(3_601_000), &bench.config, bench.config.gossip, [PEER].into_iter());
    assert!(bench.detector.next_wake().is_none() && bench.detector.heard(PEER).is_none());
}
