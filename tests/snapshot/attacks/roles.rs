//! Attacks on root documents and pulses, and on snapshots under them.

use ed25519_dalek::SigningKey;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use super::{Attack, Document};
use crate::forge::{key, public, valid, with, File, Manifest, Pulse, Root, WireRole, EDGE, NOW};

const HOUR: u64 = 3_600_000;

pub fn all() -> Vec<Attack> {
    [chains(), documents(), under_a_root(), pulses(), bodies()].into_iter().flatten().collect()
}

fn root_keys() -> Vec<SigningKey> {
    [31, 32, 33].map(key).to_vec()
}

/// What hosts are set up with: root keys 31 to 33, two of which must sign; publisher 1; pulse 41.
fn pinned() -> Value {
    let role = |threshold: u64, keys: &[SigningKey]| {
        let keys: Vec<Value> = keys.iter().map(|key| json!({ "publicKey": public(key) })).collect();
        json!({ "threshold": threshold, "keys": keys })
    };
    json!({
        "audience": "demo-shop",
        "environment": "production",
        "roles": { "root": role(2, &root_keys()), "publisher": role(1, &[key(1)]), "pulse": role(1, &[key(41)]) },
    })
}

fn root() -> Root {
    Root {
        format: 1,
        audience: "demo-shop".into(),
        environment: "production".into(),
        version: 1,
        expires_at: NOW as u64 + 8_760 * HOUR,
        root: WireRole::of(2, &root_keys()),
        publisher: WireRole::of(1, &[key(1)]),
        pulse: Some(WireRole::of(1, &[key(41)])),
        discount: 10_000,
        life: 720 * HOUR,
        budgets: vec![("EUR".into(), 5_000_000)],
        edge: None,
    }
}

fn signed(root: &Root, seeds: &[u8]) -> Vec<u8> {
    let keys: Vec<SigningKey> = seeds.iter().map(|seed| key(*seed)).collect();
    File::signed(1, root.body(), &keys).bytes()
}

fn first() -> Vec<u8> {
    signed(&root(), &[31, 32])
}

/// The first document and a second one with a change, signed by these.
fn chain(change: impl FnOnce(&mut Root), seeds: &[u8]) -> Vec<u8> {
    let mut second = Root { version: 2, ..root() };
    change(&mut second);
    [first(), signed(&second, seeds)].concat()
}

fn of_root(attack: Attack) -> Attack {
    attack.of(Document::Root).ring(pinned()).with("good.bin", valid().bytes())
}

fn chains() -> Vec<Attack> {
    let refused = |name, code, about| of_root(Attack::refused(name, code, about));
    let new_keys = |root: &mut Root| root.root = WireRole::of(2, &[key(34), key(35)]);
    let steps = |count: u64| {
        (1..=count).flat_map(|version| signed(&Root { version, ..root() }, &[31, 32])).collect::<Vec<u8>>()
    };
    let ended = |root: &mut Root| root.expires_at = NOW as u64;
    vec![
        of_root(Attack::accepted("root-chain", "root documents that lead on: a control"))
            .file("first-only", first())
            .file("second", chain(|_| (), &[32, 33]))
            .file(
                "keys-of-the-edge",
                chain(|root| (root.format, root.edge) = (2, Some(WireRole::of(1, &[key(51)]))), &[31, 32]),
            )
            .file("new-root-keys", chain(new_keys, &[31, 33, 34, 35]))
            .file("sixty-four-steps", steps(64))
            .file(
                "ended-on-the-way",
                [chain(ended, &[31, 32]), signed(&Root { version: 3, ..root() }, &[31, 33])].concat(),
            ),
        refused("root-too-many-steps", "snapshot_too_large", "more root documents than a host follows in one go")
            .file("sixty-five-steps", steps(65)),
        refused("root-too-few-signatures", "threshold_not_met", "fewer root keys have signed than must")
            .file("one-of-two", chain(|_| (), &[31]))
            .file("none", chain(|_| (), &[]))
            .file("new-keys-too-few", chain(new_keys, &[31, 32, 34])),
        refused("root-foreign-signatures", "key_unknown", "signed by keys that are no root keys of the one before")
            .file("strangers", chain(|_| (), &[90, 91]))
            .file("publisher-and-pulse", chain(|_| (), &[1, 41]))
            .file("new-keys-only", chain(new_keys, &[34, 35])),
        refused("root-old-keys-only", "key_unknown", "the keys it names have not signed it themselves")
            .file("root", chain(new_keys, &[31, 32])),
        refused("root-out-of-order", "root_out_of_order", "a gap in the chain, a step back, the same step again")
            .file("gap", chain(|root| root.version = 3, &[31, 32]))
            .file("back", chain(|root| root.version = 1, &[31, 32]))
            .file("again", [chain(|_| (), &[31, 32]), signed(&Root { version: 2, ..root() }, &[31, 32])].concat())
            .file("fast-forward", chain(|root| root.version = 1 << 52, &[31, 32])),
        refused("root-of-another-shop", "audience_mismatch", "another shop's root document by the same keys")
            .file("root", chain(|root| root.audience = "other-shop".into(), &[31, 32])),
        refused("root-of-another-environment", "environment_mismatch", "the staging root in production")
            .file("root", chain(|root| root.environment = "staging".into(), &[31, 32])),
        refused("root-expired", "root_expired", "the last root document is past its end")
            .file("now", chain(ended, &[31, 32]))
            .file("long-ago", chain(|root| root.expires_at = 1, &[31, 32])),
    ]
}

