//! Attacks with a rightly signed manifest: for someone else, from another time, of another shape, with other
//! sections.

use serde_json::json;

use super::Attack;
use crate::fixtures::later_rules;
use crate::forge::{key, public, ring, rules, valid, with, Entry, File, Manifest, CAMPAIGNS, EDGE, NOW, UNHEARD_OF};

const TOLERANCE: i64 = 5 * 60 * 1000;

pub fn all() -> Vec<Attack> {
    [addressees(), times(), versions(), manifests(), spellings(), kinds(), sections()].into_iter().flatten().collect()
}

/// A body that no field writer makes, rightly signed.
fn with_body(body: Vec<u8>) -> Vec<u8> {
    File { sections: vec![rules().to_vec()], ..File::signed(2, body, &[key(1)]) }.bytes()
}

fn addressees() -> Vec<Attack> {
    let mut other = ring(1, &[public(&key(1))]);
    other["audience"] = json!("other-shop");
    vec![
        Attack::refused("other-tenant", "audience_mismatch", "the snapshot of another shop, by a shared key")
            .file("snapshot", with(|m| m.audience = "other-shop".into()))
            .file("longer-name", with(|m| m.audience = "demo-shop-2".into()))
            .file("other-case", with(|m| m.audience = "Demo-Shop".into())),
        Attack::refused("other-tenants-ring", "audience_mismatch", "a good snapshot at another shop")
            .ring(other)
            .snapshot(valid().bytes()),
        Attack::refused("other-environment", "environment_mismatch", "a staging snapshot in production")
            .snapshot(with(|m| m.environment = "staging".into())),
        Attack::refused("edge-in-storefront", "profile_mismatch", "the private half reaches a browser")
            .snapshot(with(|m| m.profile = EDGE)),
        Attack::refused("storefront-at-edge", "profile_mismatch", "the public half reaches the edge")
            .policy("profile", "edge")
            .snapshot(valid().bytes()),
        Attack::accepted("edge-at-edge", "the private half where it belongs: a control")
            .policy("profile", "edge")
            .snapshot(with(|m| m.profile = EDGE)),
    ]
}

fn times() -> Vec<Attack> {
    let expires = |at: i64| with(|m| m.expires_at = at as u64);
    let issued = |at: i64| with(|m| m.issued_at = at as u64);
    vec![
        Attack::accepted("last-moment", "expires a millisecond from now: a control").snapshot(expires(NOW + 1)),
        Attack::refused("expired", "snapshot_expired", "expires now, or did before")
            .file("now", expires(NOW))
            .file("a-millisecond-ago", expires(NOW - 1)),
        Attack::accepted("clock-a-little-behind", "issued in the future, within the tolerance: a control")
            .snapshot(issued(NOW + TOLERANCE)),
        Attack::refused("not-yet-valid", "snapshot_not_yet_valid", "issued beyond the tolerance")
            .snapshot(issued(NOW + TOLERANCE + 1)),
    ]
}

fn versions() -> Vec<Attack> {
    vec![
        Attack::accepted("same-version-again", "the version floor is this version: a control")
            .policy("minVersion", 12)
            .snapshot(valid().bytes()),
        Attack::refused("rolled-back", "snapshot_rolled_back", "the version floor is one higher")
            .policy("minVersion", 13)
            .snapshot(valid().bytes()),
        Attack::refused("fast-forward", "snapshot_malformed", "a version no later one can follow")
            .file("2-pow-53", with(|m| m.version = 1 << 53))
            .file("2-pow-63", with(|m| m.version = 1 << 63))
            .file("2-pow-64-minus-1", with(|m| m.version = u64::MAX)),
    ]
}

fn manifests() -> Vec<Attack> {
    let many = vec![Entry::of(UNHEARD_OF, false, b""); 256];
    vec![
        Attack::refused(
            "format-of-the-future",
            "format_unsupported",
            "a manifest of format 2, or with a third profile",
        )
        .file("format", with(|m| m.format = 2))
        .file("profile", with(|m| m.profile = 3)),
        Attack::refused("contradictory-manifest", "snapshot_malformed", "signed, and impossible")
            .file("version-0", with(|m| m.version = 0))
            .file("expires-when-issued", with(|m| m.expires_at = m.issued_at))
            .file("expires-beyond-time", with(|m| m.expires_at = u64::MAX))
            .file("no-audience", with(|m| m.audience.clear()))
            .file("long-environment", with(|m| m.environment = "e".repeat(129)))
            .file("campaigns-twice", with(|m| m.sections.push(Entry::of(CAMPAIGNS, true, b"")))),
        Attack::refused("too-many-sections", "snapshot_too_large", "257 sections, 256 of them empty")
            .snapshot(with(|m| m.sections.extend(many))),
    ]
}

