//! A hash tree over versions by key (Merkle, 1987; Dynamo §4.7): two of them are compared without sending what is alike.
//!
//! State: 65,536 buckets, and above them inner nodes of 16 children each, four levels to the root. A key's bucket comes
//! from a hash of its own, not from its place on the ring: the ranges that two nodes share lie there in clusters. A
//! bucket's hash is the sum, modulo 2^128, of the [`entry`] hashes in it, so that it is changed in one step and does not
//! depend on the order of changes; an inner node's hash is a hash of its children's. Whatever is empty has the hash 0 and
//! takes no room. Invariant: a tree is equal to one built from scratch of the same entries, always.
//!
//! Two different sets of versions have equal hashes with a chance of about 2^-128 for each hash that is compared, so long
//! as nobody chooses keys to make it happen: XXH3 is fast, and no cryptographic hash.

use crate::id::Key;
use crate::version::{Dot, Siblings};
use alloc::sync::Arc;
use alloc::vec;
use core::array;
use smallvec::SmallVec;
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128, xxh3_128_with_seed};

/// Keeps a key's bucket independent of its place on the ring, which is the same hash with seed 0.
const BUCKET_SEED: u64 = 0x6275_636b_6574_7300;
/// The key of the keyed hash that buckets add up.
const ENTRY_SEED: u64 = 0x656e_7472_6965_7300;
/// From how many entries on the sums are first collected in a flat table.
const MANY: usize = 2_048;

/// The hashes of the children of one inner node; 0 stands for an empty one.
pub type Children = [u128; Tree::WIDTH as usize];

/// A hash tree. Copies share what is equal in them, so a copy costs nothing to speak of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tree {
    root: Option<Arc<Part>>,
}

/// An inner node that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Part {
    hashes: Children,
    /// The children that are inner nodes themselves; those of the lowest level have buckets for children.
    parts: [Option<Arc<Self>>; Tree::WIDTH as usize],
}

/// The bucket of a key: 16 bits of XXH3-64 of its bytes, with a seed of its own.
#[must_use]
pub fn bucket(key: &Key) -> u16 {
    let hash = xxh3_64_with_seed(key.as_str().as_bytes(), BUCKET_SEED);
    u16::try_from(hash >> 48).expect("48 of 64 bits are gone")
}

/// What a key adds to its bucket: a keyed 128-bit hash of the key and of its logical version, that is the clock and the
/// dots of the concurrent versions. How they lie in memory and what the values are makes no difference: a dot names one
/// write, and with it the value.
#[must_use]
pub fn entry(key: &Key, versions: &Siblings) -> u128 {
    let mut bytes: SmallVec<[u8; 256]> = SmallVec::new();
    // The two lengths tell where the clock ends, the dots end, and the key begins.
    bytes.extend_from_slice(&(versions.clock().len() as u64).to_le_bytes());
    bytes.extend_from_slice(&(versions.versions().len() as u64).to_le_bytes());
    let mut dot = |dot: Dot| {
        bytes.extend_from_slice(&dot.actor.node.0.to_le_bytes());
        bytes.extend_from_slice(&dot.actor.boot.to_le_bytes());
        bytes.extend_from_slice(&dot.counter.to_le_bytes());
    };
    versions.clock().iter().for_each(&mut dot);
    versions.versions().iter().map(|version| version.dot).for_each(&mut dot);
    bytes.extend_from_slice(key.as_str().as_bytes());
    xxh3_128_with_seed(&bytes, ENTRY_SEED)
}

impl Tree {
    /// Children of an inner node.
    pub const WIDTH: u32 = 16;
    /// Levels below the root; those at this level are the buckets.
    pub const DEPTH: u32 = 4;
    /// Buckets.
    pub const BUCKETS: u32 = Self::WIDTH.pow(Self::DEPTH);

