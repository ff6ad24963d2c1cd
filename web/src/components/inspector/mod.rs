//! The selected thing, in tabs, and the cluster as a whole, in tabs of its own.

mod charts;
mod key;
mod members;
mod merkle;
mod message;
mod node;
mod request;
mod versions;

use super::about::FoldedAbout;
use super::next::WhatNext;
use super::properties::Properties;
use super::tabs::Tabs;
use crate::hooks::use_page;
use crate::state::{ClusterTab, Tab, UiAction};
use charts::ChartsTab;
use key::KeyTab;
use members::MembersTab;
use merkle::MerkleTab;
use message::MessageTab;
use node::NodeTab;
use request::RequestTab;
use versions::VersionsTab;
use yew::prelude::*;

/// In the stage Story, beside the ring: the view of the cluster that a lesson is about.
#[function_component]
pub(super) fn Exhibit() -> Html {
    let page = use_page();
    let about = ClusterTab::about(page.ui.scenario.as_deref());
    let view = match about {
        ClusterTab::Versions => html! { <VersionsTab/> },
        ClusterTab::Merkle => html! { <MerkleTab/> },
        ClusterTab::Members => html! { <MembersTab/> },
        ClusterTab::Charts => html! { <ChartsTab/> },
        ClusterTab::Claims => html! { <Properties/> },
    };
    html! {
        <section class="exhibit" aria-label={about.name()} tabindex="0">
            <h2>{ about.name() }</h2>
            <div class="tab-panel">{ view }</div>
        </section>
    }
}

#[function_component]
pub(super) fn Inspector() -> Html {
    let page = use_page();
    let (tab, cluster) = (page.ui.tab, page.ui.cluster);
    let select = {
        let page = page.clone();
        Callback::from(move |at: usize| page.dispatch(UiAction::Open(Tab::ALL[at])))
    };
    let show = Callback::from(move |at: usize| page.dispatch(UiAction::Cluster(ClusterTab::ALL[at])));
    let place = |found: Option<usize>| found.unwrap_or(0);
    html! {
        <section class="inspector" aria-label="Inspector">
            <div class="pane">
                <Tabs label="Selected" names={Tab::ALL.map(Tab::name).to_vec()} choose={select}
                    open={place(Tab::ALL.iter().position(|one| *one == tab))}>
                    { match tab {
                        Tab::Request => html! { <RequestTab/> },
                        Tab::Node => html! { <NodeTab/> },
                        Tab::Key => html! { <KeyTab/> },
                        Tab::Message => html! { <MessageTab/> },
                    } }
                </Tabs>
            </div>
            <div class="pane">
                <Tabs label="Cluster" names={ClusterTab::ALL.map(ClusterTab::name).to_vec()} choose={show}
                    open={place(ClusterTab::ALL.iter().position(|one| *one == cluster))}>
                    { match cluster {
                        ClusterTab::Versions => html! { <VersionsTab/> },
                        ClusterTab::Merkle => html! { <MerkleTab/> },
                        ClusterTab::Members => html! { <MembersTab/> },
                        ClusterTab::Claims => html! { <Properties/> },
                        ClusterTab::Charts => html! { <ChartsTab/> },
                    } }
                </Tabs>
                <FoldedAbout/>
            </div>
            <WhatNext/>
        </section>
    }
}
