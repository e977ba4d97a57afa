//! Blind changes to documents of every type: every bit, every length, and splices of two good files. None is accepted, none
//! panics. `cargo xtask prove-documents` tries a million splices, and each bit of a large file.

use std::sync::LazyLock;

use counterfoil::codes::{build, Batch, Issued, Pepper};
use counterfoil::compile::{compile, Source};
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{open, Current, Grant, KeyRing, Manifest as Head, Policy, Profile, SectionKind};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::attacks::grants::{changed, EDGE_KEY};
use crate::attacks::sealed::published;
use crate::forge::{self, key, public, ring, rules, valid, with, File, Manifest, Root, WireRole, CAMPAIGNS, EDGE, NOW};

/// Root key 31, publisher 1, pulse 41, edge 51. It stands before the first root document, so that each document counts.
static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let role = |key: SigningKey| serde_json::json!({ "threshold": 1, "keys": [{ "publicKey": public(&key) }] });
    let mut json = ring(1, &[public(&key(1))]);
    (json["roles"]["root"], json["roles"]["pulse"]) = (role(key(31)), role(key(41)));
    json["roles"]["edge"] = role(key(EDGE_KEY));
    serde_json::from_value(json).unwrap()
});

/// The doors that take files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Snapshot,
    Edge,
    Root,
    Pulse,
    Grant,
}

impl Door {
    const ALL: [Door; 5] = [Door::Snapshot, Door::Edge, Door::Root, Door::Pulse, Door::Grant];

    fn accepts(self, bytes: &[u8]) -> bool {
        let opened = |bytes| open(bytes, &RING, &Policy::at(NOW, Profile::Storefront));
        match self {
            Door::Snapshot => opened(bytes).is_ok(),
            Door::Edge => {
                let options = Options { policy: Policy::at(NOW, Profile::Edge), disclosure: Disclosure::Public };
                Engine::open_edge(bytes.to_vec(), &RING, options, &[pepper()]).is_ok()
            }
            // a file of no documents leads nowhere, and a host stays where it is
            Door::Root => RING.follow(bytes, NOW).is_ok_and(|followed| followed != *RING),
            Door::Pulse => {
                static CURRENT: LazyLock<Current> = LazyLock::new(|| {
                    let file = valid().bytes();
                    open(&file, &RING, &Policy::at(NOW, Profile::Storefront)).unwrap().into_current()
                });
                CURRENT.clone().take(bytes, NOW).is_ok()
            }
            Door::Grant => {
                static HEAD: LazyLock<Head> = LazyLock::new(|| {
                    let file = valid().bytes();
                    open(&file, &RING, &Policy::at(NOW, Profile::Storefront)).unwrap().manifest().clone()
                });
                Grant { file: bytes, customer: "ann" }.section(&RING, &HEAD, NOW).is_ok()
            }
        }
    }
}

fn pepper() -> Pepper {
    Pepper::new([5; 32])
}

/// A private half: a campaign whose codes are listed, and a segment of these codes.
fn private(version: u64, codes: &[&str]) -> Vec<u8> {
    let campaign = serde_json::json!({ "id": "vip", "codeList": { "file": "vip.csv" },
        "discounts": [{ "type": "percent_off", "percent": "20" }] });
    let source = Source { name: "shop".into(), document: serde_json::json!({ "campaigns": [campaign] }) };
    let campaigns = compile(&[source], Interval { from: 0, until: NOW * 2 }).unwrap().edge.unwrap().section;
    let batch = Batch { sequence: 1, campaigns: vec!["vip".into()], pepper: pepper().id() };
    let listed = codes.iter().map(|code| Issued::plain(pepper().fingerprint(code))).collect();
    let segment = build(&batch, listed).unwrap();
    let mut manifest = Manifest::of(&[(CAMPAIGNS, true, &campaigns), (SectionKind::Codes.byte(), true, &segment)]);
    (manifest.profile, manifest.version) = (EDGE, version);
    File::snapshot(&manifest, &[&campaigns, &segment], &[key(1)]).bytes()
}

