//! Sorting by whole numbers, and putting in order.
//!
//! The library's sort is compiled once for every type that is sorted, some 5 kB of wasm each time. This sorts places by
//! their numbers, which is one type, and then moves the items.

use alloc::vec::Vec;

/// Sorts `items` by `number`; those with equal numbers keep their order.
///
/// ```
/// let mut words = vec!["three", "a", "to", "b"];
/// ringside_core::order::by_number(&mut words, |word| word.len() as u64);
/// assert_eq!(words, ["a", "b", "to", "three"]);
/// ```
pub fn by_number<T>(items: &mut Vec<T>, number: impl Fn(&T) -> u64) {
    let mut places: Vec<(u64, u64)> = items.iter().zip(0..).map(|(item, at)| (number(item), at)).collect();
    sort(&mut places);
    let mut left: Vec<Option<T>> = items.drain(..).map(Some).collect();
    let at = |place: &(u64, u64)| usize::try_from(place.1).ok();
    items.extend(places.iter().filter_map(|place| left.get_mut(at(place)?)?.take()));
}

/// A map or a set of what is given. To collect one is to sort first, another 4 kB for every type; this inserts.
///
/// ```
/// let map: std::collections::BTreeMap<_, _> = ringside_core::order::inserted([(2, "b"), (1, "a")]);
/// assert_eq!(map.into_values().collect::<Vec<_>>(), ["a", "b"]);
/// ```
pub fn inserted<T, C: Default + Extend<T>>(items: impl IntoIterator<Item = T>) -> C {
    let mut all = C::default();
    all.extend(items);
    all
}

#[inline(never)]
fn sort(places: &mut [(u64, u64)]) {
    places.sort_unstable();
}
