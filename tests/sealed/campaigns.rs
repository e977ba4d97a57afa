//! What is published of campaigns that are not open, and what a code makes of it.

use counterfoil::catalog::Catalog;
use counterfoil::snapshot::{open, Profile, SectionKind};
use counterfoil::{unseal, Engine};
use serde_json::{json, Value};

use crate::shop::{campaigns, cart, compiled, options, policy, published, quote, ring, LIFE};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

/// All that only the campaigns that are not open say.
const SECRETS: [&str; 9] = [
    "MOUNTAINGOAT7",
    "HILLSIDEWALK8",
    "SPRINGALLOVER",
    "BEHINDTHECOUNTER",
    "blogger",
    "relaunch",
    "staff",
    "winterboots",
    "earlybird",
];

#[test]
fn what_everyone_downloads_says_nothing_of_what_is_sealed() {
    let (public, private) = published(&compiled(campaigns()));
    for secret in SECRETS {
        assert!(!holds(&public, secret), "{secret}");
        assert!(holds(&private, secret), "{secret}");
    }
    // a budget as numbers are written
    for amount in [777_777_i64, 4_242] {
        let written = postcard_of(amount);
        let section = campaigns_of(&public);
        assert!(!section.windows(written.len()).any(|part| part == written), "{amount}");
    }
}

fn postcard_of(number: i64) -> Vec<u8> {
    let mut zigzag = (number << 1) as u64;
    let mut bytes = Vec::new();
    while zigzag >= 0x80 {
        bytes.push((zigzag & 0x7f) as u8 | 0x80);
        zigzag >>= 7;
    }
    bytes.push(zigzag as u8);
    bytes
}

fn campaigns_of(snapshot: &[u8]) -> Vec<u8> {
    open(snapshot, &ring(), &policy()).unwrap().section(SectionKind::Campaigns).unwrap().to_vec()
}

/// But for blanks in their places, a currency that they alone name and the sealed section, the public half is what it would be
/// without them.
#[test]
fn the_section_is_that_of_a_shop_without_them() {
    let mut without = campaigns();
    let list = without["campaigns"].as_array_mut().unwrap();
    list.retain(|campaign| campaign["visibility"].is_null());
    let mut blanked = campaigns();
    for campaign in blanked["campaigns"].as_array_mut().unwrap() {
        if campaign["visibility"] == "sealed" {
            // other conditions, amounts and names, which leave them where they stand in the order of application
            let id = format!("{}-other", &campaign["id"].as_str().unwrap()[..1]);
            campaign["codes"] = json!([format!("OTHER-{id}")]);
            campaign["id"] = id.into();
            campaign["when"] = json!({ "type": "min_subtotal", "amount": { "EUR": 1 } });
            campaign["limits"] = json!({ "budget": { "EUR": 1, "CHF": 1 } });
        }
    }
    let section = compiled(campaigns()).section;
    assert_eq!(section, compiled(blanked).section, "what is sealed has no part in it");
    let bare = Catalog::read(&compiled(without).section).unwrap();
    let public = Catalog::read(&section).unwrap();
    assert_eq!(public.vocabulary().words, bare.vocabulary().words);
    assert_eq!(public.codes().len(), bare.codes().len());
    let ids = |catalog: &Catalog| -> Vec<String> {
        let ids = catalog.promotions().iter().map(|promotion| promotion.record.id.clone());
        ids.filter(|id| !id.is_empty()).collect()
    };
    assert_eq!(ids(&public), ids(&bare));
    assert!(public.set_aside().is_empty());
}

fn total(engine: &mut Engine, codes: &[&str]) -> i64 {
    quote(engine, &cart(codes)).unwrap()["total"].as_i64().unwrap()
}

