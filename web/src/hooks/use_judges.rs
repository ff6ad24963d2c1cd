//! Asks the judges about the run on the page, one question at a time.

use crate::judges;
use crate::session::Handle;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Looks at each revision of the session whether there is something to judge. The answer is another revision, so what
/// has changed meanwhile is asked next.
#[hook]
pub(crate) fn use_judges(handle: &Handle, revision: u64) {
    let asking = use_mut_ref(|| false);
    let handle = handle.clone();
    use_effect_with(revision, move |_| {
        let question = if *asking.borrow() { None } else { handle.read().question() };
        if let Some(question) = question {
            *asking.borrow_mut() = true;
            spawn_local(async move {
                let judged = judges::judge(&question).await;
                *asking.borrow_mut() = false;
                // Without judges the page shows what it shows without verdicts; the next moment asks again.
                handle.change_by_and_by(|session| session.answer(question.moment, judged));
            });
        }
    });
}
