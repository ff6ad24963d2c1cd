use super::units::Unit;
use super::{Asked, Quorum, Session};
use ringside_core::{Key, NodeId, Time, Value};
use ringside_sim::trace::OpKind;
use ringside_sim::{Act, ConfigChange, Judged, NodeState, OperationKind, Scenario, Setup, check};

fn put(key: &str, value: &str) -> Asked {
    let kind = OperationKind::Put { value: Value::new(value), context: Asked::CONTEXT };
    Asked { key: Key::new(key), via: None, kind }
}

fn sandbox() -> Session {
    Session::new(Scenario::default())
}

/// A cluster in which nothing goes on but what somebody asks for.
fn still() -> Session {
    Session::new(Scenario { setup: Setup::bare(), ..Scenario::default() })
}

fn outcome(session: &Session, at: usize) -> Option<&'static str> {
    session.recording().trace().ops[at].end_by(session.position()).map(|end| end.outcome.name())
}

fn step_until_answered(session: &mut Session, op: usize) {
    for _ in 0..100 {
        if outcome(session, op).is_some() {
            return;
        }
        session.step_forward(Unit::Event);
    }
    panic!("operation {op} got no answer in 100 steps");
}

#[test]
fn a_put_happens_where_the_clock_stands_and_leaves_it_paused() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    assert_eq!(session.position(), 1);
    assert!(!session.playing());
    assert_eq!(outcome(&session, 0), None, "nobody has answered yet");
    step_until_answered(&mut session, 0);
    assert_eq!(outcome(&session, 0), Some("ok"));
    session.step_back(Unit::Event);
    assert_eq!(outcome(&session, 0), None, "stepping back undoes the answer");
}

#[test]
fn an_act_in_the_past_opens_a_branch_and_keeps_the_old_future() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    let (first, len) = (session.branch().id, session.recording().len());
    session.go_to_end();
    session.go_to(2);
    session.ask(put("cart", "eggs"));
    assert_eq!(session.branches().len(), 2);
    assert_eq!(session.position(), 3);
    assert_eq!(session.recording().trace().ops.len(), 2);

    session.choose_branch(first);
    assert_eq!(session.recording().len(), len, "the old future is as it was");
    assert_eq!(session.recording().trace().ops.len(), 1);
    assert_eq!(session.position(), 2, "and stands where it was left");
}

#[test]
fn an_act_at_the_end_opens_no_branch() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.go_to_end();
    session.ask(put("cart", "eggs"));
    assert_eq!(session.branches().len(), 1);
}

#[test]
fn undo_takes_back_a_branch_and_then_the_act_before_it() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.step_forward(Unit::Event);
    session.ask(put("cart", "eggs"));
    assert_eq!(session.branches().len(), 2);
    session.undo();
    assert_eq!(session.branches().len(), 1);
    assert_eq!((session.position(), session.recording().trace().ops.len()), (2, 1));
    session.undo();
    assert_eq!((session.position(), session.recording().trace().ops.len()), (0, 0));
    session.undo();
    assert!(session.status().starts_with("Nothing to undo"), "{}", session.status());
}

#[test]
fn what_follows_a_branch_is_not_lost_when_its_parent_is_undone_first() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.ask(put("cart", "eggs"));
    let second = session.branch().id;
    session.choose_branch(0);
    session.undo();
    assert_eq!(session.recording().acts().len(), 0);
    session.choose_branch(second);
    assert_eq!(session.recording().acts().len(), 2);
    session.undo();
    assert!(session.position() <= session.recording().len());
}

#[test]
fn lowering_n_lowers_r_and_w_in_the_same_act_and_says_so() {
    let mut session = sandbox();
    session.set_quorum(Quorum::N, 1);
    let config = session.snapshot().config.clone();
    assert_eq!((config.n, config.r, config.w), (1, 1, 1));
    assert_eq!(session.recording().acts().len(), 1);
    assert!(session.status().contains("R was lowered to 1"), "{}", session.status());
    assert!(session.status().contains("W was lowered to 1"), "{}", session.status());
}

