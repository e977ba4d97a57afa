//! Every limit and every moment at one less, exactly, and one more; and what a refusal says.

use counterfoil::error::{Error, FixBy, Param};
use counterfoil::snapshot::limits::{CLOCK_TOLERANCE, MAX_EDGE_BYTES, MAX_STOREFRONT_BYTES};
use counterfoil::snapshot::{
    open, seal, Expiry, KeyRing, ManifestFields, NamedSecretKey, Policy, Profile, Revision, SecretKey, Section,
    SectionKind,
};
use sha2::{Digest, Sha256};

use crate::forge::{self, rules, File, Manifest, CAMPAIGNS, NOW, UNHEARD_OF};

fn secret(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

fn ring() -> KeyRing {
    KeyRing::with_publisher("demo-shop", "production", &[secret(1).public_key(), secret(2).public_key()])
}

fn fields() -> ManifestFields<'static> {
    ManifestFields {
        audience: "demo-shop",
        environment: "production",
        profile: Profile::Storefront,
        revision: None,
        version: 12,
        issued_at: NOW - 3_600_000,
        expires_at: NOW + 86_400_000,
        root_version: 0,
    }
}

fn campaigns(bytes: &[u8]) -> [Section<'_>; 1] {
    [Section { kind: SectionKind::Campaigns, bytes }]
}

fn sealed(fields: &ManifestFields<'_>) -> Vec<u8> {
    seal(fields, &campaigns(rules()), &[&secret(1)]).unwrap()
}

fn at(now: i64) -> Policy {
    Policy::at(now, Profile::Storefront)
}

fn code(bytes: &[u8], policy: &Policy) -> &'static str {
    open(bytes, &ring(), policy).map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn two_writers_agree_on_every_byte() {
    assert_eq!(sealed(&fields()), forge::valid().bytes());
    let by_both =
        File::snapshot(&Manifest::of(&[(CAMPAIGNS, true, rules())]), &[rules()], &[forge::key(1), forge::key(2)]);
    assert_eq!(seal(&fields(), &campaigns(rules()), &[&secret(1), &secret(2)]).unwrap(), by_both.bytes());
    let mut manifest = Manifest::of(&[]);
    (manifest.profile, manifest.version, manifest.root_version) = (forge::EDGE, 1 << 52, 300);
    let fields = ManifestFields { profile: Profile::Edge, version: 1 << 52, root_version: 300, ..fields() };
    assert_eq!(seal(&fields, &[], &[&secret(1)]).unwrap(), File::snapshot(&manifest, &[], &[forge::key(1)]).bytes());
}

#[test]
fn an_opened_snapshot_holds_what_was_sealed() {
    let bytes = seal(&fields(), &campaigns(rules()), &[&secret(2), &secret(1)]).unwrap();
    let snapshot = open(&bytes, &ring(), &at(NOW)).unwrap();
    assert_eq!(snapshot.sections(), campaigns(rules()));
    assert_eq!(snapshot.section(SectionKind::Campaigns), Some(rules()));
    assert_eq!(snapshot.manifest().revision, Revision::of(&campaigns(rules())));
    assert_eq!(snapshot.sha256()[..], Sha256::digest(&bytes)[..]);
    let mut signers = [secret(1).key_id(), secret(2).key_id()];
    signers.sort_unstable();
    assert_eq!(snapshot.signers(), signers);
    let json = serde_json::to_value(snapshot.manifest()).unwrap();
    assert_eq!(json["profile"], "storefront");
    assert_eq!(json["expiresAt"], NOW + 86_400_000);
    assert_eq!(json["revision"], Revision::of(&campaigns(rules())).to_string());
    assert_eq!(json["sections"][0]["sha256"], forge::hex(&Sha256::digest(rules())));
}

#[test]
fn both_halves_may_carry_one_revision() {
    let shared = Revision::of(&campaigns(rules()));
    let edge = ManifestFields { profile: Profile::Edge, revision: Some(shared), ..fields() };
    let bytes = seal(&edge, &[], &[&secret(1)]).unwrap();
    let snapshot = open(&bytes, &ring(), &Policy::at(NOW, Profile::Edge)).unwrap();
    assert_eq!(snapshot.manifest().revision, shared);
}

#[test]
fn sections_of_unknown_kinds_are_skipped() {
    let manifest = Manifest::of(&[(UNHEARD_OF, false, b"later"), (CAMPAIGNS, true, rules())]);
    let bytes = File::snapshot(&manifest, &[b"later", rules()], &[forge::key(1)]).bytes();
    let snapshot = open(&bytes, &ring(), &at(NOW)).unwrap();
    assert_eq!(snapshot.sections(), campaigns(rules()));
    assert_eq!(snapshot.manifest().sections.len(), 2);
}

