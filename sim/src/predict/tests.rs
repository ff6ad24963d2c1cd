use super::*;
use crate::delay::Delay;

fn model(n: u32, r: u32, w: u32, latency: &str, coordinator: Coordinator) -> Model {
    Model::new(n, r, w, Latency::parse(latency).unwrap(), coordinator).unwrap()
}

#[test]
fn quorums_stay_within_n() {
    let new = |n, r, w| Model::new(n, r, w, Latency::all(Delay::Fixed(Span::ZERO)), Coordinator::Outside);
    assert!(new(16, 16, 16).is_ok() && new(1, 1, 1).is_ok());
    for (numbers, must_say) in [
        ((0, 1, 1), "1 to 16 replicas"),
        ((17, 1, 1), "1 to 16 replicas"),
        ((3, 0, 1), "1 to n = 3 replies"),
        ((3, 4, 1), "1 to n = 3 replies"),
        ((3, 1, 0), "1 to n = 3 acknowledgements"),
        ((3, 1, 4), "1 to n = 3 acknowledgements"),
    ] {
        let (n, r, w) = numbers;
        assert!(new(n, r, w).unwrap_err().contains(must_say), "{numbers:?}");
    }
}

#[test]
fn fixed_legs_leave_nothing_to_chance() {
    let legs = "write=10ms,ack=2ms,read=3ms,reply=4ms";
    // Outside, a read is asked 3 ms after it began and all writes are there before the first acknowledgement.
    let outside = Prediction::of(model(3, 1, 1, legs, Coordinator::Outside), 100, 0);
    let ms = |millis| Some(Span::from_millis(millis));
    assert_eq!((outside.writes().quantile(500), outside.reads().quantile(999)), (ms(12), ms(7)));
    assert!((outside.waits().within(Span::ZERO) - 1.0).abs() < 1e-9);
    // A replica has its own write at once. Another one has it after 10 ms, and hears of the read after 3 ms, but
    // with R = 1 the coordinator reads its own copy only.
    let replica = Prediction::of(model(3, 1, 1, legs, Coordinator::Replica), 1_000, 0);
    assert_eq!((replica.writes().quantile(999), replica.reads().quantile(999)), (ms(0), ms(0)));
    let stale = 1.0 - replica.waits().within(Span::from_micros(9_999));
    assert!(stale > 0.5 && stale < 0.8, "{stale}");
    assert_eq!(replica.waits().quantile(999), ms(10));
    // With R = 2, asking the writer's replica takes its reading leg, but it has the write.
    let two = Prediction::of(model(3, 2, 2, legs, Coordinator::Replica), 1_000, 0);
    assert_eq!((two.writes().quantile(1), two.reads().quantile(1)), (ms(12), ms(7)));
    assert_eq!(two.waits().quantile(1_000), ms(0));
}

#[test]
fn another_data_centre_is_75_ms_away() {
    let far = |r, w, coordinator| Prediction::of(model(3, r, w, "wan", coordinator), 2_000, 1);
    let least = |waits: &Waits| waits.quantile(0).expect("there are trials");
    let (way, way_back) = (Span::from_millis(75), Span::from_millis(150));
    let near = far(1, 1, Coordinator::Outside);
    assert!(near.reads().quantile(999).unwrap() < way_back && least(near.writes()) > Span::ZERO);
    let two = far(2, 2, Coordinator::Outside);
    assert!(least(two.reads()) >= way_back && least(two.writes()) >= way_back);
    let replica = far(1, 1, Coordinator::Replica);
    assert_eq!(replica.writes().quantile(999), Some(Span::ZERO));
    // Two of three times the read has another data centre, which nothing reaches sooner.
    assert!(replica.waits().within(way) < 0.4);
}

#[test]
fn the_same_seed_gives_the_same_trials_in_any_portions() {
    let model = model(5, 2, 2, "ymmr", Coordinator::Replica);
    let whole = Prediction::of(model, 1_000, 7);
    let mut portions = Trials::new(model, 7);
    portions.run(1);
    portions.run(999);
    assert_eq!(portions.prediction(), whole);
    assert_ne!(Prediction::of(model, 1_000, 8), whole);
}

#[test]
fn what_lies_beyond_the_longest_delay_is_not_known() {
    let tail = Prediction::of(model(3, 1, 1, "1ms,write=pareto 1m 0.1", Coordinator::Replica), 1_000, 0);
    assert!(tail.waits().within(Span::from_secs(86_400)) < 0.9);
    assert_eq!((tail.waits().quantile(990), tail.waits().quantile(999)), (None, None));
    // No distribution, no cut: it takes an hour and is there.
    let fixed = Prediction::of(model(3, 1, 1, "write=1h", Coordinator::Replica), 1_000, 0);
    assert_eq!(fixed.waits().quantile(999), Some(Delay::LONGEST));
}

#[test]
fn without_trials_nothing_is_known() {
    let none = Prediction::of(model(3, 1, 1, "1ms", Coordinator::Outside), 0, 0);
    assert_eq!((none.waits().quantile(500), none.waits().trials()), (None, 0));
    assert!(none.waits().within(Delay::LONGEST) < 1e-9);
}