fn documents() -> Vec<Attack> {
    let refused = |name, code, about| of_root(Attack::refused(name, code, about));
    let role = |change: fn(&mut Root)| chain(change, &[31, 32]);
    let mut trailing = chain(|_| (), &[31, 32]);
    trailing.push(0);
    let cut = chain(|_| (), &[31, 32]);
    let body = |body: Vec<u8>| [first(), File::signed(1, body, &[key(31), key(32)]).bytes()].concat();
    let second = Root { version: 2, ..root() };
    let mut longer = second.body();
    longer.push(0);
    vec![
        refused("root-unsound-roles", "key_ring_invalid", "roles that no host may trust")
            .file("threshold-zero", role(|root| root.publisher.threshold = 0))
            .file("threshold-above-keys", role(|root| root.publisher.threshold = 2))
            .file("root-threshold-zero", role(|root| root.root.threshold = 0))
            .file("no-keys", role(|root| root.publisher.keys.clear()))
            .file("same-key-twice", role(|root| root.publisher = WireRole::of(2, &[key(1), key(1)])))
            .file("key-in-two-roles", role(|root| root.publisher = WireRole::of(1, &[key(41)])))
            .file(
                "edge-key-in-two-roles",
                role(|root| (root.format, root.edge) = (2, Some(WireRole::of(1, &[key(1)])))),
            )
            .file("small-order-key", role(|root| root.publisher.keys = vec![[0; 32]]))
            .file(
                "non-canonical-key",
                role(|root| {
                    root.publisher.keys = vec![[0xff; 32]];
                    root.publisher.keys[0][31] = 0x7f;
                }),
            )
            .file(
                "seventeen-keys",
                role(|root| {
                    root.publisher = WireRole::of(1, &(100..117).map(key).collect::<Vec<_>>());
                }),
            )
            .file("nameless-shop", role(|root| root.audience = String::new())),
        refused("root-malformed", "snapshot_malformed", "no root document, or more than one")
            .file("trailing-byte", trailing)
            .file("truncated", cut[..cut.len() - 1].to_vec())
            .file("snapshot-in-its-place", [first(), valid().bytes()].concat())
            .file("pulse-in-its-place", [first(), File::signed(3, pulse().body(), &[key(41)]).bytes()].concat())
            .file("manifest-body", body(Manifest::of(&[]).body()))
            .file("empty-body", body(Vec::new()))
            .file("trailing-in-body", body(longer))
            .file(
                "format-of-the-future",
                role(|root| (root.format, root.edge) = (3, Some(WireRole::of(1, &[key(51)])))),
            )
            .file("keys-beyond-its-format", role(|root| root.edge = Some(WireRole::of(1, &[key(51)]))))
            .file("ceiling-above-all", role(|root| root.discount = 10_001))
            .file("no-end", role(|root| root.expires_at = 0))
            .file("end-beyond-dates", role(|root| root.expires_at = 8_640_000_000_000_001)),
        refused("root-relabelled", "key_unknown", "a root document that a publisher has signed as a manifest").file(
            "root",
            [first(), {
                let mut file = File::signed(2, second.body(), &[key(1)]);
                file.document_type = 1;
                file.bytes()
            }]
            .concat(),
        ),
    ]
}

