//! What can happen next: messages are delivered, dropped, held and doubled one by one, by hand.

use super::visit::{Visit, native};
use ringside_sim::{Act, Deed, MessageId, Placed, Recording};
use ringside_tests::browser::keys;
use std::sync::Arc;

/// The run that the page has after these deeds at `position`: each delivery is an event of its own.
fn by_hand(name: &str, position: u64, deeds: &[(u32, Deed)]) -> Recording {
    let opened = native(name);
    let (mut after, mut acts) = (position, Vec::new());
    for (message, deed) in deeds {
        let act = Act::ToMessage { message: MessageId(*message), deed: *deed };
        acts.push(Placed { after, at: opened.trace().time_of(position), act });
        after += if *deed == Deed::Deliver { 2 } else { 1 };
    }
    let mut run = Recording::with_acts(Arc::new(opened.scenario().clone()), acts);
    run.run_to_end();
    run
}

/// Where two writes to one node are under way at once: the position, and the numbers of the earlier and the later.
fn racing(run: &Recording) -> (u64, u32, u32, String) {
    let under_way = |position: u64, id: usize| {
        let message = &run.trace().messages[id];
        message.envelope.message.kind().name() == "write"
            && message.way(position).is_some()
            && message.fate.is_none_or(|fate| fate.position > position)
    };
    for position in 1..run.len() {
        let writes: Vec<usize> =
            (0..run.trace().messages.len()).filter(|id| under_way(position, *id)).collect();
        for (at, one) in writes.iter().enumerate() {
            let to = |id: usize| run.trace().messages[id].envelope.to;
            let due = |id: usize| run.trace().messages[id].way(position).map(|way| way.due);
            if let Some(other) =
                writes[at + 1..].iter().find(|other| to(**other) == to(*one) && due(**other) > due(*one))
            {
                let from = run.trace().messages[*other].envelope.from;
                let told = format!("write {} → {}", run.setup().name(from), run.setup().name(to(*one)));
                return (position, *one as u32, *other as u32, told);
            }
        }
    }
    panic!("two writes race");
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_later_of_two_writes_is_delivered_first_in_one_click_each() {
    let name = "siblings";
    let (position, earlier, later, told) = racing(&native(name));
    let visit = Visit::to(&format!("#s={name}"));
    let page = &visit.page;
    page.slider("Timeline").set_value(&position.to_string());
    visit.wait_moment("there", |now| now.event == position);
    let list = page.region("What can happen next");
    list.get("button", &format!("Deliver {told}, message {later}")).click();
    visit.wait_moment("the later one has arrived", |now| now.event == position + 2);
    list.get("button", &format!("Deliver {told}, message {later}")).wait_gone();
    let first = page.region("What can happen next").all("button").names();
    assert!(first.iter().any(|name| name.ends_with(&format!("message {earlier}"))), "{first:?}");
    visit.to_end();
    visit.wait_judged();
    let replay = by_hand(name, position, &[(later, Deed::Deliver)]);
    for judgement in replay.judge(replay.len()) {
        assert_eq!(visit.verdict(judgement.claim.name()), judgement.verdict.name(), "{:?}", judgement.claim);
    }
    assert_eq!(visit.moment().of, replay.len());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn one_message_is_held_released_dropped_by_button_and_by_letter() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    page.slider("Timeline").set_value("2");
    visit.wait_moment("there", |now| now.event == 2);
    let ring = page.region("Ring");
    ring.press(keys::DOWN);
    let tab = visit.tab("Message");
    tab.get("button", "Hold").click();
    tab.wait_text("held back at its sender");
    page.status().wait_text("is held by hand");
    page.region("What can happen next").wait_text("held");
    ring.press("h");
    tab.wait_text("under way");
    ring.press("d");
    tab.wait_text("lost at");
    page.status().wait_text("taken off its way by hand");
    ring.press("d");
    page.status().wait_text("Select a message that is under way first");
    for _ in 0..3 {
        page.button("Undo").click();
    }
    visit.wait_moment("as it was", |now| now.event == 2);
    tab.wait_text("under way");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_list_is_one_tab_stop_and_keeps_the_focus() {
    let visit = Visit::to("#s=one-put-three-copies");
    let page = &visit.page;
    page.slider("Timeline").set_value("2");
    visit.wait_moment("there", |now| now.event == 2);
    page.execute("document.querySelector('.next [tabindex=\"0\"]').focus()", &[]);
    page.press(keys::DOWN);
    page.press(keys::UP);
    page.press(keys::RIGHT);
    let (_, deliver) = page.focused();
    assert!(deliver.starts_with("Deliver "), "{deliver}");
    page.press(keys::ENTER);
    visit.wait_moment("delivered", |now| now.event == 4);
    page.wait_until("the focus is in the list", "document.activeElement.closest('.next') !== null");
    page.press(keys::TAB);
    page.wait_until("and then out of it", "document.activeElement.closest('.next') === null");
    page.resize(390, 844);
    page.get("navigation", "Panels").get("button", "Inspector").click();
    page.next_frame();
    let lowest =
        "return Math.min(...[...document.querySelectorAll('.next button')].map((b) => b.offsetHeight))";
    assert!(page.execute(lowest, &[]).as_f64().is_some_and(|height| height >= 44.0));
    page.assert_no_errors();
}