#[test]
fn a_storefront_file_ends_at_4_mib() {
    let overhead = seal(&fields(), &campaigns(&vec![0; 4_000_000]), &[&secret(1)]).unwrap().len() - 4_000_000;
    let of = |size: usize| seal(&fields(), &campaigns(&vec![0; size - overhead]), &[&secret(1)]);
    let largest = of(MAX_STOREFRONT_BYTES).unwrap();
    assert_eq!(largest.len(), MAX_STOREFRONT_BYTES);
    assert_eq!(code(&largest, &at(NOW)), "accepted");
    assert_eq!(code(&of(MAX_STOREFRONT_BYTES - 1).unwrap(), &at(NOW)), "accepted");
    assert_eq!(of(MAX_STOREFRONT_BYTES + 1).unwrap_err().code(), "snapshot_too_large");
    assert_eq!(code(&[&largest[..], &[0]].concat(), &at(NOW)), "snapshot_too_large");
}

#[test]
fn an_edge_file_ends_at_64_mib() {
    let edge = Policy::at(NOW, Profile::Edge);
    assert_eq!(code(&vec![0; MAX_EDGE_BYTES], &edge), "snapshot_malformed");
    assert_eq!(code(&vec![0; MAX_EDGE_BYTES + 1], &edge), "snapshot_too_large");
    let fields = ManifestFields { profile: Profile::Edge, ..fields() };
    let of = |size: usize| seal(&fields, &campaigns(&vec![0; size]), &[&secret(1)]);
    let bytes = of(MAX_STOREFRONT_BYTES + 1).unwrap();
    assert_eq!(code(&bytes, &edge), "accepted");
    assert_eq!(code(&bytes, &at(NOW)), "snapshot_too_large");
    // the length of the section stands in the manifest, in as many bytes for all of these
    let overhead = of(MAX_EDGE_BYTES - 1_000).unwrap().len() - (MAX_EDGE_BYTES - 1_000);
    let mut largest = of(MAX_EDGE_BYTES - overhead).unwrap();
    assert_eq!(largest.len(), MAX_EDGE_BYTES);
    assert_eq!(code(&largest, &edge), "accepted");
    assert_eq!(of(MAX_EDGE_BYTES - overhead + 1).unwrap_err().code(), "snapshot_too_large");
    largest.push(0);
    assert_eq!(code(&largest, &edge), "snapshot_too_large");
}

#[test]
fn a_snapshot_ends_at_its_expiry() {
    let bytes = sealed(&fields());
    let end = fields().expires_at;
    for (now, expected) in [
        (end - 1, "accepted"),
        (end, "snapshot_expired"),
        (end + 1, "snapshot_expired"),
        (i64::MAX, "snapshot_expired"),
    ] {
        assert_eq!(code(&bytes, &at(now)), expected, "{now}");
        assert_eq!(code(&bytes, &Policy { expiry: Expiry::Ignore, ..at(now) }), "accepted", "{now}");
    }
}

#[test]
fn a_snapshot_begins_when_it_is_issued_give_or_take_a_clock() {
    let bytes = sealed(&fields());
    let start = fields().issued_at - CLOCK_TOLERANCE;
    for (now, expected) in [
        (start + 1, "accepted"),
        (start, "accepted"),
        (start - 1, "snapshot_not_yet_valid"),
        (0, "snapshot_not_yet_valid"),
        (i64::MIN, "snapshot_not_yet_valid"),
    ] {
        assert_eq!(code(&bytes, &at(now)), expected, "{now}");
        assert_eq!(code(&bytes, &Policy { expiry: Expiry::Ignore, ..at(now) }), "accepted", "{now}");
    }
}

#[test]
fn the_version_floor_holds_whatever_the_expiry() {
    let bytes = sealed(&fields());
    for (min_version, expected) in [
        (0, "accepted"),
        (11, "accepted"),
        (12, "accepted"),
        (13, "snapshot_rolled_back"),
        (u64::MAX, "snapshot_rolled_back"),
    ] {
        for expiry in [Expiry::Enforce, Expiry::Ignore] {
            assert_eq!(code(&bytes, &Policy { min_version, expiry, ..at(NOW) }), expected, "{min_version}");
        }
    }
}

/// What a stolen key has published as the highest version there is must not keep out what comes after the key was replaced.
#[test]
fn versions_count_from_the_root_document_on_that_they_are_under() {
    let mut ring = ring();
    ring.version = 3;
    let bytes = sealed(&ManifestFields { root_version: 2, ..fields() });
    for (min_root_version, min_version, expected) in [
        (0, u64::MAX, "accepted /"),
        (1, 13, "accepted /"),
        (2, 12, "accepted /"),
        (2, 13, "snapshot_rolled_back /version"),
        (3, 0, "snapshot_rolled_back /rootVersion"),
    ] {
        let told = match open(&bytes, &ring, &Policy { min_version, min_root_version, ..at(NOW) }) {
            Ok(_) => "accepted /".to_owned(),
            Err(error) => format!("{} {}", error.code(), error.first().at.as_ref().unwrap().pointer),
        };
        assert_eq!(told, expected, "{min_root_version} {min_version}");
    }
}