fn under_a_root() -> Vec<Attack> {
    let long = chain(|root| root.life = 25 * HOUR - 1, &[31, 32]);
    let enough = chain(|root| root.life = 25 * HOUR, &[31, 32]);
    let moved = chain(|root| root.publisher = WireRole::of(1, &[key(2)]), &[31, 32]);
    vec![
        Attack::accepted("under-the-root", "published under the last root document, within its ceilings: a control")
            .ring(pinned())
            .with("chain.bin", enough)
            .snapshot(with(|m| m.root_version = 2)),
        Attack::refused(
            "published-under-a-newer-root",
            "root_outdated",
            "this host has not been handed the last root document",
        )
        .ring(pinned())
        .with("chain.bin", first())
        .snapshot(with(|m| m.root_version = 2)),
        Attack::accepted(
            "fast-forward-recovered",
            "the replaced key had published the highest version there is; versions count anew under the next root document",
        )
        .ring(pinned())
        .with("chain.bin", chain(|root| root.life = 25 * HOUR, &[31, 32]))
        .policy("minVersion", (1_u64 << 53) - 1)
        .policy("minRootVersion", 1)
        .snapshot(with(|m| m.root_version = 2)),
        Attack::refused(
            "older-root",
            "snapshot_rolled_back",
            "published under an earlier root document than what was in use, whatever its version",
        )
        .ring(pinned())
        .with("chain.bin", chain(|root| root.life = 25 * HOUR, &[31, 32]))
        .policy("minRootVersion", 2)
        .snapshot(with(|m| (m.root_version, m.version) = (1, 13))),
        Attack::refused("longer-than-the-ceiling", "ceiling_exceeded", "a life beyond what the root document allows")
            .ring(pinned())
            .with("chain.bin", long)
            .snapshot(valid().bytes()),
        Attack::refused(
            "publisher-that-was-replaced",
            "key_unknown",
            "signed by the key that a root document has replaced",
        )
        .ring(pinned())
        .with("chain.bin", moved)
        .snapshot(with(|m| m.root_version = 2)),
    ]
}

fn pulse() -> Pulse {
    let manifest = valid();
    Pulse {
        format: 1,
        audience: "demo-shop".into(),
        environment: "production".into(),
        profile: crate::forge::STOREFRONT,
        version: 12,
        manifest: Sha256::digest(&manifest.body).into(),
        min_version: 12,
        issued_at: NOW as u64,
        expires_at: NOW as u64 + HOUR,
        stopped: Vec::new(),
    }
}

fn beating(change: impl FnOnce(&mut Pulse)) -> Vec<u8> {
    let mut pulse = pulse();
    change(&mut pulse);
    File::signed(3, pulse.body(), &[key(41)]).bytes()
}

fn of_pulse(attack: Attack) -> Attack {
    // a pulse that the host had before, and one that has ended since
    attack
        .of(Document::Pulse)
        .ring(pinned())
        .with("good.bin", valid().bytes())
        .with("held.bin", beating(|pulse| pulse.issued_at = NOW as u64 - 1_000))
        .with("ended.bin", beating(|pulse| (pulse.issued_at, pulse.expires_at) = (NOW as u64 - 1_000, NOW as u64 - 1)))
}

