//! The scenarios that come with Ringside.

/// Every built-in scenario, in the order in which they are offered: its name and its file. Lessons come first, by
/// their numbers.
pub const BUILTIN: &[(&str, &str)] = &[
    ("where-a-key-lives", include_str!("../../../static/scenarios/where-a-key-lives.toml")),
    ("virtual-nodes", include_str!("../../../static/scenarios/virtual-nodes.toml")),
    ("one-put-three-copies", include_str!("../../../static/scenarios/one-put-three-copies.toml")),
    ("stale-read", include_str!("../../../static/scenarios/stale-read.toml")),
    ("overlap", include_str!("../../../static/scenarios/overlap.toml")),
    ("not-linearizable", include_str!("../../../static/scenarios/not-linearizable.toml")),
    ("unknown", include_str!("../../../static/scenarios/unknown.toml")),
    ("read-repair", include_str!("../../../static/scenarios/read-repair.toml")),
    ("hinted-handoff", include_str!("../../../static/scenarios/hinted-handoff.toml")),
    ("both-sides-say-ok", include_str!("../../../static/scenarios/both-sides-say-ok.toml")),
    ("siblings", include_str!("../../../static/scenarios/siblings.toml")),
    ("late-clock", include_str!("../../../static/scenarios/late-clock.toml")),
    ("merkle-trees", include_str!("../../../static/scenarios/merkle-trees.toml")),
    ("deleted-data-comes-back", include_str!("../../../static/scenarios/deleted-data-comes-back.toml")),
    ("who-says-it-is-down", include_str!("../../../static/scenarios/who-says-it-is-down.toml")),
    ("a-node-joins", include_str!("../../../static/scenarios/a-node-joins.toml")),
    ("stale-tombstone", include_str!("../../../static/scenarios/stale-tombstone.toml")),
    ("siblings-explode", include_str!("../../../static/scenarios/siblings-explode.toml")),
    ("truncated-clock-zombie", include_str!("../../../static/scenarios/truncated-clock-zombie.toml")),
    ("same-sum", include_str!("../../../static/scenarios/same-sum.toml")),
    ("puzzle-lost-bread", include_str!("../../../static/scenarios/puzzle-lost-bread.toml")),
    ("puzzle-vanished-eggs", include_str!("../../../static/scenarios/puzzle-vanished-eggs.toml")),
    ("a-replica-is-down", include_str!("../../../static/scenarios/a-replica-is-down.toml")),
    ("unknown-refused", include_str!("../../../static/scenarios/unknown-refused.toml")),
    ("not-linearizable-blocking", include_str!("../../../static/scenarios/not-linearizable-blocking.toml")),
    ("both-sides-say-ok-strict", include_str!("../../../static/scenarios/both-sides-say-ok-strict.toml")),
    ("siblings-explode-dotted", include_str!("../../../static/scenarios/siblings-explode-dotted.toml")),
    ("late-clock-dotted", include_str!("../../../static/scenarios/late-clock-dotted.toml")),
    ("truncated-clock-loss", include_str!("../../../static/scenarios/truncated-clock-loss.toml")),
    ("deleted-data-stays-away", include_str!("../../../static/scenarios/deleted-data-stays-away.toml")),
    ("stale-tombstone-harmless", include_str!("../../../static/scenarios/stale-tombstone-harmless.toml")),
    ("adding-nodes", include_str!("../../../static/scenarios/adding-nodes.toml")),
    ("adding-nodes-safely", include_str!("../../../static/scenarios/adding-nodes-safely.toml")),
    ("sandbox", include_str!("../../../static/scenarios/sandbox.toml")),
];

/// The file of the built-in scenario of that name.
#[must_use]
pub fn builtin(name: &str) -> Option<&'static str> {
    BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, file)| *file)
}