    /// The tree of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { root: None }
    }

    /// The tree of these entries: a bucket and an [`entry`] hash each, in any order.
    #[must_use]
    pub fn build(entries: impl Iterator<Item = (u16, u128)>) -> Self {
        if entries.size_hint().0 < MANY {
            let mut tree = Self::new();
            entries.for_each(|(bucket, entry)| tree.change(bucket, None, Some(entry)));
            return tree;
        }
        let mut sums = vec![0_u128; Self::BUCKETS as usize];
        for (bucket, entry) in entries {
            let sum = &mut sums[usize::from(bucket)];
            *sum = sum.wrapping_add(entry);
        }
        Self { root: Part::of(&sums).map(Arc::new) }
    }

    /// A key of this bucket had the entry `before`, and now has `after`; none where it was not or is not there. Only the
    /// path from the bucket to the root is touched.
    pub fn change(&mut self, bucket: u16, before: Option<u128>, after: Option<u128>) {
        let delta = after.unwrap_or(0).wrapping_sub(before.unwrap_or(0));
        if delta != 0 {
            Part::add(&mut self.root, bucket, Self::DEPTH - 1, delta);
        }
    }

    /// The hash of the root: equal for equal contents. 0 where it is empty.
    #[must_use]
    pub fn root(&self) -> u128 {
        Part::hash(self.root.as_ref())
    }

    /// Is nothing in it?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// The hashes of the children of inner node `index`, counted from the left, of `level` 0 (the root) to
    /// [`Tree::DEPTH`] − 1. All 0 where there is no such node.
    #[must_use]
    pub fn children(&self, level: u32, index: u32) -> Children {
        let mut part = self.root.as_ref();
        for above in (0..level.min(Self::DEPTH - 1)).rev() {
            part = part.and_then(|part| part.parts[nibble(index, above)].as_ref());
        }
        part.map_or([0; Self::WIDTH as usize], |part| part.hashes)
    }
}

impl Part {
    /// 0 for an empty one.
    fn hash(part: Option<&Arc<Self>>) -> u128 {
        let Some(part) = part else { return 0 };
        let mut bytes = [0; 256];
        for (place, hash) in bytes.as_chunks_mut().0.iter_mut().zip(&part.hashes) {
            *place = hash.to_le_bytes();
        }
        xxh3_128(&bytes)
    }

    /// The inner node above these buckets, as many as there are under one of its level.
    fn of(sums: &[u128]) -> Option<Self> {
        let below = sums.len() / Tree::WIDTH as usize;
        let parts: [Option<Arc<Self>>; Tree::WIDTH as usize] = array::from_fn(|at| {
            if below == 1 { None } else { Self::of(&sums[at * below..][..below]).map(Arc::new) }
        });
        let hashes = array::from_fn(|at| if below == 1 { sums[at] } else { Self::hash(parts[at].as_ref()) });
        (hashes != [0; Tree::WIDTH as usize]).then_some(Self { hashes, parts })
    }

    /// Adds to a bucket below this node, `above` levels of inner nodes between them, and gives the node's new hash.
    fn add(node: &mut Option<Arc<Self>>, bucket: u16, above: u32, delta: u128) -> u128 {
        let part = Arc::make_mut(node.get_or_insert_default());
        let at = nibble(u32::from(bucket), above);
        part.hashes[at] = if above == 0 {
            part.hashes[at].wrapping_add(delta)
        } else {
            Self::add(&mut part.parts[at], bucket, above - 1, delta)
        };
        if part.hashes == [0; Tree::WIDTH as usize] {
            *node = None;
        }
        Self::hash(node.as_ref())
    }
}

