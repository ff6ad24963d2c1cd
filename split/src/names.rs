//! Names of functions that outlast a build.

/// The name of a function without what changes from build to build: the numbers of crates, of closures, and of copies.
#[must_use]
pub fn lasting(name: &str) -> String {
    let name = match name.rsplit_once('.') {
        Some((head, copy)) if !copy.is_empty() && copy.bytes().all(|byte| byte.is_ascii_digit()) => head,
        _ => name,
    };
    let mut lasting = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find(['[', '#']) {
        let (head, tail) = rest.split_at(at);
        lasting.push_str(head);
        let hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        // A type in brackets, `[u8]`, follows no word.
        let follows = lasting.ends_with(|letter: char| letter.is_alphanumeric() || "_>}".contains(letter));
        rest = match tail[1..].split_once(if tail.starts_with('[') { ']' } else { '}' }) {
            Some((number, after)) if tail.starts_with('[') && follows && hex(number) => after,
            Some((number, _)) if tail.starts_with('#') && hex(number) => &tail[1 + number.len()..],
            _ => {
                lasting.push_str(&tail[..1]);
                &tail[1..]
            }
        };
    }
    lasting + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_builds_are_left_out_and_types_are_not() {
        for (name, outlasts) in [
            ("core[c5930c85a12de822]::fmt::write", "core::fmt::write"),
            ("<a[1f]::B as c[2]::D<[u8; 4], [f64]>>::eq.342", "<a::B as c::D<[u8; 4], [f64]>>::eq"),
            ("w[a]::run::{closure#0}::{closure#12}", "w::run::{closure}::{closure}"),
            ("core[c]::ptr::drop_in_place::<y[1]::VNode>[1]", "core::ptr::drop_in_place::<y::VNode>"),
            ("memcpy", "memcpy"),
            ("odd#[", "odd#["),
        ] {
            assert_eq!(lasting(name), outlasts);
        }
    }
}
