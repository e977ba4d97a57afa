//! Blind changes: every bit, every length, and splices of two good files. None is accepted, none panics.

use std::sync::LazyLock;

use counterfoil::snapshot::{open, KeyRing, Policy, Profile};
use proptest::prelude::*;

use crate::forge::{key, public, ring, rules, valid, with, File, Manifest, CAMPAIGNS, NOW};

static RING: LazyLock<KeyRing> = LazyLock::new(|| serde_json::from_value(ring(1, &[public(&key(1))])).unwrap());

fn is_accepted(bytes: &[u8]) -> bool {
    open(bytes, &RING, &Policy::at(NOW, Profile::Storefront)).is_ok()
}

#[test]
fn no_flipped_bit_is_accepted() {
    let good = valid().bytes();
    assert!(is_accepted(&good));
    let accepted: Vec<usize> = (0..good.len() * 8)
        .filter(|bit| {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            is_accepted(&bytes)
        })
        .collect();
    assert_eq!(accepted, [0; 0]);
}

#[test]
fn no_beginning_of_a_file_is_accepted() {
    let good = valid().bytes();
    let accepted: Vec<usize> = (0..good.len()).filter(|length| is_accepted(&good[..*length])).collect();
    assert_eq!(accepted, [0; 0]);
}

/// Good files that differ in version, rules and number of sections.
static GOOD: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    let longer = Manifest::of(&[(CAMPAIGNS, true, rules()), (200, false, rules())]);
    [
        valid().bytes(),
        with(|manifest| manifest.version = 13),
        File::snapshot(&Manifest::of(&[(CAMPAIGNS, true, b"other rules")]), &[b"other rules"], &[key(1)]).bytes(),
        File::snapshot(&longer, &[rules(), rules()], &[key(1)]).bytes(),
    ]
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_splice_is_accepted_only_where_it_changes_nothing(
        one in 0..4_usize, other in 0..4_usize, from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
        length in 0..64_usize,
    ) {
        let (host, donor) = (&GOOD[one], &GOOD[other]);
        let (from, to) = (from.index(donor.len()), to.index(host.len()));
        let graft = &donor[from..donor.len().min(from + length)];
        // In place, and in addition.
        for replaced in [graft.len().min(host.len() - to), 0] {
            let mut bytes = host.clone();
            bytes.splice(to..to + replaced, graft.iter().copied());
            prop_assert!(GOOD.contains(&bytes) || !is_accepted(&bytes));
        }
    }

    #[test]
    fn the_head_of_one_file_and_the_tail_of_another_are_no_file(
        one in 0..4_usize, other in 0..4_usize, head in any::<prop::sample::Index>(), tail in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (&GOOD[one], &GOOD[other]);
        let bytes = [&one[..head.index(one.len())], &other[tail.index(other.len())..]].concat();
        prop_assert!(GOOD.contains(&bytes) || !is_accepted(&bytes));
    }
}
