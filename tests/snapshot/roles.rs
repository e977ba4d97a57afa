//! Root, publisher and pulse end to end: each is rotated while a host follows, ceilings bind whoever publishes, and a pulse
//! stops a campaign that is open.

use counterfoil::compile::{compile, Source};
use counterfoil::error::Error;
use counterfoil::snapshot::limits::{MAX_EDGE_PULSE_LIFE, MAX_ROOT_STEPS, MAX_STOREFRONT_PULSE_LIFE};
use counterfoil::snapshot::{
    countersign, inspect, role_of, seal, sections, CeilingBudget, Ceilings, KeyRing, ManifestFields, Policy, Profile,
    Pulse, Roles, Root, SecretKey,
};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};
use serde_json::{json, Value};

use crate::forge::NOW;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

/// Root keys 1 to 3, two of which must sign; publisher 10; pulse 20.
fn root() -> Root {
    let roles = Roles {
        root: Some(role_of(2, &[key(1).public_key(), key(2).public_key(), key(3).public_key()])),
        publisher: role_of(1, &[key(10).public_key()]),
        pulse: Some(role_of(1, &[key(20).public_key()])),
        edge: Some(role_of(1, &[key(30).public_key()])),
    };
    Root {
        audience: "demo-shop".into(),
        environment: "production".into(),
        version: 1,
        expires_at: NOW + 365 * DAY,
        roles,
        ceilings: Ceilings::default(),
    }
}

fn first() -> Vec<u8> {
    root().seal(&[&key(1), &key(2)]).unwrap()
}

fn published(change: impl FnOnce(&mut ManifestFields<'_>), publisher: u8) -> Vec<u8> {
    let document = json!({ "campaigns": [
        { "id": "half", "discounts": [{ "type": "percent_off", "percent": "50" }] },
        { "id": "ten", "discounts": [{ "type": "amount_off", "amount": { "EUR": 1000 } }] },
        { "id": "code", "codes": ["SHIP"], "discounts": [{ "type": "free_shipping" }] },
    ] });
    let life = Interval { from: NOW - HOUR, until: NOW + 14 * DAY };
    let compiled = compile(&[Source { name: "shop".into(), document }], life).unwrap();
    let mut fields = ManifestFields {
        audience: "demo-shop",
        environment: "production",
        profile: Profile::Storefront,
        revision: None,
        version: 12,
        issued_at: life.from,
        expires_at: life.until,
        root_version: 1,
    };
    change(&mut fields);
    seal(&fields, &sections(&compiled.section, &compiled.programme), &[&key(publisher)]).unwrap()
}

fn open(bytes: &[u8], ring: &KeyRing, profile: Profile) -> Result<Engine, Error> {
    Engine::open(bytes, ring, Options { policy: Policy::at(NOW, profile), disclosure: Default::default() })
}

fn engine(ring: &KeyRing) -> Engine {
    open(&published(|_| (), 10), ring, Profile::Storefront).unwrap()
}

fn pulse_of(engine: &Engine, stopped: &[&str]) -> Pulse {
    engine.pulse(NOW, NOW + HOUR, stopped.iter().map(|id| (*id).to_owned()).collect())
}

fn total(engine: &mut Engine, now: i64) -> Result<i64, Error> {
    let body = br#"{ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 5000, "quantity": 2 }] }"#;
    let quote: Value = serde_json::from_slice(engine.quote_bytes(body, Some(now))?).unwrap();
    Ok(quote["total"].as_i64().unwrap())
}

fn code<T>(result: Result<T, Error>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "accepted")
}

