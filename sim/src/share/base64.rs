//! Bytes as letters that may stand in a link: base64url without padding (RFC 4648, §5), one way only to write the same
//! bytes.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Six bits a letter, the highest first; the last letter's unused bits are zero.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let padded = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for at in 0..=chunk.len() {
            out.push(char::from(LETTERS[(bits >> (18 - 6 * at)) as usize % 64]));
        }
    }
    out
}

/// The bytes, or the first character, from 1, that cannot be right; the end counts as one, too.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for (at, letter) in (1_usize..).zip(text.chars()) {
        let value = LETTERS.iter().position(|known| char::from(*known) == letter).ok_or(at)?;
        bits = bits << 6 | u32::try_from(value).map_err(|_| at)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    // A lone letter is no byte, and the bits that are left over say nothing.
    if count < 6 && bits == 0 { Ok(out) } else { Err(text.chars().count()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text), Ok(bytes.as_bytes().to_vec()));
        }
        assert_eq!(encode(&[0xff, 0xef, 0xbe]), "_---", "not + and /");
    }

    #[test]
    fn what_is_no_encoding_is_refused_where_it_is_wrong() {
        assert_eq!(decode("Zg=="), Err(3));
        assert_eq!(decode("Z"), Err(1));
        assert_eq!(decode("Zh"), Err(2), "bits are left over");
        assert_eq!(decode("Zm 9v"), Err(3));
        assert_eq!(decode("Zmü"), Err(3));
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn no_two_texts_are_the_same_bytes(text in "[A-Za-z0-9_-]{0,20}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