fn root(change: impl FnOnce(&mut Root)) -> Vec<u8> {
    let mut root = Root {
        format: 1,
        audience: "demo-shop".into(),
        environment: "production".into(),
        version: 1,
        expires_at: NOW as u64 + 1_000_000,
        root: WireRole::of(1, &[key(31)]),
        publisher: WireRole::of(1, &[key(1)]),
        pulse: Some(WireRole::of(1, &[key(41)])),
        discount: 9_000,
        life: 1 << 40,
        budgets: vec![("EUR".into(), 500)],
        edge: None,
    };
    change(&mut root);
    File::signed(1, root.body(), &[key(31)]).bytes()
}

fn chain() -> Vec<u8> {
    [root(|_| ()), root(|root| (root.version, root.discount) = (2, 5_000))].concat()
}

fn pulse(change: impl FnOnce(&mut forge::Pulse)) -> Vec<u8> {
    let mut pulse = forge::Pulse {
        format: 1,
        audience: "demo-shop".into(),
        environment: "production".into(),
        profile: forge::STOREFRONT,
        version: 12,
        manifest: Sha256::digest(&valid().body).into(),
        min_version: 12,
        issued_at: NOW as u64,
        expires_at: NOW as u64 + 1_000_000,
        stopped: vec!["ten-percent".into()],
    };
    change(&mut pulse);
    File::signed(3, pulse.body(), &[key(41)]).bytes()
}

fn documents() -> [(Door, Vec<u8>); 6] {
    [
        (Door::Snapshot, valid().bytes()),
        (Door::Snapshot, published()),
        (Door::Edge, private(12, &["VIP-0001", "VIP-0002"])),
        (Door::Root, chain()),
        (Door::Pulse, pulse(|_| ())),
        (Door::Grant, changed(|_| ())),
    ]
}

