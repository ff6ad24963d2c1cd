use super::*;
use crate::act::{Act, Deed, NetworkChange};
use crate::recording::{Placed, Recording};
use crate::scenario::BUILTIN;
use crate::setup::Ratio;
use crate::trace::MessageId;
use proptest::prelude::*;
use ringside_core::{NodeId, Time};

fn story() -> Scenario {
    Scenario::parse(crate::scenario::builtin("not-linearizable").unwrap()).unwrap()
}

#[test]
fn every_scenario_comes_back_and_runs_the_same() {
    for (name, text) in BUILTIN {
        let scenario = Scenario::parse(text).unwrap();
        let bytes = scenario.to_bytes();
        let back = Scenario::from_encoded(&bytes).unwrap();
        assert_eq!(back, scenario, "{name}");
        assert!(bytes.len() < text.len(), "{name}: {} bytes of {}", bytes.len(), text.len());
        let digest = |scenario| {
            let mut recording = Recording::new(scenario);
            recording.run_to_end();
            recording.digest()
        };
        assert_eq!(digest(back), digest(scenario), "{name}");
    }
}

#[test]
fn bytes_that_are_cut_or_longer_are_refused() {
    let bytes = story().to_bytes();
    for end in 0..bytes.len() {
        assert!(Scenario::from_encoded(&bytes[..end]).is_err(), "cut at {end}");
    }
    let longer = [&bytes[..], &[0]].concat();
    let error = Scenario::from_encoded(&longer).unwrap_err().to_string();
    assert_eq!(error, format!("byte {}: something follows the end", bytes.len()));
    assert!(Scenario::from_encoded(&vec![0; MAX_BYTES + 1]).unwrap_err().to_string().contains("too many"));
}

#[test]
fn limits_hold_for_bytes_too() {
    let refused = |spoil: &dyn Fn(&mut Scenario)| {
        let mut scenario = story();
        spoil(&mut scenario);
        Scenario::from_encoded(&scenario.to_bytes()).unwrap_err().to_string()
    };
    assert_eq!(refused(&|s| s.setup.config.r = 4), "r = 4 is not from 1 to n = 3");
    assert_eq!(refused(&|s| s.setup.vnodes = 1_025), "a node has 1 to 1,024 tokens");
    assert_eq!(refused(&|s| s.setup.names.clear()), "a cluster has 1 to 1,024 nodes");
    assert_eq!(refused(&|s| s.setup.names[1] = "A".into()), "two nodes have the same name");
    assert_eq!(refused(&|s| s.setup.network.loss.denominator = 0), "a ratio is not from 0 to 1");
    assert_eq!(
        refused(&|s| s.steps[0].act = Act::Crash(NodeId(5))),
        "a node is named that the cluster does not have"
    );
    assert_eq!(
        refused(&|s| {
            let twin = s.steps[1].clone();
            s.steps.push(twin);
        }),
        "two operations have the same name"
    );
}

#[test]
fn acts_by_hand_come_back() {
    let mut recording = Recording::new(story());
    recording.run(4);
    let recording = recording.branch(4, Time::from_micros(2_500), Act::Crash(NodeId(1))).unwrap();
    let held = Act::ToMessage { message: MessageId(300), deed: Deed::Hold };
    let many = [Placed { after: 9, at: Time::from_micros(9), act: held }];
    assert_eq!(acts_from_bytes(&acts_to_bytes(&many), recording.scenario()).unwrap(), many);
    let change = NetworkChange { loss: Some(Ratio::new(1, 3)), ..NetworkChange::default() };
    let recording = recording.branch(5, Time::from_micros(9_000), Act::Network(change)).unwrap();
    let recording = recording.branch(6, Time::from_micros(9_000), Act::StopWorkloads).unwrap();
    let bytes = acts_to_bytes(recording.acts());
    assert_eq!(acts_from_bytes(&bytes, recording.scenario()).unwrap(), recording.acts());
    let mut small = story();
    small.setup.names.truncate(1);
    assert!(acts_from_bytes(&bytes, &small).is_err(), "the node is not there");
}

#[test]
fn a_number_of_more_than_64_bits_is_refused() {
    let mut bytes = vec![0xff; 9];
    bytes.push(1);
    assert_eq!(read::<u64>(&bytes).unwrap(), u64::MAX);
    bytes[9] = 2;
    assert!(read::<u64>(&bytes).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(scenario) = Scenario::from_encoded(&bytes) {
            prop_assert!(!scenario.setup.names.is_empty());
        }
    }

    #[test]
    fn a_spoilt_byte_is_read_or_refused(at in 0_usize..600, byte in any::<u8>()) {
        let mut bytes = story().to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(scenario) = Scenario::from_encoded(&bytes) {
            prop_assert_eq!(Scenario::from_encoded(&scenario.to_bytes()).unwrap(), scenario);
        }
    }

    #[test]
    fn numbers_come_back(number in any::<u64>()) {
        let mut out = Vec::new();
        number.write(&mut out);
        prop_assert_eq!(read::<u64>(&out).unwrap(), number);
        let signed = number.cast_signed();
        let mut out = Vec::new();
        signed.write(&mut out);
        prop_assert_eq!(read::<i64>(&out).unwrap(), signed);
    }
}

#[test]
fn judgements_come_back() {
    let mut recording = Recording::new(story());
    recording.run_to_end();
    let judgements = recording.judge(recording.len());
    let breaches = crate::check::breaches(&recording, recording.len());
    let judged = Judged { judgements, breaches, tasks: vec![None, Some(true)] };
    assert!(!judged.breaches.is_empty());
    let bytes = judged.to_bytes();
    assert_eq!(Judged::from_bytes(&bytes).unwrap(), judged);
    for end in 0..bytes.len() {
        assert!(Judged::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
    }
}