#[test]
fn each_role_is_rotated_while_a_host_follows_from_what_it_was_set_up_with() {
    let pinned = root().key_ring();
    let mut next = root();
    let mut chain = first();
    let add = |chain: &mut Vec<u8>, next: &mut Root, keys: &[&SecretKey]| {
        next.version += 1;
        chain.extend(next.seal(keys).unwrap());
        pinned.follow(chain, NOW).unwrap()
    };

    // the publisher's key is replaced: what the old one signs from now on is nothing
    next.roles.publisher = role_of(1, &[key(11).public_key()]);
    let ring = add(&mut chain, &mut next, &[&key(2), &key(3)]);
    let under = |version: u64| move |fields: &mut ManifestFields<'_>| fields.root_version = version;
    assert_eq!(code(open(&published(under(2), 11), &ring, Profile::Storefront)), "accepted");
    assert_eq!(code(open(&published(under(2), 10), &ring, Profile::Storefront)), "key_unknown");
    // a host that was not handed the new document says so, and does not take the old key for good
    assert_eq!(code(open(&published(under(2), 10), &pinned, Profile::Storefront)), "root_outdated");

    // the pulse key is replaced
    next.roles.pulse = Some(role_of(1, &[key(21).public_key()]));
    let ring = add(&mut chain, &mut next, &[&key(1), &key(3)]);
    let mut engine = open(&published(under(3), 11), &ring, Profile::Storefront).unwrap();
    let pulse = pulse_of(&engine, &[]);
    assert_eq!(code(engine.take_pulse(&pulse.seal(&[&key(20)]).unwrap(), NOW)), "key_unknown");
    assert_eq!(code(engine.take_pulse(&pulse.seal(&[&key(21)]).unwrap(), NOW)), "accepted");

    // two root keys are replaced: old and new ones sign, and from then on the new ones alone
    next.roles.root = Some(role_of(2, &[key(3).public_key(), key(4).public_key(), key(5).public_key()]));
    add(&mut chain, &mut next, &[&key(1), &key(2), &key(4), &key(5)]);
    next.ceilings.discount = 4_000;
    let ring = add(&mut chain, &mut next, &[&key(4), &key(5)]);
    assert_eq!((ring.version, ring.ceilings.discount), (5, 4_000));

    // a host that is set up under the third, one that has followed up to it comes to the same end, and one that has the last stays
    let third = inspect(&chain).unwrap().remove(2).0.key_ring();
    assert_eq!(third.follow(&chain, NOW).unwrap(), ring);
    assert_eq!(inspect(&chain).unwrap().remove(2).0.pinned().follow(&chain, NOW).unwrap(), ring);
    assert_eq!(ring.follow(&chain, NOW).unwrap(), ring);
    assert_eq!(ring.follow(&[], NOW).unwrap(), ring);
}

#[test]
fn a_chain_with_any_fault_leads_nowhere() {
    let pinned = root().key_ring();
    let follow = |documents: &[&[u8]]| code(pinned.follow(&documents.concat(), NOW));
    let first = first();
    let second = |change: &dyn Fn(&mut Root), seeds: &[u8]| {
        let mut next = Root { version: 2, ..root() };
        change(&mut next);
        let keys: Vec<SecretKey> = seeds.iter().map(|seed| key(*seed)).collect();
        next.seal(&keys.iter().collect::<Vec<_>>()).unwrap()
    };
    let same: &dyn Fn(&mut Root) = &|_| ();
    assert_eq!(follow(&[&first, &second(same, &[1, 2])]), "accepted");
    assert_eq!(follow(&[&first, &second(same, &[1])]), "threshold_not_met");
    assert_eq!(follow(&[&first, &second(same, &[10, 20])]), "key_unknown");
    let others: &dyn Fn(&mut Root) =
        &|root| root.roles.root = Some(role_of(2, &[key(4).public_key(), key(5).public_key()]));
    // the new keys alone, the old ones alone
    assert_eq!(follow(&[&first, &second(others, &[4, 5])]), "key_unknown");
    assert_eq!(follow(&[&first, &second(others, &[1, 2])]), "key_unknown");
    assert_eq!(follow(&[&first, &second(others, &[1, 2, 4])]), "threshold_not_met");
    assert_eq!(follow(&[&first, &second(others, &[1, 2, 4, 5])]), "accepted");
    // a gap, a step back, the same again
    assert_eq!(follow(&[&first, &second(&|root| root.version = 3, &[1, 2])]), "root_out_of_order");
    assert_eq!(follow(&[&first, &first]), "root_out_of_order");
    assert_eq!(follow(&[&first, &second(&|root| root.audience = "other".into(), &[1, 2])]), "audience_mismatch");
    assert_eq!(
        follow(&[&first, &second(&|root| root.environment = "staging".into(), &[1, 2])]),
        "environment_mismatch"
    );
    // an end that is past binds for the last document and not for those on the way
    let ended: &dyn Fn(&mut Root) = &|root| root.expires_at = NOW;
    assert_eq!(follow(&[&first, &second(ended, &[1, 2])]), "root_expired");
    let third = Root { version: 3, ..root() }.seal(&[&key(1), &key(2)]).unwrap();
    assert_eq!(follow(&[&first, &second(ended, &[1, 2]), &third]), "accepted");
    // other documents in its place
    let snapshot = published(|_| (), 10);
    assert_eq!(follow(&[&first, &snapshot]), "snapshot_malformed");
    // nothing but a ring with root keys can follow
    let ring = KeyRing::with_publisher("demo-shop", "production", &[key(10).public_key()]);
    assert_eq!(code(ring.follow(&first, NOW)), "key_ring_invalid");
}

