use super::*;
use crate::act::{Act, Carried, Operation, OperationKind};
use crate::explore::draw;
use crate::recording::Recording;
use proptest::prelude::*;
use ringside_core::{Key, NodeId, Value};

fn lesson(name: &str) -> Link {
    let scenario = Scenario::parse(builtin(name).unwrap()).unwrap();
    Link { name: Some(name.to_owned()), scenario, ..Link::default() }
}

/// What a visitor does in a lesson: some puts and gets, a crash, a setting; then looks at some event.
fn visited(name: &str) -> Link {
    let mut link = lesson(name);
    let mut recording = Recording::new(link.scenario.clone());
    recording.run(10);
    for number in 0..8_u32 {
        let context = Carried::Session;
        let kind = if number % 2 == 0 {
            OperationKind::Put { value: Value::new(&format!("value {number}")), context }
        } else {
            OperationKind::Get
        };
        let (client, key) = ("client".to_owned(), Key::new("cart"));
        let via = NodeId(number % 2);
        let operation = Operation { id: recording.next_op_id(), client, via, key, kind };
        let act = if number == 5 { Act::Crash(NodeId(0)) } else { Act::Operation(operation) };
        let (position, at) = (recording.len(), recording.ended());
        recording = recording.branch(position, at, act).unwrap();
        recording.run_on(5);
    }
    link.acts = recording.acts().to_vec();
    link.place = Some(Place::Event(recording.len()));
    link.view = Some(View::Both);
    link
}

#[track_caller]
fn comes_back(link: &Link) -> String {
    let text = link.to_text();
    assert_eq!(Link::parse(&text).as_ref(), Ok(link), "{text}");
    text
}

fn refused(text: &str) -> String {
    let error = Link::parse(text).unwrap_err().to_string();
    assert!(error.len() < 200 && !error.contains('\n'), "{error}");
    error
}

#[test]
fn a_lesson_s_state_fits_in_600_characters() {
    for (name, _) in BUILTIN {
        let bare = comes_back(&lesson(name));
        assert!(bare.len() < 80, "{name}: {bare}");
        let visited = comes_back(&visited(name));
        assert!(visited.len() <= 600, "{name}: {} characters", visited.len());
        assert!(
            !visited.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"#._-".contains(letter))
        );
    }
}

#[test]
fn changes_of_a_lesson_are_carried_without_the_lesson() {
    for (name, _) in BUILTIN {
        let mut link = visited(name);
        link.scenario.setup.seed = 77;
        link.scenario.setup.vnodes = 16;
        link.scenario.until = Some(Span::from_secs(9));
        if !link.scenario.steps.is_empty() {
            link.scenario.steps.remove(0);
            link.scenario.expectations.clear();
        }
        link.acts.clear();
        // Steps may wait for the one that is gone, and then it is no scenario any more.
        if limits::check(&link.scenario).is_ok() {
            // A step that stays is a number.
            let most = 200 + link.scenario.steps.len() * 2;
            assert!(comes_back(&link).len() < most, "{name}");
        }
    }
}

#[test]
fn a_lesson_with_other_words_is_carried_as_a_whole() {
    let mut link = lesson("siblings");
    link.scenario.title = "My own".to_owned();
    let text = comes_back(&link);
    assert!(text.starts_with("#v1.d."), "texts are worth deflating: {text}");
    assert!(text.len() > 300);
    assert_eq!(Link::to(lesson("siblings").scenario).name.as_deref(), Some("siblings"));
    assert_eq!(Link::to(link.scenario).name, None);
}

#[test]
fn links_of_before_there_were_lessons_still_open() {
    // Made by the program as it was then.
    let whole = "#v1.d.VUw9DoJQGGsfz5846BUcXTmAJqIexJBnQnxCwiNhZfAAXMBEJyfvwDGcmUi4BN9jo-3QtE2BdWRuWW621jiXpQ6Y8ciIJ555AZYIlCIErP\
        79a8fq12o2zz2bg4T1Z4NuMRGFUN6pMpzHNjFpEej4mhfUj8Te5UkKP_K7MhzPBe_6uxoA";
    let link = Link::parse(whole).unwrap();
    assert_eq!((link.scenario.title.as_str(), link.scenario.steps.len()), ("Before lessons", 2));
    assert_eq!((&link.scenario.lesson, link.to_text().as_str()), (&None, whole));
    // A built-in scenario goes by what its run depends on: a lesson is not part of that.
    let name = "stale-read";
    let mut bare = lesson(name).scenario;
    assert!(bare.lesson.take().is_some());
    assert_eq!(version_of(&bare), version_of(&lesson(name).scenario));
    // And a lesson of one's own is carried along.
    let mut own = lesson(name);
    (own.name, own.scenario.title) = (None, "My own".to_owned());
    comes_back(&own);
    assert!(own.scenario.lesson.is_some());
}

#[test]
fn a_link_is_read_with_and_without_what_stands_before_it() {
    let link = visited("stale-read");
    let text = link.to_text();
    for form in [text[1..].to_owned(), format!("https://example.org/x/{text}"), format!(" {text}\n")] {
        assert_eq!(Link::parse(&form).as_ref(), Ok(&link));
    }
}

