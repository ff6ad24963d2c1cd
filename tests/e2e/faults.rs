//! What a visitor does to the network and to nodes by hand, held to the same acts in a run without a page.

use super::visit::{Visit, native};
use ringside_core::{NodeId, Time};
use ringside_sim::{Act, Recording};
use ringside_tests::browser::keys;

/// The sandbox with this done at its beginning, run to its end.
fn done(acts: Vec<Act>) -> Recording {
    let mut recording = native("sandbox");
    for act in acts {
        let (position, at) = (recording.len(), recording.trace().time_of(recording.len()));
        recording = recording.branch(position, at.max(Time::ZERO), act).expect("it can be done");
        recording.run_to_end();
    }
    recording
}

/// Goes to the end and holds what the page ran to what a run without it does.
#[track_caller]
fn same_as(visit: &Visit, headless: &Recording) {
    let end = visit.to_end();
    let time = headless.trace().time_of(headless.len()).to_string();
    assert_eq!((end.of, end.time), (headless.len(), time));
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn two_clicks_make_a_partition_and_one_heals_it() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let ring = page.region("Ring");
    ring.get("button", "Partition").click();
    assert_eq!(page.focused(), ("button".to_owned(), "Cut".to_owned()));
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    ring.get("button", "Cut").click();
    page.status().wait_text("The network splits: A and B | C, D and E.");
    let group = page.get("group", "Nodes");
    assert_eq!(
        group.get("button", "Node A, up").attribute("aria-description").as_deref(),
        Some("cut off from C, D and E")
    );
    let mut split = vec![Act::Partition(vec![vec![NodeId(0), NodeId(1)]])];
    same_as(&visit, &done(split.clone()));

    ring.get("button", "Heal").click();
    page.status().wait_text("The network is whole again.");
    split.push(Act::Heal);
    same_as(&visit, &done(split));
    assert_eq!(group.get("button", "Node A, up").attribute("aria-description"), None);
    assert!(!ring.get("button", "Heal").exists());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_partition_is_made_by_keyboard_of_the_nodes_one_chooses() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.select_node("D", "up");
    page.region("Ring").press("p");
    let sides = page.get("group", "One side of the partition");
    let pressed = |name: &str| sides.get("button", name).attribute("aria-pressed").unwrap_or_default();
    sides.get("button", "D").wait();
    assert_eq!(["A", "D"].map(pressed), ["false", "true"], "the selected node against the rest");
    // In the list and in the ring alike; what is selected stays selected.
    sides.get("button", "A").press(" ");
    page.get("group", "Nodes").get("button", "Node B, up").click();
    page.poll(|| match ["A", "B", "C", "D", "E"].map(pressed).join(" ") {
        all if all == "true true false true false" => Ok(()),
        all => Err(all),
    });
    page.region("Ring").get("button", "Cut").press(keys::ENTER);
    page.status().wait_text("The network splits: A, B and D | C and E.");
    assert_eq!(page.focused(), ("button".to_owned(), "Partition".to_owned()), "the ring's keys go on");
    same_as(&visit, &done(vec![Act::Partition(vec![[0, 1, 3].map(NodeId).to_vec()])]));

    // Nobody on a side is no partition, and what is begun can be left.
    page.region("Ring").press("p");
    sides.get("button", "D").click();
    page.poll(|| if pressed("D") == "false" { Ok(()) } else { Err("D is still chosen".to_owned()) });
    page.region("Ring").get("button", "Cut").click();
    page.status().wait_text("choose some, but not all");
    page.region("Ring").get("button", "Cut").press(keys::ESCAPE);
    page.poll(|| if sides.exists() { Err("it is still open".to_owned()) } else { Ok(()) });
    page.assert_no_errors();
}
