//! The numbers of a cluster, and what they mean.

use super::beginnings::Beginnings;
use super::controls::Slider;
use super::help;
use super::mechanisms::Mechanisms;
use super::members::Join;
use super::messages::FoldedMessages;
use super::network::Network;
use super::workload::WorkloadForm;
use crate::hooks::use_page;
use crate::session::{Handle, Quorum, Session};
use crate::state::UiAction;
use ringside_core::Config;
use ringside_scene::explain;
use ringside_sim::Setup;
use yew::prelude::*;

/// The sliders go so far; a scenario file may say more, and then they do, too.
const NODES: u32 = Setup::MAX_NODES;
const VNODES: u32 = 256;
const MEANING: &str = "meaning";

#[function_component]
pub(super) fn Settings() -> Html {
    let page = use_page();
    let session = page.session();
    let config = session.snapshot().config.clone();
    let setup = session.recording().setup();
    let (nodes, vnodes) = (setup.names.len() as u32, setup.vnodes);
    let quorum = |which: Quorum| {
        let handle = page.handle.clone();
        Callback::from(move |to: i32| handle.act(move |session| session.set_quorum(which, number(to))))
    };
    let ring = |change: fn(&mut Session, u32)| {
        let page = page.clone();
        Callback::from(move |to: i32| {
            let to = number(to);
            page.dispatch(UiAction::NewRun);
            // One of the two is what it is set to, the other what it is: together they are never less than the ring.
            let tokens = u64::from(to) * u64::from(nodes.max(vnodes));
            if tokens > Handle::BIG {
                let change = Box::new(move |session: &mut Session| change(session, to));
                page.handle.change_busily("Busy: a large ring is laid out …", change);
            } else {
                page.handle.change(|session| change(session, to));
            }
        })
    };
    let slider = |name: &'static str, hint: &'static str, max: u32, value: u32, commit: Callback<i32>| {
        let hint = (!hint.is_empty()).then_some(hint);
        html! {
            <Slider {name} {hint} min=1 max={max.max(value) as i32} value={value as i32} {commit}
                described_by={MEANING}/>
        }
    };
    let most = Config::MAX_N.min(nodes);
    html! {
        <section class="settings panel" aria-label="Settings">
            <h2>{ "Quorum" }</h2>
            { slider("N", "copies of a key", most, config.n, quorum(Quorum::N)) }
            { slider("R", "answers a get waits for", config.n, config.r, quorum(Quorum::R)) }
            { slider("W", "acks a put waits for", config.n, config.w, quorum(Quorum::W)) }
            <p id={MEANING} class="meaning">{ help::explained(&explain::quorum(&config, nodes).join(" ")) }</p>
            <Mechanisms/>
            <Network/>
            <FoldedMessages/>
            <WorkloadForm/>
            <h2>{ "Cluster" }</h2>
            <div class="fields">
                { slider("Nodes", "", NODES, nodes, ring(Session::set_nodes)) }
                { slider("Virtual nodes", "", VNODES, vnodes, ring(Session::set_vnodes)) }
            </div>
            <Beginnings/>
            <Join/>
        </section>
    }
}

/// A slider's value; none of them goes below one.
fn number(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(1)
}