/// Which bits of a file may be flipped, and after how many bytes it may end.
fn accepted(door: Door, good: &[u8]) -> (Vec<usize>, Vec<usize>) {
    assert!(door.accepts(good), "{door:?}");
    let mut bytes = good.to_vec();
    let mut flipped = Vec::new();
    for bit in 0..good.len() * 8 {
        bytes[bit / 8] ^= 1 << (bit % 8);
        if door.accepts(&bytes) {
            flipped.push(bit);
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    let cut = (0..good.len()).filter(|length| door.accepts(&good[..*length])).collect();
    (flipped, cut)
}

#[test]
fn no_flipped_bit_and_no_beginning_of_a_file_is_accepted() {
    for (door, good) in documents() {
        let (flipped, cut) = accepted(door, &good);
        assert_eq!(flipped, [0; 0], "{door:?}");
        // root documents stand one behind the other: where one ends a host stays at it
        let whole: Vec<usize> = if door == Door::Root { vec![root(|_| ()).len()] } else { vec![] };
        assert_eq!(cut, whole, "{door:?}");
    }
}

#[test]
#[ignore = "takes minutes; `cargo xtask prove-documents` runs it"]
fn no_bit_and_no_length_of_a_large_snapshot() {
    let section: Vec<u8> = (0..64_000_u32).map(|at| ((at * at) >> 8) as u8).collect();
    let manifest = Manifest::of(&[(CAMPAIGNS, true, &section)]);
    let large = File::snapshot(&manifest, &[&section], &[key(1)]).bytes();
    assert_eq!(accepted(Door::Snapshot, &large), (vec![], vec![]));
}

/// Good files that differ in type, version, rules, number of sections, shop, environment and profile; those with a door are
/// accepted there.
static GOOD: LazyLock<Vec<(Option<Door>, Vec<u8>)>> = LazyLock::new(|| {
    let longer = Manifest::of(&[(CAMPAIGNS, true, rules()), (200, false, rules())]);
    let other = Manifest::of(&[(CAMPAIGNS, true, b"other rules")]);
    let (snapshot, root_door, pulse_door) = (Some(Door::Snapshot), Some(Door::Root), Some(Door::Pulse));
    let (grant_door, edge_door) = (Some(Door::Grant), Some(Door::Edge));
    vec![
        (snapshot, valid().bytes()),
        (snapshot, with(|manifest| manifest.version = 13)),
        (snapshot, File::snapshot(&other, &[b"other rules"], &[key(1)]).bytes()),
        (snapshot, published()),
        (snapshot, File::snapshot(&longer, &[rules(), rules()], &[key(1)]).bytes()),
        (None, with(|manifest| manifest.audience = "other-shop".into())),
        (None, with(|manifest| manifest.environment = "staging".into())),
        (edge_door, with(|manifest| manifest.profile = EDGE)),
        (edge_door, private(12, &["VIP-0001", "VIP-0002"])),
        (edge_door, private(12, &["VIP-0001", "VIP-0003"])),
        (edge_door, private(13, &["VIP-0001", "VIP-0002"])),
        (root_door, root(|_| ())),
        (root_door, chain()),
        (None, root(|root| root.audience = "other-shop".into())),
        // the third, so that no cut between two documents makes a chain that root keys have signed as it stands
        (None, root(|root| root.version = 3)),
        (pulse_door, pulse(|_| ())),
        (pulse_door, pulse(|pulse| pulse.stopped.clear())),
        (None, pulse(|pulse| pulse.version = 11)),
        (None, pulse(|pulse| pulse.audience = "other-shop".into())),
        (None, pulse(|pulse| pulse.profile = EDGE)),
        (grant_door, changed(|_| ())),
        (grant_door, changed(|grant| grant.section = b"other rules".to_vec())),
        (grant_door, changed(|grant| grant.footer = r#"{"kid":"a"}"#)),
        (None, changed(|grant| grant.customer = "bob")),
        (None, changed(|grant| grant.audience = "other-shop")),
        (None, changed(|grant| grant.version = 11)),
        (None, changed(|grant| grant.until = NOW - 1)),
    ]
});

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    for door in Door::ALL {
        if door.accepts(bytes) {
            prop_assert!(GOOD.contains(&(Some(door), bytes.to_vec())), "{door:?} accepts {}", forge::hex(bytes));
        }
    }
    Ok(())
}

fn cases() -> u32 {
    std::env::var("PROPERTY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_splice_is_accepted_only_where_it_changes_nothing(
        one in 0..GOOD.len(), other in 0..GOOD.len(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(),
        length in 2..=64_usize, replaces in any::<bool>(),
    ) {
        let (host, donor) = (&GOOD[one].1, &GOOD[other].1);
        let (from, to) = (from.index(donor.len()), to.index(host.len()));
        let graft = &donor[from..donor.len().min(from + length)];
        // in place, or in addition
        let replaced = if replaces { graft.len().min(host.len() - to) } else { 0 };
        let mut bytes = host.clone();
        bytes.splice(to..to + replaced, graft.iter().copied());
        check(&bytes)?;
    }

    #[test]
    fn a_splice_at_the_same_place_is_accepted_only_where_it_changes_nothing(
        one in 0..GOOD.len(), other in 0..GOOD.len(), at in any::<prop::sample::Index>(), length in 2..=64_usize,
    ) {
        let (host, donor) = (&GOOD[one].1, &GOOD[other].1);
        let at = at.index(host.len().min(donor.len()));
        let end = host.len().min(donor.len()).min(at + length);
        let mut bytes = host.clone();
        bytes[at..end].copy_from_slice(&donor[at..end]);
        check(&bytes)?;
    }

    #[test]
    fn a_splice_of_one_head_and_another_tail_is_no_file(
        one in 0..GOOD.len(), other in 0..GOOD.len(), head in any::<prop::sample::Index>(), tail in any::<prop::sample::Index>(),
    ) {
        let (one, other) = (&GOOD[one].1, &GOOD[other].1);
        check(&[&one[..head.index(one.len())], &other[tail.index(other.len())..]].concat())?;
    }
}