fn spellings() -> Vec<Attack> {
    let body = Manifest::of(&[(CAMPAIGNS, true, rules())]).body();
    let version = 1 + 1 + 9 + 1 + 10 + 1 + 16;
    assert_eq!(body[version], 12);
    let longer = |at: usize| [&body[..at], &[body[at] | 0x80, 0], &body[at + 1..]].concat();
    let critical = version + 1 + 6 + 6 + 1 + 1 + 1;
    assert_eq!(body[critical - 1..=critical], [CAMPAIGNS, 1]);
    let replaced = |at: usize, value: u8| {
        let mut body = body.clone();
        body[at] = value;
        with_body(body)
    };
    vec![
        Attack::refused("non-minimal-number", "snapshot_malformed", "a number in more bytes than it needs")
            .file("name-length", with_body(longer(1)))
            .file("version", with_body(longer(version)))
            .file("section-count", with_body(longer(critical - 2))),
        Attack::refused("trailing-bytes-in-manifest", "snapshot_malformed", "the signed body goes on")
            .snapshot(with_body([&body[..], &[0]].concat())),
        Attack::refused("truncated-manifest", "snapshot_malformed", "the signed body ends early")
            .file("empty", with_body(vec![]))
            .file("format-only", with_body(body[..1].to_vec()))
            .file("before-last-byte", with_body(body[..body.len() - 1].to_vec())),
        Attack::refused("manifest-of-nonsense", "snapshot_malformed", "values that their types do not have")
            .file("flag-of-2", replaced(critical, 2))
            .file("name-not-utf-8", replaced(2, 0xff))
            .file("section-count-127", replaced(critical - 2, 127)),
    ]
}

fn kinds() -> Vec<Attack> {
    let file = |sections: &[(u8, bool, &[u8])]| {
        let bytes: Vec<&[u8]> = sections.iter().map(|(_, _, bytes)| *bytes).collect();
        File::snapshot(&Manifest::of(sections), &bytes, &[key(1)]).bytes()
    };
    let mut spoiled = file(&[(CAMPAIGNS, true, rules()), (UNHEARD_OF, false, b"from a later publisher")]);
    *spoiled.last_mut().unwrap() ^= 1;
    vec![
        Attack::accepted("unknown-section", "a section of a kind to be skipped: a control")
            .file("after", file(&[(CAMPAIGNS, true, rules()), (UNHEARD_OF, false, b"from a later publisher")]))
            .file("before", file(&[(UNHEARD_OF, false, b"from a later publisher"), (CAMPAIGNS, true, rules())])),
        Attack {
            set_aside: 1,
            ..Attack::accepted(
                "campaign-of-the-future",
                "a campaign of a kind that nobody knows beside one that all know: a control",
            )
            .snapshot(file(&[(CAMPAIGNS, true, &later_rules())]))
        },
        Attack::refused("unknown-critical-section", "format_unsupported", "a section of a kind not to be skipped")
            .snapshot(file(&[(CAMPAIGNS, true, rules()), (UNHEARD_OF, true, b"from a later publisher")])),
        Attack::refused("unknown-section-flipped", "section_mismatch", "a skipped section is checked all the same")
            .snapshot(spoiled),
    ]
}

fn sections() -> Vec<Attack> {
    let pair: [&[u8]; 2] = [b"section one", b"section two"];
    let manifest = Manifest::of(&[(CAMPAIGNS, true, pair[0]), (UNHEARD_OF, false, pair[1])]);
    let assembled = |sections: &[&[u8]]| File::snapshot(&manifest, sections, &[key(1)]).bytes();
    let lengths = |lengths: &[u64]| {
        with(|m| m.sections = lengths.iter().map(|length| Entry { length: *length, ..m.sections[0].clone() }).collect())
    };
    let skipped = |lengths: [u64; 2]| {
        with(|m| {
            for length in lengths {
                m.sections.push(Entry { kind: UNHEARD_OF, critical: false, length, sha256: [0; 32] });
            }
        })
    };
    vec![
        Attack::refused("swapped-sections", "section_mismatch", "two sections in each other's place")
            .file("swapped", assembled(&[pair[1], pair[0]]))
            .file("first-twice", assembled(&[pair[0], pair[0]])),
        Attack::refused(
            "section-of-another-version",
            "section_mismatch",
            "the manifest of today, the rules of last week",
        )
        .snapshot(File { sections: vec![rules().to_ascii_uppercase()], ..valid() }.bytes()),
        Attack::refused("missing-section", "snapshot_malformed", "the last section is not there")
            .snapshot(assembled(&pair[..1])),
        Attack::refused("lying-section-length", "snapshot_malformed", "lengths beyond the file, or beyond numbers")
            .file("one-more", lengths(&[rules().len() as u64 + 1]))
            .file("one-less", lengths(&[rules().len() as u64 - 1]))
            .file("2-pow-32-minus-1", lengths(&[(1 << 32) - 1]))
            .file("2-pow-63", lengths(&[1 << 63]))
            .file("2-pow-64-minus-1", lengths(&[u64::MAX]))
            .file("sum-wraps-to-the-right-length", skipped([1 << 63, 1 << 63])),
    ]
}