fn pulses() -> Vec<Attack> {
    let refused = |name, code, about| of_pulse(Attack::refused(name, code, about));
    vec![
        of_pulse(Attack::accepted("pulse", "right in every respect: a control"))
            .file("plain", beating(|_| ()))
            .file("newer-version-elsewhere", beating(|pulse| (pulse.version, pulse.manifest) = (13, [7; 32])))
            .file("last-moment", beating(|pulse| pulse.expires_at = NOW as u64 + 1))
            .file("stops-what-is-not-there", beating(|pulse| pulse.stopped = vec!["there-is-none".into()])),
        refused("pulse-expired", "pulse_expired", "confirms nothing any more")
            .file("now", beating(|pulse| (pulse.issued_at, pulse.expires_at) = (NOW as u64 - 9, NOW as u64)))
            .file("long-ago", beating(|pulse| (pulse.issued_at, pulse.expires_at) = (0, 1))),
        refused("pulse-from-the-future", "snapshot_not_yet_valid", "made beyond the tolerance of clocks").file(
            "pulse",
            beating(|pulse| {
                (pulse.issued_at, pulse.expires_at) = (NOW as u64 + 300_001, NOW as u64 + HOUR);
            }),
        ),
        refused("pulse-of-another-shop", "audience_mismatch", "another shop's pulse by the same key")
            .file("pulse", beating(|pulse| pulse.audience = "other-shop".into())),
        refused("pulse-of-another-environment", "environment_mismatch", "the staging pulse in production")
            .file("pulse", beating(|pulse| pulse.environment = "staging".into())),
        refused("pulse-of-the-other-profile", "profile_mismatch", "the edge's pulse in a storefront")
            .file("pulse", beating(|pulse| pulse.profile = EDGE)),
        refused("pulse-of-another-snapshot", "pulse_mismatch", "confirms another snapshot under the same version")
            .file("pulse", beating(|pulse| pulse.manifest = [7; 32])),
        refused("pulse-demands-newer", "snapshot_rolled_back", "the open snapshot is no longer to be used")
            .file("pulse", beating(|pulse| (pulse.version, pulse.min_version) = (13, 13))),
        of_pulse(Attack::accepted("pulse-rolled-back", "older than the pulse that the host has, if it has one"))
            .in_state("pulse_rolled_back")
            .file("pulse", beating(|pulse| pulse.issued_at = NOW as u64 - 1_001)),
        refused("pulse-by-another-role", "key_unknown", "signed by a key that may sign something else")
            .file("publisher", File::signed(3, pulse().body(), &[key(1)]).bytes())
            .file("root", File::signed(3, pulse().body(), &[key(31), key(32)]).bytes())
            .file("stranger", File::signed(3, pulse().body(), &[key(90)]).bytes()),
        refused("pulse-unsigned", "threshold_not_met", "no signature at all")
            .file("pulse", File::signed(3, pulse().body(), &[]).bytes()),
        refused("pulse-forged", "signature_invalid", "changed after it was signed").file("pulse", {
            let mut file = File::signed(3, pulse().body(), &[key(41)]);
            let last = file.body.len() - 1;
            file.body[last] ^= 1;
            file.bytes()
        }),
        refused("pulse-nobody-may-sign", "key_ring_invalid", "the host trusts no pulse keys")
            .ring(crate::forge::ring(1, &[public(&key(1))]))
            .without_state()
            .file("pulse", beating(|_| ())),
    ]
}

fn bodies() -> Vec<Attack> {
    let body = |body: Vec<u8>| File::signed(3, body, &[key(41)]).bytes();
    let sound = pulse().body();
    let mut trailing = beating(|_| ());
    trailing.push(0);
    let second_byte_of_number = [&sound[..sound.len() - 1], &[0x80, 0x00]].concat();
    vec![of_pulse(Attack::refused("pulse-malformed", "snapshot_malformed", "no pulse, or one that cannot be"))
        .file("trailing-byte", trailing)
        .file("truncated", beating(|_| ())[..100].to_vec())
        .file("snapshot-in-its-place", valid().bytes())
        .file("manifest-body", body(Manifest::of(&[]).body()))
        .file("empty-body", body(Vec::new()))
        .file("trailing-in-body", body([&sound[..], &[0]].concat()))
        .file("non-minimal-number", body(second_byte_of_number))
        .file("format-of-the-future", beating(|pulse| pulse.format = 2))
        .file("profile-of-the-future", beating(|pulse| pulse.profile = 3))
        .file("lives-too-long", beating(|pulse| pulse.expires_at = NOW as u64 + 24 * HOUR + 1))
        .file("ends-before-it-begins", beating(|pulse| pulse.expires_at = NOW as u64 - 1))
        .file("demands-more-than-there-is", beating(|pulse| pulse.min_version = 13))]
}
