//! Names of nodes.

/// The name of the `index`-th node of a cluster that was given as a count: A … Z, then AA, AB, …
///
/// ```
/// use ringside_sim::names::node_name;
/// assert_eq!([node_name(0), node_name(25), node_name(26), node_name(702)], ["A", "Z", "AA", "AAA"]);
/// ```
#[must_use]
pub fn node_name(index: u32) -> String {
    let mut letters = Vec::new();
    let mut left = index + 1;
    while left > 0 {
        left -= 1;
        letters.push(b'A' + u8::try_from(left % 26).expect("a remainder of 26 fits a byte"));
        left /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}