#[test]
fn a_host_follows_so_many_documents_and_no_more() {
    let steps = |count: u64| {
        let documents = (1..=count).map(|version| Root { version, ..root() }.seal(&[&key(1), &key(2)]).unwrap());
        documents.collect::<Vec<_>>().concat()
    };
    let pinned = root().pinned();
    assert_eq!(code(pinned.follow(&steps(MAX_ROOT_STEPS), NOW)), "accepted");
    assert_eq!(code(pinned.follow(&steps(MAX_ROOT_STEPS + 1), NOW)), "snapshot_too_large");
}

#[test]
fn several_people_sign_one_after_the_other() {
    let alone = root().seal(&[&key(1)]).unwrap();
    let pinned = root().pinned();
    assert_eq!(code(pinned.follow(&alone, NOW)), "threshold_not_met");
    let both = countersign(&alone, &key(2)).unwrap();
    assert_eq!(both, first());
    assert_eq!(countersign(&both, &key(2)).unwrap(), both);
    assert_eq!(code(pinned.follow(&both, NOW)), "accepted");
    // of a chain the last document is signed
    let second = Root { version: 2, ..root() };
    let chain = [first(), second.seal(&[&key(1)]).unwrap()].concat();
    assert_eq!(countersign(&chain, &key(3)).unwrap(), [first(), second.seal(&[&key(1), &key(3)]).unwrap()].concat());
}

#[test]
fn a_ceiling_bounds_what_discounts_take_together_whoever_published_them() {
    let held = |discount: u16, budgets: &[(&str, u64)]| {
        let budget = |(currency, amount): &(&str, u64)| CeilingBudget { currency: (*currency).into(), amount: *amount };
        let ceilings = Ceilings { discount, budgets: budgets.iter().map(budget).collect(), ..Ceilings::default() };
        Root { ceilings, ..root() }.key_ring()
    };
    // 100.00: half, and 10.00 of the rest
    assert_eq!(total(&mut engine(&held(10_000, &[])), NOW).unwrap(), 4_000);
    assert_eq!(total(&mut engine(&held(6_000, &[])), NOW).unwrap(), 4_000);
    assert_eq!(total(&mut engine(&held(5_999, &[])), NOW).unwrap(), 4_001);
    assert_eq!(total(&mut engine(&held(3_000, &[])), NOW).unwrap(), 7_000);
    assert_eq!(total(&mut engine(&held(0, &[])), NOW).unwrap(), 10_000);
    assert_eq!(total(&mut engine(&held(10_000, &[("EUR", 1)])), NOW).unwrap(), 4_000);
    // in a currency that the root does not name there is no discount
    assert_eq!(total(&mut engine(&held(10_000, &[("USD", 1)])), NOW).unwrap(), 10_000);
}

#[test]
fn the_ledger_holds_every_campaign_to_the_ceiling_of_its_budget() {
    let budgets = vec![CeilingBudget { currency: "EUR".into(), amount: 7_500 }];
    let ring = Root { ceilings: Ceilings { budgets, ..Ceilings::default() }, ..root() }.key_ring();
    let programme: Value = serde_json::from_slice(&engine(&ring).programme().unwrap()).unwrap();
    assert_eq!(programme["allowances"]["half"]["draws"], json!([{ "budget": "half/ceiling" }]));
    assert_eq!(programme["allowances"]["half/ceiling/EUR"]["limits"][0]["budget"], 7_500);
    assert_eq!(programme["allowances"]["ten/ceiling/EUR"]["currency"], "EUR");
}

