//! The scenarios that tell bugs of other stores would notice these bugs: where nodes are broken in that way, their
//! expectations fail.

use super::{keeps, read, with};
use ringside_core::Mutant;

/// A file in `tests/scenarios/bugs`, and nodes that have the bug it tells of.
const WITH_THE_BUG: [(&str, Mutant); 12] = [
    ("CASSANDRA-10726-reads-that-wait-for-repair", Mutant::DoesNotWaitForRepair),
    ("riak_core-154-the-holder-restarts", Mutant::ForgetsHints),
    ("riak_core-613-a-late-copy-and-whole-clocks", Mutant::IgnoresClocks),
    ("riak_cs-170-not-found-from-a-fallback", Mutant::AnswersEarly),
    ("riak_kv-1040-restored-from-a-backup", Mutant::StartsAsTheSameActor),
    ("riak_kv-1643-a-replica-forgets-and-is-written-to", Mutant::StartsAsTheSameActor),
    ("riak_kv-679-the-coordinator-forgets", Mutant::StartsAsTheSameActor),
    ("riak_kv-746-siblings-explode", Mutant::KeepsSeenSiblings),
    ("riak_kv-838-a-forwarded-put-comes-twice", Mutant::TakesForwardsAgain),
    ("riak_kv-847-handoff-is-tried-again", Mutant::DeletesHintsUnacknowledged),
    ("scylla-15243-deleted-data-comes-back", Mutant::CollectsUnconfirmed),
    ("scylla-23712-a-late-hint", Mutant::CollectsDespiteHints),
];

#[test]
fn nodes_with_the_bug_do_not_do_what_its_scenario_expects() {
    let missed: Vec<_> = WITH_THE_BUG
        .into_iter()
        .filter(|(file, mutant)| {
            let scenario = read(&format!("bugs/{file}.toml"));
            assert!(keeps(&scenario), "{file} with sound nodes");
            keeps(&with(&scenario, *mutant))
        })
        .collect();
    assert!(missed.is_empty(), "not noticed: {missed:?}");
}
