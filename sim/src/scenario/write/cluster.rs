//! `[cluster]`, and the `set` of a step.

use super::values::{Fields, key, list, quoted, span, thousandths};
use crate::act::ConfigChange;
use crate::names::node_name;
use crate::setup::Setup;
use ringside_core::ring::Placement;
use ringside_core::{
    Config, Counters, Detector, PendingAcks, Quorum, ReadRepair, Span, StreamFrom, Tombstones, Versions,
};

/// What differs from the defaults.
pub(super) fn fields(setup: &Setup) -> Fields {
    let Setup { seed: _, names, joiners, placement, vnodes, zones, config, network: _, sync } = setup;
    let usual = Setup::default();
    let mut fields = Fields::default();
    // Who joins later is known from the step in which it does.
    let names = &names[..names.len().saturating_sub(*joiners as usize)];
    fields.add_unless(*names == usual.names, "nodes", || nodes(names));
    fields.add_unless(*vnodes == usual.vnodes, "vnodes", || vnodes.to_string());
    fields.add_unless(*placement == usual.placement, "partitioning", || match placement {
        Placement::Random => quoted("tokens"),
        Placement::Even => quoted("even"),
        Placement::Partitions(partitions) => format!("{{ partitions = {partitions} }}"),
    });
    fields.add_unless(zones.is_empty(), "zones", || {
        let mut table = Fields::default();
        zones.iter().for_each(|(node, zone)| table.add(&key(setup.name(*node)), quoted(zone)));
        table.inline()
    });
    settings(config, &mut fields);
    fields.add_unless(*sync == usual.sync, "sync", || sync.map_or_else(|| quoted("every-write"), span));
    fields
}

fn nodes(names: &[String]) -> String {
    if names.iter().zip(0..).all(|(name, at)| *name == node_name(at)) {
        return names.len().to_string();
    }
    list(names.iter().map(|name| quoted(name)))
}

fn settings(config: &Config, fields: &mut Fields) {
    let Config {
        n,
        r,
        w,
        quorum,
        versions,
        clock_limit,
        counters,
        read_repair,
        hinted_handoff,
        hint_window,
        anti_entropy,
        gossip,
        failure_detector,
        tombstones,
        pending_acks,
        stream_from,
        timeout,
        // Nodes that are broken on purpose are no part of the format.
        health: _,
    } = config;
    let usual = Config::default();
    let number = |number: &u32| number.to_string();
    // A number that another one is checked against is written with it.
    let same = (*n, *r, *w) == (usual.n, usual.r, usual.w);
    fields.add_unless(same, "n", || number(n));
    fields.add_unless(same, "r", || number(r));
    fields.add_unless(same, "w", || number(w));
    fields.add_unless(*quorum == usual.quorum, "quorum", || quorum_word(*quorum));
    fields.add_unless(*versions == usual.versions, "versions", || versions_word(*versions));
    fields.add_unless(*clock_limit == usual.clock_limit, "clock_limit", || number(clock_limit));
    fields.add_unless(*counters == usual.counters, "counters", || counters_word(*counters));
    fields.add_unless(*read_repair == usual.read_repair, "read_repair", || repair_word(*read_repair));
    fields
        .add_unless(*hinted_handoff == usual.hinted_handoff, "hinted_handoff", || hinted_handoff.to_string());
    fields.add_unless(*hint_window == usual.hint_window, "hint_window", || span(*hint_window));
    fields.add_unless(*anti_entropy == usual.anti_entropy, "anti_entropy", || interval(*anti_entropy));
    fields.add_unless(*gossip == usual.gossip, "gossip", || interval(*gossip));
    fields.add_unless(*failure_detector == usual.failure_detector, "failure_detector", || {
        detector(*failure_detector)
    });
    fields.add_unless(*tombstones == usual.tombstones, "tombstones", || tombstones_word(*tombstones));
    fields.add_unless(*pending_acks == usual.pending_acks, "pending_acks", || acks_word(*pending_acks));
    fields.add_unless(*stream_from == usual.stream_from, "stream_from", || stream_word(*stream_from));
    fields.add_unless(*timeout == usual.timeout, "timeout", || span(*timeout));
}

/// The table of a `set`.
pub(super) fn change(change: &ConfigChange) -> String {
    let ConfigChange {
        n,
        r,
        w,
        quorum,
        clock_limit,
        read_repair,
        hinted_handoff,
        hint_window,
        anti_entropy,
        gossip,
        failure_detector,
        tombstones,
        pending_acks,
        stream_from,
        timeout,
    } = change;
    let mut fields = Fields::default();
    let number = |number: u32| number.to_string();
    fields.add_some("n", *n, number);
    fields.add_some("r", *r, number);
    fields.add_some("w", *w, number);
    fields.add_some("quorum", *quorum, quorum_word);
    fields.add_some("clock_limit", *clock_limit, number);
    fields.add_some("read_repair", *read_repair, repair_word);
    fields.add_some("hinted_handoff", *hinted_handoff, |on| on.to_string());
    fields.add_some("hint_window", *hint_window, span);
    fields.add_some("anti_entropy", *anti_entropy, interval);
    fields.add_some("gossip", *gossip, interval);
    fields.add_some("failure_detector", *failure_detector, detector);
    fields.add_some("tombstones", *tombstones, tombstones_word);
    fields.add_some("pending_acks", *pending_acks, acks_word);
    fields.add_some("stream_from", *stream_from, stream_word);
    fields.add_some("timeout", *timeout, span);
    fields.inline()
}

fn interval(every: Option<Span>) -> String {
    every.map_or_else(|| quoted("off"), span)
}

fn quorum_word(quorum: Quorum) -> String {
    quoted(match quorum {
        Quorum::Strict => "strict",
        Quorum::Sloppy => "sloppy",
    })
}

fn versions_word(versions: Versions) -> String {
    quoted(match versions {
        Versions::Dotted => "dotted",
        Versions::Plain => "plain",
        Versions::LastWriteWins => "last-write-wins",
    })
}

fn counters_word(counters: Counters) -> String {
    quoted(match counters {
        Counters::PerActor => "per-actor",
        Counters::PerKey => "per-key",
    })
}

fn repair_word(repair: ReadRepair) -> String {
    quoted(match repair {
        ReadRepair::Async => "async",
        ReadRepair::Blocking => "blocking",
        ReadRepair::Off => "off",
    })
}

fn detector(detector: Detector) -> String {
    match detector {
        Detector::Phi { thousandths: phi } => quoted(&format!("phi {}", thousandths(phi.into()))),
        Detector::Timeout(limit) => quoted(&format!("timeout {}", span(limit).trim_matches('"'))),
        Detector::Off => quoted("off"),
    }
}

fn tombstones_word(tombstones: Tombstones) -> String {
    match tombstones {
        Tombstones::Keep => quoted("keep"),
        Tombstones::Grace(grace) => span(grace),
        Tombstones::AllReplicas => quoted("all-replicas"),
    }
}

fn acks_word(acks: PendingAcks) -> String {
    quoted(match acks {
        PendingAcks::Extra => "extra",
        PendingAcks::Count => "count",
    })
}

fn stream_word(stream: StreamFrom) -> String {
    quoted(match stream {
        StreamFrom::Giver => "giver",
        StreamFrom::Any => "any",
    })
}