#[test]
fn a_setting_acts_from_the_next_request_on() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    step_until_answered(&mut session, 0);
    session.set_quorum(Quorum::W, 3);
    session.ask(put("cart", "eggs"));
    step_until_answered(&mut session, 1);
    let replies = |at: usize| session.recording().trace().ops[at].end.as_ref().map(|end| end.replies.len());
    assert_eq!((replies(0), replies(1)), (Some(2), Some(3)));
}

#[test]
fn a_setting_that_is_already_so_is_no_act() {
    let mut session = sandbox();
    session.set_quorum(Quorum::R, 2);
    session.set_nodes(5);
    session.set_vnodes(8);
    assert_eq!((session.recording().acts().len(), session.branches().len()), (0, 1));
}

#[test]
fn other_nodes_start_another_run_and_keep_the_old_one() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.set_nodes(2);
    assert_eq!(session.recording().setup().names.len(), 2);
    assert_eq!((session.position(), session.recording().trace().ops.len()), (0, 0));
    let config = session.snapshot().config.clone();
    assert_eq!((config.n, config.r, config.w), (2, 2, 2));
    assert!(session.status().contains("N is 2"), "{}", session.status());
    session.undo();
    assert_eq!(session.recording().setup().names.len(), 5);
    assert_eq!(session.recording().trace().ops.len(), 1);
}

#[test]
fn a_scenario_on_fewer_nodes_leaves_out_the_steps_that_need_the_others() {
    for (name, text) in ringside_sim::scenario::BUILTIN {
        let mut session = Session::new(Scenario::parse(text).expect(name));
        session.set_nodes(2);
        session.run_on(u64::MAX);
        session.go_to_end();
        assert!(session.recording().finished(), "{name}");
        session.set_nodes(9);
        session.go_to_end();
        assert_eq!(session.snapshot().nodes.len(), 9, "{name}");
    }
}

#[test]
fn start_over_goes_back_to_what_was_opened() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.start_over();
    assert_eq!((session.position(), session.recording().acts().len()), (0, 0));
    assert_eq!(session.branches().len(), 2, "the run that was changed by hand is kept");
    session.start_over();
    assert_eq!(session.branches().len(), 2, "an untouched run is not kept twice");
}

#[test]
fn a_crash_shows_at_once_and_a_restart_takes_it_back() {
    let mut session = sandbox();
    session.act(Act::Crash(NodeId(1)));
    assert_eq!(session.snapshot().nodes[1].state, NodeState::Down);
    session.act(Act::Restart(NodeId(1)));
    assert_eq!(session.snapshot().nodes[1].state, NodeState::Up);
}

#[test]
fn playing_reaches_the_same_place_as_stepping() {
    let mut session = still();
    session.ask(put("cart", "milk"));
    session.play();
    for _ in 0..10_000 {
        session.frame(16.0);
        if !session.playing() {
            break;
        }
    }
    assert!(!session.playing(), "it ends by itself");
    assert_eq!(session.position(), session.recording().len());
    assert!(session.status().starts_with("The run is over"), "{}", session.status());
    session.play();
    assert!(!session.playing(), "at the end there is nothing to play");
    assert!(session.status().starts_with("This is the end"), "{}", session.status());
}

/// A run in which nodes gossip, over but for that.
fn gossiping() -> Session {
    let config =
        ringside_core::Config { gossip: Some(ringside_core::Span::from_millis(100)), ..Setup::bare().config };
    let mut session =
        Session::new(Scenario { setup: Setup { config, ..Setup::bare() }, ..Scenario::default() });
    session.ask(put("cart", "milk"));
    session.go_to_end();
    assert!(session.at_end());
    session
}

