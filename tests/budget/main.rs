//! What a visit costs: everything the browser asks the server for, compressed as a host would send it. First what must
//! come before the page runs, then what comes when it stands.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use ringside_tests::browser::{Browser, Site, dist};

/// Bytes of the wasm that a first picture waits for, as brotli sends them.
const WASM: usize = 250_000;
/// Bytes of everything else that it waits for.
const OTHERS: usize = 40_000;
/// Bytes of the rest of the page's wasm, which comes when the first picture stands.
const REST: usize = 265_000;
/// Bytes of the judges and the reader of files, wasm and all, which come after that.
const LATER: usize = 330_000;
/// What comes last. Nothing else may: it would belong to the first load.
const JUDGES: [&str; 3] = ["ringside-judges.js", "ringside-judges_bg.wasm", "worker.js"];
/// How the name of the rest ends.
const IS_REST: &str = "_rest.wasm";

#[test]
#[ignore = "needs dist/ and Chromium: cargo xtask test"]
fn a_visit_is_within_the_budget() {
    let folder = dist();
    let site = Site::start(&folder, &[]);
    let page = Browser::start();
    page.open(&site.url(""));
    page.wait_until("judged", "document.querySelector('.lesson[data-judged=true]')");
    let how = page.execute("return document.documentElement.dataset.rest", &[]);
    assert_eq!(how, "there", "the first picture needs nothing of the rest; if it does: cargo xtask learn");

    let asked = site.asked();
    let (later, first): (BTreeSet<_>, BTreeSet<_>) =
        asked.iter().map(String::as_str).partition(|name| JUDGES.contains(name));
    assert_eq!(later, JUDGES.into(), "the browser asked for {asked:?}");
    let place = |part: &str| asked.iter().position(|name| name.contains(part));
    let page_wasm = asked
        .iter()
        .position(|name| name.ends_with("_bg.wasm") && !JUDGES.contains(&name.as_str()))
        .expect("the page has a wasm");
    let order = [Some(page_wasm), place(IS_REST), place("worker.js")];
    assert!(
        order.is_sorted() && order[1].is_some(),
        "first the picture, then the rest, then judges: {asked:?}"
    );
    assert!(first.contains("index.html"), "the browser asked for {asked:?}");

    let (wasm, others): (Vec<_>, Vec<_>) = first.into_iter().partition(|name| name.ends_with(".wasm"));
    let (rest, wasm): (Vec<_>, Vec<_>) = wasm.into_iter().partition(|name| name.ends_with(IS_REST));
    let within = [
        budget(&folder, "the wasm of the first load", wasm, WASM),
        budget(&folder, "everything else of the first load", others, OTHERS),
        budget(&folder, "the rest of the page's wasm", rest, REST),
        budget(&folder, "the judges", later, LATER),
    ];
    assert_eq!(within, [true; 4], "see above");
}

/// Whether files are together within a budget; prints by how much.
fn budget<'a>(folder: &Path, what: &str, names: impl IntoIterator<Item = &'a str>, allowed: usize) -> bool {
    let mut sum = 0;
    for name in names {
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let size = compressed(&bytes);
        println!("{size:>9}  of {:>9}  {name}", bytes.len());
        sum += size;
    }
    println!("{sum:>9}  of {allowed:>9}  {what}, brotli");
    if sum > allowed {
        println!("{:>9}  too many", sum - allowed);
    }
    sum <= allowed
}

/// The size in bytes under brotli at its best, as a static host keeps it.
fn compressed(bytes: &[u8]) -> usize {
    let mut out = Vec::new();
    let params = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).expect("memory does not fail");
    out.len()
}