/// Which child leads to this place, with so many levels between the child and the place.
const fn nibble(index: u32, above: u32) -> usize {
    ((index >> (4 * above)) % Tree::WIDTH) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Actor, NodeId, Value};
    use crate::random::Random;
    use crate::version::{Content, VersionVector};
    use alloc::collections::BTreeMap;
    use alloc::format;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn tree(entries: &BTreeMap<u16, u128>) -> Tree {
        Tree::build(entries.iter().map(|(bucket, entry)| (*bucket, *entry)))
    }

    proptest! {
        #[test]
        fn a_changed_tree_equals_a_rebuild_always(
            changes in proptest::collection::vec((0_u16..40, any::<u16>(), proptest::option::of(1_u128..4)), 0..80)
        ) {
            let (mut kept, mut changed) = (BTreeMap::new(), Tree::new());
            for (key, spread, entry) in changes {
                let bucket = if spread % 3 == 0 { key } else { key.wrapping_mul(2_654) };
                let before = match entry {
                    Some(entry) => kept.insert(bucket, entry),
                    None => kept.remove(&bucket),
                };
                changed.change(bucket, before, entry);
                prop_assert_eq!(&changed, &tree(&kept));
                prop_assert_eq!(changed.is_empty(), kept.is_empty());
            }
        }
    }

    #[test]
    fn many_entries_at_once_make_the_tree_that_one_by_one_make() {
        let mut random = Random::new(1);
        let mut draw = || (u16::try_from(random.below(65_536)).unwrap(), u128::from(random.bits()));
        let entries: Vec<(u16, u128)> = (0..MANY + 1_000).map(|_| draw()).collect();
        let mut slowly = Tree::new();
        for (bucket, entry) in entries.iter().rev() {
            slowly.change(*bucket, None, Some(*entry));
        }
        assert_eq!(Tree::build(entries.into_iter()), slowly);
    }

    #[test]
    fn hashes_of_children_lead_down_to_the_bucket() {
        let mut tree = Tree::new();
        tree.change(0xa3f7, None, Some(9));
        let found = [(0, 0, 0xa), (1, 0xa, 0x3), (2, 0xa3, 0xf), (3, 0xa3f, 0x7)];
        for (level, index, child) in found {
            let children = tree.children(level, index);
            let there: Vec<usize> = (0..16).filter(|at| children[*at] != 0).collect();
            assert_eq!(there, [child], "level {level}");
        }
        assert_eq!(tree.children(3, 0xa3f)[7], 9);
        assert_eq!(tree.children(2, 0xb3), [0; 16], "nothing is there");
        let above = tree.children(0, 0);
        tree.change(0xa3f7, Some(9), Some(8));
        assert_ne!(tree.children(0, 0), above);
        tree.change(0xa3f7, Some(8), None);
        assert_eq!((tree.root(), tree.is_empty()), (0, true));
    }

    #[test]
    fn an_entry_is_of_the_key_and_the_logical_version_alone() {
        let dot = |node, counter| Dot { actor: Actor { node: NodeId(node), boot: 0 }, counter };
        let none = VersionVector::new();
        let put = |dots: &[Dot], value: &str| {
            let mut siblings = Siblings::new();
            for dot in dots {
                siblings.put(*dot, &none, Content::Value(Value::new(value)));
            }
            siblings
        };
        let (cart, list) = (Key::new("cart"), Key::new("list"));
        let one = entry(&cart, &put(&[dot(0, 1), dot(1, 1)], "milk"));
        assert_eq!(one, entry(&cart, &put(&[dot(1, 1), dot(0, 1)], "milk")), "the order of writes is none");
        assert_ne!(one, entry(&list, &put(&[dot(0, 1), dot(1, 1)], "milk")));
        assert_ne!(one, entry(&cart, &put(&[dot(0, 1), dot(1, 2)], "milk")));
        let mut seen = put(&[dot(0, 1)], "milk");
        seen.put(dot(1, 1), &seen.clock().clone(), Content::Tombstone);
        assert_ne!(one, entry(&cart, &seen), "the same clock, and one dot fewer");
    }

    #[test]
    fn buckets_of_neighbours_on_the_ring_are_far_apart() {
        // Keys within a 1/64th of the ring, which one range could be, still reach buckets all over the tree.
        let near = |key: &Key| crate::hash::position(key) >> 58 == 5;
        let keys = (0..40_000).map(|number| Key::new(&format!("key {number}"))).filter(near);
        let mut met = [0_u32; 16];
        keys.for_each(|key| met[usize::from(bucket(&key) >> 12)] += 1);
        // About 625 keys, 39 each, standard deviation 6.1; five of them.
        assert!(met.iter().all(|count| (9..=70).contains(count)), "{met:?}");
    }
}
