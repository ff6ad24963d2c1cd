//! The one hash that places keys and tokens on the ring, and that fingerprints traces.
//!
//! XXH3 with 64 bits: a fixed public specification, so a key's position is the same on every machine for ever.
//! The test vectors below hold it in place.

use crate::id::Key;
use core::hash::Hasher;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_64_with_seed};

/// Where a key lies on the 64-bit ring: XXH3-64 of its bytes, seed 0.
///
/// ```
/// use ringside_core::{hash, Key};
/// assert_eq!(hash::position(&Key::new("")), 0x2d06_8005_38d3_94c2);
/// ```
#[must_use]
pub fn position(key: &Key) -> u64 {
    xxh3_64(key.as_str().as_bytes())
}

/// Where token `index` of the node called `name` lies: XXH3-64 of the name's bytes, with the seed made of salt and
/// index (XXH3-64 of `salt` and `index` as little-endian 64-bit words), so no two nodes share a token by accident.
#[must_use]
pub fn token(name: &str, index: u32, salt: u64) -> u64 {
    let mut seed = [0; 16];
    seed[..8].copy_from_slice(&salt.to_le_bytes());
    seed[8..].copy_from_slice(&u64::from(index).to_le_bytes());
    xxh3_64_with_seed(name.as_bytes(), xxh3_64(&seed))
}

/// A running 64-bit fingerprint that is the same on every machine.
///
/// It widens `usize` and `isize` to 64 little-endian bits, which is where an ordinary [`Hasher`] gives 32-bit
/// wasm and a 64-bit machine different answers.
#[derive(Clone, Default)]
pub struct Fingerprint(Xxh3);

impl core::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Fingerprint({:016x})", self.finish())
    }
}

macro_rules! little_endian {
    ($($name:ident: $from:ty => $to:ty),* $(,)?) => {
        $(fn $name(&mut self, value: $from) { self.0.update(&<$to>::to_le_bytes(value as $to)); })*
    };
}

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0.digest()
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    little_endian! {
        write_u16: u16 => u16, write_u32: u32 => u32, write_u64: u64 => u64, write_usize: usize => u64,
        write_i16: i16 => i16, write_i32: i32 => i32, write_i64: i64 => i64, write_isize: isize => i64,
        write_u128: u128 => u128, write_i128: i128 => i128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_hashed_as_64_bits() {
        let (mut wide, mut narrow) = (Fingerprint::default(), Fingerprint::default());
        wide.write_u64(7);
        narrow.write_usize(7);
        assert_eq!(wide.finish(), narrow.finish());
    }

    /// Made with the reference implementation (libxxhash 0.8), so that an update of ours cannot move a key.
    #[test]
    fn positions_and_tokens_are_the_same_for_ever() {
        let long = "k".repeat(Key::MAX_BYTES);
        let positions = ["", "A", "cart", "milk and tea", &long].map(|text| position(&Key::new(text)));
        assert_eq!(
            positions,
            [
                0x2d06_8005_38d3_94c2,
                0xd0d4_96e0_5c55_3485,
                0xe0a5_aa3b_ac58_015d,
                0x4ce4_b762_bcd3_19e1,
                0x8307_aa05_6341_acc0
            ]
        );
        assert_eq!(token("A", 0, 0), 0xd9f5_ce1e_78f4_1914);
        assert_eq!(token("A", 1, 0), 0xa9dc_b6ee_ae15_cbf4);
        assert_eq!(token("B", 0, 0), 0x517e_d75f_c9bc_a5d0);
        assert_eq!(token("AA", 1023, 0), 0xf848_0ecd_3283_cec6);
        assert_eq!(token("A", 0, 1), 0xdc01_3305_ad7f_2327);
    }

    #[test]
    fn tokens_depend_on_name_index_and_salt() {
        let base = token("A", 0, 0);
        assert_ne!(base, token("B", 0, 0));
        assert_ne!(base, token("A", 1, 0));
        assert_ne!(base, token("A", 0, 1));
    }
}
