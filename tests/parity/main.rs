//! The same numbers natively and in wasm: each test runs in both, against one answer written down here.

use std::hash::Hasher;

use ringside_core::hash;
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test(unsupported = test)]
fn a_fingerprint_does_not_depend_on_the_width_of_a_pointer() {
    let mut print = hash::Fingerprint::default();
    for value in [0, 1, usize::MAX & 0xffff_ffff] {
        print.write_usize(value);
    }
    print.write_i32(-2);
    print.write("a text longer than the sixteen bytes that one round of the hash takes".as_bytes());
    assert_eq!(format!("{:016x}", print.finish()), "dcf9c2c8238a6187");
}
