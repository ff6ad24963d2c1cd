//! Does a run come to rest? One in which every fault has ended owes that, well before the hour after which it is cut off:
//! a change of the members that never ends, hints that never get home or replicas that never agree break no claim, since
//! claims are about what the run has come to.

use crate::delay::Delay;
use crate::recording::Recording;
use crate::setup::Ratio;
use crate::snapshot::{NodeState, Snapshot};
use ringside_core::{Config, Span};

/// With intervals longer than this an hour may be too short.
const RAREST: Span = Span::from_secs(60);
/// Of more messages lost than this, what takes several of them may never reach its end.
const MOST_LOST: Ratio = Ratio { numerator: 1, denominator: 4 };
/// More messages that are still to be dropped than this may outlast the run.
const MOST_DROPPED: u32 = 100;
/// Nor need it end where messages take longer than this.
const SLOWEST: Span = Span::from_secs(10);
/// Nor where one message of so many takes an hour or more: a run has up to 400,000 of them.
const SELDOM: f64 = 1e-12;
/// In microseconds.
const HOUR: f64 = 3.6e9;

/// What goes on at the end of a run that ought to have come to rest, as a sentence; none where it has, where somebody
/// ended it, or where a fault lasts. A run that is not over is looked at where it has been left.
#[must_use]
pub fn unrest(recording: &Recording) -> Option<String> {
    if recording.scenario().until.is_some() {
        return None;
    }
    let what = recording.unrest()?;
    let snapshot = recording.snapshot(recording.len());
    let healed = everybody_runs(&snapshot)
        && whole(&snapshot)
        && timely(&snapshot.config)
        && snapshot.members_become_known();
    healed.then(|| {
        format!("At {}, after {} events, no fault is left, and {what}.", recording.ended(), recording.len())
    })
}

/// Is nobody down, paused or slow? Who has not joined yet need not run.
fn everybody_runs(snapshot: &Snapshot) -> bool {
    let off = |state| matches!(state, NodeState::Down | NodeState::Paused);
    snapshot.nodes.iter().all(|node| node.slow == 1 && !off(node.state))
}

/// Do most messages pass, everywhere, and soon?
fn whole(snapshot: &Snapshot) -> bool {
    let network = &snapshot.network;
    let delays = [network.delay.write, network.delay.ack, network.delay.read, network.delay.reply];
    let soon = delays.into_iter().chain([network.delay.other]).all(soon);
    let lost = u64::from(network.loss.numerator) * u64::from(MOST_LOST.denominator);
    let much = u64::from(MOST_LOST.numerator) * u64::from(network.loss.denominator);
    soon && lost <= much && !snapshot.needs_healing() && !snapshot.links.meddles(MOST_DROPPED)
}

fn soon(delay: Delay) -> bool {
    match delay {
        Delay::Fixed(span) | Delay::Exponential { mean: span } | Delay::Uniform { high: span, .. } => {
            span <= SLOWEST
        }
        Delay::Pareto { min, alpha_thousandths } => {
            let Ok(min) = u32::try_from(min.as_micros()) else { return false };
            libm::pow(f64::from(min) / HOUR, f64::from(alpha_thousandths) / 1_000.0) < SELDOM
        }
        Delay::Preset(_) => true,
    }
}

/// Does what happens at intervals happen often enough?
fn timely(config: &Config) -> bool {
    [config.anti_entropy, config.gossip].into_iter().flatten().all(|every| every <= RAREST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    const CLUSTER: &str = "ringside = 1\n[cluster]\nnodes = [\"A\", \"B\", \"C\"]\nanti_entropy = \"off\"\n\
        gossip = \"20s\"\n[[step]]\nat = \"2ms\"\njoin = \"D\"\n";

    fn run(steps: &str) -> Recording {
        let scenario = Scenario::parse(&format!("{CLUSTER}{steps}"));
        let mut recording = Recording::new(scenario.expect("it is right"));
        recording.run_to_end();
        recording
    }

    #[test]
    fn what_lasts_is_named_and_owed_only_where_no_fault_lasts() {
        let joined = run("");
        assert_eq!((joined.unrest(), unrest(&joined)), (None, None), "it ends by itself");
        for lasts in [
            "hold = { kind = \"transfer\" }",
            "drop = { kind = \"transfer\", count = 9999 }",
            "crash = \"C\"",
        ] {
            let moving = run(&format!("[[step]]\nat = \"1ms\"\n{lasts}\n"));
            assert!(moving.unrest().is_some(), "{lasts} keeps ranges from moving");
            assert_eq!(unrest(&moving), None, "{lasts}");
        }
        // A run that is left in the middle is one that goes on for too long.
        for (delay, owed) in [("2ms", true), ("pareto 2ms 2.5", true), ("pareto 2ms 1.0", false)] {
            let network = format!("[network]\ndelay = \"{delay}\"\n");
            let scenario = Scenario::parse(&CLUSTER.replacen("[[step]]", &format!("{network}[[step]]"), 1));
            let mut left = Recording::new(scenario.expect("it is right"));
            left.run(1);
            let told = unrest(&left);
            assert_eq!(told.is_some(), owed, "{delay}: {told:?}");
            assert!(told.is_none_or(|told| told.contains("no fault is left, and")), "{delay}");
        }
        // Each of these nine messages is sent again, so that the change ends all the same.
        let few = run("[[step]]\nat = \"1ms\"\ndrop = { kind = \"transfer\", count = 9 }\n");
        assert_eq!((few.unrest(), unrest(&few)), (None, None));
    }
}
