//! Each judge is shown nodes that are broken on purpose. For every mutant there is a random run in which the claim fails that
//! should, or a scenario whose expectations fail; and in the same run sound nodes keep everything.

#![cfg(not(target_arch = "wasm32"))]

mod bugs;

use ringside_core::{Health, Mutant, Span, Time};
use ringside_sim::check::expect::expect;
use ringside_sim::explore::{Break, draw, examine};
use ringside_sim::{Claim, Judgement, Recording, Scenario, Verdict};
use std::fs;
use std::path::Path;

/// A run that shows the mutant is among so many seeds.
const SEEDS: u64 = 12_000;

/// What notices that nodes are broken.
enum Notices {
    /// One of these claims, in a random run.
    Claims(&'static [Claim]),
    /// One of these claims, in the run of a file in `tests/scenarios`.
    ClaimsIn(&'static str, &'static [Claim]),
    /// The expectations of a file in `tests/scenarios`, where no claim says what must happen.
    Scenario(&'static str),
    /// The run of a file in `tests/scenarios` goes on for ever, since replicas that hold the same seem to differ.
    NeverQuiet(&'static str),
}

fn notices(mutant: Mutant) -> Notices {
    match mutant {
        Mutant::AcknowledgesWithoutStoring => Notices::Claims(&[Claim::FreshReads, Claim::NoLostWrites]),
        Mutant::Overwrites | Mutant::DropsUnseenSiblings => Notices::Claims(&[Claim::NoLostWrites]),
        Mutant::KeepsSeenSiblings => Notices::Claims(&[Claim::Linearizable]),
        Mutant::IgnoresClocks => Notices::Claims(&[Claim::CausalSiblings, Claim::Linearizable]),
        Mutant::SkipsReadRepair => Notices::Scenario("read_repair/async.toml"),
        Mutant::DeletesHintsUnacknowledged => Notices::Claims(&[Claim::HintConservation]),
        Mutant::CountsAnswersTwice => Notices::Claims(&[Claim::FreshReads]),
        Mutant::CountsFallbacks => {
            Notices::ClaimsIn("../../static/scenarios/both-sides-say-ok-strict.toml", &[Claim::FreshReads])
        }
        Mutant::AnswersEarly => {
            Notices::Claims(&[Claim::FreshReads, Claim::Linearizable, Claim::ReadYourWrites])
        }
        Mutant::StartsAsTheSameActor => Notices::Claims(&[Claim::UniqueDots]),
        Mutant::ForgetsHints => Notices::Claims(&[Claim::NoLostWrites, Claim::HintConservation]),
        Mutant::TakesForwardsAgain => Notices::Scenario("bugs/riak_kv-838-a-forwarded-put-comes-twice.toml"),
        Mutant::IgnoresBoots => Notices::Scenario("bugs/scylla-5800-a-restarted-node-stays-down.toml"),
        Mutant::ExchangesOverwrite => {
            Notices::Claims(&[Claim::NoLostWrites, Claim::Convergence, Claim::CausalSiblings])
        }
        Mutant::TreesFallBehind => Notices::Claims(&[Claim::Convergence]),
        Mutant::CollectsUnconfirmed => Notices::Claims(&[Claim::NoResurrection]),
        Mutant::CollectsDespiteHints => Notices::Claims(&[Claim::NoResurrection]),
        Mutant::HashesInOrderOfArrival => Notices::NeverQuiet("anti_entropy/in-another-order.toml"),
        Mutant::CountsPendingOwners => {
            Notices::ClaimsIn("membership/extra-before-it-owns.toml", &[Claim::FreshReads])
        }
        Mutant::StreamsFromAny => Notices::ClaimsIn("membership/from-the-giver.toml", &[Claim::NoLostWrites]),
        Mutant::DoesNotForward | Mutant::DropsBeforeAcknowledged => {
            Notices::ClaimsIn("membership/what-the-giver-owes.toml", &[Claim::NoLostWrites])
        }
        Mutant::DoesNotWaitForRepair => Notices::Claims(&[Claim::MonotonicReads, Claim::Linearizable]),
    }
}

#[test]
fn every_broken_node_is_noticed() {
    let missed: Vec<Mutant> = Mutant::ALL.into_iter().filter(|mutant| !noticed(*mutant)).collect();
    assert!(missed.is_empty(), "nothing notices {missed:?}");
}

fn noticed(mutant: Mutant) -> bool {
    match notices(mutant) {
        Notices::Claims(claims) => {
            let Some((seed, claim)) = (0..SEEDS).find_map(|seed| breaks(mutant, claims, seed)) else {
                return false;
            };
            println!("{mutant:?} breaks {} in seed {seed}", claim.name());
            let sound = examine(&draw::scenario(seed), true).broken;
            assert_eq!(sound, None, "{mutant:?}: seed {seed} with sound nodes");
            true
        }
        Notices::ClaimsIn(file, claims) => {
            let scenario = read(file);
            assert_eq!(broken(&scenario, claims), None, "{file} with sound nodes");
            let found = broken(&with(&scenario, mutant), claims);
            found.inspect(|claim| println!("{mutant:?} breaks {} in {file}", claim.name())).is_some()
        }
        Notices::Scenario(file) => {
            let scenario = read(file);
            assert!(keeps(&scenario), "{file} with sound nodes");
            !keeps(&with(&scenario, mutant))
        }
        Notices::NeverQuiet(file) => {
            let scenario = read(file);
            assert!(keeps(&scenario) && is_quiet_soon(&scenario), "{file} with sound nodes");
            !is_quiet_soon(&with(&scenario, mutant))
        }
    }
}

/// Does a seed break one of these claims, before any other?
fn breaks(mutant: Mutant, claims: &[Claim], seed: u64) -> Option<(u64, Claim)> {
    match examine(&with(&draw::scenario(seed), mutant), false).broken {
        Some(Break::Claim(claim, _)) if claims.contains(&claim) => Some((seed, claim)),
        Some(_) | None => None,
    }
}

/// Which of these claims does the run break that its configuration owes?
fn broken(scenario: &Scenario, claims: &[Claim]) -> Option<Claim> {
    let broken = |judged: &&Judgement| judged.owed && judged.verdict == Verdict::Broken;
    let judgements = examine(scenario, false).judgements;
    let found = judgements.iter().filter(broken).find(|judged| claims.contains(&judged.claim));
    found.map(|judged| judged.claim)
}

fn with(scenario: &Scenario, mutant: Mutant) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.setup.config.health = Health::broken(mutant);
    scenario
}

fn read(file: &str) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{file}:{error}"))
}

/// Is the run over within a simulated minute?
fn is_quiet_soon(scenario: &Scenario) -> bool {
    let mut recording = Recording::new(scenario.clone());
    recording.run_to_end();
    recording.ended() < Time::ZERO + Span::from_secs(60)
}

/// Does the run do what its scenario expects?
fn keeps(scenario: &Scenario) -> bool {
    let mut recording = Recording::new(scenario.clone());
    recording.run_to_end();
    expect(&recording).iter().all(|result| result.holds)
}
