//! Sentences about settings that change.

use super::Sentence;
use crate::text;
use ringside_core::{PendingAcks, Quorum, ReadRepair, StreamFrom, Tombstones};
use ringside_sim::ConfigChange;

pub(super) fn set(change: &ConfigChange) -> Sentence {
    let numbers = [("N", change.n), ("R", change.r), ("W", change.w)];
    let told =
        |(name, value): (&str, Option<u32>)| value.map(|value| [name, " = ", &value.to_string()].concat());
    let mut news: Vec<String> = numbers.into_iter().filter_map(told).collect();
    if let Some(mode) = change.read_repair {
        news.push(match mode {
            ReadRepair::Async => "read repair after the answer".to_owned(),
            ReadRepair::Blocking => "read repair before the answer".to_owned(),
            ReadRepair::Off => "no read repair".to_owned(),
        });
    }
    if let Some(interval) = change.gossip {
        let every = |interval: ringside_core::Span| ["gossip every ", &interval.to_string()].concat();
        news.push(interval.map_or("no gossip".to_owned(), every));
    }
    if let Some(interval) = change.anti_entropy {
        let every = |interval: ringside_core::Span| ["anti-entropy every ", &interval.to_string()].concat();
        news.push(interval.map_or("no anti-entropy".to_owned(), every));
    }
    if let Some(tombstones) = change.tombstones {
        news.push(match tombstones {
            Tombstones::Keep => "tombstones are kept".to_owned(),
            Tombstones::Grace(span) => ["tombstones go after ", &span.to_string()].concat(),
            Tombstones::AllReplicas => "tombstones go once all replicas have them".to_owned(),
        });
    }
    if let Some(detector) = change.failure_detector {
        news.push(["failure detection: ", &detector.to_string()].concat());
    }
    modes(change, &mut news);
    if let Some(timeout) = change.timeout {
        news.push(["a time limit of ", &timeout.to_string()].concat());
    }
    Sentence::new(
        &["The settings change: ", &text::list(news), "."],
        &["Requests that are under way keep the settings they began with."],
    )
}

/// What becomes of quorums, hints, version vectors and ranges.
fn modes(change: &ConfigChange, news: &mut Vec<String>) {
    if let Some(quorum) = change.quorum {
        news.push(match quorum {
            Quorum::Strict => "only replicas count towards a quorum".to_owned(),
            Quorum::Sloppy => "fallbacks count towards a quorum".to_owned(),
        });
    }
    if let Some(on) = change.hinted_handoff {
        news.push(if on { "hinted handoff" } else { "no hinted handoff" }.to_owned());
    }
    if let Some(window) = change.hint_window {
        news.push(["hints are kept for ", &window.to_string()].concat());
    }
    if let Some(limit) = change.clock_limit {
        news.push(match limit {
            0 => "version vectors of any length".to_owned(),
            most => {
                ["version vectors of at most ", &super::count(most, "entry").replace("entrys", "entries")]
                    .concat()
            }
        });
    }
    if let Some(acks) = change.pending_acks {
        news.push(match acks {
            PendingAcks::Extra => "acks of owners that are still receiving a range are extra".to_owned(),
            PendingAcks::Count => "acks of owners that are still receiving a range count".to_owned(),
        });
    }
    if let Some(from) = change.stream_from {
        news.push(match from {
            StreamFrom::Giver => "ranges are copied from who gives them up".to_owned(),
            StreamFrom::Any => "ranges are copied from any owner".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringside_core::{Detector, Span};

    #[test]
    fn every_setting_that_may_change_is_named() {
        let span = Span::from_secs(1);
        let none = ConfigChange::default;
        let changes = [
            ConfigChange { n: Some(3), ..none() },
            ConfigChange { r: Some(1), ..none() },
            ConfigChange { w: Some(1), ..none() },
            ConfigChange { quorum: Some(Quorum::Sloppy), ..none() },
            ConfigChange { clock_limit: Some(1), ..none() },
            ConfigChange { read_repair: Some(ReadRepair::Off), ..none() },
            ConfigChange { hinted_handoff: Some(true), ..none() },
            ConfigChange { hint_window: Some(span), ..none() },
            ConfigChange { anti_entropy: Some(None), ..none() },
            ConfigChange { gossip: Some(Some(span)), ..none() },
            ConfigChange { failure_detector: Some(Detector::Off), ..none() },
            ConfigChange { tombstones: Some(Tombstones::Keep), ..none() },
            ConfigChange { pending_acks: Some(PendingAcks::Count), ..none() },
            ConfigChange { stream_from: Some(StreamFrom::Any), ..none() },
            ConfigChange { timeout: Some(span), ..none() },
        ];
        let mut told: Vec<String> = changes.iter().map(|change| set(change).lead).collect();
        assert!(told.iter().all(|lead| lead.len() > "The settings change: .".len()), "{told:#?}");
        told.sort();
        told.dedup();
        assert_eq!(told.len(), changes.len(), "each in its own words");
    }
}
