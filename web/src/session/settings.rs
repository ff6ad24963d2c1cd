//! N, R, W, the nodes and their tokens: what the sliders change.

use super::Session;
use super::rescale;
use ringside_core::ring::Placement;
use ringside_sim::{Act, ConfigChange, Recording, Setup};

/// One of the three numbers that act from the next request on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quorum {
    /// Replicas of a key.
    N,
    /// Replies a get waits for.
    R,
    /// Acknowledgements a put waits for.
    W,
}

impl Session {
    /// Sets N, R or W where the clock stands, for the requests that follow. R and W never exceed N: they follow it
    /// down in the same act, and are held at it.
    pub(crate) fn set_quorum(&mut self, which: Quorum, to: u32) {
        let now = self.snapshot().config.clone();
        let mut change = ConfigChange::default();
        let mut said = Vec::new();
        match which {
            Quorum::N => {
                let n = to.clamp(1, ringside_core::Config::MAX_N);
                change.n = Some(n);
                if now.r > n {
                    change.r = Some(n);
                    said.push(format!("R was lowered to {n} with it"));
                }
                if now.w > n {
                    change.w = Some(n);
                    said.push(format!("W was lowered to {n} with it"));
                }
                said.insert(0, format!("N is {n} from the next request on"));
            }
            Quorum::R => {
                change.r = Some(to.clamp(1, now.n));
                said.push(format!("R is {} from the next get on", to.clamp(1, now.n)));
            }
            Quorum::W => {
                change.w = Some(to.clamp(1, now.n));
                said.push(format!("W is {} from the next put on", to.clamp(1, now.n)));
            }
        }
        if change.apply(&now) == now {
            return;
        }
        let branches = self.branches().len();
        self.act(Act::Set(change));
        if self.branches().len() > branches {
            said.push("the earlier future is kept as a branch".to_owned());
        }
        self.say(format!("{}.", said.join("; ")));
    }

    /// Sets a mechanism where the clock stands, and says so. Settings that go together follow.
    pub(crate) fn set_mechanism(&mut self, name: &str, word: &str, mut change: ConfigChange) {
        let now = self.snapshot().config.clone();
        let mut said = vec![format!("{name}: {word}")];
        if change.hinted_handoff == Some(false) && now.quorum == ringside_core::Quorum::Sloppy {
            change.quorum = Some(ringside_core::Quorum::Strict);
            said.push("the quorum is strict with it, as a sloppy one counts on hints".to_owned());
        }
        let after = change.apply(&now);
        if after == now {
            return;
        }
        if after.hinted_handoff && !now.hinted_handoff && change.hinted_handoff.is_none() {
            said.push("hinted handoff is on with it".to_owned());
        }
        let branches = self.branches().len();
        self.act(Act::Set(change));
        if self.branches().len() > branches {
            said.push("the earlier future is kept as a branch".to_owned());
        }
        self.say(format!("{}.", said.join("; ")));
    }

    /// Starts the run again on a ring of so many nodes, and keeps the old run.
    pub(crate) fn set_nodes(&mut self, nodes: u32) {
        let setup = self.recording().setup();
        // Each node of fixed partitions needs one.
        let nodes = nodes.clamp(1, Setup::MAX_NODES.min(setup.placement.most_members()));
        if setup.names.len() == nodes as usize {
            return;
        }
        let (scenario, lost) = rescale::nodes(self.recording().scenario(), nodes);
        let lowered = scenario.setup.config.n < self.recording().setup().config.n;
        let n = scenario.setup.config.n;
        let nodes = if nodes == 1 { "1 node".to_owned() } else { format!("{nodes} nodes") };
        let kept = self.restart(nodes.clone(), Recording::new(scenario));
        let mut said = format!("A new run on a ring of {nodes}{kept}.");
        if lowered {
            said.push_str(&format!(" N is {n}, as there are no more nodes."));
        }
        if lost > 0 {
            said.push_str(&format!(" {lost} of its steps named nodes that are gone and were left out."));
        }
        self.say(said);
    }

    /// Starts the run again with so many tokens a node, and keeps the old run. A ring of fixed partitions becomes one of
    /// tokens.
    pub(crate) fn set_vnodes(&mut self, vnodes: u32) {
        let vnodes = vnodes.clamp(1, Setup::MAX_VNODES);
        let setup = self.recording().setup();
        let fixed = matches!(setup.placement, Placement::Partitions(_));
        if setup.vnodes == vnodes && !fixed {
            return;
        }
        let mut scenario = self.recording().scenario().clone();
        if fixed {
            scenario.setup.placement = Placement::Random;
        }
        scenario.setup.vnodes = vnodes;
        let kept = self.restart(format!("{vnodes} virtual nodes"), Recording::new(scenario));
        let of = if vnodes == 1 { "token" } else { "tokens" };
        self.say(format!("A new run with {vnodes} {of} a node{kept}."));
    }

    /// Starts the run again with another seed, and keeps the old run.
    pub(crate) fn set_seed(&mut self, seed: u64) {
        let mut scenario = self.recording().scenario().clone();
        scenario.setup.seed = seed;
        let kept = self.restart(format!("seed {seed}"), Recording::new(scenario));
        self.say(format!("A new run with seed {seed}{kept}."));
    }

    /// Starts the run again with a setting that it has from the beginning, and keeps the old run.
    pub(crate) fn begin_with(&mut self, name: &str, word: &str, change: fn(&mut Setup)) {
        let mut scenario = self.recording().scenario().clone();
        change(&mut scenario.setup);
        let (nodes, most) = (scenario.setup.names.len(), scenario.setup.placement.most_members());
        if nodes > most as usize {
            return self.say(format!("Each node needs a partition: {most} are too few for {nodes} nodes."));
        }
        if scenario.setup == *self.recording().setup() {
            return;
        }
        let kept = self.restart(word.to_owned(), Recording::new(scenario));
        self.say(format!("A new run with {name}: {word}{kept}."));
    }

    /// Tells that the old run is kept, if there is anything in it.
    #[inline(never)]
    fn restart(&mut self, name: String, recording: Recording) -> &'static str {
        self.playing = false;
        let old = self.branch();
        let kept = if old.is_empty() { "" } else { "; the old run is kept as a branch" };
        let (id, position, now, changes) = (old.id, old.position, old.now, old.changes);
        let parent = super::branch::Parent { id, position, now, acts: 0, changes };
        self.add_branch(name, recording);
        self.branch_mut().parent = Some(parent);
        self.generation += 1;
        self.begin();
        kept
    }
}