#[test]
fn past_the_end_nodes_go_on_for_as_long_as_the_clock_runs() {
    let mut session = gossiping();
    let (end, digest) = (session.recording().len(), session.recording().digest());
    session.play();
    assert!(session.status().starts_with("Playing on past the end"), "{}", session.status());
    for _ in 0..10_000 {
        session.run_on(4);
        session.frame(16.0);
    }
    assert!(session.playing() && session.position() > end + 20, "it goes on: {}", session.position());
    assert_eq!(session.recording().digest_at(end), digest, "what was before is as it was");
    // What is done there can be handed on, and taken back.
    session.pause();
    session.act(Act::Crash(NodeId(1)));
    let recording = session.recording();
    let mut opened = Session::with_acts(recording.scenario().clone(), recording.acts().to_vec());
    opened.go_to_event(session.position());
    assert_eq!((opened.position(), opened.time()), (session.position(), session.time()));
    session.undo();
    assert!(session.position() > end);
}

#[test]
fn a_step_and_a_way_past_the_end_go_as_far_as_they_say() {
    let mut session = gossiping();
    let end = session.time();
    session.step_forward(Unit::Round);
    let at = session.position();
    let woke = |at: u64| &session.recording().trace().events[usize::try_from(at).unwrap() - 1].what;
    assert!(matches!(woke(at), ringside_sim::What::Woke(_, ringside_core::Wake::Gossip)));
    session.step_back(Unit::Round);
    assert!(session.time() <= end, "there was none before: {}", session.time());
    let far = end + ringside_core::Span::from_micros(2_000_100);
    session.go_to_time(far);
    assert_eq!((session.time(), session.status()), (far, ""));
    session.step_forward(Unit::Request);
    assert!(session.status().starts_with("No request follows"), "{}", session.status());
    session.go_to_event(session.recording().len() + 50);
    assert_eq!(session.position(), session.recording().len(), "{}", session.status());
}

#[test]
fn steps_by_message_and_by_request_end_where_they_say() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.step_forward(Unit::Message);
    let at = session.position();
    let trace = session.recording().trace();
    assert!(trace.messages.iter().any(|message| message.fate.is_some_and(|fate| fate.position == at)));
    session.go_to_start();
    session.step_forward(Unit::Request);
    let ended = session.recording().trace().ops[0].end.as_ref().map(|end| end.position);
    assert_eq!(Some(session.position()), ended);
    session.step_forward(Unit::Request);
    assert!(session.status().starts_with("No request follows"), "{}", session.status());
    session.step_back(Unit::Request);
    assert_eq!(Some(session.position()), ended);
}

#[test]
fn both_ends_are_said_and_never_passed() {
    let mut session = still();
    session.step_back(Unit::Event);
    assert!(session.status().starts_with("This is the beginning"), "{}", session.status());
    session.step_forward(Unit::Event);
    assert!(session.status().starts_with("This is the end"), "{}", session.status());
}

#[test]
fn a_moment_between_two_events_is_kept() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    session.go_to_time(Time::from_micros(500));
    assert_eq!((session.time(), session.position()), (Time::from_micros(500), 1));
    session.ask(Asked { kind: OperationKind::Get, ..put("cart", "") });
    let op = &session.recording().trace().ops[1];
    assert_eq!((op.start, &op.kind), (Time::from_micros(500), &OpKind::Get));
}

/// Answers for the judges.
fn judge(session: &mut Session) {
    let question = session.question().expect("there is something to judge");
    let recording = session.recording();
    let judged = Judged {
        judgements: recording.judge(question.position),
        breaches: check::breaches(recording, question.length),
        tasks: check::lesson::done(recording, question.position),
    };
    session.answer(question.moment, Ok(judged));
}

#[test]
fn a_violation_is_said_while_it_plays() {
    let text = ringside_sim::scenario::builtin("not-linearizable").expect("the story is built in");
    // Told as a run, without the pauses of a lesson.
    let scenario = Scenario { lesson: None, ..Scenario::parse(text).expect("it is right") };
    let mut session = Session::new(scenario);
    judge(&mut session);
    session.play();
    let mut said = Vec::new();
    while session.playing() {
        session.frame(16.0);
        if said.last().map(String::as_str) != Some(session.status()) {
            said.push(session.status().to_owned());
        }
    }
    let broken = said.iter().filter(|status| status.contains("linearizable is broken")).count();
    assert_eq!(broken, 1, "{said:?}");
}

