//! The selected thing, in tabs, and what has been proved of the run.

mod key;
mod node;
mod request;
mod tabs;

use super::about::FoldedAbout;
use super::properties::Properties;
use key::KeyTab;
use node::NodeTab;
use request::RequestTab;
use tabs::Tabs;
use yew::prelude::*;

#[function_component]
pub(super) fn Inspector() -> Html {
    html! {
        <section class="inspector panel" aria-label="Inspector">
            <Tabs/>
            <Properties/>
            <FoldedAbout/>
        </section>
    }
}
