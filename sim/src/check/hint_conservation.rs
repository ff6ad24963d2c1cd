//! `hint-conservation`: every hint that was stored is accounted for, once, at all times: delivered, superseded, expired,
//! lost with its disk, or held. Each is followed on its own, and a delivery needs the owner to have merged the hint
//! since it was last stored.

use super::words::{count, quoted};
use super::{Claim, Evidence, Finding, Verdict};
use crate::hints::HintTally;
use crate::setup::Setup;
use crate::trace::{HintFact, HintRecord};
use ringside_core::{Key, NodeId};
use std::collections::BTreeMap;

/// By holder, owner and key.
type Place<'a> = (NodeId, NodeId, &'a Key);

/// Since when a hint is held as it is, and whether its owner has merged it since.
#[derive(Clone, Copy)]
struct Held {
    merged: bool,
}

pub(super) fn judge(evidence: Evidence<'_>) -> Finding {
    let Evidence { setup, trace, position, snapshot } = evidence;
    let mut held: BTreeMap<Place<'_>, Held> = BTreeMap::new();
    for record in trace.hints.iter().take_while(|record| record.position <= position) {
        if let Some(wrong) = wrong(&mut held, record) {
            return broken(
                setup,
                (record.holder, record.owner, &record.key),
                wrong,
                trace.time_of(record.position),
            );
        }
    }
    let on_disk =
        snapshot.nodes.iter().flat_map(|node| node.hints.iter().map(|(owner, key, _)| (node.id, owner, key)));
    for place in on_disk {
        if held.remove(&place).is_none() {
            return broken(setup, place, "it is kept, and nothing tells of its being stored", snapshot.at);
        }
    }
    if let Some((place, _)) = held.pop_first() {
        return broken(setup, place, "it is gone, and nothing tells why", snapshot.at);
    }
    let tally = HintTally::of(trace, snapshot);
    if tally.stored == 0 {
        return Finding::nothing(Claim::HintConservation, "No hint was stored.");
    }
    let HintTally { stored, delivered, superseded, expired, lost, held } = tally;
    let stored = usize::try_from(stored).unwrap_or(usize::MAX);
    let why = format!(
        "{} stored: {delivered} delivered, {superseded} superseded, {expired} expired, {lost} lost, {held} held.",
        count(stored, "hint was", "hints were")
    );
    Finding::holds(Claim::HintConservation, why)
}

/// Follows what became of one hint; says what cannot be.
fn wrong<'a>(held: &mut BTreeMap<Place<'a>, Held>, record: &'a HintRecord) -> Option<&'static str> {
    let place = (record.holder, record.owner, &record.key);
    match record.fact {
        HintFact::Stored { superseding } => {
            let before = held.insert(place, Held { merged: false });
            (before.is_some() != superseding).then_some("what it superseded is not what was kept")
        }
        HintFact::Returned => {
            held.insert(place, Held { merged: false }).map(|_| "it came back while it was kept already")
        }
        HintFact::Merged => {
            if let Some(hint) = held.get_mut(&place) {
                hint.merged = true;
            }
            None
        }
        HintFact::Delivered => match held.remove(&place) {
            Some(Held { merged: true }) => None,
            Some(Held { merged: false }) => Some("it was deleted, and its owner has not merged it"),
            None => Some("it was delivered, and was not kept"),
        },
        HintFact::PassedOn | HintFact::Expired | HintFact::Lost => {
            if held.remove(&place).is_some() {
                None
            } else {
                Some("it went away, and was not kept")
            }
        }
    }
}

fn broken(setup: &Setup, (holder, owner, key): Place<'_>, what: &str, at: ringside_core::Time) -> Finding {
    let (on, of) = (setup.name(holder), setup.name(owner));
    let why = format!("At {at}, of the hint for {} that {on} keeps for {of}: {what}.", quoted(key.as_str()));
    Finding {
        excuse: None,
        claim: Claim::HintConservation,
        verdict: Verdict::Broken,
        ops: Vec::new(),
        nodes: vec![holder, owner],
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::story::Story;

    /// A story in which D keeps a hint for B, and this happens then.
    fn after(facts: &[HintFact], on_disk: bool) -> (Verdict, String) {
        let mut story = Story::new();
        for (at, fact) in (1..).zip(facts) {
            story.hint(at, "D", "B", *fact);
        }
        if on_disk {
            story.keeps("D", "B");
        }
        let judged = story.judged(Claim::HintConservation);
        assert!(judged.owed);
        (judged.verdict, judged.why)
    }

    const STORED: HintFact = HintFact::Stored { superseding: false };

    #[test]
    fn every_way_that_a_hint_may_go_is_counted() {
        assert_eq!(after(&[], false).0, Verdict::NotApplicable);
        for (facts, on_disk, told) in [
            (vec![STORED], true, "0 delivered, 0 superseded, 0 expired, 0 lost, 1 held"),
            (vec![STORED, HintFact::Merged, HintFact::Delivered], false, "1 delivered, 0 superseded"),
            (
                vec![STORED, HintFact::Stored { superseding: true }],
                true,
                "1 superseded, 0 expired, 0 lost, 1 held",
            ),
            (vec![STORED, HintFact::Expired], false, "1 expired, 0 lost, 0 held"),
            (vec![STORED, HintFact::Lost], false, "0 expired, 1 lost, 0 held"),
            (vec![STORED, HintFact::Lost, HintFact::Returned], true, "1 lost, 1 held"),
            (vec![STORED, HintFact::PassedOn], false, "1 superseded, 0 expired, 0 lost, 0 held"),
        ] {
            let (verdict, why) = after(&facts, on_disk);
            assert_eq!(verdict, Verdict::Holds, "{facts:?}: {why}");
            assert!(why.contains(told), "{facts:?}: {why}");
        }
    }

    #[test]
    fn a_hint_that_vanishes_or_appears_is_caught() {
        for (facts, on_disk, told) in [
            (vec![STORED], false, "it is gone, and nothing tells why"),
            (vec![], true, "nothing tells of its being stored"),
            (vec![STORED, HintFact::Merged, HintFact::Delivered], true, "nothing tells of its being stored"),
            (vec![STORED, STORED], true, "what it superseded is not what was kept"),
            (vec![HintFact::Expired], false, "it went away, and was not kept"),
            (vec![STORED, HintFact::Returned], true, "it came back"),
        ] {
            let (verdict, why) = after(&facts, on_disk);
            assert_eq!(verdict, Verdict::Broken, "{facts:?}: {why}");
            assert!(why.contains(told), "{facts:?}: {why}");
        }
    }

    #[test]
    fn a_hint_deleted_before_its_owner_has_it_is_caught() {
        let (verdict, why) = after(&[STORED, HintFact::Delivered], false);
        assert_eq!(verdict, Verdict::Broken, "{why}");
        let changed = HintFact::Stored { superseding: true };
        let (verdict, why) = after(&[STORED, HintFact::Merged, changed, HintFact::Delivered], false);
        assert_eq!(verdict, Verdict::Broken, "it has changed since: {why}");
        assert!(why.contains("its owner has not merged it"), "{why}");
    }
}