#[test]
fn of_several_faults_the_first_in_the_documented_order_is_told() {
    let end = fields().expires_at;
    // Each step mends one fault of a file that begins with all of them.
    let policy = Policy { min_version: 13, ..at(end) };
    let told = |audience, environment, profile, policy: &Policy, spoil: bool| {
        let mut bytes = sealed(&ManifestFields { audience, environment, profile, ..fields() });
        if spoil {
            *bytes.last_mut().unwrap() ^= 1;
        }
        code(&bytes, policy)
    };
    use Profile::{Edge, Storefront};
    assert_eq!(told("other", "staging", Edge, &policy, true), "audience_mismatch");
    assert_eq!(told("demo-shop", "staging", Edge, &policy, true), "environment_mismatch");
    assert_eq!(told("demo-shop", "production", Edge, &policy, true), "profile_mismatch");
    assert_eq!(told("demo-shop", "production", Storefront, &policy, true), "snapshot_expired");
    let policy = Policy { now: NOW, ..policy };
    assert_eq!(told("demo-shop", "production", Storefront, &policy, true), "snapshot_rolled_back");
    let policy = Policy { min_version: 12, ..policy };
    assert_eq!(told("demo-shop", "production", Storefront, &policy, true), "section_mismatch");
    assert_eq!(told("demo-shop", "production", Storefront, &policy, false), "accepted");

    let mut broken = ring();
    broken.roles.publisher.threshold = 0;
    let oversized = vec![0; MAX_STOREFRONT_BYTES + 1];
    assert_eq!(open(&oversized, &broken, &at(NOW)).unwrap_err().code(), "key_ring_invalid");
}

#[test]
fn a_refusal_names_the_numbers_the_place_and_who_can_mend_it() {
    let bytes = sealed(&fields());
    let refusal = |policy: &Policy| open(&bytes, &ring(), policy).unwrap_err();
    let number = |error: &Error, name: &str| {
        let found = error.first().params.iter().find(|(param, _)| *param == name);
        found.map(|(_, value)| value.clone())
    };
    let expired = refusal(&at(fields().expires_at + 2 * 3_600_000));
    assert_eq!(number(&expired, "expiresAt"), Some(Param::Number(fields().expires_at)));
    assert_eq!(expired.first().message, "the snapshot expired 2 hours ago");
    assert_eq!(expired.first().fix_by, FixBy::Merchant);
    assert_eq!(expired.first().at.as_ref().unwrap().pointer, "/expiresAt");
    let rolled_back = refusal(&Policy { min_version: 13, ..at(NOW) });
    assert_eq!(number(&rolled_back, "version"), Some(Param::Number(12)));
    assert_eq!(number(&rolled_back, "minVersion"), Some(Param::Number(13)));
    let by_a_stranger = seal(&fields(), &[], &[&secret(9)]).unwrap();
    let unknown = open(&by_a_stranger, &ring(), &at(NOW)).unwrap_err();
    assert_eq!(number(&unknown, "keyId"), Some(Param::Text(secret(9).key_id().to_string())));
}

#[test]
fn a_key_ring_survives_json_and_knows_its_fields() {
    let text = serde_json::to_string(&ring()).unwrap();
    assert_eq!(KeyRing::from_json(&text).unwrap(), ring());
    assert!(!text.contains("null"), "{text}");
    for (from, to) in [
        ("audience", "audiance"),
        ("\"roles\"", "\"comment\":1,\"roles\""),
        ("\"publicKey\"", "\"validUntill\":5,\"publicKey\""),
        ("\"publisher\"", "\"publishers\""),
        ("\"threshold\":1", "\"threshold\":-1"),
        ("\"threshold\":1", "\"threshold\":1.5"),
        ("}", ""),
    ] {
        let refusal = KeyRing::from_json(&text.replacen(from, to, 1)).unwrap_err();
        assert_eq!(refusal.code(), "key_ring_invalid", "{from} -> {to}");
    }
}

/// A reader that looks into a source for known fields only would not see the unknown ones. Asked for a map, a
/// source can give no list of values either, which shows here.
#[test]
fn a_key_ring_asks_its_source_for_every_field() {
    let mut value = serde_json::to_value(ring()).unwrap();
    let publisher = &mut value["roles"]["publisher"];
    *publisher = serde_json::json!([1, publisher["keys"]]);
    assert!(serde_json::from_value::<KeyRing>(value).is_err());
}

#[test]
fn a_secret_key_survives_json_and_is_not_shown() {
    let text = format!(r#"{{"role":"publisher","name":"2026-a","secretKey":"{}"}}"#, "0a".repeat(32));
    let named = NamedSecretKey::from_json(&text).unwrap();
    assert_eq!(named.secret_key.public_key(), secret(10).public_key());
    assert_eq!(serde_json::to_string(&named).unwrap(), text);
    let shown = format!("{named:?}");
    assert!(!shown.contains("0a0a") && !shown.contains("10, 10"), "{shown}");
    for wrong in [text.replace("0a0a", "0A0A"), text.replace("\"0a", "\""), text.replace("name", "nome"), String::new()]
    {
        assert_eq!(NamedSecretKey::from_json(&wrong).unwrap_err().code(), "secret_key_invalid");
    }
}
