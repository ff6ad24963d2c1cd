//! What a visitor does to the network and to nodes by hand, held to the same acts in a run without a page.

use super::visit::{Visit, native};
use ringside_core::{NodeId, Span, Time};
use ringside_sim::scenario::builtin;
use ringside_sim::{Act, LinkChange, NetworkChange, Ratio, Recording, Scenario, Workload};
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

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn links_between_two_nodes_are_cut_made_lossy_and_mended() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    visit.select_node("A", "up");
    page.execute("document.querySelector('.more').open = true", &[]);
    let links = page.get("group", "Links");
    page.combobox("Link to").choose("C");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    links.get("button", "Lose half").click();
    page.status()
        .wait_text("Of 2 messages from C to A, 1 will be lost on average. The other direction is the same.");
    let link = |from: u32, to: u32| LinkChange {
        from: NodeId(from),
        to: NodeId(to),
        delay: None,
        loss: None,
        cut: None,
    };
    let half = Some(Ratio::new(1, 2));
    let lossy = |from, to| Act::Link(LinkChange { loss: half, ..link(from, to) });
    same_as(&visit, &done(vec![lossy(0, 2), lossy(2, 0)]));
    page.button("Undo").click();
    visit.wait_moment("one Undo takes back both ways", |now| now.of == 0);

    visit.select_node("A", "up");
    page.execute("document.querySelector('.more').open = true", &[]);
    page.combobox("Link to").choose("C");
    links.get("button", "Cut one way").click();
    page.status().wait_text("The link from A to C is cut. The other direction is as it was.");
    let description = |name: &str| {
        let node = page.get("group", "Nodes").get("button", &format!("Node {name}, up"));
        node.attribute("aria-description").unwrap_or_default()
    };
    assert_eq!([description("A"), description("C")], ["cut off from C", "cut off from A"]);
    links.get("button", "Mend link").click();
    page.poll(|| if description("A").is_empty() { Ok(()) } else { Err(description("A")) });
    links.get("button", "Mend link").wait_gone();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_network_loses_messages_and_a_workload_starts_and_stops() {
    let visit = Visit::unfolded("#s=sandbox");
    let page = &visit.page;
    page.combobox("Loss").choose("10 %");
    page.status().wait_text("of 10 messages 1 is lost on average");
    let form = page.get("form", "Workload");
    form.get("textbox", "Keys").fill("none");
    form.get("button", "Start").click();
    page.poll(|| match form.get("textbox", "Keys").description() {
        said if said.contains("whole number") => Ok(()),
        said => Err(said),
    });
    form.get("textbox", "Keys").fill("2");
    form.get("textbox", "Seconds").fill("1");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    form.get("button", "Start").click();
    page.status().wait_text("3 clients begin to make 20 requests a second, for 1 s.");
    let loss = Act::Network(NetworkChange { loss: Some(Ratio::new(1, 10)), ..NetworkChange::default() });
    let load = Workload {
        clients: 3,
        rate: 20,
        keys: 2,
        zipf: None,
        reads: Ratio::new(1, 2),
        lasts: Span::from_secs(1),
    };
    let mut headless = native("sandbox").branch(0, Time::ZERO, loss).expect("it can be done");
    headless = headless.branch(1, Time::ZERO, Act::Workload(load)).expect("it can be done");
    headless.run_to_end();
    assert_eq!(headless.trace().ops.len(), 20);
    same_as(&visit, &headless);

    // Stopped where the clock stands, and undone.
    page.slider("Timeline").set_value("30");
    visit.wait_moment("the timeline", |now| now.event == 30);
    form.get("button", "Stop").click();
    page.status().wait_text("The workloads stop.");
    let stopped = visit.moment();
    form.wait_text("No workload is under way.");
    form.get("button", "Stop").click();
    page.status().wait_text("No workload is under way.");
    assert_eq!(visit.moment(), stopped);
    page.button("Undo").click();
    page.status().wait_text("Undone");
    form.wait_text("A workload is under way.");
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_node_of_a_new_name_joins_and_another_replaces_a_dead_one() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let form = page.get("form", "New node");
    let name = form.get("textbox", "New node");
    assert_eq!(name.value(), "F");
    name.fill("A");
    form.get("button", "Join").click();
    page.poll(|| match name.description() {
        said if said.contains("There is a node A already") => Ok(()),
        said => Err(said),
    });
    name.fill("Fay");
    form.get("button", "Join").click();
    page.region("Ring").get("button", "Node Fay, joining").wait();
    visit.to_end();
    visit.select_node("Fay", "up");
    assert_eq!(name.value(), "F");
    let file = builtin("sandbox").expect("it is built in").to_owned();
    let joins = format!("{file}\n[[step]]\nat = \"0ms\"\njoin = \"Fay\"\n");
    let mut headless = Recording::new(Scenario::parse(&joins).expect("it is a scenario"));
    headless.run_to_end();
    let end = visit.moment();
    assert_eq!(end.of, headless.len(), "as if it had been in the file");

    visit.select_node("B", "up");
    visit.act_on_node("Crash", "B", ["up", "down"]);
    page.region("Ring").get("button", "Replace by F").click();
    page.status().wait_text("F is to take the place of B");
    visit.to_end();
    page.region("Ring").get("button", "Node F, up").wait();
    page.button("Undo").click();
    page.region("Ring").get("button", "Node F, up").wait_gone();
    assert!(
        !page.region("Ring").get("button", "Node F, not joined yet").exists(),
        "one Undo takes all of it back"
    );
    page.region("Ring").get("button", "Node B, down").wait();
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn past_the_end_of_a_run_nodes_go_on_until_they_believe_that_a_crashed_one_is_down() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let fastest = page.slider("Speed").attribute("max").expect("a range has an end");
    page.slider("Speed").set_value(&fastest);
    visit.select_node("C", "up");
    visit.act_on_node("Crash", "C", ["up", "down"]);
    let end = visit.to_end();
    let mut headless = done(vec![Act::Crash(NodeId(2))]);
    assert_eq!(end.of, headless.len(), "there is nothing left to be done");

    page.combobox("Step size").choose("gossip round");
    let round = visit.move_by("Step forward");
    assert!(round.event > end.event, "a node has gossiped: {round:?}");
    visit.move_by("To start");
    visit.to_end();
    page.button("Play").click();
    page.region("Event log").wait_text("believes C down");
    page.button("Pause").click();
    let seen = visit.moment();
    headless.run_on(seen.event - headless.len());
    page.slider("Timeline").set_value(&seen.event.to_string());
    let there = visit.wait_moment("at an event", |now| now.event == seen.event);
    assert_eq!(
        there.time,
        headless.trace().time_of(headless.len()).to_string(),
        "as in a run without a page"
    );
    page.assert_no_errors();
}