#[test]
fn the_judges_are_asked_once_a_moment_and_what_they_last_said_stays_meanwhile() {
    let mut session = sandbox();
    session.ask(put("cart", "milk"));
    assert!(session.judgements().0.is_empty(), "nobody has been asked yet");
    judge(&mut session);
    assert!(session.is_judged() && session.question().is_none());
    session.go_to_end();
    let (said, over) = session.judgements();
    assert!(!session.is_judged() && !said.is_empty() && !over, "said before the end");
    judge(&mut session);
    assert!(session.judgements().1, "said of a run that is over");
}

#[test]
fn what_the_judges_say_of_a_run_that_is_gone_is_left_out() {
    let mut session = sandbox();
    let question = session.question().expect("nobody has been asked yet");
    session.ask(put("cart", "milk"));
    session.answer(question.moment, Ok(Judged::default()));
    assert!(!session.is_judged());
    judge(&mut session);
    // Nobody there: there is no verdict, and nobody is asked for the same one again and again.
    session.go_to_start();
    let question = session.question().expect("another moment");
    session.answer(question.moment, Ok(Judged::default()));
    assert!(session.judgements().0.is_empty() && session.question().is_none());
}

#[test]
fn what_a_link_carries_opens_as_it_was_left() {
    let mut session = sandbox();
    for value in ["milk", "tea"] {
        session.ask(put("cart", value));
    }
    session.go_to(session.recording().len() / 2);
    let (scenario, acts) = (session.recording().scenario().clone(), session.recording().acts().to_vec());
    let mut opened = Session::with_acts(scenario, acts);
    opened.go_to_event(session.position());
    assert_eq!(opened.recording().digest(), session.recording().digest());
    assert_eq!((opened.position(), opened.time()), (session.position(), session.time()));
    opened.go_to_event(u64::MAX);
    assert!(opened.at_end(), "past the end is the end");
    opened.undo();
    assert_eq!(opened.recording().acts().len(), 1, "what a link carries can be taken back");
    opened.start_over();
    assert!(opened.recording().acts().is_empty(), "and left out");
}

#[test]
fn mechanisms_are_set_as_acts_and_what_goes_with_them_is_said() {
    let mut session = sandbox();
    let off = ConfigChange { hinted_handoff: Some(false), ..ConfigChange::default() };
    session.set_mechanism("Hinted handoff", "off", off);
    let config = session.snapshot().config.clone();
    assert_eq!((config.hinted_handoff, config.quorum), (false, ringside_core::Quorum::Strict));
    assert!(session.status().contains("the quorum is strict with it"), "{}", session.status());
    let sloppy = ConfigChange { quorum: Some(ringside_core::Quorum::Sloppy), ..ConfigChange::default() };
    session.set_mechanism("Quorum", "sloppy", sloppy.clone());
    assert!(session.snapshot().config.hinted_handoff);
    assert!(session.status().contains("hinted handoff is on with it"), "{}", session.status());
    let acts = session.recording().acts().len();
    session.set_mechanism("Quorum", "sloppy", sloppy);
    assert_eq!(session.recording().acts().len(), acts, "what is so already is no act");
}

#[test]
fn runs_in_which_nothing_happened_are_for_undo_and_no_list() {
    let mut session = sandbox();
    for nodes in [4, 3, 1] {
        session.set_nodes(nodes);
    }
    assert_eq!(session.status(), "A new run on a ring of 1 node. N is 1, as there are no more nodes.");
    let listed = |session: &Session| session.listed().map(|branch| branch.name.clone()).collect::<Vec<_>>();
    assert_eq!(listed(&session), ["first run", "1 node"]);
    session.ask(put("cart", "milk"));
    session.set_seed(7);
    assert!(session.status().ends_with("the old run is kept as a branch."), "{}", session.status());
    assert_eq!(listed(&session), ["first run", "1 node", "seed 7"]);
    for nodes in [1, 1, 3, 4, 5] {
        session.undo();
        assert_eq!(session.recording().setup().names.len(), nodes, "{}", session.status());
    }
}
