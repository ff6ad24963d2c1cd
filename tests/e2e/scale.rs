//! Many nodes and much traffic: what is drawn of it, what stays an element, and that figures are those of the run.

use super::visit::{Visit, native, seen};
use ringside_scene::charts::{Measured, percentile};
use ringside_scene::overlap::Overlap;
use ringside_scene::text::rounded;
use ringside_sim::share::link::Link;
use ringside_sim::{Recording, Scenario};
use serde_json::{Value, json};

fn under_load(cluster: &str) -> Scenario {
    let text = format!(
        "ringside = 1\ntitle = \"Load\"\nuntil = \"600ms\"\n[cluster]\n{cluster}\n[network]\ndelay = \"exponential 5ms\"\n\
         [[step]]\nat = \"1ms\"\nworkload = {{ clients = 4, rate = 200, keys = 5, for = \"500ms\" }}\n"
    );
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn visit(scenario: &Scenario) -> Visit {
    Visit::to(&Link::to(scenario.clone()).to_text())
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn of_a_thousand_nodes_only_those_that_matter_are_elements() {
    let visit = visit(&under_load("nodes = 1000\nvnodes = 256"));
    let page = &visit.page;
    page.slider("Timeline").set_value("200");
    let nodes = page.get("group", "Nodes");
    let shown = nodes.all("button").count();
    assert!((1..=60).contains(&shown), "{shown} of a thousand are elements");
    let field = page.textbox("Go to node");
    field.fill("ALL");
    field.press(ringside_tests::browser::keys::ENTER);
    visit.wait_selected("ALL", "up");
    visit.tab("Node").wait_text("Node ALL, up");

    let members = visit.tab("Members");
    members.get("image", "Who believes whom down").wait();
    assert_eq!(members.all("table").count(), 0, "no table of a million cells");
    members.wait_text("beliefs are true");
    // With a node selected there would be another button of that name.
    page.region("Ring").press(ringside_tests::browser::keys::ESCAPE);
    page.button("Play").click();
    page.button("Pause").click();
    page.status().wait_text("Paused at");
    assert_eq!(page.accessibility_violations(), Vec::<String>::new());
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_large_ring_is_laid_out_after_the_page_has_said_so() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let said = "const said = window.said = [], status = document.querySelector('[role=status]');
      new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true, characterData: true, subtree: true});";
    page.execute(said, &[]);
    page.slider("Nodes").set_value("600");
    page.status().wait_text("A new run on a ring of 600 nodes");
    let told = page.execute("return window.said", &[]);
    let told: Vec<&str> = told.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(told.first().is_some_and(|first| first.contains("Busy")), "{told:?}");
    page.textbox("Go to node").wait();
    for (begins, done) in [("New seed", "A new run with seed"), ("Start over", "Started over")] {
        page.execute("window.said.length = 0", &[]);
        if begins == "New seed" {
            page.button("More").click();
        }
        page.button(begins).click();
        page.status().wait_text(done);
        let told = page.execute("return window.said", &[]);
        let first = told.as_array().and_then(|told| told.first()?.as_str());
        assert!(first.is_some_and(|first| first.contains("Busy")), "{begins}: {told:?}");
    }
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn charts_say_what_the_run_measured_and_what_is_predicted() {
    let scenario = under_load("nodes = 5\nr = 2\nw = 2");
    let mut recording = Recording::new(scenario.clone());
    recording.run_to_end();
    let visit = visit(&scenario);
    visit.wait_moment("all of it is known", |now| now.of == recording.len());
    visit.to_end();
    let panel = visit.tab("Charts");
    let measured = seen(&recording, recording.len(), Measured::of);
    assert!(measured.puts.len() > 10 && measured.gets.len() > 10, "{measured:?}");
    panel.wait_text(&format!("puts {}, gets {}", measured.puts.len(), measured.gets.len()));
    for (sorted, thousandths) in [(&measured.puts, 500), (&measured.gets, 990)] {
        panel.wait_text(&rounded(percentile(sorted, thousandths).expect("there are some")));
    }
    for title in ["How long puts take", "How long gets take"] {
        panel.get("image", title).wait();
    }
    // The worker answers when the page is idle.
    visit.page.poll(|| match panel.text() {
        text if text.contains('–') || !text.contains("predicted") => {
            Err(format!("no prediction yet: {text}"))
        }
        _ => Ok(()),
    });
    assert_eq!(visit.page.accessibility_violations(), Vec::<String>::new());
    visit.page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_get_shows_whom_it_shares_with_the_last_put() {
    let visit = Visit::to("#s=stale-read");
    let recording = native("stale-read");
    visit.to_end();
    let panel = visit.tab("Request");
    let told =
        seen(&recording, recording.len(), |view| Overlap::of(view).expect("a get came last").told(view));
    panel.wait_text(&told);
    panel.get("image", "Who acknowledged the put, and who answered the get").wait();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn doubts_about_a_node_are_drawn_over_time() {
    let visit = Visit::to("#s=who-says-it-is-down");
    visit.to_end();
    visit.select_node("C", "up");
    let panel = visit.tab("Node");
    panel.get("image", "Phi over time").wait();
    panel.wait_text("doubts C most: its phi is");
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn the_other_palette_colours_the_ring_anew() {
    let visit = Visit::to("#s=sandbox");
    let page = &visit.page;
    let picture = || page.execute("return document.querySelector('.ring canvas').toDataURL()", &[]);
    let before = picture();
    page.button("More").click();
    page.combobox("Palette").choose("tol");
    page.poll(|| if picture() == before { Err("the band is as it was".to_owned()) } else { Ok(()) });
    let tol = picture();
    page.emulate_media(&[("forced-colors", "active")]);
    page.poll(|| {
        if picture() == tol { Err("the system’s colours are not heeded".to_owned()) } else { Ok(()) }
    });
    page.assert_no_errors();
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn many_nodes_are_a_list_beside_the_ring_of_a_phone() {
    let visit = visit(&under_load("nodes = 20"));
    visit.page.resize(390, 844);
    let nodes = visit.page.get("group", "Nodes");
    visit.page.poll(|| match nodes.get("button", "Node M, up").bounds() {
        place if place.height >= 44.0 && place.width >= 44.0 => Ok(()),
        place => Err(format!("too small for a finger: {place:?}")),
    });
    assert_eq!(nodes.all("button").count(), 20);
    visit.select_node("C", "up");
    let wide = visit.page.execute("return document.documentElement.scrollWidth", &[]);
    assert!(wide.as_f64() <= json!(390).as_f64(), "nothing sticks out: {wide}");
    assert_eq!(visit.page.accessibility_violations(), Vec::<String>::new());
}

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn at_four_times_the_size_everything_is_in_one_column() {
    let visit = Visit::to("#s=stale-read");
    visit.to_end();
    visit.tab("Charts");
    // A window of 1280 by 1024 at 400 %.
    visit.page.resize(320, 256);
    visit.page.next_frame();
    let wide = visit.page.execute("return document.documentElement.scrollWidth", &[]);
    assert!(wide.as_f64() <= Some(320.0), "nothing sticks out: {wide}");
}