#[test]
fn what_is_no_link_says_why() {
    let text = lesson("siblings").to_text();
    let letters = text.strip_prefix("#v1.p.").unwrap();
    assert!(refused("").contains("no link of Ringside"));
    assert!(refused("#s=siblings").contains("no link of Ringside"));
    assert!(refused("#v1").contains("is damaged"));
    assert!(refused("#v1.p").contains("is damaged"));
    assert!(refused("#v1.p.").contains("is damaged"));
    assert!(refused("#v1.p.====").contains("damaged at its character 1"));
    assert!(refused(&format!("#v2.p.{letters}")).contains("of version 2"));
    assert!(refused(&format!("#v1.z.{letters}")).contains("does not know"));
    assert!(refused(&format!("#v1.d.{letters}")).contains("is damaged"));
    assert!(refused(&format!("#v1.p.{letters}A")).contains("damaged"));
    assert!(refused(&"A".repeat(MAX_TEXT + 1)).contains("characters long"));
}

/// The text of a link with these bytes.
fn raw(what: &LinkBytes) -> String {
    let mut bytes = Vec::new();
    what.write(&mut bytes);
    let sum = check_sum(&bytes);
    bytes.extend(sum);
    format!("#v1.p.{}", base64::encode(&bytes))
}

#[test]
fn lessons_that_are_gone_or_have_changed_are_named() {
    let scenario = lesson("siblings").scenario;
    let bytes = |name: &str, version: u32, steps: Option<Vec<u32>>| {
        let name = name.to_owned();
        let changed = Changed { name, version, setup: None, until: None, steps, expectations: true };
        raw(&LinkBytes { what: What::Changed(changed), acts: Vec::new(), place: None, view: None })
    };
    let version = version_of(&scenario);
    assert_eq!(Link::parse(&bytes("siblings", version, None)), Ok(lesson("siblings")));
    assert!(
        refused(&bytes("no-such", version, None)).contains("“no-such”, which this Ringside does not have")
    );
    assert!(refused(&bytes("siblings", version ^ 1, None)).contains("has changed since"));
    assert!(refused(&bytes("siblings", version, Some(vec![0, 0]))).contains("damaged"));
    assert!(refused(&bytes("siblings", version, Some(vec![9_999]))).contains("damaged"));
    let mut reworded = scenario.clone();
    reworded.steps[0].say = Some("other words".to_owned());
    assert_eq!(version_of(&reworded), version, "words change no run");
}

#[test]
fn limits_hold_for_links() {
    let mut link = lesson("sandbox");
    link.scenario.setup.vnodes = 1_025;
    assert!(refused(&link.to_text()).contains("a node has 1 to 1,024 tokens"));
    let mut link = lesson("sandbox");
    link.acts = vec![Placed { after: 0, at: Time::ZERO, act: Act::Crash(NodeId(1_000)) }];
    assert!(refused(&link.to_text()).contains("a node is named that the cluster does not have"));
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let packed = miniz_oxide::deflate::compress_to_vec(&vec![0; MAX_BYTES * 20], LEVEL);
    assert!(refused(&format!("#v1.d.{}", base64::encode(&packed))).contains("unpacks to more than"));
}

/// Every cut of a link, and every character of it replaced, is refused, or is a link again.
#[test]
fn every_damage_is_refused_or_is_a_link() {
    let mut whole = visited("stale-read");
    whole.name = None;
    for text in [visited("siblings").to_text(), whole.to_text()] {
        for end in 0..text.len() {
            assert!(Link::parse(&text[..end]).is_err(), "cut at {end}");
        }
        for at in 0..text.len() {
            for other in ["A", "_", "7", ".", "#", "~"] {
                let mut spoilt = text.clone();
                spoilt.replace_range(at..=at, other);
                if let Ok(link) = Link::parse(&spoilt) {
                    assert!(spoilt == text || Link::parse(&link.to_text()).as_ref() == Ok(&link), "{spoilt}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_scenario_comes_back(seed in any::<u64>(), event in any::<u64>(), micros in any::<u64>(), view in 0..6_usize) {
        let scenario = draw::scenario(seed % 100_000);
        let place = if seed % 2 == 0 { Place::Event(event) } else { Place::Moment(Time::from_micros(micros)) };
        let view = Some(View::ALL[view]);
        comes_back(&Link { scenario, place: Some(place), view, ..Link::default() });
    }

    #[test]
    fn any_bytes_with_a_right_sum_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), codec in 0..2_usize) {
        let mut bytes = bytes;
        let sum = check_sum(&bytes);
        bytes.extend(sum);
        let bytes = if codec == 0 { bytes } else { miniz_oxide::deflate::compress_to_vec(&bytes, LEVEL) };
        let text = format!("#v1.{}.{}", ["p", "d"][codec], base64::encode(&bytes));
        if let Ok(link) = Link::parse(&text) {
            prop_assert_eq!(Link::parse(&link.to_text()), Ok(link));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "#?v1\\.[pd]\\.[A-Za-z0-9_-]{0,80}|.{0,60}") {
        if let Err(error) = Link::parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