#[test]
fn a_snapshot_lives_no_longer_than_the_ceiling() {
    let ring = |life: i64| {
        let ceilings = Ceilings { life: life.unsigned_abs(), ..Ceilings::default() };
        Root { ceilings, ..root() }.key_ring()
    };
    let snapshot = published(|_| (), 10);
    let life = 14 * DAY + HOUR;
    assert_eq!(code(open(&snapshot, &ring(life), Profile::Storefront)), "accepted");
    assert_eq!(code(open(&snapshot, &ring(life - 1), Profile::Storefront)), "ceiling_exceeded");
}

#[test]
fn a_pulse_stops_a_campaign_and_no_later_one_brings_it_back() {
    let mut engine = engine(&root().key_ring());
    assert_eq!(total(&mut engine, NOW).unwrap(), 4_000);
    let stop = pulse_of(&engine, &["half", "there-is-none"]).seal(&[&key(20)]).unwrap();
    assert_eq!(engine.take_pulse(&stop, NOW).unwrap(), (NOW + HOUR, 1));
    assert_eq!(total(&mut engine, NOW).unwrap(), 9_000);
    assert_eq!(engine.take_pulse(&stop, NOW).unwrap(), (NOW + HOUR, 0));
    // the ledger takes no more of it, and what is held may still be confirmed
    let programme: Value = serde_json::from_slice(&engine.programme().unwrap()).unwrap();
    assert_eq!(programme["stopped"], json!(["half", "there-is-none"]));
    assert!(programme["allowances"]["half"].is_object());

    let later = engine.pulse(NOW + 1, NOW + HOUR, Vec::new()).seal(&[&key(20)]).unwrap();
    assert_eq!(engine.take_pulse(&later, NOW + 1).unwrap(), (NOW + HOUR, 0));
    assert_eq!(total(&mut engine, NOW).unwrap(), 9_000);
    assert_eq!(code(engine.take_pulse(&stop, NOW + 1)), "pulse_rolled_back");
}

#[test]
fn what_an_earlier_snapshots_pulse_stopped_holds_until_one_speaks_of_this() {
    let mut engine = engine(&root().key_ring());
    let sealed = |pulse: Pulse| pulse.seal(&[&key(20)]).unwrap();
    let speaking = |engine: &Engine, version: u64, stopped: &[&str], at: i64| {
        let pulse = Pulse { issued_at: NOW + at, ..pulse_of(engine, stopped) };
        sealed(Pulse {
            version,
            min_version: 1,
            manifest: if version == 12 { pulse.manifest } else { [0; 32] },
            ..pulse
        })
    };
    let stopped = |engine: &Engine| {
        let programme: Value = serde_json::from_slice(&engine.programme().unwrap()).unwrap();
        programme["stopped"].as_array().cloned().unwrap_or_default()
    };
    let earlier = speaking(&engine, 11, &["half"], 0);
    assert_eq!(engine.take_pulse(&earlier, NOW).unwrap(), (NOW + HOUR, 1));
    assert_eq!((total(&mut engine, NOW).unwrap(), stopped(&engine)), (9_000, vec![json!("half")]));
    let again = speaking(&engine, 11, &[], 1);
    assert_eq!(engine.take_pulse(&again, NOW + 1).unwrap(), (NOW + HOUR, 0));
    assert_eq!(total(&mut engine, NOW).unwrap(), 9_000);
    // this one takes no stop back that stands, and makes one of its own
    let ours = speaking(&engine, 12, &["ten"], 2);
    assert_eq!(engine.take_pulse(&ours, NOW + 2).unwrap(), (NOW + HOUR, 2));
    assert_eq!((total(&mut engine, NOW).unwrap(), stopped(&engine)), (5_000, vec![json!("ten")]));
    let later = speaking(&engine, 13, &[], 3);
    assert_eq!(engine.take_pulse(&later, NOW + 3).unwrap(), (NOW + HOUR, 0));
    assert_eq!(total(&mut engine, NOW).unwrap(), 5_000);
}

