//! The keys of a shop over its life: root documents by two people, a publisher who is replaced, a campaign that is stopped.

use counterfoil::snapshot::NamedSecretKey;
use serde_json::{json, Value};

use crate::workshop::Workshop;

fn key(shop: &Workshop, role: &str, name: &str) -> Value {
    let page = shop.run(&["keygen", "--role", role, "--name", name, "--out", "keys"]).is_done().out.clone();
    let kept = String::from_utf8(shop.read(&format!("keys/{name}.key.json"))).unwrap();
    let public = NamedSecretKey::from_json(&kept).unwrap().secret_key.public_key().to_string();
    // what is printed is what belongs into a root document
    assert!(page.contains(&public), "{page}");
    json!({ "publicKey": public })
}

/// The publisher's key of a folder that `keygen` has filled.
fn publisher(shop: &Workshop, folder: &str) -> Value {
    let ring: Value = serde_json::from_slice(&shop.read(&format!("{folder}/key-ring.json"))).unwrap();
    json!({ "publicKey": ring["roles"]["publisher"]["keys"][0]["publicKey"] })
}

/// A shop with two root keys, both of which must sign, a publisher and a pulse key; and the plan of its first root document.
fn shop() -> (Workshop, Value) {
    let shop = Workshop::furnished();
    let (ann, bob, online) = (key(&shop, "root", "ann"), key(&shop, "root", "bob"), key(&shop, "pulse", "online"));
    let plan = json!({
        "audience": "demo-shop", "environment": "production", "version": 1, "expiresAt": 4_102_444_800_000_i64,
        "roles": {
            "root": { "threshold": 2, "keys": [ann, bob] },
            "publisher": { "threshold": 1, "keys": [publisher(&shop, "keys")] },
            "pulse": { "threshold": 1, "keys": [online] },
        },
        "ceilings": { "discount": 9_000, "life": 3_456_000_000_u64, "budgets": [{ "currency": "EUR", "amount": 900_000 }] },
    });
    (shop, plan)
}

const NEXT: [&str; 7] = ["root", "next", "plan.json", "--to", "root.cfr", "--key", "keys/ann.key.json"];
const SIGN: [&str; 5] = ["root", "sign", "root.cfr", "--key", "keys/bob.key.json"];
const SHOW: [&str; 5] = ["root", "show", "root.cfr", "--key-ring", "pinned.json"];
const PUBLISH: [&str; 7] = ["--key-ring", "pinned.json", "--root", "root.cfr", "--to", "public", "--json"];

/// Publishes under the root documents, with the publisher's key of a folder.
fn publish(shop: &Workshop, folder: &str) -> crate::workshop::Ran {
    let key = format!("{folder}/publisher.key.json");
    let start = ["publish", "--campaigns", "campaigns.json", "--key", &key];
    shop.run(&[&start[..], &PUBLISH[..]].concat())
}

#[test]
fn two_people_sign_and_a_publisher_is_replaced() {
    let (shop, mut plan) = shop();
    shop.write("plan.json", &plan.to_string());
    let first = shop.run(&[&NEXT[..], &["--key-ring", "pinned.json"]].concat());
    assert!(first.is_done().err.contains("incomplete"), "{}", first.err);
    shop.run(&SHOW).is_refused("threshold_not_met");
    let second = shop.run(&SIGN);
    assert!(second.is_done().err.contains("hosts follow to version 1"), "{}", second.err);
    let page = shop.run(&SHOW).is_done().out.clone();
    for told in ["2 of 2", "at most 9000 basis points", "at most 900000 EUR a campaign", "from 0 to 1"] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    publish(&shop, "keys").is_done();

    // the same document again does not follow
    shop.run(&NEXT).is_refused("root_out_of_order");
    shop.run(&["keygen", "--out", "new"]).is_done();
    plan["version"] = 2.into();
    plan["roles"]["publisher"]["keys"] = json!([publisher(&shop, "new")]);
    shop.write("plan.json", &plan.to_string());
    shop.run(&NEXT).is_done();
    shop.run(&SIGN).is_done();
    assert_eq!(shop.run(&[&SHOW[..], &["--json"]].concat()).is_done().json()["root"]["version"], 2);

    let verify = ["verify", "public/snapshot.cfs", "--key-ring", "pinned.json"];
    // what is published is signed by the key that was replaced; hosts that follow take it no more
    shop.run(&[&verify[..], &["--root", "root.cfr"]].concat()).is_refused("key_unknown");
    std::fs::remove_dir_all(shop.path("public")).unwrap();
    publish(&shop, "keys").is_refused("key_unknown");
    let published = publish(&shop, "new");
    published.is_done();
    shop.run(&[&verify[..], &["--root", "root.cfr"]].concat()).is_done();
    // and hosts that were not told say so
    shop.run(&verify).is_refused("key_unknown");
}

#[test]
fn a_snapshot_beyond_the_ceiling_is_not_published() {
    let (shop, mut plan) = shop();
    plan["ceilings"]["life"] = 86_400_000.into();
    shop.write("plan.json", &plan.to_string());
    shop.run(&[&NEXT[..], &["--key-ring", "pinned.json"]].concat()).is_done();
    shop.run(&SIGN).is_done();
    publish(&shop, "keys").is_refused("ceiling_exceeded");
    assert!(!shop.path("public/snapshot.cfs").exists());
}

#[test]
fn a_pulse_confirms_what_is_published_and_stops_a_campaign() {
    let (shop, plan) = shop();
    shop.write("plan.json", &plan.to_string());
    shop.run(&[&NEXT[..], &["--key-ring", "pinned.json"]].concat()).is_done();
    shop.run(&SIGN).is_done();
    publish(&shop, "keys").is_done();
    let pulse = |more: &[&str]| {
        let start = [
            "pulse",
            "public/snapshot.cfs",
            "--to",
            "public/pulse.cfp",
            "--key-ring",
            "pinned.json",
            "--root",
            "root.cfr",
        ];
        shop.run(&[&start[..], more].concat())
    };
    let made = pulse(&["--key", "keys/online.key.json", "--stop", "tea-10", "there-is-none", "--json"]);
    assert_eq!(made.is_done().json()["stopped"], json!(["tea-10", "there-is-none"]));
    assert!(made.err.contains("no campaign `there-is-none`"), "{}", made.err);
    let verify = [
        "verify",
        "public/snapshot.cfs",
        "--key-ring",
        "pinned.json",
        "--root",
        "root.cfr",
        "--pulse",
        "public/pulse.cfp",
    ];
    shop.run(&verify).is_done();
    shop.run(&[&verify[..], &["--now", "2999-01-01T00:00:00Z"]].concat()).is_refused("root_expired");

    let before = shop.read("public/pulse.cfp");
    pulse(&["--key", "keys/publisher.key.json"]).is_refused("key_role_mismatch");
    pulse(&["--key", "keys/online.key.json", "--life", "25h"]).is_refused("snapshot_malformed");
    assert_eq!(shop.read("public/pulse.cfp"), before);
}
