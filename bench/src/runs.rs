//! The runs that are measured.

use ringside_sim::Scenario;
use ringside_sim::share::link::Link;

/// Five nodes with every mechanism that the defaults switch on, and 200 requests a second: more than 100,000 events.
pub(crate) fn small() -> Scenario {
    workload(5, 8, "100s")
}

/// A thousand nodes with 256 virtual nodes each, and the same requests.
pub(crate) fn large() -> Scenario {
    workload(1_000, 256, "5s")
}

fn workload(nodes: u32, vnodes: u32, long: &str) -> Scenario {
    let text = format!(
        "ringside = 1\ntitle = \"Benchmark\"\nuntil = \"{long}\"\n\
         [cluster]\nnodes = {nodes}\nvnodes = {vnodes}\n\
         [network]\ndelay = \"exponential 5ms\"\nloss = \"1/1000\"\n\
         [[step]]\nat = \"1ms\"\n\
         workload = {{ clients = 10, rate = 200, keys = 100, zipf = 1.0, reads = \"50%\", for = \"{long}\" }}\n"
    );
    Scenario::parse(&text).unwrap_or_else(|error| panic!("the scenario of the benchmark: {error}"))
}

/// The fragment that opens it.
pub(crate) fn fragment(scenario: &Scenario) -> String {
    let text = Link::to(scenario.clone()).to_text();
    if text.starts_with('#') { text } else { format!("#{text}") }
}