#[test]
fn a_pulse_that_is_refused_changes_nothing() {
    let mut engine = engine(&root().key_ring());
    let sound = pulse_of(&engine, &["half"]);
    let mut refused = |change: &dyn Fn(&mut Pulse), seed: u8, now: i64| {
        let mut pulse = sound.clone();
        change(&mut pulse);
        let found = code(engine.take_pulse(&pulse.seal(&[&key(seed)]).unwrap(), now));
        assert_eq!(total(&mut engine, NOW).unwrap(), 4_000, "{found}");
        found
    };
    let same: &dyn Fn(&mut Pulse) = &|_| ();
    assert_eq!(refused(same, 10, NOW), "key_unknown");
    assert_eq!(refused(same, 1, NOW), "key_unknown");
    assert_eq!(refused(&|pulse| pulse.audience = "other".into(), 20, NOW), "audience_mismatch");
    assert_eq!(refused(&|pulse| pulse.environment = "staging".into(), 20, NOW), "environment_mismatch");
    assert_eq!(refused(&|pulse| pulse.profile = Profile::Edge, 20, NOW), "profile_mismatch");
    assert_eq!(refused(&|pulse| pulse.manifest[0] ^= 1, 20, NOW), "pulse_mismatch");
    assert_eq!(refused(&|pulse| (pulse.version, pulse.min_version) = (13, 13), 20, NOW), "snapshot_rolled_back");
    assert_eq!(refused(same, 20, NOW + HOUR), "pulse_expired");
    assert_eq!(refused(same, 20, NOW - 5 * 60_000 - 1), "snapshot_not_yet_valid");
    let trailing = [sound.seal(&[&key(20)]).unwrap(), vec![0]].concat();
    assert_eq!(code(engine.take_pulse(&trailing, NOW)), "snapshot_malformed");
    assert_eq!(total(&mut engine, NOW).unwrap(), 4_000);
    // the last moment, and a newer version that leaves this one in use
    let newer = Pulse { version: 13, manifest: [0; 32], min_version: 12, ..sound };
    assert_eq!(code(engine.take_pulse(&newer.seal(&[&key(20)]).unwrap(), NOW + HOUR - 1)), "accepted");
}

#[test]
fn at_the_edge_nothing_is_quoted_without_a_pulse_that_is_good_now() {
    let snapshot = published(|fields| fields.profile = Profile::Edge, 10);
    let mut engine = open(&snapshot, &root().key_ring(), Profile::Edge).unwrap();
    assert_eq!(code(total(&mut engine, NOW)), "pulse_missing");
    let pulse = pulse_of(&engine, &[]).seal(&[&key(20)]).unwrap();
    engine.take_pulse(&pulse, NOW).unwrap();
    assert_eq!(total(&mut engine, NOW).unwrap(), 4_000);
    assert_eq!(total(&mut engine, NOW + HOUR - 1).unwrap(), 4_000);
    assert_eq!(code(total(&mut engine, NOW + HOUR)), "pulse_missing");
    // where no pulse key is trusted there is none to wait for
    let ring = KeyRing::with_publisher("demo-shop", "production", &[key(10).public_key()]);
    let snapshot = published(|fields| (fields.profile, fields.root_version) = (Profile::Edge, 0), 10);
    assert_eq!(total(&mut open(&snapshot, &ring, Profile::Edge).unwrap(), NOW).unwrap(), 4_000);
}

#[test]
fn a_pulse_lives_a_day_and_at_the_edge_an_hour_at_most() {
    let storefront = pulse_of(&engine(&root().key_ring()), &[]);
    let edge = Pulse { profile: Profile::Edge, ..storefront.clone() };
    for (pulse, most) in [(storefront, MAX_STOREFRONT_PULSE_LIFE), (edge, MAX_EDGE_PULSE_LIFE)] {
        let lives = |life: i64| code(Pulse { expires_at: NOW + life, ..pulse.clone() }.seal(&[&key(20)]));
        assert_eq!(
            [lives(0), lives(1), lives(most), lives(most + 1)],
            ["snapshot_malformed", "accepted", "accepted", "snapshot_malformed"]
        );
    }
}
