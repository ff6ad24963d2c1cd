//! The same numbers natively and in wasm: each test runs in both, against one answer written down here.

use std::hash::Hasher;

use ringside_core::hash;
use ringside_sim::Recording;
use ringside_sim::explore::draw;
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test(unsupported = test)]
fn a_fingerprint_does_not_depend_on_the_width_of_a_pointer() {
    let mut print = hash::Fingerprint::default();
    for value in [0, 1, u32::MAX as usize] {
        print.write_usize(value);
    }
    print.write_i32(-2);
    print.write("a text longer than the sixteen bytes that one round of the hash takes".as_bytes());
    assert_eq!(format!("{:016x}", print.finish()), "dcf9c2c8238a6187");
}

/// Digests of the random scenarios of seeds 0 to 19. A change of the protocol, the simulator or the generator
/// changes them, and then the test below prints the new ones; a difference between the two builds never may.
const DIGESTS: &str = include_str!("digests.txt");

#[wasm_bindgen_test(unsupported = test)]
fn twenty_seeds_have_the_same_digests_natively_and_in_wasm() {
    let digest = |seed| {
        let mut recording = Recording::new(draw::scenario(seed));
        recording.run_to_end();
        format!("{seed} {:016x} after {} events\n", recording.digest(), recording.len())
    };
    let found: String = (0..20).map(digest).collect();
    assert!(found == DIGESTS, "tests/parity/digests.txt would have to be:\n{found}");
}
