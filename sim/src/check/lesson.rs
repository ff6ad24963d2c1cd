//! The tasks of a lesson: has what a stop asks for been done? And a lesson walked without any visitor.

use super::expect::{self, ExpectationResult};
use crate::act::Act;
use crate::lesson::{Deed, Lesson, Spot, Stop, Task, Way};
use crate::recording::{Placed, Recording};
use crate::scenario::{Expected, Scenario, When};
use ringside_core::Time;

/// A stop, after a walk through its lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// Its name.
    pub name: String,
    /// When playing paused there; none where it never did.
    pub at: Option<Time>,
    /// Was what it asks for done? None where it asks for nothing.
    pub done: Option<bool>,
    /// What was the case, in sentences.
    pub why: String,
}

/// Whether what each stop asks for is done where `position` events have happened; none where it asks for nothing, or for
/// what no recording knows: a selection.
///
/// What is done by hand belongs to the last stop before it. It counts once it has been done and what must then be so is:
/// right after it, or at `position`, or, if that is later, at the next stop.
#[must_use]
pub fn done(recording: &Recording, position: u64) -> Vec<Option<bool>> {
    let Some(lesson) = &recording.scenario().lesson else { return Vec::new() };
    let spots = lesson.spots(recording);
    let found = |(number, stop): (usize, &Stop)| {
        let task = stop.task.as_ref()?;
        if matches!((&task.way, &task.done), (Way::Select(_), None)) {
            return None;
        }
        let passed = of_stop(recording, lesson, &spots, number, position);
        Some(passed.is_some_and(|found| found.holds))
    };
    lesson.stops.iter().enumerate().map(found).collect()
}

/// What has become of a stop's task by `position`; none where the run has not come to the stop.
fn of_stop(
    recording: &Recording,
    lesson: &Lesson,
    spots: &[Option<Spot>],
    number: usize,
    position: u64,
) -> Option<ExpectationResult> {
    let from = spots[number].filter(|spot| spot.position <= position)?.position;
    let next = spots[number + 1..].iter().flatten().map(|spot| spot.position).next();
    let until = next.map_or(position, |next| next.min(position));
    let task = lesson.stops[number].task.as_ref()?;
    let acts = recording.acts();
    let by_hand: Vec<&Placed> = acts.iter().filter(|placed| (from..until).contains(&placed.after)).collect();
    let Some(what) = &task.done else { return Some(of_acts(recording, task, &by_hand)) };
    let mut judged = vec![until];
    judged.extend(by_hand.last().map(|placed| placed.after + 1));
    let mut found = None;
    for at in judged {
        for what in readings(lesson, what, &by_hand) {
            let result = expect::at(recording, &what, at);
            if result.holds {
                return Some(result);
            }
            found.get_or_insert(result);
        }
    }
    found
}

/// Was it done, whatever came of it?
fn of_acts(recording: &Recording, task: &Task, by_hand: &[&Placed]) -> ExpectationResult {
    let (holds, why) = match &task.way {
        Way::Deeds(deeds) => {
            let missing = |deed: &&Deed| !by_hand.iter().any(|placed| placed.act.name() == deed.act.name());
            let missing = deeds.iter().find(missing).map(|deed| deed.act.name());
            let why =
                missing.map_or("It was done.".to_owned(), |name| format!("No {name} was done by hand."));
            (missing.is_none(), why)
        }
        Way::Select(_) => (true, "It was selected.".to_owned()),
        Way::Vnodes(vnodes) => {
            let has = recording.setup().vnodes;
            (has == *vnodes, format!("The run has {has} virtual nodes a node."))
        }
    };
    ExpectationResult { what: "it is done".to_owned(), holds, why }
}

/// What is expected, and the same of every operation by hand that may stand for the task's own.
fn readings(lesson: &Lesson, what: &Expected, by_hand: &[&Placed]) -> Vec<Expected> {
    let mut readings = vec![what.clone()];
    if let Expected::Operation { id: named, .. } = what {
        for placed in by_hand {
            if let Act::Operation(operation) = &placed.act
                && operation.id != *named
                && lesson.stands_for(operation, named)
            {
                let mut reading = what.clone();
                if let Expected::Operation { id, .. } = &mut reading {
                    id.clone_from(&operation.id);
                }
                readings.push(reading);
            }
        }
    }
    readings
}

/// Walks through the lesson of a scenario as someone does who has everything done for them: plays to each stop, does
/// there what it asks for, goes on. Gives the stops, in order, and the run that this made; nothing of a scenario without a
/// lesson.
#[must_use]
pub fn walk(scenario: &Scenario) -> (Vec<Walked>, Recording) {
    let mut recording = Recording::new(scenario.clone());
    let Some(lesson) = &scenario.lesson else { return (Vec::new(), recording) };
    recording.run_to_end();
    let mut times: Vec<Option<Time>> = Vec::new();
    let mut here = Spot { position: 0, at: Time::ZERO };
    for (number, stop) in lesson.stops.iter().enumerate() {
        let spot = lesson.spots(&recording)[number];
        // Where the run has gone past it, or has ended, or what it waits for never happens, nobody stops there.
        let before = times.iter().rev().copied().flatten().next();
        let over = matches!(stop.when, When::At(at) if at > recording.ended());
        let comes = |spot: &Spot| {
            !over
                && spot.position >= here.position
                && spot.at >= here.at
                && before.is_none_or(|at| at < spot.at)
        };
        let Some(spot) = spot.filter(comes) else {
            times.push(None);
            continue;
        };
        here = spot;
        times.push(Some(spot.at));
        match stop.task.as_ref().map(|task| &task.way) {
            Some(Way::Deeds(deeds)) => {
                for deed in deeds {
                    (recording, here) = perform(&recording, here, deed);
                }
            }
            Some(Way::Vnodes(vnodes)) => {
                recording = Recording::new(with_vnodes(recording.scenario(), *vnodes));
                recording.run_to_end();
                here = lesson.spots(&recording)[number].unwrap_or(here);
            }
            Some(Way::Select(_)) | None => {}
        }
    }
    let spots = lesson.spots(&recording);
    let walked = lesson.stops.iter().zip(times).enumerate().map(|(number, (stop, at))| {
        let found = of_stop(&recording, lesson, &spots, number, recording.len());
        let reached = at.is_some();
        Walked {
            name: stop.name.clone(),
            at,
            done: stop.task.as_ref().map(|_| reached && found.as_ref().is_some_and(|found| found.holds)),
            why: match found {
                _ if !reached => "The run never comes to this stop.".to_owned(),
                Some(found) => found.why,
                None => String::new(),
            },
        }
    });
    (walked.collect(), recording)
}

/// Does a deed by hand, and runs to the end. An act that is refused changes nothing.
fn perform(recording: &Recording, here: Spot, deed: &Deed) -> (Recording, Spot) {
    let mut here = here;
    if deed.plus > ringside_core::Span::ZERO {
        let at = (here.at + deed.plus).min(recording.ended());
        here = Spot { position: recording.position_at(at), at };
    }
    let act = deed.act(recording);
    match recording.branch(here.position, here.at, act) {
        Ok(mut branch) => {
            branch.run_to_end();
            let position = here.position + 1;
            let at = branch.trace().time_of(position).max(here.at);
            (branch, Spot { position, at })
        }
        Err(_) => (recording.clone(), here),
    }
}

/// The scenario on a ring of so many tokens a node.
fn with_vnodes(scenario: &Scenario, vnodes: u32) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.setup.vnodes = vnodes;
    scenario
}
