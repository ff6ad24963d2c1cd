//! `ring-agreement`: when it is quiet, the members that are up and can reach each other have the same ring. Else they would
//! go on keeping a key in different places.

use super::words::count;
use super::{Claim, Evidence, Finding};
use crate::snapshot::{NodeSnapshot, NodeState};
use ringside_core::Ring;
use std::sync::Arc;

pub(super) fn judge(evidence: Evidence<'_>) -> Finding {
    let claim = Claim::RingAgreement;
    if !evidence.snapshot.over {
        return Finding::nothing(claim, "It is not quiet yet: news of the members may still be on its way.");
    }
    let members = evidence.snapshot.nodes.iter().filter(|node| node.state != NodeState::Left);
    let rings = |node: &'_ NodeSnapshot| node.ring.clone().map(|ring| (node.id, ring));
    let rings: Vec<_> = members.filter_map(rings).collect();
    let Some(((_, first), others)) = rings.split_first() else {
        return Finding::nothing(claim, "No node is up.");
    };
    if others.iter().all(|(_, ring)| same(first, ring)) {
        let number = rings.len();
        let why = format!("{} up, and all have the same ring.", count(number, "node is", "nodes are"));
        return Finding::holds(claim, why);
    }
    let differs = rings.iter().enumerate().find_map(|(at, (one, ring))| {
        let apart =
            |(other, theirs): &&(_, _)| evidence.snapshot.reachable(*one, *other) && !same(ring, theirs);
        rings[at + 1..].iter().find(apart).map(|(other, _)| (*one, *other))
    });
    match differs {
        None => Finding::holds(claim, "Nodes that can reach each other have the same ring.".to_owned()),
        Some((one, other)) => {
            let (first, second) = (evidence.setup.name(one), evidence.setup.name(other));
            let why = format!("{first} and {second} can reach each other and have different rings.");
            Finding::broken(claim, &[], vec![one, other], why)
        }
    }
}

fn same(one: &Arc<Ring>, other: &Arc<Ring>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::story::Story;
    use crate::check::{Judgement, Verdict};
    use crate::setup::Setup;
    use ringside_core::NodeId;

    /// What is judged where all nodes have the ring of five, but those named here that of one node fewer.
    fn judged(behind: &[u32], quiet: bool, down: &[&str]) -> Judgement {
        let mut story = Story::new();
        for name in down {
            story.down(name);
        }
        let old = Arc::new(Setup { names: vec!["A".to_owned()], ..Setup::bare() }.ring());
        story
            .pictured(0, |snapshot| {
                snapshot.over = quiet;
                for node in behind {
                    snapshot.nodes[NodeId(*node).index()].ring = Some(Arc::clone(&old));
                }
            })
            .into_iter()
            .find(|judgement| judgement.claim == Claim::RingAgreement)
            .unwrap()
    }

    #[test]
    fn equal_rings_agree_once_it_is_quiet() {
        assert_eq!(judged(&[], true, &[]).verdict, Verdict::Holds);
        assert_eq!(judged(&[2], false, &[]).verdict, Verdict::NotApplicable);
    }

    #[test]
    fn two_that_reach_each_other_must_agree() {
        let judged = judged(&[2], true, &[]);
        assert_eq!((judged.verdict, judged.owed), (Verdict::Broken, false));
        assert_eq!(judged.nodes, [NodeId(0), NodeId(2)]);
        assert!(judged.why.starts_with("A and C can reach each other and have different rings."));
    }

    #[test]
    fn who_is_down_has_no_ring() {
        assert_eq!(judged(&[0, 1], true, &["C", "D", "E"]).verdict, Verdict::Holds);
    }
}
