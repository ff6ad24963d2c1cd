//! Every step of every lesson as its reader meets it: as it begins, after the answer, and after what it asks for.

use super::Gallery;
use ringside_sim::Scenario;
use ringside_sim::scenario::BUILTIN;
use ringside_tests::browser::{Browser, Site, dist};

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask gallery"]
fn every_step_of_every_lesson() {
    let only = super::only();
    let site = Site::start(&dist(), &[]);
    let page = Browser::start();
    let mut gallery = Gallery::new("lessons.html");
    page.emulate_media(&[("prefers-reduced-motion", "reduce")]);
    for (name, file) in BUILTIN {
        let scenario = Scenario::parse(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        let Some(lesson) = scenario.lesson.filter(|_| name.contains(&only)) else { continue };
        page.resize(1440, 900);
        page.open_raw("about:blank");
        page.open(&site.url(&format!("#s={name}&stage=story")));
        let panel = page.region("Lesson");
        panel.wait();
        let mut take = |step: usize, when: &str| {
            // What moves comes to rest, and the judges have spoken.
            page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
            (0..10).for_each(|_| page.next_frame());
            let number = lesson.number;
            for (theme, size) in [("light", (1440, 900)), ("dark", (390, 844))] {
                page.emulate_media(&[("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")]);
                gallery.one(&page, size, &format!("lesson-{number:02}-{name}-{step}{when}-{theme}.png"));
            }
            page.resize(1440, 900);
        };
        take(0, "");
        for (step, stop) in (1..).zip(&lesson.stops) {
            panel.get("button", "Next").click();
            panel.wait_text(&stop.name);
            take(step, "");
            if let Some(question) = &stop.question {
                panel.get("button", &question.choices[question.answer as usize - 1]).click();
                panel.wait_text(&question.because);
                take(step, "-answered");
            }
            if stop.task.is_some() {
                panel.get("button", "Do it for me").click();
                page.next_frame();
                take(step, "-done");
            }
        }
    }
    page.assert_no_errors();
    gallery.finish();
}