#[test]
fn a_code_opens_its_campaign_and_no_other() {
    let (public, private) = published(&compiled(campaigns()));
    let mut before = Engine::open(&public, &ring(), options(Profile::Storefront)).unwrap();
    let mut edge = Engine::open(&private, &ring(), options(Profile::Edge)).unwrap();
    assert_eq!(total(&mut before, &["mountain-goat-7"]), total(&mut before, &[]));

    let unsealed = |held: Option<&[u8]>, typed: &str| unseal(&public, &ring(), &policy(), held, typed).unwrap();
    let opened = |section: &[u8]| Engine::open_with(&public, &ring(), options(Profile::Storefront), section).unwrap();
    assert_eq!(unsealed(None, "mountain-goat-8"), None);
    assert_eq!(unsealed(None, "ten"), None, "an open one has no box");
    assert_eq!(unsealed(None, "behind-the-counter"), None, "nor has one of the edge");
    assert_eq!(unsealed(None, ""), None);

    let one = unsealed(None, "mountain goat 7").unwrap();
    assert!(holds(&one, "blogger") && !holds(&one, "relaunch") && !holds(&one, "HILLSIDEWALK8"));
    let mut engine = opened(&one);
    for codes in [&["Mountain-Goat-7"][..], &["TEN"], &["TEN", "MOUNTAINGOAT7"], &[]] {
        assert_eq!(total(&mut engine, codes), total(&mut edge, codes), "{codes:?}");
    }
    assert_ne!(total(&mut engine, &["MOUNTAINGOAT7"]), total(&mut before, &["MOUNTAINGOAT7"]));
    assert_eq!(total(&mut engine, &["SPRINGALLOVER"]), total(&mut before, &[]), "the other one is as it was");
    assert_eq!(total(&mut engine, &["HILLSIDEWALK8"]), total(&mut before, &[]), "and so is its other code");

    // the second is added to the first, and in the other order the same comes of it
    let both = unsealed(Some(&one), "spring-all-over").unwrap();
    let second = unsealed(None, "spring-all-over").unwrap();
    assert_eq!(unsealed(Some(&second), "mountain-goat-7").unwrap(), both);
    let mut engine = opened(&both);
    for codes in [&["MOUNTAINGOAT7"][..], &["SPRINGALLOVER"], &["SPRINGALLOVER", "MOUNTAINGOAT7"], &[]] {
        assert_eq!(total(&mut engine, codes), total(&mut edge, codes), "{codes:?}");
    }
    assert_eq!(unsealed(Some(&both), "mountain-goat-7").unwrap(), both, "a code that is open already changes nothing");
}

#[test]
fn both_halves_have_one_name_that_is_no_way_to_try_codes() {
    let revision = |bytes: &[u8], profile| {
        let policy = options(profile).policy;
        open(bytes, &ring(), &policy).unwrap().manifest().revision
    };
    let compiled = compiled(campaigns());
    let (public, private) = published(&compiled);
    assert_eq!(revision(&public, Profile::Storefront), revision(&private, Profile::Edge));
    assert_eq!(published(&compiled), (public.clone(), private), "the same again under the same key");
    // who knows all of the campaigns, and not the key, does not get to the name
    let other = counterfoil::snapshot::SecretKey::from_seed(&[8; 32]);
    let guessed = counterfoil::publication::Publication::of(&compiled, &other).revision();
    assert_ne!(guessed, revision(&public, Profile::Storefront));
}

#[test]
fn a_campaign_of_the_edge_is_in_its_half_alone() {
    let document = json!({ "campaigns": [{ "id": "staff", "codes": ["COUNTER"], "visibility": "edge",
        "discounts": [{ "type": "percent_off", "percent": "50" }] }] });
    let (public, private) = published(&compiled(document));
    assert_eq!(Catalog::read(&campaigns_of(&public)).unwrap().promotions().len(), 0);
    let mut edge = Engine::open(&private, &ring(), options(Profile::Edge)).unwrap();
    assert_eq!(total(&mut edge, &["counter"]), 2_500);
    assert_eq!(edge.catalog().hidden(), [0]);
}

#[test]
fn a_grant_holds_no_campaign_whose_code_was_not_shown() {
    let (public, private) = published(&compiled(campaigns()));
    let mut edge = Engine::open(&private, &ring(), options(Profile::Edge)).unwrap();
    let granted = edge.granting(&["spring-all-over", "behind the counter", "never-was"], Some("ann"), LIFE);
    assert_eq!(granted.campaigns, [Some("relaunch".to_owned()), Some("staff".to_owned()), None]);
    for secret in ["MOUNTAINGOAT7", "HILLSIDEWALK8", "blogger"] {
        assert!(!holds(&granted.section, secret), "{secret}");
    }
    let mut page = Engine::open_with(&public, &ring(), options(Profile::Storefront), &granted.section).unwrap();
    for codes in [&["SPRINGALLOVER"][..], &["BEHINDTHECOUNTER"], &["TEN", "SPRINGALLOVER"], &[]] {
        assert_eq!(total(&mut page, codes), total(&mut edge, codes), "{codes:?}");
    }
    assert_eq!(total(&mut page, &["MOUNTAINGOAT7"]), total(&mut page, &[]));
}

#[test]
fn who_may_read_a_campaign_is_said_in_a_way_that_can_be() {
    let fault = |campaign: Value| {
        let mut campaign = campaign;
        campaign["id"] = "a".into();
        campaign["discounts"] = json!([{ "type": "free_shipping" }]);
        let document = json!({ "campaigns": [campaign] });
        let source = counterfoil::compile::Source { name: "shop".into(), document };
        let error = counterfoil::compile::compile(&[source], LIFE).unwrap_err();
        (error.code(), error.first().at.as_ref().unwrap().pointer.clone())
    };
    let at = ("field_invalid", "/campaigns/0/visibility".to_owned());
    assert_eq!(fault(json!({ "visibility": "sealed" })), at);
    assert_eq!(fault(json!({ "visibility": "sealed", "codeList": { "file": "a.csv" } })), at);
    assert_eq!(fault(json!({ "visibility": "open", "codeList": { "file": "a.csv" } })), at);
    assert_eq!(fault(json!({ "visibility": "secret" })).0, "field_invalid");
}
